"""Errors of scoring files: runs that stopped, cannot be continued, or lack what they need."""

from __future__ import annotations

from collections.abc import Sequence

from .errors import ComplaintTypingError, InputError, MissingColumns
from .tongue import Tongue


class MissingHistoryColumns(MissingColumns):
    """An earlier export lacks columns without which it tells nothing of any customer.

    >>> print(MissingHistoryColumns(["customer_id"], ["text", "created_at"], path="may.csv"))
    may.csv: no column found for: customer_id. Headers found: 'text', 'created_at'.
    Name them with --history-map, for example --history-map customer_id=YOUR_HEADER
    (in Python: history_mapping={'customer_id': 'YOUR_HEADER'})
    """

    def sentence(self, say: Tongue) -> str:
        told = super().sentence(say)
        return told.replace("--map", "--history-map").replace("mapping=", "history_mapping=")


class ScoringStopped(ComplaintTypingError):
    """Scoring a file ended before its end; what was scored is kept.

    >>> print(ScoringStopped("No space left on device", 40_000, "scored.csv.part"))
    stopped: No space left on device. 40,000 rows are scored and kept in scored.csv.part; run the same again
    with --resume (resume=True) to continue
    """

    def __init__(self, reason: str, rows_done: int, folder: object):
        self.reason, self.rows_done, self.folder = reason, rows_done, str(folder)
        super().__init__(reason, rows_done, folder)

    def sentence(self, say: Tongue) -> str:
        kept = (
            say("{0} rows are scored and kept in {1}", f"{self.rows_done:,}", self.folder)
            if self.rows_done
            else say("No rows were scored yet")
        )
        remedy = say("run the same again with --resume (resume=True) to continue")
        return say("stopped: {0}. {1}; {2}", say(self.reason), kept, remedy)


class UnfinishedWork(InputError):
    """An earlier run left rows that it had scored, and nobody said what to do with them.

    >>> print(UnfinishedWork("scored.csv.part", 40_000))
    scored.csv.part: 40,000 rows that an earlier run scored before it was stopped; continue it with --resume
    (resume=True), or drop them and begin anew with --restart (restart=True)
    """

    def __init__(self, folder: object, rows_done: int):
        self.folder, self.rows_done = str(folder), rows_done
        super().__init__(folder, rows_done)

    def sentence(self, say: Tongue) -> str:
        return say(
            "{0}: {1} rows that an earlier run scored before it was stopped; continue it with --resume "
            "(resume=True), or drop them and begin anew with --restart (restart=True)",
            self.folder,
            f"{self.rows_done:,}",
        )


class ResumeRefused(InputError):
    """A stopped run cannot be continued, because what it began with is no longer the same.

    >>> print(ResumeRefused("scored.csv.part", ["the model: model-1 then, model-2 now"]))
    scored.csv.part cannot be continued; changed since: the model: model-1 then, model-2 now. Bring back what
    it was, or begin anew with --restart (restart=True)
    """

    def __init__(self, folder: object, changes: Sequence[str]):
        self.folder, self.changes = str(folder), list(changes)
        super().__init__(folder, changes)

    def sentence(self, say: Tongue) -> str:
        return say(
            "{0} cannot be continued; changed since: {1}. Bring back what it was, or begin anew with "
            "--restart (restart=True)",
            self.folder,
            say("; ").join(map(say, self.changes)),
        )


class TargetBusy(ComplaintTypingError):
    """Another run is writing the same file at this moment.

    >>> print(TargetBusy("scored.csv"))
    scored.csv: another run is writing it now; wait for it, or choose another name
    """

    def __init__(self, path: object):
        self.path = str(path)
        super().__init__(path)

    def sentence(self, say: Tongue) -> str:
        return say("{0}: another run is writing it now; wait for it, or choose another name", self.path)
