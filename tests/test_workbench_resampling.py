"""Resampling draws whole units, and its intervals hold as often as they say."""

from __future__ import annotations

import numpy as np
import pandas as pd

from complaint_typing.workbench.resampling import (
    Units,
    interval,
    ratio,
    resampled_sums,
    units_of,
    units_to_draw,
)


def test_collections_are_drawn_only_where_there_are_enough_of_them() -> None:
    table = pd.DataFrame({"collection": [f"c{i % 8}" for i in range(40)], "customer_id": ["x"] * 40})
    assert (units_of(table).kind, units_of(table).n) == ("collection", 8)
    few = table.assign(collection="one file")
    assert (units_of(few).kind, units_of(few).n) == ("customer", 1)
    assert (units_of(few[["collection"]]).kind, units_of(few[["collection"]]).n) == ("ticket", 40)
    assert units_of(table.iloc[:0]).n == 0


def test_a_few_customers_are_not_drawn() -> None:
    tickets = pd.DataFrame({"customer_id": [f"c{i % 8}" for i in range(40)]})
    assert units_to_draw(tickets).kind == "customer"
    few = units_to_draw(tickets[tickets["customer_id"] != "c7"])
    assert (few.kind, few.n) == ("ticket", 35)


def test_who_has_no_id_is_a_customer_of_its_own() -> None:
    assert units_of(pd.DataFrame({"customer_id": ["", "", None, "a", "a"]})).n == 4


def test_sums_are_those_of_drawing_units_one_by_one() -> None:
    """Reference: a plain cluster bootstrap with the same random numbers."""
    codes = np.array([0, 0, 1, 2, 2, 2])
    values = np.array([[1.0, 0.5], [2, 1], [4, 0], [8, 1], [16, 2], [32, 3]])
    found = resampled_sums(Units("customer", codes), values, resamples=50, seed=7)
    drawn = np.random.default_rng(7).integers(0, 3, (50, 3))
    plain = [sum(values[codes == unit].sum(axis=0) for unit in row) for row in drawn]
    assert np.allclose(found, plain)


def test_intervals_hold_nineteen_times_in_twenty_where_customers_repeat_themselves() -> None:
    """200 tables of 80 customers with 1-6 alike tickets; drawing tickets singly would hold far less often."""
    rng = np.random.default_rng(3)
    held = {"customer": 0, "ticket": 0}
    for _ in range(200):
        sizes = rng.integers(1, 7, 80)
        right = np.repeat(rng.random(80) < 0.7, sizes).astype(float)
        codes = np.repeat(np.arange(80), sizes)
        for units in (Units("customer", codes), Units("ticket", np.arange(len(codes)))):
            sums = resampled_sums(units, np.column_stack([right, np.ones(len(right))]), 300)
            low, high = interval(ratio(sums[:, 0], sums[:, 1]), units.n)
            held[units.kind] += low <= 0.7 <= high
    assert held["customer"] >= 180
    assert held["ticket"] < 165


def test_a_family_of_intervals_is_wider() -> None:
    draws = np.random.default_rng(0).normal(size=5000)
    low, high = interval(draws, 100)
    wide_low, wide_high = interval(draws, 100, family=9)
    assert wide_low < low < high < wide_high
    assert np.isnan(interval(np.array([np.nan]), 100)).all()
    assert interval(draws, 1) == (draws.min(), draws.max())


def test_eight_collections_are_enough() -> None:
    """300 tables of eight collections that differ; as if there were a million, intervals hold less often."""
    rng = np.random.default_rng(5)
    held = {8: 0, 1_000_000: 0}
    for _ in range(300):
        codes = np.repeat(np.arange(8), rng.integers(10, 40, 8))
        right = (rng.random(len(codes)) < np.clip(rng.normal(0.75, 0.08, 8), 0, 1)[codes]).astype(float)
        sums = resampled_sums(Units("collection", codes), np.column_stack([right, np.ones(len(right))]), 300)
        for n_units in held:
            low, high = interval(ratio(sums[:, 0], sums[:, 1]), n_units)
            held[n_units] += low <= 0.75 <= high
    assert held[8] >= 270 > held[1_000_000]
