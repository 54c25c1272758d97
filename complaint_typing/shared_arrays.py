"""Keeps the large arrays of a model in files that processes map, so that many processes hold them once."""

from __future__ import annotations

import ctypes
import mmap
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .atomic import atomic_writer
from .errors import BadOption, UnwritableTarget
from .model import Model

try:
    import fcntl
except ImportError:  # Windows has no flock: processes that start together may hold the arrays twice
    fcntl = None  # type: ignore[assignment]

LARGE = 1 << 20


def share(model: Model, folder: str | Path) -> Model:
    """Replace every array of a megabyte or more by a mapping of a file; the model answers as before.

    Each process makes the arrays for itself, compares them with the file bit by bit, and then lets its own
    go: what stands in the folder is never trusted. The files are named by version and content, so old
    ones may be removed at any time.

    Parameters
    ----------
    model : Model
        Changed in place; whatever it has prepared by now is shared too.
    folder : path
        Best on a file system in memory, such as ``/dev/shm/NAME``. Made when it is missing; only its owner
        may be allowed to write to it.

    Returns
    -------
    Model
        The same.

    Raises
    ------
    UnwritableTarget
        When the folder belongs to someone else, others may write to it, or a file stands there.
    BadOption
        When it has no name.
    """
    if not str(folder):
        raise BadOption("shared", folder, "a folder", "name one, such as /dev/shm/models")
    place = _private(Path(folder))
    seen: dict[int, NDArray[Any]] = {}
    _share_parts(model, "", place / model.version, seen)
    seen.clear()
    _give_back()
    return model


def _share_parts(part: object, name: str, prefix: Path, seen: dict[int, NDArray[Any]]) -> None:
    for attribute, value in list(vars(part).items()):
        inner = f"{name}.{attribute}".strip(".")
        if isinstance(value, np.ndarray) and value.nbytes >= LARGE:
            if id(value) not in seen:
                seen[id(value)] = _mapped(value, inner, prefix)
            vars(part)[attribute] = seen[id(value)]
        elif type(value).__module__.startswith(f"{__package__}.") and hasattr(value, "__dict__"):
            _share_parts(value, inner, prefix, seen)


def _mapped(array: NDArray[Any], name: str, prefix: Path) -> NDArray[Any]:
    """The same values, mapped; their file is written unless it holds them already."""
    raw = np.ascontiguousarray(array).reshape(-1).view(np.uint8)
    path = prefix.with_name(f"{prefix.name}-{name}-{sha256(raw.data).hexdigest()[:12]}")
    with _one_at_a_time(path.parent):
        found = _read(path, raw)
        if found is None:
            with atomic_writer(path) as file:
                file.write(raw.data)
            found = _read(path, raw)
    if found is None:
        raise UnwritableTarget(path, "what was written there cannot be read back")
    return found.view(array.dtype).reshape(array.shape)


def _read(path: Path, expected: NDArray[np.uint8]) -> NDArray[np.uint8] | None:
    """A read-only mapping of a file that holds exactly these bytes."""
    try:
        with open(path, "rb") as file:
            if os.fstat(file.fileno()).st_size != expected.size:
                return None
            found = np.frombuffer(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), dtype=np.uint8)
    except FileNotFoundError:
        return None
    chunks = range(0, expected.size, LARGE)
    same = all(np.array_equal(found[at : at + LARGE], expected[at : at + LARGE]) for at in chunks)
    return found if same else None


def _give_back() -> None:
    """Return freed memory to the system: the C library would keep it (17 of 29 MB were measured)."""
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """Processes that start together would else each map a file of its own."""
    with open(folder / ".lock", "wb") as lock:
        if fcntl is not None:
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _private(folder: Path) -> Path:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise UnwritableTarget(folder, error.strerror or str(error)) from None
    status = folder.stat()
    others = status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    if hasattr(os, "getuid") and (status.st_uid != os.getuid() or others):
        raise UnwritableTarget(folder, "others may write to it, or it belongs to someone else")
    return folder
