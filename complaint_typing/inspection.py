"""How a file is understood before it is scored."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from .column_values import TIME_COLUMNS
from .columns import nearest_headers
from .masking import mask
from .quarantine import QuarantinedRow
from .tickets import Block, TicketFile
from .time_forms import TimeForms
from .times import NO_TIME

LONGEST_CELL = 60
LONGEST_ROW = 40


@dataclass(frozen=True)
class Inspection:
    """What :func:`inspect_file` found; counts are of data rows.

    Attributes
    ----------
    encoding, encoding_decided_by : str
    replaced : int
        Replacement characters (U+FFFD) in the file, and bytes that cannot be decoded.
    form, layout, delimiter : str
        Format; what sets fields apart and where the header is; one character or "".
    columns : dict of str to str
        Column of the contract to header of the file.
    unmapped : tuple of str
        Headers that only pass through.
    not_found : dict of str to list of str
        Expected columns without a header, with the nearest of the unmapped ones.
    also_matching : dict of str to list of str
        Further headers that would have served a column.
    first_rows : tuple of dict
        Mapped columns of the first rows; times as understood.
    quarantined : tuple of dict
        The first of the rows that would be set aside: row, line, reason, meaning, beginning.
    bad_examples : dict of str to tuple of (int, str)
        Row number and beginning of the first values of each column that count as missing.
    times : dict of str to dict
        By column of times: their forms with counts, how many name their zone, how many do not.
    date_order : str or None
        ``dmy`` or ``mdy``, as given or as the file tells; None where no date leaves it open.
    tz : str
        Zone of the times that name none.
    """

    source: str
    form: str
    encoding: str
    encoding_decided_by: str
    replaced: int
    layout: str
    delimiter: str
    columns: Mapping[str, str]
    unmapped: tuple[str, ...]
    not_found: Mapping[str, list[str]]
    also_matching: Mapping[str, list[str]]
    first_rows: tuple[Mapping[str, str], ...]
    rows_in: int
    rows_out: int
    rows_quarantined: int
    quarantine_reasons: Mapping[str, int]
    quarantined: tuple[Mapping[str, Any], ...]
    padded_rows: int
    repaired_rows: int
    bad_values: Mapping[str, int]
    bad_examples: Mapping[str, tuple[tuple[int, str], ...]]
    repeated_ticket_ids: int
    times: Mapping[str, Mapping[str, Any]]
    date_order: str | None
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
    sheet: str | None = None,
    rows: int = 5,
    masked: bool = True,
) -> Inspection:
    """Read a whole file as scoring would, and report what was understood.

    Parameters
    ----------
    source : path
    mapping, encoding, tz, date_order, sheet
        As for :func:`~complaint_typing.batch.score_csv`.
    rows : int
        How many of the first rows, and of those that would be quarantined, to return; cells are cut to 60
        characters.
    masked : bool, default True
        Whether personal data is masked in what is returned.

    Raises
    ------
    UnreadableInput, MissingColumns, BadValue, MissingExtra
        When it cannot be read as a table of tickets.
    AmbiguousDates
        When nothing tells whether days or months come first.

    >>> from complaint_typing.resources import data_path
    >>> found = inspect_file(data_path("examples") / "zh_hotline.csv")
    >>> found.encoding, found.columns["text"], found.times["created_at"]["without_zone"]
    ('gb18030', '投诉内容', 39)
    """
    file = TicketFile.open(source, mapping, encoding, tz, date_order, sheet=sheet)
    look = _Look(file, rows, mask if masked else str)
    for block in file.blocks():
        look.at(block)
    report = file.report
    return Inspection(
        source=str(source),
        form=file.form,
        encoding=file.encoding.name,
        encoding_decided_by=file.encoding.how,
        replaced=report.replaced,
        layout=file.layout,
        delimiter=file.delimiter,
        columns={name: file.header[place] for name, place in file.mapping.items()},
        unmapped=tuple(file.unmapped),
        not_found=nearest_headers(file.mapping, file.unmapped),
        also_matching=file.shadowed,
        first_rows=tuple(look.first),
        rows_in=report.rows_in,
        rows_out=report.rows_out,
        rows_quarantined=sum(report.quarantined.values()),
        quarantine_reasons=dict(report.quarantined),
        quarantined=tuple(look.quarantined),
        padded_rows=report.padded_rows,
        repaired_rows=report.repaired_rows,
        bad_values={name: bad.count for name, bad in report.bad_values.items()},
        bad_examples={name: tuple(found.items()) for name, found in look.bad.items()},
        repeated_ticket_ids=report.repeated_ticket_ids,
        times={name: look.forms_of(name) for name in look.times},
        date_order=file.date_order,
        tz=tz,
    )


class _Look:
    """Gathers what is shown of the rows."""

    def __init__(self, file: TicketFile, rows: int, shown: Callable[[str], str]):
        self._file, self._rows, self._shown = file, rows, shown
        self.first: list[dict[str, str]] = []
        self.quarantined: list[dict[str, Any]] = []
        self.bad: dict[str, dict[int, str]] = {}
        self.times = {name: TimeForms() for name in TIME_COLUMNS if name in file.mapping}

    def at(self, block: Block) -> None:
        """Take in a block."""
        for name, forms in self.times.items():
            place = self._file.mapping[name]
            forms.add((row[place] for row in block.rows), self._file.date_order)
        for i in range(min(len(block.rows), self._rows - len(self.first))):
            cells = {name: self._cell(block.rows[i][place]) for name, place in self._file.mapping.items()}
            self.first.append(cells | {name: _understood(block, name, i) for name in self.times})
        for name, bad in self._file.report.bad_values.items():
            shown = self.bad.setdefault(name, {})
            for number in {row for row, _ in bad.examples} - shown.keys():
                at = block.row_numbers.index(number)
                shown[number] = self._cell(block.rows[at][self._file.mapping[name]], LONGEST_ROW)
        for row in islice(block.quarantined, max(0, self._rows - len(self.quarantined))):
            self.quarantined.append(self._set_aside(row))

    def forms_of(self, name: str) -> dict[str, Any]:
        """The forms of a column of times, the most frequent first."""
        found = self.times[name]
        forms = dict(found.forms.most_common())
        return {"forms": forms, "with_zone": found.with_zone, "without_zone": found.without_zone}

    def _set_aside(self, row: QuarantinedRow) -> dict[str, Any]:
        place = {"row": row.row_number, "line": row.line, "reason": row.reason}
        return place | {"meaning": row.meaning(), "beginning": self._cell(row.text, LONGEST_ROW)}

    def _cell(self, cell: str, longest: int = LONGEST_CELL) -> str:
        """A cell on one line, masked before it is cut, so that no half of a number stays."""
        text = " ".join(self._shown(cell[: 10 * longest]).split())
        return text if len(text) <= longest else text[: longest - 1] + "…"


def _understood(block: Block, name: str, i: int) -> str:
    """A time as it is understood."""
    seconds = int(getattr(block.tickets, name)[i])
    return "" if seconds == NO_TIME else f"{np.datetime64(seconds, 's')}Z"
