"""How well wording alone tells one set of texts from another, judged on customers not learned from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.stats import rankdata
from sklearn.naive_bayes import MultinomialNB

from ..features import HashedTexts

_WIDESPREAD = 5


def telling_scores(
    texts: Sequence[str], second: NDArray[np.bool_], customer: NDArray[Any]
) -> NDArray[np.float64]:
    """How much each text looks like the second set, out of fold.

    The customers are divided into two halves at random; a naive Bayes classifier of character n-grams learns
    from one half and ranks the other. Where both sets are drawn alike the scores of both have the same
    distribution, whatever the classifier (the classifier two-sample test: Lopez-Paz and Oquab, ICLR 2017).
    It does not learn from a text that stands in both sets: of its copy it would expect the other set.

    Parameters
    ----------
    texts : sequence of str
    second : ndarray of bool of shape (n_texts,)
        Which set each belongs to.
    customer : ndarray of shape (n_texts,)
        No customer is in both halves.

    Returns
    -------
    ndarray of shape (n_texts,)
        Ranks within each half, above 0 and up to 1.

    >>> texts = ["where is my parcel", "parcel is late", "no parcel yet"] * 9
    >>> texts += ["no water in the flat", "the flat is cold", "cold water in the flat"] * 9
    >>> second = np.arange(54) >= 27
    >>> scores = telling_scores(texts, second, np.arange(54))
    >>> bool(scores[second].min() > scores[~second].max() - 0.1)
    True
    """
    names, code = np.unique(customer, return_inverse=True)
    half = np.random.default_rng(0).permutation(len(names))[code] % 2
    sides = [{texts[i] for i in np.flatnonzero(second == side).tolist()} for side in (False, True)]
    both = np.array([text in sides[0] and text in sides[1] for text in texts])
    X = _counts(texts)
    scores = np.zeros(len(texts))
    for part in (0, 1):
        learn, rank = (half != part) & ~both, half == part
        if not rank.any() or len(np.unique(second[learn])) < 2:
            continue
        bayes = MultinomialNB(fit_prior=False).fit(X[learn], second[learn])
        odds = (
            bayes.predict_joint_log_proba(X[rank]) @ [-1, 1] / (1 + np.asarray(X[rank].sum(axis=1)).ravel())
        )
        scores[rank] = rankdata(odds) / rank.sum()
    return scores


def _counts(texts: Sequence[str]) -> sp.csr_matrix:
    """Which n-grams each text has, of those that stand in five texts or more."""
    hashed = HashedTexts.of(texts)
    often = (np.bincount(hashed.feature, minlength=len(hashed.keys)) >= _WIDESPREAD) & ~hashed.last
    kept = often[hashed.feature]
    column = np.cumsum(often) - 1
    shape = (len(texts), max(int(often.sum()), 1))
    pairs = (hashed.text[kept], column[hashed.feature[kept]])
    return sp.csr_matrix((np.ones(int(kept.sum()), dtype=np.float32), pairs), shape=shape)
