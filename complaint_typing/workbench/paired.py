"""Two models on the same labelled tickets: every figure of both, and the difference with its interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..decision import NONE, UNDETERMINED, UNFAMILIAR
from ..evaluation import SUPPORT
from .resampling import Units, interval, ratio, resampled_sums

FIGURES = ("accuracy", "macro_f1", "expected_calibration_error", "coverage", "precision_when_decided")
PER_TYPE = ("f1", "precision", "recall")
_BINS = 15
RESAMPLES = 2_000


def paired_differences(
    old: pd.DataFrame, new: pd.DataFrame, types: Sequence[str], units: Units, resamples: int = RESAMPLES
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Figures of two models on the same tickets.

    Parameters
    ----------
    old, new : DataFrame
        As :func:`~complaint_typing.workbench.judged.judged` gives them, row by row of the same tickets.
    types : sequence of str
        Types that a label may have to count; rows labelled ``none`` count in coverage and precision.
    units : Units
        What is drawn as one; both models are measured on the same draws.
    resamples : int

    Returns
    -------
    DataFrame, DataFrame
        ``figure`` (of ``FIGURES``), ``old``, ``new``, ``difference``, ``low``, ``high`` (95 %); and the same
        with ``type``, ``n`` (labelled so), ``typed`` (typed so by either) and ``family_high``, the upper end
        of an interval that holds for all types together. Figures that a model lacks are NaN.
    """
    tables = [_columns(table, types) for table in (old, new)]
    names = list(tables[0])
    whole = np.hstack([np.column_stack([table[name] for name in names]) for table in tables])
    draws = resampled_sums(units, whole, resamples)
    supported = np.array([tables[0][f"there {name}"].sum() >= SUPPORT for name in types])
    point: list[dict[str, NDArray[Any]]] = []
    drawn: list[dict[str, NDArray[Any]]] = []
    for sums, found in ((whole.sum(axis=0)[None], point), (draws, drawn)):
        for half in np.split(sums, 2, axis=1):
            found.append(_figures(dict(zip(names, half.T, strict=True)), types, supported))
    rows = {name: _row(name, point, drawn, units.n, len(types)) for name in point[0]}
    overall = pd.DataFrame([{"figure": name} | rows[name] for name in FIGURES]).drop(columns="family_high")
    typed = {name: int((tables[0][f"said {name}"] | tables[1][f"said {name}"]).sum()) for name in types}
    per_type = [
        {"type": name, "n": int(tables[0][f"there {name}"].sum()), "typed": typed[name]}
        | {"figure": figure}
        | rows[f"{figure} {name}"]
        for name in types
        for figure in PER_TYPE
    ]
    return overall, pd.DataFrame(per_type)


def _columns(table: pd.DataFrame, types: Sequence[str]) -> dict[str, NDArray[Any]]:
    """What all figures are sums of; one array of n_tickets each."""
    label, top = table["customer_type"].to_numpy(), table["top_type"].to_numpy()
    typed = np.isin(label, list(types))
    judged = typed | (label == NONE)
    confidence, right = table["confidence"].to_numpy(dtype=float), typed & (label == top)
    decided = judged & ~np.isin(table["decided"].to_numpy(), [UNDETERMINED, UNFAMILIAR])
    bins = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    return {
        "typed": typed,
        "right": right,
        "judged": judged,
        "decided": decided,
        "decided right": decided & (table["decided"].to_numpy() == label),
        **{f"gap {k}": np.where(typed & (bins == k), confidence - right, 0.0) for k in range(_BINS)},
        **{f"there {name}": label == name for name in types},
        **{f"said {name}": typed & (top == name) for name in types},
        **{f"hit {name}": right & (top == name) for name in types},
    }


def _figures(
    sums: Mapping[str, NDArray[Any]], types: Sequence[str], supported: NDArray[np.bool_]
) -> dict[str, NDArray[Any]]:
    """Every figure for each row of sums."""
    there, said, hit = (np.stack([sums[f"{what} {t}"] for t in types]) for what in ("there", "said", "hit"))
    f1 = 2 * hit / np.maximum(there + said, 1)
    gaps = np.abs(np.stack([sums[f"gap {k}"] for k in range(_BINS)])).sum(axis=0)
    macro = f1[supported].mean(axis=0) if supported.any() else np.full(f1.shape[1], np.nan)
    per_type = {"f1": np.where(there + said > 0, f1, np.nan), "precision": ratio(hit, said)}
    per_type["recall"] = ratio(hit, there)
    return {
        "accuracy": ratio(sums["right"], sums["typed"]),
        "macro_f1": macro,
        "expected_calibration_error": ratio(gaps, sums["typed"]),
        "coverage": ratio(sums["decided"], sums["judged"]),
        "precision_when_decided": ratio(sums["decided right"], sums["decided"]),
        **{f"{name} {t}": values[i] for name, values in per_type.items() for i, t in enumerate(types)},
    }


def _row(
    name: str,
    point: Sequence[Mapping[str, Any]],
    drawn: Sequence[Mapping[str, Any]],
    n_units: int,
    family: int,
) -> dict[str, float]:
    old, new = (float(found[name][0]) for found in point)
    draws = drawn[1][name] - drawn[0][name]
    (low, high), (_, family_high) = interval(draws, n_units), interval(draws, n_units, max(family, 1))
    difference = new - old
    if not np.isnan(difference):
        low, high, family_high = min(low, difference), max(high, difference), max(family_high, difference)
    return {
        "old": old,
        "new": new,
        "difference": difference,
        "low": low,
        "high": high,
        "family_high": family_high,
    }
