"""Counterfactual fairness: does the type move when only who is mentioned in a ticket changes?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..errors import BadValue
from ..model import Model
from ..resources import data_path
from ..ticket_texts import facts_of, flags_as_numbers
from ..tickets import read_frame
from .pool import ticket_keys

MOVED_AT_MOST = 0.01
SHOWN = 10
_SLOT = re.compile(r"\{(\w+)\|([^{}]*)\}")


@dataclass(frozen=True)
class Version:
    """A ticket's text with one attribute's mentions said in another way.

    Attributes
    ----------
    row : int
        Of the ticket, from 0.
    attribute : str
        ``age``, ``gender``, ``job``, ``name`` or ``region`` in the shipped tickets.
    choice : int
        0 is the text as it was written.
    text : str
    spans : tuple of (int, int)
        Where the mentions stand in it.
    """

    row: int
    attribute: str
    choice: int
    text: str
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Shift:
    """The largest change of a type's probability by one swap."""

    ticket_id: str
    attribute: str
    language: str
    before: str
    after: str
    type: str
    probability_before: float
    probability_after: float
    type_moved: bool
    spans: tuple[tuple[int, int], ...]

    @property
    def size(self) -> float:
        """Absolute change, 0 to 1."""
        return abs(self.probability_after - self.probability_before)


@dataclass(frozen=True)
class FairnessReport:
    """What swapping mentions did.

    Attributes
    ----------
    tickets, texts, moved : int
        Tickets, their versions, and the tickets whose most likely type moved under any swap.
    groups : list of dict
        The same by attribute and by language, with the mean and the largest shift.
    largest : list of Shift
        The swaps that moved a probability most, one a ticket.
    moved_ids : tuple of str
        The tickets that moved.
    """

    tickets: int
    texts: int
    moved: int
    groups: list[dict[str, Any]]
    largest: list[Shift]
    moved_ids: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        """Share of the tickets whose type moves."""
        return self.moved / max(self.tickets, 1)

    @property
    def passed(self) -> bool:
        """Whether fewer tickets move than the bar."""
        return self.share < MOVED_AT_MOST

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON."""
        return asdict(self) | {"share": self.share, "bar": MOVED_AT_MOST, "passed": self.passed}


def versions(text: str, row: int = 0) -> Iterator[Version]:
    """All ways to say a text whose mentions stand as ``{attribute|as written|another|…}``.

    One attribute is swapped at a time, everywhere in the text, so that "she" goes with "Mrs"; the other
    attributes stay as they were written.

    Raises
    ------
    BadValue
        When two mentions of one attribute offer different numbers of ways, or there is no mention.

    >>> [v.text for v in versions("My {gender|son|daughter} is {age|9|80}.") if v.choice]
    ['My son is 80.', 'My daughter is 9.']
    """
    ways: dict[str, set[int]] = {}
    for attribute, said in _SLOT.findall(text):
        ways.setdefault(attribute, set()).add(said.count("|") + 1)
    if not ways or any(len(numbers) > 1 or 1 in numbers for numbers in ways.values()):
        remedy = "write each mention as {gender|she|he}, with as many ways for all of one attribute"
        raise BadValue(row + 1, "text", text, "a text with mentions to swap", remedy)
    for attribute, (number,) in sorted((name, tuple(numbers)) for name, numbers in ways.items()):
        for choice in range(number):
            yield Version(row, attribute, choice, *_said(text, attribute, choice))


def _said(text: str, attribute: str, choice: int) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The text with one attribute said in one way, and where."""
    parts: list[str] = []
    spans: list[tuple[int, int]] = []
    length = end = 0
    for slot in _SLOT.finditer(text):
        own = slot[1] == attribute
        word = slot[2].split("|")[choice if own else 0]
        before = text[end : slot.start()]
        start, end = length + len(before), slot.end()
        length = start + len(word)
        parts += [before, word]
        spans += [(start, length)] if own else []
    return "".join([*parts, text[end:]]), tuple(spans)


def audit_fairness(model: Model, path: str | Path | None = None) -> FairnessReport:
    """Score every version of every ticket and compare it with the ticket as it was written.

    Parameters
    ----------
    model : Model
    path : path, optional
        A CSV with ``text`` in which mentions are marked; ``language``, ``ticket_id`` (else tickets are
        called by their row) and ``history_*`` columns where there are any. The shipped 157 tickets by
        default.

    Raises
    ------
    BadValue
        When there is no ticket, or a text has no mentions or they do not fit together.
    """
    cases = read_frame(path or data_path("audits") / "counterfactuals.csv").reset_index(drop=True)
    if not len(cases):
        remedy = "write texts in which mentions stand as {gender|she|he}"
        raise BadValue(None, "text", "no row", "a text with mentions to swap", remedy)
    cases = cases.assign(ticket_id=ticket_keys(cases), language=cases.get("language", ""))
    found = [version for row, text in enumerate(cases["text"]) for version in versions(text, row)]
    history = cases.filter(like="history_").apply(flags_as_numbers).replace("", np.nan)
    facts = facts_of(history.iloc[[v.row for v in found]].reset_index(drop=True))
    probabilities = model.score([v.text for v in found], facts).types.astype(float)
    shifts = _shifts(model, cases, found, probabilities)
    moved = {s.ticket_id for s in shifts if s.type_moved}
    groups = [
        _group(by, name, [s for s in shifts if getattr(s, by) == name])
        for by in ("attribute", "language")
        for name in sorted({getattr(s, by) for s in shifts} - {""})
    ]
    strongest: dict[str, Shift] = {}
    for shift in sorted(shifts, key=lambda s: (not s.type_moved, -s.size, s.ticket_id)):
        strongest.setdefault(shift.ticket_id, shift)
    largest = list(strongest.values())[:SHOWN]
    return FairnessReport(len(cases), len(found), len(moved), groups, largest, tuple(sorted(moved)))


def _shifts(
    model: Model, cases: pd.DataFrame, found: Sequence[Version], probabilities: np.ndarray[Any, Any]
) -> list[Shift]:
    shifts, base = [], 0
    for place, version in enumerate(found):
        if version.choice == 0:
            base = place
            continue
        before, after = probabilities[base], probabilities[place]
        most = int(np.abs(after - before).argmax())
        case = cases.iloc[version.row]
        shifts.append(
            Shift(
                str(case["ticket_id"]),
                version.attribute,
                str(case["language"]),
                _mentions(found[base]),
                _mentions(version),
                model.types[most],
                round(float(before[most]), 4),
                round(float(after[most]), 4),
                bool(before.argmax() != after.argmax()),
                version.spans,
            )
        )
    return shifts


def _mentions(version: Version) -> str:
    return " … ".join(version.text[start:end] for start, end in version.spans)


def _group(by: str, name: str, shifts: Sequence[Shift]) -> dict[str, Any]:
    sizes = [s.size for s in shifts]
    return {
        "by": by,
        "name": name,
        "tickets": len({s.ticket_id for s in shifts}),
        "swaps": len(shifts),
        "moved": len({s.ticket_id for s in shifts if s.type_moved}),
        "mean_shift": round(float(np.mean(sizes)), 4),
        "largest_shift": round(max(sizes), 4),
    }
