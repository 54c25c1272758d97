"""Point-in-time history: one definition of every fact, for one ticket, a frame or an export of millions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .columns import map_headers
from .errors import BadOption, MissingColumns
from .facts import DAY, FACT_NAMES, FACTS
from .ticket_log import TicketLog, codes, log_of, marks
from .ticket_table import Tickets, tickets_from_columns
from .ticket_texts import MissingTexts
from .window_counts import window_counts

Facts = dict[str, NDArray[Any]]


def history_facts(log: TicketLog, asked: TicketLog, has_outcomes: bool) -> Facts:
    """Every fact of every ticket asked about, from all tickets of the log, strictly before each.

    Parameters
    ----------
    log : TicketLog
        All tickets that may bear, in any order; those asked about may be among them.
    asked : TicketLog
        The tickets to judge, numbered like ``log``.
    has_outcomes : bool
        Whether the sources had a column for outcomes, see
        :data:`~complaint_typing.columns.FINDING_COLUMNS`.

    Returns
    -------
    dict of str to ndarray of shape (n_asked,)
        One entry for each name of :data:`~complaint_typing.facts.FACT_NAMES`. A ticket without customer
        or time has zeros and NaN days.
    """
    return facts_of_counts(window_counts(log, asked), has_outcomes)


def facts_of_counts(counts: Mapping[str, NDArray[Any]], has_outcomes: bool) -> Facts:
    """Whole numbers as :func:`~complaint_typing.window_counts.window_counts` gives them, as facts.

    >>> nothing = {fact.name: np.zeros(1, np.uint8) for fact in FACTS}
    >>> facts_of_counts(nothing, True)["days_since_last"]
    array([nan])
    """
    facts: Facts = {"has_outcomes": np.full(len(counts["known"]), has_outcomes)}
    for fact in FACTS:
        if fact.name not in facts:
            facts[fact.name] = _in_units(np.asarray(counts[fact.name], dtype=np.int64), fact.kind)
    return {name: facts[name] for name in FACT_NAMES}


def _in_units(values: NDArray[np.int64], kind: str) -> NDArray[Any]:
    """Flags, counts, money or days of whole numbers."""
    if kind == "flag":
        return values > 0
    if kind == "days":
        return np.where(values > 0, values, np.nan) / DAY
    return values / 100 if kind == "money" else values


def columns_of(frame: Any) -> dict[str, list[Any]]:
    """The contract's columns of a table, found by the same header aliases as in files.

    Raises
    ------
    MissingTexts
        When it has neither ``text`` nor ``subject`` under any known name.
    """
    try:
        places = map_headers([str(name) for name in frame.columns])
    except MissingColumns as error:
        raise MissingTexts(error.missing, error.found, error.guesses) from None
    return {name: frame.iloc[:, place].tolist() for name, place in places.items()}


def add_history(tickets: Any, earlier: Any = None, tz: str = "UTC") -> Any:
    """Append the ``history_*`` columns: what was known of each customer just before each ticket.

    Parameters
    ----------
    tickets : DataFrame of shape (n_tickets, …)
        Each row may bear on later rows of the same customer.
    earlier : DataFrame, optional
        Older tickets of the same customers; a ``ticket_id`` that ``tickets`` has too counts once.
    tz : str
        Zone of times that name none.

    Returns
    -------
    DataFrame
        A copy with one column for each name of :data:`~complaint_typing.facts.HISTORY_COLUMNS`.

    Raises
    ------
    MissingColumns
        When a table has no text column.
    BadValue
        When something is no table.

    >>> import pandas as pd
    >>> log = pd.DataFrame({"customer_id": ["c", "c"], "text": ["no light", "still no light"],
    ...                     "created_at": ["2026-01-01 09:00", "2026-01-05 09:00"]})
    >>> add_history(log)[["history_tickets_7d", "history_days_since_last"]].values.tolist()
    [[0.0, nan], [1.0, 4.0]]
    """
    if not hasattr(tickets, "columns"):
        remedy = "give a DataFrame, such as DataFrame({'text': texts})"
        raise BadOption("tickets", type(tickets).__name__, "a table", remedy)
    now, _ = tickets_from_columns(columns_of(tickets), tz)
    sources = [now]
    if earlier is not None and len(earlier):
        before, _ = tickets_from_columns(columns_of(earlier), tz)
        sources.append(before)
    facts = facts_of_log(*sources)
    return tickets.assign(**{"history_" + name: values for name, values in facts.items()})


def facts_of_log(now: Tickets, *earlier: Tickets) -> Facts:
    """The facts of each ticket of ``now``, from all of ``now`` and of ``earlier``.

    A ticket that is listed more than once is one event; what ``now`` tells of it goes before what
    ``earlier`` told.
    """
    sources = (*earlier, now)
    customers: dict[str, int] = {}
    categories: dict[str, int] = {}
    logs = [
        log_of(tickets, codes(tickets.customer_id, customers), codes(tickets.category, categories))
        for tickets in sources
    ]
    log = TicketLog.joined(logs).merged(np.concatenate([marks(tickets) for tickets in sources]))
    return history_facts(log, logs[-1], any(tickets.has_outcomes for tickets in sources))
