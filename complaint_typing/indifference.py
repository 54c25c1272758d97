"""What must not move a type: differences between texts that training asks the types to be indifferent to."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import chain

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from .counterparts import pairs
from .features import HashedTexts, Weighed
from .resources import data_path
from .taxonomy import read_table

_COLUMNS = ("attribute", "language", "words")
_APART = 7
_TEXT, _WORD = 4, 6
"""How much longer a difference counts than it is in a text; the length of one between two words."""


def indifferent(weighed: Weighed, keys: NDArray[np.uint32], view_scale: tuple[float, float]) -> sp.csr_matrix:
    """Differences that say nothing of what a customer wants: only of whom a text mentions.

    Of every text that mentions a man or a woman, from the same text about the other; and of each job, place
    and name of ``mentions.csv`` from another of its kind, by itself. Each stands there forwards and
    backwards. As rows of a multinomial regression, all with one label, they cost least where all types
    weigh them alike: logit pairing (Garg and others, "Counterfactual fairness in text classification through
    robustness", 2019), which a regression from a library can fit.

    Parameters
    ----------
    weighed : Weighed
    keys : ndarray of uint32 of shape (n_features,)
    view_scale : tuple of float

    Returns
    -------
    csr_matrix of float32 of shape (n_differences, n_features)
    """
    words = _words().differences(keys, weighed.idf, view_scale)
    every = sp.vstack([weighed.differences * np.float32(_TEXT), words * np.float32(_WORD)]).tocsr()
    some = every[np.diff(every.indptr) > 0]
    return sp.vstack([some, -some]).tocsr()


@cache
def _words() -> HashedTexts:
    first, second = zip(*chain(pairs(), _mentions()), strict=True)
    return HashedTexts.of_pairs(first, second)


def _mentions() -> Iterator[tuple[str, str]]:
    """Each word beside one that stands some places before it in its list, so that all hang together."""
    for _, row in read_table(data_path("mentions.csv"), _COLUMNS):
        words = row["words"].split("|")
        yield from ((word, words[i - _APART]) for i, word in enumerate(words))
