"""The difference of two policies: rows added, removed, changed, and the combinations answered anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from .playbook import Step
from .policy import PolicyTable
from .policy_domain import Box, Conditions, products
from .policy_rules import ANSWERS, ANY, RiskRule, Rule
from .taxonomy import Taxonomy, Term

OUTPUTS = (*ANSWERS, "rationale", "source")
_TEXTS = ("next_step", "rationale")

Cells = Mapping[str, str]


@dataclass(frozen=True)
class RowChange:
    """One row of a table that was added, removed or changed.

    Attributes
    ----------
    table : str
        File name of the table.
    id : str
        Of the row; a step of the playbook is called by its strategy and number.
    kind : str
        ``added``, ``removed`` or ``changed``.
    cells : mapping of str to (str, str)
        Old and new content of the columns that differ; empty for a row that is only in one policy.
    """

    table: str
    id: str
    kind: str
    cells: Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class OutputChange:
    """One answer that became another, and where.

    Attributes
    ----------
    output : str
        One of `OUTPUTS`.
    old, new : object
        What stands there, as in `Rule`; a pair (zh, en) for texts.
    boxes : tuple of Box
        The combinations concerned, as disjoint products of codes of `PolicyDiff.conditions`.
    combinations : int
        How many these are.
    """

    output: str
    old: object
    new: object
    boxes: tuple[Box, ...]
    combinations: int


@dataclass(frozen=True)
class PolicyDiff:
    """What changes between two policies.

    Attributes
    ----------
    rows : tuple of RowChange
        Rows of the decision table, the risk rules, the playbook and the taxonomy.
    outputs : tuple of OutputChange
        By output, in the order of `OUTPUTS`.
    conditions : mapping of str to tuple of str
        The values that both policies know; `outputs` speaks of these.
    one_sided : mapping of str to tuple of str
        Values that only one of the policies knows, by condition.
    combinations, changed : int
        Combinations compared, and those in which at least one output differs.
    """

    old_version: str
    new_version: str
    rows: tuple[RowChange, ...]
    outputs: tuple[OutputChange, ...]
    conditions: Conditions
    one_sided: Conditions
    combinations: int
    changed: int


def diff(old: PolicyTable, new: PolicyTable) -> PolicyDiff:
    """Compare two policies.

    Tables are compared by what they say: the order of rows, quoting and encoding mean nothing.

    Parameters
    ----------
    old, new : PolicyTable

    Returns
    -------
    PolicyDiff

    >>> policy = PolicyTable.read()
    >>> same = diff(policy, policy)
    >>> same.rows, same.outputs, same.changed, same.combinations
    ((), (), 0, 3564)
    """
    conditions = _common(old.conditions, new.conditions)
    rows = [_rows_in(policy, conditions) for policy in (old, new)]
    groups = _pairs(rows[0], rows[1])
    outputs = [change for name in OUTPUTS for change in _output_changes(name, groups, old, new)]
    changed = sum(int(mask.sum()) for (i, j), mask in groups.items() if _differs(old.rules[i], new.rules[j]))
    return PolicyDiff(
        old.version,
        new.version,
        tuple(_row_changes(old, new)),
        tuple(outputs),
        conditions,
        _one_sided(old.conditions, new.conditions),
        int(rows[0].size),
        changed,
    )


def _common(old: Conditions, new: Conditions) -> dict[str, tuple[str, ...]]:
    return {name: tuple(value for value in known if value in new[name]) for name, known in old.items()}


def _one_sided(old: Conditions, new: Conditions) -> dict[str, tuple[str, ...]]:
    found = {name: tuple({*old[name]} ^ {*new[name]}) for name in old}
    return {name: tuple(sorted(values)) for name, values in found.items() if values}


def _rows_in(policy: PolicyTable, conditions: Conditions) -> NDArray[np.int16]:
    """The row of every combination of values that both policies know."""
    codes = [
        [policy.conditions[name].index(value) for value in values] for name, values in conditions.items()
    ]
    return policy.row_of[np.ix_(*codes)]


def _pairs(old: NDArray[np.int16], new: NDArray[np.int16]) -> dict[tuple[int, int], NDArray[np.bool_]]:
    """Where each pair of an old and a new row meets."""
    keys = old.astype(np.int64) << 16 | new
    return {(int(key) >> 16, int(key) & 0xFFFF): keys == key for key in np.unique(keys)}


def answer(rule: Rule, output: str) -> object:
    """What a row answers in one of `OUTPUTS`; a pair (zh, en) for texts."""
    if output in _TEXTS:
        return rule.text(output, "zh"), rule.text(output, "en")
    return getattr(rule, output)


def _differs(old: Rule, new: Rule) -> bool:
    return any(answer(old, output) != answer(new, output) for output in OUTPUTS)


def _output_changes(
    output: str,
    groups: Mapping[tuple[int, int], NDArray[np.bool_]],
    old: PolicyTable,
    new: PolicyTable,
) -> Iterator[OutputChange]:
    masks: dict[tuple[object, object], NDArray[np.bool_]] = {}
    for (i, j), mask in groups.items():
        said = answer(old.rules[i], output), answer(new.rules[j], output)
        if said[0] != said[1]:
            masks[said] = masks[said] | mask if said in masks else mask
    for (before, after), mask in masks.items():
        yield OutputChange(output, before, after, tuple(products(mask)), int(mask.sum()))


def _row_changes(old: PolicyTable, new: PolicyTable) -> Iterator[RowChange]:
    before, after = _all_cells(old), _all_cells(new)
    for table in before:
        ids = dict.fromkeys([*before[table], *after[table]])
        for id in ids:
            one, other = before[table].get(id), after[table].get(id)
            if one is None or other is None:
                yield RowChange(table, id, "added" if one is None else "removed", {})
            elif one != other:
                cells = {name: (one[name], other[name]) for name in one if one[name] != other[name]}
                yield RowChange(table, id, "changed", cells)


def _all_cells(policy: PolicyTable) -> dict[str, dict[str, Cells]]:
    """Every table of a policy as ids and cells."""
    risks: dict[str, Cells] = {rule.rule_id: _cells(rule, RiskRule) for rule in policy.risk_rules}
    return {
        "policy.csv": {rule.rule_id: _rule_cells(rule, policy.conditions) for rule in policy.rules},
        "risk_rules.csv": risks,
        "playbook.csv": _steps(policy),
        "taxonomy.csv": _terms(policy.taxonomy),
    }


def _cells(row: object, kind: type[Rule] | type[RiskRule] | type[Step] | type[Term]) -> dict[str, str]:
    return {field.name: _cell(getattr(row, field.name)) for field in fields(kind)}


def _cell(value: object) -> str:
    if value is None or isinstance(value, bool):
        return "" if value is None else str(int(value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def _rule_cells(rule: Rule, conditions: Conditions) -> dict[str, str]:
    allowed = {
        name: ANY if len(rule.conditions[name]) == len(known) else ";".join(rule.conditions[name])
        for name, known in conditions.items()
    }
    cells = _cells(rule, Rule)
    del cells["conditions"]
    return {"rule_id": cells.pop("rule_id"), **allowed, **cells}


def _steps(policy: PolicyTable) -> dict[str, Cells]:
    found: dict[str, Cells] = {}
    for strategy in policy.playbook.values():
        heads = {
            "strategy_zh": strategy.name_zh,
            "strategy_en": strategy.name_en,
            "adverse": strategy.adverse,
            "asks": ";".join(strategy.asks) or "none",
        }
        for step in strategy.steps:
            shown = {name: _cell(value) for name, value in heads.items()}
            found[f"{strategy.id} {step.number}"] = {**shown, **_cells(step, Step)}
    return found


def _terms(taxonomy: Taxonomy) -> dict[str, Cells]:
    return {term.id: _cells(term, Term) for term in taxonomy.terms}
