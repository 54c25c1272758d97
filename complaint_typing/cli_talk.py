"""The command `talk`: a transcript turn by turn, with stage, type and next step."""

from __future__ import annotations

import json

import click

from .cli_options import MODEL, POLICY, language
from .errors import AmbiguousDates, BadValue
from .spoken import SPOKEN, Spoken

_HEADS = Spoken(zh="对话 {name}", en="Talk {name}")
_UNREAD = {
    "zh": "无法读取、按缺失处理的时间：{n}",
    "en": "times that cannot be read and count as missing: {n}",
}


@click.command()
@click.argument("source", metavar="FILE", type=click.Path(exists=True, dir_okay=False))
@MODEL
@POLICY
@click.option("--lang", type=click.Choice(SPOKEN), help="Language of texts; default: the customer's own.")
@click.option("--encoding", default="auto", show_default=True, help="Encoding of the file.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def talk(
    source: str, model: str | None, policy: str | None, lang: str | None, encoding: str, form: str
) -> None:
    """Follow the talks of a transcript FILE turn by turn.

    After each turn: attack, feeling or reason; whether that was earned by the customer's two agreements; the
    type as it now looks; the next step with a phrase. FILE holds JSON Lines ({"turns": [{"role", "text"}]}),
    a CSV with the columns conversation_id, role, text (and at), or lines that begin with "Customer:" or
    "客户：". With `--format json` a talk a line.

    \b
    Examples:
      complaint-typing talk call.txt
      complaint-typing talk chats.csv --lang en
      complaint-typing talk chats.jsonl --format json > followed.jsonl
    """
    from .advisor import load
    from .conversation import Conversation
    from .transcripts import read_transcripts

    advisor, unread = load(model, policy), 0
    for place, transcript in enumerate(read_transcripts(source, encoding), start=1):
        followed = Conversation(advisor, lang=lang)
        for said in transcript.utterances:
            try:
                followed.add(said.role, said.text, said.at)
            except (BadValue, AmbiguousDates):
                followed.add(said.role, said.text)
                unread += 1
        name = transcript.id or str(place)
        if form == "json":
            content = {"id": name, "turns": [turn.to_dict() for turn in followed.turns]}
            click.echo(json.dumps(content, ensure_ascii=False))
        else:
            head = _HEADS[lang or followed.turns[-1].language].format(name=name)
            click.echo("\n".join([head, *(turn.render(lang) for turn in followed.turns)]))
    if unread:
        click.echo(_UNREAD[language(lang)].format(n=unread), err=True)
