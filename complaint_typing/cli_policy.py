"""The command group `policy`: check, show, explain, compare and export the tables that decide."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from . import cli_show
from .cli_options import POLICY, TABLES_LANG, named_folder, pairs
from .errors import BadOption

if TYPE_CHECKING:
    from .policy import PolicyTable

_ARGUMENTS = ("CONDITION=VALUE", "of the form CONDITION=VALUE", "write it as customer_type=venting")
_USUAL = {
    "emotional_mode": "rational",
    "goodwill": "unknown",
    "confidence": "high",
    "earlier_tickets": "none",
    "same_fault_open": "no",
    "justified_before": "no",
}
_WORDS = {
    "zh": {
        "warning": "提醒：{text}",
        "proved": "{version}：{n} 条规则，完整且无歧义，{odd} 条提醒",
    },
    "en": {
        "warning": "warning: {text}",
        "proved": "{version}: {n} rules, complete and unambiguous, {odd} warnings",
    },
}


@click.group()
def policy() -> None:
    """Check, show, explain, compare or export the policy: decision table, risk rules and playbook.

    \b
    Examples:
      complaint-typing policy export my_policy
      complaint-typing policy check --policy my_policy
      complaint-typing policy show --lang zh
      complaint-typing policy explain customer_type=respect_seeking emotional_mode=attack --signal media
      complaint-typing policy diff shipped my_policy --scored scored.csv
      complaint-typing score export.csv -o scored.csv --policy my_policy
    """


@policy.command()
@POLICY
@TABLES_LANG
def check(policy: str | None, lang: str) -> None:
    """Prove that the tables are complete and unambiguous, and say what looks odd.

    Exit status 2 when the policy is refused, 1 when something looks odd.
    """
    table, say = _read(policy), _WORDS[lang]
    odd = table.check()
    for finding in odd:
        click.echo(say["warning"].format(text=finding.text_zh if lang == "zh" else finding.text_en))
    click.echo(say["proved"].format(version=table.version, n=len(table.rules), odd=len(odd)))
    sys.exit(1 if odd else 0)


@policy.command()
@POLICY
@TABLES_LANG
def show(policy: str | None, lang: str) -> None:
    """Print the decision table as a readable grid."""
    cli_show.grid(*_read(policy).rows_for_show(lang))


@policy.command()
@click.argument("values", nargs=-1, required=True, metavar="CONDITION=VALUE...")
@click.option("--signal", "signals", multiple=True, metavar="SIGNAL", help="A risk signal; repeatable.")
@POLICY
@TABLES_LANG
def explain(values: Sequence[str], signals: Sequence[str], policy: str | None, lang: str) -> None:
    """Say which row answers a case, which values it read, and which rows almost matched.

    `customer_type` has to be given. Conditions left out are taken as usual: a rational customer, a sure
    verdict, and no known history.

    \b
    Examples:
      complaint-typing policy explain customer_type=respect_seeking emotional_mode=attack
      complaint-typing policy explain customer_type=compensation_seeking goodwill=decline --lang zh
    """
    from . import policy_show

    table = _read(policy)
    told = table.explain(**{**_USUAL, **pairs(values, *_ARGUMENTS)})
    for signal in signals:
        if signal not in table.taxonomy.signals:
            remedy = f"use one of {', '.join(table.taxonomy.signals)}"
            raise BadOption("--signal", signal, "a risk signal", remedy)
    outcome = table.outcome_of(told.rule, signals)
    cli_show.grids(policy_show.explanation_grids(table, told, outcome, lang))


@policy.command()
@click.argument("old", type=click.Path())
@click.argument("new", type=click.Path())
@click.option(
    "--scored", type=click.Path(exists=True, dir_okay=False), help="A scored file: which tickets change."
)
@click.option(
    "--history", type=click.Path(exists=True, dir_okay=False), help="The history it was scored with."
)
@TABLES_LANG
def diff(old: str, new: str, scored: str | None, history: str | None, lang: str) -> None:
    """Compare two policy folders; `shipped` or `-` stands for the one that ships.

    Rows added, removed and changed; the combinations that are answered anew; and with a scored file the
    tickets whose answer changes.

    \b
    Examples:
      complaint-typing policy diff shipped my_policy
      complaint-typing policy diff last_quarter my_policy --scored scored.csv --lang zh
    """
    from . import policy_show
    from .policy_diff import diff as compare

    before, now = (_read(named_folder(name)) for name in (old, new))
    cli_show.grids(policy_show.diff_grids(compare(before, now), before, now, lang))
    if scored:
        from .policy_impact import impact
        from .scored import read_scored
        from .tickets import read_frame

        earlier = read_frame(history) if history else None
        cli_show.grids(policy_show.impact_grids(impact(before, now, read_scored(scored), earlier), lang))


@policy.command()
@click.argument("directory", type=click.Path())
@POLICY
@click.option(
    "--model", type=click.Path(), help="Add draft rows for the types and signals of this model that are new."
)
def export(directory: str, policy: str | None, model: str | None) -> None:
    """Write the tables to DIRECTORY, to start a policy of one's own in a spreadsheet.

    \b
    Examples:
      complaint-typing policy export my_policy
      complaint-typing policy export my_policy --model my_model
    """
    table = _read(policy)
    if model is None:
        paths = table.export(directory)
    else:
        from .artifact import load_model
        from .policy_draft import draft_policy

        paths = draft_policy(load_model(model), directory, table)
    for path in paths:
        click.echo(str(path))


def _read(folder: str | None) -> PolicyTable:
    from .policy import PolicyTable

    return PolicyTable.read(folder)
