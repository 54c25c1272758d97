"""`CustomerTypeClassifier`: the scikit-learn estimator that fits a model."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from .calibration import fit_calibrated
from .errors import BadValue, MissingColumns, UnequalColumns
from .facts import FACTS
from .fitting import Recipe, labelled
from .model import Model
from .text_limit import judged_part


class CustomerTypeClassifier(ClassifierMixin, BaseEstimator):
    """Types customers from the text of a ticket and the history columns beside it.

    Each row is judged alone: history comes in as the ``history_*`` columns that
    :func:`~complaint_typing.history.add_history` appends, and a table without them has an unknown past.

    Parameters
    ----------
    C : float, default=10.0
        Inverse strength of the L2 penalty.
    last_sentence : float, default=0.3
        Length of the last sentence's vector beside the whole text's, which is 1.
    min_groups : int, default=3
        In how many groups (authors, collections; without groups: tickets) an n-gram must recur.
    class_weight : "balanced", dict or None, default="balanced"
        As in scikit-learn.
    n_folds : int, default=5
        Folds for calibration; groups are never cut.
    n_jobs : int or None, default=None
        Processes for the folds, as in joblib.

    Attributes
    ----------
    model_ : Model
        What was fitted; :func:`~complaint_typing.artifact.save_model` writes it.
    classes_ : ndarray of str of shape (n_types,)

    Examples
    --------
    >>> texts = ["please refund the fee", "refund my money", "what does this fee mean", "what is this?"] * 5
    >>> y = ["resolution_seeking", "resolution_seeking", "clarification_seeking", "clarification_seeking"] * 5
    >>> classifier = CustomerTypeClassifier(min_groups=2).fit(texts, y)
    >>> classifier.predict(["what does it mean?"]).tolist()
    ['clarification_seeking']
    >>> classifier.predict([None])
    Traceback (most recent call last):
        ...
    complaint_typing.errors.BadValue: row 1, column text: not a text, got 'None'; ...
    """

    def __init__(
        self,
        *,
        C: float = 10.0,
        last_sentence: float = 0.3,
        min_groups: int = 3,
        class_weight: Any = "balanced",
        n_folds: int = 5,
        n_jobs: int | None = None,
    ):
        self.C = C
        self.last_sentence = last_sentence
        self.min_groups = min_groups
        self.class_weight = class_weight
        self.n_folds = n_folds
        self.n_jobs = n_jobs

    def fit(
        self,
        X: Any,
        y: Any,
        sample_weight: Any = None,
        groups: Any = None,
        modes: Any = None,
        signals: Sequence[Collection[str]] | None = None,
    ) -> CustomerTypeClassifier:
        """Fit, and calibrate on left-out groups.

        Parameters
        ----------
        X : sequence of str, or DataFrame of shape (n_tickets, …)
            A table has a column ``text`` and, for the history, the ``history_*`` columns.
        y : sequence of str of shape (n_tickets,)
            Types; ``none`` for texts that are no ticket at all.
        sample_weight : sequence of float, optional
        groups : sequence, optional
            Who wrote each text, for the choice of n-grams and for the folds.
        modes : sequence of str, optional
            Emotional modes, "" where not labelled.
        signals : sequence of collections of str, optional
            Risk signals of each ticket.

        Raises
        ------
        MissingColumns, UnequalColumns, BadValue
            When there are no texts, or not one type, weight, group, mode and set of signals for each; when a
            label is no text, or none is a type.
        """
        given = {"sample_weight": sample_weight, "groups": groups, "modes": modes, "signals": signals}
        texts, types = texts_of(X), _names_of(y, "customer_type")
        _check_lengths(texts, {"customer_type": types} | given)
        data = labelled(
            texts,
            facts_of(X),
            types,
            groups,
            None if modes is None else _names_of(modes, "emotional_mode"),
            signals,
            _signal_names(signals),
            sample_weight,
        )
        recipe = Recipe(
            C=self.C,
            view_scale=(1.0, self.last_sentence),
            min_groups=self.min_groups,
            class_weight=self.class_weight,
        )
        self.model_, self.out_of_fold_ = fit_calibrated(data, recipe, self.n_folds, self.n_jobs)
        self.classes_ = np.array(self.model_.types)
        return self

    def predict_proba(self, X: Any) -> NDArray[Any]:
        """Calibrated probabilities; ndarray of shape (n_tickets, n_types), columns as ``classes_``."""
        check_is_fitted(self)
        model: Model = self.model_
        return model.score(texts_of(X), facts_of(X)).types

    def predict(self, X: Any) -> NDArray[Any]:
        """The most probable type of each ticket; ndarray of str of shape (n_tickets,)."""
        best = self.predict_proba(X).argmax(axis=1)
        return self.classes_[best]

    def __sklearn_tags__(self) -> Any:
        """Asks scikit-learn for texts, not for a matrix of numbers."""
        tags = super().__sklearn_tags__()
        tags.input_tags.string, tags.input_tags.two_d_array = True, False
        return tags

    def _more_tags(self) -> dict[str, Any]:
        """The same for scikit-learn before 1.6."""
        return {"X_types": ["string"]}


def _column(X: Any, name: str) -> Any:
    """A column of a table, or None when it has none; sequences of texts are no table."""
    names = getattr(X, "columns", None)
    return None if names is None or name not in names else X[name]


def texts_of(X: Any) -> list[str]:
    """The texts of a table or a sequence, very long ones cut as everywhere.

    Raises
    ------
    MissingColumns
        When a table has no column ``text``.
    BadValue
        When an entry is no text.
    """
    if hasattr(X, "columns"):
        if "text" not in X.columns:
            raise MissingColumns(["text"], [str(name) for name in X.columns])
        X = X["text"]
    cells = np.asarray(X, dtype=object)
    if cells.ndim == 0:
        raise BadValue(None, "text", X, "a sequence of texts", "put the texts in a list")
    if cells.shape[1:] not in ((), (1,)):
        raise BadValue(None, "text", cells[0].tolist(), "one text a row", "hand in the column of texts alone")
    texts = cells.reshape(-1).tolist()
    for row, text in enumerate(texts, start=1):
        if not isinstance(text, str):
            raise BadValue(row, "text", text, "a text", "drop the row or write the text as a string")
    return [judged_part(text) for text in texts]


def _names_of(labels: Any, column: str) -> NDArray[Any]:
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


def _signal_names(signals: Sequence[Collection[str]] | None) -> list[str]:
    """All signals that occur; signals joined in one text are refused."""
    for row, found in enumerate(signals or (), start=1):
        if isinstance(found, str):
            raise BadValue(row, "risk_signals", found, "a collection of names", "split the text at its ;")
    return sorted(set().union(*(signals or ())))


def _check_lengths(texts: Sequence[str], columns: Mapping[str, Any]) -> None:
    """Raise UnequalColumns unless every column that was given has one entry a text."""
    lengths = {"text": len(texts)} | {name: len(c) for name, c in columns.items() if c is not None}
    if len(set(lengths.values())) > 1:
        raise UnequalColumns(lengths)


def facts_of(X: Any) -> Mapping[str, NDArray[Any]]:
    """The history facts of a table's ``history_*`` columns; an unknown past where it has none.

    Raises
    ------
    BadValue
        When a column holds something else than numbers.
    """
    n = len(X)
    facts = {}
    for fact in FACTS:
        column = _column(X, "history_" + fact.name)
        unknown = np.nan if fact.kind == "days" else 0
        values = np.full(n, unknown, dtype=float) if column is None else _numbers(column)
        if fact.kind != "days":
            values = np.nan_to_num(values)
        facts[fact.name] = values.astype(bool) if fact.kind == "flag" else values
    return facts


def _numbers(column: Any) -> NDArray[np.float64]:
    try:
        return np.asarray(column.to_numpy(dtype=float, na_value=np.nan))
    except (TypeError, ValueError):
        remedy = "append it with add_history"
        raise BadValue(None, column.name, column.iloc[0], "a column of numbers", remedy) from None
