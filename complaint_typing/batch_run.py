"""One run over a file: the history of the whole export first, then its rows, kept chunk by chunk."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, timezone
from itertools import islice
from pathlib import Path
from typing import Any

from joblib.externals.loky.process_executor import TerminatedWorkerError

from .batch_errors import ScoringStopped
from .export_history import CompactFacts, ExportHistory
from .fast import expect
from .garbage import seldom_collected
from .pieces import Piece, PieceScorer, ScoredPiece, Scoring, cut, scoring_of
from .quarantine import QuarantinedRow, quarantine_head, quarantine_line
from .tickets import TicketFile
from .two_passes import TwoPasses
from .unfinished import GrowingFile, Unfinished

CHUNK_PIECES = 16
_ROW_BYTES = 500
ROWS, QUARANTINE = "rows", "quarantine"

Progress = Callable[[int, int | None], None]


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="seconds")


@dataclass
class Tally:
    """How far a run has come; what is kept of it is the state of the working folder."""

    pieces: int = 0
    rows_in: int = 0
    rows_done: int = 0
    rows_out: int = 0
    types: Counter[str] = field(default_factory=Counter)
    requires_human: int = 0
    seconds: float = 0.0
    runs: int = 1
    started_at: str = field(default_factory=_now)

    @classmethod
    def of(cls, state: dict[str, Any]) -> Tally:
        """The tally that a state holds, one run later; a new one for an empty state."""
        known = {f.name: state[f.name] for f in fields(cls) if f.name in state}
        tally = cls(**known | {"types": Counter(known.get("types", {}))})
        tally.runs += bool(state)
        return tally

    def add(self, scored: ScoredPiece, n_rows: int, n_aside: int) -> None:
        """Count a piece."""
        self.pieces += 1
        self.rows_out += n_rows
        self.rows_done += n_rows + n_aside
        self.types.update(scored.types)
        self.requires_human += scored.requires_human


class Run:
    """Scores the rows of a file into a working folder, from where an earlier run stopped.

    Parameters
    ----------
    file : TicketFile
    earlier : sequence of TicketFile
        Earlier exports.
    scorer : PieceScorer
    work : Unfinished
        Open.
    mask : bool
        Whether the text of quarantined rows is masked.
    began : float
        On the monotonic clock.
    progress : callable, optional

    Attributes
    ----------
    tally : Tally
    rows_kept : int
        Rows that an earlier run had scored.
    history_rows, history_undated : int
        Of earlier exports; those of them without a time.
    history_quarantined : Counter of str
        Further rows of earlier exports that were set aside, by reason.
    """

    def __init__(
        self,
        file: TicketFile,
        earlier: Sequence[TicketFile],
        scorer: PieceScorer,
        work: Unfinished,
        mask: bool,
        began: float,
        progress: Progress | None,
    ):
        self._file, self._earlier, self._scorer, self._work = file, earlier, scorer, work
        self._mask, self._passes = mask, TwoPasses(file)
        self._progress = progress or (lambda done, total: None)
        self.tally = Tally.of(work.state)
        self.rows_kept = self.tally.rows_done
        self.history_rows = self.history_undated = 0
        self.history_quarantined: Counter[str] = Counter()
        self._began = began - self.tally.seconds

    def score(self, jobs: int, model: str | Path | None, policy: str | Path | None, size: int) -> None:
        """Both passes.

        Parameters
        ----------
        jobs : int
            Processes.
        model, policy : path, optional
            For worker processes.
        size : int
            Bytes of the file.

        Raises
        ------
        ScoringStopped
            When the disk is full, memory is short or a worker was killed; what is kept can be continued.
        """
        try:
            workers = scoring_of(self._scorer, jobs, model, policy, size // _ROW_BYTES)
            with seldom_collected(), workers as scoring:
                facts = self._history()
                rows, aside = self._work.file(ROWS), self._work.file(QUARANTINE)
                try:
                    self._score_rows(facts, rows, aside, scoring)
                finally:
                    rows.close()
                    aside.close()
        except TerminatedWorkerError as error:
            reason = "a worker process was killed, perhaps for lack of memory"
            raise ScoringStopped(reason, self._work.rows_done, self._work.path) from error
        except MemoryError as error:
            raise ScoringStopped("memory is short", self._work.rows_done, self._work.path) from error

    def result(self) -> dict[str, Any]:
        """The fields of a summary that are no paths, once everything is scored."""
        file, report, tally = self._file, self._file.report, self.tally
        advisor = self._scorer.advisor
        return {
            "rows_in": report.rows_in,
            "rows_out": tally.rows_out,
            "rows_quarantined": tally.rows_done - tally.rows_out,
            "types": dict(tally.types.most_common()),
            "requires_human": tally.requires_human,
            "quarantine_reasons": dict(report.quarantined),
            "bad_values": {name: bad.count for name, bad in report.bad_values.items()},
            "repeated_ticket_ids": report.repeated_ticket_ids,
            "padded_rows": report.padded_rows,
            "encoding": file.encoding.name,
            "encoding_decided_by": file.encoding.how,
            "replaced": report.replaced,
            "delimiter": file.delimiter,
            "columns": {name: file.header[place] for name, place in file.mapping.items()},
            "unmapped": file.unmapped,
            "history_rows": self.history_rows,
            "history_undated": self.history_undated,
            "history_quarantined": dict(self.history_quarantined),
            "model_version": advisor.model.version,
            "policy_version": advisor.policy.version,
            "priors": None if self._scorer.priors is None else self._scorer.priors.to_dict(),
            "seconds": round(time.monotonic() - self._began, 3),
        }

    def _history(self) -> CompactFacts:
        """First pass: the history facts of every row, from the whole export and the earlier ones."""
        history = ExportHistory()
        read = 0
        passes = ((self._passes.first(), True), *((file.blocks(), False) for file in self._earlier))
        for blocks, asked in passes:
            for block in blocks:
                history.add(block.tickets, asked)
                read += len(block.rows)
                self._progress(read, None)
        self.tally.rows_in = self._file.report.rows_in
        self.history_rows = sum(file.report.rows_out for file in self._earlier)
        for file in self._earlier:
            self.history_quarantined.update(file.report.quarantined)
        self.history_undated = history.undated_earlier
        return history.facts()

    def _score_rows(
        self,
        facts: CompactFacts,
        rows: GrowingFile,
        aside: GrowingFile,
        scoring: Scoring,
    ) -> None:
        """Second pass: what is not scored yet."""
        total, waiting = self.tally.rows_in, deque[tuple[int, list[QuarantinedRow]]]()
        expect(total - self.tally.rows_done)
        with self._work.writing():
            if not rows.size:
                rows.write(self._scorer.form.head())
                aside.write(quarantine_head())

        def pieces() -> Iterator[Piece]:
            for piece, set_aside in islice(cut(self._passes.second(), facts), self.tally.pieces, None):
                waiting.append((len(piece.rows), set_aside))
                yield piece

        for scored in scoring(pieces()):
            n_rows, set_aside = waiting.popleft()
            with self._work.writing():
                rows.write(scored.data)
                aside.write(b"".join(quarantine_line(row, self._mask) for row in set_aside))
            self.tally.add(scored, n_rows, len(set_aside))
            if self.tally.pieces % CHUNK_PIECES == 0:
                self._save(rows, aside)
            self._progress(self.tally.rows_done, total)
        self._save(rows, aside)

    def _save(self, rows: GrowingFile, aside: GrowingFile) -> None:
        self.tally.seconds = time.monotonic() - self._began
        self._work.save(dict(vars(self.tally)), rows, aside)
