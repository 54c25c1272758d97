"""What is known at a moment, and nothing else: R9 (a) to (g), each beside what it promises."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_history import assert_equal, last_of, logs, plain_facts, table

from complaint_typing import load
from complaint_typing.columns import NO_TIME
from complaint_typing.customer_history import CustomerHistory
from complaint_typing.errors import BadValue
from complaint_typing.facts import DAY, FACT_NAMES, HISTORY_COLUMNS
from complaint_typing.history import add_history, history_facts
from complaint_typing.ticket_log import TicketLog


@given(logs())
def test_reference_facts_are_those_of_a_plain_count(log):
    assert_equal(history_facts(log, log, True), plain_facts(log, log))


@given(logs(), logs(max_size=4))
def test_reference_tickets_asked_about_need_not_be_in_the_log(log, asked):
    assert_equal(history_facts(log, asked, True), plain_facts(log, asked))


@given(logs())
def test_a_the_full_log_says_what_the_log_cut_at_the_moment_says(log):
    facts = history_facts(log, log, True)
    for i in range(len(log)):
        known_then = replace(
            log, resolved_at=np.where(log.resolved_at < log.created_at[i], log.resolved_at, NO_TIME)
        )
        hidden = known_then.resolved_at == NO_TIME
        unseen = {"goodwill_cents": 0, "fault_found": -1, "satisfaction": 0, "reopened": 0}
        known_then = replace(
            known_then, **{name: np.where(hidden, v, getattr(log, name)) for name, v in unseen.items()}
        )
        cut = known_then.take(log.created_at < log.created_at[i])
        alone = history_facts(cut, log.take([i]), True)
        assert_equal(alone, {name: values[i : i + 1] for name, values in facts.items()})


def written(seconds):
    return str(np.datetime64(seconds, "s")) + "Z"


STEPS = st.sampled_from([0, 0, 1, 7 * DAY, 7 * DAY + 1, 30 * DAY, 90 * DAY, 365 * DAY, 365 * DAY + 1])


@st.composite
def entries(draw):
    """What a service or an export may tell of a ticket, more than once and in any order."""
    created = 1_767_225_600 + draw(STEPS) + draw(STEPS)
    return {
        "ticket_id": draw(st.sampled_from([None, "", "t1", "t2"])),
        "created_at": draw(st.sampled_from([written(created)] * 4 + [None])),
        "category": draw(st.sampled_from(["tv", "net", "", None])),
        "resolved_at": draw(st.none() | STEPS.map(lambda step: written(created + step))),
        "fault_found": draw(st.sampled_from(["yes", "no", "unknown", "", None])),
        "compensation": draw(st.sampled_from([0, None, 12.34, "¥50", "90000000000000.07"])),
        "satisfaction": draw(st.sampled_from([1, 2, 5, None])),
        "reopened": draw(st.sampled_from([0, 1, None])),
    }


def same_bits(facts, frame, i):
    assert list(facts) == list(FACT_NAMES)
    for name, value in facts.items():
        expected = frame[f"history_{name}"].to_numpy()[i : i + 1]
        assert (value.dtype, value.tobytes()) == (expected.dtype, expected.tobytes()), name


@given(st.lists(entries(), min_size=1, max_size=12), st.data())
def test_b_batch_equals_one_by_one_bit_for_bit(told, data):
    frame = pd.DataFrame(told, dtype=object).assign(
        text=[f"text {i}" for i in range(len(told))], customer_id="c"
    )
    cut = data.draw(st.integers(0, len(told) - 1))
    batch = add_history(frame.iloc[cut:], frame.iloc[:cut])
    history = CustomerHistory(told[:cut])
    for ticket in told[cut:]:
        history.add(ticket)
    kept = CustomerHistory.from_json(history.to_json())
    for i, ticket in enumerate(told[cut:]):
        if ticket["created_at"]:
            at, category = history.seconds(ticket["created_at"]), ticket["category"] or ""
            same_bits(history.facts(at, category), batch, i)
            same_bits(kept.facts(at, category), batch, i)


@given(st.lists(entries(), min_size=2, max_size=8), st.randoms(use_true_random=False))
def test_b_a_history_kept_along_knows_at_each_ticket_what_the_whole_export_tells(told, random):
    tickets = [
        {**t, "ticket_id": f"t{i}", "created_at": t["created_at"] or written(0)} for i, t in enumerate(told)
    ]
    tickets.sort(key=lambda ticket: ticket["created_at"])
    frame = pd.DataFrame(tickets, dtype=object).assign(text="-", customer_id="c")
    shuffled = add_history(frame.sample(frac=1, random_state=random.randrange(99))).loc[frame.index]
    history = CustomerHistory()
    for i, ticket in enumerate(tickets):
        if i:
            same_bits(
                history.facts(history.seconds(ticket["created_at"]), ticket["category"] or ""), shuffled, i
            )
        history.add(ticket)


@given(logs(), logs(), st.randoms(use_true_random=False))
def test_c_order_later_tickets_and_other_customers_change_nothing(log, others, random):
    facts = history_facts(log, log, True)
    times = log.created_at[log.created_at != NO_TIME]
    strangers = replace(others, customer=others.customer + 100)
    latest = times.max(initial=0)
    later = replace(others, created_at=latest + others.customer + 1, resolved_at=latest + others.customer + 1)
    joined = TicketLog.joined([log, strangers, later])
    order = np.array(random.sample(range(len(joined)), len(joined)))
    shuffled = history_facts(joined.take(order), joined.take(order), True)
    place = np.argsort(order)[: len(log)]
    assert_equal({name: values[place] for name, values in shuffled.items()}, facts)


@given(logs(), st.data())
def test_b_batch_size_changes_nothing(log, data):
    cut = data.draw(st.integers(0, len(log)))
    halves = [history_facts(log, log.take(slice(*s)), True) for s in ((0, cut), (cut, None))]
    joined = {name: np.concatenate([half[name] for half in halves]) for name in FACT_NAMES}
    assert_equal(joined, history_facts(log, log, True))


@pytest.mark.parametrize("days", [7, 30, 90, 365])
def test_d_windows_hold_their_first_second_and_not_the_one_before(days):
    now = pd.Timestamp("2026-03-01 10:00:00")
    edge = now - pd.Timedelta(days=days)
    second = pd.Timedelta(seconds=1)
    assert last_of(table({"created_at": edge}, {"created_at": now}), f"tickets_{days}d") == 1
    assert last_of(table({"created_at": edge - second}, {"created_at": now}), f"tickets_{days}d") == 0
    assert last_of(table({"created_at": now - second}, {"created_at": now}), f"tickets_{days}d") == 1


def test_d_tickets_of_the_same_second_do_not_count():
    history = add_history(table({"created_at": "2026-03-01 10:00:00"}, {"created_at": "2026-03-01 10:00:00"}))
    assert history["history_tickets_7d"].tolist() == [0, 0]
    assert history["history_days_since_last"].isna().all()


@pytest.mark.parametrize(
    ("resolved", "counts"), [("09:59:59", 1), ("10:00:00", 0), ("10:00:01", 0), (None, 0)]
)
def test_e_an_outcome_counts_only_after_its_own_time_and_never_without_one(resolved, counts):
    outcome = {"fault_found": "no", "compensation": 20, "satisfaction": 1, "reopened": 1}
    past = {"created_at": "2026-02-01", "resolved_at": resolved and f"2026-03-01 {resolved}", **outcome}
    row = add_history(table(past, {"created_at": "2026-03-01 10:00:00"})).iloc[-1]
    for name in ("resolved", "unproven", "goodwill", "reopened", "dissatisfied"):
        assert row[f"history_{name}_365d"] == counts
    assert row["history_goodwill_amount_365d"] == 20 * counts
    assert row["history_open"] == 1 - counts
    assert pd.isna(row["history_days_since_goodwill"]) == (not counts)


def test_f_one_instant_in_two_zones_is_one_time():
    utc = table({"created_at": "2026-02-22T02:00:00Z"}, {"created_at": "2026-03-01T02:00:00Z"})
    east = table({"created_at": "2026-02-22T10:00:00+08:00"}, {"created_at": "2026-03-01T10:00:00+08:00"})
    mixed = table({"created_at": "2026-02-21T21:00:00-05:00"}, {"created_at": "2026-03-01T10:00:00+08:00"})
    naive = table({"created_at": "2026-02-22 10:00:00"}, {"created_at": "2026-03-01 10:00:00"})
    expected = add_history(utc)[list(HISTORY_COLUMNS)]
    assert expected["history_tickets_7d"].tolist() == [0, 1]
    for frame, zone in ((east, "UTC"), (mixed, "UTC"), (naive, "Asia/Shanghai"), (naive, "UTC")):
        pd.testing.assert_frame_equal(add_history(frame, tz=zone)[list(HISTORY_COLUMNS)], expected)


def test_f_the_zone_of_naive_times_matters_beside_times_with_a_zone():
    frame = table({"created_at": "2026-02-22T02:00:00Z"}, {"created_at": "2026-03-01 10:00:00"})
    assert add_history(frame, tz="Asia/Shanghai")["history_tickets_7d"].tolist() == [0, 1]
    assert add_history(frame, tz="UTC")["history_tickets_7d"].tolist() == [0, 0]


def test_f_every_door_reads_naive_times_in_the_zone_that_it_is_told():
    """Seven days and eight hours lie between a naive time of Shanghai and one that names UTC."""
    past = {"ticket_id": "1", "customer_id": "c", "text": "no light", "created_at": "2026-02-22T02:00:00Z"}
    now = {"ticket_id": "2", "customer_id": "c", "text": "no light", "created_at": "2026-03-01 10:00:00"}
    advisor = load()

    def alone(history, **how):
        return advisor.advise(now, history, **how).facts["tickets_7d"]

    for zone, expected in (("Asia/Shanghai", 1), ("UTC", 0)):
        known = CustomerHistory([past], tz=zone)
        found = [alone([past], tz=zone), alone(known), alone(CustomerHistory.from_json(known.to_json()))]
        assert found == [expected] * 3
        assert advisor.explain(now, known).facts == advisor.explain(now, [past], tz=zone).facts
    frame = pd.DataFrame([past, now])
    east, west = (advisor.score(frame, tz=zone, proba=True) for zone in ("Asia/Shanghai", "UTC"))
    assert east.iloc[1].filter(like="p_").tolist() != west.iloc[1].filter(like="p_").tolist()
    with pytest.raises(BadValue, match="tz: not a time zone, got 'Moon'"):
        advisor.score(frame, tz="Moon")
    with pytest.raises(BadValue, match="date_order: not an order of day and month, got 'ymd'"):
        advisor.score(frame, date_order="ymd")


@pytest.mark.parametrize("who", ["N/A", "#REF!", "1.38E+10"])
def test_c_an_id_that_names_nobody_gives_no_ticket_the_past_of_strangers(who):
    told = [
        {"ticket_id": str(i), "created_at": f"2026-01-0{i}", "customer_id": who, "text": "-"}
        for i in (1, 2, 3)
    ]
    assert add_history(pd.DataFrame(told))["history_known"].tolist() == [False] * 3


def test_g_counts_are_those_of_a_rolling_window_closed_on_the_left():
    rng = np.random.default_rng(5)
    n = 300
    days = np.concatenate([rng.choice(600, n, replace=False) for _ in range(3)])
    frame = pd.DataFrame({"text": "-", "customer_id": np.repeat(["a", "b", "c"], n)})
    frame["created_at"] = pd.Timestamp("2024-01-01") + pd.to_timedelta(days, unit="D")
    history = add_history(frame.sample(frac=1, random_state=1)).sort_values(["customer_id", "created_at"])
    ordered = frame.assign(one=1.0).sort_values(["customer_id", "created_at"])
    for window in (7, 30, 90, 365):
        rolling = (
            ordered.groupby("customer_id").rolling(f"{window}D", on="created_at", closed="left")["one"].sum()
        )
        assert rolling.fillna(0).tolist() == history[f"history_tickets_{window}d"].tolist()
