"""History by plain counting: for each ticket, go through all others. Slow, and read aloud from the rules."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from complaint_typing.columns import NO_TIME
from complaint_typing.facts import DAY, FACT_NAMES
from complaint_typing.history import add_history
from complaint_typing.ticket_log import NOBODY, TicketLog

YEAR = 365 * DAY
BASES = (0, 1_700_000_000, -2_208_988_800, 7_258_118_399 - 2 * YEAR)
STEPS = (0, 0, 1, 2, DAY, 7 * DAY, 7 * DAY + 1, 30 * DAY, 90 * DAY, 90 * DAY + 1, YEAR - 1, YEAR, YEAR + 1)


@st.composite
def logs(draw, max_size=12):
    """Unsorted tickets with ties, duplicate rows, missing times, customers, outcomes and categories."""
    base = draw(st.sampled_from(BASES))
    rows = [
        (
            draw(st.sampled_from([0, 0, 1, NOBODY])),
            draw(st.sampled_from([0, 1, NOBODY])),
            (created := base + draw(st.sampled_from(STEPS))),
            draw(st.sampled_from([NO_TIME, created, *(created + s for s in STEPS)])),
            draw(st.sampled_from([0, 0, 1, 2999, 10**15])),
            draw(st.integers(-1, 2)),
            draw(st.integers(0, 5)),
            draw(st.integers(0, 1)),
        )
        for _ in range(draw(st.integers(1, max_size)))
    ]
    rows += draw(st.lists(st.sampled_from(rows), max_size=3))
    log = TicketLog(*(np.array(column, dtype=np.int64) for column in zip(*rows, strict=True)))
    timeless = draw(st.lists(st.booleans(), min_size=len(log), max_size=len(log)))
    forgotten = np.array(timeless) & (log.customer == 1)
    return replace(log, created_at=np.where(forgotten, NO_TIME, log.created_at))


def plain_facts(log: TicketLog, asked: TicketLog) -> dict[str, list[float]]:
    """The rules read aloud: for each ticket, go through all others."""
    rows = [row_facts(log, asked, i) for i in range(len(asked))]
    return {name: [row[name] for row in rows] for name in FACT_NAMES}


def row_facts(log: TicketLog, asked: TicketLog, i: int) -> dict[str, float]:
    now, customer = asked.created_at[i], asked.customer[i]
    known = bool(customer != NOBODY and now != NO_TIME)
    same = [
        j for j in range(len(log)) if known and log.customer[j] == customer and log.created_at[j] != NO_TIME
    ]
    past = [j for j in same if log.created_at[j] < now]

    def within(days):
        return [j for j in past if now - log.created_at[j] <= days * DAY]

    def finished(j):
        return log.resolved_at[j] != NO_TIME and log.resolved_at[j] < now

    year, done = within(365), [j for j in within(365) if finished(j)]
    same_fault = [j for j in past if log.category[j] == asked.category[i] != NOBODY]
    alike = [j for j in year if j in same_fault]
    paid = [j for j in past if finished(j) and log.goodwill_cents[j] > 0]
    return {
        "known": known,
        "has_outcomes": True,
        **{f"tickets_{days}d": len(within(days)) for days in (7, 30, 90, 365)},
        "open": len(year) - len(done),
        "resolved_365d": len(done),
        "justified_365d": sum(log.fault_found[j] == 1 for j in done),
        "unproven_365d": sum(log.fault_found[j] in (0, 2) for j in done),
        "goodwill_365d": sum(log.goodwill_cents[j] > 0 for j in done),
        "goodwill_amount_365d": sum(int(log.goodwill_cents[j]) for j in done) / 100,
        "visits_after_goodwill_365d": sum(any(soon_after(log, j, k) for k in same) for j in year),
        "reopened_365d": sum(log.reopened[j] == 1 for j in done),
        "dissatisfied_365d": sum(log.satisfaction[j] in (1, 2) for j in done),
        "same_fault_open": sum(not finished(j) or log.reopened[j] == 1 for j in alike),
        "same_fault_resolved_7d": sum(
            finished(j) and now - log.resolved_at[j] <= 7 * DAY for j in same_fault
        ),
        "days_since_last": min(((now - log.created_at[j]) / DAY for j in past), default=np.nan),
        "days_since_first": max(((now - log.created_at[j]) / DAY for j in year), default=np.nan),
        "days_since_goodwill": min(((now - log.resolved_at[j]) / DAY for j in paid), default=np.nan),
    }


def soon_after(log, visit, gift) -> bool:
    """Whether a ticket was written within 30 days after the goodwill of another was paid."""
    paid = log.resolved_at[gift] if log.goodwill_cents[gift] > 0 else NO_TIME
    return paid != NO_TIME and 0 < log.created_at[visit] - paid <= 30 * DAY


def assert_equal(facts, expected):
    assert list(facts) == list(expected)
    for name, values in facts.items():
        assert np.array_equal(values, np.array(expected[name], dtype=values.dtype), equal_nan=True), name


def table(*rows, **constant):
    return pd.DataFrame(list(rows)).assign(text="no light", **{"customer_id": "c", **constant})


def last_of(frame, name):
    return add_history(frame)[f"history_{name}"].iloc[-1]
