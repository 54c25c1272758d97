"""scikit-learn's checks of an estimator, run on texts: each row of numbers is written as a text first."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import sklearn
from sklearn.utils import estimator_checks
from sklearn.utils.estimator_checks import check_estimator

from complaint_typing.classifier import CustomerTypeClassifier

VERSION = tuple(int(part) for part in sklearn.__version__.split(".")[:2])


def numbers_of(X: Any) -> Any:
    """A matrix of finite numbers, or None where something else was given."""
    try:
        values = np.asarray(X)
        values = values.astype(float) if values.dtype == object else values
    except (TypeError, ValueError):
        return None
    sound = values.ndim == 2 and values.shape[1] and values.dtype.kind in "iufb" and np.isfinite(values).all()
    return values if sound else None


def written(X: Any) -> Any:
    """Rows of numbers as texts: one character for each column and half unit; anything else as it is."""
    values = numbers_of(X)
    if values is None:
        return X
    steps = np.clip(np.floor(values * 2), -20, 20).astype(int) + 20
    return ["".join(chr(0x4E00 + 41 * j + step) for j, step in enumerate(row)) for row in steps.tolist()]


class Written(CustomerTypeClassifier):
    """The estimator behind `written`, which says that it takes a matrix, so that no check is left out."""

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Written:
        super().fit(written(X), y, sample_weight)
        self.n_features_in_ = numbers_of(X).shape[1]
        return self

    def predict_proba(self, X: Any) -> Any:
        values = numbers_of(X)
        if values is not None and values.shape[1] != getattr(self, "n_features_in_", values.shape[1]):
            told = f"X has {values.shape[1]} features, but Written is expecting"
            raise ValueError(f"{told} {self.n_features_in_} features as input")
        return super().predict_proba(written(X))

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string, tags.input_tags.two_d_array = False, True
        return tags

    def _more_tags(self) -> dict[str, Any]:
        return {"X_types": ["2darray"]}


def checks_of(estimator: Any) -> Iterator[tuple[str, Any]]:
    """The names of scikit-learn's checks, each with what runs it, whatever the version."""
    if hasattr(estimator_checks, "estimator_checks_generator"):
        found = estimator_checks.estimator_checks_generator(estimator)
    else:
        found = check_estimator(estimator, generate_only=True)
    for each, check in found:
        function = check.func if hasattr(check, "func") else check
        yield function.__name__, lambda check=check, each=each: check(each)


def outcomes(estimator: Any) -> dict[str, str]:
    """Each check with what came of it: "" when it passed, else the first words of the error."""
    told: dict[str, str] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, run in checks_of(estimator):
            try:
                run()
            except Exception as error:
                skipped = type(error).__name__ in ("SkipTest", "SkipTestWarning")
                told[name] = "skipped" if skipped else f"{type(error).__name__}: {error}"[:300]
            else:
                told.setdefault(name, "")
    return told
