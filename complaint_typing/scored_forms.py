"""Which form a scored file takes: how its blocks become bytes, and how those become the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any, Protocol

from numpy.typing import NDArray

from .errors import BadOption
from .scored_csv import ScoredCsv
from .scored_json import Gzipped, ScoredJson
from .scored_parquet import ScoredParquet
from .scored_workbook import ScoredWorkbook

_UNWRITTEN = (".xls", ".xlsm", ".xlsb", ".ods", ".tsv", ".tab", ".feather", ".pkl", ".zip", ".orc", ".avro")
_WHOLE = (".json", ".xlsx", ".parquet")


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
    """The form that a file's name asks for: .jsonl, .ndjson, .json, .xlsx, .parquet; any other is CSV.

    CSV and JSON Lines are packed where ``.gz`` follows. Only CSV needs the formula guard: elsewhere a text
    is a text.

    Parameters
    ----------
    target : path
    input_header : sequence of str
        Of the rows that will come.
    proba_types : sequence of str, optional
        Types of the model, for a column ``p_<type>`` each.
    guard : bool, default True

    Raises
    ------
    BadValue
        When the name asks for a format that is not written.
    MissingExtra
        When the package for the format is not installed.

    >>> scored_form("scored.csv", ["text"]).head()[:7]
    b'\\xef\\xbb\\xbftext'
    >>> scored_form("scored.xls", ["text"])
    Traceback (most recent call last):
        ...
    complaint_typing.errors.BadOption: target: not of a format that is written, got 'scored.xls'; ...
    """
    name = Path(target).name.lower()
    packed = name.endswith(".gz")
    suffix = Path(name.removesuffix(".gz")).suffix
    if suffix in _UNWRITTEN or (packed and suffix in _WHOLE):
        remedy = "name it .csv, .jsonl, .csv.gz, .jsonl.gz, .json, .xlsx or .parquet"
        raise BadOption("target", Path(target).name, "of a format that is written", remedy)
    form: ScoredForm
    if suffix in (".jsonl", ".ndjson", ".json"):
        form = ScoredJson(input_header, proba_types, as_array=suffix == ".json")
    elif suffix == ".xlsx":
        form = ScoredWorkbook(input_header, proba_types)
    elif suffix == ".parquet":
        form = ScoredParquet(input_header, proba_types)
    else:
        form = ScoredCsv(input_header, proba_types, guard)
    return Gzipped(form) if packed else form
