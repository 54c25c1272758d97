"""The command `check-reply`: reads an agent's draft against the advice on the ticket that it answers."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .cli_options import JSON, LANG, MODEL, POLICY, Reading, one_customer, print_json, reading_options
from .errors import UnreadableInput
from .spoken import Spoken

if TYPE_CHECKING:
    from .reply_check import Finding

_WORDS = Spoken(
    zh={
        "head": "{name} · 策略：{strategy}",
        "marked": "{n}. {id}，第 {start} 到 {end} 字：{words}",
        "missing": "{n}. {id}，此处缺：第 {start} 字",
        "none": "没有要改的。",
    },
    en={
        "head": "{name} · strategy: {strategy}",
        "marked": "{n}. {id}, characters {start} to {end}: {words}",
        "missing": "{n}. {id}, missing at character {start}",
        "none": "Nothing to change.",
    },
)
_LONGEST_PATH = 255
_FILE_NAME = re.compile(r"\A\S{1,250}\.(?:txt|md|text|eml|csv|json)\Z", re.IGNORECASE)


@click.command("check-reply")
@click.argument("draft_file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option("--ticket", required=True, metavar="TEXT_OR_FILE", help="The ticket that the draft answers.")
@one_customer
@MODEL
@POLICY
@LANG
@JSON
@reading_options
def check_reply_command(
    draft_file: str,
    ticket: str,
    history: str | None,
    customer: str | None,
    created_at: str | None,
    model: str | None,
    policy: str | None,
    lang: str | None,
    as_json: bool,
    reading: Reading,
) -> None:
    """Mark in a draft what the sources warn of, and what is missing for this customer.

    DRAFT_FILE holds the reply before it is sent ("-" for standard input). Each finding names the place, what
    is wrong, what to do instead, and its source. Exit status 1 when there are findings. --map, --encoding and
    --sheet say how the history is read, --tz and --date-order how all times are.

    \b
    Examples:
      complaint-typing check-reply draft.txt --ticket "我不要你们的钱，我要柜员当面道歉"
      complaint-typing check-reply draft.txt --ticket letter.txt --history export.csv --customer C-17
      echo "Sorry, but rules are rules." | complaint-typing check-reply - --ticket letter.txt --json
    """
    from .advisor import load
    from .cli_input import decoded, read_past
    from .reply_check import check_reply

    piped = draft_file == "-"
    draft = decoded(sys.stdin.buffer.read()) if piped else _text_of(Path(draft_file))
    past = read_past(history, customer, reading)
    fields = {"text": _ticket(ticket)} | ({"created_at": created_at} if created_at else {})
    zone, order = reading["tz"], reading["date_order"]
    advice = load(model, policy).advise(fields, past, lang=lang, tz=zone, date_order=order)
    findings = check_reply(draft, advice, lang, policy=policy)
    lang = lang or advice.language
    if as_json:
        told = {
            name: getattr(advice, name)
            for name in ("customer_type", "strategy_id", "goodwill", "policy_rule")
        }
        content = {**told, "findings": [finding.to_dict() for finding in findings]}
        print_json(content)
    else:
        name = advice.taxonomy.name(advice.customer_type, lang)
        click.echo(_WORDS[lang]["head"].format(name=name, strategy=advice.strategy))
        click.echo("\n".join(_lines(draft, findings, lang)))
    sys.exit(1 if findings else 0)


def _lines(draft: str, findings: list[Finding], lang: str) -> list[str]:
    words, lines = _WORDS[lang], []
    for n, found in enumerate(findings, start=1):
        marked = " ".join(draft[found.start : found.end].split())
        line = words["marked" if marked else "missing"]
        lines.append(line.format(n=n, id=found.id, start=found.start + 1, end=found.end, words=marked))
        lines += [f"   {found.text}", f"   ({found.source})"]
    return lines or [words["none"]]


def _ticket(text_or_file: str) -> str:
    if len(text_or_file) <= _LONGEST_PATH and "\n" not in text_or_file and Path(text_or_file).is_file():
        return _text_of(Path(text_or_file))
    if _FILE_NAME.search(text_or_file):
        raise UnreadableInput(
            text_or_file, "there is no such file", "correct its name, or give the text itself"
        )
    return text_or_file


def _text_of(path: Path) -> str:
    from .cli_input import decoded

    try:
        return decoded(path.read_bytes())
    except OSError as error:
        raise UnreadableInput(path, str(error.strerror), "check the file") from error
