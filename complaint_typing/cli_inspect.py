"""The command `inspect`: how a file is understood before it is scored."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.table import Column, Table

from .cli_options import NO_MASK, Reading, reading_options

if TYPE_CHECKING:
    from .inspection import Inspection


@click.command("inspect")
@click.argument("source", type=click.Path(exists=True, dir_okay=False))
@reading_options
@click.option("--rows", default=5, show_default=True, type=click.IntRange(min=0), help="Rows to show.")
@NO_MASK
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def inspect_command(source: str, reading: Reading, rows: int, no_mask: bool, as_json: bool) -> None:
    """Show how a file is understood before it is scored.

    Encoding and how it was decided, layout, columns found and not found, the first rows, forms of times and
    their zone, and the rows that would be quarantined. Exit status 1 when there are any.

    \b
    Examples:
      complaint-typing inspect export.csv
      complaint-typing inspect export.xlsx --sheet May --rows 20
      complaint-typing inspect export.csv --map created_at=受理时间 --tz Asia/Shanghai
    """
    from .inspection import inspect_file

    found = inspect_file(source, rows=rows, masked=not no_mask, **reading)
    if as_json:
        click.echo(json.dumps(found.to_dict(), ensure_ascii=False, indent=2))
    else:
        _show(found)
    sys.exit(1 if found.rows_quarantined else 0)


def _show(found: Inspection) -> None:
    console = Console(highlight=False, markup=False, emoji=False, width=None if sys.stdout.isatty() else 160)
    console.print(f"{found.source}: {found.encoding} ({found.encoding_decided_by})", soft_wrap=True)
    console.print(found.layout, soft_wrap=True)
    if found.replaced:
        console.print(f"characters lost already or not to be decoded: {found.replaced}")
    console.print(_grid(("column", "header in the file"), found.columns.items()))
    for text in _about_columns(found):
        console.print(text, soft_wrap=True)
    if found.first_rows:
        rows = [[*row.values()] for row in found.first_rows]
        console.print(_grid([*found.first_rows[0]], rows, "the first rows as understood"))
    for name, times in found.times.items():
        console.print(f"{name}: {_counted(times['forms']) or 'no times'}", soft_wrap=True)
    if found.times:
        console.print(_about_zones(found), soft_wrap=True)
    reasons = f" ({_counted(found.quarantine_reasons)})" if found.quarantined else ""
    aside = f"{found.rows_quarantined} would be quarantined{reasons}"
    console.print(f"{found.rows_in} rows: {found.rows_out} readable, {aside}", soft_wrap=True)
    if found.quarantined:
        rows = [
            [str(row[name]) for name in ("row", "line", "meaning", "beginning")] for row in found.quarantined
        ]
        console.print(_grid(("row", "line", "set aside because", "begins with"), rows))
    if found.bad_values:
        console.print("values that would count as missing: " + _counted(found.bad_values))
    if found.repeated_ticket_ids:
        console.print(f"{found.repeated_ticket_ids} repeated ticket ids, all kept")


def _about_columns(found: Inspection) -> list[str]:
    lines = []
    for column, near in found.not_found.items():
        hint = f"; perhaps --map {column}={near[0]}" if near else ""
        lines.append(f"no header found for {column}{hint}")
    for column, others in found.also_matching.items():
        lines.append(f"{column} could also be: {', '.join(others)}")
    if found.unmapped:
        lines.append("passed through: " + ", ".join(found.unmapped))
    return lines


def _about_zones(found: Inspection) -> str:
    zoned = sum(times["with_zone"] for times in found.times.values())
    bare = sum(times["without_zone"] for times in found.times.values())
    order = {"dmy": "; days come first", "mdy": "; months come first"}.get(found.date_order or "", "")
    return f"{bare} times name no zone and are read as {found.tz}, {zoned} name theirs{order}"


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())


def _grid(header: Sequence[str], rows: Any, title: str | None = None) -> Table:
    table = Table(*(Column(name, overflow="fold") for name in header), title=title)
    for row in rows:
        table.add_row(*row)
    return table
