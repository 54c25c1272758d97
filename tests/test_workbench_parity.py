"""One text in two scripts or widths is one text to the model, character by character and by phrases."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from complaint_typing.artifact import load_model
from complaint_typing.labels import read_labelled
from complaint_typing.resources import data_path
from complaint_typing.ticket_texts import facts_of, texts_of
from complaint_typing.workbench.parity import SAME_AT_LEAST, audit_parity
from complaint_typing.workbench.scripts import (
    OPENCC,
    converters,
    full_width,
    half_width,
    simplified_characters,
    traditional_characters,
)


def test_a_sample_of_the_corpus_is_typed_alike_however_it_is_written():
    tickets = read_labelled([data_path("training")]).iloc[::50].reset_index(drop=True)
    report = audit_parity(load_model(data_path("model")), texts_of(tickets), facts_of(tickets))
    assert report.phrases
    assert {*OPENCC.values()} < {one.conversion for one in report.conversions}
    for one in report.conversions:
        assert one.changed >= 15, one.conversion
        assert one.same_type >= SAME_AT_LEAST * one.changed, one
        assert one.within >= SAME_AT_LEAST * one.changed, one
    assert report.passed


@given(
    st.text(
        st.characters(min_codepoint=0x20, max_codepoint=0x7E) | st.sampled_from("退款请帮我"), max_size=30
    )
)
def test_width_goes_there_and_back(text):
    assert half_width(full_width(text)) == text
    assert not any(0x20 <= ord(character) <= 0x7E for character in full_width(text))


@given(st.text(st.sampled_from("账单不对请查询门诊发头发后台里面干面条abc"), max_size=30))
def test_script_goes_there_and_back(text):
    assert simplified_characters(traditional_characters(text)) == text
    assert simplified_characters(text) == text


def test_one_to_many_characters_are_told_apart_by_phrases():
    convert = converters()[OPENCC["s2t"]]
    assert convert("理发后发财，干净的干部") == "理髮後發財，乾淨的幹部"


def test_what_is_written_the_same_way_is_not_counted(model):
    texts = ["退款", "please send it"]
    report = audit_parity(model, texts, facts_of(texts), {"same": str, "wide": full_width})
    assert [one.changed for one in report.conversions] == [0, 1]
    assert report.conversions[1].same_type == 1
    assert report.passed
    assert not report.phrases


def test_a_conversion_that_changes_the_words_misses_the_bar(model):
    texts = ["你们必须道歉，态度太差。"] * 3
    swap = {"other_words": lambda text: "宽带坏了三天。请退还多扣的费用。"}
    report = audit_parity(model, texts, facts_of(texts), swap)
    assert not report.passed
    assert (report.conversions[0].same_type, report.conversions[0].within) == (0, 0)
    told = report.to_dict()
    assert told["passed"] is False
    assert np.isclose(told["conversions"][0]["largest_shift"], report.conversions[0].largest_shift)
