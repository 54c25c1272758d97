"""Puts chosen thresholds into a model, so that `score --model` decides by them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..errors import BadOption
from ..model import Model
from .thresholds import NEVER


def with_thresholds(model: Model, decide: float, by_type: Mapping[str, float] | None = None) -> Model:
    """The model with thresholds of one's own; save it with :func:`~complaint_typing.artifact.save_model`.

    Parameters
    ----------
    model : Model
    decide : float
        Confidence from which the top type is decided.
    by_type : mapping of str to float, optional
        Thresholds of single types; all others keep `decide`.

    Returns
    -------
    Model
        A decision counts as high from the model's old threshold for that, or from `decide` if it is higher.

    Raises
    ------
    BadOption
        When a threshold is not between 0 and 1.5, or the model has no such type.

    >>> from ..artifact import load_model
    >>> from ..resources import data_path
    >>> shipped = load_model(data_path("model"))
    >>> at = with_thresholds(shipped, 0.7, {"venting": 0.9}).thresholds
    >>> at.decide, at.by_type[shipped.types.index("venting")], at.by_type[0]
    (0.7, 0.9, 0.7)
    >>> with_thresholds(shipped, 70)
    Traceback (most recent call last):
        ...
    complaint_typing.errors.BadOption: decide: not a confidence, got '70'; ...
    """
    chosen: dict[str, Any] = dict(by_type or {})
    unknown = [name for name in chosen if name not in model.types]
    if unknown:
        remedy = f"use {', '.join(model.types)}"
        raise BadOption("by_type", unknown[0], "a type of the model", remedy)
    for name, value in {"decide": decide, **chosen}.items():
        if not 0 <= float(value) <= NEVER:
            raise BadOption(name, value, "a confidence", "give a number from 0 to 1, or 1.5 for never")
    limits = tuple(float(chosen.get(name, decide)) for name in model.types) if chosen else ()
    old = model.thresholds
    at = replace(old, decide=float(decide), sure=max(old.sure, float(decide)), by_type=limits)
    return replace(model, thresholds=at, version="unsaved")
