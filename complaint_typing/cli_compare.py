"""The command `compare`: champion and challenger on labelled tickets."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from . import cli_show
from .cli_options import JSON, TABLES_LANG, Reading, named_folder, print_json, reading_options

if TYPE_CHECKING:
    import pandas as pd

    from .model import Model


@click.command("compare")
@click.argument("old", type=click.Path())
@click.argument("new", type=click.Path())
@click.argument("data", nargs=-1, required=True, type=click.Path(exists=True))
@click.option(
    "--unseen",
    is_flag=True,
    help="Leave out tickets that either model was trained on, as far as files and names of collections tell.",
)
@click.option(
    "--changed", type=click.Path(dir_okay=False), help="Write all tickets that change as a CSV, masked."
)
@reading_options
@TABLES_LANG
@JSON
def compare_command(
    old: str,
    new: str,
    data: Sequence[str],
    unseen: bool,
    changed: str | None,
    reading: Reading,
    lang: str,
    as_json: bool,
) -> None:
    """Compare two models on labelled tickets: may NEW take the place of OLD?

    OLD and NEW are model folders; `shipped` or `-` stands for the one that ships. DATA are labelled files
    or folders, best such as neither model was trained on. Differences have paired 95 % intervals. Exit status
    1 when a guard falls: abuse called without reason, a type's precision lost, or types that move with who is
    mentioned.

    \b
    Examples:
      complaint-typing compare shipped my_model labelled.csv
      complaint-typing compare last_quarter my_model labelled.xlsx --changed changed.csv --lang zh
      complaint-typing compare shipped my_model data/training --unseen --json
    """
    from .artifact import load_model
    from .labels import read_with_files
    from .own_terms import taxonomy_of
    from .workbench.comparison import compare

    models = [load_model(named_folder(name), to_compare=True) for name in (old, new)]
    with cli_show.waiting("compare", as_json):
        tickets, files = read_with_files(data, taxonomy_of(models[1], taxonomy_of(models[0])), **reading)
        aside = tickets.attrs
        if unseen:
            tickets, files = _unseen(models, tickets, files)
        found = compare(models[0], models[1], tickets, files)
    if changed:
        _write(changed, found.changed)
    if as_json:
        print_json(found.to_dict())
    else:
        from .compare_page import show_comparison

        show_comparison(found, lang)
    cli_show.set_aside(aside, lang)
    sys.exit(0 if found.passed else 1)


def _unseen(
    models: Sequence[Model], tickets: pd.DataFrame, files: Sequence[Any]
) -> tuple[pd.DataFrame, list[Any]]:
    from .errors import BadValue
    from .workbench.provenance import learned

    read = learned(models[0], tickets, files).any | learned(models[1], tickets, files).any
    if read.all():
        remedy = "label tickets that neither model was trained on, or leave --unseen out"
        raise BadValue(
            None, "collection", f"{len(tickets)} tickets, all read", "unseen by the models", remedy
        )
    kept = tickets[~read].reset_index(drop=True)
    return kept, [file for file, drop in zip(files, read, strict=True) if not drop]


def _write(path: str, changed: pd.DataFrame) -> None:
    from .atomic import write_atomic
    from .formula_guard import guard_row

    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(changed.columns)
    writer.writerows(guard_row([str(cell) for cell in row]) for row in changed.itertuples(index=False))
    write_atomic(path, text.getvalue().encode("utf-8-sig"))
