"""Rows of a clean CSV file as one piece of bytes, and where each cell stands in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import overload

import numpy as np
from numpy.typing import NDArray


class CellRows(Sequence[list[str]]):
    """Consecutive rows, all as wide; a sequence of lists of str that takes a tenth of their memory.

    Parameters
    ----------
    data : bytes
        UTF-8, the rows as they stand in the file.
    starts, ends : ndarray of int32 of shape (n_rows, width)
        Where each cell begins and ends in it, without its quote marks.
    quoted : ndarray of bool of shape (n_rows, width)
        Whether it stands in quote marks.
    doubled : ndarray of bool of shape (n_rows, width)
        Whether it holds quote marks, which are doubled.
    delimiter, quote : str
        One ASCII character each.

    >>> ends = np.array([[1, 6], [8, 11]], np.int32)
    >>> no = np.zeros((2, 2), bool)
    >>> rows = CellRows("a,你b\\nc,de\\n".encode(), ends - [[1, 4], [1, 2]], ends, no, no)
    >>> rows[0], list(rows[1:]), rows.columns([1])
    (['a', '你b'], [['c', 'de']], [['你b', 'de']])
    """

    def __init__(
        self,
        data: bytes,
        starts: NDArray[np.int32],
        ends: NDArray[np.int32],
        quoted: NDArray[np.bool_],
        doubled: NDArray[np.bool_],
        delimiter: str = ",",
        quote: str = '"',
    ):
        self.data, self.starts, self.ends = data, starts, ends
        self.quoted, self.doubled = quoted, doubled
        self.delimiter, self.quote = delimiter, quote

    @property
    def width(self) -> int:
        return int(self.starts.shape[1])

    def spans(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Where each row begins and ends in the bytes, without the end of its line."""
        return self.starts[:, 0] - self.quoted[:, 0], self.ends[:, -1] + self.quoted[:, -1]

    def columns(self, places: Sequence[int]) -> list[list[str]]:
        """The cells of some columns."""
        letters, found = self.data.decode("latin-1"), []
        for place in places:
            spans = [*zip(self.starts[:, place].tolist(), self.ends[:, place].tolist(), strict=True)]
            cells = [letters[begin:end] for begin, end in spans]
            if not "".join(cells).isascii():
                cells = [self.data[begin:end].decode() for begin, end in spans]
            for i in np.flatnonzero(self.doubled[:, place]).tolist():
                cells[i] = cells[i].replace(self.quote * 2, self.quote)
            found.append(cells)
        return found

    def taken(self, rows: slice | NDArray[np.intp]) -> CellRows:
        """Some of the rows, with no more bytes than theirs; an index must ascend."""
        begin, end = (part[rows] for part in self.spans())
        if not len(begin):
            return self._with(b"", slice(0, 0), 0)
        first = int(begin[0])
        return self._with(self.data[first : int(end[-1])], rows, first)

    def _with(self, data: bytes, rows: slice | NDArray[np.intp], first: int) -> CellRows:
        starts, ends = self.starts[rows] - np.int32(first), self.ends[rows] - np.int32(first)
        return CellRows(data, starts, ends, self.quoted[rows], self.doubled[rows], self.delimiter, self.quote)

    @classmethod
    def joined(cls, parts: Sequence[CellRows]) -> CellRows:
        """Several parts of one file, one after the other."""
        if len(parts) == 1:
            return parts[0]
        before = np.cumsum([0, *(len(part.data) for part in parts)]).astype(np.int32).tolist()
        moved = [(part.starts + first, part.ends + first) for part, first in zip(parts, before, strict=False)]
        starts, ends = (np.concatenate(arrays) for arrays in zip(*moved, strict=True))
        quoted, doubled = (
            np.concatenate([getattr(part, n) for part in parts]) for n in ("quoted", "doubled")
        )
        data = b"".join(part.data for part in parts)
        return cls(data, starts, ends, quoted, doubled, parts[0].delimiter, parts[0].quote)

    def __len__(self) -> int:
        return len(self.starts)

    @overload
    def __getitem__(self, place: int) -> list[str]: ...
    @overload
    def __getitem__(self, place: slice) -> CellRows: ...
    def __getitem__(self, place: int | slice) -> list[str] | CellRows:
        if isinstance(place, slice):
            return self.taken(place)
        return [self.cell(place, column) for column in range(self.width)]

    def cell(self, row: int, column: int) -> str:
        """One cell."""
        found = self.data[self.starts[row, column] : self.ends[row, column]].decode()
        return found.replace(self.quote * 2, self.quote) if self.doubled[row, column] else found

    def __iter__(self) -> Iterator[list[str]]:
        return map(list, zip(*self.columns(range(self.width)), strict=True))

    def __eq__(self, other: object) -> bool:
        return list(self) == list(other) if isinstance(other, Sequence) else NotImplemented

    __hash__ = None  # type: ignore[assignment]
