"""Tables in memory to checked tickets with their history, and scored columns back to tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from itertools import chain
from typing import Any, NamedTuple

import numpy as np

from .columns import place_of
from .errors import BadOption, BadValue
from .history import Facts, columns_of, facts_of_log
from .scored_header import own_columns, scored_names
from .scoring import ScoredTickets
from .ticket_table import Tickets, tickets_from_columns
from .ticket_texts import text_of
from .times import checked_order


class ReadTable(NamedTuple):
    """A table that is to be scored.

    Attributes
    ----------
    given : DataFrame
        Without the columns of an earlier scoring.
    tickets : Tickets
    facts : dict of str to ndarray of shape (n_tickets,)
    """

    given: Any
    tickets: Tickets
    facts: Facts


def read_table(
    frame: Any,
    earlier: Any = None,
    date_order: str | None = None,
    earlier_order: str | None = None,
    tz: str | tzinfo = "UTC",
) -> ReadTable:
    """Check the tickets of a table and tell what was known of each customer.

    Parameters
    ----------
    frame, earlier : DataFrame
        ``earlier`` may be None, or have no columns.
    date_order, earlier_order : {"dmy", "mdy"}, optional
        Of the dates with the year last; by default each table decides for itself.
    tz : str or tzinfo
        Zone of times that name none.

    Raises
    ------
    MissingColumns
        When a table has no text column.
    BadValue
        When a row of ``frame`` has no text, or something else for one; or something is no table.

    >>> import pandas as pd
    >>> read_table(pd.DataFrame({"text": ["no light"], "plan": ["gold"]})).tickets.text
    ['no light']
    """
    for name, table in (("frame", frame), ("earlier", earlier)):
        if not hasattr(table, "columns") and (name == "frame" or table is not None):
            remedy = "give a DataFrame, such as DataFrame({'text': texts})"
            raise BadOption(name, type(table).__name__, "a table", remedy)
    for order in (date_order, earlier_order):
        checked_order(order)
    given = without_own(frame)
    columns = columns_of(given)
    for name in ("subject", "text"):
        for row, value in enumerate(columns.get(name, ()), start=1):
            if value.__class__ is not str:
                text_of(value, name, row)
    tickets, report = tickets_from_columns(columns, tz, date_order)
    if report.no_text:
        remedy = f"drop the {len(report.no_text)} rows without text"
        raise BadValue(report.no_text[0] + 1, "text", "", "a text", remedy)
    sources = []
    if earlier is not None and len(earlier.columns):
        sources.append(tickets_from_columns(columns_of(earlier), tz, earlier_order)[0])
    return ReadTable(given, tickets, facts_of_log(tickets, *sources))


def without_own(frame: Any) -> Any:
    """A table without the columns that an earlier scoring appended."""
    header = [str(name) for name in frame.columns]
    own = own_columns(header)
    return frame.iloc[:, [place for place in range(len(header)) if place not in own]]


def groups_of(table: Any, column: str) -> list[str]:
    """The values of a column by which shares of types are estimated, as texts; "" where missing.

    Parameters
    ----------
    table : DataFrame of shape (n_tickets, …)
    column : str
        Its header, or its name in the contract.

    Raises
    ------
    BadValue
        When there is no such column.

    >>> import pandas as pd
    >>> groups_of(pd.DataFrame({"渠道": ["电话", None], "内容": "没电"}), "channel")
    ['电话', '']
    """
    values = table.iloc[:, place_of(column, [str(name) for name in table.columns])]
    return ["" if gone else str(value) for value, gone in zip(values, values.isna(), strict=True)]


def with_scored(given: Any, blocks: Sequence[ScoredTickets], types: Sequence[str] = ()) -> Any:
    """A table with scored columns behind its own; names that clash get the suffix ``_scored``.

    Parameters
    ----------
    given : DataFrame of shape (n_tickets, …)
    blocks : sequence of ScoredTickets
        One after the other, n_tickets in all.
    types : sequence of str
        Of the model, where their probabilities are wanted.
    """
    columns = (list(chain.from_iterable(c)) for c in zip(*(b.columns.values() for b in blocks), strict=True))
    probabilities = np.concatenate([block.probabilities for block in blocks]).T if types else ()
    names = scored_names([str(name) for name in given.columns], types)
    return given.assign(**dict(zip(names, chain(columns, probabilities), strict=True)))
