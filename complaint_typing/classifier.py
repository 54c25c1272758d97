"""`CustomerTypeClassifier`: the scikit-learn estimator that fits a model."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from .calibration import fit_calibrated
from .class_labels import ClassLabels, class_labels
from .estimator_data import tickets_to_fit, words_of
from .estimator_html import summary_html
from .estimator_settings import checked_recipe, dealt
from .model import Model
from .own_terms import carried, taxonomy_from
from .ticket_texts import column_of, facts_of

_LEAST = float(np.log(np.finfo(np.float32).tiny))


class CustomerTypeClassifier(ClassifierMixin, BaseEstimator):
    """Types customers from the text of a ticket and the history columns beside it.

    Each row is judged alone: history comes in as the ``history_*`` columns that
    :func:`~complaint_typing.history.add_history` appends, and a table without them has an unknown past.
    ``docs/estimator.md`` shows it in pipelines, searches and cross-validation.

    Parameters
    ----------
    C : float, default=10.0
        Inverse strength of the L2 penalty.
    last_sentence : float, default=0.3
        Length of the last sentence's vector beside the whole text's, which is 1.
    min_groups : int, default=3
        In how many groups (authors, collections; without groups: tickets) an n-gram must recur.
    class_weight : "balanced", dict or None, default="balanced"
        As in scikit-learn, but ``balanced`` counts each ticket by its weight; types that a dict does not name
        weigh 1.
    n_folds : int, default=5
        Folds for calibration; groups are never cut.
    n_jobs : int or None, default=None
        Processes for the folds, as in joblib.
    taxonomy : path, Taxonomy or None, default=None
        A table of one's own types, modes and signals, as ``taxonomy.csv``: labels are held against it, and
        the model carries what the shipped one lacks. None takes any names.
    types : sequence of str or None, default=None
        The names that numbers among the labels stand for, in order: ``sorted(set(labels))`` where
        scikit-learn encodes them, as ``cross_val_predict(..., method="predict_proba")`` does.
    random_state : int, RandomState or None, default=None
        Deals the groups to the calibration folds, those of one ticket evenly over the types. Nothing else is
        random.

    Attributes
    ----------
    model_ : Model
        What was fitted; :func:`~complaint_typing.artifact.save_model` writes it.
    classes_ : ndarray of shape (n_types,)
        The labels of the types, sorted; ``none`` is no type.
    n_features_in_ : int
        Columns of the table, 1 for a list of texts.
    feature_names_in_ : ndarray of str
        Names of the table's columns; only for tables.

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
        taxonomy: Any = None,
        types: Sequence[str] | None = None,
        random_state: Any = None,
    ):
        self.C = C
        self.last_sentence = last_sentence
        self.min_groups = min_groups
        self.class_weight = class_weight
        self.n_folds = n_folds
        self.n_jobs = n_jobs
        self.taxonomy = taxonomy
        self.types = types
        self.random_state = random_state

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
            Types; ``none`` for texts that are no ticket at all. Numbers stand for the names in ``types``,
            else for those in a column ``customer_type`` of the table, else for themselves.
        sample_weight : sequence of float, optional
            How much each ticket counts in fitting; one of weight 0 is left out.
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
            label is missing, or fewer than two types are there.
        BadOption, PolicyError
            When a parameter of the estimator, or the taxonomy, cannot be used.
        BadLabels
            When labels are not in the taxonomy that was given.
        """
        taxonomy = taxonomy_from(self.taxonomy)
        labels = class_labels(y, self.types, column_of(X, "customer_type"))
        recipe = checked_recipe(self, labels, taxonomy)
        beside = {"sample_weight": sample_weight, "groups": groups, "modes": modes, "signals": signals}
        data, rows = tickets_to_fit(X, labels, beside, taxonomy)
        data = dealt(data, self.random_state)
        model, left_out = fit_calibrated(data, recipe, self.n_folds, self.n_jobs)
        self.out_of_fold_ = left_out.taken(np.argsort(rows))
        self.model_ = replace(model, info={**model.info, **carried(model, taxonomy)})
        self._remember(X, labels)
        return self

    def _remember(self, X: Any, labels: ClassLabels) -> None:
        """The classes in the order of their labels, and the columns that were seen."""
        pairs = zip(labels.classes, labels.types, strict=True)
        there = [(label, self.model_.types.index(name)) for label, name in pairs if name in self.model_.types]
        self.classes_ = np.array([label for label, _ in there])
        self._places = [place for _, place in there]
        names = list(getattr(X, "columns", ["text"]))
        self.n_features_in_ = len(names)
        if hasattr(X, "columns") and all(isinstance(name, str) for name in names):
            self.feature_names_in_ = np.array(names, dtype=object)
        elif hasattr(self, "feature_names_in_"):
            del self.feature_names_in_

    def predict_proba(self, X: Any) -> NDArray[Any]:
        """Calibrated probabilities; ndarray of shape (n_tickets, n_types), columns as ``classes_``."""
        check_is_fitted(self)
        model: Model = self.model_
        return model.score(words_of(X), facts_of(X)).types[:, self._places]

    def predict_log_proba(self, X: Any) -> NDArray[Any]:
        """Logarithms of :meth:`predict_proba`; minus infinity where the abuse gate is closed."""
        with np.errstate(divide="ignore"):
            return np.asarray(np.log(self.predict_proba(X).astype(np.float64)))

    def decision_function(self, X: Any) -> NDArray[Any]:
        """Log-probabilities, all of them finite: never below -87.3, that of the smallest float32.

        Returns
        -------
        ndarray of float64 of shape (n_tickets, n_types)
            With two classes of shape (n_tickets,): the log-odds of the second.
        """
        logs = np.maximum(self.predict_log_proba(X), _LEAST)
        return logs[:, 1] - logs[:, 0] if logs.shape[1] == 2 else logs

    def predict(self, X: Any) -> NDArray[Any]:
        """The most probable type of each ticket; ndarray of shape (n_tickets,)."""
        best = self.predict_proba(X).argmax(axis=1)
        return self.classes_[best]

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, str]:
        """What a notebook shows: scikit-learn's diagram and, once fitted, what was learned."""
        shown: dict[str, str] = super()._repr_mimebundle_(**kwargs)
        if "text/html" in shown and hasattr(self, "model_"):
            shown["text/html"] += self._summary()
        return shown

    @property
    def _repr_html_(self) -> Any:
        """As :meth:`_repr_mimebundle_`; not there where scikit-learn's display is text."""
        diagram = super()._repr_html_
        return lambda: diagram() + (self._summary() if hasattr(self, "model_") else "")

    def _summary(self) -> str:
        return summary_html(self.model_, len(self.out_of_fold_.known_share))

    def __sklearn_tags__(self) -> Any:
        """Asks scikit-learn for texts, not for a matrix of numbers."""
        tags = super().__sklearn_tags__()
        tags.input_tags.string, tags.input_tags.two_d_array = True, False
        return tags

    def _more_tags(self) -> dict[str, Any]:
        """The same for scikit-learn before 1.6."""
        return {"X_types": ["string"]}
