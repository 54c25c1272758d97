"""Hashed n-grams: what a plain loop finds, whatever stands before or after a text in its block."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaint_typing.folding import fold_text, fold_texts
from complaint_typing.ngrams import LAST_SENTENCE_SALT, Views, hash_ngrams, last_sentences, n_grams, within

SALTS = (0, 0x165667B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F)
WORDS = st.text(st.sampled_from("ab 退款。.!?；…\U0001f643\ud800") | st.characters(), max_size=30)


def plain_hash(gram: str, salt: int) -> int:
    h = 0
    for character in gram:
        h = (h * 0x9E3779B1 + ord(character)) % 2**32
    h = (h + SALTS[len(gram)] + salt) % 2**32
    h = (h ^ (h >> 16)) * 0x85EBCA6B % 2**32
    h = (h ^ (h >> 13)) * 0xC2B2AE35 % 2**32
    return h ^ (h >> 16)


def plain_ngrams(text: str, salt: int) -> list[tuple[int, int, int]]:
    padded = f" {text} "
    places = [(i, n) for n in (1, 2, 3, 4) for i in range(len(text) + 1) if i + n <= len(padded)]
    return sorted((i - 1, n, plain_hash(padded[i : i + n], salt)) for i, n in places)


def block_of(texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
    codes = [np.frombuffer(t.encode("utf-32-le", "surrogatepass"), np.uint32) for t in texts]
    starts = np.concatenate(([0], np.cumsum([len(t) for t in texts]))).astype(np.int64)
    return np.concatenate([np.zeros(0, np.uint32), *codes]), starts


@given(st.lists(WORDS, max_size=6), st.sampled_from([0, LAST_SENTENCE_SALT, 2**32 - 1]))
def test_every_text_has_the_ngrams_of_a_plain_loop(texts, salt):
    codes, starts = block_of(texts)
    grams = hash_ngrams(codes, starts, salt)
    for i, text in enumerate(texts):
        mine = grams.text == i
        found = zip(grams.start[mine] - starts[i], grams.order[mine], grams.hashes[mine], strict=True)
        assert sorted((int(s), int(n), int(h)) for s, n, h in found) == plain_ngrams(text, salt)
    assert len(grams.hashes) == sum(len(plain_ngrams(text, salt)) for text in texts)


def test_views_and_lengths_do_not_share_hashes():
    codes, starts = block_of(["退款"])
    whole, last = hash_ngrams(codes, starts), hash_ngrams(codes, starts, LAST_SENTENCE_SALT)
    assert not set(whole.hashes.tolist()) & set(last.hashes.tolist())
    blank, two_blanks = hash_ngrams(*block_of([""])).hashes.tolist()
    assert blank != two_blanks


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("宽带坏了。请退钱给我", "请退钱给我"),
        ("宽带坏了。请退钱给我。", "请退钱给我."),
        ("宽带坏了！！请退钱给我！！！", "请退钱给我!!!"),
        ("宽带坏了；请退钱给我…", "请退钱给我."),
        ("宽带坏了。谢谢。", "宽带坏了.谢谢."),
        ("宽带坏了。修了两次。谢谢。", "修了两次.谢谢."),
        ("It broke. Refund me!", " refund me!"),
        ("It broke? Thanks", " thanks"),
        ("It broke. Ok", "it broke. ok"),
        ("It cost 2.5 and v1.2 failed", "it cost 0.0 and v0.0 failed"),
        ("no end at all", "no end at all"),
        ("", ""),
        ("。", "."),
    ],
)
def test_last_sentence(text, last):
    """Folding has made a full stop of the Chinese one and of the ellipsis."""
    views = Views.of(fold_texts(["前一条。不算在内", text, "后一条。也不算"]))
    assert "".join(map(chr, views.codes[views.bounds[4] + 1 : views.bounds[5]])) == last


@given(st.lists(WORDS, min_size=1, max_size=6))
def test_last_sentences_lie_in_their_text_and_do_not_depend_on_the_block(texts):
    block = fold_texts(texts)
    begin = last_sentences(block)
    assert (begin > block.bounds[:-1]).all()
    assert (begin <= block.bounds[1:]).all()
    alone = [int(last_sentences(fold_texts([text]))[0]) for text in texts]
    assert (begin - block.bounds[:-1]).tolist() == alone


@given(st.lists(WORDS, max_size=6))
def test_views_are_the_texts_and_then_their_last_sentences(texts):
    block = fold_texts(texts)
    views = Views.of(block)
    folded = [fold_text(text) for text in texts]
    cuts = (last_sentences(block) - block.bounds[:-1] - 1).tolist()
    expected = [*folded, *(text[cut:] for text, cut in zip(folded, cuts, strict=True))]
    assert "".join(map(chr, views.codes)) == " " + "".join(text + " " for text in expected)
    assert np.diff(views.bounds).tolist() == [len(text) + 1 for text in expected]


@given(st.lists(WORDS, max_size=6))
def test_hashes_within_bounds_are_those_of_each_text_and_each_last_sentence(texts):
    views = Views.of(fold_texts(texts))
    inside = within(views.bounds)
    owner = np.repeat(np.arange(2 * len(texts)), np.diff(views.bounds))[np.nonzero(inside)[1]]
    for i in range(2 * len(texts)):
        text = "".join(map(chr, views.codes[views.bounds[i] + 1 : views.bounds[i + 1]]))
        salt = LAST_SENTENCE_SALT if i >= len(texts) else 0
        expected = sorted(h for _, _, h in plain_ngrams(text, salt))
        assert sorted(views.hashes[inside][owner == i].tolist()) == expected
        assert n_grams(views.bounds)[i] == len(expected)


def test_full_and_half_width_have_the_same_ngrams():
    one, other = (hash_ngrams(*block_of([fold_text(t)])) for t in ("ＡＢＣ１２３，退費", "abc456,退费"))
    assert one.hashes.tolist() == other.hashes.tolist()
