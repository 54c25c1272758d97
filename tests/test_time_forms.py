"""Forms of times are told as patterns, and every form that is read is known."""

from __future__ import annotations

import pytest

from complaint_typing.time_forms import NO_TIME_FORM, TimeForms, time_form
from complaint_typing.times import NO_TIME, parse_times


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("2024-03-05", "YYYY-MM-DD"),
        ("2024/3/5 9:30", "YYYY/M/D h:mm"),
        ("2024-03-05T09:30:00+08:00", "YYYY-MM-DDThh:mm:ss and zone"),
        ("2024.03.05 09:30:00.123", "YYYY.MM.DD hh:mm:ss"),
        ("2024年3月5日 下午3时30分", "YYYY年M月D日 h:mm AM/PM"),
        ("31/12/2024 10:00", "DD/MM/YYYY or MM/DD/YYYY hh:mm"),
        ("20240305T093000Z", "YYYYMMDD hhmmss and zone"),
        ("1709600000123", "milliseconds since 1970"),
        ("Tue, 5 Mar 2024 09:30", "D Mon YYYY hh:mm"),
        ("March 5, 2024", "Mon D, YYYY"),
        ("5 Foo 2024", NO_TIME_FORM),
        ("soon", NO_TIME_FORM),
        ("9" * 80, NO_TIME_FORM),
    ],
)
def test_forms(text, form):
    assert time_form(text) == form
    assert (parse_times([text], date_order="dmy")[0][0] == NO_TIME) == (form == NO_TIME_FORM)


def test_the_order_is_shown_as_it_was_decided():
    assert [time_form("3/5/2024", order) for order in ("dmy", "mdy")] == ["D/M/YYYY", "M/D/YYYY"]


def test_columns_are_counted_block_by_block():
    found = TimeForms()
    found.add(["2024-03-05", " 2024-12-31 ", ""])
    found.add(["2024-03-05T09:30:00Z", "1709600000", "someday"])
    assert dict(found.forms) == {
        "YYYY-MM-DD": 2, "YYYY-MM-DDThh:mm:ss and zone": 1, "seconds since 1970": 1, NO_TIME_FORM: 1,
    }  # fmt: skip
    assert (found.with_zone, found.without_zone) == (2, 2)


def test_endless_shapes_are_no_danger():
    found = TimeForms()
    for i in range(0, 30_000, 1000):
        found.add("x" * (n + 1) for n in range(i, i + 1000))
    assert found.forms[NO_TIME_FORM] == 30_000
    assert len(found._shapes) <= 10_000
