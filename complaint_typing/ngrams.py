"""Texts as folded code points to hashed character n-grams, vectorised: no Python object per n-gram."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .folding import ENDS_SENTENCE, MAY_FOLLOW_END, FoldedBlock, ranges
from .lazily import lazily

ORDERS = (1, 2, 3, 4)
LAST_SENTENCE_SALT = 0x51ED270B
BLANK = np.uint32(0x20)
_BLANKS = np.full(len(ORDERS) - 1, BLANK, dtype=np.uint32)
MULTIPLIER = np.uint32(0x9E3779B1)
ORDER_SALT = np.array([0, 0x165667B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F], dtype=np.uint32)
SHORTEST_SENTENCE = 4


def mixed(h: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """In place, MurmurHash3's finaliser (Appleby, public domain): each input bit reaches each output bit."""
    shifted = h >> np.uint32(16)
    h ^= shifted
    h *= np.uint32(0x85EBCA6B)
    h ^= np.right_shift(h, np.uint32(13), out=shifted)
    h *= np.uint32(0xC2B2AE35)
    h ^= np.right_shift(h, np.uint32(16), out=shifted)
    return h


def hash_places(texts: NDArray[np.uint32], last_sentences_from: int) -> NDArray[np.uint32]:
    """Hash the n-grams of one to four characters that start at each place, across bounds of texts too.

    Parameters
    ----------
    texts : ndarray of uint32 of shape (n_places + 1,)
        Texts with a blank before, between and after them.
    last_sentences_from : int
        The place from which on the n-grams are of that view; a salt keeps them apart.

    Returns
    -------
    ndarray of uint32 of shape (4, n_places)
        One row for each length. See :func:`across` for those that belong to no text.
    """
    n = len(texts) - 1
    codes = np.concatenate((texts, _BLANKS))
    hashes = np.empty((len(ORDERS), n), dtype=np.uint32)
    hashes[0] = codes[:n]
    for order in ORDERS[1:]:
        np.multiply(hashes[order - 2], MULTIPLIER, out=hashes[order - 1])
        hashes[order - 1] += codes[order - 1 : n + order - 1]
    hashes += ORDER_SALT[1:, None]
    hashes[:, last_sentences_from:] += np.uint32(LAST_SENTENCE_SALT)
    return mixed(hashes)


def across(bounds: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows and columns in :func:`hash_places` of what reaches over the end of its text.

    Parameters
    ----------
    bounds : ndarray of int64 of shape (n_texts + 1,)
        Where the blanks before, between and after the texts stand.

    >>> [index.tolist() for index in across(np.array([0, 3, 4]))]
    [[2, 2, 3, 3, 3, 3], [2, 3, 2, 3, 1, 2]]
    """
    ends, rows, columns = bounds[1:], [], []
    for order in ORDERS:
        for back in range(1, order - 1):
            rows.append(np.full(len(ends), order - 1))
            columns.append(np.maximum(ends - back, 0))
    return np.concatenate(rows), np.concatenate(columns)


def within(bounds: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which n-grams of :func:`hash_places` lie within their text; shape (4, n_places)."""
    inside = np.ones((len(ORDERS), int(bounds[-1])), dtype=bool)
    inside[across(bounds)] = False
    return inside


def n_grams(bounds: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many n-grams each text has, whatever its characters; shape (n_texts,).

    >>> n_grams(np.array([0, 4, 5])).tolist()
    [13, 2]
    """
    length = np.diff(bounds)
    return sum((np.maximum(length - max(0, order - 2), 0) for order in ORDERS), np.zeros_like(length))


@dataclass(frozen=True)
class Views:
    """The whole texts of a block, and after them their last sentences as texts of their own.

    Attributes
    ----------
    codes : ndarray of uint32 of shape (n_places + 1,)
        With a blank before, between and after them.
    bounds : ndarray of int64 of shape (2 * n_texts + 1,)
        Where these blanks stand.
    begin : ndarray of int64 of shape (n_texts,)
        Where each last sentence begins in ``codes`` as part of its text.
    """

    codes: NDArray[np.uint32]
    bounds: NDArray[np.int64]
    begin: NDArray[np.int64]

    @classmethod
    def of(cls, block: FoldedBlock) -> Views:
        """Both views of every text of a block."""
        begin, ends, first = last_sentences(block), block.bounds[1:], block.bounds[-1]
        bounds = np.concatenate((block.bounds, first + np.cumsum(ends - begin + 1)))
        tails = np.take(block.padded, ranges(begin - 1, ends))
        tails[bounds[len(begin) : -1] - first] = BLANK
        return cls(np.concatenate((block.padded[:-1], tails, _BLANKS[:1])), bounds, begin)

    @lazily
    def hashes(self) -> NDArray[np.uint32]:
        """Of the n-grams at each place, see :func:`hash_places`; shape (4, n_places)."""
        return hash_places(self.codes, int(self.bounds[len(self.begin)]))


def last_sentences(block: FoldedBlock) -> NDArray[np.int64]:
    """Where the last sentence of each text starts: what people ask for tends to stand there.

    A sentence ends after ``. ! ? ;`` before a blank, a Chinese character, another such mark or the
    end; a last sentence shorter than four characters is joined to the one before.

    Returns
    -------
    ndarray of int64 of shape (n_texts,)
        Indices into ``block.padded``; the first character of the text where it is one sentence.

    >>> from complaint_typing.folding import fold_texts
    >>> int(last_sentences(fold_texts(["It broke. Fix 2.5 now!"]))[0])
    10
    """
    after = np.flatnonzero((block.marks & ENDS_SENTENCE) != 0) + 1
    after = after[(block.marks[after] & MAY_FOLLOW_END) != 0]
    first = block.bounds[:-1] + 1
    if not len(after):
        return first
    last = np.searchsorted(after, block.bounds[1:] - SHORTEST_SENTENCE, side="right") - 1
    return np.maximum(np.where(last >= 0, after[np.maximum(last, 0)], 0), first)


def distinct(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """The distinct values, in order; sorting is ten times faster here than numpy's hashed ``unique``.

    >>> distinct(np.array([3, 1, 3])).tolist()
    [1, 3]
    """
    ordered = np.sort(values)
    return ordered[np.append(True, ordered[1:] != ordered[:-1])] if len(ordered) else ordered
