"""What is measured while a model is trained, rounded, to be kept in its manifest and told on its card."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .calibration import HIGH_PRECISION, PRECISION, OutOfFold
from .decision import NONE
from .evaluation import f1_by_class
from .fitting import Labelled
from .masking import mask
from .model import Model
from .people_first import people_first
from .ticket_texts import facts_of, texts_of
from .validation import judge_out_of_fold
from .workbench.fairness import audit_fairness
from .workbench.parity import audit_parity
from .workbench.resampling import units_to_draw
from .workbench.scripts import BY_CHARACTER
from .workbench.shortcuts import HIDING, hidden_moves

_DECIMALS = 4
_FEWEST = 20
_PARTS = ("language", "genre")


def measure(
    model: Model, out_of_fold: OutOfFold, data: Labelled, tickets: pd.DataFrame
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Figures on left-out collections, and the same with all audits as the manifest keeps them.

    Parameters
    ----------
    model : Model
        Calibrated.
    out_of_fold : OutOfFold
    data : Labelled
    tickets : DataFrame
        The labelled tickets in the same order; ``language`` and ``genre`` are told apart where they stand.

    Returns
    -------
    dict, dict
        As :func:`~complaint_typing.validation.judge_out_of_fold`; and ``figures``, ``parts``,
        ``operating_points``, ``people_first``, ``fairness``, ``parity`` and ``shortcuts``, rounded.
    """
    figures = judge_out_of_fold(model, out_of_fold, data, units_to_draw(tickets))
    scores = out_of_fold.scores(model, data)
    kept = {
        "figures": figures,
        "parts": {
            name: _parts(model, scores.types, data.types, tickets[name].fillna("").to_numpy(dtype=str))
            for name in _PARTS
            if name in tickets.columns
        },
        "operating_points": _operating_points(model, scores.types, scores.strangeness, data),
        "people_first": people_first(model, out_of_fold, data, tickets),
        **_audits(model, tickets),
    }
    rounded: dict[str, Any] = _rounded(kept)
    return figures, rounded


def _parts(
    model: Model, probabilities: NDArray[Any], types: NDArray[Any], part: NDArray[Any]
) -> dict[str, Any]:
    """Accuracy and macro-F1 (over types with five tickets) of each part that has twenty tickets."""
    truth = np.array([model.types.index(name) if name in model.types else -1 for name in types])
    top, n = probabilities.argmax(axis=1), len(model.types)
    told = {}
    for name in sorted(set(part.tolist()) - {""}):
        rows = np.flatnonzero((part == name) & (truth >= 0))
        if len(rows) >= _FEWEST:
            y = truth[rows]
            supported = np.bincount(y, minlength=n) >= 5
            macro = f1_by_class(y, top[rows], n)[supported]
            told[mask(name)] = {
                "n": len(rows),
                "accuracy": float((y == top[rows]).mean()),
                "macro_f1": float(macro.mean()) if len(macro) else None,
            }
    return told


def _operating_points(
    model: Model, probabilities: NDArray[Any], strangeness: NDArray[Any], data: Labelled
) -> list[dict[str, Any]]:
    """What is decided at each stated precision, on tickets drawn as ordinary mail and on all."""
    confidence = probabilities.max(axis=1)
    right = np.array(model.types)[probabilities.argmax(axis=1)] == data.types
    familiar = strangeness < model.thresholds.unfamiliar
    told = []
    for stated, threshold in ((PRECISION, model.thresholds.decide), (HIGH_PRECISION, model.thresholds.sure)):
        for name, rows in (
            ("ordinary mail", data.natural & (data.types != NONE)),
            ("all", data.types != NONE),
        ):
            decided = rows & familiar & (confidence >= threshold)
            told.append(
                {
                    "stated": stated,
                    "tickets": name,
                    "n": int(rows.sum()),
                    "threshold": threshold,
                    "coverage": float(decided.sum() / max(int(rows.sum()), 1)),
                    "precision": float(right[decided].mean()) if decided.any() else None,
                }
            )
    return told


def _audits(model: Model, tickets: pd.DataFrame) -> dict[str, Any]:
    fair = audit_fairness(model)
    texts, facts = texts_of(tickets), facts_of(tickets)
    parity = audit_parity(model, texts, facts, BY_CHARACTER)
    return {
        "fairness": {"tickets": fair.tickets, "texts": fair.texts, "moved": fair.moved, "share": fair.share}
        | {"groups": [{key: g[key] for key in ("by", "name", "tickets", "moved")} for g in fair.groups]},
        "parity": [
            {
                "conversion": one.conversion,
                "changed": one.changed,
                "same_type": one.same_type,
                "within": one.within,
                "largest_shift": one.largest_shift,
            }
            for one in parity.conversions
        ],
        "shortcuts": {name: hidden_moves(model, texts, facts, name) for name in HIDING if name != "nothing"},
    }


def _rounded(value: Any) -> Any:
    """Floats to four decimals, at any depth.

    >>> _rounded({"a": [0.123456, 3], "b": None})
    {'a': [0.1235, 3], 'b': None}
    """
    if isinstance(value, Mapping):
        return {str(key): _rounded(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(inner) for inner in value]
    return round(value, _DECIMALS) if isinstance(value, float) else value
