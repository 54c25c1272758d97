"""Folding: one frozen table, idempotent, blind to width, case and script; blocks that know their origin."""

from __future__ import annotations

import re
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaint_typing.folding import LINK_MARK, fold, fold_text, fold_texts

EVERY_CODE_POINT = np.arange(0x110000, dtype=np.uint32)


def _codes(text: str) -> np.ndarray:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def test_folding_twice_changes_nothing():
    once = fold(EVERY_CODE_POINT)
    assert np.array_equal(fold(once), once)


def test_the_table_is_frozen():
    """Every trained model reads text through this table: a change here makes them read something else."""
    assert zlib.crc32(fold(EVERY_CODE_POINT).astype("<u4").tobytes()) == 0x0FB59146


def test_code_points_beyond_unicode_stay():
    assert fold(np.array([0x110000, 2**32 - 1], np.uint32)).tolist() == [0x110000, 2**32 - 1]


def test_every_full_width_form_folds_like_the_half_width_one():
    half = "".join(map(chr, range(0x21, 0x7F)))
    full = "".join(chr(ord(c) + 0xFEE0) for c in half)
    assert np.array_equal(fold(_codes(half)), fold(_codes(full)))


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("ÀÉÎõüçŁØđ", "aeiouclod"),
        ("Straße", "straße"),
        ("１２ ٣४ 𝟘", "00 00 0"),
        ("好\u3000的\u00a0\u2003\t\r\n吧", "好 的 吧"),
        ("你\u200b好\ufeff\u00ad\x00\x07！\ufe0f", "你好!"),
        ("👍🏽 👨\u200d👩\u200d👧 ❤\ufe0f", "👍 👨👩👧 ❤"),
        ("“好”‘吗’「嗯」『哦』—–－", '"好"\'吗\'"嗯""哦"---'),
        ("一，二、三。四；五：六！七？（八）【九】《十》…", "一,二,三.四;五:六!七?(八)[九]<十>."),
        ("ﬁ ① m² ½", "ﬁ ① m² ½"),
        ("@Support_1 hello", "@ hello"),
        (".@airline why", ".@ why"),
        ("找＠abc客服", "找@客服"),
        ("@付小鹿客服 在吗", "@付小鹿客服 在吗"),
        ("mail john@example.com now", "mail john@example.com now"),
        ("see https://Example.com/a?b=1&c=2. Thanks", f"see {LINK_MARK}. thanks"),
        ("看www.example.com/页面", f"看{LINK_MARK}页面"),
        ("the www. thing, http:// alone", f"the www. thing, {LINK_MARK} alone"),
        ("at 5 @ home", "at 0 @ home"),
        ("order 123456789012, 12 3456", "order 0000, 00 0000"),
        ("  a \n\n b  ", "a b"),
        (" \t\n", ""),
        ("", ""),
    ],
)
def test_what_folds_to_what(written, folded):
    assert fold_text(written) == folded


@pytest.mark.parametrize(
    ("traditional", "simplified"),
    [
        ("上個月帳單多收三百元，打電話問了兩次都說會處理", "上个月账单多收三百元，打电话问了两次都说会处理"),
        ("店員態度很差，我媽媽聽了很難過", "店员态度很差，我妈妈听了很难过"),
        ("請問發票會寄到哪裡？後來沒有收到", "请问发票会寄到哪里？后来没有收到"),
        ("客服回覆說檯面損壞不賠，妳們自己看著辦", "客服回复说台面损坏不赔，你们自己看着办"),
        ("冷氣壞了，師傅說週六纔能來，衛生紙也沒補", "冷气坏了，师傅说周六才能来，卫生纸也没补"),
        ("網路斷線四個鐘頭，連WiFi都連不上，要求減免月費", "网路断线四个钟头，连WiFi都连不上，要求减免月费"),
        ("「處理中」三個字看了十七天", "“处理中”三个字看了十七天"),
    ],
)
def test_traditional_and_simplified_fold_alike(traditional, simplified):
    assert fold_text(traditional) == fold_text(simplified)


def test_full_width_and_half_width_tickets_fold_alike():
    full = "订单号：１２３４５６，ＡＰＰ闪退（第３次）！退款“１２８”元。"
    half = '订单号:123456,app闪退(第3次)!退款"128"元.'
    assert fold_text(full) == fold_text(half)


def test_composed_and_decomposed_accents_fold_alike():
    assert fold_text("Café naïve Zoë") == fold_text("Cafe\u0301 nai\u0308ve Zoe\u0308") == "cafe naive zoe"


def test_no_texts_make_an_empty_block():
    block = fold_texts([])
    assert (block.codes.tolist(), block.starts.tolist(), block.origin.tolist()) == ([], [0], [])


PIECES = [
    "@",
    "www.",
    "http://",
    "://",
    "a.b",
    "000000",
    "12",
    " ",
    "\n",
    "。",
    "，",
    "帳",
    "é",
    "\u0301",
    "\u200b",
    "\0",
]
TEXTS = st.lists(
    st.one_of(
        st.sampled_from(PIECES),
        st.characters(),
        st.characters(categories=["Cs"]),
        st.text("ab1@ .:/w_-", max_size=6),
    ),
    max_size=12,
).map("".join)


def _cut(pairs: list[tuple[str, int]], pattern: str, kept) -> list[tuple[str, int]]:
    """Rewrite each match; `kept` gives the characters that stay and their offsets in the match."""
    text, out, done = "".join(c for c, _ in pairs), [], 0
    for match in re.finditer(pattern, text):
        out += pairs[done : match.start()]
        out += [(c, pairs[match.start() + offset][1]) for c, offset in kept(match[0])]
        done = match.end()
    return out + pairs[done:]


def _link(run: str) -> list[tuple[str, int]]:
    tail = re.search(r"[^a-z0_/=-]*\Z", run).start()
    return [(LINK_MARK, 0), *((c, tail + i) for i, c in enumerate(run[tail:]))]


def plain_fold(text: str) -> list[tuple[str, int]]:
    """The folded text as (character, index in the original), one step after the other."""
    pairs = [(chr(code), i) for i, code in enumerate(fold(_codes(text)).tolist()) if code]
    in_link = r"[a-z0_.~:/?#\[\]@!$&'()*+,;=%-]*"
    pairs = _cut(pairs, rf"(?:[a-z]+://|(?<![a-z0_])www\.(?=[a-z0_])){in_link}", _link)
    pairs = _cut(pairs, r"(?<![a-z0_@])@[a-z0_@]*", lambda run: [("@", 0)])
    pairs = _cut(pairs, "0{5,}", lambda run: [("0", i) for i in range(4)])
    pairs = _cut(pairs, " {2,}", lambda run: [(" ", 0)])
    return _cut(pairs, r"\A | \Z", lambda run: [])


@given(st.lists(TEXTS, max_size=5))
def test_blocks_equal_the_plain_way_and_know_their_origin(texts):
    block = fold_texts(texts)
    assert block.starts.tolist()[0] == 0
    assert block.starts.size == len(texts) + 1
    for i, text in enumerate(texts):
        here = slice(block.starts[i], block.starts[i + 1])
        pairs = list(zip(map(chr, block.codes[here].tolist()), block.origin[here].tolist(), strict=True))
        assert pairs == plain_fold(text)


@given(TEXTS)
def test_folding_a_folded_text_changes_nothing(text):
    assert fold_text(fold_text(text)) == fold_text(text)


@given(st.lists(TEXTS, max_size=4))
def test_arrays_are_of_the_promised_kinds(texts):
    block = fold_texts(texts)
    assert (block.codes.dtype, block.starts.dtype, block.origin.dtype) == (np.uint32, np.int64, np.int32)
    assert block.codes.size == block.origin.size == block.starts[-1]


@pytest.mark.parametrize("piece", ["http://", "www.a", "@a", "@", "1", " ", "\u0301", "a\u200b"])
def test_long_monotonous_texts_fold(piece):
    assert len(fold_text(piece * 100_000)) < 200_000
