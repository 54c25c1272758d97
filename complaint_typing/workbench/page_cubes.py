"""Counts of tickets by several things at once, as the page keeps them: whole numbers, no rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Cube: TypeAlias = dict[str, Any]
_Codes: TypeAlias = NDArray[np.integer[Any]]


def cube(dims: Mapping[str, tuple[_Codes, int]], measures: Mapping[str, NDArray[Any]] | None = None) -> Cube:
    """Count rows, and sum measures, in each cell that has rows.

    Parameters
    ----------
    dims : mapping of str to (ndarray of int of shape (n_rows,), int)
        Places along each dimension, and how many there are.
    measures : mapping of str to ndarray of shape (n_rows,), optional
        Booleans or whole numbers.

    Returns
    -------
    dict
        `dims` and `sizes`; `at`: the flat place of each cell (the last dimension runs fastest) as its
        distance from the cell before; `sums`: ``n`` and each measure that is not zero everywhere.

    >>> cube({"period": (np.array([0, 1, 1]), 2), "type": (np.array([2, 0, 0]), 3)})
    {'dims': ['period', 'type'], 'sizes': [2, 3], 'at': [2, 1], 'sums': {'n': [1, 2]}}
    """
    sizes = [size for _, size in dims.values()]
    codes = tuple(np.asarray(code, np.int64) for code, _ in dims.values())
    flat = np.ravel_multi_index(codes, sizes) if len(codes[0]) else np.zeros(0, np.int64)
    cells, place = np.unique(flat, return_inverse=True)
    sums = {"n": np.bincount(place, minlength=len(cells))}
    for name, values in (measures or {}).items():
        summed = np.bincount(place, weights=values, minlength=len(cells))
        if summed.any():
            sums[name] = np.rint(summed).astype(np.int64)
    return {
        "dims": list(dims),
        "sizes": sizes,
        "at": np.diff(cells, prepend=0).tolist(),
        "sums": {name: values.tolist() for name, values in sums.items()},
    }


def customer_cube(
    customers: Sequence[str], period: _Codes, dims: Mapping[str, tuple[_Codes, int]], n: int
) -> Cube:
    """Counts from which the customers of any run of periods can be told, without telling any of them.

    A customer's tickets of one period are one visit. A visit is counted by its period and by the period of
    the visit before; from period a to period b there are as many customers as visits there whose visit
    before lies before a. This is counted for each group of `dims` and, in the last place of each dimension,
    for all of them.

    Parameters
    ----------
    customers : sequence of str of length n_tickets
        "" is a customer of its own.
    period : ndarray of int of shape (n_tickets,)
    dims : mapping of str to (ndarray of int of shape (n_tickets,), int)
        Places and how many there are.
    n : int
        How many periods there are.

    Returns
    -------
    dict
        As from :func:`cube`, with the dimensions `period`, `before` (`n` where there is none) and `dims`.

    >>> branch = {"branch": (np.array([0, 0, 1]), 2)}
    >>> found = customer_cube(["a", "a", "a"], np.array([0, 1, 1]), branch, 2)
    >>> found["dims"], found["at"]
    (['period', 'before', 'branch'], [6, 2, 1, 2, 5])
    """
    ids = pd.Series(list(customers), dtype=object)
    who = pd.factorize(ids.where(ids != "", "\n" + ids.index.astype(str)))[0]
    base = pd.DataFrame({"who": who, "period": np.asarray(period, np.int64)})
    parts = []
    for chosen in range(2 ** len(dims)):
        part = base.copy()
        for i, (name, (codes, size)) in enumerate(dims.items()):
            part[name] = np.asarray(codes, np.int64) if chosen >> i & 1 else size
        part = part.drop_duplicates().sort_values("period", kind="stable")
        before = part.groupby(["who", *dims], sort=False)["period"].shift()
        parts.append(part.assign(before=before.fillna(n).astype(np.int64)))
    visits = pd.concat(parts)
    sizes = {"period": n, "before": n + 1} | {name: size + 1 for name, (_, size) in dims.items()}
    return cube({name: (visits[name].to_numpy(), size) for name, size in sizes.items()})
