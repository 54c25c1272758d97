"""Texts of the shipped corpus by type, for tickets that are made up."""

from __future__ import annotations

import csv
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..resources import data_path

_COLLECTION = "G2.csv"


def texts_for(types: NDArray[Any], rng: np.random.Generator) -> NDArray[Any]:
    """A text of its type for each ticket, drawn at random; "-" for types that the corpus does not have.

    Parameters
    ----------
    types : ndarray of str of shape (n_tickets,)
    rng : numpy Generator

    >>> texts_for(np.array(["venting", "own_type"]), np.random.default_rng(0))[1]
    '-'
    """
    found, drawn = np.full(len(types), "-", object), rng.random(len(types))
    for name, pool in _pools().items():
        rows = np.flatnonzero(types == name)
        found[rows] = pool[(drawn[rows] * len(pool)).astype(int)]
    return found


@cache
def _pools() -> dict[str, NDArray[Any]]:
    with open(data_path("training") / _COLLECTION, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    names = {row["customer_type"] for row in rows}
    return {n: np.array([r["text"] for r in rows if r["customer_type"] == n], object) for n in names}
