"""Whole columns of tickets to checked arrays, each kind in its way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta, tzinfo
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import cells
from .columns import FAULT_CODES, NO_TIME
from .times import date_evidence, has_year_last, order_from, parse_time, parse_times, zone_of

TIME_COLUMNS = ("created_at", "resolved_at")


_EMPTY: Mapping[str, tuple[int, type]] = {
    "time": (NO_TIME, np.int64),
    "money": (-1, np.int64),
    "fault": (-1, np.int8),
    "score": (0, np.int8),
    "flag": (-1, np.int8),
}


def empty_column(kind: str, n: int) -> Any:
    """The values of a column that is not there.

    >>> empty_column("fault", 2), empty_column("id", 2)
    (array([-1, -1], dtype=int8), ['', ''])
    """
    return np.full(n, *_EMPTY[kind]) if kind in _EMPTY else [""] * n


def read_column(kind: str, column: Sequence[object]) -> tuple[Any, list[int]]:
    """The checked values of a column of a kind other than time, and the positions of bad ones.

    >>> read_column("score", ["5", "six", None])
    (array([5, 0, 0], dtype=int8), [1])
    """
    if kind == "text":
        return cells.texts(column), []
    if kind == "language":
        return cells.choices(column, cells.LANGUAGE_WORDS, "")
    if kind == "identity":
        return cells.identities(column)
    if kind not in _EMPTY:
        return cells.ids(column), []
    if kind == "money":
        values, bad = cells.cents(column)
    elif kind == "fault":
        words, bad = cells.choices(column, cells.FAULT_WORDS, "")
        values = [FAULT_CODES.get(word, -1) for word in words]
    else:
        words_of = cells.SCORE_WORDS if kind == "score" else cells.FLAG_WORDS
        values, bad = cells.choices(column, words_of, int(_EMPTY[kind][0]))
    return np.array(values, _EMPTY[kind][1]), bad


def find_date_order(columns: Mapping[str, Sequence[object]]) -> tuple[dict[str, str], str]:
    """What the time columns say about the order of day and month, and which of them say it.

    >>> find_date_order({"created_at": ["03/05/2024"], "resolved_at": ["25/12/2024"]})
    ({'dmy': '25/12/2024', 'open': '03/05/2024'}, 'created_at and resolved_at')
    """
    hinted = [name for name in TIME_COLUMNS if name in columns and has_year_last(columns[name])]
    evidence: dict[str, str] = {}
    for name in hinted:
        evidence = {**date_evidence(columns[name]), **evidence}
    return evidence, " and ".join(hinted)


def read_times(
    columns: Mapping[str, Sequence[object]], tz: str | tzinfo, date_order: str | None
) -> dict[str, tuple[NDArray[np.int64], list[int]]]:
    """Seconds UTC and bad positions of each time column; one order of day and month holds for them all.

    A ticket that was resolved before it was created has a bad `resolved_at`; one that was resolved on the day
    of its creation, at no told time, was so at the end of that day.

    >>> told = {"created_at": ["2024-03-05 09:00"] * 2, "resolved_at": ["2024-03-05", "2024-03-04"]}
    >>> read = read_times(told, "UTC", None)["resolved_at"]
    >>> read[0][0].astype("datetime64[s]").item().isoformat(), read[1]
    ('2024-03-05T23:59:59', [1])
    """
    if date_order is None:
        date_order = order_from(*find_date_order(columns))
    present = [name for name in TIME_COLUMNS if name in columns]
    read = {}
    for name in present:
        values = list(columns[name])
        seconds, bad = parse_times(columns[name], tz, date_order, name)
        read[name] = seconds, [i for i in bad if not cells.says_nothing(values[i])]
    if len(read) == 2:
        created, (resolved, bad) = read["created_at"][0], read["resolved_at"]
        early = np.flatnonzero((resolved < created) & (resolved != NO_TIME))
        resolved[early] = [_end_of_day(int(resolved[i]), int(created[i]), zone_of(tz)) for i in early]
        read["resolved_at"] = resolved, sorted([*bad, *early[resolved[early] == NO_TIME].tolist()])
    return read


def _end_of_day(resolved: int, created: int, zone: tzinfo) -> int:
    """The last second of the day of both, where `resolved` is its midnight; otherwise `NO_TIME`."""
    told, written = (datetime.fromtimestamp(seconds, zone) for seconds in (resolved, created))
    if told.time() != time.min or told.date() != written.date():
        return NO_TIME
    return parse_time(told.date() + timedelta(days=1), zone) - 1
