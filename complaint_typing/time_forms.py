"""Says in which forms the times of a column are written, and whether they name their time zone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from .time_patterns import COMPACT, EPOCH, MONTH_NUMBER, NAMED, YEAR_FIRST, YEAR_LAST, canonical

NO_TIME_FORM = "not a time"
_DIGITS = str.maketrans("123456789１２３４５６７８９", "000000000０００００００００")
_MOST_SHAPES = 10_000
_SINCE_1970 = {
    10: "seconds since 1970",
    13: "milliseconds since 1970",
    16: "microseconds since 1970",
    19: "nanoseconds since 1970",
}


@dataclass
class TimeForms:
    """The forms of the times of one column.

    Parameters
    ----------
    forms : Counter of str
        How many times are written so.
    with_zone, without_zone : int
        Times that name their zone, and that do not.
    """

    forms: Counter[str] = field(default_factory=Counter)
    with_zone: int = 0
    without_zone: int = 0
    _shapes: dict[str, str] = field(default_factory=dict, repr=False, compare=False)

    def add(self, column: Iterable[str], date_order: str | None = None) -> None:
        """Count the cells of a column; empty ones are no times.

        >>> found = TimeForms()
        >>> found.add(["2024-03-05T09:30:00Z", "5/3/2024", "", "soon"], "dmy")
        >>> dict(found.forms), found.with_zone, found.without_zone
        ({'YYYY-MM-DDThh:mm:ss and zone': 1, 'D/M/YYYY': 1, 'not a time': 1}, 1, 1)
        """
        for shape, count in Counter(cell.strip().translate(_DIGITS) for cell in column).items():
            if not shape:
                continue
            if len(self._shapes) < _MOST_SHAPES:
                form = self._shapes.setdefault(shape, time_form(shape.replace("0", "1"), date_order))
            else:
                form = self._shapes.get(shape, NO_TIME_FORM)
            self.forms[form] += count
            zoned = form.endswith(" and zone") or "since 1970" in form
            self.with_zone += count * zoned
            self.without_zone += count * (not zoned and form != NO_TIME_FORM)


def time_form(text: str, date_order: str | None = None) -> str:
    """The form of a time as a pattern; ``not a time`` where it is none.

    >>> [time_form(t) for t in ("2024年3月5日 9时30分", "20240305", "1709600000", "5 Mar 2024 9:30 PM")]
    ['YYYY年M月D日 h:mm', 'YYYYMMDD', 'seconds since 1970', 'D Mon YYYY h:mm AM/PM']
    """
    plain = canonical(text) if len(text) <= 64 else ""
    if match := YEAR_FIRST.fullmatch(plain):
        month, day = "M" * len(match["m"]), "D" * len(match["d"])
        written = "YYYY年M月D日" if "年" in text else match[2].join(("YYYY", month, day))
        return written + _clock(match)
    if match := YEAR_LAST.fullmatch(plain):
        orders = {"dmy": [("D", "M")], "mdy": [("M", "D")]}.get(date_order or "", [("D", "M"), ("M", "D")])
        sizes = (len(match["a"]), len(match["b"]))
        days = (match[2].join((a * sizes[0], b * sizes[1], "YYYY")) for a, b in orders)
        return " or ".join(days) + _clock(match)
    if match := EPOCH.fullmatch(plain):
        return _SINCE_1970[len(match[1] + (match[2] or ""))]
    if match := COMPACT.fullmatch(plain):
        return "YYYYMMDD" + (" hhmm" if match["H"] else "") + ("ss" if match["S"] else "") + _zone(match)
    for pattern, form in zip(NAMED, ("D Mon YYYY", "Mon D, YYYY"), strict=True):
        if (match := pattern.fullmatch(plain)) and match["mon"] in MONTH_NUMBER:
            return form[: len(form) - 2 * (len(match["y"]) == 2)] + _clock(match)
    return NO_TIME_FORM


def _clock(match: re.Match[str]) -> str:
    """The clock behind a date."""
    if not match["H"]:
        return ""
    apart = "T" if "T" in match[0][8:12] else " "
    half = " AM/PM" if match["am1"] or match["am2"] else ""
    minutes = (":mm" if match["M"] else "") + (":ss" if match["S"] else "")
    return apart + "h" * len(match["H"]) + minutes + half + _zone(match)


def _zone(match: re.Match[str]) -> str:
    return " and zone" if match["zone"] else ""
