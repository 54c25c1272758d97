"""The cues that one ticket may hold: as in a block, from plain texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import ModuleType

from .cue_search import beginnings, search_for
from .folding import FoldedBlock
from .signal_cues import danger_cues, mode_cues

_BLANK = " "
_Known = dict[str, list[tuple[str, int]]]


class CueReader:
    """Finds the cues of some risk signals, and behind them of modes and danger, of one ticket at a time.

    Parameters
    ----------
    signals : tuple of str

    >>> from complaint_typing.folding import fold_texts
    >>> reader = CueReader(("senior",))
    >>> [reader.places_of_modes(reader.held(fold_texts([text]))) for text in ("thank you!", "谢谢")]
    [[15, 17], [15]]
    """

    def __init__(self, signals: tuple[str, ...]):
        self._words: _Known = {}
        self._pairs: _Known = {}
        self._others: list[tuple[str, int]] = []
        self._search, _, cues = search_for(signals)
        self._first_mode, self._modes = len(cues), range(len(mode_cues()))
        self._first_danger = len(cues) + len(mode_cues())
        for place, cue in enumerate((*cues, *mode_cues().values(), *danger_cues())):
            for begin in sorted({*beginnings(cue.keys)}):
                self._known(begin).append((begin, 1 << place))

    def _known(self, begin: str) -> list[tuple[str, int]]:
        """Where a beginning is kept: by two letters of its word, by two characters, or by none."""
        if begin[0] == _BLANK:
            return self._words.setdefault(begin[1:3].rstrip(), [])
        return self._pairs.setdefault(begin[:2], []) if len(begin) > 1 else self._others

    def held(self, block: FoldedBlock, kernel: ModuleType | None = None) -> int:
        """The cues whose beginnings stand in one folded text, as bits.

        Parameters
        ----------
        block : FoldedBlock
            Of one text.
        kernel : module, optional
            The compiled kernel, where it is to do the work.
        """
        if kernel:
            return self._search.bits_of_one(block, kernel)
        folded, found = block.text, 0
        starts = {word[:2] for word in folded.split(_BLANK)}
        for begin, bit in (*self._others, *_near(self._words, starts), *_near(self._pairs, _pairs(folded))):
            if begin in folded:
                found |= bit
        return found

    def places_of_modes(self, held: int) -> Sequence[int]:
        """Which of the ``mode_cues`` are among the cues held, in order."""
        of_modes = held >> self._first_mode
        return [place for place in self._modes if of_modes >> place & 1] if of_modes else ()

    def may_tell_danger(self, held: int) -> bool:
        """Whether one of the ``danger_cues`` is among the cues held."""
        return held >> self._first_danger != 0


def _pairs(folded: str) -> Iterable[str]:
    return map(str.__add__, folded, folded[1:])


def _near(known: _Known, starts: Iterable[str]) -> Iterable[tuple[str, int]]:
    return [entry for start in known.keys() & starts for entry in known[start]]
