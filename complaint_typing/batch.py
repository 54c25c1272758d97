"""Scores an exported file into a scored file: streamed in two passes, whole or not at all."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from joblib import Parallel, delayed

from .advisor import Advisor, load
from .errors import UnwritableTarget
from .export_history import CompactFacts, ExportHistory
from .history import Facts
from .quarantine import QuarantinedRow, write_quarantine
from .scored import ScoredWriter
from .scoring import ScoredTickets
from .ticket_table import Tickets
from .tickets import Block, TicketFile

BLOCK_ROWS = 2_000

Progress = Callable[[int, int | None], None]


@dataclass(frozen=True)
class BatchSummary:
    """What became of a file.

    Attributes
    ----------
    rows_in, rows_out, rows_quarantined : int
        ``rows_in`` is always the sum of the other two.
    types : dict of str to int
        Tickets by ``customer_type``.
    quarantine_reasons : dict of str to int
    bad_values : dict of str to int
        Values that counted as missing, by column.
    columns : dict of str to str
        Column of the contract to header of the file.
    seconds : float
    """

    source: str
    target: str
    quarantine: str | None
    rows_in: int
    rows_out: int
    rows_quarantined: int
    types: Mapping[str, int]
    requires_human: int
    quarantine_reasons: Mapping[str, int]
    bad_values: Mapping[str, int]
    repeated_ticket_ids: int
    encoding: str
    encoding_decided_by: str
    delimiter: str
    columns: Mapping[str, str]
    unmapped: tuple[str, ...]
    model_version: str
    policy_version: str
    seconds: float = field(compare=False)

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON."""
        return asdict(self)


def score_csv(
    source: str | Path,
    target: str | Path,
    *,
    history: str | Path | None = None,
    model: str | Path | None = None,
    policy: str | Path | None = None,
    mapping: Mapping[str, str] | None = None,
    encoding: str = "auto",
    tz: str = "UTC",
    date_order: str | None = None,
    sheet: str | None = None,
    proba: bool = False,
    lang: str | None = None,
    guard: bool = True,
    mask: bool = True,
    quarantine: str | Path | None = None,
    jobs: int = 1,
    progress: Progress | None = None,
) -> BatchSummary:
    """Type every ticket of an exported file, advise on it, and write the scored file.

    Parameters
    ----------
    source, target : path
        The scored file appears only when it is complete.
    history : path, optional
        An earlier export of the same customers.
    model, policy : path, optional
        Folders; what ships by default.
    mapping : mapping of str to str, optional
        Column of the contract to header, where the aliases do not know it.
    encoding, tz, date_order
        See :class:`~complaint_typing.tickets.TicketFile`.
    sheet : str, optional
        Of a workbook.
    proba : bool
        Append ``p_<type>`` columns.
    lang : str, optional
        ``zh`` or ``en`` for all texts; each ticket's own language by default.
    guard : bool
        Keep text cells from starting a spreadsheet formula.
    mask : bool
        Mask personal data in the text column of the quarantine file.
    quarantine : path, optional
        Where rows go that cannot be read; by default beside the target, written only when there are any.
    jobs : int
        Processes.
    progress : callable, optional
        Called with the rows done and, once known, the rows in all.

    Returns
    -------
    BatchSummary

    Raises
    ------
    UnreadableInput, MissingColumns, AmbiguousDates
        When the file cannot be read as a table of tickets.
    ArtifactError, PolicyError
        When the model or the policy is unusable.
    UnwritableTarget
        When a folder is not there, or a target is no ordinary file or one of the inputs.

    >>> import tempfile
    >>> from complaint_typing.resources import data_path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     summary = score_csv(data_path("examples") / "en_helpdesk.csv", folder + "/scored.csv")
    >>> summary.rows_in == summary.rows_out + summary.rows_quarantined
    True
    """
    began = time.monotonic()
    aside = Path(quarantine) if quarantine else Path(target).with_suffix(".quarantine.csv")
    _check_targets((Path(target), aside), (Path(source), *([Path(history)] if history else [])))
    file = TicketFile.open(source, mapping, encoding, tz, date_order, BLOCK_ROWS, sheet=sheet)
    earlier = TicketFile.open(history, None, "auto", tz, date_order, BLOCK_ROWS) if history else None
    advisor = load(model, policy)
    facts = _facts_by_block(file, earlier, progress)
    rows_in = file.report.rows_in
    types: Counter[str] = Counter()
    bad_rows: list[QuarantinedRow] = []
    rows_out = humans = 0
    proba_types = advisor.model.types if proba else None
    with ScoredWriter(target, file.header, proba_types, guard) as writer:
        scored_blocks = _scored_blocks(file, facts, advisor, model, policy, lang, jobs)
        for block, scored in scored_blocks:
            writer.write(block.rows, scored.columns, scored.probabilities if proba else None)
            types.update(scored.columns["customer_type"])
            humans += sum(scored.columns["requires_human"])
            bad_rows += block.quarantined
            rows_out += len(block.rows)
            if progress:
                progress(rows_out + len(bad_rows), rows_in)
        if bad_rows:
            write_quarantine(aside, bad_rows, mask)
    if not bad_rows and not quarantine:
        aside.unlink(missing_ok=True)
    report = file.report
    return BatchSummary(
        source=str(source),
        target=str(target),
        quarantine=str(aside) if bad_rows else None,
        rows_in=report.rows_in,
        rows_out=rows_out,
        rows_quarantined=len(bad_rows),
        types=dict(types.most_common()),
        requires_human=humans,
        quarantine_reasons=dict(report.quarantined),
        bad_values={name: bad.count for name, bad in report.bad_values.items()},
        repeated_ticket_ids=report.repeated_ticket_ids,
        encoding=file.encoding.name,
        encoding_decided_by=file.encoding.how,
        delimiter=file.delimiter,
        columns={name: file.header[place] for name, place in file.mapping.items()},
        unmapped=tuple(file.unmapped),
        model_version=advisor.model.version,
        policy_version=advisor.policy.version,
        seconds=time.monotonic() - began,
    )


def _facts_by_block(file: TicketFile, earlier: TicketFile | None, progress: Progress | None) -> CompactFacts:
    """First pass: the history facts of the whole export."""
    export = ExportHistory()
    for block in file.blocks():
        export.add(block.tickets)
        if progress:
            progress(0, None)
    for block in earlier.blocks() if earlier is not None else ():
        export.add(block.tickets, asked=False)
    return export.facts()


def _with_facts(file: TicketFile, facts: CompactFacts) -> Iterator[tuple[Block, Facts]]:
    """The blocks of a file, each with its facts."""
    done = 0
    for block in file.blocks():
        yield block, facts.of(done, done + len(block.rows))
        done += len(block.rows)


def _scored_blocks(
    file: TicketFile,
    facts: CompactFacts,
    advisor: Advisor,
    model: str | Path | None,
    policy: str | Path | None,
    lang: str | None,
    jobs: int,
) -> Iterator[tuple[Block, ScoredTickets]]:
    """Second pass: score each block, in order; in worker processes when there are to be several."""
    if jobs == 1:
        for block, known in _with_facts(file, facts):
            yield block, advisor.score_tickets(block.tickets, known, lang)
        return
    waiting: deque[Block] = deque()
    versions = (advisor.model.version, advisor.policy.version)

    def tasks() -> Iterator[Any]:
        for block, known in _with_facts(file, facts):
            waiting.append(block)
            yield delayed(_score_in_worker)(model, policy, versions, block.tickets, known, lang)

    for scored in Parallel(n_jobs=jobs, return_as="generator")(tasks()):
        yield waiting.popleft(), scored


@lru_cache(maxsize=1)
def _loaded(model: str | Path | None, policy: str | Path | None, versions: tuple[str, str]) -> Advisor:
    """An advisor kept by a worker process for as long as the versions stay."""
    return load(model, policy)


def _score_in_worker(
    model: str | Path | None,
    policy: str | Path | None,
    versions: tuple[str, str],
    tickets: Tickets,
    facts: Facts,
    lang: str | None,
) -> ScoredTickets:
    return _loaded(model, policy, versions).score_tickets(tickets, facts, lang)


def _check_targets(targets: tuple[Path, ...], sources: tuple[Path, ...]) -> None:
    """Refuse to write where a folder is missing, over a device or folder, or over what is being read."""
    for i, path in enumerate(targets):
        if not path.parent.is_dir():
            raise UnwritableTarget(path, "the folder is not there")
        if path.name == "-" or (path.exists() and not path.is_file()):
            raise UnwritableTarget(path, "it is no ordinary file")
        if path.resolve() in [other.resolve() for other in (*targets[:i], *sources)]:
            raise UnwritableTarget(path, "it is read or written under another name in the same run")
