"""Splits lines into records; where a quote mark is out of place, goes on at the next line that is one."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from .dialects import Dialect
from .lines import LONGEST_RECORD, LineReader

_LONGEST_ATTEMPT = 2000
_FARTHEST = 1000
_QUOTE_MARK = "\ud802"


Record = tuple[list[str], int, int, str]
"""Fields (none for a blank line or where it cannot be read), first line, line after the last, and a note:
"" for a plain record, `REPAIRED`, or why it cannot be read."""
REPAIRED = "repaired"


def _unescaped(dialect: Dialect) -> Callable[[str], str]:
    """Marks quotes that a backslash escapes."""
    pattern = re.compile(r"(?<!\\)((?:\\\\)*)\\" + re.escape(dialect.quote))
    return lambda line: pattern.sub(lambda found: found[1] + _QUOTE_MARK, line)


def _inner(dialect: Dialect) -> Callable[[str], str]:
    """Marks quotes inside a field that were written undoubled."""
    quote, mark = re.escape(dialect.quote), re.escape(dialect.delimiter)
    pattern = re.compile(rf"(?<=[^{mark}{quote}\r\n]){quote}(?=[^{mark}{quote}\r\n])")
    return lambda line: pattern.sub(_QUOTE_MARK, line)


class RecordSplitter:
    """Records of a file, from a line on; raises the csv module's limit of a field's size, for the process.

    Parameters
    ----------
    lines : LineReader
        The file's lines.
    dialect : Dialect
        How fields are set apart.
    width : int
        Fields of the header.
    """

    def __init__(self, lines: LineReader, dialect: Dialect, width: int):
        csv.field_size_limit(max(csv.field_size_limit(), LONGEST_RECORD))
        self._lines, self._dialect, self._width = lines, dialect, width
        self._tried_until, self._lost = 0, False

    def records(self, at: int) -> Iterator[Record]:
        """All records from a line on."""
        lines = self._lines
        while True:
            lines.record = start = at
            reader = self._reader(lines.lines_from(at))
            try:
                for fields in reader:
                    end = at + reader.line_num
                    if self._lost and fields and len(fields) != self._width:
                        yield [], start, end, "stray_quote"
                    else:
                        self._lost = self._lost and not fields
                        yield fields, start, end, ""
                    lines.record = start = end
                if lines.ended:
                    return
                at = start
            except csv.Error as error:
                record = self._recovered(start, str(error))
                yield record
                at = record[2]

    def _reader(self, lines: Iterator[str]) -> Any:
        return csv.reader(lines, **self._dialect.options())  # type: ignore[arg-type]

    def _recovered(self, start: int, message: str) -> Record:
        """What is made of a record that breaks the rules of quoting."""
        repairs = ((_unescaped(self._dialect), _LONGEST_ATTEMPT), (_inner(self._dialect), 1))
        for repair, longest in repairs:
            found = self._attempt(start, longest, repair)
            if found:
                fields = [cell.replace(_QUOTE_MARK, self._dialect.quote) for cell in found[0]]
                return fields, start, found[1], REPAIRED
        stray = "expected after" in message
        return [], start, self._next_whole(start + 1, stray), "stray_quote" if stray else "unclosed_quote"

    def _attempt(
        self, at: int, longest: int = _LONGEST_ATTEMPT, repair: Callable[[str], str] | None = None
    ) -> tuple[list[str], int] | None:
        """The record at a line and the line after it, if it reads well and is as wide as the header."""
        lines = islice(self._lines.lines_from(at), longest)
        reader = self._reader(map(repair, lines) if repair else lines)
        try:
            fields: list[str] = next(reader, [])
        except csv.Error:
            return None
        return (fields, at + reader.line_num) if len(fields) == self._width else None

    def _next_whole(self, at: int, stray: bool) -> int:
        """The next line where a record reads well; no line is tried twice.

        Where it is too far, or there is none after a stray quote, it is `at`; after an unclosed quote it is
        the end of the file. Nothing of another width is taken for a row until then.
        """
        place = max(at, self._tried_until)
        while place < at + _FARTHEST and self._lines.has(place):
            if self._attempt(place):
                return place
            self._tried_until = place = place + 1
        self._lost = True
        return at if stray or self._lines.has(place) else place
