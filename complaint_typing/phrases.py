"""The phrases of texts that weigh most: words near each text's peak, joined, in the ticket's own words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .folding import LONGEST_DIGIT_RUN, FoldedBlock
from .masking import find_personal_data

PHRASES = 3
LONGEST_PHRASE = 24
_NEAR_PEAK = np.float32(0.4)
_FIRST_CJK, _FIRST_PICTOGRAPH = 0x2E80, 0x1F000
_BLANK, _ZERO, _AT = map(ord, " 0@")
_BETWEEN = "\n"  # in no phrase: their blanks are plain ones


class _Runs(NamedTuple):
    """Runs of words: places of the first and last character, and weight."""

    first: NDArray[np.intp]
    last: NDArray[np.intp]
    weight: NDArray[np.float32]


def strongest_phrases(
    texts: Sequence[str], block: FoldedBlock, scores: Sequence[NDArray[Any]], factors: Sequence[NDArray[Any]]
) -> list[list[str]]:
    """At most three phrases of each text, strongest first.

    Words (Latin letters) and characters (Chinese) near the peak of the text join with their neighbours.
    Long numbers and personal data are never quoted.

    Parameters
    ----------
    texts : sequence of str of length n_texts
    block : FoldedBlock
        The same texts.
    scores : sequence of ndarray of shape (n_places,)
        How much each place of the padded block speaks for what is asked about, view by view.
    factors : sequence of ndarray of shape (n_texts,)
        What the scores of each view are multiplied by.
    """
    first, last = _words(block.padded, _quotable(texts, block))
    if not len(first):
        return [[] for _ in texts]
    next_to = _next_to(block.padded, first, last)
    if len(texts) == 1:
        weight = _weights(first, last, scores, factors)
        runs = _runs(first, last, weight, weight.max() * _NEAR_PEAK, next_to)
        order = np.argsort(-runs.weight, kind="stable")
        return _quoted(texts, block, np.zeros(len(order), dtype=np.intp), runs, order)
    counts = np.diff(np.searchsorted(first, block.bounds))
    text = np.repeat(np.arange(len(texts)), counts)
    weight = _weights(first, last, scores, [factor[text] for factor in factors])
    filled = counts.nonzero()[0]
    peak = np.maximum.reduceat(weight, (np.cumsum(counts) - counts)[filled])
    near = np.repeat(peak * _NEAR_PEAK, counts[filled])
    runs = _runs(first, last, weight, near, next_to & (text[1:] == text[:-1]))
    owner = np.searchsorted(block.bounds, runs.first) - 1
    order = np.lexsort((-runs.weight, owner))
    return _quoted(texts, block, owner[order], runs, order)


def _next_to(codes: NDArray[np.uint32], first: NDArray[np.intp], last: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Whether each word stands beside the one before, with at most one blank between."""
    gap = first[1:] - last[:-1]
    return (gap == 1) | ((gap == 2) & (codes[first[1:] - 1] == _BLANK))


def _quoted(
    texts: Sequence[str], block: FoldedBlock, owner: NDArray[np.intp], runs: _Runs, order: NDArray[np.intp]
) -> list[list[str]]:
    """The runs of each text in its own words, none within another."""
    start = block.places[block.bounds[owner]] + 1
    begin = (block.places[runs.first[order]] - start).tolist()
    end = (block.places[runs.last[order]] - start + 1).tolist()
    found: list[list[str]] = [[] for _ in texts]
    for i, a, b in zip(owner.tolist(), begin, end, strict=True):
        phrases = found[i]
        if len(phrases) < PHRASES:
            phrase = " ".join(texts[i][a:b].split())
            if len(phrase) > LONGEST_PHRASE:
                phrase = _shortened(phrase)
            if not phrases or (len(phrase) > 1 and phrase not in _BETWEEN.join(phrases)):
                phrases.append(phrase)
    return found


def _shortened(phrase: str) -> str:
    """At most 24 characters, and no word cut in two where blanks divide words."""
    head = phrase[: LONGEST_PHRASE + 1]
    return head.rpartition(" ")[0] or head[:LONGEST_PHRASE]


def _quotable(texts: Sequence[str], block: FoldedBlock) -> NDArray[np.bool_]:
    """Letters and Chinese characters, not punctuation, digits, or anything within personal data."""
    quotable = _quotable_table().take(block.padded, mode="clip")
    for i in _may_hold_letters_of_personal_data(block) if len(texts) > 1 else range(len(texts)):
        for span in find_personal_data(texts[i]):
            first, last = block.bounds[i] + 1, block.bounds[i + 1]
            origin = block.places[first:last] - block.places[first - 1] - 1
            quotable[first:last] &= (origin < span.start) | (origin >= span.end)
    return quotable


def _may_hold_letters_of_personal_data(block: FoldedBlock) -> list[int]:
    """Texts with an ``@``, or with enough digits and a Latin letter beside one, where it may belong to them.

    Digits are never quoted, so that numbers alone need no search.
    """
    codes = block.padded
    letter = (codes >= ord("a")) & (codes <= ord("z"))
    beside = np.zeros(len(codes), dtype=bool)
    for step in (1, 2):
        beside[step:] |= letter[:-step]
        beside[:-step] |= letter[step:]
    digit = codes == _ZERO
    searched = np.searchsorted(block.bounds, ((codes == _AT) | (digit & beside)).nonzero()[0]) - 1
    digits = np.searchsorted(digit.nonzero()[0], block.bounds)
    many = digits[1:] - digits[:-1] >= LONGEST_DIGIT_RUN
    hold_at = np.searchsorted(block.bounds, (codes == _AT).nonzero()[0]) - 1
    return sorted({*searched[many[searched]].tolist(), *hold_at.tolist()})


@cache
def _quotable_table() -> NDArray[np.bool_]:
    """Whether a code point may be quoted; code points beyond the table are as its last one."""
    codes = np.arange(_FIRST_PICTOGRAPH + 1)
    letter = (codes >= ord("a")) & (codes <= ord("z")) | (codes == ord("'"))
    script = (codes >= 0xAA) & ~((codes >= 0x2000) & (codes < 0x3040))
    script &= ~((codes >= 0xE000) & (codes < 0xF900)) & (codes < _FIRST_PICTOGRAPH)
    return letter | script


def _words(
    codes: NDArray[np.uint32], quotable: NDArray[np.bool_]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """First and last place of every word: a run of Latin letters, or one Chinese character."""
    cjk = codes >= _FIRST_CJK
    parted = cjk[1:] | cjk[:-1]
    starts, ends = quotable.copy(), quotable.copy()
    starts[1:] &= parted | ~quotable[:-1]
    ends[:-1] &= parted | ~quotable[1:]
    return starts.nonzero()[0], ends.nonzero()[0]


def _weights(
    first: NDArray[np.intp],
    last: NDArray[np.intp],
    scores: Sequence[NDArray[Any]],
    factors: Sequence[Any],
) -> NDArray[np.float32]:
    """The weight of each word; summed over its own places alone, whatever stands around it."""
    edges = _edges(first, last)
    weight = np.add.reduceat(scores[0], edges)[::2] * factors[0]
    for score, factor in zip(scores[1:], factors[1:], strict=True):
        weight += np.add.reduceat(score, edges)[::2] * factor
    return weight


def _edges(first: NDArray[np.intp], last: NDArray[np.intp]) -> NDArray[np.intp]:
    edges = np.empty(2 * len(first), dtype=np.intp)
    edges[::2] = first
    np.add(last, 1, out=edges[1::2])
    return edges


def _runs(
    first: NDArray[np.intp], last: NDArray[np.intp], weight: NDArray[np.float32], near: Any, next_to: Any
) -> _Runs:
    """Strong words with the words beside them, as far as they stand next to each other."""
    speaks = weight > 0
    strong = _with_neighbours(speaks & (weight >= near), next_to)
    strong = _with_neighbours(strong & speaks, next_to)
    joined = strong[1:] & strong[:-1] & next_to
    starts, ends = strong.copy(), strong.copy()
    starts[1:] &= ~joined
    ends[:-1] &= ~joined
    begin, end = starts.nonzero()[0], ends.nonzero()[0]
    if not len(begin):
        return _Runs(begin, end, weight[:0])
    padded = np.concatenate((weight, weight[:1]))
    return _Runs(first[begin], last[end], np.add.reduceat(padded, _edges(begin, end))[::2])


def _with_neighbours(strong: NDArray[np.bool_], next_to: NDArray[np.bool_]) -> NDArray[np.bool_]:
    wider = strong.copy()
    wider[:-1] |= strong[1:] & next_to
    wider[1:] |= strong[:-1] & next_to
    return wider
