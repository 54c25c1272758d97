"""The language of a ticket: what its row states, else what its characters show."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaint_typing.folding import fold_texts
from complaint_typing.languages import ticket_languages
from complaint_typing.spoken import SPOKEN


def languages(texts, stated=None, lang=None):
    return ticket_languages(texts, fold_texts(texts), stated or [""] * len(texts), lang)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("退款还没到", "zh"),
        ("退款還沒到", "zh-Hant"),
        ("我有 KKBOX 會員，扣了兩次", "zh-Hant"),
        ("乾淨就好", "zh-Hant"),
        ("《著名的餐厅》其实很一般，等了半天没人理", "zh"),
        ("又冇水啊", "zh-Hant"),
        ("垃圾店垃圾經理，食屎啦", "zh-Hant"),
        ("皮肤没到帐", "zh"),
        ("成日叫我等着，唔理我", "zh-Hant"),
        ("好嬲", "zh-Hant"),
        ("你哋嘅客服态度好差，我等咗好耐都冇人理", "zh"),
        ("点解你哋咁耐都唔覆我", "zh"),
        ("王喆不退款", "zh"),
        ("收到，感恩", "zh"),
        ("𨋢壞咗", "zh-Hant"),
        ("where is my refund?", "en"),
        ("I bought 一 thing at your shop", "en"),
        ("订单 order 退款 refund", "zh"),
        ("iPhone 坏了 please refund my money now", "en"),
        ("微信支付 WeChat Pay failed again", "zh"),
        ("", "en"),
        ("12345 ???", "en"),
        ("“what a joke”，she said", "en"),
    ],
)
def test_detected_by_script(text, language):
    assert languages([text]) == [language]


def test_what_the_row_states_comes_before_what_the_text_shows():
    texts = ["退款还没到", "where is it", "where is it", "退款还没到"]
    assert languages(texts, ["en", "zh-Hans", "zh-Hant", ""]) == ["en", "zh", "zh-Hant", "zh"]


def test_a_language_that_there_are_no_texts_in_is_no_statement():
    assert languages(["退款还没到", "where is it"], ["ja", "fr"]) == ["zh", "en"]


def test_one_language_for_all_comes_before_everything():
    assert languages(["退款还没到", "where is it"], ["zh-Hans", ""], lang="en") == ["en", "en"]


@given(st.lists(st.text(st.sampled_from("ab 退款。1한") | st.characters(), max_size=20), max_size=6))
def test_each_text_is_judged_by_itself(texts):
    together = languages(texts)
    assert together == [languages([text])[0] for text in texts]
    assert set(together) <= set(SPOKEN)
