"""Says whether a value of a table in memory stands for nothing."""

from __future__ import annotations

_MISSING_TYPES = frozenset({"NoneType", "NAType", "NaTType"})


def is_missing(value: object) -> bool:
    """Whether a value is None, NaN, NaT or pandas' NA; texts never are.

    >>> [is_missing(v) for v in (None, float("nan"), "", "NA", 0)]
    [True, True, False, False, False]
    """
    if type(value).__name__ in _MISSING_TYPES:
        return True
    return not isinstance(value, str) and bool(value != value)
