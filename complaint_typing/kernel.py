"""The weights of texts' n-grams summed in one compiled pass; needs the extra ``fast``.

Used through :mod:`~complaint_typing.fast` alone. Whole numbers throughout, so that the sums are those of
:mod:`~complaint_typing.gram_sums`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .kernel_cues import mark_cues, mark_cues_of_one
from .kernel_fold import folded_one, gathered, looked_up
from .kernel_grams import compiled, longest, look_up, table_of
from .kernel_one import read_one
from .kernel_phrases import quoted
from .kernel_sums import add, distinct, room
from .kernel_words import word_runs, word_runs_of_one
from .lookup import NgramLookup
from .ngrams import LAST_SENTENCE_SALT, Views
from .weight_units import LANES, WeightUnits

__all__ = [
    "folded_one",
    "gathered",
    "looked_up",
    "mark_cues",
    "mark_cues_of_one",
    "quoted",
    "read_one",
    "rows_by_text",
    "sums",
    "word_runs",
    "word_runs_of_one",
]
_U32 = np.uint32
_MOST_STAMPS = 255


def rows_by_text(views: Views, lookup: NgramLookup) -> NDArray[np.uint32]:
    """The row of each n-gram, text by text and in it order by order; shape (4 * n_places,)."""
    rows = np.empty(4 * int(views.bounds[-1]), dtype=np.uint32)
    _look_up_all(views.codes, views.bounds, len(views.begin), table_of(lookup), rows)
    return rows


def sums(
    views: Views, table: WeightUnits, by_text: NDArray[np.uint32]
) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """Sum of the distinct known n-grams of each text and last sentence, and how many with repeated ones.

    Parameters
    ----------
    views : Views
    table : WeightUnits
        Not empty.
    by_text : ndarray of uint32
        As :func:`rows_by_text` gives them.

    Returns
    -------
    sums : ndarray of float32 of shape (2 * n_texts, n_columns)
        In units.
    found : ndarray of int32 of shape (2 * n_texts,)
    """
    n, columns = len(views.bounds) - 1, table.units.shape[1]
    total, found = np.empty((n, columns), dtype=np.float32), np.empty(n, dtype=np.int32)
    lines = table.lines.reshape(len(table.units) + 1, -1, LANES)
    _sums(by_text, views.bounds, lines, total, found)
    return total, found


@compiled
def _look_up_all(codes: Any, bounds: Any, n_whole: int, table: Any, rows: Any) -> None:
    for i in range(len(bounds) - 1):
        start, n = bounds[i], bounds[i + 1] - bounds[i]
        salt = _U32(LAST_SENTENCE_SALT if i >= n_whole else 0)
        look_up(codes, start, n, salt, table, rows[4 * start :])


@compiled
def _sums(rows: Any, bounds: Any, lines: Any, total: Any, found: Any) -> None:
    seen, once, added = room(longest(bounds), lines)
    stamp = 0
    for i in range(len(bounds) - 1):
        stamp += 1
        if stamp > _MOST_STAMPS:
            seen[:] = 0
            stamp = 1
        found[i], n_once = distinct(rows[4 * bounds[i] :], 4 * (bounds[i + 1] - bounds[i]), seen, stamp, once)
        add(once, n_once, lines, added)
        for column in range(total.shape[1]):
            total[i, column] = added[column // LANES, column % LANES]
