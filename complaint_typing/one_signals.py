"""Which risk signals are reported of one ticket: as of a block, from plain texts and numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .model import Model
from .risk_signals import JUST_BELOW, WeighedSignal
from .signal_cues import cue_text

_REMEMBERED = 0x10000


class _Read(dict[int, str]):
    """What each character is to the cues; those that are met are remembered, but for rare ones."""

    def __missing__(self, code: int) -> str:
        read = cue_text(chr(code))
        if code < _REMEMBERED:
            self[code] = read
        return read


_READ = _Read()


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
        self._signals = [
            (signal, [(1 << number, place) for number, place in signal.numbers])
            for signal in WeighedSignal.all_of(model)
        ]

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
        for place, (p, (signal, bits)) in enumerate(zip(probabilities, self._signals, strict=True)):
            if p >= signal.limit:
                yield place
            elif p >= signal.floor:
                near = [k for bit, k in bits if held & bit]
                if p < signal.about(signal.weight(near)) * JUST_BELOW:
                    continue
                read = read or text.translate(_READ)
                if signal.reports(p, near, read):
                    yield place
