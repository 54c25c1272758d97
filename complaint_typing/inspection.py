"""How a file is understood before it is scored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from .masking import mask
from .tickets import TicketFile

_LONGEST_CELL = 60


@dataclass(frozen=True)
class Inspection:
    """What :func:`inspect_file` found; counts are of data rows."""

    source: str
    encoding: str
    encoding_decided_by: str
    delimiter: str
    columns: Mapping[str, str]
    unmapped: tuple[str, ...]
    first_rows: tuple[Mapping[str, str], ...]
    rows_in: int
    rows_out: int
    rows_quarantined: int
    quarantine_reasons: Mapping[str, int]
    bad_values: Mapping[str, int]
    repeated_ticket_ids: int
    tz: str

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON."""
        return asdict(self)


def inspect_file(
    source: str | Path,
    mapping: Mapping[str, str] | None = None,
    encoding: str = "auto",
    tz: str = "UTC",
    date_order: str | None = None,
    rows: int = 5,
) -> Inspection:
    """Read a whole file as scoring would, and report what was understood.

    Parameters
    ----------
    source : path
    mapping, encoding, tz, date_order
        As for :func:`~complaint_typing.batch.score_csv`.
    rows : int
        How many of the first rows to return, personal data masked and cells cut to 60 characters.

    Raises
    ------
    UnreadableInput, MissingColumns, AmbiguousDates

    >>> from complaint_typing.resources import data_path
    >>> found = inspect_file(data_path("examples") / "zh_hotline.csv")
    >>> found.encoding, found.columns["text"]
    ('gb18030', '投诉内容')
    """
    file = TicketFile.open(source, mapping, encoding, tz, date_order)
    first: list[dict[str, str]] = []
    for block in file.blocks():
        for cells in block.rows[: rows - len(first)]:
            first.append({name: _shown(cells[place]) for name, place in file.mapping.items()})
    report = file.report
    return Inspection(
        source=str(source),
        encoding=file.encoding.name,
        encoding_decided_by=file.encoding.how,
        delimiter=file.delimiter,
        columns={name: file.header[place] for name, place in file.mapping.items()},
        unmapped=tuple(file.unmapped),
        first_rows=tuple(first),
        rows_in=report.rows_in,
        rows_out=report.rows_out,
        rows_quarantined=sum(report.quarantined.values()),
        quarantine_reasons=dict(report.quarantined),
        bad_values={name: bad.count for name, bad in report.bad_values.items()},
        repeated_ticket_ids=report.repeated_ticket_ids,
        tz=tz,
    )


def _shown(cell: str) -> str:
    text = " ".join(mask(cell).split())
    return text if len(text) <= _LONGEST_CELL else text[: _LONGEST_CELL - 1] + "…"
