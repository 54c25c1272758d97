"""Files and folders that appear under their final name only when they are complete."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import IO

try:
    import fcntl
except ImportError:  # Windows has no flock: leftovers of a killed process stay there until removed by hand
    fcntl = None  # type: ignore[assignment]

_PART, _OLD = ".part", ".old"


def _target(path: str | os.PathLike[str]) -> Path:
    """The final place; a link is followed, so that it stays a link."""
    return Path(os.path.realpath(path))


def _beside(target: Path, suffix: str) -> Path:
    return target.with_name(f".{target.name}.{secrets.token_hex(6)}{suffix}")


@contextlib.contextmanager
def _named(path: str | os.PathLike[str]) -> Iterator[None]:
    """An error names the file that was asked for, not the temporary one beside it."""
    try:
        yield
    except OSError as error:
        error.filename = os.fspath(path)
        raise


def sync_folder(folder: Path) -> None:
    """Make a rename inside a folder durable, where the system can."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def sync_file(path: Path) -> None:
    """Flush what a file holds to the disk, where the system can."""
    with open(path, "rb") as file, contextlib.suppress(OSError):
        os.fsync(file.fileno())


def lock(descriptor: int) -> bool:
    """Take the lock that says "still being written"; False when another process holds it."""
    if fcntl is None:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def remove_leftovers(path: str | os.PathLike[str]) -> list[Path]:
    """Remove what killed processes left beside a target; what is still being written stays.

    Parameters
    ----------
    path : path
        The final name.

    Returns
    -------
    list of Path
        What was removed.

    >>> remove_leftovers("no_such_folder/scored.csv")
    []
    """
    target = _target(path)
    removed: list[Path] = []
    if fcntl is None or not target.parent.is_dir():
        return removed
    name = f".{target.name}."
    for leftover in target.parent.iterdir():
        stale = leftover.suffix == _PART or (leftover.suffix == _OLD and target.exists())
        if not (stale and leftover.name.startswith(name)):
            continue
        with contextlib.suppress(OSError):
            descriptor = os.open(leftover, os.O_RDONLY)
            try:
                if lock(descriptor):
                    _remove(leftover)
                    removed.append(leftover)
            finally:
                os.close(descriptor)
    return removed


@contextlib.contextmanager
def atomic_writer(path: str | os.PathLike[str]) -> Iterator[IO[bytes]]:
    """Write a file that takes its final name only when the block ends well.

    The content goes to a temporary file in the same folder, is flushed to the disk and renamed; an earlier
    file of that name is there, whole, until then. When the block raises, nothing of it remains.

    Parameters
    ----------
    path : path
        The final name. A link is followed.

    Yields
    ------
    file object
        Open for writing bytes.

    Raises
    ------
    OSError
        When the folder is missing, full or not to be written to.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> with atomic_writer(folder / "a.txt") as file:
    ...     _ = file.write(b"done")
    >>> (folder / "a.txt").read_text()
    'done'
    >>> with atomic_writer(folder / "b.txt") as file:
    ...     raise RuntimeError("stopped half-way")
    Traceback (most recent call last):
        ...
    RuntimeError: stopped half-way
    >>> sorted(p.name for p in folder.iterdir())
    ['a.txt']
    """
    target = _target(path)
    remove_leftovers(target)
    part = _beside(target, _PART)
    with _named(path):
        file = open(part, "xb")  # noqa: SIM115 (closed below, before the rename)
    try:
        lock(file.fileno())
        yield file
        file.flush()
        os.fsync(file.fileno())
        if target.exists():
            shutil.copymode(target, part)
        file.close()
        os.replace(part, target)
    except BaseException:
        with contextlib.suppress(OSError):
            file.close()
        part.unlink(missing_ok=True)
        raise
    sync_folder(target.parent)


def write_atomic(path: str | os.PathLike[str], data: bytes | str) -> None:
    """Write a whole file at once, as :func:`atomic_writer` does; a text becomes UTF-8, its line ends kept.

    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "manifest.json"
    >>> write_atomic(place, "{}")
    >>> place.read_bytes()
    b'{}'
    """
    with atomic_writer(path) as file:
        file.write(data.encode("utf-8") if isinstance(data, str) else data)


@contextlib.contextmanager
def atomic_directory(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Fill a folder that takes its final name only when the block ends well.

    An earlier folder of that name is moved aside just before and put back if the new one cannot take its
    place. A process killed between these two renames leaves the earlier folder beside it as ``.NAME.*.old``.

    Parameters
    ----------
    path : path
        The final name.

    Yields
    ------
    Path
        An empty folder beside it, to be filled.

    Raises
    ------
    OSError
        When the parent folder is missing or not to be written to.

    Examples
    --------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "model"
    >>> with atomic_directory(place) as folder:
    ...     _ = (folder / "weights.bin").write_bytes(b"1")
    >>> [p.name for p in place.iterdir()]
    ['weights.bin']
    """
    target = _target(path)
    remove_leftovers(target)
    part = _beside(target, _PART)
    with _named(path):
        part.mkdir()
    descriptor = os.open(part, os.O_RDONLY) if fcntl else -1
    try:
        lock(descriptor)
        yield part
        _sync_tree(part)
        _swap_in(part, target)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    finally:
        if descriptor >= 0:
            os.close(descriptor)
    sync_folder(target.parent)


def _sync_tree(folder: Path) -> None:
    """Flush every file and folder below to the disk."""
    for root, _, names in os.walk(folder):
        for name in names:
            sync_file(Path(root, name))
        sync_folder(Path(root))


def _swap_in(part: Path, target: Path) -> None:
    """Give a filled folder its final name; the earlier one is put back when that fails."""
    if not target.exists():
        os.rename(part, target)
        return
    old = _beside(target, _OLD)
    os.rename(target, old)
    try:
        os.rename(part, target)
    except OSError:
        os.rename(old, target)
        raise
    _remove(old)
