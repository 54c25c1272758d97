"""Hashed n-grams: what a plain loop finds, whatever stands before or after a text in its block."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_ngrams import plain_ngrams

from complaint_typing.folding import fold_text, fold_texts
from complaint_typing.ngrams import LAST_SENTENCE_SALT, Views, last_sentences, n_grams, within

WORDS = st.text(st.sampled_from("ab 退款。.!?；…\U0001f643\ud800") | st.characters(), max_size=30)


def hashes_of(view: Views, i: int) -> list[int]:
    """Of the n-grams of one text or last sentence."""
    inside = within(view.bounds)
    inside[:, : view.bounds[i]] = inside[:, view.bounds[i + 1] :] = False
    return view.hashes[inside].tolist()


def test_views_and_lengths_do_not_share_hashes():
    views = Views.of(fold_texts(["退款", ""]))
    assert not {*hashes_of(views, 0)} & {*hashes_of(views, 2)}
    blank, two_blanks = hashes_of(views, 1)
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
    for i in range(2 * len(texts)):
        text = "".join(map(chr, views.codes[views.bounds[i] + 1 : views.bounds[i + 1]]))
        salt = LAST_SENTENCE_SALT if i >= len(texts) else 0
        expected = sorted(h for _, _, h in plain_ngrams(text, salt))
        assert sorted(hashes_of(views, i)) == expected
        assert n_grams(views.bounds)[i] == len(expected)


def test_full_and_half_width_have_the_same_ngrams():
    one, other = (Views.of(fold_texts([text])) for text in ("ＡＢＣ１２３，退費", "abc456,退费"))
    assert one.hashes.tolist() == other.hashes.tolist()
