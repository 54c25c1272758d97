"""Runs of words to the phrases that are quoted, as one compiled pass; needs the extra ``fast``.

Used through :mod:`~complaint_typing.fast` alone. The same phrases as those of
:func:`~complaint_typing.phrases.strongest_phrases`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .folding import FoldedBlock
from .kernel_grams import compiled
from .phrases import LONGEST_PHRASE, PHRASES
from .word_runs import FIRST_CJK, Runs

_BLANK, _SEMICOLON = np.uint32(ord(" ")), np.uint32(ord(";"))
_ROOM = PHRASES * (LONGEST_PHRASE + 2)
_HIGHEST_SPACE = 0x3000
_IS_SPACE = np.array([chr(code).isspace() for code in range(_HIGHEST_SPACE + 1)])


def quoted(texts: Sequence[str], block: FoldedBlock, clauses: NDArray[np.bool_], runs: Runs) -> list[str]:
    """The phrases of each text, joined by ``; ``.

    Parameters
    ----------
    texts : sequence of str of length n_texts
    block : FoldedBlock
        The same texts.
    clauses : ndarray of bool
        Which places of the padded block are within a clause.
    runs : Runs
        Text by text.
    """
    raw = np.frombuffer("\0".join(["", *texts, ""]).encode("utf-32-le", "surrogatepass"), np.uint32)
    written, ends = np.empty(_ROOM * len(texts), np.uint32), np.empty(len(texts) + 1, np.int64)
    starts = np.searchsorted(runs.text, np.arange(len(texts) + 1))
    _quote_all(raw, block.padded, block.places, clauses, starts, *runs[:3], _IS_SPACE, written, ends)
    together = written[: ends[-1]].tobytes().decode("utf-32-le", "surrogatepass")
    return [together[begin:end] for begin, end in pairwise(ends.tolist())]


@compiled
def _quote_all(
    raw: Any,
    padded: Any,
    places: Any,
    clauses: Any,
    starts: Any,
    first: Any,
    last: Any,
    weight: Any,
    is_space: Any,
    written: Any,
    ends: Any,
) -> None:
    done = np.int64(0)
    phrase, kept = np.empty(LONGEST_PHRASE + 2, np.uint32), np.empty((2, LONGEST_PHRASE), np.uint32)
    sizes = np.zeros(2, np.int64)
    ends[0] = 0
    for i in range(len(starts) - 1):
        begin, found, empty = starts[i], 0, True
        order = np.argsort(-weight[begin : starts[i + 1]], kind="mergesort")
        for k in order:
            a, b = _widened(clauses, padded, first[begin + k], last[begin + k])
            size = _phrase(raw, padded, places, a, b, is_space, phrase)
            if found and (size <= 1 or _within(phrase, size, kept, sizes)):
                continue
            for slot in range(0 if found == 0 else 1, 2):
                _put(phrase, size, kept[slot])
                sizes[slot] = size
            found += 1
            if size:
                if not empty:
                    written[done], written[done + 1] = _SEMICOLON, _BLANK
                    done += 2
                _put(phrase, size, written[done:])
                done, empty = done + size, False
            if found == PHRASES:
                break
        ends[i + 1] = done


@compiled
def _put(phrase: Any, size: int, target: Any) -> None:
    """Copy a phrase one by one: to assign a slice takes numba seconds to compile."""
    for k in range(size):
        target[k] = phrase[k]


@compiled
def _reach(clauses: Any, padded: Any, place: int, step: int) -> int:
    """The columns of the clause that follow on one side, as far as they matter."""
    place, columns = place + step, 0
    while columns <= LONGEST_PHRASE and clauses[place]:
        columns += _width(padded[place])
        place += step
    return columns


@compiled
def _width(code: int) -> int:
    return 2 if code >= FIRST_CJK else 1


@compiled
def _parts(clauses: Any, padded: Any, place: int) -> bool:
    return padded[place] >= FIRST_CJK or padded[place] == _BLANK or not clauses[place]


@compiled
def _widened(clauses: Any, padded: Any, first: int, last: int) -> tuple[int, int]:
    """A run widened on both sides within its clauses, by whole words, as far as fits."""
    room = LONGEST_PHRASE
    for p in range(first, last + 1):
        room -= _width(padded[p])
    room = max(room, 0)
    left, right = _reach(clauses, padded, first, -1), _reach(clauses, padded, last, 1)
    before = min(left, max(room // 2, room - right))
    after = min(right, room - before)
    a, b = first, last
    while before >= _width(padded[a - 1]) and clauses[a - 1]:
        a -= 1
        before -= _width(padded[a])
    while (
        a < first
        and padded[a] < FIRST_CJK
        and (_parts(clauses, padded, a) or not _parts(clauses, padded, a - 1))
    ):
        a += 1
    while after >= _width(padded[b + 1]) and clauses[b + 1]:
        b += 1
        after -= _width(padded[b])
    while (
        b > last
        and padded[b] < FIRST_CJK
        and (_parts(clauses, padded, b) or not _parts(clauses, padded, b + 1))
    ):
        b -= 1
    return a, b


@compiled
def _phrase(raw: Any, padded: Any, places: Any, a: int, b: int, is_space: Any, phrase: Any) -> int:
    """Write the words as they are quoted, as far as they fit; how many characters."""
    collapse = False
    for p in range(a + 1, b + 1):
        collapse |= padded[p] == _BLANK
    n, columns, waiting = 0, 0, False
    for q in range(places[a], places[b] + 1):
        c = raw[q]
        if collapse and c <= _HIGHEST_SPACE and is_space[c]:
            waiting = n > 0
            continue
        if waiting:
            phrase[n] = _BLANK
            n, columns = n + 1, columns + 1
        waiting = False
        if columns > LONGEST_PHRASE:
            break
        phrase[n] = c
        n, columns = n + 1, columns + _width(c)
        if columns > LONGEST_PHRASE:
            break
    if columns <= LONGEST_PHRASE:
        return n
    for k in range(n - 1, 0, -1):
        if phrase[k] == _BLANK:
            return k
    return n - 1


@compiled
def _within(phrase: Any, size: int, kept: Any, sizes: Any) -> bool:
    """Whether a phrase is part of the first or of the latest one."""
    for slot in range(2):
        for at in range(sizes[slot] - size + 1):
            same = 0
            while same < size and kept[slot, at + same] == phrase[same]:
                same += 1
            if same == size:
                return True
    return False
