"""Looks at the beginning of a file of text, and further on where that is too plain to tell the encoding."""

from __future__ import annotations

import os
from typing import IO

from .encodings import Encoding, detect_encoding
from .lines import open_bytes, read_bytes

SAMPLE_BYTES = 1 << 18
_ENOUGH_FOREIGN = 400
_ASCII = bytes(range(128))


def sampled(path: str | os.PathLike[str], encoding: str = "auto") -> tuple[Encoding, str]:
    """The encoding of a file, plain or gzip, and its beginning as text.

    Parameters
    ----------
    path : path
    encoding : str, default "auto"
        The encoding, if it is known.

    Raises
    ------
    UnreadableInput
        When it cannot be opened, or is plainly no text.
    BadValue
        When `encoding` is none.

    >>> sampled("no_such_file.csv")
    Traceback (most recent call last):
        ...
    complaint_typing.errors.UnreadableInput: no_such_file.csv: No such file or directory; check its path ...
    """
    with open_bytes(path) as stream:
        sample = read_bytes(stream, SAMPLE_BYTES, path)
        later = _foreign_lines(sample, stream, path)
    known = detect_encoding(sample[: sample.rfind(b"\n") + 1] + later if later else sample, encoding)
    return known, sample[len(known.bom) :].decode(known.name, "replace")


def _foreign_lines(sample: bytes, stream: IO[bytes], path: object) -> bytes:
    """Later lines with non-ASCII bytes, where the beginning has too few to judge by."""
    found, missing = b"", _ENOUGH_FOREIGN - len(sample.translate(None, _ASCII))
    while missing > 0 and b"\0" not in sample and (chunk := read_bytes(stream, SAMPLE_BYTES, path)):
        if not chunk.isascii():
            lines = chunk.splitlines(keepends=True)[1:-1]
            found += b"".join(line for line in lines if not line.isascii())
            missing -= len(chunk.translate(None, _ASCII))
    return found
