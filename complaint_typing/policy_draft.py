"""A policy for a model with types, modes or signals of its own: draft rows for what is new."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from .decision import UNFAMILIAR
from .model import Model
from .own_terms import taxonomy_of
from .policy import PolicyTable
from .policy_rules import is_any
from .taxonomy import Table, Taxonomy

_SOURCE = "draft"
_MODE = "emotional"


def draft_policy(model: Model, directory: str | Path, policy: PolicyTable | None = None) -> list[Path]:
    """Write a policy folder that answers every type, emotional mode and risk signal of a model.

    Each type that the policy lacks is answered, until somebody edits its rows, as an unfamiliar ticket is: a
    person reads it. A new emotional mode is answered as ``emotional`` (the last mode where the policy has no
    such one) is, and a person reads it first. Each new risk signal asks for a person, too. ``taxonomy.csv``
    holds the new terms as the model carries them.

    Parameters
    ----------
    model : Model
    directory : path
        The folder to write.
    policy : PolicyTable, optional
        To start from; the shipped one by default.

    Returns
    -------
    list of Path

    Raises
    ------
    TargetExists
        When one of the files is already there; nothing is written then.
    """
    base = policy or PolicyTable.read()
    taxonomy = taxonomy_of(model, base.taxonomy)
    types = [*_type_rows(base, taxonomy)]
    tables = {
        **base.tables,
        "policy.csv": _longer(base.tables["policy.csv"], [*types, *_mode_rows(base, taxonomy, types)]),
        "risk_rules.csv": _longer(base.tables["risk_rules.csv"], [*_signal_rows(base, taxonomy)]),
    }
    written = replace(base, taxonomy=taxonomy, tables=tables).export(directory)
    PolicyTable.read(directory)
    return written


def _longer(table: Table, rows: Sequence[Mapping[str, str]]) -> Table:
    """The table with rows behind its own; cells that a row does not have are empty."""
    last = max((number for number, _ in table), default=1)
    full = ({name: row.get(name, "") for name in table.header} for row in rows)
    added = tuple(enumerate(full, start=last + 1))
    return replace(table, numbered_rows=table.numbered_rows + added)


def _type_rows(base: PolicyTable, taxonomy: Taxonomy) -> Iterator[Mapping[str, str]]:
    """For each new type the rows that answer unfamiliar tickets."""
    ids = {rule.rule_id for rule in base.rules if UNFAMILIAR in rule.conditions["customer_type"]}
    rows = [row for _, row in base.tables["policy.csv"] if row["rule_id"] in ids]
    for name in taxonomy.types:
        if name not in base.taxonomy.types:
            for number, row in enumerate(rows, start=1):
                yield {
                    **row,
                    "rule_id": _rule_id("P", name, number),
                    "customer_type": name,
                    "source": _SOURCE,
                }


def _mode_rows(
    base: PolicyTable, taxonomy: Taxonomy, types: Sequence[Mapping[str, str]]
) -> Iterator[Mapping[str, str]]:
    """For each new mode the rows that answer a known one; those for any mode hold for it as they are."""
    like = _MODE if _MODE in base.taxonomy.modes else base.taxonomy.modes[-1]
    known = [row for _, row in base.tables["policy.csv"]]
    cells = {
        row["emotional_mode"]
        for row, rule in zip(known, base.rules, strict=True)
        if like in rule.conditions["emotional_mode"] and not is_any(row["emotional_mode"])
    }
    rows = [row for row in (*known, *types) if row["emotional_mode"] in cells]
    for name in taxonomy.modes:
        if name not in base.taxonomy.modes:
            for number, row in enumerate(rows, start=1):
                own = {"rule_id": _rule_id("P", name, number), "emotional_mode": name, "source": _SOURCE}
                yield {**row, **own, "requires_human": "1"}


def _signal_rows(base: PolicyTable, taxonomy: Taxonomy) -> Iterator[Mapping[str, str]]:
    for name in taxonomy.signals:
        if name not in base.taxonomy.signals:
            yield {
                "rule_id": _rule_id("K", name, 1),
                "signal": name,
                "escalate_to": taxonomy.ids("role")[0],
                "follow_up_days": "1",
                "requires_human": "1",
                "warning_zh": f"{taxonomy.name(name, 'zh')}：答复前请负责人先看。",
                "warning_en": f"{taxonomy.name(name, 'en')}: somebody in charge reads it before you answer.",
                "source": _SOURCE,
            }


def _rule_id(kind: str, name: str, number: int) -> str:
    return f"{kind}-{name.upper()}-{number:02d}"
