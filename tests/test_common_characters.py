"""The list that tells Chinese encodings apart holds characters that these encodings have."""

from __future__ import annotations

import pytest

from complaint_typing.common_characters import COMMON, PUNCTUATION, SIMPLIFIED_AND_SHARED, TRADITIONAL


@pytest.mark.parametrize(("characters", "codec"), [(SIMPLIFIED_AND_SHARED, "gb2312"), (TRADITIONAL, "cp950")])
def test_characters_are_ideographs_of_their_encoding(characters, codec):
    assert characters.encode(codec).decode(codec) == characters
    assert all("\u4e00" <= c <= "\u9fff" for c in characters)


def test_no_character_comes_twice_and_none_is_punctuation():
    assert len(COMMON) == len(SIMPLIFIED_AND_SHARED) + len(TRADITIONAL)
    assert not COMMON & set(PUNCTUATION)


def test_usual_words_of_both_scripts_are_covered():
    for text in ("我要投诉你们的客服，三天了还没有退款", "我要投訴你們的客服，三天了還沒有退款"):
        assert all(c in COMMON or c in PUNCTUATION for c in text)
