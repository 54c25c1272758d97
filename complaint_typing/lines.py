"""Reads a file of bytes as decoded lines, and finds the bytes of any recent line again."""

from __future__ import annotations

import gzip
import io
import os
import re
import stat
import zlib
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate, chain
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from .errors import UnreadableInput
from .lazily import lazily
from .paths import path_of

if TYPE_CHECKING:
    from .encodings import Encoding

CHUNK_BYTES = 1 << 20
LONGEST_RECORD = 1 << 26
"""Bytes; a record or line that is longer is taken for a fault of the file."""
MOST_KEPT = 1 << 23
"""Bytes of lines that are kept for long, about; blocks of rows end where it is more."""

NUL_MARK, CR_MARK = "\ud800", "\ud801"
_MARKED = re.compile("[\ud800\ud801]")
_MARKS_BACK = {ord(NUL_MARK): "\0", ord(CR_MARK): "\r"}
_CR_RUN = re.compile(r"\r+\n?")
_GZIP = b"\x1f\x8b"
_UNPACK = "unpack it, or compress it with gzip"
_FOREIGN = (
    (b"PK\x03\x04", "it is a workbook or archive, no text", "save it as CSV UTF-8"),
    (b"\xd0\xcf\x11\xe0", "it is an old Excel workbook, no text", "save it as CSV UTF-8"),
    (b"%PDF", "it is a PDF, no table of text", "export the tickets as CSV"),
    (b"BZh", "it is compressed with bzip2", _UNPACK),
    (b"\xfd7zX", "it is compressed with xz", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "it is compressed with zstd", _UNPACK),
    (b"7z\xbc\xaf", "it is a 7-Zip archive", _UNPACK),
    (b"Rar!", "it is a RAR archive", _UNPACK),
)
_MAGIC_BYTES = 4


def open_bytes(path: str | os.PathLike[str]) -> IO[bytes]:
    """Open a file, or what a gzip file holds.

    Raises
    ------
    UnreadableInput
        When it cannot be opened, or is plainly no text (a workbook, an archive, a PDF), also inside gzip.

    >>> open_bytes("no_such_file.csv")
    Traceback (most recent call last):
        ...
    complaint_typing.errors.UnreadableInput: no_such_file.csv: No such file or directory; check its path ...
    """
    head = first_bytes(path)
    for magic, reason, remedy in _FOREIGN:
        if head.startswith(magic):
            raise UnreadableInput(path, reason, remedy)
    if not head.startswith(_GZIP):
        return cast(IO[bytes], Path(path).open("rb"))
    with gzip.open(path) as packed:
        inside = read_bytes(cast(IO[bytes], packed), _MAGIC_BYTES, path)
        if inside.startswith(_GZIP):
            raise UnreadableInput(path, "it is compressed twice", "unpack it once")
        if inside.startswith((b"PAR1", *(magic for magic, *_ in _FOREIGN))):
            raise UnreadableInput(path, "what is compressed in it is no text", "unpack it")
    return cast(IO[bytes], gzip.open(path))


def first_bytes(path: str | os.PathLike[str]) -> bytes:
    """The first four bytes of a file, which tell many formats.

    Raises
    ------
    UnreadableInput
        When it cannot be opened.
    BadOption
        When it is no path.
    """
    try:
        path = path_of(path, "path")
        if not stat.S_ISREG(os.stat(path).st_mode) and not os.path.isdir(path):
            remedy = "it is read more than once: write it to a file, and name that"
            raise UnreadableInput(path, "it is a pipe or device, no file", remedy)
        with open(path, "rb") as stream:
            return stream.read(_MAGIC_BYTES)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UnreadableInput(path, reason, "check its path and the permission to read it") from error


def read_bytes(stream: IO[bytes], size: int, path: object) -> bytes:
    """Read up to `size` bytes; a damaged gzip file is an error of ours."""
    try:
        return stream.read(size)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        reason = f"its compression is damaged ({error})"
        raise UnreadableInput(path, reason, "compress or export it again") from error


@dataclass(frozen=True)
class _Chunk:
    """Whole lines: as bytes, and as text with NULs and stray CRs marked."""

    encoding: Encoding
    first: int
    offset: int
    data: bytes
    lines: list[str]
    marked: bool

    @property
    def end(self) -> int:
        return self.first + len(self.lines)

    @lazily
    def starts(self) -> list[int]:
        """Where each line begins in the file, in bytes; and the end of the last one."""
        lines = LineReader.restore(self.lines) if self.marked else self.lines
        sizes = (len(self.encoding.encode(line)) for line in lines)
        return list(accumulate(sizes, initial=self.offset))


def _mark_run(run: str, is_last: bool) -> str:
    """CRs in the midst of a line are marked; those before a newline, or last in the file, end the line."""
    if run.endswith("\n"):
        return run
    return CR_MARK * (len(run) - is_last) + "\r" * is_last


class LineReader:
    """The lines of a file from its start, one pass.

    NUL (which the csv module of Python 3.10 refuses) and a CR that ends no line are marked by lone
    surrogates, which no decoded text contains; :meth:`restore` brings them back.

    Parameters
    ----------
    stream : file object
        At the start of the file; closed by the caller.
    path : object
        For errors.
    encoding : Encoding
        The file's encoding.
    cr_ends_lines : bool
        Whether a lone CR ends a line; otherwise it is part of the text.

    Attributes
    ----------
    record : int
        First line (0 is the file's first) of the record that is being read; set by the caller.
    damaged, marked : set of int
        Recent lines with undecodable bytes, and with marks.
    special : bool
        Whether there are any such lines.
    buffered : int
        Bytes that are kept.
    replaced : int
        Replacement characters and undecodable bytes so far.
    """

    def __init__(self, stream: IO[bytes], path: object, encoding: Encoding, cr_ends_lines: bool):
        self._stream, self._path, self._encoding, self._cr = stream, path, encoding, cr_ends_lines
        self._unit = len("\n".encode(encoding.name))
        self._chunks: deque[_Chunk] = deque()
        self._rest = read_bytes(stream, len(encoding.bom), path)[len(encoding.bom) :]
        self._offset, self._next = len(encoding.bom), 0
        self.record, self.buffered, self.ended = 0, 0, False
        self.damaged: set[int] = set()
        self.marked: set[int] = set()
        self.special = False
        self.replaced = 0

    def lines_from(self, at: int) -> Iterator[str]:
        """Lines from one on, to the end of the file or as far as a record may reach."""
        return chain.from_iterable(self._parts_from(at))

    def has(self, line: int) -> bool:
        """Whether there is such a line within reach."""
        return self._holding(line) is not None

    def is_full(self, line: int) -> bool:
        """Whether much is kept, and some of it would go with the lines before one."""
        return self.buffered > MOST_KEPT and self._chunks[0].end <= line

    def forget(self, line: int) -> None:
        """Let go of the lines before one; no caller reads them again."""
        while self._chunks and self._chunks[0].end <= line:
            gone = self._chunks.popleft()
            self.buffered -= len(gone.data)
            self.damaged -= set(range(gone.first, gone.end)) if self.damaged else set()
            self.marked -= set(range(gone.first, gone.end)) if self.marked else set()

    def raw(self, start: int, end: int) -> tuple[int, bytes]:
        """Byte offset and bytes of the lines `start` to `end` (not included)."""
        pieces, offset = [], -1
        for chunk in self._chunks:
            low, high = max(start, chunk.first), min(end, chunk.end)
            if low < high:
                begin, stop = chunk.starts[low - chunk.first], chunk.starts[high - chunk.first]
                offset = begin if offset < 0 else offset
                pieces.append(chunk.data[begin - chunk.offset : stop - chunk.offset])
        return offset, b"".join(pieces)

    def is_open_end(self, line: int) -> bool:
        """Whether a line is the file's last and its end is missing."""
        if line + 1 != self._next or not self._chunks or self.has(line + 1):
            return False
        return not self._chunks[-1].lines[-1].endswith(("\n", "\r"))

    @staticmethod
    def restore(cells: list[str]) -> list[str]:
        """Cells with NULs and stray CRs as in the file."""
        return [cell.translate(_MARKS_BACK) if _MARKED.search(cell) else cell for cell in cells]

    def _parts_from(self, at: int) -> Iterator[Iterable[str]]:
        while (chunk := self._holding(at)) is not None:
            places = range(at - chunk.first, len(chunk.lines))
            yield map(chunk.lines.__getitem__, places) if places.start else chunk.lines
            at = chunk.end

    def _holding(self, line: int) -> _Chunk | None:
        while line >= self._next and self._load():
            pass
        return next((chunk for chunk in self._chunks if chunk.first <= line < chunk.end), None)

    def _load(self) -> bool:
        """Read further lines; False at the end of the file, or when a record reaches too far."""
        if self.ended or self._reach() > LONGEST_RECORD:
            return False
        data = self._whole_lines()
        if not data:
            return False
        text, clean = self._encoding.decode(data)
        self.replaced += text.count("\ufffd") + (0 if clean else self._encoding.undecodable(text))
        marked = self._mark(text)
        lines = io.StringIO(marked, newline="" if self._cr else "\n").readlines()
        if not clean:
            self.damaged |= {
                self._next + i for i, line in enumerate(lines) if self._encoding.is_damaged(line)
            }
        if marked is not text:
            self.marked |= {self._next + i for i, line in enumerate(lines) if _MARKED.search(line)}
        self.special = bool(self.damaged or self.marked)
        self._chunks.append(_Chunk(self._encoding, self._next, self._offset, data, lines, marked is not text))
        self._offset, self._next = self._offset + len(data), self._next + len(lines)
        self.buffered += len(data)
        return True

    def _reach(self) -> int:
        """Bytes from about the current record on that are read already."""
        return sum(len(chunk.data) for chunk in self._chunks if chunk.end > self.record)

    def _mark(self, text: str) -> str:
        if "\0" in text:
            text = text.replace("\0", NUL_MARK)
        if not self._cr and text.count("\r") != text.count("\r\n"):
            last = len(text) if self.ended else -1
            text = _CR_RUN.sub(lambda run: _mark_run(run[0], run.end() == last), text)
        return text

    def _whole_lines(self) -> bytes:
        """The next bytes up to the end of a line, at least about a chunk."""
        data, size = self._rest, CHUNK_BYTES
        while True:
            more = read_bytes(self._stream, size, self._path)
            data += more
            self.ended = not more
            cut = len(data) if self.ended else self._last_end(data)
            if cut or self.ended:
                self._rest = data[cut:]
                return data[:cut]
            if len(data) > LONGEST_RECORD:
                reason = f"line {self._next + 1} (byte {self._offset}) is longer than {LONGEST_RECORD} bytes"
                raise UnreadableInput(self._path, reason, "check how its lines end, and export it again")
            size = len(data)

    def _last_end(self, data: bytes) -> int:
        """The place after the last line end; a CR at the very end may still be half of one."""
        unit, mark = self._unit, ("\r" if self._cr else "\n").encode(self._encoding.name)
        stop = len(data) - unit if self._cr else len(data)
        found = data.rfind(mark, 0, stop)
        while found >= 0 and found % unit:
            found = data.rfind(mark, 0, found + len(mark) - 1)
        end = found + unit if found >= 0 else 0
        feed = "\n".encode(self._encoding.name)
        return end + unit if end and self._cr and data[end : end + unit] == feed else end
