"""What a terminal would obey is written out, all else stays as it is."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from complaint_typing.control_characters import escaped


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_nothing_that_gives_orders_is_left_and_escaping_again_changes_nothing(text):
    shown = escaped(text)
    kinds = {unicodedata.category(c) for c in shown if c not in "\n\t"}
    assert not kinds & {"Cc", "Zl", "Zp"}
    assert not {"\u202e", "\u2066"} & {*shown}
    assert escaped(shown) == shown


@given(st.text(st.characters(categories=["L", "M", "N", "P", "S"]), max_size=60))
def test_ordinary_text_stays(text):
    assert escaped(f"{text}\n\t退款　é") == f"{text}\n\t退款　é"


def test_control_characters_are_shown_by_their_number():
    assert escaped("\x1b[31m\x9b\r\u202e") == r"\x1b[31m\x9b\r\u202e"
