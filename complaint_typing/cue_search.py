"""Which texts of a block may hold which cue: the beginnings of every key, looked up where one may stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise
from types import ModuleType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .cue_tree import WORD, CueTree, cue_tree, packed
from .fast import kernel_for
from .folding import FoldedBlock, as_text, fold_texts
from .lazily import lazily
from .signal_cues import Cue, danger_cues, mode_cues, signal_cues

LONGEST = 17  # characters of a key that are looked up; those of the modes are no longer
_NARROWED = (3, 4, 6, 9)  # after so many characters only places go on where a longer beginning may stand
_FACTOR, _SHORT_BITS = np.uint32(0x9E3779B1), 14
_SHIFT = np.uint32(32 - _SHORT_BITS)
_WIDE_FACTOR, _WIDE_SHIFT = np.uint64(0x9E3779B97F4A7C15), np.uint64(29)


class CueTables(NamedTuple):
    """The beginnings of keys, laid out to be looked up.

    Attributes
    ----------
    may_be : ndarray of bool of shape (LONGEST, 16384)
        By short hash: whether a beginning of each length, from 1, has it.
    may_begin : ndarray of bool of shape (LONGEST, 16384)
        Whether so many first characters of a beginning of as many or more have it.
    known : ndarray of uint64 of shape (n_beginnings,)
        Long hashes, length by length, in order.
    starts : ndarray of int64 of shape (LONGEST + 1,)
        Where in them each length begins.
    bits : ndarray of uint64 of shape (n_beginnings, n_words)
        The cues of each.
    """

    may_be: NDArray[np.bool_]
    may_begin: NDArray[np.bool_]
    known: NDArray[np.uint64]
    starts: NDArray[np.int64]
    bits: NDArray[np.uint64]


class CueSearch:
    """Cues by the beginnings of their keys; a text without any of these holds none of the cue's keys.

    Parameters
    ----------
    cues : sequence of Cue

    >>> search = CueSearch((Cue(("manager",)), Cue(("律师", "起诉"))))
    >>> search.may_hold(fold_texts(["your MANAGER", "我会起訴", "hello", ""])).tolist()
    [[True, False], [False, True], [False, False], [False, False]]
    """

    def __init__(self, cues: Sequence[Cue]):
        self._n_cues = len(cues)
        begun: dict[str, list[int]] = {}
        for number, cue in enumerate(cues):
            for begins in {*beginnings(cue.keys)}:
                begun.setdefault(begins, []).append(number)
        self._begun, self._n_words = begun, -(-len(cues) // WORD)

    @lazily
    def _tables(self) -> CueTables:
        return _tables(self._begun, self._n_words)

    @lazily
    def _tree(self) -> CueTree:
        return cue_tree(self._begun, self._n_words)

    def may_hold(self, block: FoldedBlock) -> NDArray[np.bool_]:
        """Whether each text of a block may hold each cue, shape (n_texts, n_cues)."""
        kernel = kernel_for(0)
        found = np.zeros((len(block.bounds) - 1, self._n_words), dtype=np.uint64)
        if kernel:
            kernel.mark_cues(block.padded, block.bounds, self._tree, found)
        else:
            self._mark_all(block, found)
        flags = np.unpackbits(found.astype("<u8").view(np.uint8), axis=1, bitorder="little")
        return flags[:, : self._n_cues].view(bool)

    def bits_of_one(self, block: FoldedBlock, kernel: ModuleType) -> int:
        """The cues that one text may hold as bits, found by the compiled kernel."""
        found = np.zeros((1, self._n_words), dtype=np.uint64)
        kernel.mark_cues_of_one(block.padded, block.bounds, self._tree, found)
        return int.from_bytes(found.astype("<u8").tobytes(), "little")

    def _mark_all(self, block: FoldedBlock, found: NDArray[np.uint64]) -> None:
        codes, places, tables = block.padded, None, self._tables
        hashes = codes * _FACTOR
        for length in range(1, LONGEST + 1):
            if length > 1 and places is None:
                hashes = (hashes[:-1] + codes[length - 1 :]) * _FACTOR
            elif places is not None:
                hashes = (hashes + np.take(codes, places + (length - 1), mode="clip")) * _FACTOR
            short = hashes >> _SHIFT
            if length in _NARROWED:
                going = np.flatnonzero(np.take(tables.may_begin[length - 1], short))
                hashes, short = hashes[going], short[going]
                places = going if places is None else places[going]
            likely = np.flatnonzero(np.take(tables.may_be[length - 1], short))
            self._mark(block, likely if places is None else places[likely], length, found)

    def _mark(
        self, block: FoldedBlock, places: NDArray[np.intp], length: int, found: NDArray[np.uint64]
    ) -> None:
        """Mark the cues whose beginnings of one length stand at these places, within one text."""
        begin, end = self._tables.starts[length - 1 : length + 1].tolist()
        if begin == end or not len(places):
            return
        known = self._tables.known[begin:end]
        hashes = _long_hashes([np.take(block.padded, places + k, mode="clip") for k in range(length)])
        at = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
        text = np.minimum(np.searchsorted(block.bounds, places, side="right"), len(found)) - 1
        there = np.flatnonzero((known[at] == hashes) & (places + length <= block.bounds[text + 1] + 1))
        text, at = text[there], at[there]
        first = np.flatnonzero(np.diff(text, prepend=-1))
        if len(first):
            bits = self._tables.bits[begin:end]
            found[text[first]] |= np.bitwise_or.reduceat(bits[at], first, axis=0)


def _tables(begun: Mapping[str, Sequence[int]], n_words: int) -> CueTables:
    may_be, may_begin = np.zeros((2, LONGEST, 1 << _SHORT_BITS), dtype=bool)
    known: list[NDArray[np.uint64]] = []
    cues: list[Sequence[int]] = []
    for length in range(1, LONGEST + 1):
        keys = [begins for begins in begun if len(begins) == length]
        codes = np.array([[ord(c) for c in begins] for begins in keys], np.uint32).reshape(-1, length).T
        may_be[length - 1][_short_hashes(codes)] = True
        for n in range(length):
            may_begin[n][_short_hashes(codes[: n + 1])] = True
        hashes = _long_hashes(codes)
        order = np.argsort(hashes)
        known.append(hashes[order])
        cues += [begun[keys[place]] for place in order.tolist()]
    starts = np.cumsum([0, *map(len, known)])
    places = starts.astype(np.int64)
    return CueTables(may_be, may_begin, np.concatenate(known), places, packed(cues, n_words))


def beginnings(keys: Sequence[str]) -> list[str]:
    """The first folded characters of each key, as many as are looked up.

    >>> beginnings(["complaining about you", "起訴"])
    ['complaining about', '起诉']
    """
    block = fold_texts([f"x{key}x" for key in keys])
    read = as_text(block.codes)
    folded = [read[begin + 1 : end - 1] for begin, end in pairwise(block.starts.tolist())]
    return [key[:LONGEST] for key in folded]


def _short_hashes(columns: Sequence[NDArray[np.uint32]] | NDArray[np.uint32]) -> NDArray[np.uint32]:
    """A number of 14 bits for characters that stand behind each other, given column by column."""
    h = columns[0] * _FACTOR
    for column in columns[1:]:
        h = (h + column) * _FACTOR
    return np.asarray(h >> _SHIFT)


def _long_hashes(columns: Sequence[NDArray[np.uint32]] | NDArray[np.uint32]) -> NDArray[np.uint64]:
    """A number of 64 bits, the same for no two beginnings that anybody will meet."""
    h = columns[0].astype(np.uint64)
    for column in columns[1:]:
        h = h * _WIDE_FACTOR + column
        h ^= h >> _WIDE_SHIFT
    return np.asarray(h)


@cache
def search_for(signals: tuple[str, ...]) -> tuple[CueSearch, Mapping[str, tuple[int, ...]], tuple[Cue, ...]]:
    """The search for all cues; the numbers in it of each of these signals; the signals' cues.

    The cues of the modes stand behind those of the signals, those of danger behind both.
    """
    cues: list[Cue] = []
    numbers: dict[str, tuple[int, ...]] = {}
    for signal in signals:
        own = signal_cues().get(signal, ())
        numbers[signal] = tuple(range(len(cues), len(cues) + len(own)))
        cues += own
    return CueSearch((*cues, *mode_cues().values(), *danger_cues())), numbers, tuple(cues)


class HeldCues(NamedTuple):
    """Which cues texts may hold, each of shape (n_texts, n_cues); of the modes, which they do."""

    signals: NDArray[np.bool_]
    modes: NDArray[np.bool_]
    danger: NDArray[np.bool_]


def held_cues(signals: tuple[str, ...], block: FoldedBlock) -> HeldCues:
    """Which cues of the signals, of the modes and of danger each text of a block may hold.

    >>> [part.shape for part in held_cues(("senior",), fold_texts(["thank you"]))]
    [(1, 10), (1, 19), (1, 7)]
    """
    search, _, cues = search_for(signals)
    ends = len(cues), len(cues) + len(mode_cues())
    return HeldCues(*np.split(search.may_hold(block), ends, axis=1))
