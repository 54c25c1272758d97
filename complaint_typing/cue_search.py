"""Which texts of a block may hold which cue: the beginnings of every key, looked up where one may stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from .folding import FoldedBlock, as_text, fold_texts
from .signal_cues import Cue, signal_cues

_LENGTHS = (2, 3, 4, 7)
_FACTOR = np.uint32(0x9E3779B1)
_SHIFT = np.uint32(16)


class CueSearch:
    """Cues by the beginnings of their keys, as bits; a text without a bit holds none of the cue's keys.

    Parameters
    ----------
    cues : sequence of Cue
        At most 64, with keys of two characters or more.

    >>> search = CueSearch((Cue(("manager",)), Cue(("律师", "起诉"))))
    >>> [int(bits) for bits in search.may_hold(fold_texts(["your MANAGER", "我会起訴", "hello", ""]))]
    [1, 2, 0, 0]
    """

    def __init__(self, cues: Sequence[Cue]):
        begun: dict[int, dict[int, int]] = {length: {} for length in _LENGTHS}
        self._begun = np.zeros(1 << 16, dtype=bool)
        for number, cue in enumerate(cues):
            for begins in beginnings(cue.keys):
                known = begun[len(begins)]
                codes = np.array([ord(c) for c in begins], np.uint32)
                h = int(_hashes(codes, len(begins))[0])
                known[h] = known.get(h, 0) | 1 << number
                self._begun[_hashes(codes[: _LENGTHS[1]], _LENGTHS[1]) >> _SHIFT] = True
        self._known = {n: np.array(sorted(known), dtype=np.uint32) for n, known in begun.items()}
        self._bits = {n: np.array([k[h] for h in sorted(k)], dtype=np.uint64) for n, k in begun.items()}
        self._any = {n: np.zeros(1 << 16, dtype=bool) for n in _LENGTHS}
        for length, hashes in self._known.items():
            self._any[length][hashes >> _SHIFT] = True

    def may_hold(self, block: FoldedBlock) -> NDArray[np.uint64]:
        """The bits of each text of a block, shape (n_texts,)."""
        found, codes = np.zeros(len(block.bounds) - 1, dtype=np.uint64), block.padded
        shortest, longer = (
            np.flatnonzero(np.take(begun, _hashes(codes, length) >> _SHIFT))
            for begun, length in zip((self._any[_LENGTHS[0]], self._begun), _LENGTHS, strict=False)
        )
        for length, known in self._known.items():
            places = shortest if length == _LENGTHS[0] else longer
            places = places[: np.searchsorted(places, len(codes) - length, side="right")]
            hashes = _hashes_at(codes, places, length)
            likely = np.flatnonzero(self._any[length][hashes >> _SHIFT])
            at = np.searchsorted(known, hashes[likely])
            same = (np.append(known, np.uint32(0))[at] == hashes[likely]) & (at < len(known))
            place, at = places[likely[same]], at[same]
            if len(place):
                text = np.searchsorted(block.bounds, place, side="right") - 1
                first = np.flatnonzero(np.diff(text, prepend=-1))
                found[text[first]] |= np.bitwise_or.reduceat(self._bits[length][at], first)
        return found


def beginnings(keys: Sequence[str]) -> list[str]:
    """The first folded characters of each key, as many as are looked up.

    >>> beginnings(["SUPERVISOR", "起訴"])
    ['supervi', '起诉']
    """
    block = fold_texts(keys)
    read = as_text(block.codes)
    folded = [read[begin:end] for begin, end in pairwise(block.starts.tolist())]
    return [key[: max(length for length in _LENGTHS if length <= len(key))] for key in folded]


def _hashes(codes: NDArray[np.uint32], length: int) -> NDArray[np.uint32]:
    """A number of 32 bits for the characters at each place where so many follow."""
    n = max(len(codes) - length + 1, 0)
    h = codes[:n].astype(np.uint32)
    for step in range(1, length):
        h = h * _FACTOR + codes[step : n + step]
    return h * _FACTOR


def _hashes_at(codes: NDArray[np.uint32], places: NDArray[np.intp], length: int) -> NDArray[np.uint32]:
    """:func:`_hashes` at some places alone."""
    h = np.take(codes, places)
    for step in range(1, length):
        h = h * _FACTOR + np.take(codes, places + step)
    return h * _FACTOR


@cache
def search_for(signals: tuple[str, ...]) -> tuple[CueSearch, Mapping[str, tuple[int, ...]], tuple[Cue, ...]]:
    """The search for the cues of these signals, the numbers of each signal's cues, and the cues."""
    cues: list[Cue] = []
    numbers: dict[str, tuple[int, ...]] = {}
    for signal in signals:
        own = signal_cues().get(signal, ())
        numbers[signal] = tuple(range(len(cues), len(cues) + len(own)))
        cues += own
    return CueSearch(cues), numbers, tuple(cues)
