"""The runs of words that weigh most as one compiled pass a text; needs the extra ``fast``.

Used through :mod:`~complaint_typing.fast` alone. The same numbers as those of
:mod:`~complaint_typing.place_sums` and :mod:`~complaint_typing.word_runs`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .kernel_grams import compiled, longest, short
from .ngrams import Views
from .word_runs import FIRST_CJK, NEAR_PEAK, Runs


def word_runs(
    by_text: NDArray[np.uint32],
    views: Views,
    units: NDArray[np.int16],
    top: NDArray[np.intp],
    factors: tuple[NDArray[np.float32], NDArray[np.float32]],
    quotable: NDArray[np.bool_],
    joints: NDArray[np.bool_],
) -> Runs:
    """As :func:`~complaint_typing.word_runs.word_runs`, from the rows of the n-grams.

    Parameters
    ----------
    by_text : ndarray of uint32
        As :func:`~complaint_typing.kernel.rows_by_text` gives them.
    views : Views
    units : ndarray of int16 of shape (n_types, n_features + 1)
    top : ndarray of shape (n_texts,)
        The type asked about.
    factors : tuple of two ndarray of float32 of shape (n_texts,)
    quotable, joints : ndarray of bool
        Of the places of the padded block.
    """
    places, weight = np.empty((3, len(quotable)), dtype=np.int64), np.empty(len(quotable), dtype=np.float32)
    texts = views.codes, views.bounds, views.begin
    n = _word_runs(by_text, *texts, units, top, *factors, quotable, joints, places, weight)
    first, last, text = places[:, :n]
    return Runs(first, last, weight[:n], text)


def word_runs_of_one(
    rows: NDArray[np.uint32],
    views: Views,
    units: NDArray[np.int16],
    top: int,
    factors: NDArray[np.float32],
    quotable: NDArray[np.bool_],
    joints: NDArray[np.bool_],
) -> Runs:
    """As :func:`word_runs`, of one text.

    Parameters
    ----------
    factors : ndarray of float32 of shape (2,)
    """
    places, weight = np.empty((3, len(quotable)), dtype=np.int64), np.empty(len(quotable), dtype=np.float32)
    texts = views.codes, views.bounds, views.begin
    n = _word_runs_of_one(rows, *texts, units, top, factors, quotable, joints, places, weight)
    first, last, text = places[:, :n]
    return Runs(first, last, weight[:n], text)


@short
def _word_runs_of_one(
    rows: Any,
    codes: Any,
    bounds: Any,
    begins: Any,
    units: Any,
    top: int,
    factors: Any,
    quotable: Any,
    joints: Any,
    places: Any,
    weight: Any,
) -> int:
    tops = np.full(1, top)
    whole, tail = factors[:1], factors[1:]
    return _word_runs(  # type: ignore[no-any-return]
        rows, codes, bounds, begins, units, tops, whole, tail, quotable, joints, places, weight
    )


@compiled
def _word_runs(
    rows: Any,
    codes: Any,
    bounds: Any,
    begins: Any,
    units: Any,
    top: Any,
    whole_factor: Any,
    tail_factor: Any,
    quotable: Any,
    joints: Any,
    places: Any,
    weight: Any,
) -> int:
    n, most = len(begins), longest(bounds)
    given = np.zeros((4, most + 4), dtype=np.int32)
    whole, tail = np.empty(most + 1, dtype=np.int64), np.empty(most + 2, dtype=np.int64)
    words = np.empty((4, most), dtype=np.int64)
    heavy = np.empty(most, dtype=np.float32)
    strong, wider = np.empty(most, dtype=np.bool_), np.empty(most, dtype=np.bool_)
    end = np.int64(0)
    for i in range(n):
        start, begin = bounds[i], begins[i]
        length, rest = bounds[i + 1] - start, bounds[n + i + 1] - bounds[n + i]
        _lay(rows[4 * start :], length, units[top[i]], given, whole)
        _lay(rows[4 * bounds[n + i] :], rest, units[top[i]], given, tail)
        n_words = _words(codes, quotable, start + 1, bounds[i + 1], words)
        for k in range(n_words):
            a, b = words[0, k], words[1, k] + 1
            words[2, k] = whole[b - start] - whole[a - start]
            words[3, k] = tail[max(b, begin) - begin + 1] - tail[max(a, begin) - begin + 1]
        end = _strong_runs(
            joints,
            words,
            n_words,
            whole_factor[i],
            tail_factor[i],
            heavy,
            strong,
            wider,
            i,
            end,
            places,
            weight,
        )
    return end


@compiled
def _lay(rows: Any, n: int, units: Any, given: Any, sums: Any) -> None:
    """What the places before each place are given by the n-grams of one text or last sentence."""
    for order in range(4):
        for j in range(n):
            given[order, 4 + j] = units[rows[order * n + j]] * (12 // (order + 1))
    here = total = sums[0] = 0
    for j in range(n):
        for order in range(4):
            here += given[order, 4 + j] - given[order, 3 + j - order]
        total += here
        sums[j + 1] = total


@compiled
def _words(codes: Any, quotable: Any, start: int, stop: int, words: Any) -> int:
    """First and last place of every word of a text: a run of Latin letters, or one Chinese character."""
    n = 0
    for p in range(start, stop):
        if quotable[p]:
            cjk = codes[p] >= FIRST_CJK
            if cjk or not quotable[p - 1] or codes[p - 1] >= FIRST_CJK:
                words[0, n] = p
            if cjk or not quotable[p + 1] or codes[p + 1] >= FIRST_CJK:
                words[1, n] = p
                n += 1
    return n


@compiled
def _weight(whole: int, tail: int, whole_factor: Any, tail_factor: Any) -> Any:
    return np.float32(whole) * whole_factor + np.float32(tail) * tail_factor


@compiled
def _next_to(joints: Any, words: Any, k: int) -> Any:
    """Whether a word stands beside the one before, with at most one joint between."""
    gap = words[0, k] - words[1, k - 1]
    return gap == 1 or (gap == 2 and joints[words[0, k] - 1])


@compiled
def _strong_runs(
    joints: Any,
    words: Any,
    n: int,
    whole_factor: Any,
    tail_factor: Any,
    heavy: Any,
    strong: Any,
    wider: Any,
    i: int,
    end: int,
    places: Any,
    weight: Any,
) -> int:
    """Write the runs of one text from ``end`` on; where they end."""
    peak = np.float32(0)
    for k in range(n):
        heavy[k] = _weight(words[2, k], words[3, k], whole_factor, tail_factor)
        peak = max(peak, heavy[k])
    near = peak * NEAR_PEAK
    for k in range(n):
        strong[k] = heavy[k] > 0 and heavy[k] >= near
    for again in range(2):
        for k in range(n):
            left = k > 0 and strong[k - 1] and _next_to(joints, words, k)
            right = k + 1 < n and strong[k + 1] and _next_to(joints, words, k + 1)
            wider[k] = strong[k] or left or right
        for k in range(n):
            strong[k] = wider[k] and (again or heavy[k] > 0)
    whole = tail = 0
    for k in range(n):
        if strong[k]:
            joined = k > 0 and strong[k - 1] and _next_to(joints, words, k)
            whole, tail = (whole + words[2, k], tail + words[3, k]) if joined else (words[2, k], words[3, k])
            end += 0 if joined else 1
            if not joined:
                places[0, end - 1] = words[0, k]
            places[1, end - 1], places[2, end - 1] = words[1, k], i
            weight[end - 1] = _weight(whole, tail, whole_factor, tail_factor)
    return end
