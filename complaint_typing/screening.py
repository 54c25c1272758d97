"""Screening from history facts alone: may goodwill be considered, and is the abuse gate open?"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .claim_dates import claim_dates
from .policy_domain import GOODWILL
from .spoken import Spoken
from .taxonomy import spoken_language

RECENT_DAYS = 30
REVIEW_DAYS = 90
GATE_TICKETS = 3
REPEATED = 2
CLEAR, REVIEW, DECLINE, UNKNOWN = range(4)
_COUNTED = (
    *("resolved_365d", "justified_365d", "unproven_365d", "goodwill_365d"),
    "visits_after_goodwill_365d",
)
_READ = ("known", "has_outcomes", "days_since_goodwill", *_COUNTED)
_GATE_READS = ("known", "tickets_365d", "goodwill_365d", "resolved_365d", "unproven_365d")
_REASONS = Spoken(
    zh={
        "unknown": "没有历史可看：额外的先经批准再给，并说明是这一次的特例。",
        "justified": "一年内有结论的 {0} 件中 {1} 件属实，多数属实的客户受保护。",
        "unproven": "一年内有结论的 {0} 件中 {1} 件未获证实。",
        "goodwill": "一年内已给过 {0} 次心意补偿。",
        "visits": "一年内有 {0} 次是在收到心意补偿后的 30 天内又来的。",
        "since": "上一次心意补偿在 {0} 天前。",
        "dates": "{0}。",
        "none": "历史记录中没有妨碍心意补偿的情况。",
        "clear": "如果给，先解决问题本身，并说明是这一次的特例。",
        "review": "给之前请人看过历史再定；如果给，先解决问题本身，并说明是这一次的特例。",
        "decline": "不再另给；应得的照常办理。",
    },
    en={
        "unknown": "No history to look at: any extra needs approval, and is called a one-off.",
        "justified": "{1} of {0} findings within a year were justified: protected.",
        "unproven": "{1} of {0} findings within a year were unproven.",
        "goodwill": "Goodwill payments within a year: {0}.",
        "visits": "Tickets within 30 days after a goodwill payment, within a year: {0}.",
        "since": "Days since the last goodwill: {0}.",
        "dates": "{0}.",
        "none": "Nothing in the history stands against goodwill.",
        "clear": "If granted, only after the problem itself is solved, and told as an exception.",
        "review": "A person looks at the history before anything is given. If granted, only after the "
        "problem itself is solved, and told as an exception.",
        "decline": "Nothing extra is given; what is owed is done as usual.",
    },
)


def screen(facts: Mapping[str, ArrayLike]) -> NDArray[np.int8]:
    """Whether goodwill may be considered, from the customer's history alone (sources 003 and 004).

    The first rule that holds decides. *Mostly unproven* means that there are findings within 365 days, and
    that at least half of them are ``no`` or ``unknown``.

    1. No customer id, no time or no outcomes: ``unknown``.
    2. More than half of the findings justified: ``clear``, or ``review`` when the last goodwill is at most
       30 days old. A customer who was mostly right is protected (003: screening is for repeated claims).
    3. Goodwill given twice or more within 365 days and mostly unproven: ``decline`` (004: gifts bring them
       back).
    4. Goodwill within 90 days, or given twice or more, or two or more visits within 30 days after goodwill
       (004: what gifts do), or mostly unproven with two or more such findings: ``review`` (003: look at the
       caller's history first).
    5. Otherwise ``clear``.

    Parameters
    ----------
    facts : mapping of str to array of shape (n_tickets,)
        `known` and `has_outcomes` (bool), `resolved_365d`, `justified_365d`, `unproven_365d`,
        `goodwill_365d` and `visits_after_goodwill_365d` (counts), `days_since_goodwill` (days, NaN for
        never).

    Returns
    -------
    int8 array of shape (n_tickets,)
        Positions in `GOODWILL`: 0 clear, 1 review, 2 decline, 3 unknown.

    >>> past = {"known": [True] * 3, "has_outcomes": [True] * 3, "resolved_365d": [0, 4, 4],
    ...     "justified_365d": [0, 3, 0], "unproven_365d": [0, 1, 4], "goodwill_365d": [0, 2, 2],
    ...     "visits_after_goodwill_365d": [0, 1, 1], "days_since_goodwill": [float("nan"), 200, 200]}
    >>> [GOODWILL[code] for code in screen(past)]
    ['clear', 'clear', 'decline']
    """
    return _RULINGS[_situation({name: np.asarray(facts[name]) for name in _READ})]


def screen_one(facts: Mapping[str, Any]) -> int:
    """:func:`screen` of one ticket, from plain numbers."""
    return int(_RULINGS[_situation(facts)])


def _situation(facts: Mapping[str, Any]) -> Any:
    """What the rules of `screen` look at, as the bits of one number; for numbers as for arrays."""
    repeated = facts["goodwill_365d"] >= REPEATED
    returning = facts["visits_after_goodwill_365d"] >= REPEATED
    doubtful = mostly_unproven(facts)
    unproven = doubtful & (facts["unproven_365d"] >= REPEATED)
    days = facts["days_since_goodwill"]
    unknown = (facts["known"] * facts["has_outcomes"]) == 0
    protected = 2 * facts["justified_365d"] > facts["resolved_365d"]
    review = (days <= REVIEW_DAYS) | repeated | returning | unproven
    return 1 * unknown + 2 * protected + 4 * (days <= RECENT_DAYS) + 8 * (repeated & doubtful) + 16 * review


def _ruling(situation: int) -> int:
    """The first rule of `screen` that holds."""
    unknown, protected, recent, repeated, review = (bool(situation >> bit & 1) for bit in range(5))
    if unknown:
        return UNKNOWN
    if protected:
        return REVIEW if recent else CLEAR
    return DECLINE if repeated else REVIEW if review else CLEAR


_RULINGS = np.array([_ruling(situation) for situation in range(32)], dtype=np.int8)


def abuse_gate(facts: Mapping[str, ArrayLike]) -> NDArray[np.bool_]:
    """Whether the history allows `repeat_abuser` at all (sources 003 and 004).

    Open only for a known customer with, within 365 days, at least 3 earlier tickets or 2 with goodwill, and
    at least half of the resolved ones, and at least one, found ``no`` or ``unknown``; one without a finding
    counts as resolved and as nothing else. More than half justified closes it.

    Parameters
    ----------
    facts : mapping of str to array of shape (n_tickets,)
        `known` (bool), `tickets_365d`, `goodwill_365d`, `resolved_365d` and `unproven_365d` (counts).

    Returns
    -------
    bool array of shape (n_tickets,)

    >>> past = {"known": [True, True, False], "tickets_365d": [3, 3, 3], "goodwill_365d": [0, 0, 0],
    ...     "resolved_365d": [2, 3, 2], "unproven_365d": [1, 1, 2]}
    >>> abuse_gate(past).tolist()
    [True, False, False]
    """
    return np.asarray(gate_open({name: np.asarray(facts[name]) for name in _GATE_READS}), dtype=bool)


def gate_open(facts: Mapping[str, Any]) -> Any:
    """:func:`abuse_gate` of one ticket, from plain numbers; for arrays as well."""
    often = facts["tickets_365d"] >= GATE_TICKETS
    gifted = facts["goodwill_365d"] >= REPEATED
    return (facts["known"] * 1 == 1) & (often | gifted) & mostly_unproven(facts)


def mostly_unproven(facts: Mapping[str, Any]) -> Any:
    """Whether at least half of the resolved tickets, and at least one, are unproven; for arrays as well."""
    resolved = facts["resolved_365d"]
    return (resolved >= 1) & (2 * facts["unproven_365d"] >= resolved)


def screening_reasons(facts_of_one: Mapping[str, Any], lang: str, at: int | None = None) -> list[str]:
    """Why one customer was screened as `screen` says, and what follows, as sentences for people.

    Parameters
    ----------
    facts_of_one : mapping of str to number
        The facts of `screen`, for one ticket.
    lang : str
        One of `SPOKEN`.
    at : int, optional
        When the ticket was written, in seconds since 1970 UTC: then the dates of what was counted are told.

    Returns
    -------
    list of str
        The facts that were read, then what follows from them.

    Raises
    ------
    BadValue
        When there are no texts in that language.

    >>> past = {"known": True, "has_outcomes": True, "resolved_365d": 4, "justified_365d": 1,
    ...     "unproven_365d": 3, "goodwill_365d": 2, "visits_after_goodwill_365d": 2,
    ...     "days_since_goodwill": 12.5}
    >>> for reason in screening_reasons(past, "en"):
    ...     print(reason)
    3 of 4 findings within a year were unproven.
    Goodwill payments within a year: 2.
    Tickets within 30 days after a goodwill payment, within a year: 2.
    Days since the last goodwill: 12.
    Nothing extra is given; what is owed is done as usual.
    """
    words = _REASONS[spoken_language(lang)]
    code = screen_one(facts_of_one)
    if code == UNKNOWN:
        return [words["unknown"]]
    resolved, justified, unproven, goodwill, visits = [int(facts_of_one[name]) for name in _COUNTED]
    days, reasons = float(facts_of_one["days_since_goodwill"]), []
    if 2 * justified > resolved:
        reasons.append(_sentence(lang, "justified", resolved, justified))
    if unproven:
        reasons.append(_sentence(lang, "unproven", resolved, unproven))
    if goodwill:
        reasons.append(_sentence(lang, "goodwill", goodwill))
    if visits:
        reasons.append(_sentence(lang, "visits", visits))
    if days == days:  # not NaN, for never
        reasons.append(_sentence(lang, "since", int(days)))
    dates = claim_dates(at, facts_of_one, lang) if reasons and at is not None else ""
    if dates:
        reasons.append(words["dates"].format(dates[:1].upper() + dates[1:]))
    return [*(reasons or [words["none"]]), words[GOODWILL[code]]]


@lru_cache(maxsize=4096)
def _sentence(lang: str, name: str, *numbers: int) -> str:
    return _REASONS[lang][name].format(*numbers)
