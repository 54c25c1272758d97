"""One text through the model without the machinery of blocks: the same numbers, from a few small arrays."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .folding import FoldedBlock
from .model import PRESENCE, Model, Scores
from .ngrams import BLANK, LAST_SENTENCE_SALT, MULTIPLIER, ORDER_SALT, ORDERS, last_sentences, mixed

_BLANK = np.array([BLANK], dtype=np.uint32)
_SALTS = np.concatenate([ORDER_SALT[1:], ORDER_SALT[1:] + np.uint32(LAST_SENTENCE_SALT)])


class OneText(NamedTuple):
    """One text, looked up.

    Attributes
    ----------
    rows : ndarray of uint32 of shape (n_ngrams,)
        Row of each n-gram in the weights, their number where it is unknown: of the whole text by order, then
        of its last sentence by order.
    counts : ndarray of int of shape (8,)
        How many n-grams of each order either view has.
    begins : tuple of two int
        Place of the first n-gram of each view, among the characters with a blank before them.
    """

    rows: NDArray[np.uint32]
    counts: NDArray[np.intp]
    begins: tuple[int, int]


class OneWeighed(NamedTuple):
    """As :class:`~complaint_typing.model.Weighed`, of one text and without its history."""

    logits: NDArray[np.float32]
    factors: tuple[NDArray[np.float32], NDArray[np.float32]]
    known_share: np.float32


def look_up(model: Model, block: FoldedBlock) -> OneText:
    """The n-grams of one folded text and of its last sentence.

    Parameters
    ----------
    model : Model
    block : FoldedBlock
        Of one text.
    """
    codes, begin = block.padded[1:-1], int(last_sentences(block)[0]) - 1
    lengths = (len(codes), len(codes) - begin)
    c1 = np.concatenate([_BLANK, codes, _BLANK, _BLANK, codes[begin:], _BLANK])
    c2 = c1[:-1] * MULTIPLIER + c1[1:]
    c3 = c2[:-1] * MULTIPLIER + c1[2:]
    c4 = c3[:-1] * MULTIPLIER + c1[3:]
    parts, counts, at = [], [], 0
    for n in lengths:
        for order, rolling in zip(ORDERS, (c1, c2, c3, c4), strict=True):
            counts.append(n + 1 if order == 1 else max(n + 3 - order, 0))
            parts.append(rolling[at : at + counts[-1]])
        at += n + 2
    sizes = np.array(counts)
    return OneText(model.lookup.rows(mixed(np.concatenate(parts) + _SALTS.repeat(sizes))), sizes, (0, begin))


def weigh_text(model: Model, text: OneText) -> OneWeighed:
    """The logits of one text, before its history is added."""
    first_signal = len(model.types) + len(model.modes)
    signals = slice(first_signal, first_signal + len(model.signals))
    total, factors, unknown = model.bias.copy(), [], np.uint32(model.lookup.n)
    n_whole = int(text.counts[:4].sum())
    for rows, scale in zip((text.rows[:n_whole], text.rows[n_whole:]), model.view_scale, strict=True):
        found = rows[rows < unknown]
        sums = model.table.sum_of(found) * model.table.scale
        factors.append(np.float32(scale) / np.sqrt(np.maximum(sums[-1:], np.float32(1e-12))))
        scaled = sums[:-1] * factors[-1]
        scaled[signals] = sums[signals] * np.float32(PRESENCE)
        total += scaled
    share = np.float32(np.count_nonzero(text.rows[:n_whole] < unknown) / max(n_whole, 1))
    return OneWeighed(total, (factors[0], factors[1]), share)


def with_history(model: Model, logits: NDArray[np.float32], past: NDArray[np.float32]) -> NDArray[np.float32]:
    """The logits with what the stacked facts add to the types, fact by fact."""
    if past.any():
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
    if np.isfinite(gate) and model.gate_weights:
        _weigh_gated(model, types, logits[-1:] * np.float32(model.gate_weights[0]) + gate)
    elif not (np.isfinite(gate) and sigmoids[-1] >= np.float32(model.asks_from)):
        types[model.gated_places] = -np.inf
    share = np.array([known_share], dtype=np.float32) / np.float32(model.usual_known_share)
    familiar = np.minimum(share, 1) * (1 - sigmoids[-2:-1])
    strangeness = (1 - familiar).astype(np.float32)
    return Scores(_softmax(types), _softmax(logits[n_types:first_signal]), sigmoids[:-2], strangeness)


def _weigh_gated(model: Model, types: NDArray[np.float32], log_odds: NDArray[np.float32]) -> None:
    """:meth:`~complaint_typing.model.Model.weigh_gated` of one ticket."""
    gated = model.is_gated
    if len(model.gated_places) in (0, len(types)):
        return
    types[gated] += _log_sum(types[~gated]) - _log_sum(types[gated]) + log_odds


def _log_sum(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    top = logits.max()
    return np.asarray(np.log(np.add.accumulate(np.exp(logits - top))[-1:]) + top)


def _softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    odds = np.exp(logits - logits.max())
    return odds / np.add.accumulate(odds)[-1:]
