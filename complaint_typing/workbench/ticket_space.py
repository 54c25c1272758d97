"""Labelled tickets and those of an export in one space of few dimensions, and the domains they come from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import MiniBatchKMeans
from sklearn.utils.extmath import randomized_svd

from ..features import HashedTexts

DIMENSIONS, DOMAIN_DIMENSIONS, TEXTS_PER_DIMENSION = 120, 60, 20
ONE_IN, FEWEST_TEXTS = 200, 4
LAST_SENTENCE = 0.5


def ticket_space(texts: Sequence[str]) -> NDArray[np.float64]:
    """Latent semantic analysis of the hashed n-grams of the texts and of their last sentences.

    N-grams count that stand in one of two hundred texts: rarer ones name things, commoner ones tell what is
    wanted. Deterministic.

    Parameters
    ----------
    texts : sequence of str

    Returns
    -------
    ndarray of shape (n_texts, n_dimensions)
        At most 120 dimensions and one for twenty texts, the first ones vary most; the mean is 0.

    >>> ticket_space(["where is my refund", "where is my parcel", "how rude", "how rude of you"] * 20).shape
    (80, 4)
    """
    n = len(texts)
    hashed, rows = HashedTexts.of(texts), np.ones(n, dtype=bool)
    features = hashed.selected(rows, (np.arange(n), max(FEWEST_TEXTS, n // ONE_IN)))
    matrix = hashed.matrix(rows, features, (1.0, LAST_SENTENCE)).texts
    dimensions = max(min(DIMENSIONS, n // TEXTS_PER_DIMENSION, len(features) - 1), 2)
    left, strength, _ = randomized_svd(matrix, dimensions, n_iter=2, random_state=0)
    space = (left * strength).astype(np.float64)
    return np.asarray(space - space.mean(axis=0))


def domains(space: NDArray[np.float64], n_domains: int, seed: int = 0) -> NDArray[np.intp]:
    """A domain (language, genre, topic: what varies most) for each ticket, by k-means.

    >>> np.unique(domains(np.repeat([[0.0], [9.0]], 5, axis=0), 2)).tolist()
    [0, 1]
    """
    n_domains = min(n_domains, len(space))
    found = MiniBatchKMeans(n_domains, random_state=seed, n_init=3).fit(space[:, :DOMAIN_DIMENSIONS])
    return np.unique(found.labels_, return_inverse=True)[1].reshape(-1)
