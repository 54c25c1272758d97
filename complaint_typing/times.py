"""Times as people and systems write them, to seconds since 1970-01-01 UTC."""

from __future__ import annotations

import re
from calendar import timegm
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from itertools import compress
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from .errors import AmbiguousDates, BadOption, BadValue
from .iso_times import iso_seconds, utc_offset, utc_offsets
from .missing import is_missing
from .time_patterns import COMPACT, EPOCH, MONTH_NUMBER, NAMED, YEAR_FIRST, YEAR_LAST, canonical

NO_TIME: int = -(2**62)
"""The int64 that stands for a missing time."""
EARLIEST, LATEST = timegm((1900, 1, 1, 0, 0, 0)), timegm((2200, 1, 1, 0, 0, 0))
_FARTHEST_PAST, _FARTHEST_FUTURE = EARLIEST - 10**7, LATEST + 10**7

_EPOCH_DAY = date(1970, 1, 1).toordinal()
_REMEDY = "write it as 2024-12-31 09:30"
_ZONE_REMEDY = "use a name such as Asia/Shanghai or an offset such as +08:00 (Windows: pip install tzdata)"
_LONGEST = 64
_FIRST_OF_1900 = 69
_YEAR_LAST_HINT = re.compile(r"\n[^\S\n]{0,9}\d\d?[-/.－／．]\d\d?[-/.－／．]\d{4}")
_ISO_MARKS = {16: ("-- :", "--T:"), 19: ("-- ::", "--T::")}
_OFFSET = re.compile(r"[+-]\d\d(:?\d\d)?", re.ASCII)


def zone_of(tz: str | tzinfo) -> tzinfo:
    """The time zone of a name (``Asia/Shanghai``), an offset (``+08:00``) or ``UTC``.

    Raises
    ------
    BadValue
        When there is no such zone.

    >>> zone_of("+08:00").utcoffset(None)
    datetime.timedelta(seconds=28800)
    >>> zone_of("Mars/Base")
    Traceback (most recent call last):
        ...
    complaint_typing.errors.BadOption: tz: not a time zone, got 'Mars/Base'; ...
    """
    if not isinstance(tz, str | tzinfo):
        raise BadOption("tz", tz, "a time zone", _ZONE_REMEDY)
    return _named_zone(tz) if isinstance(tz, str) else tz


@lru_cache(maxsize=64)
def _named_zone(name: str) -> tzinfo:
    if name.upper() in {"UTC", "Z", "GMT"}:
        return timezone.utc
    try:
        return timezone(_offset(name)) if _OFFSET.fullmatch(name) else ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        raise BadOption("tz", name, "a time zone", _ZONE_REMEDY) from None


def checked_order(date_order: str | None) -> str | None:
    """An order of day and month that there is.

    Raises
    ------
    BadValue
        When it is another.
    """
    if date_order is not None and not (isinstance(date_order, str) and date_order in ("dmy", "mdy")):
        raise BadOption("date_order", date_order, "an order of day and month", 'use "dmy" or "mdy"')
    return date_order


def zone_name(tz: str | tzinfo) -> str:
    """What :func:`zone_of` reads as the same zone; of a zone that has no such name its offset of today.

    >>> zone_name(zone_of("Asia/Shanghai")), zone_name(timezone(timedelta(hours=-3, minutes=-30)))
    ('Asia/Shanghai', '-03:30')
    """
    if isinstance(tz, str):
        return tz
    named = getattr(tz, "key", None) or getattr(tz, "zone", None)
    if named:
        return str(named)
    minutes = int((datetime.now(tz).utcoffset() or timedelta()).total_seconds() // 60)
    sign, minutes = ("-", -minutes) if minutes < 0 else ("+", minutes)
    return f"{sign}{minutes // 60:02d}:{minutes % 60:02d}" if minutes else "UTC"


def _offset(text: str) -> timedelta:
    digits = text[1:].replace(":", "")
    digits = digits.zfill(len(digits) + len(digits) % 2).ljust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return timedelta(minutes=-minutes if text[0] == "-" else minutes)


def _hour(match: re.Match[str]) -> int:
    """Hours since midnight, from a clock of 12 or 24 hours."""
    groups = match.groupdict()
    hour = int(groups["H"] or 0)
    half = (groups.get("am1") or groups.get("am2") or "")[:1]
    if half == "A" and hour > 12:
        raise ValueError("no such hour")
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "P" else 0)
    return hour


def _instant(match: re.Match[str], month: int, day: int, zone: tzinfo) -> int:
    """Seconds UTC of a matched date and clock; a clock without a zone is one of `zone`.

    A year of two digits is one from 1969 to 2068, as POSIX reads it.
    """
    year = int(match["y"])
    if len(match["y"]) == 2:
        year += 1900 if year >= _FIRST_OF_1900 else 2000
    local = datetime(year, month, day, _hour(match), int(match["M"] or 0), int(match["S"] or 0))
    named = (match["zone"] or "").removeprefix("UTC").removeprefix("GMT")
    if not match["zone"]:
        return _since_1970(local) - utc_offset(local, zone)
    return _since_1970(local) - (int(_offset(named).total_seconds()) if named[:1] in ("+", "-") else 0)


def _since_1970(local: datetime) -> int:
    days = local.toordinal() - _EPOCH_DAY
    return 86_400 * days + 3600 * local.hour + 60 * local.minute + local.second


def _plain_iso(text: str) -> datetime | None:
    """A text such as ``2024-12-31 09:30`` or ``2024-12-31T09:30:00``; None for all others."""
    if text[4:17:3] not in _ISO_MARKS.get(len(text), ()) or text[11:13] == "24":
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _read(text: str, zone: tzinfo, date_order: str | None) -> int:
    """Seconds of a text; ValueError where it is no time, AmbiguousDates where its order is open."""
    if local := _plain_iso(text):
        return _since_1970(local) - utc_offset(local, zone)
    text = canonical(text) if len(text) <= _LONGEST else ""
    if match := YEAR_FIRST.fullmatch(text):
        return _instant(match, int(match["m"]), int(match["d"]), zone)
    if match := YEAR_LAST.fullmatch(text):
        a, b = int(match["a"]), int(match["b"])
        order = date_order or ("dmy" if a > 12 or a == b else "mdy" if b > 12 else None)
        if order is None:
            raise AmbiguousDates("time", [text])
        return _instant(match, b if order == "dmy" else a, a if order == "dmy" else b, zone)
    if match := EPOCH.fullmatch(text):
        return int(match[1])
    if match := COMPACT.fullmatch(text):
        return _instant(match, int(match["m"]), int(match["d"]), zone)
    for pattern in NAMED:
        if (match := pattern.fullmatch(text)) and match["mon"] in MONTH_NUMBER:
            return _instant(match, MONTH_NUMBER[match["mon"]], int(match["d"]), zone)
    raise ValueError("not a time")


def _from_datetime(value: datetime, zone: tzinfo) -> int:
    """Seconds UTC of a datetime or Timestamp; a naive one is local time of `zone`."""
    if value.tzinfo:
        return int(value.timestamp() // 1)
    local = datetime(value.year, value.month, value.day, value.hour, value.minute, value.second)
    return _since_1970(local) - utc_offset(local, zone)


def _from_datetime64(values: NDArray[np.datetime64], zone: tzinfo) -> NDArray[np.int64]:
    """Seconds UTC of local datetime64 values, NO_TIME for NaT."""
    known = ~np.isnat(values)
    seconds = np.full(values.shape, NO_TIME, np.int64)
    local = values[known].astype("datetime64[s]").astype(np.int64)
    local = np.clip(local, _FARTHEST_PAST, _FARTHEST_FUTURE)
    seconds[known] = local - utc_offsets(local, zone)
    return seconds


def _seconds(value: object, zone: tzinfo, date_order: str | None) -> int:
    """Seconds of one value of any kind; NO_TIME for none, ValueError for what is no time."""
    if isinstance(value, str):
        seconds = _read(value, zone, date_order) if value and not value.isspace() else NO_TIME
    elif is_missing(value):
        seconds = NO_TIME
    elif isinstance(value, datetime):
        seconds = _from_datetime(value, zone)
    elif isinstance(value, date):
        seconds = _read(value.isoformat(), zone, date_order)
    elif isinstance(value, np.datetime64):
        seconds = int(_from_datetime64(np.array([value]), zone)[0])
    elif hasattr(value, "__int__") and not (isinstance(value, (bool, np.bool_)) or hasattr(value, "__len__")):
        seconds = _read(str(int(value)), zone, date_order)
    else:
        raise ValueError("not a time")
    if seconds != NO_TIME and not EARLIEST <= seconds < LATEST:
        raise ValueError("outside 1900 to 2199")
    return seconds


def parse_time(value: object, tz: str | tzinfo = "UTC", date_order: str | None = None) -> int:
    """Read one time.

    Parameters
    ----------
    value : object
        A text (ISO 8601; ``2024/3/5 9:30``; ``2024年3月5日 下午3时30分``; ``20240305 093000``;
        ``21 Nov 2026 10:00``; ``21/Nov/26 10:00 AM``; ``Nov 21, 2026 10:00 AM``; ``31/12/2024``;
        ``民國113年3月5日``; epoch seconds, milli-, micro- or nanoseconds),
        a datetime, date, pandas Timestamp, numpy datetime64, a number (epoch or ``20240305``), or None,
        NaN, NaT.
    tz : str or tzinfo, default "UTC"
        Zone of times that name none.
    date_order : {"dmy", "mdy"}, optional
        Order of dates with the year last, where the date itself does not tell.

    Returns
    -------
    int
        Seconds since 1970-01-01 UTC, fractions cut; `NO_TIME` for a missing value or a blank text.

    Raises
    ------
    BadValue
        When it is no time, or lies outside 1900-01-01 to 2199-12-31.
    AmbiguousDates
        When the order of day and month is open.

    Examples
    --------
    >>> parse_time("2024-03-05T09:30:00+08:00"), parse_time("2024年3月5日 9时30分", "Asia/Shanghai")
    (1709602200, 1709602200)
    >>> parse_time("32/13/2024")
    Traceback (most recent call last):
        ...
    complaint_typing.errors.BadValue: column time: not a time, got '32/13/2024'; write it as 2024-12-31 09:30
    """
    zone = zone_of(tz)
    try:
        return _seconds(value, zone, date_order)
    except AmbiguousDates:
        raise
    except (ValueError, OverflowError):
        raise BadValue(None, "time", value, "a time", _REMEDY) from None


def has_year_last(column: Iterable[object]) -> bool:
    """Whether any text may be a date with the year last, so that its order matters.

    >>> has_year_last(["2024-03-05", "3/5/2024"]), has_year_last(["2024-03-05", "20240305"])
    (True, False)
    """
    together = "\n".join(["", *[value for value in column if isinstance(value, str)]])
    return _YEAR_LAST_HINT.search(together) is not None


def date_evidence(column: Iterable[object]) -> dict[str, str]:
    """What the dates with the year last say about their order.

    Returns
    -------
    dict of str to str
        An example of each that occurs: ``dmy`` (a number above 12 first), ``mdy`` (second), ``open``.

    >>> date_evidence(["2024-01-02", "03/05/2024", "25/12/2024 10:00"])
    {'open': '03/05/2024', 'dmy': '25/12/2024 10:00'}
    """
    found: dict[str, str] = {}
    for value in column:
        if isinstance(value, str) and len(value) <= _LONGEST:
            match = YEAR_LAST.fullmatch(canonical(value))
            a, b = (int(match["a"]), int(match["b"])) if match else (0, 0)
            if a != b:
                found.setdefault("dmy" if a > 12 else "mdy" if b > 12 else "open", value)
    return found


def order_from(evidence: dict[str, str], column: str = "time") -> str | None:
    """The order that the evidence decides; None where every date speaks for itself.

    Raises
    ------
    AmbiguousDates
        When there are open dates and nothing, or contradictory dates, to decide them.

    >>> order_from({"open": "03/05/2024", "dmy": "25/12/2024"})
    'dmy'
    >>> order_from({"open": "03/05/2024"})
    Traceback (most recent call last):
        ...
    complaint_typing.errors.AmbiguousDates: column time: day and month cannot be told apart, ...
    """
    if "open" not in evidence:
        return None
    decided = [order for order in ("dmy", "mdy") if order in evidence]
    if len(decided) == 1:
        return decided[0]
    raise AmbiguousDates(column, list(evidence.values()), contradictory=bool(decided))


def parse_times(
    column: Sequence[object], tz: str | tzinfo = "UTC", date_order: str | None = None, name: str = "time"
) -> tuple[NDArray[np.int64], list[int]]:
    """Read a column of times.

    Parameters
    ----------
    column : sequence of object, of length n
        Values as for :func:`parse_time`; an array of datetime64 is read at once.
    tz : str or tzinfo, default "UTC"
        Zone of times that name none.
    date_order : {"dmy", "mdy"}, optional
        Order of dates with the year last; by default the whole column decides.
    name : str, default "time"
        Name of the column, for the error.

    Returns
    -------
    seconds : ndarray of int64 of shape (n,)
        Seconds since 1970-01-01 UTC, `NO_TIME` where missing or bad.
    bad : list of int
        Positions of the values that are no times.

    Raises
    ------
    AmbiguousDates
        When the order of day and month stays open over the whole column.

    >>> parse_times(["2024-03-05", "soon", None])
    (array([ 1709596800, -4611686018427387904, -4611686018427387904]), [1])
    """
    zone = zone_of(tz)
    if getattr(getattr(column, "dtype", None), "kind", "") == "M" and np.asarray(column).dtype.kind == "M":
        return _checked(_from_datetime64(np.asarray(column), zone))
    values = list(column)
    seconds = np.full(len(values), NO_TIME, np.int64)
    left = np.array([value.__class__ is not str or value != "" for value in values], bool)
    given = np.flatnonzero(left)
    for where, local, named in iso_seconds([*compress(values, left)]):
        places = given[where]
        seconds[places] = local - utc_offsets(local, zone_of(named) if named else zone)
        left[places] = False
    rest = np.flatnonzero(left).tolist()
    if date_order is None and has_year_last(values[i] for i in rest):
        date_order = order_from(date_evidence(values[i] for i in rest), name)
    seconds, bad = _checked(seconds)
    for i in rest:
        try:
            seconds[i] = _seconds(values[i], zone, date_order)
        except (ValueError, OverflowError):
            bad.append(i)
    return seconds, sorted(bad)


def _checked(seconds: NDArray[np.int64]) -> tuple[NDArray[np.int64], list[int]]:
    """Times outside the valid range made missing, and where they were."""
    bad = (seconds != NO_TIME) & ((seconds < EARLIEST) | (seconds >= LATEST))
    seconds[bad] = NO_TIME
    return seconds, np.flatnonzero(bad).tolist()
