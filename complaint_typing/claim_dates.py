"""When the tickets were written that count for or against a customer: dates that a person can look up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from .facts import DAY
from .spoken import SPOKEN, Spoken

_ONE = Spoken(zh="一年内前诉：{first}（UTC）", en="earlier ticket of the year: {first} (UTC)")
_MANY = Spoken(
    zh="一年内前诉：{first} 至 {last}（UTC）",
    en="earlier tickets of the year: {first} to {last} (UTC)",
)
_EPOCH = date(1970, 1, 1).toordinal()
DATED_PHRASES = tuple(phrases[lang] for phrases in (_ONE, _MANY) for lang in SPOKEN)
"""What a phrase about dates looks like, with ``{first}`` and ``{last}``."""


def claim_dates(at: int, facts_of_one: Mapping[str, Any], lang: str) -> str:
    """The dates of the first and the last ticket that the facts of a year count, in words.

    Parameters
    ----------
    at : int
        When the ticket asked about was written, in seconds since 1970 UTC.
    facts_of_one : mapping of str to number
        `tickets_365d`, `days_since_first` and `days_since_last`.
    lang : str
        One of `SPOKEN`.

    Returns
    -------
    str
        "" where none is counted.

    >>> claim_dates(1_767_225_600, {"tickets_365d": 2, "days_since_first": 90.5, "days_since_last": 1}, "en")
    'earlier tickets of the year: 2025-10-02 to 2025-12-31 (UTC)'
    """
    count = facts_of_one["tickets_365d"]
    if not count:
        return ""
    days = facts_of_one["days_since_first"], facts_of_one["days_since_last"]
    first, last = [_date((at - round(float(past) * DAY)) // DAY) for past in days]
    return (_ONE if count == 1 else _MANY)[lang].format(first=first, last=last)


@lru_cache(maxsize=4096)
def _date(day: int) -> str:
    return date.fromordinal(_EPOCH + day).isoformat()
