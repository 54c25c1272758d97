"""From folded texts to what their known n-grams weigh together, text by text and view by view."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .lazily import lazily
from .lookup import NgramLookup
from .ngrams import ORDERS, Views, across, hash_places, n_grams
from .weight_units import WeightUnits

_AT_ONCE = 8192
"""Places; what is made of so many stays in a processor's cache."""


class Hits(NamedTuple):
    """The n-grams of a block that a model knows, one entry an occurrence.

    Attributes
    ----------
    row : ndarray of int32
        In the weight table.
    text : ndarray of int32
    start : ndarray of int64
        Index of the first character in the codes of the block; one less where it is the blank before a text.
    order : ndarray of uint8
        Length in characters.
    known_share : ndarray of float32 of shape (n_texts,)
        Of the text's n-grams.
    """

    row: NDArray[np.int32]
    text: NDArray[np.int32]
    start: NDArray[np.signedinteger[Any]]
    order: NDArray[np.uint8]
    known_share: NDArray[np.float32]


@dataclass(frozen=True)
class LookedUp:
    """A block of texts, and where its n-grams are looked up once they are asked for.

    Parameters
    ----------
    views : Views
    lookup : NgramLookup
    kernel : module, optional
        The compiled kernel, where it is to do the work.
    """

    views: Views
    lookup: NgramLookup
    kernel: ModuleType | None = None

    @lazily
    def by_text(self) -> NDArray[np.uint32]:
        """The rows as the kernel gives them, see :func:`~complaint_typing.kernel.rows_by_text`."""
        assert self.kernel
        return self.kernel.rows_by_text(self.views, self.lookup)

    @lazily
    def rows(self) -> NDArray[np.uint32]:
        """Row of the n-gram of each length at each place, ``lookup.n`` where none is known; (4, n_places)."""
        views = self.views
        n_places, first_tail = int(views.bounds[-1]), int(views.bounds[len(views.begin)])
        row = np.empty((len(ORDERS), n_places), dtype=np.uint32)
        for begin in range(0, n_places, _AT_ONCE):
            part = row[:, begin : begin + _AT_ONCE]
            codes = views.codes[begin : begin + _AT_ONCE + len(ORDERS)]
            hashes = hash_places(codes, max(first_tail - begin, 0))[:, : part.shape[1]]
            part[:] = self.lookup.rows(hashes)
        row[across(views.bounds)] = self.lookup.n
        return row

    @lazily
    def known(self) -> tuple[NDArray[np.int32], NDArray[np.intp], NDArray[np.int64]]:
        """The known n-grams, place by place: the row of each, four times its place and one for each further
        character, and which of them are the first of each text and last sentence (and how many there are).
        """
        by_place = self.rows.T.reshape(-1)
        place = np.flatnonzero(by_place < np.uint32(self.lookup.n))
        begin = np.searchsorted(place, self.views.bounds * len(ORDERS))
        return np.take(by_place, place).view(np.int32), place, begin


class GramSums(NamedTuple):
    """Sums over each text's distinct known n-grams.

    Attributes
    ----------
    whole, last : ndarray of float32 of shape (n_texts, n_columns)
        Of the text and of its last sentence, in units of the weight table.
    known_share : ndarray of float32 of shape (n_texts,)
        Known occurrences among all of the whole text.
    """

    whole: NDArray[np.float32]
    last: NDArray[np.float32]
    known_share: NDArray[np.float32]


def gram_sums(looked: LookedUp, table: WeightUnits) -> GramSums:
    """What the known n-grams of each text weigh, by the compiled kernel or by numpy and scipy alone."""
    views, n = looked.views, len(looked.views.begin)
    if looked.kernel:
        sums, counts = looked.kernel.sums(views, table, looked.by_text)
    else:
        row, _, begin = looked.known
        sums, counts = table.sums(row, begin), np.diff(begin)
    return GramSums(sums[:n], sums[n:], known_shares(views, counts)[:n])


def hits(looked: LookedUp) -> tuple[Hits, Hits]:
    """Every known n-gram of each text and of each last sentence, and where it stands."""
    views, (row, place, begin) = looked.views, looked.known
    n, counts = len(views.begin), np.diff(begin)
    owner = np.repeat(np.arange(2 * n, dtype=np.int32), counts)
    order = (place % len(ORDERS) + 1).astype(np.uint8)
    start = place // len(ORDERS) - 1
    tail = owner >= n
    text = np.where(tail, owner - n, owner).astype(np.int32)
    moved = np.concatenate((np.zeros(n, np.int64), views.begin - views.bounds[n : 2 * n] - 1))
    start += moved[owner] - text
    shares = known_shares(views, counts)
    parts = ((~tail, shares[:n]), (tail, shares[n:]))
    whole, last = (Hits(row[of], text[of], start[of], order[of], share) for of, share in parts)
    return whole, last


def known_shares(views: Views, found: NDArray[np.signedinteger]) -> NDArray[np.float32]:
    """Known occurrences among all, for each text and each last sentence."""
    return (found / np.maximum(n_grams(views.bounds), 1)).astype(np.float32)


def owners(views: Views) -> NDArray[np.int32]:
    """Which text, or last sentence, each place belongs to."""
    return np.repeat(np.arange(len(views.bounds) - 1, dtype=np.int32), np.diff(views.bounds))
