"""Runs of words that weigh most: words near each text's peak, joined with their neighbours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

FIRST_CJK = 0x2E80
NEAR_PEAK = np.float32(0.4)


class PlaceSums(NamedTuple):
    """What is given to all places before each place, of whole texts and then of their last sentences.

    Attributes
    ----------
    sums : ndarray of int64 of shape (n_places + 1,)
        In twelfths of a unit of the weight table. Those of the padded block come first.
    begin : ndarray of int64 of shape (n_texts,)
        Where each last sentence begins in the padded block.
    shift : ndarray of int64 of shape (n_texts,)
        How far behind its place there each of its characters stands in `sums`.
    """

    sums: NDArray[np.int64]
    begin: NDArray[np.int64]
    shift: NDArray[np.int64]

    def between(self, first: Any, end: Any, text: Any) -> tuple[Any, Any]:
        """What the places from `first` to before `end` are given: in the whole text, in its last sentence."""
        begin, shift = self.begin[text], self.shift[text]
        tail = self.sums[np.maximum(end, begin) + shift] - self.sums[np.maximum(first, begin) + shift]
        return self.sums[end] - self.sums[first], tail


class Runs(NamedTuple):
    """Runs of words, text by text.

    Attributes
    ----------
    first, last : ndarray of int
        Places of the first and the last character in the padded block.
    weight : ndarray of float32
    text : ndarray of int
    """

    first: NDArray[np.signedinteger]
    last: NDArray[np.signedinteger]
    weight: NDArray[np.float32]
    text: NDArray[np.signedinteger]


RunsIn = Callable[[NDArray[np.bool_], NDArray[np.bool_]], Runs]
"""Takes which places of the padded block may be quoted, and which blanks join words; gives runs of words."""


def word_runs(
    codes: NDArray[np.uint32],
    bounds: NDArray[np.int64],
    quotable: NDArray[np.bool_],
    joints: NDArray[np.bool_],
    places: PlaceSums,
    factors: Sequence[NDArray[np.float32]],
) -> Runs:
    """The runs of words near the peak of each text.

    Parameters
    ----------
    codes, bounds
        The padded block, and where its blanks between texts stand.
    quotable, joints : ndarray of bool, of the shape of `codes`
        What may be quoted, and the blanks over which words stand next to each other.
    places : PlaceSums
        How much each place speaks for what is asked about.
    factors : sequence of two ndarray of float32 of shape (n_texts,)
        What the sums of each view are multiplied by.
    """
    first, last = _words(codes, quotable)
    counts = np.diff(np.searchsorted(first, bounds))
    text = np.repeat(np.arange(len(counts)), counts)
    whole, tail = places.between(first, last + 1, text)
    weight = _weight(whole, tail, factors, text)
    filled = counts.nonzero()[0]
    if not len(filled):
        return Runs(first, last, weight, text)
    peak = np.maximum.reduceat(weight, (np.cumsum(counts) - counts)[filled])
    near = np.repeat(peak * NEAR_PEAK, counts[filled])
    gap = first[1:] - last[:-1]
    next_to = (gap == 1) | ((gap == 2) & joints[first[1:] - 1])
    next_to &= text[1:] == text[:-1]
    speaks = weight > 0
    strong = _with_neighbours(speaks & (weight >= near), next_to)
    begin, end = _ends(_with_neighbours(strong & speaks, next_to), next_to)
    whole, tail = (_between(part, begin, end) for part in (whole, tail))
    text = text[begin]
    return Runs(first[begin], last[end], _weight(whole, tail, factors, text), text)


def _words(
    codes: NDArray[np.uint32], quotable: NDArray[np.bool_]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """First and last place of every word: a run of Latin letters, or one Chinese character."""
    cjk = codes >= FIRST_CJK
    parted = cjk[1:] | cjk[:-1]
    starts, ends = quotable.copy(), quotable.copy()
    starts[1:] &= parted | ~quotable[:-1]
    ends[:-1] &= parted | ~quotable[1:]
    return starts.nonzero()[0], ends.nonzero()[0]


def _weight(
    whole: NDArray[np.int64],
    tail: NDArray[np.int64],
    factors: Sequence[NDArray[np.float32]],
    text: NDArray[Any],
) -> NDArray[np.float32]:
    return whole.astype(np.float32) * factors[0][text] + tail.astype(np.float32) * factors[1][text]


def _with_neighbours(strong: NDArray[np.bool_], next_to: NDArray[np.bool_]) -> NDArray[np.bool_]:
    wider = strong.copy()
    wider[:-1] |= strong[1:] & next_to
    wider[1:] |= strong[:-1] & next_to
    return wider


def _ends(strong: NDArray[np.bool_], next_to: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """First and last word of each run of strong words that stand next to each other."""
    joined = strong[1:] & strong[:-1] & next_to
    starts, ends = strong.copy(), strong.copy()
    starts[1:] &= ~joined
    ends[:-1] &= ~joined
    return starts.nonzero()[0], ends.nonzero()[0]


def _between(values: NDArray[np.int64], begin: NDArray[np.intp], end: NDArray[np.intp]) -> NDArray[np.int64]:
    """Sum of the values from `begin` to `end`."""
    sums = np.cumsum(values)
    return sums[end] - sums[begin] + values[begin]
