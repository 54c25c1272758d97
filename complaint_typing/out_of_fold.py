"""Scores of every ticket by models that saw none of its group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .decision import NONE
from .errors import BadValue
from .fitting import Labelled, Recipe, fit_model
from .folding import fold_texts
from .model import Model, Scores
from .side_by_side import side_by_side

FAR = -30.0
N_GENRE_FOLDS = 5


@dataclass(frozen=True)
class OutOfFold:
    """Logits of every ticket from models that saw none of its fold; an output that a fold lacked has -30.

    Attributes
    ----------
    logits : ndarray of float32 of shape (n_tickets, n_outputs)
        In the outputs' order of the model they belong to.
    known_share : ndarray of float32 of shape (n_tickets,)
    """

    logits: NDArray[np.float32]
    known_share: NDArray[np.float32]

    def scores(self, model: Model, data: Labelled) -> Scores:
        """The scores under the model's calibration."""
        return model.calibrated(self.logits, self.known_share, model.gate(data.facts))

    def taken(self, rows: NDArray[np.intp]) -> OutOfFold:
        """Those of chosen tickets, in this order."""
        return OutOfFold(self.logits[rows], self.known_share[rows])


def grouped_folds(
    groups: NDArray[Any],
    n_folds: int,
    types: NDArray[Any] | None = None,
    apart: NDArray[np.bool_] | None = None,
) -> NDArray[np.int64]:
    """A fold number for each ticket; a group is never cut. ``n_folds`` is at most the number of groups.

    The largest groups are dealt first, each to the fold that is smallest by then; before them, groups with
    a ticket of ``apart``, so that no fold holds all of these. Groups of one ticket are dealt type by type,
    so that types that alternate stand in every fold.

    Raises
    ------
    BadValue
        When that leaves fewer than two folds.

    >>> grouped_folds(np.array([0, 0, 1, 2]), 3).tolist()
    [0, 0, 1, 2]
    >>> grouped_folds(np.array([0, 0, 1, 2, 3]), 2, apart=np.array([0, 0, 0, 1, 1], dtype=bool)).tolist()
    [0, 0, 1, 0, 1]
    >>> grouped_folds(np.array([0, 1, 2, 3]), 2, np.array(["a", "b", "a", "b"])).tolist()
    [0, 0, 1, 1]
    >>> grouped_folds(np.array([0, 0]), 3)
    Traceback (most recent call last):
        ...
    complaint_typing.errors.BadValue: column collection: not two folds or more, got '1'; ...
    """
    first, codes, sizes = np.unique(groups, return_index=True, return_inverse=True, return_counts=True)[1:]
    n_folds = min(n_folds, len(sizes))
    if n_folds < 2:
        remedy = "ask for two, with tickets of two collections, or leave the collections out"
        raise BadValue(None, "collection", n_folds, "two folds or more", remedy)
    fold, filled = np.zeros(len(sizes), dtype=np.int64), np.zeros(n_folds)
    rare = np.bincount(codes, weights=apart) > 0 if apart is not None else np.zeros(len(sizes))
    alone = np.where(sizes == 1, types[first], "") if types is not None else sizes
    for group in np.lexsort((alone, -sizes, -1 * rare)):
        fold[group] = filled.argmin()
        filled[fold[group]] += sizes[group]
    return fold[codes]


def fit_out_of_fold(
    data: Labelled, recipe: Recipe, n_folds: int = 5, jobs: int | None = None
) -> tuple[Model, OutOfFold, OutOfFold]:
    """Fit a model on everything, and models without each fold of groups and of genres.

    Parameters
    ----------
    data : Labelled
    recipe : Recipe
    n_folds : int
        Folds of whole groups; as many as there are groups is leave-one-collection-out.
    jobs : int or None
        Processes, as in joblib; the result does not depend on it.

    Returns
    -------
    Model, OutOfFold, OutOfFold
        The scores of left-out groups, and those of left-out genres (of left-out groups once more where no
        genres are known).

    Raises
    ------
    BadValue
        When all tickets are of one type, or no two folds can be dealt.
    """
    found = sorted({*data.types.tolist()} - {NONE})
    if len(found) == 1:
        remedy = "one class tells nothing: label some of the tickets with a second type"
        raise BadValue(None, "customer_type", found[0], "one of two types or more", remedy)
    folds = [grouped_folds(data.groups, n_folds, data.types, data.types == NONE)]
    if data.genres is not None and len(np.unique(data.genres)) > 1:
        folds.append(grouped_folds(data.genres, N_GENRE_FOLDS, data.types, data.types == NONE))
    everything = np.ones(len(data.types), dtype=bool)
    splits = [everything, *(dealt != number for dealt in folds for number in range(dealt.max() + 1))]
    fitted = side_by_side(_fit_and_score, ((data, rows, recipe) for rows in splits), jobs)
    model, parts = fitted[0][0], iter(zip(splits[1:], fitted[1:], strict=True))
    found = [_joined(model, [next(parts) for _ in range(dealt.max() + 1)]) for dealt in folds]
    return model, found[0], found[-1]


def _joined(model: Model, parts: list[tuple[Any, tuple[Model, Any, Any]]]) -> OutOfFold:
    n_tickets = len(parts[0][0])
    logits = np.full((n_tickets, len(model.bias)), FAR, dtype=np.float32)
    known_share = np.zeros(n_tickets, dtype=np.float32)
    for rows, (part, part_logits, part_known) in parts:
        logits[np.ix_(~rows, _places(part, model))] = part_logits
        known_share[~rows] = part_known
    return OutOfFold(logits, known_share)


def _fit_and_score(data: Labelled, rows: NDArray[np.bool_], recipe: Recipe) -> tuple[Model, Any, Any]:
    model = fit_model(data, rows, recipe)
    held_out = np.flatnonzero(~rows)
    if not len(held_out):
        return model, None, None
    sums = model.sums(fold_texts([data.raw[i] for i in held_out.tolist()]))
    facts = {name: values[held_out] for name, values in data.facts.items()}
    return model, model.weigh_sums(sums, facts).logits, sums.known_share


def _places(part: Model, whole: Model) -> list[int]:
    """Where a fold's outputs stand among those of the model fitted on everything."""
    names = [*whole.types, *(f"mode:{m}" for m in whole.modes)]
    own = [names.index(n) for n in (*part.types, *(f"mode:{m}" for m in part.modes))]
    return own + list(range(len(names), len(whole.bias)))
