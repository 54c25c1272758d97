"""Point-in-time history: equal to a plain count, blind to the future, to order and to other customers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaint_typing.columns import NO_TIME
from complaint_typing.errors import MissingColumns
from complaint_typing.facts import DAY, FACT_NAMES, HISTORY_COLUMNS
from complaint_typing.history import NOBODY, TicketLog, add_history, history_facts

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


@given(logs())
def test_facts_are_those_of_a_plain_count(log):
    assert_equal(history_facts(log, log, True), plain_facts(log, log))


@given(logs(), logs(max_size=4))
def test_tickets_asked_about_need_not_be_in_the_log(log, asked):
    assert_equal(history_facts(log, asked, True), plain_facts(log, asked))


@given(logs())
def test_the_full_log_says_what_the_log_cut_at_the_moment_says(log):
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


@given(logs(), logs(), st.randoms(use_true_random=False))
def test_order_later_tickets_and_other_customers_change_nothing(log, others, random):
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
def test_batch_size_changes_nothing(log, data):
    cut = data.draw(st.integers(0, len(log)))
    halves = [history_facts(log, log.take(slice(*s)), True) for s in ((0, cut), (cut, None))]
    joined = {name: np.concatenate([half[name] for half in halves]) for name in FACT_NAMES}
    assert_equal(joined, history_facts(log, log, True))


def table(*rows, **constant):
    return pd.DataFrame(list(rows)).assign(text="no light", **{"customer_id": "c", **constant})


def last_of(frame, name):
    return add_history(frame)[f"history_{name}"].iloc[-1]


@pytest.mark.parametrize("days", [7, 30, 90, 365])
def test_windows_hold_their_first_second_and_not_the_one_before(days):
    now = pd.Timestamp("2026-03-01 10:00:00")
    edge = now - pd.Timedelta(days=days)
    second = pd.Timedelta(seconds=1)
    assert last_of(table({"created_at": edge}, {"created_at": now}), f"tickets_{days}d") == 1
    assert last_of(table({"created_at": edge - second}, {"created_at": now}), f"tickets_{days}d") == 0
    assert last_of(table({"created_at": now - second}, {"created_at": now}), f"tickets_{days}d") == 1


def test_tickets_of_the_same_second_do_not_count():
    history = add_history(table({"created_at": "2026-03-01 10:00:00"}, {"created_at": "2026-03-01 10:00:00"}))
    assert history["history_tickets_7d"].tolist() == [0, 0]
    assert history["history_days_since_last"].isna().all()


@pytest.mark.parametrize(
    ("resolved", "counts"), [("09:59:59", 1), ("10:00:00", 0), ("10:00:01", 0), (None, 0)]
)
def test_an_outcome_counts_only_after_its_own_time_and_never_without_one(resolved, counts):
    outcome = {"fault_found": "no", "compensation": 20, "satisfaction": 1, "reopened": 1}
    past = {"created_at": "2026-02-01", "resolved_at": resolved and f"2026-03-01 {resolved}", **outcome}
    row = add_history(table(past, {"created_at": "2026-03-01 10:00:00"})).iloc[-1]
    for name in ("resolved", "unproven", "goodwill", "reopened", "dissatisfied"):
        assert row[f"history_{name}_365d"] == counts
    assert row["history_goodwill_amount_365d"] == 20 * counts
    assert row["history_open"] == 1 - counts
    assert pd.isna(row["history_days_since_goodwill"]) == (not counts)


def test_an_outcome_of_the_ticket_itself_is_no_history_of_it():
    frame = table(
        {"created_at": "2026-02-01", "resolved_at": "2026-02-01", "fault_found": "no", "compensation": 9}
    )
    history = add_history(frame)
    assert history["history_has_outcomes"].all()
    assert not history[[name for name in HISTORY_COLUMNS if name.endswith("_365d")]].to_numpy().any()
    assert history["history_days_since_goodwill"].isna().all()


@pytest.mark.parametrize(
    ("paid", "visit", "counts"),
    [
        ("2026-01-10 10:00:00", "2026-01-10 10:00:00", 0),
        ("2026-01-10 10:00:00", "2026-01-10 10:00:01", 1),
        ("2026-01-10 10:00:00", "2026-02-09 10:00:00", 1),
        ("2026-01-10 10:00:00", "2026-02-09 10:00:01", 0),
        (None, "2026-01-20", 0),
    ],
)
def test_a_visit_counts_as_soon_after_a_gift_within_thirty_days_of_its_payment(paid, visit, counts):
    gift = {"created_at": "2026-01-05", "resolved_at": paid, "compensation": 20}
    frame = table(gift, {"created_at": visit}, {"created_at": "2026-03-01"})
    assert add_history(frame)["history_visits_after_goodwill_365d"].tolist() == [0, 0, counts]
    others = frame.assign(customer_id=["someone else", "c", "c"])
    assert not add_history(others)["history_visits_after_goodwill_365d"].any()


def test_a_visit_soon_after_a_gift_counts_for_a_year_from_the_visit():
    gift = {"created_at": "2026-01-05", "resolved_at": "2026-01-10", "compensation": 20}
    frame = table(
        gift, {"created_at": "2026-01-20"}, {"created_at": "2027-01-20"}, {"created_at": "2027-01-21"}
    )
    assert add_history(frame)["history_visits_after_goodwill_365d"].tolist() == [0, 0, 1, 0]


def test_a_ticket_is_no_visit_after_its_own_gift():
    paid_before_written = TicketLog(*(np.array([value] * 2) for value in (0, 0, 50, 40, 900, 1, 5, 0)))
    asked = replace(paid_before_written, created_at=np.array([60, 60]))
    assert history_facts(paid_before_written, asked, True)["visits_after_goodwill_365d"].tolist() == [0, 0]


def test_one_instant_in_two_zones_is_one_time():
    utc = table({"created_at": "2026-02-22T02:00:00Z"}, {"created_at": "2026-03-01T02:00:00Z"})
    east = table({"created_at": "2026-02-22T10:00:00+08:00"}, {"created_at": "2026-03-01T10:00:00+08:00"})
    mixed = table({"created_at": "2026-02-21T21:00:00-05:00"}, {"created_at": "2026-03-01T10:00:00+08:00"})
    naive = table({"created_at": "2026-02-22 10:00:00"}, {"created_at": "2026-03-01 10:00:00"})
    expected = add_history(utc)[list(HISTORY_COLUMNS)]
    assert expected["history_tickets_7d"].tolist() == [0, 1]
    for frame, zone in ((east, "UTC"), (mixed, "UTC"), (naive, "Asia/Shanghai"), (naive, "UTC")):
        pd.testing.assert_frame_equal(add_history(frame, tz=zone)[list(HISTORY_COLUMNS)], expected)


def test_the_zone_of_naive_times_matters_beside_times_with_a_zone():
    frame = table({"created_at": "2026-02-22T02:00:00Z"}, {"created_at": "2026-03-01 10:00:00"})
    assert add_history(frame, tz="Asia/Shanghai")["history_tickets_7d"].tolist() == [0, 1]
    assert add_history(frame, tz="UTC")["history_tickets_7d"].tolist() == [0, 0]


def test_counts_are_those_of_a_rolling_window_closed_on_the_left():
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


def test_a_ticket_without_customer_or_time_has_no_history_and_is_no_ones():
    frame = table(
        {"created_at": "2026-01-01"},
        {"created_at": "2026-01-02", "customer_id": ""},
        {"created_at": None},
        {"created_at": "2026-01-03"},
    ).assign(customer_id=["c", "", "c", "c"])
    history = add_history(frame)
    assert history["history_known"].tolist() == [True, False, False, True]
    assert history["history_tickets_7d"].tolist() == [0, 0, 0, 1]


def test_earlier_tickets_count_once_and_the_newer_record_of_a_ticket_wins():
    earlier = pd.DataFrame(
        {
            "ticket_id": ["t1", "t2", None],
            "text": "-",
            "customer_id": "c",
            "created_at": ["2026-01-01", "2026-01-02", "2026-01-03"],
            "resolved_at": ["2026-01-05"] * 3,
            "fault_found": ["yes", "no", "no"],
        }
    )
    now = pd.DataFrame(
        {
            "ticket_id": ["t2", "t9", None],
            "text": "-",
            "customer_id": "c",
            "created_at": ["2026-01-02", "2026-01-10", "2026-01-11"],
            "resolved_at": ["2026-01-06", None, None],
            "fault_found": ["yes", "", ""],
        }
    )
    history = add_history(now, earlier)
    assert history["history_tickets_365d"].tolist() == [1, 3, 4]
    assert history["history_justified_365d"].tolist() == [0, 2, 2]
    assert history["history_unproven_365d"].tolist() == [0, 1, 1]
    assert add_history(now)["history_tickets_365d"].tolist() == [0, 1, 2]


def test_a_ticket_repeated_within_one_table_counts_once():
    frame = table({"created_at": "2026-01-01"}, {"created_at": "2026-01-01"}, {"created_at": "2026-01-02"})
    assert add_history(frame.assign(ticket_id="t"))["history_tickets_7d"].tolist() == [0, 0, 1]


@pytest.mark.parametrize("earlier", [None, pd.DataFrame(), table({"created_at": "2026-01-01"}).iloc[:0]])
def test_no_earlier_tickets_change_nothing(earlier):
    frame = table({"created_at": "2026-01-01"}, {"created_at": "2026-01-02"})
    pd.testing.assert_frame_equal(add_history(frame, earlier), add_history(frame))


def test_outcomes_are_recorded_when_any_source_has_a_column_for_them():
    frame = table({"created_at": "2026-01-02"})
    outcomes = table({"created_at": "2026-01-01", "satisfaction": None}, customer_id="someone else")
    assert add_history(frame)["history_has_outcomes"].tolist() == [False]
    assert add_history(frame, outcomes)["history_has_outcomes"].tolist() == [True]


def test_the_table_keeps_its_rows_order_index_and_columns():
    frame = table({"created_at": "2026-01-02"}, {"created_at": "2026-01-01"}).set_index(pd.Index([7, 7]))
    before = frame.copy()
    history = add_history(frame)
    pd.testing.assert_frame_equal(frame, before)
    pd.testing.assert_frame_equal(history[list(before.columns)], before)
    assert list(history.columns) == [*before.columns, *HISTORY_COLUMNS]
    assert history["history_tickets_7d"].tolist() == [1, 0]
    pd.testing.assert_frame_equal(add_history(history), history)


def test_columns_are_found_by_other_names_too():
    frame = pd.DataFrame({"投诉内容": "没电", "客户编号": "c", "受理时间": ["2026-01-01", "2026-01-03"]})
    assert add_history(frame)["history_days_since_last"].tolist()[1] == 2


def test_a_table_without_text_is_refused():
    with pytest.raises(MissingColumns, match="no column found for: text"):
        add_history(pd.DataFrame({"customer_id": ["c"]}))


def test_an_empty_table_gains_the_columns():
    assert add_history(pd.DataFrame({"text": []})).columns.tolist() == ["text", *HISTORY_COLUMNS]
