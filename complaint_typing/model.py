"""The trained weights in numpy: text and history facts to calibrated probabilities."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .decision import Thresholds
from .errors import ArtifactError
from .fast import kernel_for
from .folding import FoldedBlock, fold_texts
from .gate import gate_log_odds
from .gram_sums import GramSums, Hits, LookedUp, gram_sums, hits
from .kept_memory import keep_freed_memory
from .lazily import lazily
from .lookup import NgramLookup
from .ngrams import Views
from .stacking import stack
from .weight_units import WeightUnits

PRESENCE = 0.05
GATED = ("repeat_abuser",)
BLOCK_CHARACTERS = 320_000


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
    cue_weights : tuple of tuple of float
        What each phrase of ``signal_cues`` adds to the log-odds of each signal; empty: no phrases.
    cue_floors : tuple of float
        Probability of each signal from which phrases count; empty: from 0.
    mode_weights : tuple of tuple of float
        What is added to the log-probability of each mode: always, for the probability of each type, for each
        of the ``mode_cues``; empty: nothing.
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
    gated: tuple[str, ...] = GATED
    asks_from: float = 0.5
    gate_weights: tuple[float, ...] = ()
    cue_weights: tuple[tuple[float, ...], ...] = ()
    cue_floors: tuple[float, ...] = ()
    mode_weights: tuple[tuple[float, ...], ...] = ()
    info: Mapping[str, Any] = field(default_factory=dict)
    version: str = "unsaved"

    @lazily
    def lookup(self) -> NgramLookup:
        """Where each known n-gram stands in ``weights``."""
        return NgramLookup(self.keys)

    @lazily
    def type_units(self) -> NDArray[np.int16]:
        """Weights for each type in units of its own, and a 0 behind them; (n_types, n_features + 1)."""
        n_types = len(self.types)
        units = np.zeros((n_types, len(self.keys) + 1), dtype=np.int16)
        units[:, :-1] = self.table.units[:, :n_types].T
        return units

    @lazily
    def gated_places(self) -> NDArray[np.intp]:
        """Which outputs need the abuse gate open."""
        return np.array([i for i, name in enumerate(self.types) if name in self.gated], dtype=np.intp)

    @lazily
    def free_places(self) -> NDArray[np.intp]:
        """Which types need no gate."""
        return np.flatnonzero(~self.is_gated)

    @lazily
    def is_gated(self) -> NDArray[np.bool_]:
        """The same as flags; shape (n_types,)."""
        return np.isin(np.arange(len(self.types)), self.gated_places)

    @lazily
    def divisors(self) -> NDArray[np.float32]:
        """By what each logit is divided before its exponential: the temperature, 1, or -1 for sigmoids."""
        n_types, n_modes = len(self.types), len(self.modes)
        parts = (self.temperature, 1, -1), (n_types, n_modes, len(self.bias) - n_types - n_modes)
        return np.repeat(np.array(parts[0], dtype=np.float32), parts[1])

    @lazily
    def table(self) -> WeightUnits:
        """The weights as whole numbers; all scoring reads these."""
        return WeightUnits.of(self.weights)

    def __post_init__(self) -> None:
        _ = self.lookup, self.gated_places, self.table

    def require_gate(self, path: object) -> None:
        """Refuse to judge people by a model that tells `repeat_abuser` without the abuse gate.

        Parameters
        ----------
        path : object
            What the model is called in the error.

        Raises
        ------
        ArtifactError
            When it knows a type of ``GATED`` that is not among its ``gated`` ones.
        """
        free = [name for name in self.types if name in GATED and name not in self.gated]
        if free:
            raise ArtifactError(
                path,
                f"it types people as {', '.join(free)} without the abuse gate",
                "train again; only `complaint-typing compare` reads such a model",
            )

    def score(self, texts: Sequence[str], facts: Mapping[str, NDArray[Any]]) -> Scores:
        """Score tickets; each by itself, so that the size and order of the block mean nothing.

        Parameters
        ----------
        texts : sequence of str
        facts : mapping of str to ndarray of shape (n_tickets,)
            History facts, see :func:`~complaint_typing.history.history_facts`.
        """
        parts, kernel = [], kernel_for(0)
        keep_freed_memory()
        for begin, end in _blocks(texts):
            sums = self.sums(fold_texts(texts[begin:end], kernel))
            past = {name: values[begin:end] for name, values in facts.items()}
            logits = self.weigh_sums(sums, past).logits
            parts.append(self.calibrated(logits, sums.known_share, self.gate(past)))
        return parts[0] if len(parts) == 1 else Scores(*map(np.concatenate, zip(*parts, strict=True)))

    def sums(self, block: FoldedBlock) -> GramSums:
        """What the known n-grams of each text and of its last sentence weigh together."""
        return self.sums_of(self.look_up(block))

    def look_up(self, block: FoldedBlock) -> LookedUp:
        """The n-grams of the whole texts and of their last sentences, where they stand."""
        kernel = kernel_for(len(block.bounds) - 1) if len(self.keys) else None
        return LookedUp(Views.of(block), self.lookup, kernel)

    def sums_of(self, looked: LookedUp) -> GramSums:
        """As :meth:`sums`, of texts that may be looked up already."""
        return gram_sums(looked, self.table)

    def views(self, block: FoldedBlock) -> tuple[Hits, Hits]:
        """The known n-grams of the whole texts and of their last sentences, one by one."""
        return hits(self.look_up(block))

    def weigh_sums(self, sums: GramSums, facts: Mapping[str, NDArray[Any]]) -> Weighed:
        """Uncalibrated logits: binary tf-idf of each view at its own length, plus the history.

        Risk signals are weighed by the presence of n-grams alone: a threat in a long text is a threat.
        """
        n_types = len(self.types)
        first_signal = n_types + len(self.modes)
        signals = slice(first_signal, first_signal + len(self.signals))
        total, factors = np.tile(self.bias, (len(sums.whole), 1)), []
        for units, scale in zip((sums.whole, sums.last), self.view_scale, strict=True):
            weight = units * self.table.scale
            factors.append(np.float32(scale) / np.sqrt(np.maximum(weight[:, -1], np.float32(1e-12))))
            scaled = weight[:, :-1] * factors[-1][:, None]
            scaled[:, signals] = weight[:, signals] * np.float32(PRESENCE)
            total += scaled
        past = stack(facts)
        for column in np.flatnonzero(past.any(axis=0)).tolist():
            total[:, :n_types] += past[:, column : column + 1] * self.history[column]
        return Weighed(total, (factors[0], factors[1]), past)

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
        gated = self.is_gated
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


def _blocks(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Ranges of texts of about ``BLOCK_CHARACTERS``."""
    before = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)))
    begin = 0
    while begin < len(texts):
        done = before[begin - 1] if begin else 0
        end = max(int(np.searchsorted(before, done + BLOCK_CHARACTERS)), begin + 1)
        yield begin, end
        begin = end
    if not len(texts):
        yield 0, 0
