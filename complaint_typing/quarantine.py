"""Rows that were set aside: why, where they are, and their bytes."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from .errors import UnreadableInput
from .formula_guard import guard_row, unguard_row
from .masking import mask

REASONS = MappingProxyType(
    {
        "undecodable_bytes": ("含无法解码的字节", "it has bytes that its encoding does not know"),
        "too_many_fields": ("字段多于表头", "it has more fields than the header"),
        "unclosed_quote": ("引号未闭合", "a quoted field does not end"),
        "stray_quote": ("引号位置不当", "a quote mark stands where no field begins or ends"),
        "cut_off": ("文件在此行中途结束", "the file ends in the midst of it"),
        "repeated_header": ("重复的表头", "it repeats the header"),
        "another_table": ("属于另一张表", "it belongs to another table below the first"),
        "not_json": ("不是完整的JSON", "it is no whole JSON value"),
        "not_an_object": ("不是JSON对象", "it is no JSON object"),
        "repeated_key": ("JSON键重复", "it has a key twice"),
        "too_deep": ("JSON嵌套过深", "its lists and objects are nested too deep"),
        "half_character": ("含半个字符（孤立代理）", "it has half a character, a lone surrogate"),
        "no_text": ("没有投诉正文", "it has no text"),
    }
)
"""Stable id of a reason for quarantine -> the same for people, in Chinese and English."""

QUARANTINE_COLUMNS = (
    "row_number",
    "line",
    "byte_offset",
    "reason",
    "reason_zh",
    "reason_en",
    "text",
    "raw_base64",
)


@dataclass(frozen=True)
class QuarantinedRow:
    """A row that was set aside, with all that is needed to find and mend it.

    Parameters
    ----------
    row_number : int
        Among the data rows, from 1.
    line : int
        Its first line in the file, from 1.
    byte_offset : int or None
        Where it begins in the (uncompressed) file; None in a workbook or Parquet file.
    reason : str
        A key of `REASONS`.
    raw : bytes
        Its bytes as in the file, line end included; in a workbook or Parquet file its cells as a JSON array.
    text : str
        The same decoded; U+FFFD stands for a byte that cannot be.
    """

    row_number: int
    line: int
    byte_offset: int | None
    reason: str
    raw: bytes
    text: str

    def meaning(self, language: str = "en") -> str:
        """The reason for people, in ``zh`` or ``en``.

        >>> QuarantinedRow(1, 2, 9, "no_text", b"1,", "1,").meaning()
        'it has no text'
        """
        return REASONS[self.reason][0 if language == "zh" else 1]


def quarantine_head() -> bytes:
    """What a quarantine file begins with: a mark, for it is UTF-8, and the header."""
    return ("\ufeff" + _line(QUARANTINE_COLUMNS)).encode("utf-8")


def quarantine_line(row: QuarantinedRow, masked: bool = True) -> bytes:
    """One row of a quarantine file, kept from starting a formula.

    Parameters
    ----------
    row : QuarantinedRow
    masked : bool, default True
        Whether personal data is masked in the column ``text``; ``raw_base64`` has the bytes as they are.

    >>> row = QuarantinedRow(3, 4, 99, "no_text", b"7,13800138000", "7,13800138000")
    >>> print(quarantine_line(row).decode().strip())
    "3","4","99","no_text","没有投诉正文","it has no text","7,[phone …00]","NywxMzgwMDEzODAwMA=="
    """
    offset = "" if row.byte_offset is None else str(row.byte_offset)
    place = (str(row.row_number), str(row.line), offset, row.reason)
    raw = base64.b64encode(row.raw).decode("ascii")
    text = mask(row.text) if masked else row.text
    return _line(guard_row([*place, *REASONS[row.reason], text, raw])).encode("utf-8")


def read_quarantine(path: str | Path) -> list[QuarantinedRow]:
    """Read a quarantine file back; ``raw`` of each row is exactly what stood in the export.

    Parameters
    ----------
    path : path
        Written by scoring, and not changed.

    Raises
    ------
    UnreadableInput
        When it cannot be opened, or was changed.

    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "quarantine.csv"
    >>> row = QuarantinedRow(3, 4, 99, "too_many_fields", b"7,a,\\xff\\n", "7,a,\ufffd\\n")
    >>> _ = place.write_bytes(quarantine_head() + quarantine_line(row))
    >>> b"".join(row.raw for row in read_quarantine(place))
    b'7,a,\\xff\\n'
    """
    remedy = "take the file as scoring wrote it"
    try:
        text = Path(path).read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableInput(path, getattr(error, "strerror", None) or str(error), remedy) from error
    lines = [_CELL.findall(line) for line in _LINE.findall(text)]
    if "".join(_line(map(_unquoted, cells)) for cells in lines) != text or not lines:
        raise UnreadableInput(path, "it is no quarantine file, or was changed", remedy)
    try:
        return [_row([_unquoted(cell) for cell in cells]) for cells in lines[1:]]
    except ValueError as error:
        raise UnreadableInput(path, "it was changed", remedy) from error


_CELL = re.compile(r'"([^"]*(?:""[^"]*)*)"')
_LINE = re.compile(rf'(?:{_CELL.pattern.replace("(", "(?:", 1)},)*"[^"]*(?:""[^"]*)*"\r\n')


def _unquoted(cell: str) -> str:
    return cell.replace('""', '"')


def _row(cells: Sequence[str]) -> QuarantinedRow:
    number, line, offset, reason, *_, text, raw = unguard_row(cells)
    if reason not in REASONS:
        raise ValueError(reason)
    data = base64.b64decode(raw, validate=True)
    return QuarantinedRow(int(number), int(line), int(offset) if offset else None, reason, data, text)


def _line(cells: Iterable[str]) -> str:
    """A line of quoted cells; the csv module of Python 3.10 writes no NUL, which broken rows may have."""
    return ",".join('"' + cell.replace('"', '""') + '"' for cell in cells) + "\r\n"
