"""Which risk signals are reported of one ticket: as of a block, from plain texts and numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from .cue_search import search_for
from .model import Model
from .risk_signals import lowered
from .signal_cues import Cue, cue_text, signal_cues

_JUST_BELOW = 1 - 1e-5
_REMEMBERED = 0x10000


class _Read(dict[int, str]):
    """What each character is to the cues; those that are met are remembered, but for rare ones."""

    def __missing__(self, code: int) -> str:
        read = cue_text(chr(code))
        if code < _REMEMBERED:
            self[code] = read
        return read


_READ = _Read()


class _Signal(NamedTuple):
    """A signal as a model weighs it.

    Attributes
    ----------
    limit, floor : float
        Probabilities from which it is reported, and from which phrases count.
    cues : tuple of (Cue, float)
        Phrases and what they weigh.
    bits : tuple of (int, int)
        The bit of each cue that weighs something among those that a text may hold, and its place.
    """

    limit: float
    floor: float
    cues: tuple[tuple[Cue, float], ...]
    bits: tuple[tuple[int, int], ...]

    @classmethod
    def of(
        cls, name: str, limit: float, floor: float, weights: Sequence[float], numbers: Sequence[int]
    ) -> _Signal:
        cues = tuple(zip(signal_cues().get(name, ()), weights, strict=False))
        bits = tuple(
            (1 << number, k) for k, (number, (_, w)) in enumerate(zip(numbers, cues, strict=False)) if w
        )
        return cls(float(np.float32(limit)), float(np.float32(floor)), cues, bits)

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
                if p * _JUST_BELOW >= self.about(least):
                    return True
            else:
                most -= weight
                if p < self.about(most) * _JUST_BELOW:
                    return False
        return bool(found) and p >= float(lowered(self.limit, self.weight(sorted(found))))


class SignalReader:
    """Reads the signals of one ticket at a time.

    Parameters
    ----------
    model : Model

    >>> from complaint_typing.artifact import load_model
    >>> from complaint_typing.resources import data_path
    >>> reader = SignalReader(load_model(data_path("model")))
    >>> list(reader.reported([0.0] * 6 + [1.0], "My lawyer will call", 0))
    [6]
    """

    def __init__(self, model: Model):
        n, (_, numbers, _) = len(model.signals), search_for(model.signals)
        floors, weights = model.cue_floors or (0.0,) * n, model.cue_weights or ((),) * n
        limits, places = model.signal_thresholds, [numbers[name] for name in model.signals]
        self._signals = tuple(map(_Signal.of, model.signals, limits, floors, weights, places))

    def reported(self, probabilities: Sequence[float], text: str, held: int) -> Iterator[int]:
        """The places of the signals that :func:`~complaint_typing.risk_signals.reported` reports.

        Parameters
        ----------
        probabilities : sequence of float of length n_signals
            What the n-grams say.
        text : str
        held : int
            The cues that it may hold as bits, see :class:`~complaint_typing.one_cues.CueReader`.
        """
        read = ""
        for place, (p, signal) in enumerate(zip(probabilities, self._signals, strict=True)):
            if p >= signal.limit:
                yield place
            elif p >= signal.floor:
                near = [k for bit, k in signal.bits if held & bit]
                if p < signal.about(signal.weight(near)) * _JUST_BELOW:
                    continue
                read = read or text.translate(_READ)
                if signal.reports(p, near, read):
                    yield place
