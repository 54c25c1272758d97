"""How much better typing becomes with more labels: scikit-learn's learning curve on whole groups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold
from sklearn.model_selection import learning_curve as scikit_learning_curve

from ..decision import NONE
from ..errors import BadOption
from .needed_columns import need_columns
from .resampling import units_of


def learning_curve(
    estimator: Any,
    tickets: pd.DataFrame,
    sizes: Sequence[float] = (0.25, 0.5, 1.0),
    folds: int = 3,
    n_jobs: int | None = None,
) -> pd.DataFrame:
    """Macro-F1 on left-out collections (or customers) after training on parts of the other tickets.

    Parameters
    ----------
    estimator : scikit-learn classifier of texts
        For example ``CustomerTypeClassifier(n_folds=2)``; more folds cost time and change little.
    tickets : DataFrame
        ``text`` and ``customer_type``, as :func:`~complaint_typing.labels.read_labelled` gives them; rows
        labelled ``none`` are left out.
    sizes : sequence of float
        Shares of the training tickets of a fold, above 0 to 1.
    folds : int
        Parts that are left out in turn; collections are never cut where there are eight or more, else
        customers.
    n_jobs : int, optional
        Processes, as in joblib.

    Returns
    -------
    DataFrame
        One row a size: ``tickets`` learned from, ``macro_f1`` (mean over folds), ``low`` and ``high`` (the
        worst and the best fold), ``on_training`` (macro-F1 on the tickets learned from).

    Raises
    ------
    MissingColumns, BadOption
        When there are no labels; when there are fewer collections or customers than folds.

    >>> from complaint_typing import CustomerTypeClassifier
    >>> texts = ["please refund the fee"] * 20 + ["what does this fee mean"] * 20
    >>> labels = ["resolution_seeking"] * 20 + ["clarification_seeking"] * 20
    >>> table = pd.DataFrame({"text": texts, "customer_type": labels})
    >>> learning_curve(CustomerTypeClassifier(n_folds=2), table, sizes=(0.5, 1), folds=2)["tickets"].tolist()
    [10, 20]
    """
    need_columns(tickets, ["customer_type"])
    tickets = tickets[tickets["customer_type"] != NONE]
    units = units_of(tickets)
    if units.n < folds:
        remedy = "ask for fewer, or label tickets of more customers"
        expected = f"a number up to {units.n}: each leaves out other {units.kind}s"
        raise BadOption("folds", folds, expected, remedy)
    learned, trained, tested = scikit_learning_curve(
        estimator,
        tickets,
        tickets["customer_type"].to_numpy(dtype=str),
        groups=units.codes,
        train_sizes=np.asarray(sizes, dtype=float),
        cv=GroupKFold(folds),
        scoring=_macro_f1,
        n_jobs=n_jobs,
        shuffle=True,
        random_state=0,
        error_score="raise",
    )[:3]
    return pd.DataFrame(
        {
            "tickets": learned,
            "macro_f1": tested.mean(axis=1),
            "low": tested.min(axis=1),
            "high": tested.max(axis=1),
            "on_training": trained.mean(axis=1),
        }
    )


def _macro_f1(estimator: Any, tickets: pd.DataFrame, types: Any) -> float:
    return float(f1_score(types, estimator.predict(tickets), average="macro", zero_division=0))
