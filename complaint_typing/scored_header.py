"""Tells which columns of a header an earlier scoring appended, and names the new ones."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from .columns import SCORED_COLUMNS
from .errors import UnequalColumns

_ORDER = {column.name: i for i, column in enumerate(SCORED_COLUMNS)}
_FIRST = SCORED_COLUMNS[0].name
_TELLING = frozenset(("top_type", "model_version", "policy_version"))
_SUFFIX = re.compile(r"_scored\d*$")
_PROBABILITY = re.compile(r"p_[a-z0-9_]+")
_FEWEST_TYPES = 2


def _base(name: str) -> str:
    """A scored column's name without the suffix that a clash gave it; "" for other names."""
    name = _SUFFIX.sub("", name.strip())
    return name if name in _ORDER else ""


def _block_from(header: Sequence[str], start: int) -> range:
    """The columns from `start` on that are scored columns in the contract's order."""
    end = start
    while end < len(header) and _base(header[end]):
        if end > start and _ORDER[_base(header[end])] <= _ORDER[_base(header[end - 1])]:
            break
        end += 1
    return range(start, end)


def own_columns(header: Sequence[str]) -> range:
    """The columns that an earlier scoring appended.

    The rule: a run of names that begins with ``customer_type`` and goes on through scored columns in the
    contract's order, each with or without the suffix ``_scored``, and has ``top_type``, ``model_version`` and
    ``policy_version`` among them; and the ``p_<type>`` columns right behind it, if there are two or more.

    Parameters
    ----------
    header : sequence of str
        Of a file.

    Returns
    -------
    range
        Their indices; empty where there are none. The last such run counts.

    >>> own_columns(["id", "text", "customer_type"])
    range(0, 0)
    >>> scored = ["customer_type", "top_type", "model_version", "policy_version", "p_a", "p_b"]
    >>> own_columns(["text", *scored, "x"])
    range(1, 7)
    """
    for start in range(len(header) - 1, -1, -1):
        if _base(header[start]) == _FIRST:
            block = _block_from(header, start)
            if {_base(header[i]) for i in block} >= _TELLING:
                end = block.stop
                while end < len(header) and _PROBABILITY.fullmatch(header[end]):
                    end += 1
                return range(start, end if end - block.stop >= _FEWEST_TYPES else block.stop)
    return range(0)


def scored_names(kept: Sequence[str], types: Sequence[str] = ()) -> list[str]:
    """Names of the columns to append to a header; one that is there already gets the suffix ``_scored``.

    >>> scored_names(["text", "goodwill"])[6]
    'goodwill_scored'
    """
    taken, names = set(kept), []
    for name in [*_ORDER, *(f"p_{type_id}" for type_id in types)]:
        free, n = name, 1
        while free in taken:
            free, n = f"{name}_scored{n if n > 1 else ''}", n + 1
        taken.add(free)
        names.append(free)
    return names


def check_shape(
    width: int, rows: Sequence[Sequence[str]], columns: Mapping[str, Sequence[Any]], first_row: int
) -> None:
    """Make sure that rows and scored columns fit together.

    Raises
    ------
    UnequalColumns
        When a row or a column is longer or shorter than it should be.

    >>> check_shape(2, [["a", "b"], ["c"]], {}, 7)
    Traceback (most recent call last):
        ...
    complaint_typing.errors.UnequalColumns: columns differ in length: header 2, row 8 1; ...
    """
    if {*map(len, rows)} - {width}:
        odd = next(i for i, row in enumerate(rows) if len(row) != width)
        raise UnequalColumns({"header": width, f"row {first_row + odd}": len(rows[odd])})
    lengths = {"rows": len(rows)} | {c.name: len(columns[c.name]) for c in SCORED_COLUMNS if columns}
    if len(set(lengths.values())) > 1:
        raise UnequalColumns(lengths)
