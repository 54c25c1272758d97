"""The counts behind the page add up to the scored file, whatever is chosen."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from page_frames import cells_of, page_frame

from complaint_typing.workbench import page_data as module
from complaint_typing.workbench.care_tickets import care_tickets
from complaint_typing.workbench.causes import causes
from complaint_typing.workbench.page_cubes import cube, customer_cube
from complaint_typing.workbench.page_data import page_data
from complaint_typing.workbench.page_events import goodwill_and_returns
from complaint_typing.workbench.page_groups import groups_of, periods_of

TODAY = "2025-12-01"
FRAME = page_frame()


@pytest.fixture(scope="module")
def made():
    return page_data(care_tickets(FRAME), TODAY, "en")


@pytest.fixture(scope="module")
def month():
    return pd.to_datetime(FRAME["created_at"], errors="coerce").dt.strftime("%Y-%m")


def test_each_cell_is_the_count_that_pandas_finds(made, month):
    cells = cells_of(made["cubes"]["types"])
    starts, names = made["periods"]["starts"], made["names"]
    assert made["periods"]["unit"] == "month"
    branch = FRAME["branch"].replace({"": "not_given", "王小明的店": "other"})
    table = FRAME.assign(month=month.fillna("none"), shown=branch, type=FRAME["customer_type"])
    keys = ["month", "shown", "channel", "type"]
    expected = table.groupby(keys).agg(n=("type", "size"), human=("requires_human", "sum"))
    found = pd.DataFrame(
        {
            "month": [([s[:7] for s in starts] + ["none"])[i] for i in cells["period"]],
            "shown": [names["branch"][i] for i in cells["branch"]],
            "channel": [names["channel"][i] for i in cells["channel"]],
            "type": [made["types"][i] for i in cells["type"]],
            "n": cells["n"],
            "human": cells["human"],
        }
    )
    pd.testing.assert_frame_equal(
        found.set_index(keys).sort_index(), expected.sort_index(), check_dtype=False, check_index_type=False
    )


@pytest.mark.parametrize("name", ["types", "places", "causes"])
def test_every_cube_of_all_tickets_has_them_all(made, name):
    assert cells_of(made["cubes"][name])["n"].sum() == len(FRAME)


def test_money_signals_and_follow_ups_add_up(made):
    money = cells_of(made["cubes"]["money"]).groupby("currency")["cents"].sum()
    sums = FRAME.groupby("currency")["compensation"].sum() * 100
    assert {made["names"]["currency"][i]: cents for i, cents in money.items()} == sums.to_dict()
    items = cells_of(made["cubes"]["items"]).groupby("item")["n"].sum()
    told = {(made["items"][i]["kind"], made["items"][i]["id"]): n for i, n in items.items()}
    assert told["signal", "legal"] == FRAME["risk_signals"].str.contains("legal").sum()
    assert told["role", "team_lead"] == (FRAME["escalate_to"] == "team_lead").sum()
    assert told["leaning", "venting"] == (FRAME["customer_type"] == "undetermined").sum()
    assert cells_of(made["cubes"]["due"])["n"].sum() == len(FRAME)


def test_rates_of_branches_are_those_of_causes(made):
    places = cells_of(made["cubes"]["places"]).groupby("branch").sum()
    for row in causes(FRAME, "branch").to_dict("records"):
        if row["group"] in made["names"]["branch"]:
            cell = places.loc[made["names"]["branch"].index(row["group"])]
            assert (cell[f"{row['measure']}_events"], cell[f"{row['measure']}_cases"]) == (
                row["events"],
                row["cases"],
            )


def test_a_colleagues_day_in_two_branches_is_one_day(made, month):
    cells = cells_of(made["cubes"]["agent_days"])
    names = made["names"]["branch"]
    period = month.map({s[:7]: i for i, s in enumerate(made["periods"]["starts"])})
    for first, last in [(0, 10), (3, 5), (7, 7)]:
        rows = FRAME[period.between(first, last)]
        for place, name in enumerate([*names[:3], None]):
            here = rows if name is None else rows[rows["branch"] == name]
            at = cells[
                (cells["branch"] == (len(names) if name is None else place))
                & cells["period"].between(first, last)
            ]
            assert at["days"].sum() == len(here[["agent_id", "created_at"]].drop_duplicates())
            assert at["dates"].sum() == here["created_at"].nunique()
            assert at["attacks"].sum() == (here["emotional_mode"] == "attack").sum()


def test_customers_of_any_choice(made, month):
    cells = cells_of(made["cubes"]["customers"])
    n, names = len(made["periods"]["starts"]) + 1, made["names"]
    period = month.map({s[:7]: i for i, s in enumerate(made["periods"]["starts"])}).fillna(n - 1)
    for first, last in [(0, n - 1), (0, 0), (3, 5), (2, 8)]:
        for branch, channel in itertools.product([*names["branch"][:3], None], [*names["channel"], None]):
            b = len(names["branch"]) if branch is None else names["branch"].index(branch)
            c = len(names["channel"]) if channel is None else names["channel"].index(channel)
            at = (cells["branch"] == b) & (cells["channel"] == c) & cells["period"].between(first, last)
            found = cells[at & ((cells["before"] == n) | (cells["before"] < first))]["n"].sum()
            rows = FRAME[period.between(first, last)]
            rows = rows if branch is None else rows[rows["branch"] == branch]
            rows = rows if channel is None else rows[rows["channel"] == channel]
            assert found == rows["customer_id"].nunique()


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["", "a", "b"]), st.integers(0, 3), st.integers(0, 1)), min_size=1))
def test_customers_against_sets(visits):
    who, period, branch = (list(column) for column in zip(*visits, strict=True))
    cells = cells_of(customer_cube(who, np.array(period), {"branch": (np.array(branch), 2)}, 4))
    for first, last in itertools.combinations_with_replacement(range(4), 2):
        for b in range(3):
            at = (cells["branch"] == b) & cells["period"].between(first, last)
            found = cells[at & ((cells["before"] == 4) | (cells["before"] < first))]["n"].sum()
            inside = [i for i, v in enumerate(visits) if first <= v[1] <= last and b in (2, v[2])]
            assert found == len({who[i] or i for i in inside})


def test_periods_grow_where_cells_would_be_too_many(monkeypatch):
    monkeypatch.setattr(module, "MOST_CELLS", 700)
    found = page_data(care_tickets(FRAME), TODAY, "zh")
    assert found["periods"]["unit"] == "quarter"
    assert sum(found["cubes"]["types"]["sums"]["n"]) == len(FRAME)


def test_a_mistyped_year_makes_no_long_row_of_empty_months():
    days = pd.Series(pd.to_datetime(["1970-01-01", "2025-01-03", "2025-04-30", None]))
    found = periods_of(days)
    assert (found.unit, len(found.starts)) == ("week", 19)
    assert found.codes.tolist() == [0, 1, 18, 19]


@pytest.mark.parametrize(
    "days, unit", [(170, "week"), (200, "month"), (1800, "month"), (4000, "quarter"), (9000, "year")]
)
def test_the_length_of_periods_follows_the_span(days, unit):
    assert periods_of(pd.Series(pd.date_range("2001-01-01", periods=days))).unit == unit


def test_no_dates_no_periods():
    found = periods_of(pd.Series([pd.NaT, pd.NaT]))
    assert (found.starts, found.codes.tolist()) == ((), [0, 0])


def test_names_of_fewer_than_five_customers_are_put_together():
    values = pd.Series(["A"] * 6 + ["B"] * 6 + ["C"] * 4 + [""])
    who = pd.Series([*"abcdef", *"aaaabb", *"abcd", "x"])
    found = groups_of(values, who, 9)
    assert found.names == ("A", "other", "not_given")
    assert found.codes.tolist() == [0] * 6 + [1] * 10 + [2]
    assert found.pooled == (1, 2)


def test_a_group_that_is_called_other_is_not_the_pooled_one():
    values, who = pd.Series(["other"] * 5 + ["x"]), pd.Series(list("abcdef"))
    found = groups_of(values, who, 9)
    assert (found.names, found.pooled) == (("other", "other"), (1,))


def test_names_are_masked():
    found = groups_of(pd.Series(["店 13800138000"] * 5), pd.Series(list("abcde")), 9)
    assert found.names == ("店 [phone …00]",)


def test_returns_against_a_plain_count():
    r = np.random.default_rng(2)
    created = pd.Timestamp("2025-01-01") + pd.to_timedelta(r.integers(0, 120, 200), "D")
    table = pd.DataFrame(
        {
            "customer_id": r.choice(["", *"abcdefghijklmno"], 200),
            "created": pd.Series(created).where(r.random(200) < 0.9),
            "resolved": pd.Series(created + pd.to_timedelta(r.integers(0, 9, 200), "D")).where(
                r.random(200) < 0.7
            ),
            "compensation": r.choice([-1, 0, 500], 200),
        }
    )
    last, month = table["created"].max(), pd.Timedelta(days=30)
    back, cases = [], []
    for row in table.itertuples():
        seen = bool(row.customer_id) and pd.notna(row.resolved) and row.resolved + month <= last
        later = table[(table["customer_id"] == row.customer_id) & (table["created"] > row.resolved)]
        cases.append(seen)
        back.append(seen and bool((later["created"] <= row.resolved + month).any()))
    found = goodwill_and_returns(table)
    paid = (table["compensation"] > 0).to_numpy()
    assert 20 < sum(back) < sum(cases)
    assert (found["back_paid"] | found["back_unpaid"]).tolist() == back
    assert (found["back_unpaid_cases"]).tolist() == (np.array(cases) & ~paid).tolist()


def test_a_cube_of_no_rows_has_no_cells():
    assert cube({"period": (np.zeros(0, np.int64), 3)})["at"] == []


def test_names_that_would_look_alike_are_counted_apart():
    """Labels are cut and masked; what is counted is the whole name."""
    long = ["Northern region customer service centre, desk " + desk for desk in "AB"]
    between = [f"Customer service centre number {n} of the northern region" for n in (1, 2)]
    phones = ["138-0013-8000", "138-0014-7000"]
    sizes = dict(zip([*long, *between, *phones], [12, 11, 10, 9, 8, 7], strict=True))
    values = pd.Series([name for name, n in sizes.items() for _ in range(n)])
    found = groups_of(values, pd.Series([f"c{i}" for i in range(len(values))]), 9)
    assert np.bincount(found.codes).tolist() == [*sizes.values()]
    assert len(set(found.names)) == 6
    assert all("…" in name and len(name) <= 43 for name in found.names)
    assert found.names[0].endswith("desk A")
    assert found.names[4:] == ("[phone …00]", "[phone …00] #2")


def test_masked_names_of_few_customers_are_not_put_together_under_one_mask():
    values = pd.Series([f"138-0013-{n}000" for n in range(1, 10)])
    found = groups_of(values, pd.Series(list("abcdefghi")), 9)
    assert found.names == ("other",)


def test_a_placeholder_is_no_customer():
    """The file without ids and the one with placeholders in their stead are counted alike."""
    days = pd.date_range("2025-01-01", periods=40, freq="3D").strftime("%Y-%m-%d")
    frame = page_frame(40).assign(created_at=days, resolved_at=days, branch=["Leeds"] * 30 + ["Ely"] * 10)
    placeholders = ["N/A", "null", "unknown", "无"] * 10
    made, bare = (
        page_data(care_tickets(frame.assign(customer_id=ids)), TODAY, "en") for ids in (placeholders, "")
    )
    assert made == bare
    assert made["names"]["branch"] == ["Leeds", "Ely"]
    assert cells_of(made["cubes"]["customers"])["n"].sum() > 0
