"""The words that tell an emotional mode in one ticket: as in a block, from plain texts."""

from __future__ import annotations

from collections.abc import Iterable
from types import ModuleType

from .cue_search import beginnings, search_of_modes
from .folding import FoldedBlock, as_text
from .signal_cues import mode_cues

_BLANK = " "


class ModeReader:
    """Finds the ``mode_cues`` of one ticket at a time.

    >>> from complaint_typing.folding import fold_texts
    >>> [ModeReader().places(fold_texts([text])) for text in ("thank you!", "谢谢")]
    [[15, 17], [15]]
    """

    def __init__(self) -> None:
        self._words: dict[str, list[tuple[str, int]]] = {}
        self._pairs: dict[str, list[tuple[str, int]]] = {}
        self._others: list[tuple[str, int]] = []
        self._n = len(mode_cues())
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

    def places(self, block: FoldedBlock, kernel: ModuleType | None = None) -> list[int]:
        """The places of the cues found in one folded text, in order.

        Parameters
        ----------
        block : FoldedBlock
            Of one text.
        kernel : module, optional
            The compiled kernel, where it is to do the work.
        """
        if kernel:
            bits = search_of_modes().bits_of_one(block, kernel)
            return [place for place in range(self._n) if bits >> place & 1]
        folded = as_text(block.padded)
        near = [*self._others]
        _add(near, self._words, {word[:2] for word in folded.split(_BLANK)})
        if not folded.isascii():
            _add(near, self._pairs, map(str.__add__, folded, folded[1:]))
        return sorted({place for begin, place in near if begin in folded})


def _add(near: list[tuple[str, int]], known: dict[str, list[tuple[str, int]]], starts: Iterable[str]) -> None:
    for start in known.keys() & starts:
        near += known[start]
