"""Which form a scored file takes: how its blocks become bytes, and how those become the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any, Protocol

from numpy.typing import NDArray

from .scored_csv import ScoredCsv


class ScoredForm(Protocol):
    """A format of scored files.

    Scoring a large file saves bytes chunk by chunk and may be killed and continued, so what a form makes of a
    block depends on nothing but the block. Worker processes get a copy of the form.
    """

    header: list[str]

    def head(self) -> bytes:
        """What stands before the first block."""
        ...

    def block(
        self,
        rows: Sequence[Sequence[str]],
        columns: Mapping[str, Sequence[Any]],
        probabilities: NDArray[Any] | None = None,
        first_row: int = 1,
    ) -> bytes:
        """The bytes of a block; as for :meth:`~complaint_typing.scored_csv.ScoredCsv.block`."""
        ...

    def assemble(self, gathered: Path, whole: Path) -> bool:
        """Make the file `whole` of the bytes gathered; False where they are the file as they stand.

        It is called once all blocks are there, and again when a run is continued that was killed meanwhile.
        """
        ...


def scored_form(
    target: str | PathLike[str],
    input_header: Sequence[str],
    proba_types: Sequence[str] | None = None,
    guard: bool = True,
) -> ScoredForm:
    """The form that a file's name asks for.

    >>> scored_form("scored.csv", ["text"]).head()[:7]
    b'\\xef\\xbb\\xbftext'
    """
    return ScoredCsv(input_header, proba_types, guard)
