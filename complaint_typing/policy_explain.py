"""Explains one decision: the row that applies, the values that it read, and the rows that almost matched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .policy_domain import Conditions
from .policy_rules import Rule


@dataclass(frozen=True)
class NearMiss:
    """A row that would have applied but for one condition.

    Attributes
    ----------
    rule : Rule
        The row.
    condition : str
        The only condition in which it misses.
    value : str
        What was asked about.
    allowed : tuple of str
        What the row asks for instead.
    """

    rule: Rule
    condition: str
    value: str
    allowed: tuple[str, ...]


@dataclass(frozen=True)
class Explanation:
    """Why one combination of values has the answer that it has.

    Attributes
    ----------
    rule : Rule
        The row that applies; its ``source`` names the articles it comes from.
    values : mapping of str to str
        The value of every condition as the table reads it (goodwill ``unknown`` is read as ``review``).
    read : tuple of str
        The conditions that the row reads; in the others it takes any value.
    near : tuple of NearMiss
        Rows that miss in exactly one condition, those of the same customer type first.
    """

    rule: Rule
    values: Mapping[str, str]
    read: tuple[str, ...]
    near: tuple[NearMiss, ...]


def explanation(
    rule: Rule, rules: Sequence[Rule], conditions: Conditions, values: Mapping[str, str]
) -> Explanation:
    """Explain why `rule` applies to `values`, one value for each condition; see `PolicyTable.explain`."""
    as_read = {
        name: values[name] if values[name] in known else "review" for name, known in conditions.items()
    }
    read = tuple(name for name, known in conditions.items() if len(rule.conditions[name]) < len(known))
    near = [miss for other in rules for miss in _near_miss(other, as_read)]
    near.sort(key=lambda miss: miss.condition == "customer_type")
    return Explanation(rule, as_read, read, tuple(near))


def _near_miss(rule: Rule, values: Mapping[str, str]) -> list[NearMiss]:
    missed = [name for name, allowed in rule.conditions.items() if values[name] not in allowed]
    if len(missed) != 1:
        return []
    return [NearMiss(rule, missed[0], values[missed[0]], rule.conditions[missed[0]])]
