"""Reads whole columns of equally written ISO 8601 times at once, and shifts whole columns between zones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone, tzinfo
from itertools import compress

import numpy as np
from numpy.typing import NDArray

_EPOCH = datetime(1970, 1, 1)
_DAY = 86400
_ZERO_DIGIT = 48
_Whole = NDArray[np.int64]
_SHAPE = re.compile(
    r"(?P<clock>\d{4}[-/.]\d\d[-/.]\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?)"
    r"(?:(?<=:\d\d:\d\d)(?:[.,]\d{1,9})?(?: ?(?P<zone>Z|[+-]\d\d:?\d\d))?)?",
    re.ASCII,
)
_FIELDS = ((0, 4), (5, 2), (8, 2), (11, 2), (14, 2), (17, 2))
_WORTH = np.zeros((len(_FIELDS), 19))
"""What the digit at each place of a clock adds to each field."""
for _field, (_start, _size) in enumerate(_FIELDS):
    _WORTH[_field, _start : _start + _size] = 10.0 ** np.arange(_size)[::-1]
_MARKS = {4: "-/.", 7: "-/.", 10: "T ", 13: ":", 16: ":"}
_ROUNDS = 4
_SINGLE_DIGIT = re.compile(r"(?<![0-9])([0-9])(?![0-9])")
_MONTH_DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])


def days_from_civil(year: _Whole, month: _Whole, day: _Whole) -> _Whole:
    """Days since 1970-01-01 of dates of the Gregorian calendar.

    Source: H. Hinnant, "chrono-compatible low-level date algorithms".

    >>> days_from_civil(np.array([1970, 2024]), np.array([1, 2]), np.array([1, 29]))
    array([    0, 19782])
    """
    year = year - (month <= 2)
    era = year // 400
    year_of_era = year - era * 400
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return era * 146097 + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - 719468


def _civil(fields: list[NDArray[np.int64]]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Seconds of year, month, day and as much of the clock as there is, and where they exist."""
    year, month, day = fields[:3]
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    length = _MONTH_DAYS[np.clip(month, 0, 12)] + (leap & (month == 2))
    valid = (month >= 1) & (month <= 12) & (day >= 1) & (day <= length) & (year >= 1)
    seconds = days_from_civil(year, np.clip(month, 1, 12), day) * _DAY
    for value, unit, limit in zip(fields[3:], (3600, 60, 1), (24, 60, 60), strict=False):
        seconds += value * unit
        valid &= value < limit
    return seconds, valid


def uniform_iso(values: Sequence[object]) -> tuple[NDArray[np.int64], NDArray[np.bool_], str]:
    """Read the values written like the first of a known shape: ``2024-03-05``, ``2024/03/05T09:30:00+08:00``.

    Parameters
    ----------
    values : sequence of object, of length n
        Anything; only texts are read.

    Returns
    -------
    seconds : ndarray of int64 of shape (n,)
        Since 1970-01-01 in the zone that they name; 0 where not read.
    done : ndarray of bool of shape (n,)
        Which values were read. All others need a closer look.
    zone : str
        The zone that they all name: "", "Z" or an offset such as "+08:00".

    >>> seconds, done, zone = uniform_iso(["2024-03-05T09:30:00Z", "", "2024-02-30T00:00:00Z"])
    >>> seconds[0].item(), done.tolist(), zone
    (1709631000, [True, False, False], 'Z')
    """
    n = len(values)
    texts = [v if isinstance(v, str) else "" for v in values]
    first = next((v for v in texts if _SHAPE.fullmatch(v)), "")
    shape = _SHAPE.fullmatch(first)
    seconds, done = np.zeros(n, np.int64), np.zeros(n, bool)
    if shape is None:
        return seconds, done, ""
    width, size = shape.end("clock"), len(first)
    same = np.flatnonzero(np.fromiter(map(len, texts), np.intp, n) == size)
    written = "".join(texts if len(same) == n else [texts[i] for i in same.tolist()])
    codes = np.frombuffer(written.encode("ascii", "replace"), np.uint8).reshape(-1, size)
    good = (codes[:, width:] == np.frombuffer(first[width:].encode(), np.uint8)).all(axis=1)
    codes = np.ascontiguousarray(codes[:, :width].T)
    for place, marks in _MARKS.items():
        if place < width:
            good &= np.logical_or.reduce([codes[place] == ord(mark) for mark in marks])
    digits, worth = codes - np.uint8(_ZERO_DIGIT), _WORTH[:, :width]
    worth = worth[worth.any(axis=1)]
    good &= (codes[4] == codes[7]) & (digits[worth.any(axis=0)] <= 9).all(axis=0)
    read, exists = _civil([*(worth @ digits.astype(np.float64)).astype(np.int64)])
    good &= exists
    seconds[same[good]], done[same[good]] = read[good], True
    return seconds, done, shape["zone"] or ""


def padded(values: Sequence[object]) -> list[object]:
    """The same values; texts get two digits where they have one.

    >>> padded(["2024/3/5 9:30", None])
    ['2024/03/05 09:30', None]
    """
    texts = [v if isinstance(v, str) and "\n" not in v else "" for v in values]
    twice = _SINGLE_DIGIT.sub(r"0\1", "\n".join(texts)).split("\n")
    return [new if new else old for old, new in zip(values, twice, strict=bool(texts))]


def iso_seconds(values: Sequence[object]) -> list[tuple[NDArray[np.int64], _Whole, str]]:
    """Read the few ways of writing ISO times that a column has, one after the other.

    Returns
    -------
    list of (ndarray of positions, ndarray of seconds, str)
        For each way: where, seconds in the zone that it names, and that zone ("" for none).

    >>> [(where.tolist(), zone) for where, _, zone in iso_seconds(["2024-03-05", "soon", "2024/3/5 9:30"])]
    [([0], ''), ([2], '')]
    """
    groups = []
    left, texts = np.arange(len(values)), list(values)
    for attempt in range(_ROUNDS):
        seconds, done, zone = uniform_iso(texts)
        if done.any():
            groups.append((left[done], seconds[done], zone))
            texts, left = list(compress(texts, ~done)), left[~done]
        if not texts:
            break
        if attempt == 0:
            texts = padded(texts)
    return groups


def utc_offset(local: datetime, zone: tzinfo) -> int:
    """Seconds that a zone is ahead of UTC at a local time; the first of two where the clock was set back.

    >>> from datetime import timezone
    >>> utc_offset(datetime(2024, 3, 5), timezone(timedelta(hours=8)))
    28800
    """
    offset = zone.utcoffset(local)
    return (offset.days * _DAY + offset.seconds) if offset else 0


def utc_offsets(local: NDArray[np.int64], zone: tzinfo) -> NDArray[np.int64]:
    """As :func:`utc_offset`, for local seconds; days without a change of the clock are looked up once.

    >>> from datetime import timezone
    >>> utc_offsets(np.array([0, 10**9]), timezone(timedelta(hours=8)))
    array([28800, 28800])
    """
    if isinstance(zone, timezone):
        return np.full(local.shape, utc_offset(_EPOCH, zone), np.int64)
    days, where = np.unique(local // _DAY, return_inverse=True)
    starts = [_EPOCH + timedelta(days=int(day)) for day in days]
    at_start = np.array([utc_offset(start, zone) for start in starts], np.int64)
    at_end = np.array([utc_offset(start + timedelta(seconds=_DAY - 1), zone) for start in starts], np.int64)
    offsets = at_start[where.ravel()]
    for i in np.flatnonzero((at_start != at_end)[where.ravel()]):
        offsets[i] = utc_offset(_EPOCH + timedelta(seconds=int(local[i])), zone)
    return offsets
