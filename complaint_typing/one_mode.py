"""The words that tell an emotional mode in one ticket: as in a block, from plain texts."""

from __future__ import annotations

from collections.abc import Iterable

from .cue_search import beginnings
from .signal_cues import mode_cues

_BLANK = " "


class ModeReader:
    """Finds the ``mode_cues`` of one ticket at a time.

    >>> ModeReader().places(" thank you! "), ModeReader().places(" 谢谢 ")
    ([15, 17], [15])
    """

    def __init__(self) -> None:
        self._words: dict[str, list[tuple[str, int]]] = {}
        self._pairs: dict[str, list[tuple[str, int]]] = {}
        self._others: list[tuple[str, int]] = []
        for place, cue in enumerate(mode_cues().values()):
            for begin in sorted({*beginnings(cue.keys)}):
                self._known(begin).append((begin, place))

    def _known(self, begin: str) -> list[tuple[str, int]]:
        """Where a beginning is kept: by its word's first two letters, by two other characters, or by none."""
        if begin[0] == _BLANK:
            return self._words.setdefault(begin[1:3].rstrip(), [])
        if len(begin) > 1 and not begin[:2].isascii():
            return self._pairs.setdefault(begin[:2], [])
        return self._others

    def places(self, folded: str) -> list[int]:
        """The places of the cues found in a folded text, with the blanks around it; in order."""
        near = [*self._others]
        _add(near, self._words, {word[:2] for word in folded.split(_BLANK)})
        if not folded.isascii():
            _add(near, self._pairs, map(str.__add__, folded, folded[1:]))
        return sorted({place for begin, place in near if begin in folded})


def _add(near: list[tuple[str, int]], known: dict[str, list[tuple[str, int]]], starts: Iterable[str]) -> None:
    for start in known.keys() & starts:
        near += known[start]
