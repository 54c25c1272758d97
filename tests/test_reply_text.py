from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaint_typing.reply_text import Draft

ANY = st.text(st.characters(codec=None)) | st.text("抱歉，。不过aA .!?，\n０1\u200b\ud800", max_size=40)


@given(ANY)
def test_every_folded_character_has_its_place_in_the_draft(source):
    draft = Draft(source)
    places = [draft.original((i, i + 1)) for i in range(len(draft.text))]
    assert all(0 <= start < end == start + 1 <= len(source) for start, end in places)
    assert places == sorted(set(places))
    assert draft.original(draft.end) == (len(source), len(source))


@given(ANY)
def test_clauses_lie_in_sentences_and_cover_all_words(source):
    draft = Draft(source)
    for parts in (draft.clauses, draft.sentences):
        assert parts == sorted(parts)
        assert all(before[1] < after[0] for before, after in pairwise(parts))
    for clause in draft.clauses:
        start, end = draft.sentence(clause)
        assert start <= clause[0] <= clause[1] <= end
        assert draft.around(clause) == clause
        assert draft.clauses[draft.clause_place(clause)] == clause


def test_vanishing_characters_do_not_shift_spans():
    source = "抱\u200b歉，\ufeff但是"
    draft = Draft(source)
    start = draft.text.index("但是")
    first, last = draft.original((start, start + 2))
    assert source[first:last] == "但是"


@pytest.mark.parametrize(
    "text, value",
    [
        ("八十", 80),
        ("两百", 200),
        ("一百五", 150),
        ("一百零五", 105),
        ("十五万", 150_000),
        ("１，２８０", 1280),
        ("1,280.50", 1280.5),
        ("12.5", 12.5),
        ("1.2.3", 1.2),
        ("٣٠", 30),
    ],
)
def test_amounts_are_read_as_written(text, value):
    draft = Draft(f"送{text}元")
    assert [number for _, number in draft.numbers((0, len(draft.text)))] == [value]


@given(st.text("0123456789０１.,，零一二两三四五六七八九十百千万亿", max_size=60))
def test_no_number_is_too_odd(text):
    draft = Draft(text)
    for (start, end), value in draft.numbers((0, len(draft.text))):
        assert 0 <= start < end <= len(draft.text)
        assert value >= 0
