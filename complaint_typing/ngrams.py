"""Texts as folded code points to hashed character n-grams, vectorised: no Python object per n-gram."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ORDERS = (1, 2, 3, 4)
BLANK = np.uint32(0x20)
MULTIPLIER = np.uint32(0x9E3779B1)
ORDER_SALT = np.array([0, 0x165667B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F], dtype=np.uint32)
_SHORTEST_SENTENCE = 4
_FIRST_CJK = np.uint32(0x2E80)
_ENDS_SENTENCE = np.isin(np.arange(0x3004), [ord(c) for c in ".!?;。…"])


@dataclass(frozen=True)
class Ngrams:
    """The n-grams of a block of texts, one array entry an occurrence; all of shape (n_ngrams,).

    Attributes
    ----------
    hashes : ndarray of uint32
        Hash of the characters, salted by the length of the n-gram.
    text : ndarray of int32
        Which text of the block it stands in.
    start : ndarray of int32
        Index of its first character in the block's code points; may be one before the text's first
        character, because a blank is understood before and after every text.
    order : ndarray of uint8
        Its length in characters.
    """

    hashes: NDArray[np.uint32]
    text: NDArray[np.int32]
    start: NDArray[np.int32]
    order: NDArray[np.uint8]


def mixed(h: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """MurmurHash3's finaliser (Appleby, public domain): every input bit reaches every output bit."""
    h = h ^ (h >> np.uint32(16))
    h *= np.uint32(0x85EBCA6B)
    h ^= h >> np.uint32(13)
    h *= np.uint32(0xC2B2AE35)
    h ^= h >> np.uint32(16)
    return h


def padded(codes: NDArray[np.uint32], starts: NDArray[np.int64]) -> NDArray[np.uint32]:
    """A block with one blank before, between and after its texts."""
    lengths = np.diff(starts)
    out = np.full(len(codes) + len(lengths) + 1, BLANK, dtype=np.uint32)
    out[np.arange(len(codes)) + np.repeat(np.arange(1, len(lengths) + 1), lengths)] = codes
    return out


def hash_ngrams(codes: NDArray[np.uint32], starts: NDArray[np.int64], salt: int = 0) -> Ngrams:
    """Character n-grams of one to four characters of every text of a block.

    Parameters
    ----------
    codes : ndarray of uint32 of shape (n_codes,)
        Folded code points of all texts, one after the other.
    starts : ndarray of int64 of shape (n_texts + 1,)
        Where each text starts in ``codes``; the last entry is ``n_codes``.
    salt : int
        Keeps the n-grams of one view of a text apart from those of another.

    Returns
    -------
    Ngrams
        Polynomial rolling hashes, finalised. A blank is understood before and after every text.

    >>> abc = np.array([97, 98, 99], dtype=np.uint32)
    >>> grams = hash_ngrams(abc, np.array([0, 3]))
    >>> [int(n) for n in np.bincount(grams.order)[1:]]
    [4, 4, 3, 2]
    """
    filled = padded(codes, starts)
    n_texts = len(starts) - 1
    owned = np.diff(starts) + 1
    text = np.repeat(np.arange(n_texts, dtype=np.int32), owned)
    left = np.repeat(starts[1:] + np.arange(n_texts) + 2, owned) - np.arange(len(text))
    parts, rolling = [], np.zeros(len(text), dtype=np.uint32)
    for order in ORDERS:
        reach = len(filled) - order + 1
        rolling = rolling[: min(reach, len(text))] * MULTIPLIER
        rolling += filled[order - 1 : order - 1 + len(rolling)]
        inside = np.flatnonzero(left[: len(rolling)] >= order).astype(np.int32)
        hashes = mixed(rolling[inside] + ORDER_SALT[order] + np.uint32(salt))
        owner = text[inside]
        parts.append((hashes, owner, inside - owner - 1, np.full(len(inside), order, dtype=np.uint8)))
    return Ngrams(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def last_sentences(codes: NDArray[np.uint32], starts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where the last sentence of each text starts: what people ask for tends to stand there.

    A sentence ends after ``. ! ? ; 。 …`` before a blank, a Chinese character, another such mark or the
    end; a last sentence shorter than four characters is joined to the one before.

    Returns
    -------
    ndarray of int64 of shape (n_texts,)
        Indices into ``codes``; the start of the text itself where it is one sentence.

    >>> text = np.array([ord(c) for c in "it broke. fix 2.5 now!"], dtype=np.uint32)
    >>> int(last_sentences(text, np.array([0, len(text)]))[0])
    9
    """
    ender = _ENDS_SENTENCE.take(codes, mode="clip")
    marks = np.flatnonzero(ender)
    following = codes.take(marks + 1, mode="clip")
    goes_on = (following == BLANK) | (following >= _FIRST_CJK) | ender.take(marks + 1, mode="clip")
    after = marks[goes_on] + 1
    if not len(after):
        return starts[:-1].copy()
    last = np.searchsorted(after, starts[1:] - _SHORTEST_SENTENCE, side="right") - 1
    return np.maximum(np.where(last >= 0, after[np.maximum(last, 0)], 0), starts[:-1])


def tails(
    codes: NDArray[np.uint32], starts: NDArray[np.int64], begin: NDArray[np.int64]
) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Each text from ``begin`` on, as a block of its own.

    >>> codes, starts = tails(np.arange(5, dtype=np.uint32), np.array([0, 3, 5]), np.array([1, 3]))
    >>> codes.tolist(), starts.tolist()
    ([1, 2, 3, 4], [0, 2, 4])
    """
    lengths = starts[1:] - begin
    new_starts = np.concatenate(([0], np.cumsum(lengths)))
    origin = np.arange(new_starts[-1]) + np.repeat(begin - new_starts[:-1], lengths)
    return codes[origin], new_starts


def distinct(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """The distinct values, in order; sorting is ten times faster here than numpy's hashed ``unique``.

    >>> distinct(np.array([3, 1, 3])).tolist()
    [1, 3]
    """
    ordered = np.sort(values)
    return ordered[np.append(True, ordered[1:] != ordered[:-1])] if len(ordered) else ordered
