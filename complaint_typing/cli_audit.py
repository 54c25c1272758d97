"""The command group `audit`: fairness, parity, shortcuts, drift and the model card, for any model folder."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from . import audit_pages
from .cli_options import JSON, MODEL, POLICY, TABLES_LANG, Reading, print_json, reading_options
from .cli_show import set_aside
from .control_characters import escaped
from .resources import data_path

if TYPE_CHECKING:
    import pandas as pd

    from .model import Model


@click.group()
def audit() -> None:
    """Check a model: fairness to people, parity of scripts and widths, shortcuts, drift; and print its card.

    \b
    Examples:
      complaint-typing audit fairness
      complaint-typing audit fairness my_cases.csv --model my_model
      complaint-typing audit parity labelled.csv --json
      complaint-typing audit shortcuts labelled.csv --lang zh
      complaint-typing audit drift spring.csv summer.csv
      complaint-typing audit card --model my_model > MODEL_CARD.md
    """


@audit.command()
@click.argument("cases", required=False, type=click.Path(exists=True, dir_okay=False))
@MODEL
@TABLES_LANG
@JSON
def fairness(cases: str | None, model: str | None, lang: str, as_json: bool) -> None:
    """Swap mentions of age, gender, job, name and region, and count the types that move.

    CASES is a CSV whose texts mark mentions as {gender|she|he}; the 157 tickets that ship by default.
    Exit status 1 when the type moves in 1 % of the tickets or more.
    """
    from .artifact import load_model
    from .workbench.fairness import audit_fairness

    report = audit_fairness(load_model(model), cases)
    if as_json:
        print_json(report.to_dict())
    else:
        audit_pages.show_fairness(report, lang)
    sys.exit(0 if report.passed else 1)


@audit.command()
@click.argument("data", nargs=-1, type=click.Path(exists=True))
@MODEL
@reading_options
@TABLES_LANG
@JSON
def parity(data: Sequence[str], model: str | None, reading: Reading, lang: str, as_json: bool) -> None:
    """Write texts in the other script and width, and compare their types and probabilities.

    DATA are labelled files or folders; the training corpus that ships by default. Conversion by phrases
    needs the extra `parity`. Exit status 1 when a conversion moves the type, or a probability by more than
    0.02, in more than one text of a hundred.
    """
    from .artifact import load_model
    from .ticket_texts import facts_of, texts_of
    from .workbench.parity import audit_parity

    judged = load_model(model)
    tickets = _labelled(judged, data or [data_path("training")], reading, lang)
    report = audit_parity(judged, texts_of(tickets), facts_of(tickets))
    if as_json:
        print_json(report.to_dict())
    else:
        audit_pages.show_parity(report, lang)
    sys.exit(0 if report.passed else 1)


@audit.command()
@click.argument("data", nargs=-1, required=True, type=click.Path(exists=True))
@MODEL
@reading_options
@TABLES_LANG
@JSON
def shortcuts(data: Sequence[str], model: str | None, reading: Reading, lang: str, as_json: bool) -> None:
    """Hide handles, order numbers, brands and channels, and look for cues that only one genre has.

    DATA are labelled files or folders, best such as the model has not learned from.
    """
    from .artifact import load_model
    from .workbench.shortcuts import audit_shortcuts

    judged = load_model(model)
    report = audit_shortcuts(judged, _labelled(judged, data, reading, lang))
    if as_json:
        print_json(report.to_dict())
    else:
        audit_pages.show_shortcuts(report, lang)


@audit.command()
@click.argument("before", type=click.Path(exists=True, dir_okay=False))
@click.argument("after", type=click.Path(exists=True, dir_okay=False))
@click.option("--looks", type=click.IntRange(min=1), default=1, show_default=True, help="Reports a year.")
@MODEL
@POLICY
@TABLES_LANG
@JSON
def drift(
    before: str,
    after: str,
    looks: int,
    model: str | None,
    policy: str | None,
    lang: str,
    as_json: bool,
) -> None:
    """Compare two exports, scored or not: did types, confidence, wording or customers' habits change?

    By how much, not by whether chance alone explains it; see docs/drift.md for the floors. Exit status 1
    when something drifted.
    """
    from .workbench.drift import drift as compare

    report = compare(before, after, model, looks=looks, policy=policy)
    if as_json:
        print_json(report.to_dict())
    else:
        click.echo("\n".join(report.sentences(lang)))
    sys.exit(1 if report.drifted else 0)


@audit.command()
@MODEL
def card(model: str | None) -> None:
    """Print the model card, in Markdown, from the figures that the model carries."""
    from .artifact import load_model
    from .model_card import model_card

    click.echo(escaped(model_card(load_model(model))), nl=False)


def _labelled(model: Model, data: Sequence[Any], reading: Reading, lang: str) -> pd.DataFrame:
    """Tickets that are labelled with the model's terms; what of the files was not used is said on stderr."""
    from .labels import read_labelled
    from .own_terms import taxonomy_of

    tickets = read_labelled(data, taxonomy_of(model), **reading)
    set_aside(tickets.attrs, lang)
    return tickets
