"""What became of a file: the summary for the caller, and the manifest that stays beside the output."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

PROTOCOL = 2


@dataclass(frozen=True)
class BatchSummary:
    """What became of a file.

    Attributes
    ----------
    source, target, quarantine, manifest : str or None
        Where the files are; no quarantine file without quarantined rows.
    rows_in, rows_out, rows_quarantined : int
        ``rows_in`` is always the sum of the other two.
    rows_kept : int
        Rows of these that an earlier, stopped run had scored.
    types : dict of str to int
        Tickets by ``customer_type``.
    requires_human : int
        Tickets that a person has to decide.
    quarantine_reasons : dict of str to int
    bad_values : dict of str to int
        Values that counted as missing, by column.
    repeated_ticket_ids : int
    padded_rows : int
        Rows with fewer fields than the header; the missing ones were taken as empty.
    encoding, encoding_decided_by, delimiter : str
    replaced : int
        Replacement characters (U+FFFD) that the file has, and bytes that cannot be decoded.
    columns : dict of str to str
        Column of the contract to header of the file.
    unmapped : tuple of str
        Headers that only pass through.
    history_rows : int
        Rows of earlier exports that were looked at.
    history_undated : int
        Those of them without a time that can be read, which count for nobody.
    history_quarantined : dict of str to int
        Further rows of earlier exports that cannot be read or have no text, by reason; they count for nobody.
    model_version, policy_version : str
    priors : dict, optional
        The shares of the types that probabilities were adapted to, before and after, with intervals.
    seconds : float
        Spent on it, over all runs where it was stopped and continued.
    """

    source: str
    target: str
    quarantine: str | None
    manifest: str
    rows_in: int
    rows_out: int
    rows_quarantined: int
    rows_kept: int = field(compare=False)
    types: Mapping[str, int]
    requires_human: int
    quarantine_reasons: Mapping[str, int]
    bad_values: Mapping[str, int]
    repeated_ticket_ids: int
    padded_rows: int
    encoding: str
    encoding_decided_by: str
    replaced: int
    delimiter: str
    columns: Mapping[str, str]
    unmapped: tuple[str, ...]
    history_rows: int
    history_undated: int
    history_quarantined: Mapping[str, int]
    model_version: str
    policy_version: str
    priors: Mapping[str, Any] | None
    seconds: float = field(compare=False)

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON."""
        return asdict(self)

    @property
    def rows_per_second(self) -> float:
        """Rows in all by seconds in all."""
        return self.rows_in / max(self.seconds, 1e-9)


def manifest_path(target: str | Path) -> Path:
    """Where the manifest of a scored file is.

    >>> manifest_path("out/scored.csv").name
    'scored.csv.manifest.json'
    """
    return Path(f"{target}.manifest.json")


def manifest_of(
    plan: Mapping[str, Any],
    result: Mapping[str, Any],
    output: Mapping[str, Any],
    quarantine: str | None,
    started_at: str,
    runs: int,
) -> dict[str, Any]:
    """What a run read, did and wrote: numbers, names of columns, digests and versions; no cell of any row.

    Parameters
    ----------
    plan : mapping
        What the run began with, see :func:`~complaint_typing.batch_plan.plan_of`.
    result : mapping
        The fields of :class:`BatchSummary` that are no paths.
    output : mapping
        Base name, bytes and SHA-256 of the scored file.
    quarantine : str, optional
        Base name of the file of quarantined rows.
    started_at : str
        ISO 8601, UTC; of the first run where it was stopped and continued.
    runs : int
        How often it was started.
    """
    return {
        "protocol": PROTOCOL,
        "plan": dict(plan),
        "output": dict(output),
        "quarantine": quarantine,
        "result": dict(result),
        "python": platform.python_version(),
        "started_at": started_at,
        "runs": runs,
    }


def summary_of(
    manifest: Mapping[str, Any], source: object, target: object, quarantine: object, rows_kept: int
) -> BatchSummary:
    """The summary of a run whose files are all there.

    Parameters
    ----------
    manifest : mapping
        From :func:`manifest_of`.
    source, target, quarantine : path
        Where the files are; the last only if there is one.
    rows_kept : int
        Rows that an earlier, stopped run had scored.
    """
    return BatchSummary(
        source=str(source),
        target=str(target),
        quarantine=str(quarantine) if manifest["quarantine"] else None,
        manifest=str(manifest_path(str(target))),
        rows_kept=rows_kept,
        **{**manifest["result"], "unmapped": tuple(manifest["result"]["unmapped"])},
    )


def read_manifest(target: str | Path) -> dict[str, Any]:
    """The manifest beside a scored file; empty where there is none that this version understands.

    >>> read_manifest("no_such_file.csv")
    {}
    """
    try:
        manifest = json.loads(manifest_path(target).read_bytes())
        return manifest if manifest["protocol"] == PROTOCOL else {}
    except (OSError, ValueError, TypeError, KeyError):
        return {}
