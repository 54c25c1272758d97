"""Probabilities of labelled tickets from quick models that saw nothing of the ticket's customer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from ..errors import BadValue
from ..fitting import Labelled, Recipe, recurring
from ..labels import labelled_frame, read_labelled
from ..out_of_fold import grouped_folds
from ..resources import data_path
from ..side_by_side import side_by_side
from ..taxonomy import Taxonomy, read_taxonomy
from .needed_columns import need_columns

C = 1.0
MOST_STEPS = 300
SECOND_SCALE, LEAST = 0.3, 1e-6
MOST_OTHERS = 4000
_LABELS = ["secondary_type", "emotional_mode", "risk_signals", "weight"]


def out_of_fold_probabilities(
    tickets: pd.DataFrame,
    n_folds: int = 5,
    jobs: int | None = None,
    taxonomy: Taxonomy | None = None,
    second: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """How probable each type is for each ticket, by models that saw nothing of its customer.

    The n-grams and history facts of the product's own model, under one head of stronger penalty (C of 1 in
    place of 10) that a few wrong labels bend less, and that is fitted in seconds: about 8 s a fold for eleven
    thousand tickets on one core, 1 s for two thousand. Not calibrated beyond that; for ranking, not for
    quoting.

    Parameters
    ----------
    tickets : DataFrame
        Labelled, as :func:`~complaint_typing.labels.read_labelled` gives them; ``none`` counts as a type.
    n_folds : int
        A customer's tickets are never cut by a fold; without ``customer_id`` each ticket is by itself.
    jobs : int or None
        Processes, as in joblib; the result does not depend on it.
    taxonomy : Taxonomy, optional
    second : DataFrame of shape (n_tickets, n_known_types), optional
        As :func:`second_opinion` gives it: what a model that read none of these labels says. Its
        log-probabilities stand beside the n-grams; with few labels they tell far more than those.

    Returns
    -------
    DataFrame of shape (n_tickets, n_types)
        With the index of the tickets; a type that a fold did not have has 0 there. Rows sum to 1.

    Raises
    ------
    MissingColumns
        When there is no ``customer_type`` or no ``text``.
    BadValue
        When the labels are of one type only, there is nothing to cut into two folds, or the second opinion
        is not one row a ticket.

    >>> texts = ["please refund the fee", "refund my money", "what does this fee mean", "what is this?"] * 5
    >>> y = ["resolution_seeking", "resolution_seeking", "clarification_seeking", "clarification_seeking"] * 5
    >>> p = out_of_fold_probabilities(pd.DataFrame({"text": texts, "customer_type": y}))
    >>> p.columns.tolist(), p.idxmax(axis=1).head(2).tolist()
    (['clarification_seeking', 'resolution_seeking'], ['resolution_seeking', 'resolution_seeking'])
    """
    need_columns(tickets, ["customer_type"])
    data = labelled_frame(tickets, taxonomy or read_taxonomy())
    names = np.unique(data.types)
    if len(names) < 2:
        remedy = "label tickets of at least two types"
        raise BadValue(None, "customer_type", names[0], "two types or more", remedy)
    fold = _folds(tickets, n_folds)
    X = _matrix(data) if second is None else _with_second(_matrix(data), second)
    splits = (fold != number for number in range(fold.max() + 1))
    parts = side_by_side(_left_out, ((X, data.types, data.weight, rows, names) for rows in splits), jobs)
    probabilities = np.zeros((len(tickets), len(names)))
    for number, part in enumerate(parts):
        probabilities[fold == number] = part
    return pd.DataFrame(probabilities, index=tickets.index, columns=names)


def _folds(tickets: pd.DataFrame, n_folds: int) -> NDArray[np.int64]:
    rows = [f"row {row}" for row in range(len(tickets))]
    if "customer_id" in tickets.columns:
        customers = tickets["customer_id"].fillna("").astype(str)
        customers = customers.where(customers != "", rows)
        if customers.nunique() >= n_folds:
            return grouped_folds(customers.to_numpy(dtype=str), n_folds)
    return grouped_folds(np.array(rows), n_folds)


def second_opinion(
    tickets: pd.DataFrame, corpus: pd.DataFrame | None = None, taxonomy: Taxonomy | None = None
) -> pd.DataFrame:
    """How probable each known type is for each ticket, by a quick model of other labelled tickets.

    Parameters
    ----------
    tickets : DataFrame
        Their labels are not read.
    corpus : DataFrame, optional
        Labelled tickets, the shipped corpus by default. Those with a text or a customer of `tickets` are left
        out, so that nothing learned from a label in question; of more than 4000 every n-th is taken.
    taxonomy : Taxonomy, optional

    Returns
    -------
    DataFrame of shape (n_tickets, n_known_types)
        With the index of the tickets. Rows sum to 1.

    Raises
    ------
    MissingColumns
        When there is no ``text``, or no ``customer_type`` in the corpus.
    BadValue
        When fewer than two types are left in the corpus.
    """
    corpus = read_labelled([data_path("training")]) if corpus is None else corpus
    need_columns(tickets, ["text"])
    need_columns(corpus, ["text", "customer_type"])
    for name in {"text", "customer_id"} & {*tickets.columns} & {*corpus.columns}:
        corpus = corpus[~corpus[name].isin({*tickets[name]} - {""})]
    names = np.unique(corpus["customer_type"].to_numpy(dtype=str))
    if len(names) < 2:
        raise BadValue(None, "corpus", len(corpus), "tickets of two types or more", "take more labelled ones")
    corpus = corpus.iloc[:: -(-len(corpus) // MOST_OTHERS)]
    both = pd.concat([corpus, tickets.assign(customer_type=names[0])], ignore_index=True)
    data = labelled_frame(both.drop(columns=_LABELS, errors="ignore"), taxonomy or read_taxonomy())
    learned = np.arange(len(data.types)) < len(corpus)
    told = _left_out(_matrix(data), data.types, data.weight, learned, names)
    return pd.DataFrame(told, index=tickets.index, columns=names)


def _with_second(X: sp.csr_matrix, second: pd.DataFrame) -> sp.csr_matrix:
    """The matrix with the log-probabilities of a second opinion."""
    if len(second) != X.shape[0]:
        remedy = "compute it with second_opinion from the same tickets"
        raise BadValue(None, "second", len(second), f"{X.shape[0]} rows, one a ticket", remedy)
    told = SECOND_SCALE * np.log(np.maximum(second.to_numpy(dtype=np.float32), LEAST))
    return sp.hstack([X, sp.csr_matrix(told)]).tocsr()


def quick_predictions(
    labelled: pd.DataFrame, others: pd.DataFrame, sizes: Sequence[int], taxonomy: Taxonomy
) -> pd.DataFrame:
    """The types that quick models on the first so many labels say of other tickets; a column for each."""
    types = labelled["customer_type"].iloc[: sizes[-1]].astype(str)
    both = pd.concat(
        [labelled.iloc[: sizes[-1]], others.assign(customer_type=types.iloc[0])], ignore_index=True
    )
    data = labelled_frame(both, taxonomy)
    X, names = _matrix(data), np.unique(data.types)
    told = {}
    for size in sizes:
        rows = np.arange(len(both)) < size
        last = np.arange(len(both)) >= sizes[-1]
        part = _left_out(X, data.types, data.weight, rows, names)
        told[size] = names[part[last[~rows]].argmax(axis=1)]
    return pd.DataFrame(told, index=others.index)


def _matrix(data: Labelled) -> sp.csr_matrix:
    """N-grams and history facts as the model's types are fitted on; reads no label."""
    recipe, every = Recipe(), np.ones(len(data.types), dtype=bool)
    features = data.texts.selected(every, *recurring(data, every, recipe))
    X = data.texts.matrix(every, features, recipe.view_scale).texts
    return sp.hstack([X, sp.csr_matrix(data.past * np.float32(recipe.history_scale))]).tocsr()


def _left_out(
    X: sp.csr_matrix, y: NDArray[Any], weight: NDArray[Any], rows: NDArray[np.bool_], names: NDArray[Any]
) -> NDArray[np.float64]:
    """Probabilities of the other rows, with a column for each name."""
    found = np.zeros((int((~rows).sum()), len(names)))
    present = np.unique(y[rows])
    if len(present) == 1:
        found[:, np.searchsorted(names, present)] = 1
        return found
    head = LogisticRegression(C=C, class_weight="balanced", max_iter=MOST_STEPS, tol=1e-3)
    with threadpool_limits(1):
        head.fit(X[rows], y[rows], sample_weight=weight[rows])
        found[:, np.searchsorted(names, head.classes_)] = head.predict_proba(X[~rows])
    return found
