"""One text through the model without the machinery of blocks: the same numbers, from a few small arrays."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from types import ModuleType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .folding import ENDS_SENTENCE, MAY_FOLLOW_END, FoldedBlock
from .model import PRESENCE, Model, Scores
from .ngrams import SHORTEST_SENTENCE, Views, hash_places
from .place_sums import summed
from .word_runs import PlaceSums, Runs, word_runs

_END_OF_SENTENCE = ENDS_SENTENCE | MAY_FOLLOW_END
_LEAST_SQUARE = np.float32(1e-12)
_ONE = np.float32(1)
_NO_ROWS = np.empty((4, 0), dtype=np.uint32)


class OneText(NamedTuple):
    """One text, looked up.

    Attributes
    ----------
    views : Views
        The text and its last sentence.
    rows : ndarray of uint32 of shape (4, n_places)
        As :attr:`~complaint_typing.gram_sums.LookedUp.rows`; empty where the kernel does the work.
    sums : ndarray of float32 of shape (2, n_columns)
        What the distinct known n-grams of each view weigh together, in units of the weight table.
    known_share : float32
        Known n-grams among all of the text.
    kernel : module, optional
        The compiled kernel, where it does the work.
    """

    views: Views
    rows: NDArray[np.uint32]
    sums: NDArray[np.float32]
    known_share: np.float32
    kernel: ModuleType | None


class OneWeighed(NamedTuple):
    """As :class:`~complaint_typing.model.Weighed`, of one text and without its history."""

    logits: NDArray[np.float32]
    factors: tuple[NDArray[np.float32], NDArray[np.float32]]


def look_up(model: Model, block: FoldedBlock, kernel: ModuleType | None = None) -> OneText:
    """The n-grams of one folded text and of its last sentence, and what they weigh together.

    Parameters
    ----------
    model : Model
    block : FoldedBlock
        Of one text.
    kernel : module, optional
    """
    views, lookup = views_of(block), model.lookup
    middle, end = views.bounds[1:].tolist()
    n_grams = 2 * middle + max(middle - 1, 0) + max(middle - 2, 0)
    if kernel and lookup.n:
        sums, found = kernel.sums(views, lookup, model.table)
        return OneText(views, _NO_ROWS, sums, np.float32(found[0] / n_grams), kernel)
    rows, unknown = lookup.rows(hash_places(views.codes, middle)), np.uint32(lookup.n)
    for edge in (middle, end):
        rows[2:, edge - 1] = unknown
        rows[3, max(edge - 2, 0)] = unknown
    known = [view[view < unknown] for view in (rows[:, :middle], rows[:, middle:])]
    sums = np.array([model.table.sum_of(view) for view in known])
    return OneText(views, rows, sums, np.float32(len(known[0]) / n_grams), None)


def views_of(block: FoldedBlock) -> Views:
    """:meth:`~complaint_typing.ngrams.Views.of` of one text."""
    marks, end = block.marks.tobytes(), len(block.padded) - 1
    at = marks.rfind(_END_OF_SENTENCE, 0, max(end - SHORTEST_SENTENCE, 0))
    while at >= 0 and not marks[at + 1] & MAY_FOLLOW_END:
        at = marks.rfind(_END_OF_SENTENCE, 0, at)
    begin = max(at + 1, 1)
    codes = np.concatenate((block.padded, block.padded[begin:]))
    return Views(codes, np.array((0, end, len(codes) - 1)), np.array((begin,)))


def weigh_text(model: Model, text: OneText) -> OneWeighed:
    """The logits of one text, before its history is added."""
    first_signal = len(model.types) + len(model.modes)
    signals = slice(first_signal, first_signal + len(model.signals))
    weight = text.sums * model.table.scale
    factors = np.array(model.view_scale, dtype=np.float32) / np.sqrt(np.maximum(weight[:, -1], _LEAST_SQUARE))
    scaled = weight[:, :-1] * factors[:, None]
    scaled[:, signals] = weight[:, signals] * np.float32(PRESENCE)
    total = model.bias + scaled[0]
    total += scaled[1]
    return OneWeighed(total, (factors[:1], factors[1:]))


def with_history(model: Model, logits: NDArray[np.float32], past: NDArray[np.float32]) -> NDArray[np.float32]:
    """The logits with what the stacked facts add to the types, fact by fact."""
    if np.count_nonzero(past):
        n_types = len(model.types)
        parts = np.concatenate([logits[None, :n_types], past[:, None] * model.history])
        logits[:n_types] = np.add.accumulate(parts, axis=0)[-1]
    return logits


def calibrate_one(
    model: Model, logits: NDArray[np.float32], known_share: np.float32, gate: np.float32
) -> Scores:
    """:meth:`~complaint_typing.model.Model.calibrated` of one ticket; no part has an axis for tickets."""
    n_types = len(model.types)
    first_signal = n_types + len(model.modes)
    sigmoids = np.reciprocal(1 + np.exp(-logits[first_signal:]))
    types = logits[:n_types] / np.float32(model.temperature)
    is_open = math.isfinite(gate)
    if is_open and model.gate_weights:
        _weigh_gated(model, types, logits[-1:] * np.float32(model.gate_weights[0]) + gate)
    elif not (is_open and sigmoids[-1] >= np.float32(model.asks_from)):
        types[model.is_gated] = -np.inf
    familiar = min(known_share / np.float32(model.usual_known_share), _ONE) * (_ONE - sigmoids[-2])
    return Scores(_softmax(types), _softmax(logits[n_types:first_signal]), sigmoids[:-2], _ONE - familiar)


def _weigh_gated(model: Model, types: NDArray[np.float32], log_odds: NDArray[np.float32]) -> None:
    """:meth:`~complaint_typing.model.Model.weigh_gated` of one ticket."""
    gated = model.is_gated
    if len(model.gated_places) in (0, len(types)):
        return
    types[gated] += _log_sum(types[~gated]) - _log_sum(types[gated]) + log_odds


def _log_sum(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    if len(logits) == 1:
        return logits
    top = np.maximum.reduce(logits)
    return np.asarray(np.log(np.add.accumulate(np.exp(logits - top))[-1:]) + top)


def _softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    odds = np.exp(logits - np.maximum.reduce(logits))
    return odds / np.add.accumulate(odds)[-1:]


def runs_of(
    model: Model, block: FoldedBlock, text: OneText, weighed: OneWeighed, top: int
) -> Callable[[NDArray[np.bool_]], Runs]:
    """Finds the runs of words that speak for a type, once it is told which places may be quoted."""
    if text.kernel:
        rows = text.kernel.rows_by_text(text.views, model.lookup)
        place = rows, text.views, model.type_units, np.array((top,))
        return partial(text.kernel.word_runs, *place, weighed.factors)
    given, begin = model.type_units[top].take(text.rows), text.views.begin
    places = PlaceSums(summed(given), begin, text.views.bounds[1:2] + 1 - begin)
    return partial(word_runs, block.padded, block.bounds, places=places, factors=weighed.factors)
