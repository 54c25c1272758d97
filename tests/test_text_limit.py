"""A very long text is judged by its ends, alike through every door, and nothing of a file is lost."""

from __future__ import annotations

import csv
import io
import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaint_typing import load, read_scored, score_csv
from complaint_typing.artifact import load_model
from complaint_typing.resources import data_path
from complaint_typing.text_limit import LONGEST_TEXT, judged_part, notes_on_length, whole_characters
from complaint_typing.ticket_texts import facts_of, texts_of

CUT = "I want a voucher \ud83d now or I tell the media \ud800"
BEGINNING, WISH = "My last bill is 46 pounds too high. ", " Please refund what I was overcharged."


def long_text(n: int) -> str:
    return BEGINNING + "z" * (n - len(BEGINNING) - len(WISH)) + WISH


@given(st.integers(0, 3 * LONGEST_TEXT))
def test_up_to_the_limit_nothing_changes_and_beyond_both_ends_stay(n):
    text = ("ab" * n)[:n]
    part = judged_part(text)
    assert len(part) == min(n, LONGEST_TEXT)
    assert judged_part(part) == part
    head, _, tail = part.partition("\n")
    assert text.startswith(head)
    assert text.endswith(tail)
    assert bool(notes_on_length(part, "zh")) == (n > LONGEST_TEXT)


@pytest.mark.parametrize("n", [LONGEST_TEXT, LONGEST_TEXT + 1, 200_000])
def test_every_door_answers_alike_and_says_what_was_read(n, tmp_path):
    advisor, text = load(), long_text(n)
    advice = advisor.advise(text=text, created_at="2026-05-04")
    assert advice.top_type == "resolution_seeking"
    assert any("20,000" in warning for warning in advice.warnings) == (n > LONGEST_TEXT)
    frame = pd.DataFrame({"text": [text, "hello"], "created_at": "2026-05-04"})
    scored = advisor.score(frame, proba=True)
    assert scored["text"].tolist() == frame["text"].tolist()
    types = load_model(data_path("model")).score(texts_of(frame), _unknown(2)).types
    np.testing.assert_array_equal(scored.filter(regex="^p_").to_numpy(dtype=np.float32), types)
    assert list(advice.probabilities.values()) == types[0].tolist()
    source = tmp_path / "in.csv"
    lines = io.StringIO()
    csv.writer(lines).writerows([["text", "created_at"], [text, "2026-05-04"], ["hello", "2026-05-04"]])
    source.write_text(lines.getvalue(), encoding="utf-8")
    summary = score_csv(source, tmp_path / "out.csv")
    assert (summary.rows_out, summary.rows_quarantined) == (2, 0)
    read = read_scored(tmp_path / "out.csv")
    assert read["text"].tolist() == frame["text"].tolist()
    assert read["customer_type"].tolist() == scored["customer_type"].tolist()


def _unknown(n):
    return facts_of(pd.DataFrame({"text": ["-"] * n}))


@given(st.text(st.sampled_from("aé退😀\ud83d\ude00\ud800\udfff\x00")))
def test_no_half_character_is_left_and_every_other_stays_in_its_place(text):
    mended = whole_characters(text)
    assert mended == "".join("\ufffd" if "\ud800" <= one <= "\udfff" else one for one in text)
    assert mended.encode().decode() == mended
    assert judged_part(text) == mended


@pytest.mark.parametrize("text", [CUT, "我要补偿\ud800两个月", "我\ud800要\ud800投\ud800诉\ud800"])
def test_an_answer_on_half_characters_is_that_on_their_replacement_through_every_door(text):
    advisor, mended = load(), whole_characters(text)
    advice = advisor.advise(text=text, created_at="2026-05-04")
    assert json.dumps(advice.to_dict(), ensure_ascii=False).encode().decode()
    assert (advice.render("zh") + advice.render("en")).encode()
    assert advice == advisor.advise(text=mended, created_at="2026-05-04")
    assert advisor.explain(text=text).to_dict() == advisor.explain(text=mended).to_dict()
    frame = pd.DataFrame({"text": [text, mended], "created_at": "2026-05-04"}, dtype=object)
    first, second = advisor.score(frame, proba=True).drop(columns="text").to_dict("records")
    assert first == second
    assert first["evidence"] == "; ".join(advice.evidence)
    np.testing.assert_array_equal(*load_model(data_path("model")).score(texts_of(frame), _unknown(2)).types)


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_a_row_with_half_a_character_is_set_aside_and_the_scored_file_is_whole(tmp_path, form):
    source, target, aside = tmp_path / "in.jsonl", tmp_path / f"out.{form}", tmp_path / "aside.csv"
    tickets = [{"text": text} for text in (CUT, "paid twice \U0001f600", "where is my refund")]
    source.write_text("".join(json.dumps(ticket) + "\n" for ticket in tickets), encoding="utf-8")
    summary = score_csv(source, target, quarantine=aside)
    assert (summary.rows_out, summary.rows_quarantined) == (2, 1)
    assert "paid twice \U0001f600" in target.read_text(encoding="utf-8")
    assert "half_character" in aside.read_text(encoding="utf-8")
