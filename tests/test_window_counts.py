"""Counts over windows where numbers get large: codes of customers, tickets of one customer, money."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_history import assert_equal, logs, plain_facts

from complaint_typing.columns import NO_TIME
from complaint_typing.facts import DAY
from complaint_typing.history import history_facts
from complaint_typing.ticket_log import NOBODY, TicketLog
from complaint_typing.window_counts import window_counts


@given(logs(), st.sampled_from([2**20, 2**40, 2**61]), st.sampled_from([2**20, 2**30]))
def test_codes_may_be_large(log, customer, category):
    large = replace(
        log,
        customer=np.where(log.customer == NOBODY, NOBODY, log.customer * customer),
        category=np.where(log.category == NOBODY, NOBODY, log.category * category),
    )
    assert_equal(history_facts(large, large, True), plain_facts(log, log))


@pytest.mark.parametrize("n", [1, 1_000, 70_000])
def test_one_customer_may_have_any_number_of_tickets(n):
    created = 1_700_000_000 + np.arange(n) * (100 * DAY // n)
    ones = np.ones(n, dtype=np.int64)
    log = TicketLog(0 * ones, 0 * ones, created, created, 1000 * ones, 0 * ones, ones, ones)
    asked = log.take(np.array([-1]))
    later = replace(asked, created_at=asked.created_at + 1)
    counts = window_counts(log, later)
    for name in ("tickets_365d", "resolved_365d", "unproven_365d", "goodwill_365d", "reopened_365d"):
        assert counts[name].tolist() == [n], name
    assert counts["goodwill_amount_365d"].tolist() == [1000 * n]
    assert counts["dissatisfied_365d"].tolist() == [n]
    assert counts["justified_365d"].tolist() == [0]


def test_nothing_asked_and_nothing_known():
    nothing = TicketLog(*(np.zeros(0, dtype=np.int64) for _ in range(8)))
    one = TicketLog(*(np.array([value]) for value in (0, 0, 5, NO_TIME, 0, -1, 0, 0)))
    assert all(len(values) == 0 for values in window_counts(one, nothing).values())
    assert {
        name: values.tolist() for name, values in window_counts(nothing, one).items() if values.any()
    } == {"known": [1]}
