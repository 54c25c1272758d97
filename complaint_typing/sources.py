"""Opens a file of any readable format as rows: delimited text, JSON, a workbook, Parquet."""

from __future__ import annotations

import re
from contextlib import suppress
from os import PathLike
from zipfile import ZipFile

from .delimited import open_delimited
from .dialects import Score
from .errors import BadOption, UnreadableInput
from .json_rows import looks_like_json, open_json
from .lines import first_bytes
from .parquet_rows import open_parquet
from .rows import RowSource
from .sampling import sampled
from .workbooks import open_workbook

_STRICT, _STRICT_WITHIN = b"http://purl.oclc.org/ooxml/", 2_000
_MARKUP = re.compile(r"\s*<(\?xml|!doctype html|html|head|body|table|meta|style)\b", re.IGNORECASE)


def open_source(
    path: str | PathLike[str],
    score: Score,
    encoding: str = "auto",
    delimiter: str | None = None,
    sheet: str | None = None,
) -> RowSource:
    """Find out the format of a file by what is in it, and its header.

    Parameters
    ----------
    path : path
        Delimited text or JSON, plain or gzip; a workbook (.xlsx); Parquet.
    score : callable
        How many columns of a record are known names of headers.
    encoding, delimiter : str, optional
        Of text, if they are known.
    sheet : str, optional
        Of a workbook.

    Raises
    ------
    UnreadableInput
        When it cannot be opened, is empty, damaged, or of another format.
    MissingExtra
        When the package for its format is not installed.
    BadValue
        When an argument makes no sense, or a sheet must be chosen.

    >>> from complaint_typing.columns import header_score
    >>> from complaint_typing.resources import data_path
    >>> open_source(data_path("examples") / "zh_hotline.csv", header_score).form
    'csv'
    """
    magic = first_bytes(path)
    if magic == b"PK\x03\x04":
        _check_ordinary_workbook(path)
        return open_workbook(path, score, sheet)
    if sheet is not None:
        raise BadOption("sheet", sheet, "of use with this file", "leave --sheet out: it is no workbook")
    if magic == b"PAR1":
        return open_parquet(path)
    sample = sampled(path, encoding)
    if page := _MARKUP.match(sample[1]):
        reason = f"it is {'XML' if page[1][:1] == '?' else 'a web page (HTML)'}, whatever its name says"
        raise UnreadableInput(path, reason, "open it in a spreadsheet and save it as CSV UTF-8 or .xlsx")
    if looks_like_json(path, sample[1]):
        return open_json(path, *sample, score)
    return open_delimited(path, score, encoding, delimiter, sample)


def _check_ordinary_workbook(path: str | PathLike[str]) -> None:
    """Refuse an archive of files that is no workbook that can be read; damage is told when it is read."""
    names, beginning = [], b""
    with suppress(Exception), ZipFile(path) as archive:
        names = archive.namelist()
        with archive.open("xl/workbook.xml") as book:
            beginning = book.read(_STRICT_WITHIN)
    if names and not any(name.startswith(("xl/", "[Content_Types]")) for name in names):
        raise UnreadableInput(path, "it is an archive", "unpack it, and name one of its files")
    if _STRICT in beginning:
        remedy = "save it as an ordinary Excel workbook (.xlsx)"
        raise UnreadableInput(path, "it is a Strict Open XML workbook", remedy)
