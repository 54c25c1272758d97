"""The parameters of the estimator, checked before anything is fitted."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import replace
from numbers import Integral, Real
from typing import Any

import numpy as np
from sklearn.utils import check_random_state

from .class_labels import ClassLabels
from .decision import NONE
from .errors import BadOption
from .fitting import Labelled, Recipe
from .taxonomy import Taxonomy, read_taxonomy


def checked_recipe(estimator: Any, labels: ClassLabels, taxonomy: Taxonomy | None) -> Recipe:
    """The recipe that an estimator's parameters ask for.

    Raises
    ------
    BadOption
        When a parameter cannot be used.
    """
    _number(estimator, "C", Real, 0, "a number above 0", above=True)
    _number(estimator, "last_sentence", Real, 0, "a number from 0 up")
    _number(estimator, "min_groups", Integral, 1, "a whole number from 1 up")
    _number(estimator, "n_folds", Integral, 2, "a whole number from 2 up")
    jobs = estimator.n_jobs
    if jobs is not None and (not isinstance(jobs, Integral) or jobs == 0):
        raise BadOption("n_jobs", jobs, "a whole number but 0, or None", "write n_jobs=-1 for all cores")
    return Recipe(
        C=float(estimator.C),
        view_scale=(1.0, float(estimator.last_sentence)),
        min_groups=int(estimator.min_groups),
        min_share=0.0,
        class_weight=_class_weight(estimator.class_weight, labels, taxonomy),
    )


def _number(estimator: Any, name: str, kind: Any, least: int, expected: str, above: bool = False) -> None:
    value = getattr(estimator, name)
    sound = isinstance(value, kind) and not isinstance(value, bool) and np.isfinite(value)
    if not sound or value < least or (above and value == least):
        raise BadOption(name, value, expected, f"write {name}={max(least, 1)}, or leave it out")


def _class_weight(given: Any, labels: ClassLabels, taxonomy: Taxonomy | None) -> Any:
    """Class weights by the names of the types."""
    if given is None or (isinstance(given, str) and given == "balanced"):
        return given
    if not isinstance(given, Mapping):
        remedy = "write class_weight='balanced', None, or a weight for each type"
        raise BadOption("class_weight", given, "balanced, a dict or None", remedy)
    names = dict(zip(labels.classes.tolist(), labels.types, strict=True))
    known = {*labels.types, *(taxonomy or read_taxonomy()).types, NONE}
    weights = {names.get(label, label): weight for label, weight in given.items()}
    for name, weight in weights.items():
        if name not in known:
            near = difflib.get_close_matches(str(name), known, n=1) or sorted(labels.types)
            raise BadOption("class_weight", name, "one of the types", f"use {' or '.join(near)}")
        if not isinstance(weight, int | float) or not 0 <= weight < float("inf"):
            raise BadOption("class_weight", weight, "a number from 0 up", f"give a weight for {name}")
    return weights


def dealt(data: Labelled, random_state: Any) -> Labelled:
    """The tickets with their groups renumbered at random: groups of a size are dealt in this order.

    Raises
    ------
    BadOption
        When ``random_state`` is none.
    """
    if random_state is None:
        return data
    try:
        random = check_random_state(random_state)
    except ValueError:
        remedy = "give a whole number, a RandomState or None"
        raise BadOption("random_state", random_state, "a seed", remedy) from None
    codes = random.permutation(int(data.groups.max()) + 1)
    return replace(data, groups=codes[data.groups])
