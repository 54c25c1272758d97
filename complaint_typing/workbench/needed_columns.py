"""Refuses a table that lacks columns."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from ..errors import MissingColumns


def need_columns(table: pd.DataFrame, names: Iterable[str]) -> None:
    """Go on only where a table has all of some columns.

    Raises
    ------
    MissingColumns
        Naming those that it lacks, and the headers that it has.

    >>> need_columns(pd.DataFrame({"text": []}), ["text"])
    >>> need_columns(pd.DataFrame({"text": []}), ["text", "customer_type"])
    Traceback (most recent call last):
        ...
    complaint_typing.errors.MissingColumns: no column found for: customer_type. Headers found: 'text'. ...
    """
    if missing := [name for name in names if name not in table.columns]:
        raise MissingColumns(missing, [str(name) for name in table.columns])
