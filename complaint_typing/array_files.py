"""Reads files of a model folder that may be hostile: sizes before bytes, digests before values."""

from __future__ import annotations

import hashlib
import math
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from .errors import ArtifactError

LONGEST_HEADER = 4096
LARGEST_VALUE = 1e6
_HEADER = re.compile(
    rb"\x93NUMPY\x01\x00..\{'descr': '(<[uif][1248])', 'fortran_order': False, "
    rb"'shape': \((\d{1,12}),(?: (\d{1,12}))?\), \} *\n",
    re.DOTALL,
)
_FLAGS = os.O_RDONLY
for _name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY", "O_CLOEXEC"):
    _FLAGS |= getattr(os, _name, 0)


def read_bytes(folder: Path, name: str, largest: int) -> bytes:
    """A whole file of a model folder.

    Raises
    ------
    ArtifactError
        When the file or the folder is a link, the file is missing, no plain file, sparse, or larger than
        ``largest`` bytes; nothing of it is read then.

    >>> read_bytes(Path("no_such_folder"), "manifest.json", 100)
    Traceback (most recent call last):
        ...
    complaint_typing.errors.ArtifactError: model no_such_folder: manifest.json is missing; ...
    """
    with _opened(folder, name, largest) as (descriptor, size):
        return _whole(descriptor, size)


def read_array(folder: Path, name: str, dtype: DTypeLike, digest: object, largest: int) -> NDArray[Any]:
    """The array of ``<name>.npy``; its header is matched, never evaluated.

    Parameters
    ----------
    folder : Path
    name : str
    dtype : dtype
        The only one that is accepted.
    digest : str
        SHA-256 of the file, in hexadecimal digits.
    largest : int
        Bytes of data at most.

    Returns
    -------
    ndarray
        Read-only; of one or two dimensions.

    Raises
    ------
    ArtifactError
        As :func:`read_bytes`, and when the file was altered, is no such array, or holds values that are not
        finite or beyond a million.
    """
    file = f"{name}.npy"
    with _opened(folder, file, largest + LONGEST_HEADER) as (descriptor, size):
        raw = _whole(descriptor, size)
    if hashlib.sha256(raw).hexdigest() != digest:
        raise ArtifactError(folder, f"{file} was altered")
    header = _HEADER.match(raw[:LONGEST_HEADER])
    if header is None or int.from_bytes(raw[8:10], "little") + 10 != header.end():
        raise ArtifactError(folder, f"{file} is no array that this version writes")
    kind, *sides = header.groups()
    shape = tuple(int(side) for side in sides if side is not None)
    expected = math.prod(shape) * np.dtype(dtype).itemsize
    if kind.decode() != np.dtype(dtype).str or size - header.end() != expected:
        raise ArtifactError(folder, f"{file} is not of the expected kind or size")
    array = np.frombuffer(raw, dtype=dtype, offset=header.end()).reshape(shape)
    if (
        array.dtype.kind == "f"
        and not (np.abs(array) <= min(LARGEST_VALUE, float(np.finfo(array.dtype).max))).all()
    ):
        raise ArtifactError(
            folder, f"{file} holds values that are not finite, or beyond {LARGEST_VALUE:,.0f}"
        )
    return array


@contextmanager
def _opened(folder: Path, name: str, largest: int) -> Iterator[tuple[int, int]]:
    """Descriptor and size of a plain file that is no link."""
    path = folder / name
    if os.path.islink(folder):
        raise ArtifactError(folder, "the folder is a link", "name the folder that it leads to")
    if os.path.islink(path):
        raise ArtifactError(folder, f"{name} is a link")
    try:
        descriptor = os.open(path, _FLAGS)
    except (FileNotFoundError, NotADirectoryError):
        raise ArtifactError(folder, f"{name} is missing") from None
    except (OSError, ValueError) as fault:
        why = getattr(fault, "strerror", fault)
        raise ArtifactError(folder, f"{name} cannot be opened ({why})") from None
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise ArtifactError(folder, f"{name} is no plain file")
        if status.st_size > largest:
            raise ArtifactError(
                folder, f"{name} has {status.st_size} bytes where {largest} at most are expected"
            )
        if _has_hole(descriptor, status.st_size):
            raise ArtifactError(folder, f"{name} is sparse, a part of it was never written")
        yield descriptor, status.st_size
    finally:
        os.close(descriptor)


def _has_hole(descriptor: int, size: int) -> bool:
    """Whether bytes are claimed that stand nowhere; False where the system cannot tell."""
    if not size or not hasattr(os, "SEEK_HOLE"):
        return False
    try:
        return os.lseek(descriptor, 0, os.SEEK_HOLE) < size
    except OSError:
        return False
    finally:
        os.lseek(descriptor, 0, os.SEEK_SET)


def _whole(descriptor: int, size: int) -> bytes:
    with open(descriptor, "rb", closefd=False) as file:
        return file.read(size)
