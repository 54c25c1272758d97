"""The command `priors`, and how estimated shares of the types are shown before they are used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click
from rich.table import Table
from rich.text import Text

from .cli_options import (
    JSON,
    MODEL,
    TABLES_LANG,
    Reading,
    earlier_exports,
    language,
    plain_console,
    print_json,
    reading_options,
)
from .taxonomy import read_taxonomy

_WIDTH = 120
_MOST_GROUPS = 8
_WORDS = {
    "zh": {
        "whole": "全部工单",
        "group": "{by} = {group}",
        "said": "{title}：{tickets:.0f} 件参与估计；与模型原有占比相差 {distance:.0%}。",
        "chance": "纯属偶然也会有这样大的差别（p = {p:.2f}），可以不调整",
        "shift": "不像是偶然（p = {p:.2g}）",
        "not_converged": "估计没有收敛，不要使用",
        "head": ("客户类型", "模型原有", "所见（95% 区间）", "用于调整"),
        "more": "另有 {n} 组，从略；--json 给出全部",
        "note": "“所见”的区间涵盖偶然，以及同一来源文字的相似；“用于调整”向模型原有占比收拢。",
    },
    "en": {
        "whole": "all tickets",
        "group": "{by} = {group}",
        "said": "{title}: {tickets:.0f} tickets speak; {distance:.0%} away from the model's own shares. ",
        "chance": "chance alone may look like this (p = {p:.2f}): no need to adapt",
        "shift": "hardly chance (p = {p:.2g})",
        "not_converged": "the estimate has not converged: do not use it",
        "head": ("customer type", "model's own", "seen (95 % interval)", "used to adapt"),
        "more": "{n} more groups are not shown; --json has them all",
        "note": "Intervals allow for chance and for texts of one origin being alike; what is used is drawn "
        "towards the model's own shares.",
    },
}
_CHANCE = 0.05


@click.command("priors")
@click.argument("source", type=click.Path(exists=True, dir_okay=False))
@click.option("--by", metavar="COLUMN", help="Also for each value of COLUMN with at least 20 tickets.")
@earlier_exports
@MODEL
@reading_options
@TABLES_LANG
@JSON
def priors_command(
    source: str,
    by: str | None,
    history: Sequence[str],
    history_mapping: Mapping[str, str] | None,
    model: str | None,
    reading: Reading,
    lang: str | None,
    as_json: bool,
) -> None:
    """Show in what shares the types occur in an export that nobody has labelled, before adapting to it.

    The model's own shares, those seen with 95 % intervals, and those that `score --adapt-priors` would use.
    Read docs/priors.md for what is assumed and when not to adapt.

    \b
    Examples:
      complaint-typing priors export.csv
      complaint-typing priors export.csv --by channel --lang zh
      complaint-typing priors june.csv --history april.csv --history may.csv
      complaint-typing priors export.csv --json > shares.json
    """
    from .artifact import load_model
    from .export_priors import estimate_export
    from .history_files import open_history
    from .tickets import TicketFile

    file = TicketFile.open(source, **reading)
    mapping, _ = reading.pop("mapping"), reading.pop("sheet")
    earlier = [open_history(path, mapping, history_mapping, **reading) for path in history]
    found = estimate_export(file, load_model(model), by, earlier).to_dict()
    if as_json:
        print_json(found)
    else:
        show_priors(found, lang)


def show_priors(found: Mapping[str, Any], lang: str | None, to_stdout: bool = True) -> None:
    """Estimated shares, before and after, with intervals; one table for the whole and for each group.

    Parameters
    ----------
    found : mapping
        As :meth:`~complaint_typing.priors.PriorEstimate.to_dict` gives it.
    lang : str or None
        ``zh`` or ``en``; that of the environment by default.
    to_stdout : bool
        Otherwise to stderr.
    """
    lang = language(lang)
    say: dict[str, Any] = _WORDS[lang]
    console = plain_console(to_stdout, _WIDTH)
    parts = {say["whole"]: found["whole"]}
    largest = sorted(found["groups"].items(), key=lambda row: -row[1]["tickets"])
    for group, shares in largest[:_MOST_GROUPS]:
        parts[say["group"].format(by=found["by"], group=group or '""')] = shares
    for title, shares in parts.items():
        console.print(_said(title, shares, say), soft_wrap=True)
        console.print(_table(found["source"], shares, say, lang))
    if len(largest) > _MOST_GROUPS:
        console.print(say["more"].format(n=len(largest) - _MOST_GROUPS))
    console.print(say["note"], soft_wrap=True)


def _said(title: str, shares: Mapping[str, Any], say: Mapping[str, str]) -> Text:
    key = "shift" if shares["p_value"] < _CHANCE else "chance"
    key = key if shares["converged"] else "not_converged"
    head = say["said"].format(title=title, **shares)
    return Text(head + say[key].format(p=max(shares["p_value"], 0.001)))


def _table(
    source: Mapping[str, float], shares: Mapping[str, Any], say: Mapping[str, Any], lang: str
) -> Table:
    taxonomy = read_taxonomy()
    table = Table(*say["head"])
    for name, before in sorted(source.items(), key=lambda row: -shares["used"][row[0]]):
        seen = f"{shares['seen'][name]:.1%} ({shares['low'][name]:.1%}–{shares['high'][name]:.1%})"
        table.add_row(
            Text(taxonomy.name_or_id(name, lang)), f"{before:.1%}", seen, f"{shares['used'][name]:.1%}"
        )
    return table
