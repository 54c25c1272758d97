"""The learning curve leaves whole customers out, and rises where there is something to learn."""

from __future__ import annotations

import pandas as pd
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from complaint_typing.errors import BadValue, MissingColumns
from complaint_typing.workbench.learning_curve import learning_curve


def _texts(X: pd.DataFrame) -> pd.Series:
    return X["text"]


PEER = make_pipeline(FunctionTransformer(_texts), TfidfVectorizer(analyzer="char"), LogisticRegression())


def test_it_rises_with_tickets_and_flatters_on_training(corpus: pd.DataFrame) -> None:
    curve = learning_curve(PEER, corpus, sizes=(0.2, 1.0), folds=3)
    assert curve["tickets"].tolist() == sorted(curve["tickets"])
    assert curve["macro_f1"].iloc[-1] > curve["macro_f1"].iloc[0]
    assert (curve["low"] <= curve["macro_f1"]).all()
    assert curve["on_training"].iloc[-1] >= curve["macro_f1"].iloc[-1]


def test_a_customer_is_never_on_both_sides() -> None:
    """Customers who repeat one text: who has read them in training would know them all."""
    table = pd.DataFrame(
        {
            "text": [f"text number {i // 4}" for i in range(48)],
            "customer_type": [("venting", "high_energy")[(i // 4) % 2] for i in range(48)],
            "customer_id": [f"c{i // 4}" for i in range(48)],
        }
    )
    seen: list[set[str]] = []
    asked: list[bool] = []

    class Spy(ClassifierMixin, BaseEstimator):
        def fit(self, X, y):  # type: ignore[no-untyped-def]
            seen.append(set(X["customer_id"]))
            self.classes_ = sorted(set(y))
            return self

        def predict(self, X):  # type: ignore[no-untyped-def]
            customers = set(X["customer_id"])
            asked.append(customers <= seen[-1] or not customers & seen[-1])
            return [self.classes_[0]] * len(X)

    learning_curve(Spy(), table, sizes=(1.0,), folds=3)
    assert len(seen) == 3
    assert asked == [True] * 6


def test_what_it_cannot_do(corpus: pd.DataFrame) -> None:
    with pytest.raises(MissingColumns, match="customer_type"):
        learning_curve(PEER, corpus[["text"]])
    with pytest.raises(
        BadValue, match="folds: not a number up to 1: each leaves out other customers, got '3'"
    ):
        learning_curve(PEER, corpus.assign(customer_id="one", collection="one"))
