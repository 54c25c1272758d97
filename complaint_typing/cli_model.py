"""The command group `model`: shows, verifies and compares model folders."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from . import cli_show
from .cli_options import (
    JSON,
    POLICY,
    SHIPPED,
    TABLES_LANG,
    Reading,
    named_folder,
    print_json,
    reading_options,
)
from .control_characters import escaped
from .resources import data_path

if TYPE_CHECKING:
    from .ticket_table import Tickets

_FOLDER = click.Path()


@click.group()
def model() -> None:
    """Show, verify or compare model folders; `shipped` or `-` stands for the one that ships.

    \b
    Examples:
      complaint-typing model show
      complaint-typing model verify my_model
      complaint-typing model diff shipped my_model --on export.csv
      complaint-typing score export.csv -o scored.csv --model my_model
    """


@model.command()
@click.argument("folder", default=SHIPPED[0], type=_FOLDER)
@click.option("--card", is_flag=True, help="Print the model card too.")
@TABLES_LANG
@JSON
def show(folder: str, card: bool, lang: str, as_json: bool) -> None:
    """Types, thresholds, training data, sizes and versions of a model.

    \b
    Examples:
      complaint-typing model show
      complaint-typing model show my_model --card --lang zh
    """
    from .artifact import load_model
    from .model_report import describe
    from .model_show import model_grids
    from .own_terms import taxonomy_of

    found = describe(_path(folder))
    if as_json:
        print_json(found)
        return
    cli_show.grids(model_grids(found, taxonomy_of(load_model(_path(folder))), lang))
    if card:
        click.echo(escaped(found["card"]), nl=False)


@model.command()
@click.argument("folder", default=SHIPPED[0], type=_FOLDER)
@POLICY
@TABLES_LANG
@JSON
def verify(folder: str, policy: str | None, lang: str, as_json: bool) -> None:
    """Check every byte of a model folder, its self-test, and that a policy fits.

    Exit status 1 when there are faults.

    \b
    Examples:
      complaint-typing model verify my_model
      complaint-typing model verify my_model --policy my_policy --json
    """
    from .model_report import verify as verify_model
    from .model_show import check_grids
    from .policy import PolicyTable

    checks = verify_model(_path(folder), PolicyTable.read(policy))
    sound = all(check.sound for check in checks)
    if as_json:
        print_json({"sound": sound, "checks": [vars(check) for check in checks]})
    else:
        cli_show.grids(check_grids(checks, str(_path(folder)), lang))
    sys.exit(0 if sound else 1)


@model.command()
@click.argument("old", type=_FOLDER)
@click.argument("new", type=_FOLDER)
@click.option(
    "--on",
    "source",
    type=click.Path(exists=True, dir_okay=False),
    help="Tickets to judge with both; default: the examples that ship.",
)
@reading_options
@TABLES_LANG
@JSON
def diff(old: str, new: str, source: str | None, reading: Reading, lang: str, as_json: bool) -> None:
    """What changes from one model to another: types, thresholds, calibration, and how tickets are decided.

    \b
    Examples:
      complaint-typing model diff shipped my_model
      complaint-typing model diff last_quarter my_model --on export.csv --lang zh
    """
    from .artifact import load_model
    from .model_report import diff as compare
    from .model_show import model_diff_grids
    from .own_terms import taxonomy_of

    found = compare(_path(old), _path(new), _tickets(source, reading))
    if as_json:
        print_json(found.to_dict())
    else:
        cli_show.grids(
            model_diff_grids(
                found, taxonomy_of(load_model(_path(new)), taxonomy_of(load_model(_path(old)))), lang
            )
        )


def _path(name: str) -> str | Path:
    return named_folder(name) or data_path("model")


def _tickets(source: str | None, reading: Reading) -> Tickets:
    """The tickets of a file, or of the examples that ship."""
    import pandas as pd

    from .history import columns_of
    from .ticket_table import tickets_from_columns
    from .tickets import read_frame

    if source:
        frame = read_frame(source, **reading)
    else:
        examples = sorted(data_path("examples").glob("*.csv"))
        frame = pd.concat([read_frame(path) for path in examples], ignore_index=True)
    return tickets_from_columns(columns_of(frame))[0]
