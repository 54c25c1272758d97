"""One text folds as it does in a block."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaint_typing.folding import fold_texts
from complaint_typing.folding_one import fold_one

PIECES = (
    *(
        "@",
        "@@",
        "http://",
        "www.",
        "://",
        "//",
        "w",
        "Z",
        "a_b",
        "0",
        "123456",
        " ",
        "  ",
        "\t\n",
        ".",
        "-?",
    ),
    *("\0", "\u200b", "，", "退", "帳", "é", "😀", "\ud800", "\ue001", "\U000e0041", chr(0x30001)),
)


@given(st.lists(st.sampled_from(PIECES), max_size=14) | st.lists(st.characters(), max_size=40))
def test_one_text_folds_as_in_a_block(pieces):
    text = "".join(pieces)
    one, block = fold_one(text), fold_texts([text])
    for name in ("padded", "bounds", "marks", "places"):
        mine, its = getattr(one, name), getattr(block, name)
        assert (mine.dtype, mine.tolist()) == (its.dtype, its.tolist()), name


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("  see http://a.b/c?d=1, or www.x.y ! ", "see \ue001, or \ue001 !"),
        ("@Shop_12 @ me@home 1234567", "@ @ me@home 0000"),
        ("a\u200bb\0@c", "ab@c"),
    ],
)
def test_what_is_cut_out(written, folded):
    assert "".join(map(chr, fold_one(written).codes.tolist())) == folded
