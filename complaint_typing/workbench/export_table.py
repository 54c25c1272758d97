"""An export, scored or not, as one plain table with the contract's names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import TypeAlias

import pandas as pd

from .. import cells
from ..advisor import Advisor
from ..artifact import load_model
from ..columns import map_headers
from ..errors import MissingColumns, UnreadableInput
from ..model import Model
from ..policy import PolicyTable
from ..resources import data_path
from ..scored import read_scored
from ..scored_header import own_columns
from ..ticket_table import join_texts
from ..tickets import read_frame
from .care_tickets import care_tickets, scored_places

Export: TypeAlias = pd.DataFrame | str | PathLike[str]
ModelOrFolder: TypeAlias = Model | str | Path | None
_CARE = {"created_at": "created", "resolved_at": "resolved"}
_AS_CHECKED = ("ticket_id", "customer_id", "category", "branch", "emotional_mode", "strategy_id", *_CARE)
_TEXTS = ("channel", "language")
_SCORED = ("top_type", "risk_signals", "goodwill", "requires_human", "next_step")


def model_of(model: ModelOrFolder) -> Model:
    """A model as it is, or from its folder; the shipped one by default.

    >>> len(model_of(None).types)
    9
    """
    return model if isinstance(model, Model) else load_model(data_path("model") if model is None else model)


def export_table(
    export: Export,
    model: ModelOrFolder = None,
    *,
    mapping: Mapping[str, str] | None = None,
    tz: str = "UTC",
    date_order: str | None = None,
    policy: str | Path | None = None,
) -> pd.DataFrame:
    """The tickets of an export with the verdict on each; one that was not scored is scored first.

    Parameters
    ----------
    export : DataFrame or path
        Scored, as :func:`~complaint_typing.scored.read_scored` or ``Advisor.score`` gives it, or any export.
    model : Model or path, optional
        To score with, where that is to be done; the shipped one by default.
    mapping : mapping of str to str, optional
        Contract column -> header, where the aliases do not know it.
    tz, date_order
        As for :func:`~complaint_typing.workbench.care_tickets.care_tickets`.
    policy : path, optional
        Folder of the policy to score with, where a model has types of its own; the shipped one by default.

    Returns
    -------
    DataFrame
        `customer_type` (as a person corrected it, else as scored), `confidence` and, as far as the export
        has them, `ticket_id`, `customer_id`, `category`, `branch`, `channel`, `language`, `text` ("" where
        missing), `created`, `resolved` (days, NaT where missing), `emotional_mode`, `strategy_id`,
        `top_type`, `risk_signals`, `goodwill`, `requires_human`, `next_step`. The index counts from 0;
        ``attrs["headers"]`` are those of the export, without what scoring appends.

    Raises
    ------
    UnreadableInput, MissingColumns, BadValue, AmbiguousDates
        When it cannot be read as tickets.

    >>> table = export_table(pd.DataFrame({"Description": ["No answer for a week"], "Via": ["Web"]}))
    >>> table["channel"].tolist(), bool(table["confidence"].between(0, 1).all()), "created" in table
    (['Web'], True, False)
    """
    frame, mapping = _scored(export, model, mapping, tz, date_order, policy)
    care = care_tickets(frame, mapping, tz, date_order).need(["customer_type", "confidence"])
    headers = [str(name) for name in frame.columns]
    places = scored_places(headers)
    given = ["" if i in set(places.values()) else name for i, name in enumerate(headers)]
    found = _places(given, mapping)
    said = {name: cells.texts(frame.iloc[:, i].tolist()) for name, i in found.items()}
    table: dict[str, object] = {
        _CARE.get(name, name): care.table[_CARE.get(name, name)]
        for name in _AS_CHECKED
        if name in care.present
    }
    table |= {name: [cell.strip() for cell in said[name]] for name in _TEXTS if name in said}
    if {"text", "subject"} & said.keys():
        table["text"] = join_texts(said.get("subject"), said.get("text"))
    table |= {name: frame.iloc[:, places[name]].tolist() for name in _SCORED if name in places}
    confidence = pd.to_numeric(frame.iloc[:, places["confidence"]], errors="coerce").to_numpy()
    made = pd.DataFrame(table).assign(customer_type=care.types, confidence=confidence)
    made.attrs["headers"] = list(care.headers)
    return made


def _places(headers: Sequence[str], mapping: Mapping[str, str] | None) -> dict[str, int]:
    """Contract column -> its place; an export without the texts has none for them."""
    try:
        return map_headers(headers, mapping)
    except MissingColumns:
        found = map_headers([*headers, "text"], mapping)
        return {name: i for name, i in found.items() if i < len(headers)}


def need(table: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """The table, if all columns are there.

    Raises
    ------
    MissingColumns
        Naming those that are not, and the headers that the export has.

    >>> need(export_table(pd.DataFrame({"Description": ["No answer"]})), ["created"])
    Traceback (most recent call last):
        ...
    complaint_typing.errors.MissingColumns: no column found for: created_at. Headers found: 'Description'. ...
    """
    missing = [name for name in columns if name not in table.columns]
    if missing:
        contract = {name: column for column, name in _CARE.items()}
        found = table.attrs.get("headers", table.columns)
        raise MissingColumns([contract.get(name, name) for name in missing], [str(name) for name in found])
    return table


def _scored(
    export: Export,
    model: ModelOrFolder,
    mapping: Mapping[str, str] | None,
    tz: str,
    date_order: str | None,
    policy: str | Path | None,
) -> tuple[pd.DataFrame, Mapping[str, str] | None]:
    """The scored tickets, and the mapping as far as their headers still need it."""
    frame = export if isinstance(export, pd.DataFrame) else _written_by_scoring(export)
    if frame is not None and _is_scored(frame):
        return frame, mapping
    if not isinstance(export, pd.DataFrame):
        frame = read_frame(export, mapping, tz=tz, date_order=date_order)
    else:
        frame = export.rename(columns={header: name for name, header in (mapping or {}).items()})
    return Advisor(model_of(model), PolicyTable.read(policy)).score(frame), None


def _written_by_scoring(path: str | PathLike[str]) -> pd.DataFrame | None:
    """A scored file as it was written; None where it is another file."""
    try:
        frame = read_scored(path)
    except UnreadableInput:
        return None
    return frame if _is_scored(frame) else None


def _is_scored(frame: pd.DataFrame) -> bool:
    headers = [str(name) for name in frame.columns]
    return bool(own_columns(headers)) or {"customer_type", "confidence", "top_type"} <= {*headers}
