"""The domain of the decision table: conditions, values, and the proof that each combination has one row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .decision import BANDS
from .errors import TableFault
from .taxonomy import Taxonomy

EARLIER_TICKETS = ("none", "some", "many")
MANY_TICKETS = 3
GOODWILL = ("clear", "review", "decline", "unknown")
YES_NO = ("yes", "no")
MOST_FAULTS_SHOWN = 12

Conditions = Mapping[str, tuple[str, ...]]
Box = tuple[tuple[int, ...], ...]
"""A product of value codes, one tuple per condition."""


class RowConditions(NamedTuple):
    """What one row of the table allows: its id, its spreadsheet row, and the allowed codes per condition."""

    rule_id: str
    number: int
    box: Box


def conditions_of(taxonomy: Taxonomy) -> dict[str, tuple[str, ...]]:
    """The conditions in the order of the codes, each with its values.

    >>> from complaint_typing.taxonomy import read_taxonomy
    >>> conditions = conditions_of(read_taxonomy())
    >>> conditions["goodwill"]
    ('clear', 'review', 'decline')
    >>> import math
    >>> math.prod(len(values) for values in conditions.values())
    3564
    """
    return {
        "customer_type": taxonomy.types + taxonomy.ids("outcome"),
        "emotional_mode": taxonomy.modes,
        "goodwill": GOODWILL[:3],
        "confidence": BANDS,
        "earlier_tickets": EARLIER_TICKETS,
        "same_fault_open": YES_NO,
        "justified_before": YES_NO,
    }


def earlier_tickets_codes(tickets_365d: ArrayLike) -> NDArray[np.int8]:
    """Bands of the number of earlier tickets within 365 days: 0 none, 1 some (1-2), 2 many (3 or more).

    >>> earlier_tickets_codes([0, 1, 2, 3, 40]).tolist()
    [0, 1, 1, 2, 2]
    """
    count = np.asarray(tickets_365d)
    return ((count >= 1).astype(np.int8) + (count >= MANY_TICKETS)).astype(np.int8)


def earlier_tickets_code(tickets_365d: float) -> int:
    """:func:`earlier_tickets_codes` of one number."""
    return (tickets_365d >= 1) + (tickets_365d >= MANY_TICKETS)


def matches(rows: Sequence[RowConditions], conditions: Conditions) -> NDArray[np.bool_]:
    """Which row matches which combination: one axis for the rows, then one per condition."""
    sizes = [len(values) for values in conditions.values()]
    found = np.ones((len(rows), 1), bool)
    for position, size in reversed(list(enumerate(sizes))):
        allowed = np.zeros(len(rows) * size, bool)
        allowed[[index * size + code for index, row in enumerate(rows) for code in row.box[position]]] = True
        found = (allowed.reshape(len(rows), size, 1) & found[:, None, :]).reshape(
            len(rows), size * found.shape[1]
        )
    return found.reshape(len(rows), *sizes)


def lookup(found: NDArray[np.bool_], conditions: Conditions) -> NDArray[np.int16]:
    """The row of every combination, from what `matches` found in a table without gaps and overlaps.

    The goodwill axis gets a fourth entry, `unknown`, which is read as `review`.
    """
    row_of = found.argmax(axis=0).astype(np.int16)
    axis = list(conditions).index("goodwill")
    return np.concatenate([row_of, np.take(row_of, [GOODWILL.index("review")], axis)], axis)


def coverage_faults(
    found: NDArray[np.bool_], rows: Sequence[RowConditions], conditions: Conditions
) -> list[TableFault]:
    """What keeps a table from being complete and unambiguous: combinations without a row, rows that overlap.

    Each fault names the exact combinations, joined into few products; `found` is as `matches` returns it.
    """
    hits = found.sum(axis=0)
    return _shortened(_gaps(hits == 0, rows, conditions), "gaps") + _shortened(
        _overlaps(rows, conditions) if (hits > 1).any() else [], "overlaps"
    )


def _gaps(free: NDArray[np.bool_], rows: Sequence[RowConditions], conditions: Conditions) -> list[TableFault]:
    total = int(free.sum())
    faults = []
    for box in products(free):
        what = f"no row matches {described(box, conditions)} ({_size(box)} of {total} uncovered combinations)"
        faults.append(TableFault(None, "", "", what, _nearest_remedy(box, rows, conditions)))
    return faults


def _nearest_remedy(box: Box, rows: Sequence[RowConditions], conditions: Conditions) -> str:
    if not rows:
        return "add rows, or export the shipped tables to start from"
    shares = np.array([[_share(*pair) for pair in zip(box, row.box, strict=True)] for row in rows])
    missed = shares == 0
    coverage = np.where(missed, 1, shares).prod(axis=1)
    breadth = [_size(row.box) for row in rows]
    nearest = np.lexsort((breadth, -coverage, missed[:, 0], missed.sum(axis=1)))[0]
    differing = " and ".join(np.array(list(conditions))[missed[nearest]]) or "some values"
    rule_id, number, _ = rows[nearest]
    return f"add a row, or widen {rule_id} (row {number}), which differs in {differing}"


def _share(wanted: tuple[int, ...], given: tuple[int, ...]) -> float:
    return len(set(wanted) & set(given)) / len(wanted)


def _overlaps(rows: Sequence[RowConditions], conditions: Conditions) -> list[TableFault]:
    faults = []
    for i, first in enumerate(rows):
        for second in rows[i + 1 :]:
            pairs = zip(first.box, second.box, strict=True)
            common = tuple(tuple(code for code in one if code in other) for one, other in pairs)
            if all(common):
                what = (
                    f"{first.rule_id} (row {first.number}) matches too: {described(common, conditions)} "
                    f"({_size(common)} combinations)"
                )
                remedy = "narrow a condition of one of the two rows"
                faults.append(TableFault(second.number, "rule_id", second.rule_id, what, remedy))
    return faults


def _shortened(faults: list[TableFault], kind: str) -> list[TableFault]:
    hidden = len(faults) - MOST_FAULTS_SHOWN
    if hidden <= 0:
        return faults
    rest = TableFault(None, "", "", f"{hidden} more {kind}", "mend those above and check again")
    return [*faults[:MOST_FAULTS_SHOWN], rest]


def products(mask: NDArray[np.bool_]) -> Iterator[Box]:
    """Split the true cells of an array into disjoint products of codes, greedily large.

    >>> list(products(np.array([[True, True, False], [True, True, True]])))
    [((0, 1), (0, 1)), ((1,), (2,))]
    """
    left = mask.copy()
    while left.any():
        corner = np.unravel_index(int(left.argmax()), left.shape)
        box: list[tuple[int, ...]] = [(int(code),) for code in corner]
        for axis, size in enumerate(left.shape):
            box[axis] = tuple(
                code for code in range(size) if left[np.ix_(*box[:axis], (code,), *box[axis + 1 :])].all()
            )
        left[np.ix_(*box)] = False
        yield tuple(box)


def described(box: Box, conditions: Conditions) -> str:
    """A product of codes in words, leaving out conditions that may have any value.

    >>> described(((0, 1), (1,)), {"mode": ("attack", "rational"), "open": ("no", "yes")})
    'open=yes'
    """
    parts = [
        f"{name}={';'.join(values[code] for code in codes)}"
        for (name, values), codes in zip(conditions.items(), box, strict=True)
        if len(codes) < len(values)
    ]
    return ", ".join(parts) or "every combination"


def _size(box: Box) -> int:
    return int(np.prod([len(codes) for codes in box]))
