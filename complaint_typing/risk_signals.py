"""Which risk signals are reported: what the n-grams say of each, and the phrases that speak for it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .cue_search import held_cues, search_for
from .folding import fold_texts
from .model import Model
from .signal_cues import Cue, cue_texts, signal_cues

JUST_BELOW = 1 - 1e-5  # the last bits are decided for each ticket by itself


class WeighedSignal(NamedTuple):
    """A signal as a model weighs it.

    Attributes
    ----------
    limit, floor : float
        Probabilities from which it is reported, and from which phrases count.
    cues : tuple of (Cue, float)
        Phrases and what they weigh.
    numbers : tuple of (int, int)
        The number of each cue that weighs something in the search for all of them, and its place.
    """

    limit: float
    floor: float
    cues: tuple[tuple[Cue, float], ...]
    numbers: tuple[tuple[int, int], ...]

    @classmethod
    def all_of(cls, model: Model) -> tuple[WeighedSignal, ...]:
        """Those of a model, in its order."""
        n, known = len(model.signals), search_for(model.signals)[1]
        floors, weights = model.cue_floors or (0.0,) * n, model.cue_weights or ((),) * n
        return tuple(
            map(
                cls._of,
                model.signals,
                model.signal_thresholds,
                floors,
                weights,
                [known[name] for name in model.signals],
            )
        )

    @classmethod
    def _of(
        cls, name: str, limit: float, floor: float, weights: Sequence[float], numbers: Sequence[int]
    ) -> WeighedSignal:
        cues = tuple(zip(signal_cues().get(name, ()), weights, strict=False))
        places = ((number, k) for k, (number, (_, w)) in enumerate(zip(numbers, cues, strict=False)) if w)
        return cls(float(np.float32(limit)), float(np.float32(floor)), cues, tuple(places))

    def weight(self, places: Iterable[int]) -> float:
        """What some of its cues weigh together."""
        return sum([self.cues[k][1] for k in places])

    def about(self, weight: float) -> float:
        """The probability from which it is reported where phrases weigh so much, but for the last bits."""
        if not weight or self.limit >= 1:
            return math.inf
        odds = self.limit / (1 - self.limit) * math.exp(-weight)
        return odds / (1 + odds)

    def reports(self, p: float, near: Sequence[int], text: str) -> bool:
        """Whether it is reported of a text that may hold these of its cues, down to the last bit.

        The heaviest are looked for first, until what is found suffices or what is left does not.
        """
        found: list[int] = []
        least, most = 0.0, self.weight(near)
        for k in sorted(near, key=lambda k: -self.cues[k][1]):
            cue, weight = self.cues[k]
            if cue.found_in(text):
                found.append(k)
                least += weight
                if p * JUST_BELOW >= self.about(least):
                    return True
            else:
                most -= weight
                if p < self.about(most) * JUST_BELOW:
                    return False
        return bool(found) and p >= float(lowered(self.limit, self.weight(sorted(found))))


def reported(
    model: Model,
    probabilities: NDArray[np.float32],
    texts: Sequence[str],
    held: NDArray[np.bool_] | None = None,
) -> NDArray[np.bool_]:
    """Whether each risk signal is reported of each ticket.

    The weights of the phrases found add to the log-odds of the n-grams, where these reach the signal's floor.
    Phrases are looked for only where they could carry a ticket over the threshold.

    Parameters
    ----------
    model : Model
    probabilities : ndarray of float32 of shape (n_tickets, n_signals)
        What the n-grams say.
    texts : sequence of str of length n_tickets
    held : ndarray of bool of shape (n_tickets, n_cues), optional
        Which cues each text may hold, as :func:`~complaint_typing.cue_search.held_cues` tells.

    Returns
    -------
    ndarray of bool of shape (n_tickets, n_signals)

    >>> from complaint_typing.artifact import load_model
    >>> from complaint_typing.resources import data_path
    >>> model = load_model(data_path("model"))
    >>> reported(model, np.zeros((1, len(model.signals)), dtype=np.float32), [""]).tolist()
    [[False, False, False, False, False, False, False]]
    """
    signals = WeighedSignal.all_of(model)
    flags = probabilities >= np.array([signal.limit for signal in signals], dtype=np.float32)
    open_questions = (probabilities >= np.array([s.floor for s in signals], dtype=np.float32)) & ~flags
    if not any(signal.numbers for signal in signals) or not open_questions.any():
        return flags
    held = held_cues(model.signals, fold_texts(texts)).signals if held is None else held
    near = [
        np.flatnonzero(_near(signal, probabilities[:, k], held) & open_questions[:, k]).tolist()
        for k, signal in enumerate(signals)
    ]
    chosen = sorted(set().union(*near))
    read = dict(zip(chosen, cue_texts([texts[i] for i in chosen]), strict=True))
    for k, signal in enumerate(signals):
        for i in near[k]:
            there = [place for number, place in signal.numbers if held[i, number]]
            flags[i, k] = signal.reports(float(probabilities[i, k]), there, read[i])
    return flags


def _near(signal: WeighedSignal, p: NDArray[np.float32], held: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which tickets the phrases that they may hold could carry over the threshold of a signal."""
    most = np.zeros(len(p))
    for number, place in signal.numbers:
        most += np.where(held[:, number], signal.cues[place][1], 0.0)
    limit = signal.limit
    odds = limit / (1 - limit) * np.exp(-most) if limit < 1 else np.inf
    return np.asarray((most > 0) & (p >= odds / (1 + odds) * JUST_BELOW))


def lowered(limit: float, log_odds: float) -> np.float32:
    """The probability from which a signal is reported where phrases add so much to its log-odds.

    >>> float(lowered(0.5, 0.0)), round(float(lowered(0.5, np.log(3))), 3)
    (0.5, 0.25)
    """
    if not log_odds or limit >= 1:
        return np.float32(limit)
    odds = float(limit) / (1 - float(limit)) * float(np.exp(-log_odds))
    return np.float32(odds / (1 + odds))
