"""Choosing tickets that are unlike each other, by the character n-grams of their texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import HashingVectorizer

from ..folding import fold_text
from ..text_limit import judged_part

TOO_NEAR = 0.8
_LOOKED_AT = 40
_CHARACTERS = 1_000
_FEATURES = 2**18


class Spread:
    """Takes one text after the other, and knows how near every text is to the nearest that was taken.

    Parameters
    ----------
    texts : sequence of str
        The candidates.

    >>> spread = Spread(["no light in my street", "no light in my street!", "refund my ticket"])
    >>> spread.take(np.array([0])), spread.open(np.array([0, 1, 2])).tolist()
    (0, [2])
    """

    def __init__(self, texts: Sequence[str]):
        vectors = HashingVectorizer(analyzer="char", ngram_range=(2, 3), n_features=_FEATURES, norm="l2")
        shown = [fold_text(judged_part(text)[:_CHARACTERS]) for text in texts]
        self._vectors: Any = vectors.transform(shown or [""]).astype(np.float32)
        self.nearness = np.zeros(len(texts), dtype=np.float32)

    def open(self, places: NDArray[np.intp]) -> NDArray[np.intp]:
        """Those of them that are not too near to one that was taken."""
        return places[self.nearness[places] < TOO_NEAR]

    def take(self, places: NDArray[np.intp]) -> int:
        """Take the best of the first few: early in the order, and unlike what was taken before."""
        first = places[:_LOOKED_AT]
        late = np.arange(len(first)) / _LOOKED_AT
        place = int(first[np.argmin(late + self.nearness[first])])
        near = (self._vectors @ self._vectors[place].T).toarray().reshape(-1)
        self.nearness = np.maximum(self.nearness, near)
        self.nearness[place] = 1.0
        return place
