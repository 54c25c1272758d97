"""One instant, however it is written; no order of day and month is ever guessed."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaint_typing.errors import AmbiguousDates, BadValue
from complaint_typing.times import NO_TIME, parse_time, parse_times

INSTANT = int(datetime(2024, 3, 5, 9, 30, tzinfo=timezone.utc).timestamp())

SAME_INSTANT = [
    "2024-03-05T09:30:00Z",
    "2024-03-05T09:30:00",
    "2024-03-05 09:30",
    "2024-03-05 09:30:00.999999",
    "2024-03-05T09:30:00,5Z",
    "2024-03-05T17:30:00+08:00",
    "2024-03-05T17:30:00+0800",
    "2024-03-05T17:30+08",
    "2024-03-05 17:30:00 +0800",
    "2024-03-05 09:30:00 UTC",
    "2024-03-05T04:00:00-05:30",
    "20240305T093000Z",
    "2024/3/5 9:30",
    "2024/03/05 09:30:00",
    "2024.03.05 09:30",
    "2024-3-5 9:30 AM",
    "2024年3月5日 9时30分",
    "2024年3月5日9时30分0秒",
    "2024年03月05日 9:30",
    "2024年3月5日 上午9:30",
    "2024/3/5 上午 9:30:00",
    "２０２４／３／５　９：３０",
    "20240305 093000",
    "20240305093000",
    "1709631000",
    "1709631000.75",
    "1709631000123",
    "5 Mar 2024 09:30",
    "5-Mar-2024 9:30",
    "Tue, 5 Mar 2024 09:30:00 GMT",
    "Mar 5, 2024 9:30 AM",
    "March 5th, 2024 at 9:30 am",
    "  2024-03-05 09:30  ",
]


@pytest.mark.parametrize("text", SAME_INSTANT)
def test_every_way_of_writing_gives_the_same_instant(text):
    assert parse_time(text) == INSTANT


def test_a_mixed_column_gives_the_same_instants():
    seconds, bad = parse_times(SAME_INSTANT)
    assert (seconds.tolist(), bad) == ([INSTANT] * len(SAME_INSTANT), [])


@pytest.mark.parametrize(
    ("text", "hour"),
    [("12:30 AM", 0), ("12:30 PM", 12), ("9:30 PM", 21), ("下午9:30", 21), ("上午12:30", 0), ("21:30", 21)],
)
def test_halves_of_the_day(text, hour):
    assert parse_time(f"2024-03-05 {text}") == INSTANT + (hour * 60 + 30 - 570) * 60


@pytest.mark.parametrize("text", ["2024-03-05", "2024/3/5", "2024.3.5", "20240305", "2024年3月5日"])
def test_a_date_alone_is_its_midnight_in_the_zone(text):
    assert parse_time(text, "Asia/Shanghai") == INSTANT - 17 * 3600 - 1800


@pytest.mark.parametrize(
    "text",
    ["soon", "2024-13-01", "2024-02-30", "2024-03-05 24:00", "2024-03-05 09:60", "1899-12-31", "2200-01-01",
     "13:00 PM", "32/13/2024", "NA", "null", "2024-03-05x", "1", "2024年", "5 Foo 2024", "9" * 13, "1" * 500,
     "2024-03-05 13:00 AM"],
)  # fmt: skip
def test_what_is_no_time_is_a_bad_value(text):
    with pytest.raises(BadValue, match=r"not a time, got .* write it as 2024-12-31 09:30"):
        parse_time(text)
    seconds, bad = parse_times([text, "2024-03-05 09:30"])
    assert (seconds.tolist(), bad) == ([NO_TIME, INSTANT], [0])


@pytest.mark.parametrize("value", [None, float("nan"), pd.NaT, pd.NA, np.datetime64("NaT"), "", "   ", "　"])
def test_missing_values_are_no_time_and_not_bad(value):
    assert parse_time(value) == NO_TIME
    assert parse_times([value, value])[1] == []


@pytest.mark.parametrize(
    "value",
    [
        datetime(2024, 3, 5, 9, 30),
        datetime(2024, 3, 5, 17, 30, tzinfo=timezone(timedelta(hours=8))),
        pd.Timestamp("2024-03-05 09:30:00.7"),
        pd.Timestamp("2024-03-05 17:30", tz="Asia/Shanghai"),
        np.datetime64("2024-03-05T09:30:00.123456789"),
        INSTANT,
        float(INSTANT) + 0.5,
        np.int64(INSTANT * 1000),
    ],
)
def test_values_of_tables_in_memory(value):
    assert parse_time(value) == INSTANT
    assert parse_times([value])[0].tolist() == [INSTANT]


def test_dates_and_compact_numbers_in_memory():
    midnight = INSTANT - 9 * 3600 - 1800
    assert parse_time(date(2024, 3, 5)) == parse_time(20240305) == parse_time(20240305.0) == midnight


def test_naive_values_in_memory_are_local_time_of_the_zone():
    shanghai = INSTANT - 8 * 3600
    moment = datetime(2024, 3, 5, 9, 30)
    for value in (moment, pd.Timestamp(moment), np.datetime64(moment)):
        assert parse_time(value, "Asia/Shanghai") == shanghai


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "America/New_York"])
def test_whole_datetime64_columns_equal_single_values(zone):
    column = pd.Series(pd.to_datetime(["2024-03-10 02:30", None, "2024-11-03 01:30", "1950-01-01 00:00"]))
    singles = [parse_time(value, zone) for value in column]
    assert parse_times(column, zone)[0].tolist() == singles
    assert parse_times(column.to_numpy(), zone)[0].tolist() == singles


def test_aware_pandas_columns():
    column = pd.Series(pd.to_datetime(["2024-03-05 17:30", None])).dt.tz_localize("Asia/Shanghai")
    assert parse_times(column)[0].tolist() == [INSTANT, NO_TIME]


MOMENTS = st.datetimes(datetime(1901, 1, 1), datetime(2199, 12, 30)).map(lambda t: t.replace(microsecond=0))


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "America/New_York", "+05:45", "-03:30"])
@given(st.lists(MOMENTS))
def test_columns_agree_with_the_standard_library(zone, moments):
    expected = []
    for moment in moments:
        known = ZoneInfo(zone) if "/" in zone else timezone(timedelta(minutes=_minutes(zone)))
        expected.append(round(moment.replace(tzinfo=known).timestamp()))
    for form in ("%Y-%m-%dT%H:%M:%S", "%Y/%m/%d %H:%M:%S"):
        assert parse_times([m.strftime(form) for m in moments], zone)[0].tolist() == expected
    unpadded = [f"{m.year}/{m.month}/{m.day} {m.hour}:{m.minute:02}:{m.second}" for m in moments]
    assert parse_times(unpadded, zone)[0].tolist() == expected


def _minutes(zone: str) -> int:
    return 0 if zone == "UTC" else int(zone[0] + "1") * (int(zone[1:3]) * 60 + int(zone[4:]))


@given(st.lists(st.text("0123456789-/.:TZ +年月日时分上下午APM", max_size=25)))
def test_a_column_reads_each_value_as_it_would_be_read_alone(texts):
    try:
        seconds, bad = parse_times(texts)
    except AmbiguousDates:
        return
    for i, text in enumerate(texts):
        try:
            alone = parse_time(text)
        except AmbiguousDates:
            continue
        except BadValue:
            assert i in bad
            continue
        assert seconds[i] == alone
        assert i not in bad


def test_a_day_above_twelve_decides_the_whole_column():
    assert parse_times(["03/05/2024", "25/12/2024"])[0][0] == parse_time("2024-05-03")
    assert parse_times(["03/05/2024", "12/25/2024"])[0][0] == parse_time("2024-03-05")
    assert parse_times(["３/５/2024 9:30 AM", "5-13-2024"])[0][0] == INSTANT


def test_nothing_to_decide_by_is_an_error_that_asks():
    with pytest.raises(AmbiguousDates, match=r'opened: day .*03/05/2024.* date_order="dmy"') as told:
        parse_times(["2024-01-31", "03/05/2024"], name="opened")
    assert (told.value.column, told.value.examples) == ("opened", ["03/05/2024"])
    with pytest.raises(AmbiguousDates, match="cannot be told apart"):
        parse_time("03/05/2024")


def test_contradicting_dates_are_an_error():
    with pytest.raises(AmbiguousDates, match="some have the day first, some the month"):
        parse_times(["03/05/2024", "25/12/2024", "12/25/2024"])


def test_dates_that_speak_for_themselves_need_no_order():
    seconds, bad = parse_times(["25/12/2024", "12/25/2024", "7/7/2024"])
    assert seconds.tolist() == [parse_time("2024-12-25")] * 2 + [parse_time("2024-07-07")]
    assert bad == []


def test_a_given_order_holds_and_what_contradicts_it_is_bad():
    seconds, bad = parse_times(["03/05/2024", "12/25/2024"], date_order="dmy")
    assert (seconds[0], bad) == (parse_time("2024-05-03"), [1])
    assert parse_time("03/05/2024", date_order="mdy") == parse_time("2024-03-05")


def test_two_instants_of_the_hour_that_comes_twice_take_the_first():
    first = parse_time("2024-11-03 01:30", "America/New_York")
    assert first == parse_time("2024-11-03T01:30:00-04:00")
    assert parse_times(["2024-11-03 01:30:00"], "America/New_York")[0].tolist() == [first]


@pytest.mark.parametrize("zone", ["Mars/Base", "", "+25", "../etc/passwd"])
def test_unknown_zones_are_refused(zone):
    with pytest.raises(BadValue, match="not a time zone"):
        parse_time("2024-03-05", zone)


@pytest.mark.parametrize("value", [True, [2024], object()])
def test_values_of_other_kinds_are_bad(value):
    assert parse_times([value])[1] == [0]


def test_long_hostile_texts_are_bad_at_once():
    hostile = ["2024-03-05 " + " " * 10**6, "1" * 10**6, "\n" * 10**6, "年" * 10**6]
    assert parse_times(hostile)[1] == [0, 1, 3]


@pytest.mark.parametrize("text", ["2026-03-29 02:30", "2024-02-29T23:59:59", "1901-01-01 00:00"])
@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "+08:00"])
def test_plain_times_are_read_as_all_others(text, zone):
    assert parse_time(text, zone) == parse_time(f" {text} ", zone)


@pytest.mark.parametrize(
    "text", ["2026-11-20 24:00", "2026-02-30 10:00", "2026-11-20T10:00+01x", "2026-11-20 :0:00"]
)
def test_what_only_looks_like_a_plain_time_is_none(text):
    with pytest.raises(BadValue, match="not a time"):
        parse_time(text)
