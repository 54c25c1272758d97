"""The shares of the types in a table of tickets that nobody has labelled."""

from __future__ import annotations

from .adaptation import estimate_of
from .frames import ReadTable, groups_of
from .model import Model
from .priors import PriorEstimate
from .ticket_sample import sample_rows


def estimate_table(model: Model, table: ReadTable, by: str | None = None) -> PriorEstimate:
    """The shares of the types in a table; equal to those of a file of the same rows.

    Parameters
    ----------
    model : Model
    table : ReadTable
    by : str, optional
        A column: shares are estimated for each of its values with at least 20 tickets, too.

    Raises
    ------
    BadValue
        When there is no such column.

    >>> import pandas as pd
    >>> from complaint_typing.artifact import load_model
    >>> from complaint_typing.frames import read_table
    >>> from complaint_typing.resources import data_path
    >>> table = read_table(pd.DataFrame({"text": ["My parcel is late, please find it."] * 9}))
    >>> round(float(estimate_table(load_model(data_path("model")), table).whole.used.sum()), 6)
    1.0
    """
    rows = sample_rows(len(table.tickets))
    groups = None if by is None else groups_of(table.given.iloc[rows], by)
    texts = [table.tickets.text[row] for row in rows.tolist()]
    scores = model.score(texts, {name: values[rows] for name, values in table.facts.items()})
    return estimate_of(model, scores, groups, by)
