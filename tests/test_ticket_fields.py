"""Fields of one ticket: what was meant as an option is told, whatever else there is passes."""

from __future__ import annotations

import datetime

import numpy as np
import pandas as pd
import pytest

from complaint_typing import AdvisorHandle, add_history, load
from complaint_typing.columns import TICKET_COLUMNS
from complaint_typing.errors import BadOption, BadValue, MissingColumns
from complaint_typing.ticket_fields import fields_of

TEXT = "Where is my refund?"


@pytest.mark.parametrize(
    ("keyword", "meant"),
    [
        ("histroy", "history"),
        ("timezone", "tz"),
        ("date_ordr", "date_order"),
        ("language_", ""),
        ("craeted_at", "created_at"),
        ("createdAt", "created_at"),
        ("customerid", "customer_id"),
        ("txt", "text"),
    ],
)
def test_a_keyword_that_is_nearly_another_is_told(keyword, meant):
    advisor = load()
    if not meant:
        assert advisor.advise(text=TEXT, **{keyword: "x"}).top_type
        return
    for door in (advisor.advise, advisor.explain, AdvisorHandle().advise):
        with pytest.raises(BadOption, match=f"^{keyword}: not an option or a field .*; write {meant}$"):
            door(text=TEXT, **{keyword: "x"})


@pytest.mark.parametrize("option", ["history", "lang", "tz", "date_order"])
def test_an_option_is_no_field_of_a_ticket(option):
    with pytest.raises(BadOption, match=rf"^{option}: not a field .*advise\(ticket, {option}=...\)"):
        load().advise({"text": TEXT, option: "zh"})


def test_other_fields_pass():
    names = [*(column.name for column in TICKET_COLUMNS), "plan", "customer_name", "created_by", "updated_at"]
    names += ["custom_id", "customer_uid", "customer", "text2", "slang", "date_ordered"]
    told = dict.fromkeys(names, "x")
    assert fields_of(None, told) == fields_of(told, {}) == fields_of(told, {"text": "x"}) == told
    assert fields_of({"histroy": 1, 5: 2}, {}) == {"histroy": 1, 5: 2}


def test_a_ticket_without_words_is_told_what_can_be_done():
    advisor = load()
    told = r"Nearest guesses: text = 'content'. Call the field with the words text: advise\(text=ticket\['con"
    for door in (advisor.advise, advisor.explain):
        with pytest.raises(MissingColumns, match=told) as error:
            door({"content": TEXT})
        assert "--map" not in str(error.value) + error.value.render("zh")
        with pytest.raises(MissingColumns, match="Headers found: none"):
            door({})
    for score in (advisor.score, add_history):
        with pytest.raises(
            MissingColumns, match=r"frame\.rename\(columns=\{'descriptoin': 'text'\}\)"
        ) as error:
            score(pd.DataFrame({"descriptoin": [TEXT]}))
        assert "--map" not in str(error.value)


NO_TEXTS = [b"refund", ["refund"], ("refund",), {"a": "refund"}, {"refund"}, True, np.bool_(True), object()]


@pytest.mark.parametrize("given", [*NO_TEXTS, datetime.date(2026, 1, 1)], ids=lambda v: type(v).__name__)
@pytest.mark.parametrize("name", ["text", "subject"])
def test_what_is_no_text_is_refused(given, name):
    advisor = load()
    beside = "subject" if name == "text" else "text"
    for door in (advisor.advise, advisor.explain):
        with pytest.raises(BadValue, match=f"^column {name}: not a text, got .*; write the text as a string"):
            door({name: given, beside: TEXT})
    frame = pd.DataFrame({name: [TEXT, None], beside: TEXT}, dtype=object)
    frame.at[1, name] = given
    with pytest.raises(BadValue, match=f"^row 2, column {name}: not a text"):
        advisor.score(frame)


@pytest.mark.parametrize("number", [12345, 12345.0, np.int64(12345), np.float32(0.5)])
def test_a_number_is_a_text_in_a_ticket_as_in_a_table(number):
    advisor = load()
    row = advisor.score(pd.DataFrame({"text": [number]}, dtype=object), proba=True).iloc[0]
    assert list(advisor.advise(text=number).probabilities.values()) == row.filter(regex="^p_").tolist()


@pytest.mark.parametrize("missing", [None, pd.NA, float("nan")])
def test_a_missing_subject_is_none(missing):
    advisor = load()
    assert advisor.advise(text=TEXT, subject=missing).confidence == advisor.advise(text=TEXT).confidence
