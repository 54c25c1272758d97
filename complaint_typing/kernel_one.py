"""One folded text to logits as one compiled pass; needs the extra ``fast``.

Used through :mod:`~complaint_typing.fast` alone; the same numbers as :mod:`~complaint_typing.one_text`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .folding import ENDS_SENTENCE, MAY_FOLLOW_END, FoldedBlock
from .kernel_grams import look_up, short, table_of
from .kernel_sums import add, distinct, room
from .lookup import NgramLookup
from .ngrams import LAST_SENTENCE_SALT, SHORTEST_SENTENCE, Views
from .weight_units import LANES, WeightUnits

_U32, _F32 = np.uint32, np.float32
_END, _AFTER = np.uint8(ENDS_SENTENCE | MAY_FOLLOW_END), np.uint8(MAY_FOLLOW_END)
_LEAST_SQUARE = _F32(1e-12)


def read_one(
    block: FoldedBlock,
    lookup: NgramLookup,
    table: WeightUnits,
    bias: NDArray[np.float32],
    view_scale: Sequence[float],
    signals: slice,
    presence: float,
    past: NDArray[np.float32],
    history: NDArray[np.float32],
) -> tuple[NDArray[np.float32], NDArray[np.float32], Views, NDArray[np.uint32]]:
    """What a text and its history say.

    Parameters
    ----------
    block : FoldedBlock
        Of one text.
    lookup : NgramLookup
        Not empty.
    table : WeightUnits
    bias : ndarray of float32 of shape (n_outputs,)
    view_scale : sequence of two float
    signals : slice
        The outputs that are weighed by `presence` and not by the length of the text.
    presence : float
    past : ndarray of float32 of shape (n_stacked,)
    history : ndarray of float32 of shape (n_stacked, n_types)

    Returns
    -------
    logits : ndarray of float32 of shape (n_outputs,)
    told : ndarray of float32 of shape (3,)
        The factors of both views, and the share of n-grams that are known.
    views : Views
    rows : ndarray of uint32
        As :func:`~complaint_typing.kernel.rows_by_text` gives them.
    """
    n = 2 * len(block.padded)
    codes, rows, places = np.empty(n, _U32), np.empty(4 * n, _U32), np.empty(4, np.int64)
    logits, told = np.empty(len(bias), _F32), np.empty(3, _F32)
    _read_one(
        block.padded,
        block.marks,
        table_of(lookup),
        table.lines.reshape(len(table.units) + 1, -1, LANES),
        table.scale,
        bias,
        _F32(view_scale[0]),
        _F32(view_scale[1]),
        signals.start,
        signals.stop,
        _F32(presence),
        past,
        history,
        codes,
        rows,
        places,
        logits,
        told,
    )
    return logits, told, Views(codes, places[:3], places[3:]), rows


@short
def _read_one(
    padded: Any,
    marks: Any,
    lookup: Any,
    lines: Any,
    scale: Any,
    bias: Any,
    whole_scale: Any,
    last_scale: Any,
    first_signal: int,
    end_signal: int,
    presence: Any,
    past: Any,
    history: Any,
    codes: Any,
    rows: Any,
    places: Any,
    logits: Any,
    told: Any,
) -> None:
    end = len(padded) - 1
    begin = _last_sentence(marks, end)
    tail = end + 1 - begin
    codes[: end + 1] = padded
    codes[end + 1 : end + 1 + tail] = padded[begin:]
    places[0], places[1], places[2], places[3] = 0, end, end + tail, begin
    seen, once, added = room(end, lines)
    logits[:] = bias
    for view in range(2):
        start, n = (end, tail) if view else (0, end)
        salt, size = _U32(LAST_SENTENCE_SALT if view else 0), last_scale if view else whole_scale
        look_up(codes, start, n, salt, lookup, rows[4 * start :])
        known, n_once = distinct(rows[4 * start :], 4 * n, seen, view + 1, once)
        add(once, n_once, lines, added)
        square = _weight(added, scale, len(bias))
        told[view] = size / np.sqrt(max(square, _LEAST_SQUARE))
        for column in range(len(bias)):
            is_signal = first_signal <= column < end_signal
            logits[column] += _weight(added, scale, column) * (presence if is_signal else told[view])
        if not view:
            told[2] = _F32(known / (2 * n + max(n - 1, 0) + max(n - 2, 0)))
    for fact in range(len(past)):
        if past[fact] != 0:
            for column in range(history.shape[1]):
                logits[column] += past[fact] * history[fact, column]


@short
def _weight(added: Any, scale: Any, column: int) -> Any:
    return _F32(added[column // LANES, column % LANES]) * scale[column]


@short
def _last_sentence(marks: Any, end: int) -> int:
    """Where the last sentence begins, as :func:`~complaint_typing.ngrams.last_sentences` finds it."""
    for at in range(end - SHORTEST_SENTENCE - 1, -1, -1):
        if marks[at] == _END and marks[at + 1] & _AFTER:
            return max(at + 1, 1)
    return 1
