from __future__ import annotations

import re

import pytest

from complaint_typing.reply_phrases import phrase_pattern
from complaint_typing.reply_text import Draft


def said(phrases, language, text):
    return phrase_pattern(phrases, language).search(Draft(text).text) is not None


@pytest.mark.parametrize(
    "phrases, text, is_said",
    [
        ("保证…退", "保证给您全额退款", True),
        ("保证…退", "保证办好，退不退再说", False),
        ("保證", "保证", True),
        ("打#折", "打８折", True),
        ("打#折", "打折", False),
        ("(不/别)急", "别急", True),
        ("不(要)?急", "不急", True),
        ("甲|(乙/丙)丁", "丙丁", True),
        ("#%", "100%", True),
    ],
)
def test_chinese_phrases(phrases, text, is_said):
    assert said(phrases, "zh", text) is is_said


@pytest.mark.parametrize(
    "phrases, text, is_said",
    [
        ("sorry", "SORRY!", True),
        ("but", "button", False),
        ("apolog*", "Our apologies", True),
        ("*n't", "it isn’t", True),
        ("we will …refund", "We will, of course, refund it", True),
        ("we will …refund", "We will see. A refund", False),
        ("(£/$)# off", "£ 20 off", False),
        ("(£/$)# off", "£20.50 off", True),
        ("re:\\bno+\\b", "nooo", True),
    ],
)
def test_english_phrases(phrases, text, is_said):
    assert said(phrases, "en", text) is is_said


def test_open_brackets_are_refused():
    with pytest.raises(re.error, match="unterminated subpattern"):
        phrase_pattern("保证(退", "zh")
