"""Tells which complaints are about a refusal that followed the rules and say nothing against the agent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..columns import FAULT_CODES
from ..playbook import Strategy, read_playbook
from .care_tickets import Scored, care_tickets

DEFINITION_ZH = (
    "按规矩拒绝：实际采取的策略（没有记录时看建议的策略）是拒绝或设限一类，而且没有认定我方有责；"
    "或者客户类型是重复滥诉型，结论为无责并已办结。这样的投诉不计在员工和网点名下。"
)
DEFINITION_EN = (
    "A refusal by the rules: the strategy carried out (or, where none is recorded, the one advised) turns "
    "something down, and no fault on our side was found; or the type is repeat abuser and the ticket was "
    "closed with no fault found. Such a complaint does not count against an agent or a branch."
)
_SEPARATORS = re.compile(r"[;；,，、|]")
_NO, _YES = FAULT_CODES["no"], FAULT_CODES["yes"]


def refusals_by_the_rules(scored: Scored, policy: str | Path | None = None) -> NDArray[np.bool_]:
    """Which tickets are about a refusal that followed the rules.

    A ticket is one, if either

    - `strategy_done` names an adverse strategy of the playbook (by id or name) or, where it is empty or
      names none that the playbook knows, `strategy_id` is an adverse one; and `fault_found` is not ``yes``;
    - or its type is `repeat_abuser`, `fault_found` is ``no``, and it is closed: it has a `resolved_at`, or
      the file has no such column.

    Source: 003 (a refusal wholly by the rules is nothing to worry about, even if it is complained about).

    Parameters
    ----------
    scored : DataFrame, path or CareTickets
    policy : path, optional
        Folder with the playbook that says which strategies are adverse; what ships by default.

    Returns
    -------
    ndarray of bool of shape (n_tickets,)

    Raises
    ------
    MissingScoredColumns
        Without `strategy_id` or `customer_type`.

    >>> import pandas as pd
    >>> tickets = {"strategy_id": ["refusal", "refusal", "restore", "refusal"], "customer_type": "venting"}
    >>> frame = pd.DataFrame(tickets | {"upheld": ["no", "yes", "no", ""]})
    >>> refusals_by_the_rules(frame.assign(strategy_done=["", "", "", "restore"])).tolist()
    [True, False, False, False]
    """
    tickets = care_tickets(scored).need(["strategy_id", "customer_type"])
    table, names = tickets.table, read_playbook(policy).by_name()
    known = {cell: _adverse(cell, names) for cell in {*table["strategy_done"], *table["strategy_id"]}}
    refused = np.array(
        [
            bool(known[advised] if known[done] is None else known[done])
            for done, advised in zip(table["strategy_done"], table["strategy_id"], strict=True)
        ],
        dtype=bool,
    )
    fault = table["fault_found"].to_numpy()
    closed = table["resolved"].notna().to_numpy() if "resolved_at" in tickets.present else np.bool_(True)
    abuse = (tickets.types == "repeat_abuser").to_numpy() & (fault == _NO) & closed
    return np.asarray((refused & (fault != _YES)) | abuse)


def _adverse(cell: str, names: Mapping[str, Strategy]) -> bool | None:
    """Whether a cell names an adverse strategy; None where it names none that is known."""
    parts: Iterable[str] = (cell, *_SEPARATORS.split(cell))
    found = [names[part.strip().casefold()].adverse for part in parts if part.strip().casefold() in names]
    return any(found) if found else None
