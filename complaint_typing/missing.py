"""Says whether a value of a table in memory stands for nothing."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import InvalidOperation
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

_MISSING_TYPES = frozenset({"NoneType", "NAType", "NaTType"})


def is_missing(value: object) -> bool:
    """Whether a value is None, NaN, NaT or pandas' NA; texts never are.

    >>> [is_missing(v) for v in (None, float("nan"), "", "NA", 0)]
    [True, True, False, False, False]
    """
    if type(value).__name__ in _MISSING_TYPES:
        return True
    try:
        return not isinstance(value, str) and bool(value != value)
    except InvalidOperation:  # a signalling NaN
        return True
    except (TypeError, ValueError):  # an array in a cell is neither equal nor unequal
        return False


def without_nan(values: Mapping[str, Any]) -> dict[str, Any]:
    """A mapping with None in place of NaN, as JSON has it.

    >>> without_nan({"low": float("nan"), "high": 0.5})
    {'low': None, 'high': 0.5}
    """
    return {name: None if value != value else value for name, value in values.items()}


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table with None in place of NaN, as JSON has it.

    >>> import pandas as pd
    >>> records(pd.DataFrame({"n": [2, 3], "low": [float("nan"), 0.5]}))
    [{'n': 2, 'low': None}, {'n': 3, 'low': 0.5}]
    """
    return [
        without_nan({str(name): value for name, value in row.items()}) for row in table.to_dict("records")
    ]
