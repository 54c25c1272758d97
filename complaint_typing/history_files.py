"""Earlier exports, read only for what they tell of the customers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .batch_errors import MissingHistoryColumns
from .errors import MissingColumns, UnreadableInput
from .sampling import sampled
from .tickets import TicketFile

_NEEDED = ("customer_id", "created_at")


def open_history(
    path: str | Path,
    mapping: Mapping[str, str] | None = None,
    own_mapping: Mapping[str, str] | None = None,
    encoding: str = "auto",
    **reading: Any,
) -> TicketFile:
    """Open an earlier export.

    Parameters
    ----------
    path : path
    mapping : mapping of str to str, optional
        Of the export that is scored; of it counts what names a header that this file has.
    own_mapping : mapping of str to str, optional
        Counts instead of it.
    encoding : str, default "auto"
        Of the export that is scored; a file with a byte order mark says itself what it is.
    **reading
        Further arguments of :meth:`~complaint_typing.tickets.TicketFile.open`.

    Raises
    ------
    UnreadableInput, AmbiguousDates
        As for any export.
    MissingHistoryColumns
        When it has no text, or no `customer_id` or `created_at`: then it tells nothing.

    >>> import tempfile
    >>> place = tempfile.mkdtemp() + "/may.csv"
    >>> with open(place, "w") as file:
    ...     _ = file.write("text,created_at\\nno light,2026-05-01\\n")
    >>> open_history(place)
    Traceback (most recent call last):
        ...
    complaint_typing.batch_errors.MissingHistoryColumns: .../may.csv: no column found for: customer_id. ...
    """
    reading["encoding"] = "auto" if encoding != "auto" and _has_mark(path) else encoding
    try:
        file = _opened(path, mapping, own_mapping, reading)
    except MissingColumns as error:
        raise MissingHistoryColumns(error.missing, error.found, error.guesses, path) from None
    missing = [column for column in _NEEDED if column not in file.mapping]
    if missing:
        raise MissingHistoryColumns(missing, file.header, path=path)
    return file


def _opened(
    path: str | Path,
    mapping: Mapping[str, str] | None,
    own_mapping: Mapping[str, str] | None,
    reading: dict[str, Any],
) -> TicketFile:
    if own_mapping or not mapping:
        return TicketFile.open(path, own_mapping, **reading)
    try:
        return TicketFile.open(path, mapping, **reading)
    except MissingColumns as error:
        known = {column: header for column, header in mapping.items() if column not in error.missing}
        return TicketFile.open(path, known, **reading)


def _has_mark(path: str | Path) -> bool:
    try:
        return bool(sampled(path)[0].bom)
    except UnreadableInput:
        return False
