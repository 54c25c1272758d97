"""The trained weights in numpy: text and history facts to calibrated probabilities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from .decision import Thresholds
from .folding import FoldedBlock, fold_texts
from .gate import gate_log_odds
from .lookup import NgramLookup
from .ngrams import Ngrams, distinct, hash_ngrams, last_sentences, tails
from .stacking import stack

LAST_SENTENCE_SALT = 0x51ED270B
PRESENCE = 0.05
NONE = "none"


class Hits(NamedTuple):
    """The n-grams of a block that a model knows, one entry an occurrence."""

    row: NDArray[np.int32]
    text: NDArray[np.int32]
    start: NDArray[np.signedinteger[Any]]
    order: NDArray[np.uint8]
    known_share: NDArray[np.float32]


class Weighed(NamedTuple):
    """A block weighed; one row a ticket.

    Attributes
    ----------
    logits : ndarray of shape (n_tickets, n_outputs)
    factors : tuple of two ndarray of shape (n_tickets,)
        The length factor of each view.
    past : ndarray of shape (n_tickets, n_stacked)
        The stacked facts.
    """

    logits: NDArray[np.float32]
    factors: tuple[NDArray[np.float32], NDArray[np.float32]]
    past: NDArray[np.float32]


class Scores(NamedTuple):
    """What a model says of a block of tickets.

    Attributes
    ----------
    types : ndarray of shape (n_tickets, n_types)
        Calibrated probabilities, 0 where the abuse gate is closed; rows sum to 1.
    modes : ndarray of shape (n_tickets, n_modes)
        Probabilities of the emotional modes.
    signals : ndarray of shape (n_tickets, n_signals)
        Probability of each risk signal by itself.
    strangeness : ndarray of shape (n_tickets,)
        From 0, like the tickets the model knows, to 1.
    """

    types: NDArray[np.float32]
    modes: NDArray[np.float32]
    signals: NDArray[np.float32]
    strangeness: NDArray[np.float32]


@dataclass(frozen=True)
class Model:
    """Weights and what they mean; immutable, so any number of threads may share one.

    Attributes
    ----------
    types, modes, signals : tuple of str
        Their outputs follow each other in this order, then "no ticket at all" and "asks for extras".
    keys : ndarray of uint32 of shape (n_features,)
        Hashes of the n-grams that the model weighs.
    weights : ndarray of float32 of shape (n_features, n_outputs + 1)
        Weight times inverse document frequency; the last column is the squared inverse document frequency.
    history : ndarray of float32 of shape (n_stacked, n_types)
        Weights of the history facts, in the order of ``stacking.STACKED_NAMES``.
    bias : ndarray of float32 of shape (n_outputs,)
    view_scale : tuple of float
        Length of the vector of the whole text, and of its last sentence.
    temperature : float
        Type logits are divided by it.
    signal_thresholds : tuple of float
        Probability from which each signal is reported.
    usual_known_share : float
        Share of known n-grams below which a text starts to look strange.
    gated : tuple of str
        Types that need the abuse gate open, and a text that asks for extras.
    asks_from : float
        Probability from which a text counts as asking, where there are no ``gate_weights``.
    gate_weights : tuple of float
        What text and history say under an open gate, see :func:`~complaint_typing.gate.gate_log_odds`.
    info : dict
        How it was trained, for the manifest and the model card.
    """

    types: tuple[str, ...]
    modes: tuple[str, ...]
    signals: tuple[str, ...]
    keys: NDArray[np.uint32]
    weights: NDArray[np.float32]
    history: NDArray[np.float32]
    bias: NDArray[np.float32]
    view_scale: tuple[float, float]
    temperature: float
    thresholds: Thresholds
    signal_thresholds: tuple[float, ...]
    usual_known_share: float
    gated: tuple[str, ...] = ("repeat_abuser",)
    asks_from: float = 0.5
    gate_weights: tuple[float, ...] = ()
    info: Mapping[str, Any] = field(default_factory=dict)
    version: str = "unsaved"

    @cached_property
    def lookup(self) -> NgramLookup:
        """Where each known n-gram stands in ``weights``."""
        return NgramLookup(self.keys)

    @cached_property
    def type_weights(self) -> NDArray[np.float32]:
        """The weights for the types, one type after the other; of shape (n_types * n_features,)."""
        return np.ascontiguousarray(self.weights[:, : len(self.types)].T).ravel()

    @cached_property
    def gated_places(self) -> NDArray[np.intp]:
        """Which outputs need the abuse gate open."""
        return np.array([i for i, name in enumerate(self.types) if name in self.gated], dtype=np.intp)

    def __post_init__(self) -> None:
        _ = self.lookup, self.gated_places

    def score(self, texts: Sequence[str], facts: Mapping[str, NDArray[Any]]) -> Scores:
        """Score tickets; each by itself, so that the size and order of the block mean nothing.

        Parameters
        ----------
        texts : sequence of str
        facts : mapping of str to ndarray of shape (n_tickets,)
            History facts, see :func:`~complaint_typing.history.history_facts`.
        """
        return self.score_views(self.text_views(texts), facts)

    def text_views(self, texts: Sequence[str]) -> tuple[Hits, Hits]:
        """As :meth:`views`, from texts as they are."""
        return self.views(fold_texts(texts))

    def views(self, block: FoldedBlock) -> tuple[Hits, Hits]:
        """The known n-grams of the whole texts and of their last sentences."""
        codes, starts = block.codes, block.starts
        begin = last_sentences(codes, starts)
        last, last_starts = tails(codes, starts, begin)
        whole = self._hits(hash_ngrams(codes, starts), len(starts) - 1)
        tail = self._hits(hash_ngrams(last, last_starts, LAST_SENTENCE_SALT), len(starts) - 1)
        return whole, tail._replace(start=tail.start + (begin - last_starts[:-1])[tail.text])

    def _hits(self, grams: Ngrams, n_texts: int) -> Hits:
        row = self.lookup.rows(grams.hashes)
        known = np.flatnonzero(row >= 0)
        text = grams.text[known]
        found = np.bincount(text, minlength=n_texts)
        share = found / np.maximum(np.bincount(grams.text, minlength=n_texts), 1)
        return Hits(row[known], text, grams.start[known], grams.order[known], share.astype(np.float32))

    def _view_sums(self, hits: Hits, n_texts: int) -> NDArray[np.float32]:
        """Sum of the weight rows of each text's distinct n-grams."""
        pair = distinct((hits.text.astype(np.int64) << 32) | hits.row)
        row = (pair & 0xFFFFFFFF).astype(np.int32)
        begin = np.searchsorted(pair >> 32, np.arange(n_texts + 1)).astype(np.int32)
        present = np.ones(len(row), dtype=np.float32)
        return sp.csr_matrix((present, row, begin), shape=(n_texts, len(self.weights))) @ self.weights

    def weigh(self, views: tuple[Hits, Hits], facts: Mapping[str, NDArray[Any]]) -> Weighed:
        """Uncalibrated logits: binary tf-idf of each view at its own length, plus the history.

        Risk signals are weighed by the presence of n-grams alone: a threat in a long text is a threat.
        """
        n_texts, n_types = len(views[0].known_share), len(self.types)
        first_signal = n_types + len(self.modes)
        signals = slice(first_signal, first_signal + len(self.signals))
        total, factors = np.tile(self.bias, (n_texts, 1)), []
        for hits, scale in zip(views, self.view_scale, strict=True):
            sums = self._view_sums(hits, n_texts)
            factors.append(np.float32(scale) / np.sqrt(np.maximum(sums[:, -1], np.float32(1e-12))))
            scaled = sums[:, :-1] * factors[-1][:, None]
            scaled[:, signals] = sums[:, signals] * np.float32(PRESENCE)
            total += scaled
        past = stack(facts)
        for column, weight in enumerate(self.history):
            total[:, :n_types] += past[:, column : column + 1] * weight
        return Weighed(total, (factors[0], factors[1]), past)

    def score_views(self, views: tuple[Hits, Hits], facts: Mapping[str, NDArray[Any]]) -> Scores:
        """As :meth:`score`, from the n-grams already looked up."""
        return self.calibrated(self.weigh(views, facts).logits, views[0].known_share, self.gate(facts))

    def gate(self, facts: Mapping[str, NDArray[Any]]) -> NDArray[np.float32]:
        """Log-odds that the history gives to the gated types, minus infinity where it forbids them."""
        return gate_log_odds(facts, self.gate_weights)

    def calibrated(
        self, logits: NDArray[np.float32], known_share: NDArray[np.float32], gate: NDArray[np.float32]
    ) -> Scores:
        """Logits to probabilities: temperature and gate for the types, and the strangeness.

        Under an open gate the text itself must still ask; that head reads no history. Its log-odds and those
        of the history, ``gate``, are the odds of the gated types against all others together.
        """
        n_types, n_modes = len(self.types), len(self.modes)
        types, modes, signals, other = np.split(
            logits, np.cumsum([n_types, n_modes, len(self.signals)]), axis=1
        )
        none, asks = _sigmoid(np.ascontiguousarray(other.T))
        types = types / np.float32(self.temperature)
        if self.gate_weights:
            self.weigh_gated(types, other[:, 1] * np.float32(self.gate_weights[0]) + gate)
        else:
            may = np.isfinite(gate) & (asks >= np.float32(self.asks_from))
            types[np.ix_(~may, self.gated_places)] = -np.inf
        familiar = np.minimum(known_share / np.float32(self.usual_known_share), 1) * (1 - none)
        strangeness = (1 - familiar).astype(np.float32)
        return Scores(_softmax(types), _softmax(modes), _sigmoid(signals), strangeness)

    def weigh_gated(self, types: NDArray[np.float32], log_odds: NDArray[np.float32]) -> None:
        """Move the gated types so that their odds against all others together are as given; in place."""
        gated = np.isin(np.arange(len(self.types)), self.gated_places)
        if not gated.any() or gated.all():
            return
        against = _log_sum(types[:, ~gated]) - _log_sum(types[:, gated]) + log_odds
        for place in self.gated_places.tolist():
            types[:, place] += against


def _log_sum(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Logarithm of the sum of the odds, column by column, so that the block's size changes no bit."""
    top = logits.max(axis=1)
    total = np.zeros(len(logits), dtype=logits.dtype)
    for column in range(logits.shape[1]):
        total += np.exp(logits[:, column] - top)
    return np.asarray(np.log(total) + top)


def _softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    total = np.zeros((len(odds), 1), dtype=odds.dtype)
    for column in range(odds.shape[1]):
        total[:, 0] += odds[:, column]
    return odds / total


def _sigmoid(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.reciprocal(1 + np.exp(-logits))
