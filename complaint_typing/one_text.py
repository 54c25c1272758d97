"""One text through the model without the machinery of blocks: the same numbers, from a few small arrays."""

from __future__ import annotations

import math
from functools import partial
from types import ModuleType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .folding import ENDS_SENTENCE, MAY_FOLLOW_END, FoldedBlock
from .model import PRESENCE, Model, Scores
from .ngrams import SHORTEST_SENTENCE, Views, hash_places
from .place_sums import summed
from .word_runs import PlaceSums, RunsIn, word_runs

_END_OF_SENTENCE = ENDS_SENTENCE | MAY_FOLLOW_END
_LEAST_SQUARE = np.float32(1e-12)
_ONE = np.float32(1)


class OneText(NamedTuple):
    """One text, looked up and weighed.

    Attributes
    ----------
    logits : ndarray of float32 of shape (n_outputs,)
        With what the history adds.
    factors : ndarray of float32 of shape (2,)
        The length factor of each view, as :attr:`~complaint_typing.model.Weighed.factors`.
    known_share : float32
        Known n-grams among all of the text.
    views : Views
        The text and its last sentence.
    rows : ndarray of uint32
        As in :class:`~complaint_typing.gram_sums.LookedUp`; ``by_text`` where the kernel did the work.
    kernel : module, optional
    """

    logits: NDArray[np.float32]
    factors: NDArray[np.float32]
    known_share: np.float32
    views: Views
    rows: NDArray[np.uint32]
    kernel: ModuleType | None


def read_one(
    model: Model, block: FoldedBlock, past: NDArray[np.float32], kernel: ModuleType | None = None
) -> OneText:
    """What a folded text and its history say, as ``Model.weigh_sums``.

    Parameters
    ----------
    model : Model
    block : FoldedBlock
        Of one text.
    past : ndarray of float32 of shape (n_stacked,)
        Its stacked facts.
    kernel : module, optional
        The compiled kernel, where it is to do the work.
    """
    first_signal = len(model.types) + len(model.modes)
    signals = slice(first_signal, first_signal + len(model.signals))
    lookup, table = model.lookup, model.table
    if kernel and lookup.n:
        outputs = model.bias, model.view_scale, signals, PRESENCE, past, model.history
        logits, told, views, rows = kernel.read_one(block, lookup, table, *outputs)
        return OneText(logits, told[:2], told[2], views, rows, kernel)
    views = views_of(block)
    rows, n_known, sums = _summed(model, views)
    weight = sums * table.scale
    factors = np.array(model.view_scale, dtype=np.float32) / np.sqrt(np.maximum(weight[:, -1], _LEAST_SQUARE))
    scaled = weight[:, :-1] * factors[:, None]
    scaled[:, signals] = weight[:, signals] * np.float32(PRESENCE)
    total = model.bias + scaled[0]
    total += scaled[1]
    n = int(views.bounds[1])
    share = np.float32(n_known / (2 * n + max(n - 1, 0) + max(n - 2, 0)))
    return OneText(_with_history(model, total, past), factors, share, views, rows, None)


def _summed(model: Model, views: Views) -> tuple[NDArray[np.uint32], int, NDArray[np.float32]]:
    """The rows of the n-grams, how many of the text's are known, and what those of each view weigh."""
    middle, end = views.bounds[1:].tolist()
    rows, unknown = model.lookup.rows(hash_places(views.codes, middle)), np.uint32(model.lookup.n)
    for edge in (middle, end):
        rows[2:, edge - 1] = unknown
        rows[3, max(edge - 2, 0)] = unknown
    ordered = [np.sort(view, axis=None) for view in (rows[:, :middle], rows[:, middle:])]
    known = [view[: view.searchsorted(unknown)] for view in ordered]
    return rows, len(known[0]), np.array([model.table.sum_of(view) for view in known])


def views_of(block: FoldedBlock) -> Views:
    """:meth:`~complaint_typing.ngrams.Views.of` of one text."""
    marks, end = block.marks.tobytes(), len(block.padded) - 1
    at = marks.rfind(_END_OF_SENTENCE, 0, max(end - SHORTEST_SENTENCE, 0))
    while at >= 0 and not marks[at + 1] & MAY_FOLLOW_END:
        at = marks.rfind(_END_OF_SENTENCE, 0, at)
    begin = max(at + 1, 1)
    codes = np.concatenate((block.padded, block.padded[begin:]))
    return Views(codes, np.array((0, end, len(codes) - 1)), np.array((begin,)))


def _with_history(
    model: Model, logits: NDArray[np.float32], past: NDArray[np.float32]
) -> NDArray[np.float32]:
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
    given = logits / model.divisors
    types, modes, others = given[:n_types], given[n_types:first_signal], given[first_signal:]
    if not math.isfinite(gate) or not (model.gate_weights or _asks(model, logits)):
        types[model.gated_places] = -np.inf
    elif model.gate_weights:
        _weigh_gated(model, types, logits[-1] * np.float32(model.gate_weights[0]) + gate)
    types -= max(types.tolist())
    modes -= max(modes.tolist())
    np.exp(given, out=given)
    sigmoids = np.reciprocal(1 + others)
    familiar = min(known_share / np.float32(model.usual_known_share), _ONE) * (_ONE - sigmoids[-2])
    return Scores(_shares(types), _shares(modes), sigmoids[:-2], _ONE - familiar)


def _asks(model: Model, logits: NDArray[np.float32]) -> bool:
    """Whether a text asks for extras, by a model that weighs no more than that."""
    return bool(np.reciprocal(1 + np.exp(-logits[-1:]))[0] >= np.float32(model.asks_from))


def _weigh_gated(model: Model, types: NDArray[np.float32], log_odds: np.float32) -> None:
    """:meth:`~complaint_typing.model.Model.weigh_gated` of one ticket."""
    gated, free = model.gated_places, model.free_places
    if len(gated) and len(free):
        against = _log_sum(types[free]) - _log_sum(types[gated]) + log_odds
        for place in gated.tolist():
            types[place] += against


def _log_sum(logits: NDArray[np.float32]) -> np.float32:
    if len(logits) == 1:
        return np.float32(logits[0])
    top = max(logits.tolist())
    return np.float32(np.log(np.add.accumulate(np.exp(logits - top))[-1]) + np.float32(top))


def _shares(odds: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.divide(odds, np.add.accumulate(odds)[-1], dtype=np.float32)


def runs_of(model: Model, block: FoldedBlock, text: OneText, top: int) -> RunsIn:
    """Finds the runs of words that speak for a type, once it is told which places may be quoted."""
    if text.kernel:
        return partial(
            text.kernel.word_runs_of_one, text.rows, text.views, model.type_units, top, text.factors
        )
    factors = text.factors[:1], text.factors[1:]
    given, begin = model.type_units[top].take(text.rows), text.views.begin
    places = PlaceSums(summed(given), begin, text.views.bounds[1:2] + 1 - begin)
    return partial(word_runs, block.padded, block.bounds, places=places, factors=factors)
