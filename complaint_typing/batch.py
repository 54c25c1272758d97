"""Scores an exported file into a scored file: streamed in two passes, whole or not at all, safe to kill."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from joblib import cpu_count

from .advisor import load
from .atomic import sync_file
from .batch_errors import ResumeRefused
from .batch_plan import differences, file_digest, plan_of
from .batch_run import QUARANTINE, ROWS, Progress, Run
from .batch_summary import BatchSummary, manifest_of, manifest_path, read_manifest, summary_of
from .columns import place_of
from .errors import BadOption, UnreadableInput, UnwritableTarget
from .export_priors import estimate_export
from .history_files import open_history
from .model import Model
from .paths import path_of
from .pieces import PieceScorer
from .priors import PriorEstimate
from .scored_forms import ScoredForm, scored_form
from .tickets import TicketFile
from .unfinished import Unfinished

BLOCK_ROWS = 1_000
ASSEMBLED = "assembled"


def score_csv(
    source: str | Path,
    target: str | Path,
    *,
    history: str | Path | Sequence[str | Path] | None = None,
    model: str | Path | None = None,
    policy: str | Path | None = None,
    mapping: Mapping[str, str] | None = None,
    history_mapping: Mapping[str, str] | None = None,
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
    resume: bool = False,
    restart: bool = False,
    adapt_priors: bool = False,
    adapt_by: str | None = None,
    on_priors: Callable[[Mapping[str, Any]], None] | None = None,
    progress: Progress | None = None,
) -> BatchSummary:
    """Type every ticket of an exported file, advise on it, and write the scored file.

    What is scored is kept beside the target, in a folder ``TARGET.part``, until all of it is there; a run
    that was killed at any moment is continued with `resume` and gives the same bytes.

    Parameters
    ----------
    source, target : path
        The scored file appears only when it is complete, and beside it ``TARGET.manifest.json``.
    history : path or sequence of path, optional
        Earlier exports of the same customers.
    model, policy : path, optional
        Folders; what ships by default.
    mapping : mapping of str to str, optional
        Column of the contract to header, where the aliases do not know it.
    history_mapping : mapping of str to str, optional
        The same for `history`; by default `mapping`, as far as those files have such headers.
    encoding, tz, date_order
        See :class:`~complaint_typing.tickets.TicketFile`; they hold for `history` too.
    sheet : str, optional
        Of a workbook.
    proba : bool
        Append ``p_<type>`` columns.
    lang : str, optional
        ``zh``, ``zh-Hant`` or ``en`` for all texts; each ticket's own language by default.
    guard : bool
        Keep text cells from starting a spreadsheet formula.
    mask : bool
        Mask personal data in the text column of the quarantine file.
    quarantine : path, optional
        Where rows go that cannot be read; by default beside the target, written only when there are any.
    jobs : int
        Processes; -1 for all cores.
    resume : bool
        Continue an earlier run that was stopped; where there is none, begin.
    restart : bool
        Drop what an earlier run left.
    adapt_priors : bool
        Adapt probabilities to the shares of the types seen in this export, see ``docs/priors.md``.
    adapt_by : str, optional
        The same by the values of a column of the file.
    on_priors : callable, optional
        Called with that estimate, ready for JSON, before a row is scored.
    progress : callable, optional
        Called with the rows done and, once known, the rows in all.

    Returns
    -------
    BatchSummary

    Raises
    ------
    UnreadableInput, MissingColumns, AmbiguousDates
        When a file cannot be read as a table of tickets, or was changed meanwhile.
    ArtifactError, PolicyError
        When the model or the policy is unusable.
    UnwritableTarget
        When a folder is not there, or a target is no ordinary file or one of the inputs.
    UnfinishedWork
        When an earlier run left scored rows, and neither `resume` nor `restart` is said.
    ResumeRefused
        When inputs, model, policy, options or versions are not those of the run to be continued, also of one
        that came to its end.
    TargetBusy
        When another run is writing the same target.
    ScoringStopped
        When the disk is full, memory is short or a worker was killed; what was scored is kept.

    >>> import tempfile
    >>> from complaint_typing.resources import data_path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     summary = score_csv(data_path("examples") / "en_helpdesk.csv", folder + "/scored.csv")
    >>> summary.rows_in == summary.rows_out + summary.rows_quarantined
    True
    """
    began = time.monotonic()
    if not isinstance(jobs, int) or jobs == 0:
        raise BadOption("jobs", jobs, "a number of processes", "give 1 or more, or -1 for all cores")
    earlier_paths = [history] if isinstance(history, str | Path) else history or ()
    inputs = [path_of(source, "source"), *(path_of(path, "history") for path in earlier_paths)]
    places = _Places.of(target, quarantine)
    _check_targets((places.target, places.quarantine, places.manifest), inputs)
    looks = [_look(path) for path in inputs]
    reading: dict[str, Any] = {"encoding": encoding, "tz": tz, "date_order": date_order}
    file = TicketFile.open(source, mapping, block_rows=BLOCK_ROWS, sheet=sheet, **reading)
    maps = (mapping, history_mapping)
    earlier = [open_history(path, *maps, block_rows=BLOCK_ROWS, **reading) for path in inputs[1:]]
    advisor = load(model, policy)
    place = None if adapt_by is None else place_of(adapt_by, file.header, file.mapping)
    priors = None
    if adapt_priors or adapt_by is not None:
        priors = _estimated(file, advisor.model, adapt_by, earlier, on_priors, progress)
    form = scored_form(target, file.header, advisor.model.types if proba else None, guard)
    options = {"mapping": mapping, "history_mapping": history_mapping, "sheet": sheet, **reading}
    options |= {
        "proba": proba,
        "lang": lang,
        "guard": guard,
        "mask": mask,
        "format": "".join(places.target.suffixes),
        "adapt_by": adapt_by,
        "adapted_to": "" if priors is None else priors.digest,
    }
    plan = plan_of(inputs, (advisor.model.version, advisor.policy.version), options)
    work = Unfinished(target, (ROWS, QUARANTINE, ASSEMBLED))
    with work.opened(plan, resume, restart):
        if resume and not work.state and not work.made and (manifest := _finished(places)):
            work.drop()
            if changes := differences(manifest["plan"], plan):
                raise ResumeRefused(target, changes)
            return summary_of(manifest, source, target, places.quarantine, manifest["result"]["rows_in"])
        if work.made:
            kept = work.made["manifest"]["result"]["rows_in"]
        else:
            kept = work.rows_done
            scorer = PieceScorer(advisor, form, lang, proba, priors, place)
            run = Run(file, earlier, scorer, work, mask, began, progress)
            try:
                run.score(cpu_count() if jobs < 0 else jobs, model, policy, plan["input"]["bytes"])
            except Exception:
                _check_unchanged(inputs, looks)
                raise
            _check_unchanged(inputs, looks)
            _finish(work, run, file, form, plan, places)
        manifest = work.made["manifest"]
        _publish(work, places)
    return summary_of(manifest, source, target, places.quarantine, kept)


def _estimated(
    file: TicketFile,
    model: Model,
    by: str | None,
    earlier: Sequence[TicketFile],
    on_priors: Callable[[Mapping[str, Any]], None] | None,
    progress: Progress | None,
) -> PriorEstimate:
    """The shares of the types in the export, told before they are used."""
    found = estimate_export(file, model, by, earlier, progress=progress)
    if on_priors:
        on_priors(found.to_dict())
    return found


class _Places(NamedTuple):
    """Where the files go, and whether the place of the quarantine was chosen by us."""

    target: Path
    quarantine: Path
    manifest: Path
    usual: bool

    @classmethod
    def of(cls, target: str | Path, quarantine: str | Path | None) -> _Places:
        if path_of(target, "target").is_dir():
            raise UnwritableTarget(target, "it is a folder, no ordinary file", "name a file in it")
        whole = str(target)
        usual = Path(f"{whole[:-4] if whole.lower().endswith('.csv') else whole}.quarantine.csv")
        return cls(Path(target), Path(quarantine or usual), manifest_path(target), not quarantine)


def _check_targets(targets: Sequence[Path], inputs: Sequence[Path]) -> None:
    """Refuse to write where a folder is missing, over a device or folder, or over what is being read."""
    for i, path in enumerate(targets):
        if not path.parent.is_dir():
            raise UnwritableTarget(path, "the folder is not there")
        if path.name == "-" or (path.exists() and not path.is_file()):
            raise UnwritableTarget(path, "it is no ordinary file", "choose another name")
        if path.resolve() in [other.resolve() for other in (*targets[:i], *inputs)]:
            reason = "it is read, or written as another file, in the same run"
            raise UnwritableTarget(path, reason, "choose another name")


def _look(path: Path) -> tuple[int, ...]:
    """What changes when a file is written to."""
    try:
        found = path.stat()
    except OSError:
        return ()
    return found.st_size, found.st_mtime_ns, found.st_ino


def _check_unchanged(inputs: Sequence[Path], looks: Sequence[tuple[int, ...]]) -> None:
    for path, before in zip(inputs, looks, strict=True):
        if _look(path) != before:
            reason = "it was changed while it was being scored"
            raise UnreadableInput(path, reason, "score it again when nothing writes to it")


def _finished(places: _Places) -> dict[str, Any]:
    """The manifest of the run that wrote the target and what it set aside; empty where not all is there."""
    manifest = read_manifest(places.target)
    wanted = [places.target, *([places.quarantine] if manifest.get("quarantine") else ())]
    if not manifest or not all(path.is_file() for path in wanted):
        return {}
    return manifest if file_digest(places.target)["sha256"] == manifest["output"]["sha256"] else {}


def _finish(
    work: Unfinished,
    run: Run,
    file: TicketFile,
    form: ScoredForm,
    plan: Mapping[str, Any],
    places: _Places,
) -> None:
    """Put the scored file together and write down what it is."""
    whole = work.path / ASSEMBLED
    with work.writing():
        assembled = form.assemble(work.path / ROWS, whole)
        if assembled:
            sync_file(whole)
    kept = work.state[ROWS]
    made = file_digest(whole) if assembled else {"bytes": kept["size"], "sha256": kept["sha256"]}
    output = {**made, "name": places.target.name}
    result = run.result()
    aside = places.quarantine.name if result["rows_quarantined"] else None
    manifest = manifest_of(plan, result, output, aside, run.tally.started_at, run.tally.runs)
    work.finish({"output": ASSEMBLED if assembled else ROWS, "manifest": manifest})


def _publish(work: Unfinished, places: _Places) -> None:
    """Give the files their names; an old quarantine file that would mislead goes."""
    files = {work.made["output"]: places.target}
    if work.made["manifest"]["quarantine"]:
        files[QUARANTINE] = places.quarantine
    elif places.usual:
        places.quarantine.unlink(missing_ok=True)
    work.publish(files, places.manifest, work.made["manifest"])
