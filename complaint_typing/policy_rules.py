"""Rows of the decision table and of the risk rules: read, held against the schema rules, combined."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .errors import PolicyError, TableFault
from .playbook import Playbook
from .policy_domain import Box, Conditions, RowConditions, coverage_faults, lookup, matches
from .spoken import ENGLISH
from .taxonomy import Table, Taxonomy, empty_cells, in_language, read_table, repeated

GOODWILL_TYPE = "compensation_seeking"
REVIEWED_TYPE = "repeat_abuser"
ANY = "*"
ANSWERS = ("strategy_id", "next_step", "escalate_to", "goodwill_cap", "follow_up_days", "requires_human")
"""What a row answers, apart from its reasons; `next_step` stands in two languages."""
_TEXTS = ("next_step_zh", "next_step_en", "rationale_zh", "rationale_en", "source")
_WARNINGS = ("warning_zh", "warning_en", "source")


@dataclass(frozen=True)
class Rule:
    """One row of `policy.csv`; `conditions` holds the allowed values of each condition."""

    rule_id: str
    conditions: Mapping[str, tuple[str, ...]]
    strategy_id: str
    next_step_zh: str
    next_step_en: str
    escalate_to: str
    goodwill_cap: float | None
    follow_up_days: int | None
    requires_human: bool
    rationale_zh: str
    rationale_en: str
    source: str

    def text(self, part: str, lang: str) -> str:
        """`part` ("next_step" or "rationale") in `lang`, one of `SPOKEN`."""
        return in_language(lang, getattr(self, f"{part}_zh"), getattr(self, f"{part}_en"))


@dataclass(frozen=True)
class RiskRule:
    """One row of `risk_rules.csv`: what a risk signal adds to whatever the decision table says."""

    rule_id: str
    signal: str
    escalate_to: str
    follow_up_days: int | None
    requires_human: bool
    warning_zh: str
    warning_en: str
    source: str


@dataclass(frozen=True)
class Outcome:
    """What to do with one ticket: a row of the decision table combined with the risk rules that fired."""

    rule_ids: tuple[str, ...]
    strategy_id: str
    next_step_zh: str
    next_step_en: str
    warnings_zh: tuple[str, ...]
    warnings_en: tuple[str, ...]
    escalate_to: str
    goodwill_cap: float | None
    follow_up_days: int | None
    requires_human: bool
    rationale_zh: str
    rationale_en: str
    sources: tuple[str, ...]

    def next_step(self, lang: str) -> str:
        """The warnings, gravest first, and then the next step, in `lang`, one of `SPOKEN`."""
        zh, en = (*self.warnings_zh, self.next_step_zh), (*self.warnings_en, self.next_step_en)
        told = [in_language(lang, *texts) for texts in zip(zh, en, strict=True)]
        return (" " if lang == ENGLISH else "").join(told)


@dataclass(frozen=True)
class RuleTable:
    """A checked `policy.csv`: its cells, its rules, and which of them each combination has."""

    table: Table
    rules: tuple[Rule, ...]
    row_of: NDArray[np.int16]


@dataclass(frozen=True)
class RiskTable:
    """A checked `risk_rules.csv`: its cells and its rules."""

    table: Table
    rules: tuple[RiskRule, ...]


class _Row:
    """The cells of one row, read as values; what is wrong with them gathers in `faults`."""

    def __init__(self, number: int, cells: Mapping[str, str]):
        self.number, self.cells = number, cells
        self.faults: list[TableFault] = []

    def refuse(self, column: str, what: str, remedy: str) -> None:
        self.faults.append(TableFault(self.number, column, self.cells[column], what, remedy))

    def one_of(self, column: str, known: Collection[str], what: str) -> str:
        value = self.cells[column]
        if value and value not in known:
            self.refuse(column, f"unknown {what}", _suggestion(value, known))
        return value

    def several(self, column: str, known: tuple[str, ...]) -> tuple[int, ...]:
        codes, strangers = _codes(self.cells[column], known)
        for value in strangers if self.cells[column] else ():
            what = f"unknown value {value!r}" if value else "empty value between semicolons"
            alone = f"write {ANY} alone, or without it"
            self.refuse(column, what, alone if value == ANY else _suggestion(value, (*known, ANY)))
        return codes

    def amount(self, column: str) -> float | None:
        text = _plain(self.cells[column])
        if text and not (re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,2})?", text) and float(text) > 0):
            self.refuse(column, "not an amount above 0", "write it like 50 or 49.90, or leave it empty")
            return None
        return float(text) if text else None

    def days(self, column: str) -> int | None:
        text = _plain(self.cells[column])
        if text and not re.fullmatch("[0-9]{1,4}", text):
            self.refuse(column, "not a number of days", "write a whole number such as 3, or leave it empty")
            return None
        return int(text) if text else None

    def switch(self, column: str) -> bool:
        text = _plain(self.cells[column])
        if text not in ("", "0", "1"):
            self.refuse(column, "not a switch", "write 1 or 0")
        return text == "1"


def is_any(cell: str) -> bool:
    """Whether a condition cell allows every value.

    >>> is_any("*"), is_any("attack;emotional")
    (True, False)
    """
    return _plain(cell).strip() == ANY


@lru_cache(maxsize=1024)
def _codes(cell: str, known: tuple[str, ...]) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """The codes that a condition cell allows, and the values in it that are unknown."""
    if is_any(cell):
        return tuple(range(len(known))), ()
    values = [value.strip() for value in _plain(cell).lower().split(";")]
    codes = {value.lower(): code for code, value in enumerate(known)}
    allowed = sorted({codes[value] for value in values if value in codes})
    return tuple(allowed), tuple(value for value in values if value not in codes)


@lru_cache(maxsize=1024)
def _values(known: tuple[str, ...], codes: tuple[int, ...]) -> tuple[str, ...]:
    return tuple(known[code] for code in codes)


def _plain(cell: str) -> str:
    return unicodedata.normalize("NFKC", cell)


def _suggestion(value: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(value, known, 1)
    return f"did you mean {near[0]}?" if near else f"use one of {', '.join(known)}"


def read_rules(path: Path, taxonomy: Taxonomy, playbook: Playbook, conditions: Conditions) -> RuleTable:
    """Read `policy.csv` and prove it complete and unambiguous.

    Raises
    ------
    PolicyError
        With every fault of the table. Gaps and overlaps are looked for once all condition cells can be read.
    """
    required = ("rule_id", *conditions, "strategy_id", *_TEXTS, "requires_human")
    table = read_table(path, (*required, "escalate_to", "goodwill_cap", "follow_up_days"))
    faults = empty_cells(table, required) + repeated(table, "rule_id")
    boxes, unreadable = _read_conditions(table, conditions)
    rules = []
    for (number, cells), row_conditions in zip(table, boxes, strict=True):
        row = _Row(number, cells)
        rule = _rule(row, row_conditions.box, taxonomy, playbook, conditions)
        rules.append(rule)
        if all(row_conditions.box):
            _hold_against_schema(row, rule, playbook)
        faults += row.faults
    faults += unreadable
    found = matches(boxes, conditions)
    if not any(fault.column in conditions for fault in faults):
        faults += coverage_faults(found, boxes, conditions)
    _raise_if_any(path, faults)
    return RuleTable(table, tuple(rules), lookup(found, conditions))


def _read_conditions(table: Table, conditions: Conditions) -> tuple[list[RowConditions], list[TableFault]]:
    boxes, faults = [], []
    for number, cells in table:
        row = _Row(number, cells)
        box = tuple(row.several(name, values) for name, values in conditions.items())
        boxes.append(RowConditions(cells["rule_id"], number, box))
        faults += row.faults
    return boxes, faults


def _rule(row: _Row, box: Box, taxonomy: Taxonomy, playbook: Playbook, conditions: Conditions) -> Rule:
    pairs = zip(conditions.items(), box, strict=True)
    allowed = {name: _values(known, codes) for (name, known), codes in pairs}
    return Rule(
        rule_id=row.cells["rule_id"],
        conditions=allowed,
        strategy_id=row.one_of("strategy_id", playbook, "strategy"),
        escalate_to=row.one_of("escalate_to", taxonomy.ids("role"), "role"),
        goodwill_cap=row.amount("goodwill_cap"),
        follow_up_days=row.days("follow_up_days"),
        requires_human=row.switch("requires_human"),
        **{name: row.cells[name] for name in _TEXTS},
    )


def _hold_against_schema(row: _Row, rule: Rule, playbook: Playbook) -> None:
    types, goodwill = rule.conditions["customer_type"], rule.conditions["goodwill"]
    adverse = rule.strategy_id in playbook and playbook[rule.strategy_id].adverse
    if not rule.requires_human:
        reasons = {
            f"strategy {rule.strategy_id} is adverse": adverse,
            f"the row may match {REVIEWED_TYPE}": REVIEWED_TYPE in types,
            "goodwill is given under review": rule.goodwill_cap is not None and "review" in goodwill,
        }
        for reason in (reason for reason, holds in reasons.items() if holds):
            row.refuse("requires_human", f"must be 1, since {reason}", "write 1")
    if rule.goodwill_cap is not None:
        conflicts = {
            f"goodwill is for {GOODWILL_TYPE} only": types != (GOODWILL_TYPE,),
            "goodwill is for customers screened clear or review": "decline" in goodwill,
            "goodwill comes after the fault itself is mended": rule.conditions["same_fault_open"] != ("no",),
            f"strategy {rule.strategy_id} is adverse": adverse,
        }
        for conflict in (conflict for conflict, holds in conflicts.items() if holds):
            row.refuse("goodwill_cap", conflict, "leave it empty, or narrow the row")


def read_risk_rules(path: Path, taxonomy: Taxonomy) -> RiskTable:
    """Read `risk_rules.csv`, in which every risk signal has at least one row.

    Raises
    ------
    PolicyError
        With every fault of the table.
    """
    required = ("rule_id", "signal", "requires_human", *_WARNINGS)
    table = read_table(path, (*required, "escalate_to", "follow_up_days"))
    faults = empty_cells(table, required) + repeated(table, "rule_id")
    rules = []
    for number, cells in table:
        row = _Row(number, cells)
        rules.append(
            RiskRule(
                rule_id=cells["rule_id"],
                signal=row.one_of("signal", taxonomy.signals, "risk signal"),
                escalate_to=row.one_of("escalate_to", taxonomy.ids("role"), "role"),
                follow_up_days=row.days("follow_up_days"),
                requires_human=row.switch("requires_human"),
                **{name: cells[name] for name in _WARNINGS},
            )
        )
        faults += row.faults
    present = {rule.signal for rule in rules}
    for signal in taxonomy.signals:
        if signal not in present:
            faults.append(TableFault(None, "signal", signal, "no row for this risk signal", "add one"))
    _raise_if_any(path, faults)
    return RiskTable(table, tuple(rules))


def combined(rule: Rule, fired: Sequence[RiskRule], roles: Sequence[str]) -> Outcome:
    """One row of the decision table with the risk rules that fired: the most cautious of each wins.

    Parameters
    ----------
    rule : Rule
        The row that applies.
    fired : sequence of RiskRule
        Risk rules whose signal is there.
    roles : sequence of str
        Role ids from the least to the most cautious.
    """
    by_gravity = sorted(fired, key=lambda risk: -_gravity(risk.escalate_to, roles))
    everything: list[Rule | RiskRule] = [rule, *fired]
    days = [each.follow_up_days for each in everything if each.follow_up_days is not None]
    sources = dict.fromkeys(name.strip() for each in everything for name in each.source.split(";"))
    return Outcome(
        rule_ids=tuple(each.rule_id for each in everything),
        strategy_id=rule.strategy_id,
        next_step_zh=rule.next_step_zh,
        next_step_en=rule.next_step_en,
        warnings_zh=tuple(risk.warning_zh for risk in by_gravity),
        warnings_en=tuple(risk.warning_en for risk in by_gravity),
        escalate_to=max((each.escalate_to for each in everything), key=lambda role: _gravity(role, roles)),
        goodwill_cap=rule.goodwill_cap,
        follow_up_days=min(days, default=None),
        requires_human=any(each.requires_human for each in everything),
        rationale_zh=rule.rationale_zh,
        rationale_en=rule.rationale_en,
        sources=tuple(sources),
    )


def _gravity(role: str, roles: Sequence[str]) -> int:
    return roles.index(role) if role else -1


def _raise_if_any(path: Path, faults: Iterable[TableFault]) -> None:
    ordered = sorted(faults, key=lambda fault: (fault.row is None, fault.row or 0))
    if ordered:
        raise PolicyError(path, ordered)
