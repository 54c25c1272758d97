"""The command `inspect`: how a file is understood before it is scored."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.table import Column, Table

from .cli_options import JSON, NO_MASK, TABLES_LANG, Reading, plain_console, print_json, reading_options
from .cli_show import counts
from .control_characters import escaped
from .error_parts import map_option
from .quarantine import REASONS
from .tongue import Tongue

if TYPE_CHECKING:
    from .inspection import Inspection

MOST_NAMES = 40
_WORDS = {
    "zh": {
        "encoding": "{source}：编码 {name}（{why}）",
        "replaced": "已经丢失或无法解码的字符：{n}",
        "columns": "列|文件里的表头",
        "first": "开头几行，按理解的样子",
        "no_times": "没有时间",
        "aside": "{n} 行会被隔离",
        "rows": "共 {n} 行：{out} 行可读，{aside}",
        "set_aside": "第几条|文件行号|隔离原因|开头",
        "bad": "会当作缺失的值：{told}",
        "padded": "{n} 行的字段少于表头，缺处按空处理",
        "example": "第 {row} 行 {value}",
        "repeated": "{n} 个重复的工单编号，全部保留",
        "no_header": "没有找到 {column} 的表头",
        "perhaps": "；也许是 {option}",
        "also": "{column} 也可能是：{others}",
        "passed": "原样保留：{told}",
        "zones": "{bare} 个时间没写时区，按 {tz} 读；{zoned} 个写了",
        "dmy": "；日在前",
        "mdy": "；月在前",
    },
    "en": {
        "encoding": "{source}: {name} ({why})",
        "replaced": "characters lost already or not to be decoded: {n}",
        "columns": "column|header in the file",
        "first": "the first rows as understood",
        "no_times": "no times",
        "aside": "{n} would be quarantined",
        "rows": "{n} rows: {out} readable, {aside}",
        "set_aside": "row|line|set aside because|begins with",
        "bad": "values that would count as missing: {told}",
        "padded": "{n} rows have fewer fields than the header, filled up with empty ones",
        "example": "row {row} {value}",
        "repeated": "{n} repeated ticket ids, all kept",
        "no_header": "no header found for {column}",
        "perhaps": "; perhaps {option}",
        "also": "{column} could also be: {others}",
        "passed": "passed through: {told}",
        "zones": "{bare} times name no zone and are read as {tz}, {zoned} name theirs",
        "dmy": "; days come first",
        "mdy": "; months come first",
    },
}


@click.command("inspect")
@click.argument("source", type=click.Path(exists=True, dir_okay=False))
@reading_options
@click.option("--rows", default=5, show_default=True, type=click.IntRange(min=0), help="Rows to show.")
@NO_MASK
@TABLES_LANG
@JSON
def inspect_command(
    source: str, reading: Reading, rows: int, no_mask: bool, lang: str, as_json: bool
) -> None:
    """Show how a file is understood before it is scored.

    Encoding and how it was decided, layout, columns found and not found, the first rows, forms of times and
    their zone, and the rows that would be quarantined. Exit status 1 when there are any.

    \b
    Examples:
      complaint-typing inspect export.csv
      complaint-typing inspect export.xlsx --sheet May --rows 20
      complaint-typing inspect export.csv --lang zh
      complaint-typing inspect export.csv --map created_at=受理时间 --tz Asia/Shanghai
    """
    from .inspection import inspect_file

    found = inspect_file(source, rows=rows, masked=not no_mask, **reading)
    if as_json:
        print_json(found.to_dict())
    else:
        _show(found, lang)
    sys.exit(1 if found.rows_quarantined else 0)


def _show(found: Inspection, lang: str) -> None:
    say, told, console = _WORDS[lang], Tongue(lang), plain_console(width=160)
    about = say["encoding"].format(
        source=found.source, name=found.encoding, why=told(found.encoding_decided_by)
    )
    for text in (about, told(found.layout)):
        console.print(escaped(text), soft_wrap=True)
    if found.replaced:
        console.print(say["replaced"].format(n=found.replaced))
    console.print(_grid(say["columns"].split("|"), found.columns.items()))
    for text in _about_columns(found, say):
        console.print(escaped(text), soft_wrap=True)
    if found.first_rows:
        rows = [[*row.values()] for row in found.first_rows]
        console.print(_grid([*found.first_rows[0]], rows, say["first"]))
    for name, times in found.times.items():
        forms = {told(form): n for form, n in times["forms"].items()}
        console.print(f"{name}: {counts(forms) or say['no_times']}", soft_wrap=True)
    if found.times:
        console.print(_about_zones(found, say), soft_wrap=True)
    _show_rows(console, found, lang)


def _show_rows(console: Console, found: Inspection, lang: str) -> None:
    """How many rows were read, and what is odd about some."""
    say, place = _WORDS[lang], ("zh", "en").index(lang)
    counted = {REASONS[name][place]: n for name, n in found.quarantine_reasons.items()}
    reasons = f" ({counts(counted)})" if counted else ""
    aside = say["aside"].format(n=found.rows_quarantined) + reasons
    console.print(say["rows"].format(n=found.rows_in, out=found.rows_out, aside=aside), soft_wrap=True)
    if found.quarantined:
        rows = [
            [str(row["row"]), str(row["line"]), REASONS[row["reason"]][place], row["beginning"]]
            for row in found.quarantined
        ]
        console.print(_grid(say["set_aside"].split("|"), rows))
    if found.padded_rows:
        console.print(say["padded"].format(n=found.padded_rows))
    if found.bad_values:
        console.print(say["bad"].format(told=counts(found.bad_values)))
    for name, examples in found.bad_examples.items():
        shown = [say["example"].format(row=row, value=repr(value)) for row, value in sorted(examples)]
        console.print(f"  {name}: {', '.join(shown)}", soft_wrap=True, markup=False, highlight=False)
    if found.repeated_ticket_ids:
        console.print(say["repeated"].format(n=found.repeated_ticket_ids))


def _about_columns(found: Inspection, say: Mapping[str, str]) -> list[str]:
    lines = []
    for column, near in found.not_found.items():
        hint = say["perhaps"].format(option=map_option(column, near[0])) if near else ""
        lines.append(say["no_header"].format(column=column) + hint)
    for column, others in found.also_matching.items():
        lines.append(say["also"].format(column=column, others=", ".join(others)))
    if found.unmapped:
        more = len(found.unmapped) - MOST_NAMES
        told = ", ".join(found.unmapped[:MOST_NAMES]) + (f", … (+{more})" if more > 0 else "")
        lines.append(say["passed"].format(told=told))
    return lines


def _about_zones(found: Inspection, say: Mapping[str, str]) -> str:
    zoned = sum(times["with_zone"] for times in found.times.values())
    bare = sum(times["without_zone"] for times in found.times.values())
    order = say.get(found.date_order or "", "")
    return say["zones"].format(bare=bare, tz=found.tz, zoned=zoned) + order


def _grid(header: Sequence[str], rows: Any, title: str | None = None) -> Table:
    table = Table(*(Column(name, overflow="fold") for name in header), title=title)
    for row in rows:
        table.add_row(*map(escaped, row))
    return table
