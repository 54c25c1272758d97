"""The tickets of an export that could be labelled: their keys, their texts, and what a model says of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..errors import MissingColumns
from ..facts import HISTORY_COLUMNS
from ..folding import fold_texts
from ..history import add_history
from ..model import Model
from ..text_limit import judged_part
from ..ticket_table import join_texts
from ..ticket_texts import facts_of

_BLOCK = 1_000


@dataclass(frozen=True)
class Pool:
    """Tickets that are neither empty nor the same as an earlier one; every array has shape (n_pool, ...).

    Attributes
    ----------
    rows : ndarray of int
        Positions in the table they came from.
    p : ndarray of float32 of shape (n_pool, n_types)
    known_share : ndarray of float32
        Share of each text's n-grams that the model knows.
    """

    rows: NDArray[np.intp]
    p: NDArray[np.float32]
    known_share: NDArray[np.float32]


def ticket_keys(tickets: pd.DataFrame) -> list[str]:
    """What each ticket is called while it is labelled: its ``ticket_id``, or its row where that is unclear.

    >>> ticket_keys(pd.DataFrame({"ticket_id": ["007", "8", "8", ""]}))
    ['007', 'row 2', 'row 3', 'row 4']
    """
    ids = pd.Series([""] * len(tickets))
    if "ticket_id" in tickets.columns:
        ids = pd.Series(tickets["ticket_id"].fillna("").astype(str).tolist(), dtype=object)
    unclear = ids.duplicated(keep=False) | (ids == "")
    return [f"row {row}" if bad else key for row, (key, bad) in enumerate(zip(ids, unclear, strict=True), 1)]


def ticket_texts(tickets: pd.DataFrame) -> list[str]:
    """Subject and text of each ticket; "" where there is none.

    Raises
    ------
    MissingColumns
        When the table has neither.

    >>> ticket_texts(pd.DataFrame({"subject": ["late"], "text": ["Where is it?"]}))
    ['late\\nWhere is it?']
    """
    found = [str(name) for name in tickets.columns]
    if not {"subject", "text"} & {*found}:
        raise MissingColumns(["text"], found)
    cells = [
        tickets[name].fillna("").astype(str).tolist() if name in found else None
        for name in ("subject", "text")
    ]
    return join_texts(*cells)


def folded_keys(texts: Sequence[str]) -> list[bytes]:
    """Texts folded to bytes, so that width, case, script and blanks make no difference.

    >>> a, b = folded_keys(["退款！", "退款!"])
    >>> a == b
    True
    """
    found: list[bytes] = []
    for begin in range(0, len(texts), _BLOCK):
        block = fold_texts(texts[begin : begin + _BLOCK])
        codes, starts = block.codes, block.starts.tolist()
        found += [codes[a:b].tobytes() for a, b in pairwise(starts)]
    return found


def pool_of(tickets: pd.DataFrame, model: Model, labelled: pd.DataFrame | None = None) -> Pool:
    """The tickets worth labelling, with what the model says of them.

    Left out: those without text, those with a ``customer_type`` or a ``corrected_type``, those whose text or
    ``ticket_id`` stands in `labelled`, and all but the first of those with one text.

    Parameters
    ----------
    tickets : DataFrame
        As :func:`~complaint_typing.tickets.read_frame` gives them. Their history is appended where it is
        not there and can be counted.
    model : Model
    labelled : DataFrame, optional
        Tickets that have their label already.

    Raises
    ------
    MissingColumns
        When there is neither ``text`` nor ``subject``.
    """
    texts, keys = ticket_texts(tickets), ticket_keys(tickets)
    folded = folded_keys(texts)
    taken, done = _labelled_before(labelled)
    has_label = _has_label(tickets)
    rows = []
    for row, (key, text) in enumerate(zip(keys, folded, strict=True)):
        if text and not has_label[row] and key not in done and text not in taken:
            rows.append(row)
            taken.add(text)
    place = np.array(rows, dtype=np.intp)
    chosen = _with_history(tickets).iloc[place]
    return Pool(place, *_scored(model, [judged_part(texts[row]) for row in rows], facts_of(chosen)))


def _labelled_before(labelled: pd.DataFrame | None) -> tuple[set[bytes], set[str]]:
    if labelled is None or not len(labelled):
        return set(), set()
    texts = {*folded_keys(ticket_texts(labelled))} if {"text", "subject"} & {*labelled.columns} else set()
    keys = (
        {*labelled["ticket_id"].fillna("").astype(str)} - {""} if "ticket_id" in labelled.columns else set()
    )
    return texts, keys


def _has_label(tickets: pd.DataFrame) -> NDArray[np.bool_]:
    found = np.zeros(len(tickets), dtype=bool)
    for column in ("customer_type", "corrected_type"):
        if column in tickets.columns:
            found |= (tickets[column].fillna("").astype(str) != "").to_numpy()
    return found


def _with_history(tickets: pd.DataFrame) -> pd.DataFrame:
    counted = {*HISTORY_COLUMNS} & {*tickets.columns}
    return tickets if counted or "created_at" not in tickets.columns else add_history(tickets)


def _scored(
    model: Model, texts: Sequence[str], facts: Any
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Probabilities of the types, and the share of known n-grams."""
    p = np.zeros((len(texts), len(model.types)), dtype=np.float32)
    known = np.zeros(len(texts), dtype=np.float32)
    for begin in range(0, len(texts), _BLOCK):
        part = slice(begin, begin + _BLOCK)
        past = {name: values[part] for name, values in facts.items()}
        sums = model.sums(fold_texts(texts[part]))
        logits = model.weigh_sums(sums, past).logits
        p[part] = model.calibrated(logits, sums.known_share, model.gate(past)).types
        known[part] = sums.known_share
    return p, known
