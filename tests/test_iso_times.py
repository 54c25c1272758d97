"""Whole columns read at once are what the standard library reads one by one."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaint_typing.iso_times import (
    days_from_civil,
    iso_seconds,
    padded,
    uniform_iso,
    utc_offset,
    utc_offsets,
)

EPOCH = datetime(1970, 1, 1)


@given(st.lists(st.dates(date(1600, 1, 1), date(2400, 12, 31)), min_size=1))
def test_days_are_those_of_the_calendar(dates):
    parts = [np.array([getattr(d, part) for d in dates]) for part in ("year", "month", "day")]
    assert days_from_civil(*parts).tolist() == [(d - EPOCH.date()).days for d in dates]


@pytest.mark.parametrize(
    "form",
    ["%Y-%m-%d", "%Y/%m/%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%SZ", "%Y.%m.%d %H:%M:%S+08:00"],
)
@given(st.lists(st.datetimes(datetime(1000, 1, 1), datetime(2999, 1, 1)), min_size=1))
def test_columns_of_one_form(form, moments):
    texts = [m.strftime(form) for m in moments]
    seconds, done, zone = uniform_iso([*texts, None, "", "soon", 5])
    expected = [
        datetime.strptime(t.replace("+08:00", "Z"), form.replace("+08:00", "Z")) - EPOCH for t in texts
    ]
    assert seconds[: len(texts)].tolist() == [e // timedelta(seconds=1) for e in expected]
    assert done.tolist() == [True] * len(texts) + [False] * 4
    assert zone == form.partition("%S")[2]


@pytest.mark.parametrize(
    "text", ["2023-02-29", "1900-02-29", "2024-00-10", "2024-04-31", "0000-01-01", "2024-01-32"]
)
def test_days_that_do_not_exist_are_not_read(text):
    assert not uniform_iso([text])[1].any()
    assert uniform_iso(["2024-02-29", text])[1].tolist() == [True, False]


def test_several_forms_of_one_column_are_read_one_after_the_other():
    texts = ["2024-03-05", "2024/3/5 9:30", "2024-03-05T09:30:00+08:00", "soon"]
    found = {int(i): zone for where, _, zone in iso_seconds(texts) for i in where}
    assert found == {0: "", 1: "", 2: "+08:00"}


@given(st.lists(st.text("0123456789/ :年\n", max_size=12)))
def test_padding_changes_single_digits_only(texts):
    for old, new in zip(texts, padded(texts), strict=True):
        assert new.replace("0", "") == old.replace("0", "")


@pytest.mark.parametrize(
    "name", ["America/New_York", "Europe/London", "Australia/Lord_Howe", "Asia/Kathmandu"]
)
@given(st.lists(st.integers(-2_000_000_000, 7_000_000_000), min_size=1))
def test_offsets_of_columns_are_those_of_single_times(name, local):
    zone = ZoneInfo(name)
    singles = [utc_offset(EPOCH + timedelta(seconds=s), zone) for s in local]
    assert utc_offsets(np.array(local), zone).tolist() == singles
