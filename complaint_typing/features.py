"""Training's view of a corpus: distinct n-grams per text, chosen and weighed into a sparse matrix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from .counterparts import swapped
from .folding import fold_texts
from .ngrams import Views, distinct, within

_BLOCK = 2_000


class Weighed(NamedTuple):
    """Binary tf-idf of texts.

    Attributes
    ----------
    texts : csr_matrix of float32 of shape (n_texts, n_features)
    differences : csr_matrix of float32 of shape (n_texts, n_features)
        Between the two ways in which each text is read.
    idf : ndarray of float32 of shape (n_features,)
        ``ln((1 + n) / (1 + df)) + 1``, the smoothed form of Salton and Buckley (1988).
    """

    texts: sp.csr_matrix
    differences: sp.csr_matrix
    idf: NDArray[np.float32]


@dataclass(frozen=True)
class HashedTexts:
    """The distinct n-grams of each text and view.

    Attributes
    ----------
    text, feature : ndarray of int32 of shape (n_pairs,)
        That this n-gram stands in this text.
    side : ndarray of int8 of shape (n_pairs,)
        0 where it stands in both of the two ways in which the text is read, 1 in the first alone, -1 in the
        second alone.
    keys : ndarray of uint32 of shape (n_features,)
    last : ndarray of bool of shape (n_features,)
        Whether the n-gram belongs to the view of the last sentence.
    n_texts : int
    """

    text: NDArray[np.int32]
    feature: NDArray[np.int32]
    side: NDArray[np.int8]
    keys: NDArray[np.uint32]
    last: NDArray[np.bool_]
    n_texts: int

    @classmethod
    def of(cls, texts: Sequence[str]) -> HashedTexts:
        """Fold and hash a corpus.

        A text that mentions a man or a woman is read in both ways, each for one half, so that no n-gram
        about the one weighs otherwise than its counterpart.
        """
        return cls.of_pairs(texts, [swapped(text) for text in texts])

    @classmethod
    def of_pairs(cls, first: Sequence[str], second: Sequence[str]) -> HashedTexts:
        """Fold and hash texts that are each said in two ways."""
        views = [_sides(*pair) for pair in zip(_read(first), _read(second), strict=True)]
        pairs, side = (np.concatenate(part) for part in zip(*views, strict=True))
        is_last = np.arange(len(pairs)) >= len(views[0][0])
        keys, place, feature = np.unique(pairs & 0xFFFFFFFF, return_index=True, return_inverse=True)
        return cls(
            (pairs >> 32).astype(np.int32),
            feature.reshape(-1).astype(np.int32),
            side,
            keys.astype(np.uint32),
            is_last[place],
            len(first),
        )

    def selected(self, rows: NDArray[np.bool_], *recurring: tuple[NDArray[Any], int]) -> NDArray[np.int32]:
        """Features that recur widely enough in the chosen rows, the most frequent first.

        What stands with one author alone, or in one way of writing, is a habit of theirs.

        Parameters
        ----------
        rows : ndarray of bool of shape (n_texts,)
        *recurring : tuple of ndarray of int of shape (n_texts,), and int
            A partition of the texts, and in how many of its parts a feature must stand.
        """
        chosen = rows[self.text]
        feature, text = self.feature[chosen].astype(np.int64), self.text[chosen]
        wide = np.ones(len(self.keys), dtype=bool)
        for parts, least in recurring:
            n_parts = int(parts.max()) + 1
            pairs = distinct(feature * n_parts + parts[text])
            wide &= np.bincount(pairs // n_parts, minlength=len(self.keys)) >= least
        count = np.bincount(feature, minlength=len(self.keys))
        found = np.flatnonzero(wide)
        return found[np.argsort(-count[found], kind="stable")].astype(np.int32)

    def matrix(
        self, rows: NDArray[np.bool_], features: NDArray[np.int32], view_scale: tuple[float, float]
    ) -> Weighed:
        """Binary tf-idf of the chosen rows, each view brought to its own length."""
        row, column, side = self._entries(rows, features)
        share = _share(side)
        n_rows = int(rows.sum())
        df = np.bincount(column, weights=share, minlength=len(features))
        idf = (np.log((1 + n_rows) / (1 + df)) + 1).astype(np.float32)
        view = self.last[features[column]].astype(np.int64)
        squared = np.bincount(
            row * 2 + view, weights=share * idf[column].astype(float) ** 2, minlength=2 * n_rows
        )
        length = np.sqrt(np.maximum(squared, 1e-12))[row * 2 + view]
        value = (idf[column] * np.asarray(view_scale)[view] / length).astype(np.float32)
        texts, differences = (
            sp.csr_matrix(((part * value)[of], (row[of], column[of])), shape=(n_rows, len(features)))
            for part, of in ((share, slice(None)), (side, side != 0))
        )
        return Weighed(texts, differences, idf)

    def differences(
        self, keys: NDArray[np.uint32], idf: NDArray[np.float32], view_scale: tuple[float, float]
    ) -> sp.csr_matrix:
        """By what the two ways of each text differ, in n-grams that another corpus knows, at length 1.

        Parameters
        ----------
        keys : ndarray of uint32 of shape (n_known,)
        idf : ndarray of float32 of shape (n_known,)
        view_scale : tuple of float
            Of the whole text, and of the last sentence.

        Returns
        -------
        csr_matrix of float32 of shape (n_texts, n_known)
            The row of a text whose ways do not differ there is empty.
        """
        place = np.full(len(self.keys), -1)
        _, here, there = np.intersect1d(self.keys, keys, assume_unique=True, return_indices=True)
        place[here] = there
        known = (place[self.feature] >= 0) & (self.side != 0)
        row, feature = self.text[known], self.feature[known]
        scale = np.asarray(view_scale)[self.last[feature].astype(np.int64)]
        value = self.side[known] * idf[place[feature]] * scale
        length = np.sqrt(np.bincount(row, weights=value**2, minlength=self.n_texts))
        value = (value / length[row]).astype(np.float32)
        return sp.csr_matrix((value, (row, place[feature])), shape=(self.n_texts, len(keys)))

    def presence(
        self, rows: NDArray[np.bool_], features: NDArray[np.int32], weight: NDArray[np.float32]
    ) -> sp.csr_matrix:
        """Which features stand in the chosen rows, each with its weight, whatever the length of the text."""
        row, column, side = self._entries(rows, features)
        share = _share(side)
        return sp.csr_matrix((share * weight[column], (row, column)), shape=(int(rows.sum()), len(features)))

    def _entries(
        self, rows: NDArray[np.bool_], features: NDArray[np.int32]
    ) -> tuple[NDArray[np.intp], NDArray[np.int32], NDArray[np.int8]]:
        """Row, column and side of each chosen feature in the chosen rows."""
        place = np.full(len(self.keys), -1, dtype=np.int32)
        place[features] = np.arange(len(features), dtype=np.int32)
        new_row = np.cumsum(rows) - 1
        used = rows[self.text] & (place[self.feature] >= 0)
        return new_row[self.text[used]], place[self.feature[used]], self.side[used]


def _share(side: NDArray[np.int8]) -> NDArray[np.float32]:
    """1, or 1/2 of what stands in one of the two ways of a text."""
    return np.where(side == 0, np.float32(1), np.float32(0.5))


def _sides(first: NDArray[np.int64], second: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int8]]:
    """What stands in either, in order, and on which side."""
    both = np.concatenate((first, second))
    pairs, place = np.unique(both, return_inverse=True)
    sign = np.repeat((1, -1), (len(first), len(second)))
    return pairs, np.bincount(place.reshape(-1), weights=sign, minlength=len(pairs)).astype(np.int8)


def _read(texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The distinct pairs of text and n-gram of the whole texts, and of their last sentences."""
    whole: list[NDArray[np.int64]] = []
    last: list[NDArray[np.int64]] = []
    for begin in range(0, len(texts), _BLOCK):
        pairs, is_last = _pairs(Views.of(fold_texts(texts[begin : begin + _BLOCK])))
        pairs += np.int64(begin) << 32
        whole.append(distinct(pairs[~is_last]))
        last.append(distinct(pairs[is_last]))
    return np.concatenate(whole), np.concatenate(last)


def _pairs(views: Views) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Text (upper half) and hash (lower half) of each n-gram, and whether it is of a last sentence."""
    inside, n = within(views.bounds), len(views.begin)
    owner = np.repeat(np.arange(2 * n), np.diff(views.bounds))[np.nonzero(inside)[1]]
    is_last = owner >= n
    return ((owner - n * is_last) << 32) | views.hashes[inside].astype(np.int64), is_last
