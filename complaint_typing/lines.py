"""Reads a file of bytes as decoded lines, and finds the bytes of any recent line again."""

from __future__ import annotations

import gzip
import io
import os
import re
import zlib
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate, chain
from pathlib import Path
from typing import IO, Protocol, cast

import numpy as np

from .errors import UnreadableInput
from .lazily import lazily

CHUNK_BYTES = 1 << 20
LONGEST_RECORD = 1 << 26
"""Bytes; a record or line that is longer is taken for a fault of the file."""

NUL_MARK, CR_MARK = "\ud800", "\ud801"
_MARKED = re.compile("[\ud800\ud801]")
_MARKS_BACK = {ord(NUL_MARK): "\0", ord(CR_MARK): "\r"}
_CR_RUN = re.compile(r"\r+\n?")
_LF = 10
_STEPS_BACK = 100
_NARROW = ("utf-8", "gb18030")  # no byte of another character is a NUL, CR or LF
_GZIP = b"\x1f\x8b"
_FOREIGN = (
    (b"PK\x03\x04", "it is a workbook or archive, no text", "save it as CSV UTF-8"),
    (b"\xd0\xcf\x11\xe0", "it is an old Excel workbook, no text", "save it as CSV UTF-8"),
    (b"%PDF", "it is a PDF, no table of text", "export the tickets as CSV"),
)


class Codec(Protocol):
    """What is needed to know of an encoding."""

    @property
    def name(self) -> str: ...
    @property
    def bom(self) -> bytes: ...
    def decode(self, data: bytes) -> tuple[str, bool]: ...
    def encode(self, text: str) -> bytes: ...
    def is_damaged(self, text: str) -> bool: ...
    def undecodable(self, text: str) -> int: ...


def open_bytes(path: str | os.PathLike[str]) -> IO[bytes]:
    """Open a file, or what a gzip file holds.

    Raises
    ------
    UnreadableInput
        When it cannot be opened, or is plainly no text (a workbook, an archive, a PDF).

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
        if read_bytes(cast(IO[bytes], packed), 2, path) == _GZIP:
            raise UnreadableInput(path, "it is compressed twice", "unpack it once")
    return cast(IO[bytes], gzip.open(path))


def first_bytes(path: str | os.PathLike[str]) -> bytes:
    """The first four bytes of a file, which tell many formats.

    Raises
    ------
    UnreadableInput
        When it cannot be opened.
    """
    try:
        with open(path, "rb") as stream:
            return stream.read(4)
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

    codec: Codec
    first: int
    offset: int
    data: bytes
    text: str
    newline: str
    marked: bool
    plain: bool
    narrow: bool

    @lazily
    def lines(self) -> list[str]:
        return io.StringIO(self.text, newline=self.newline).readlines()

    @lazily
    def end(self) -> int:
        if not self.newline:
            return self.first + len(self.lines)
        n = self.data.count(b"\n") if self.narrow and self.plain else self.text.count("\n")
        return self.first + n + (not self.text.endswith("\n"))

    def utf8(self, line: int) -> bytes:
        """UTF-8 from a line on."""
        data = self.data if self.codec.name == "utf-8" else self.text.encode()
        if line == self.first:
            return data
        feeds = np.flatnonzero(np.frombuffer(data, np.uint8) == _LF)
        return data[int(feeds[line - self.first - 1]) + 1 :]

    @lazily
    def starts(self) -> list[int]:
        """Where each line begins in the file, in bytes; and the end of the last one."""
        lines = LineReader.restore(self.lines) if self.marked else self.lines
        sizes = (len(self.codec.encode(line)) for line in lines)
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
    codec : Codec
        The file's encoding.
    cr_ends_lines : bool
        Whether a lone CR ends a line; otherwise it is part of the text.

    Attributes
    ----------
    keep : int
        Lines from here on (0 is the file's first) can be read again; set by the caller.
    record : int
        First line of the record that is being read; set by the caller.
    damaged, marked : set of int
        Recent lines with undecodable bytes, and with marks.
    special : bool
        Whether there are any such lines.
    buffered : int
        Bytes that are kept.
    replaced : int
        Replacement characters and undecodable bytes so far.
    """

    def __init__(self, stream: IO[bytes], path: object, codec: Codec, cr_ends_lines: bool):
        self._stream, self._path, self._codec, self._cr = stream, path, codec, cr_ends_lines
        self._unit = len("\n".encode(codec.name))
        self._narrow = codec.name in _NARROW
        self._chunks: deque[_Chunk] = deque()
        self._rest = read_bytes(stream, len(codec.bom), path)[len(codec.bom) :]
        self._offset, self._next = len(codec.bom), 0
        self.keep, self.record, self.buffered, self.ended = 0, 0, 0, False
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

    def plain_from(self, at: int) -> tuple[bytes, int]:
        """UTF-8 of the lines from one on, as far as read at once, and the line after them.

        Nothing at the end of the file, where a lone CR ends lines, and where they hold a NUL, a CR that ends
        no line, half a character (UTF-7 can write one), or a byte that cannot be decoded.
        """
        self.record = at
        chunk = self._holding(at)
        if chunk is None:
            return b"", at
        try:
            return (chunk.utf8(at) if chunk.plain else b""), chunk.end
        except UnicodeEncodeError:
            return b"", chunk.end

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
        while self._chunks and self._chunks[0].end <= self.keep:
            gone = self._chunks.popleft()
            self.buffered -= len(gone.data)
            self.damaged -= set(range(gone.first, gone.end)) if self.damaged else set()
            self.marked -= set(range(gone.first, gone.end)) if self.marked else set()
        if self.ended or self._reach() > LONGEST_RECORD:
            return False
        data = self._whole_lines()
        if not data:
            return False
        text, clean = self._codec.decode(data)
        self.replaced += self._count(data, text, "\ufffd") + (0 if clean else self._codec.undecodable(text))
        marked = self._mark(text) if self._may_need_marks(data, text) else text
        place, is_marked = (self._next, self._offset, data, marked), marked is not text
        plain = clean and not is_marked and not self._cr
        chunk = _Chunk(self._codec, *place, "" if self._cr else "\n", is_marked, plain, self._narrow)
        if not clean:
            self.damaged |= {chunk.first + i for i, s in enumerate(chunk.lines) if self._codec.is_damaged(s)}
        if is_marked:
            self.marked |= {chunk.first + i for i, line in enumerate(chunk.lines) if _MARKED.search(line)}
        self.special = bool(self.damaged or self.marked)
        self._chunks.append(chunk)
        self._offset, self._next = self._offset + len(data), chunk.end
        self.buffered += len(data)
        return True

    def _reach(self) -> int:
        """Bytes from about the current record on that are read already."""
        return sum(len(chunk.data) for chunk in self._chunks if chunk.end > self.record)

    def _count(self, data: bytes, text: str, found: str) -> int:
        """How often something stands in a text; counted in its bytes where that is quicker and as sure."""
        narrow = self._narrow and (found.isascii() or self._codec.name == "utf-8")
        return data.count(found.encode()) if narrow else text.count(found)

    def _may_need_marks(self, data: bytes, text: str) -> bool:
        if self._count(data, text, "\0"):
            return True
        return not self._cr and self._count(data, text, "\r") != self._count(data, text, "\r\n")

    def _mark(self, text: str) -> str:
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
            cut = len(data) if self.ended else self._outside_quotes(data, self._last_end(data))
            if cut or self.ended:
                self._rest = data[cut:]
                return data[:cut]
            if len(data) > LONGEST_RECORD:
                reason = f"line {self._next + 1} (byte {self._offset}) is longer than {LONGEST_RECORD} bytes"
                raise UnreadableInput(self._path, reason, "check how its lines end, and export it again")
            size = len(data)

    def _outside_quotes(self, data: bytes, last: int) -> int:
        """The place after a line end near the last one that stands in no quoted cell, if there is one."""
        cut, inside = last, self._narrow and data.count(b'"', 0, last) % 2
        for _ in range(_STEPS_BACK):
            if not inside or cut <= 0:
                break
            before = data.rfind(b"\n", 0, cut - 1) + 1
            inside, cut = (inside + data.count(b'"', before, cut)) % 2, before
        return last if inside else cut or last

    def _last_end(self, data: bytes) -> int:
        """The place after the last line end; a CR at the very end may still be half of one."""
        unit, mark = self._unit, ("\r" if self._cr else "\n").encode(self._codec.name)
        stop = len(data) - unit if self._cr else len(data)
        found = data.rfind(mark, 0, stop)
        while found >= 0 and found % unit:
            found = data.rfind(mark, 0, found + len(mark) - 1)
        end = found + unit if found >= 0 else 0
        feed = "\n".encode(self._codec.name)
        return end + unit if end and self._cr and data[end : end + unit] == feed else end
