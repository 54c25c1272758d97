"""Labels as scikit-learn hands them in, and the names of the types that they stand for."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import DataConversionWarning

from .decision import NONE
from .errors import BadOption, BadValue

_COLUMN = "customer_type"


@dataclass(frozen=True)
class ClassLabels:
    """The labels of tickets.

    Attributes
    ----------
    names : ndarray of str of shape (n_tickets,)
        The type of each ticket, ``none`` for what is no ticket at all.
    classes : ndarray of shape (n_types,)
        The distinct labels of the types as they were given, sorted: names, or numbers that stand for them.
    types : tuple of str
        The name of each class.
    nameless : bool
        Whether the labels are numbers that nothing gives a name to.
    """

    names: NDArray[Any]
    classes: NDArray[Any]
    types: tuple[str, ...]
    nameless: bool


def class_labels(y: Any, types: Sequence[str] | None = None, column: Any = None) -> ClassLabels:
    """Read labels; numbers, as scikit-learn encodes labels to at times, get their names back.

    Parameters
    ----------
    y : sequence of str, int or bool of shape (n_tickets,)
    types : sequence of str, optional
        What numbers stand for: 0 is the first name, 1 the second.
    column : sequence of str of shape (n_tickets,), optional
        Names beside the labels; they count where each of them goes with one number and each number with one.

    Raises
    ------
    BadValue
        When there are no labels, or one is missing or neither a text nor a whole number.
    BadOption
        When ``types`` is no list of different names, or too short for the numbers.

    >>> class_labels([1, 0, 1], ["respect_seeking", "venting"]).names.tolist()
    ['venting', 'respect_seeking', 'venting']
    >>> class_labels([2, 0, 2]).types
    ('0', '2')
    >>> class_labels(["venting", float("nan")])
    Traceback (most recent call last):
        ...
    complaint_typing.errors.BadValue: row 2, column customer_type: not a label, got 'nan'; ...
    """
    cells = _one_column(y)
    if isinstance(cells[0], str):
        names = names_of(cells, _COLUMN)
        if (blank := np.char.strip(names) == "").any():
            remedy = "drop the row, or label it"
            raise BadValue(int(blank.argmax()) + 1, _COLUMN, "", "a label", remedy)
        classes = np.unique(names[names != NONE])
        return ClassLabels(names, classes, tuple(classes.tolist()), False)
    codes = _whole_numbers(cells, y)
    distinct, place = np.unique(codes, return_inverse=True)
    told = _told(distinct, types) if types is not None else _beside(place, column)
    stand_for = np.array(told or [str(label) for label in distinct.tolist()])
    tickets = stand_for != NONE
    return ClassLabels(stand_for[place], distinct[tickets], tuple(stand_for[tickets].tolist()), told is None)


def names_of(labels: Any, column: str) -> NDArray[Any]:
    """Labels as an ndarray of str.

    Raises
    ------
    BadValue
        When one is missing or no text.
    """
    names = np.asarray(labels, dtype=object).reshape(-1).tolist()
    for row, name in enumerate(names, start=1):
        if not isinstance(name, str):
            raise BadValue(row, column, name, "a label", "drop the row or write the label as a string")
    return np.array(names, dtype=str)


def _one_column(y: Any) -> NDArray[Any]:
    cells = np.asarray(y, dtype=object)
    if cells.ndim == 0:
        remedy = "fit requires y to be passed, but the target y is None"
        remedy = remedy if y is None else "give the type of each ticket"
        raise BadValue(None, _COLUMN, y, "a list of labels", remedy)
    if cells.ndim == 2 and cells.shape[1] == 1:
        told = "A column-vector y was passed when a 1d array was expected; hand in the column of labels alone"
        warnings.warn(told, DataConversionWarning, stacklevel=4)
        cells = cells[:, 0]
    if cells.ndim != 1:
        raise BadValue(None, _COLUMN, cells.shape, "one label a row", "hand in the column of labels alone")
    if not len(cells):
        raise BadValue(None, _COLUMN, "", "a list of labels, it is empty", "give the type of each ticket")
    return cells


def _whole_numbers(cells: NDArray[Any], y: Any) -> NDArray[Any]:
    """Labels that are numbers, in the kind of number that was given."""
    for row, label in enumerate(cells.tolist(), start=1):
        if not isinstance(label, int | float | np.integer | np.floating | np.bool_) or not np.isfinite(label):
            raise BadValue(row, _COLUMN, label, "a label", "drop the row or write the label as a string")
        if label != int(label):
            kind = "a label (Unknown label type: continuous)"
            raise BadValue(row, _COLUMN, label, kind, "write the label as a string")
    return np.array(cells.tolist())


def _told(distinct: NDArray[Any], types: Sequence[str]) -> list[str]:
    names = [types] if isinstance(types, str) else list(types)
    if not all(isinstance(name, str) for name in names) or len(set(names)) < len(names):
        remedy = "write types=sorted(set(labels)), as a LabelEncoder counts them"
        raise BadOption("types", names, "a list of different names", remedy)
    if distinct[0] < 0 or distinct[-1] >= len(names):
        remedy = f"give a name for each number up to {int(distinct[-1])}, counted from 0"
        raise BadOption("types", len(names), "as many names as there are numbers among the labels", remedy)
    return [names[int(code)] for code in distinct.tolist()]


def _beside(place: NDArray[np.intp], column: Any) -> list[str] | None:
    """The names in a column beside the labels, where they and the numbers mean the same."""
    if column is None or len(column) != len(place):
        return None
    names = list(column)
    pairs = set(zip(place.tolist(), names, strict=True))
    if not all(isinstance(name, str) for name in names):
        return None
    if not len(pairs) == len({code for code, _ in pairs}) == len({name for _, name in pairs}):
        return None
    return [name for _, name in sorted(pairs)]
