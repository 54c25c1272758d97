"""Labelled tickets: read from files, checked against the taxonomy, laid out for fitting and for judging."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .errors import BadLabels, BadValue, LabelFault, MissingColumns, UnreadableInput
from .evaluation import Truth
from .facts import HISTORY_COLUMNS
from .fitting import Labelled, labelled
from .history import add_history
from .label_terms import Terms, allowed_labels, term_fault
from .taxonomy import Taxonomy, read_taxonomy
from .ticket_table import join_texts
from .ticket_texts import facts_of, flags_as_numbers, texts_of
from .tickets import headers_of, read_numbered_frame

_READ = re.compile(r"\.(?:(?:csv|tsv|jsonl|ndjson|json)(?:\.gz)?|xlsx|xlsm|parquet)\Z", re.IGNORECASE)
_COUNTS = "write 1 for a ticket that counts as any other"


def read_labelled(
    paths: str | Path | Sequence[str | Path], taxonomy: Taxonomy | None = None, **reading: Any
) -> pd.DataFrame:
    """Labelled tickets of files and folders, with their history appended.

    Parameters
    ----------
    paths : path or sequence of path
        Files of any format that is read, or folders whose files are read in the order of their names.
    taxonomy : Taxonomy, optional
        Whose types, modes and signals are allowed; the shipped one by default.
    **reading
        `mapping`, `encoding`, `tz`, `date_order` and `sheet`, as for
        :func:`~complaint_typing.tickets.read_frame`; for every file.

    Returns
    -------
    DataFrame
        The tickets with a ``customer_type`` that is not empty; a ``corrected_type`` takes its place. Labels
        are ids, whether a file has these or the names in a language. ``history_*`` columns of a file are
        kept where they are filled. ``attrs["unusable"]`` counts the rows that could not be read or had no
        text, ``attrs["bad_values"]`` the values that count as missing, by column, and ``attrs["repeated"]``
        the tickets whose id an earlier one had.

    Raises
    ------
    UnreadableInput, MissingColumns, AmbiguousDates, MissingExtra
        When there is no such file, it cannot be read as a table of tickets, or has no ``customer_type``.
    BadLabels
        When labels are not in the taxonomy or weights no numbers: all of them, of all files.
    """
    several = [paths] if isinstance(paths, str | Path) else paths
    return read_with_files(several, taxonomy, **reading)[0]


def read_with_files(
    paths: Sequence[str | Path], taxonomy: Taxonomy | None = None, **reading: Any
) -> tuple[pd.DataFrame, list[Path]]:
    """As :func:`read_labelled`, and the file of each ticket."""
    taxonomy = taxonomy or read_taxonomy()
    frames, faults, files = [], [], []
    unusable, bad_values = 0, Counter[str]()
    for path in labelled_files(paths):
        frame, rows = read_numbered_frame(path, **reading)
        unusable += frame.attrs["quarantined"]
        bad_values += Counter(frame.attrs["bad_values"])
        frame = frame.assign(text=join_texts(*(_cells(frame, name) for name in ("subject", "text"))))
        if not {"customer_type", "corrected_type"} & {*frame.columns}:
            raise MissingColumns(["customer_type"], headers_of(frame), path=path)
        collections = _cells(frame, "collection") or [""] * len(frame)
        frame = frame.assign(collection=[name or path.stem for name in collections])
        frame = _with_ids(frame, taxonomy)
        faults += label_faults(path.name, frame, rows, taxonomy)
        frames.append(frame.assign(customer_type=_as_corrected(frame)))
        files += [path] * len(frame)
    if faults:
        named = {fault.column for fault in faults}
        allowed = {column: sorted(terms - {""}) for column, terms in allowed_labels(taxonomy).items()}
        raise BadLabels(faults, {column: terms for column, terms in allowed.items() if column in named})
    tickets, unread = _with_history(pd.concat(frames, ignore_index=True))
    bad_values += unread
    labelled = (tickets["customer_type"].fillna("") != "").to_numpy()
    kept = [file for file, keep in zip(files, labelled, strict=True) if keep]
    tickets = tickets[labelled].reset_index(drop=True)
    ids = pd.Series(_cells(tickets, "ticket_id") or "", dtype=object)
    repeated = int(ids[ids != ""].duplicated().sum())
    tickets.attrs = {"unusable": unusable, "bad_values": dict(bad_values), "repeated": repeated}
    return tickets, kept


def _with_ids(frame: pd.DataFrame, taxonomy: Taxonomy) -> pd.DataFrame:
    """A table with every label that is an id or a name as its id; the others stay as they are."""
    terms = Terms(taxonomy)
    for column in allowed_labels(taxonomy).keys() & {*frame.columns}:
        ids = {cell: terms.written_as_ids(column, cell) for cell in frame[column].unique()}
        frame = frame.assign(**{column: frame[column].map(ids)})
    return frame


def _as_corrected(frame: pd.DataFrame) -> pd.Series:
    """The type of each ticket: what a person corrected it to, else its label."""
    labels, corrected = (
        pd.Series(_cells(frame, name) or "", index=frame.index, dtype=object)
        for name in ("customer_type", "corrected_type")
    )
    return corrected.where(corrected != "", labels)


def _with_history(tickets: pd.DataFrame) -> tuple[pd.DataFrame, Counter[str]]:
    """History facts as they were kept beside a ticket, else from the tickets that are there.

    Also how many of the facts that were kept cannot be read, by column.
    """
    counted, unread = add_history(tickets), Counter[str]()
    if not {*HISTORY_COLUMNS} <= {*tickets.columns}:
        return counted, unread
    kept = tickets["history_known"].fillna("") != ""
    for name in HISTORY_COLUMNS:
        cells = flags_as_numbers(tickets[name].fillna(""))
        told = pd.to_numeric(cells, errors="coerce")
        unread[name] = int((kept & told.isna() & (cells != "")).sum())
        counted[name] = counted[name].astype(float).where(~kept, told)
    return counted, +unread


def labelled_files(paths: Sequence[str | Path]) -> list[Path]:
    """The files that are named, or that stand in folders that are named; each once.

    Raises
    ------
    UnreadableInput
        When there is none.
    """
    found: dict[str, Path] = {}
    for path in map(Path, paths):
        inside = sorted(p for p in path.glob("*") if _READ.search(p.name)) if path.is_dir() else [path]
        if not inside or not inside[0].exists():
            remedy = "name labelled files or a folder of them"
            raise UnreadableInput(path, "no file of tickets is there", remedy)
        found |= {os.path.abspath(file): file for file in inside}
    return list(found.values())


def label_faults(name: str, frame: pd.DataFrame, rows: Sequence[int], taxonomy: Taxonomy) -> list[LabelFault]:
    """Every label of a table that is not allowed.

    Parameters
    ----------
    name : str
        Of the file.
    frame : DataFrame
    rows : sequence of int
        Number of each row in the file.
    taxonomy : Taxonomy
    """
    faults = []
    for column, terms in allowed_labels(taxonomy).items():
        cells = frame[column].fillna("") if column in frame.columns else ()
        for row, cell in zip(rows, cells, strict=False):
            for value in cell.split(";") if column == "risk_signals" else (cell,):
                fault = term_fault(name, row, column, value, terms)
                faults += [fault] if fault else []
    weights = frame["weight"] if "weight" in frame.columns else ()
    for row, cell in zip(rows, weights, strict=False):
        if not _is_weight(cell):
            faults.append(LabelFault(name, row, "weight", str(cell), "a number from 0 up"))
    headers = frame.attrs.get("headers", {})
    named = [replace(fault, header=headers.get(fault.column, fault.column)) for fault in faults]
    return sorted(named, key=lambda fault: fault.row)


def _is_weight(cell: Any) -> bool:
    try:
        return cell == "" or 0 <= float(cell) < float("inf")
    except (TypeError, ValueError):
        return False


def weighed(tickets: pd.DataFrame) -> pd.DataFrame:
    """The tickets that count in fitting: a ``weight`` of 0 leaves one out.

    Raises
    ------
    BadValue
        When a weight is no number, or none is above 0.
    """
    if "weight" not in tickets.columns or not len(tickets):
        return tickets
    above = _weights(tickets) > 0
    if not above.any():
        raise BadValue(None, "weight", 0, "a weight above zero for any ticket", _COUNTS)
    return tickets if above.all() else tickets[above].reset_index(drop=True)


def labelled_frame(tickets: pd.DataFrame, taxonomy: Taxonomy) -> Labelled:
    """A labelled table as training reads it.

    Raises
    ------
    BadValue
        When a weight is no number, or no ticket carries a type.
    """
    signals = _sets(tickets, "risk_signals")
    return labelled(
        texts_of(tickets),
        facts_of(tickets),
        tickets["customer_type"].to_numpy(dtype=str),
        hands_of(tickets)[1],
        _strings(tickets, "emotional_mode"),
        signals,
        taxonomy.signals if signals is not None else (),
        _weights(tickets) if "weight" in tickets.columns else None,
        (tickets["sampling"] == "natural").to_numpy() if "sampling" in tickets.columns else None,
        _cells(tickets, "genre"),
    )


def hands_of(tickets: pd.DataFrame) -> tuple[str, list[str]]:
    """Who wrote each ticket: its collection; with one collection its customer, who is never cut by a fold.

    Where no customer is told, or only one, equal texts count as of one hand: a copy teaches its own answer.

    Returns
    -------
    str, list of str
        ``collection``, ``customer`` or ``ticket``, and a name for the hand of each ticket.
    """
    if "collection" in tickets.columns and tickets["collection"].nunique() > 1:
        return "collection", tickets["collection"].astype(str).tolist()
    texts = [f"\n{code}" for code in pd.factorize(tickets["text"])[0].tolist()]
    customers = _cells(tickets, "customer_id") or [""] * len(tickets)
    if len({*customers}) < 2:
        return "ticket", texts
    return "customer", [customer or text for customer, text in zip(customers, texts, strict=True)]


def _weights(tickets: pd.DataFrame) -> NDArray[np.float64]:
    """The column ``weight``, 1 where empty."""
    cells = tickets["weight"].replace("", "1").fillna("1")
    weights = pd.to_numeric(cells, errors="coerce").to_numpy(dtype=float)
    bad = np.flatnonzero(~(weights >= 0) | np.isinf(weights))
    if len(bad):
        raise BadValue(int(bad[0]) + 1, "weight", cells.iloc[bad[0]], "a number from 0 up", _COUNTS)
    return weights


def _cells(frame: pd.DataFrame, name: str) -> list[str] | None:
    return frame[name].fillna("").astype(str).tolist() if name in frame.columns else None


def _strings(frame: pd.DataFrame, name: str) -> NDArray[Any] | None:
    cells = _cells(frame, name)
    return None if cells is None else np.array(cells, dtype=str)


def _sets(frame: pd.DataFrame, name: str) -> list[set[str]] | None:
    cells = _cells(frame, name)
    return None if cells is None else [set(filter(None, cell.split(";"))) for cell in cells]


def truth_of(tickets: pd.DataFrame) -> Truth:
    """The label columns of a table; those it lacks are not judged.

    Raises
    ------
    MissingColumns
        When it has no ``customer_type``.
    """
    if "customer_type" not in tickets.columns:
        raise MissingColumns(["customer_type"], [str(name) for name in tickets.columns])

    return Truth(
        np.array(_cells(tickets, "customer_type")),
        _sets(tickets, "also_acceptable"),
        _strings(tickets, "emotional_mode"),
        _sets(tickets, "risk_signals"),
    )
