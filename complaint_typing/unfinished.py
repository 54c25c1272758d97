"""The folder of a run that is not finished: what is scored so far, safe at every moment against a kill."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from .atomic import atomic_writer, lock, remove_leftovers, sync_folder, write_atomic
from .batch_errors import ResumeRefused, ScoringStopped, TargetBusy, UnfinishedWork
from .batch_plan import differences
from .errors import ComplaintTypingError, UnwritableTarget

_PLAN, _STATE, _MADE = "plan.json", "state.json", "made.json"
_READ_BYTES = 1 << 20


class GrowingFile:
    """A file that grows by whole chunks; what was written after the last one is cut off when it is reopened.

    Parameters
    ----------
    path : path
        Made when it is not there.
    size : int, default 0
        Bytes that were kept.
    sha256 : str, optional
        Their digest.

    Raises
    ------
    ResumeRefused
        When those bytes are no longer what they were.

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "rows"
    >>> file = GrowingFile(path)
    >>> file.write(b"one,")
    >>> kept = file.kept()
    >>> file.write(b"tw")
    >>> file.close()
    >>> again = GrowingFile(path, **kept)
    >>> again.write(b"two")
    >>> again.close()
    >>> path.read_bytes()
    b'one,two'
    """

    def __init__(self, path: Path, size: int = 0, sha256: str = ""):
        self.path, self.size = path, 0
        self._digest = hashlib.sha256()
        self._file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o666), "r+b", buffering=0)
        while self.size < size and (data := self._file.read(min(_READ_BYTES, size - self.size))):
            self._digest.update(data)
            self.size += len(data)
        if self.size < size or (size and self._digest.hexdigest() != sha256):
            self._file.close()
            raise ResumeRefused(path.parent, [f"{path.name}, the work so far, is damaged"])
        self._file.truncate(size)
        self._file.seek(size)

    def write(self, data: bytes) -> None:
        """Append."""
        view = memoryview(data)
        while view:
            view = view[self._file.write(view) or 0 :]
        self._digest.update(data)
        self.size += len(data)

    def kept(self) -> dict[str, Any]:
        """Flush to the disk; size and digest of all there is, for the next opening."""
        os.fsync(self._file.fileno())
        return {"size": self.size, "sha256": self._digest.hexdigest()}

    def close(self) -> None:
        """Close; what was not kept does not count."""
        self._file.close()


class Unfinished:
    """The working folder beside a target: ``scored.csv.part`` for ``scored.csv``.

    It holds the plan (what the run began with), the rows and quarantined rows so far, and a state that says
    how far they count. The state is replaced as a whole after the rows have reached the disk, so that a kill
    at any moment loses at most what came after it.

    Parameters
    ----------
    target : path
        The file to be.
    names : sequence of str
        Files that the run keeps in the folder.

    Attributes
    ----------
    path : Path
    state : dict
        What :meth:`save` got last; empty at the start.
    made : dict
        What :meth:`finish` got, once all rows are there.

    >>> Unfinished("data/scored.csv").path.name
    'scored.csv.part'
    """

    def __init__(self, target: str | os.PathLike[str], names: Sequence[str] = ()):
        self.target, self._names = Path(target), names
        final = Path(os.path.realpath(target))
        self.path = final.with_name(final.name + ".part")
        self.state: dict[str, Any] = {}
        self.made: dict[str, Any] = {}
        self._descriptor = -1

    @property
    def rows_done(self) -> int:
        return int(self.state.get("rows_done", 0))

    @contextlib.contextmanager
    def opened(self, plan: Mapping[str, Any], resume: bool, restart: bool) -> Iterator[Unfinished]:
        """Hold the folder for one run; what is kept stays there when the run ends early.

        An error that scoring again would meet again leaves nothing.

        Raises
        ------
        TargetBusy, UnfinishedWork, ResumeRefused
        ScoringStopped
            When the folder cannot be written to.
        """
        self._make()
        self._hold()
        try:
            self._begin(plan, resume, restart)
            yield self
        except BaseException as error:
            lasting = isinstance(error, ComplaintTypingError) and not isinstance(error, ScoringStopped)
            refused = isinstance(error, UnfinishedWork | ResumeRefused)
            if not refused and (lasting or not self.rows_done) and not self.made:
                self.drop()
            raise
        finally:
            if self._descriptor >= 0:
                os.close(self._descriptor)

    def _make(self) -> None:
        if self.path.exists() and not self.path.is_dir():
            raise UnwritableTarget(self.path, "it is in the way of what is kept while scoring")
        try:
            with self.writing():
                self.path.mkdir(exist_ok=True)
        except ScoringStopped as error:
            if isinstance(error.__cause__, PermissionError):
                raise UnwritableTarget(self.target, error.reason) from error.__cause__
            raise

    def _hold(self) -> None:
        with contextlib.suppress(OSError):  # Windows opens no folders
            self._descriptor = os.open(self.path, os.O_RDONLY)
        if self._descriptor >= 0 and not lock(self._descriptor):
            os.close(self._descriptor)
            raise TargetBusy(self.target)

    def _begin(self, plan: Mapping[str, Any], resume: bool, restart: bool) -> None:
        """Read what an earlier run left, or set out anew."""
        began, self.state, self.made = (_read(self.path / name) for name in (_PLAN, _STATE, _MADE))
        if began and not restart and (self.state or self.made):
            if not resume:
                raise UnfinishedWork(self.path, self.rows_done)
            changes = differences(began, plan)
            if changes:
                raise ResumeRefused(self.path, changes)
            return
        self.state, self.made = {}, {}
        self._clear()
        with self.writing():
            write_atomic(self.path / _PLAN, _json(plan))

    def file(self, name: str) -> GrowingFile:
        """A file of the folder, as long as the state says."""
        with self.writing():
            return GrowingFile(self.path / name, **self.state.get(name, {}))

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Turn what a disk refuses into an error that tells how to go on."""
        try:
            yield
        except OSError as error:
            if isinstance(error, ComplaintTypingError):
                raise
            reason = error.strerror or str(error)
            if error.errno == errno.EFBIG:
                reason = "File too large for this system or for the limit of the process"
            raise ScoringStopped(reason, self.rows_done, self.path) from error

    def save(self, state: dict[str, Any], *files: GrowingFile) -> None:
        """Make everything written so far count."""
        with self.writing():
            for file in files:
                state[file.path.name] = file.kept()
            write_atomic(self.path / _STATE, _json(state))
        self.state = state

    def finish(self, made: dict[str, Any]) -> None:
        """Say that all rows are there; from here on only names change."""
        with self.writing():
            write_atomic(self.path / _MADE, _json(made))
        self.made = made

    def publish(self, files: Mapping[str, Path], manifest_path: Path, manifest: Mapping[str, Any]) -> None:
        """Give every file its final name, the manifest last, and remove the folder; may be done again."""
        with self.writing():
            for name, final in files.items():
                _move(self.path / name, final)
            write_atomic(manifest_path, _json(manifest))
        self.drop()

    def drop(self) -> None:
        """Remove the folder; a file in it that is not ours stays, and so does the folder."""
        self._clear()
        with contextlib.suppress(OSError):
            self.path.rmdir()
        sync_folder(self.path.parent)

    def _clear(self) -> None:
        for name in (*self._names, _STATE, _MADE, _PLAN):
            (self.path / name).unlink(missing_ok=True)
            remove_leftovers(self.path / name)


def kept_rows(target: str | os.PathLike[str]) -> tuple[Path, int, int]:
    """What a stopped run left of a target: the folder, rows that are scored, and rows in all.

    >>> kept_rows("data/no_such_scored.csv")[1:]
    (0, 0)
    """
    work = Unfinished(target)
    state = _read(work.path / _STATE)
    return work.path, int(state.get("rows_done", 0)), int(state.get("rows_in", 0))


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _move(part: Path, final: Path) -> None:
    """Rename, or copy to another disk; nothing where that is done already."""
    if not part.exists():
        return
    final = Path(os.path.realpath(final))
    if final.exists():
        shutil.copymode(final, part)
    try:
        os.replace(part, final)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        with part.open("rb") as source, atomic_writer(final) as copy:
            shutil.copyfileobj(source, copy)
        part.unlink()
    sync_folder(final.parent)
