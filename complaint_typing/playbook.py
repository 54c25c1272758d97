"""The playbook: for every strategy the ordered steps, each with purpose, do, don't and a sample phrase."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from .errors import PolicyError, TableFault
from .missing_facts import FACTS_TO_KNOW
from .resources import data_path
from .spoken import SPOKEN
from .taxonomy import Table, empty_cells, in_language, read_table

_STRATEGY_COLUMNS = ("strategy_id", "strategy_zh", "strategy_en", "adverse")
_ASKS = "asks"
_OPTIONAL_COLUMNS = ("dont_zh", "dont_en", "say_zh", "say_en")


@dataclass(frozen=True)
class Step:
    """One step of a strategy; `dont` and `say` may be empty."""

    number: int
    purpose_zh: str
    purpose_en: str
    do_zh: str
    do_en: str
    dont_zh: str
    dont_en: str
    say_zh: str
    say_en: str
    source: str

    def text(self, part: str, lang: str) -> str:
        """`part` ("purpose", "do", "dont" or "say") in `lang`, one of `SPOKEN`.

        >>> read_playbook()["restore"].steps[0].text("purpose", "en")
        'Apologise first'
        """
        return in_language(lang, getattr(self, f"{part}_zh"), getattr(self, f"{part}_en"))


@dataclass(frozen=True)
class Strategy:
    """A way of handling; an adverse one turns something down and is for people to decide on.

    `asks` are the facts that it wants to know, of `FACTS_TO_KNOW`.
    """

    id: str
    name_zh: str
    name_en: str
    adverse: bool
    steps: tuple[Step, ...]
    asks: tuple[str, ...] = FACTS_TO_KNOW

    def name(self, lang: str) -> str:
        """Name for people in `lang`, one of `SPOKEN`.

        >>> read_playbook()["refusal"].name("zh")
        '有礼有据的拒绝'
        """
        return in_language(lang, self.name_zh, self.name_en)


@dataclass(frozen=True, eq=False)
class Playbook(Mapping[str, Strategy]):
    """Strategies by id, in the order of the table they were read from.

    >>> len(read_playbook()["deescalate"].steps)
    8
    """

    strategies: Mapping[str, Strategy]
    table: Table

    def __getitem__(self, strategy_id: str) -> Strategy:
        return self.strategies[strategy_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self.strategies)

    def __len__(self) -> int:
        return len(self.strategies)

    def by_name(self) -> dict[str, Strategy]:
        """Strategies by their ids and names, folded as they may be written by hand.

        >>> read_playbook().by_name()["有礼有据的拒绝"].id
        'refusal'
        """
        return {
            name.strip().casefold(): strategy
            for strategy in self.values()
            for name in (strategy.id, *map(strategy.name, SPOKEN))
        }


def read_playbook(directory: str | Path | None = None) -> Playbook:
    """Read `playbook.csv`.

    Parameters
    ----------
    directory : path, optional
        The folder that holds it; the one that ships with the library when left out.

    Raises
    ------
    PolicyError
        With every fault: an empty cell, steps of a strategy not numbered 1, 2, 3 ..., a strategy whose names,
        `adverse` or `asks` differ between its rows, an unknown fact in `asks`, a phrase given in one language
        only. The column `asks` may be left out or empty: then all facts are wanted.

    >>> read_playbook("no_such_folder")
    Traceback (most recent call last):
        ...
    complaint_typing.errors.PolicyError: ...playbook.csv: 1 fault
      cannot be opened (No such file or directory); check the folder, ...
    """
    path = data_path("playbook.csv") if directory is None else Path(directory) / "playbook.csv"
    step_columns = tuple(field.name for field in fields(Step) if field.name != "number")
    columns = (*_STRATEGY_COLUMNS, "step", *step_columns)
    table = read_table(path, columns)
    faults = empty_cells(table, [column for column in columns if column not in _OPTIONAL_COLUMNS])
    faults += _half_translated(table) + _bad_switches(table) + _bad_facts(table)
    faults += _inconsistent(table) + _bad_numbering(table)
    if faults:
        raise PolicyError(path, sorted(faults, key=lambda fault: fault.row or 0))
    steps: dict[str, list[Step]] = {}
    heads: dict[str, dict[str, str]] = {}
    for _, row in table:
        head = heads.setdefault(row["strategy_id"], {**row})
        head[_ASKS] = head.get(_ASKS) or row.get(_ASKS, "")
        step = Step(int(row["step"]), *map(row.__getitem__, step_columns))
        steps.setdefault(row["strategy_id"], []).append(step)
    return Playbook({id: _strategy(head, steps[id]) for id, head in heads.items()}, table)


def _strategy(head: Mapping[str, str], steps: list[Step]) -> Strategy:
    ordered = tuple(sorted(steps, key=lambda step: step.number))
    names = head["strategy_id"], head["strategy_zh"], head["strategy_en"]
    return Strategy(*names, head["adverse"] == "1", ordered, _asks(head)[0])


def _asks(row: Mapping[str, str]) -> tuple[tuple[str, ...], list[str]]:
    """The facts that a row says are wanted, and what is no such fact; all where it says nothing."""
    cell = row.get(_ASKS, "")
    if cell in ("", "*", "none"):
        return (() if cell == "none" else FACTS_TO_KNOW), []
    wanted = [fact.strip() for fact in cell.split(";")]
    known = tuple(fact for fact in FACTS_TO_KNOW if fact in wanted)
    return known, [fact for fact in wanted if fact not in FACTS_TO_KNOW]


def _bad_facts(table: Table) -> list[TableFault]:
    remedy = f"use some of {';'.join(FACTS_TO_KNOW)}, or none, or * for all"
    return [
        TableFault(number, _ASKS, row[_ASKS], f"unknown fact {fact!r}", remedy)
        for number, row in table
        for fact in _asks(row)[1]
    ]


def _half_translated(table: Table) -> list[TableFault]:
    return [
        TableFault(number, f"{part}_{empty}", "", f"empty while {part}_{filled} is not", "translate it")
        for number, row in table
        for part in ("dont", "say")
        for empty, filled in (("zh", "en"), ("en", "zh"))
        if row[f"{part}_{filled}"] and not row[f"{part}_{empty}"]
    ]


def _bad_switches(table: Table) -> list[TableFault]:
    return [
        TableFault(number, "adverse", row["adverse"], "not a switch", "write 1 or 0")
        for number, row in table
        if row["adverse"] not in ("", "0", "1")
    ]


def _inconsistent(table: Table) -> list[TableFault]:
    first: dict[tuple[str, str], tuple[int, str]] = {}
    faults = []
    for number, row in table:
        for column in (*_STRATEGY_COLUMNS[1:], _ASKS):
            if cell := row.get(column):
                first_number, given = first.setdefault((row["strategy_id"], column), (number, cell))
                if cell != given:
                    what = f"differs from row {first_number} of the same strategy"
                    faults.append(TableFault(number, column, cell, what, "write the same in all its rows"))
    return faults


def _bad_numbering(table: Table) -> list[TableFault]:
    numbered: dict[str, list[tuple[int, int]]] = {}
    faults = []
    remedy = "number the steps of a strategy 1, 2, 3 ..."
    for number, row in table:
        if re.fullmatch("[1-9][0-9]?", row["step"], re.ASCII):
            numbered.setdefault(row["strategy_id"], []).append((int(row["step"]), number))
        elif row["step"]:
            faults.append(TableFault(number, "step", row["step"], "not a step number", remedy))
    for strategy_id, steps in numbered.items():
        for expected, (step, number) in enumerate(sorted(steps), start=1):
            if step != expected:
                what = f"step {expected} of strategy {strategy_id} expected"
                faults.append(TableFault(number, "step", str(step), what, remedy))
                break
    return faults
