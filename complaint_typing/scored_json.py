"""A scored table as JSON, an object on each line; also what other forms are gathered in."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from json.encoder import encode_basestring
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .columns import SCORED_COLUMNS
from .rows import JsonText
from .scored_csv import MILLION, six_decimals, unwritable
from .scored_header import check_shape, own_columns, scored_names
from .text_limit import HALF_CHARACTER


def unique_names(names: Sequence[str]) -> list[str]:
    """Names of columns, each once; one that comes again gets a number.

    >>> unique_names(["a", "b", "a", "a_2"])
    ['a', 'b', 'a_3', 'a_2']
    """
    given, taken, found = set(names), set(), []
    for name in names:
        free, n = name, 1
        while free in taken or (n > 1 and free in given):
            n += 1
            free = f"{name}_{n}"
        taken.add(free)
        found.append(free)
    return found


def _json_text(cell: str) -> str:
    return (cell or "null") if isinstance(cell, JsonText) else encode_basestring(cell)


class ScoredJson:
    """Turns blocks of rows with their scored columns into lines of JSON; parameters as for ``ScoredCsv``.

    Cells are texts; those that were another JSON value in the input have that value. Among the scored columns
    confidence and probabilities are numbers of six decimals, flags and days whole numbers, no days null.

    Parameters
    ----------
    input_header : sequence of str
    proba_types : sequence of str, optional
    typed : bool, default True
        Whether cells that were other JSON values stay such; otherwise every cell of the input is a text.
    as_array : bool, default False
        Whether the file is to be one array.

    >>> made = ScoredJson(["text", "text"]).header[:3]
    >>> made
    ['text', 'text_2', 'customer_type']
    """

    def __init__(
        self,
        input_header: Sequence[str],
        proba_types: Sequence[str] | None = None,
        typed: bool = True,
        as_array: bool = False,
    ):
        own = own_columns(input_header)
        self._width = len(input_header)
        self._kept = [i for i in range(self._width) if i not in own]
        self._types = tuple(proba_types or ())
        self._typed, self._as_array = typed, as_array
        kept = unique_names([input_header[i] for i in self._kept])
        self.header = [*kept, *scored_names(kept, self._types)]
        self.kinds = ["text"] * len(kept) + [column.kind for column in SCORED_COLUMNS]
        self.kinds += ["proba"] * len(self._types)

    def head(self) -> bytes:
        """Nothing: every line has its keys."""
        return b""

    def block(
        self,
        rows: Sequence[Sequence[str]],
        columns: Mapping[str, Sequence[Any]],
        probabilities: NDArray[Any] | None = None,
        first_row: int = 1,
    ) -> bytes:
        """A block of rows; as for :meth:`~complaint_typing.scored_csv.ScoredCsv.block`."""
        if not rows:
            return b""
        check_shape(self._width, rows, columns, first_row)
        made = [_written(column.kind, columns[column.name]) for column in SCORED_COLUMNS]
        if self._types:
            millionths = six_decimals(np.asarray(probabilities)).T / MILLION
            made += [[*map(repr, column)] for column in millionths.tolist()]
        cell = _json_text if self._typed else encode_basestring
        given = list(zip(*rows, strict=True))
        kept = [[*map(cell, given[i])] for i in self._kept]
        keys = [f"{encode_basestring(name)}: " for name in self.header]
        lines = (", ".join(map(str.__add__, keys, row)) for row in zip(*kept, *made, strict=True))
        return self._encoded([f"{{{line}}}" for line in lines], first_row)

    def assemble(self, gathered: Path, whole: Path) -> bool:
        """Make one array of the lines, where one is wanted."""
        if not self._as_array:
            return False
        with gathered.open("rb") as lines, whole.open("wb") as file:
            file.write(b"[")
            for n, line in enumerate(lines):
                file.write((b",\n" if n else b"\n") + line.rstrip(b"\n"))
            file.write(b"\n]\n")
        return True

    def _encoded(self, lines: Sequence[str], first_row: int) -> bytes:
        try:
            return "\n".join([*lines, ""]).encode("utf-8")
        except UnicodeEncodeError:
            i = next(i for i, line in enumerate(lines) if HALF_CHARACTER.search(line))
            searched = (
                (name, HALF_CHARACTER.search(str(cell))) for name, cell in json.loads(lines[i]).items()
            )
            name, found = next((name, found[0]) for name, found in searched if found)
            raise unwritable(first_row + i, name, found) from None


def _written(kind: str, values: Sequence[Any]) -> list[str]:
    """A scored column as JSON values."""
    if kind == "proba":
        return [*map(repr, (np.rint(np.asarray(values, np.float64) * MILLION) / MILLION).tolist())]
    if kind in ("flag", "days"):
        return ["null" if value in (None, "") else str(int(value)) for value in values]
    return [encode_basestring("" if value is None else str(value)) for value in values]


def gathered_rows(gathered: Path) -> Iterator[list[Any]]:
    """The values of each line that :class:`ScoredJson` made."""
    with gathered.open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            yield [*json.loads(line).values()]


class Gzipped:
    """Another form, packed; each block is a gzip member of its own, so that blocks can be appended."""

    def __init__(self, form: Any):
        self._form = form
        self.header: list[str] = form.header

    def head(self) -> bytes:
        """What stands before the first block."""
        return _packed(self._form.head())

    def block(self, *arguments: Any, **named: Any) -> bytes:
        """A block of rows, packed."""
        return _packed(self._form.block(*arguments, **named))

    def assemble(self, gathered: Path, whole: Path) -> bool:
        """False: the bytes are the file as they stand."""
        return False


def _packed(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0) if data else b""
