"""Two passes over a file: the first for history, the second for scoring; a small file is parsed once."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from itertools import chain

from .tickets import Block, TicketFile

MOST_KEPT = 1 << 25
"""Bytes, about; what is larger is read again."""

SCORED_FROM = ("subject", "text", "created_at", "language", "satisfaction", "agent_reply")
"""The columns that scoring reads beside the history facts."""

_CELL_BYTES, _CHARACTER_BYTES = 64, 2


class TwoPasses:
    """The blocks of a file, once and once more.

    Parameters
    ----------
    file : TicketFile
    most_kept : int
        Bytes that parsed rows may take until the second pass, about.

    >>> import tempfile
    >>> place = tempfile.mkdtemp() + "/export.csv"
    >>> with open(place, "w") as file:
    ...     _ = file.write("id,text\\n1,No answer\\n")
    >>> passes = TwoPasses(TicketFile.open(place))
    >>> first = list(passes.first())
    >>> list(passes.second())[0] is first[0]
    True
    """

    def __init__(self, file: TicketFile, most_kept: int = MOST_KEPT):
        self._file, self._most = file, most_kept
        self._kept: deque[Block] | None = None

    def first(self) -> Iterator[Block]:
        """All blocks, with all columns; the file's report counts this pass."""
        kept: deque[Block] | None = deque()
        size = 0
        for block in self._file.blocks():
            if kept is not None:
                size += _bytes(block)
                kept = kept if size <= self._most else None
            if kept is not None:
                kept.append(block)
            yield block
        self._kept = kept

    def second(self) -> Iterator[Block]:
        """All blocks again, with the columns that scoring reads at least; kept ones are let go one by one."""
        if self._kept is None:
            yield from self._file.blocks_again(SCORED_FROM)
            return
        while self._kept:
            yield self._kept.popleft()


def _bytes(block: Block) -> int:
    """About what the parsed rows take."""
    cells = len(block.rows) * len(block.header)
    return _CELL_BYTES * cells + _CHARACTER_BYTES * sum(map(len, chain.from_iterable(block.rows)))
