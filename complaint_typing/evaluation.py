"""How good typing is: accuracy, macro-F1, calibration and coverage, each with a bootstrap interval."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .decision import NONE, UNDETERMINED, UNFAMILIAR
from .errors import BadValue

SUPPORT = 5
_BINS = 15
_RESAMPLES = 1_000


@dataclass(frozen=True)
class Said:
    """What was said of labelled tickets; every array has shape (n_tickets, ...).

    Attributes
    ----------
    types : tuple of str
        The types that ``probabilities`` has columns for.
    probabilities : ndarray of shape (n_tickets, n_types)
    decided : ndarray of str
        A type, ``undetermined`` or ``unfamiliar``.
    strangeness : ndarray
    modes : ndarray of str
    signals : sequence of set of str
    """

    types: tuple[str, ...]
    probabilities: NDArray[Any]
    decided: NDArray[Any]
    strangeness: NDArray[Any]
    modes: NDArray[Any]
    signals: Sequence[set[str]]


@dataclass(frozen=True)
class Truth:
    """The labels; ``none`` as a type marks what is no ticket. Empty strings are not labelled.

    ``groups`` says which tickets were left out together: intervals are then taken over groups.
    """

    types: NDArray[Any]
    acceptable: Sequence[set[str]] | None = None
    modes: NDArray[Any] | None = None
    signals: Sequence[set[str]] | None = None
    groups: NDArray[Any] | None = None


def expected_calibration_error(confidence: NDArray[Any], correct: NDArray[Any]) -> float:
    """Mean gap between confidence and accuracy over 15 bins of equal width (Guo et al., 2017).

    >>> expected_calibration_error(np.array([0.8, 0.8, 0.8, 0.8]), np.array([1, 1, 1, 0])).__round__(3)
    0.05
    """
    bins = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    gap = np.bincount(bins, weights=confidence - correct, minlength=_BINS)
    return float(np.abs(gap).sum() / max(len(confidence), 1))


def f1_by_class(truth: NDArray[np.intp], said: NDArray[np.intp], n: int) -> NDArray[Any]:
    """F1 of each class, 0 where it was neither there nor said; ndarray of shape (n,)."""
    hit = np.bincount(truth[truth == said], minlength=n)
    there, called = np.bincount(truth, minlength=n), np.bincount(said, minlength=n)
    return 2 * hit / np.maximum(there + called, 1)


def auroc(negative: NDArray[Any], positive: NDArray[Any]) -> float | None:
    """Probability that a positive scores above a negative (ties half); None without both kinds.

    >>> auroc(np.array([0.1, 0.2]), np.array([0.2, 0.9]))
    0.875
    """
    if not len(negative) or not len(positive):
        return None
    ordered = np.sort(negative)
    below = np.searchsorted(ordered, positive, "left") + np.searchsorted(ordered, positive, "right")
    return float(below.mean() / (2 * len(negative)))


def evaluate(truth: Truth, said: Said, resamples: int = _RESAMPLES, seed: int = 0) -> dict[str, Any]:
    """All figures of DESIGN's metrics, ready for JSON.

    Accuracy, macro-F1, top-2 and calibration compare the top type with the label on rows labelled with
    one of the model's types; rows labelled ``none`` count only in coverage, in precision (deciding one is
    an error) and in the AUROC of ``unfamiliar``. Macro-F1 is over types with at least five rows, and None
    where there is no such type.

    Returns
    -------
    dict
        Figures as ``{"value": …, "low": …, "high": …}`` with 95 % bootstrap intervals over tickets, or over
        the groups of ``truth`` where it has them, plus ``per_type``, ``confusion`` and counts. Resampling
        adds to a calibration error, so that its interval may begin above the value; it is then widened. That
        of a share is never closer than the exact one of single tickets: three of three right is no certainty.

    Raises
    ------
    BadValue
        When no row carries a type of the model.
    """
    from .workbench.rates import share_interval

    index = {name: i for i, name in enumerate(said.types)}
    codes = np.array([index.get(name, -1) for name in truth.types])
    rows = np.flatnonzero(codes >= 0)
    if not len(rows):
        remedy = f"label rows with types of the model: {', '.join(said.types)}"
        raise BadValue(None, "customer_type", "no such row", "a type of the model anywhere", remedy)
    y, p = codes[rows], said.probabilities[rows]
    order = np.argsort(-p, axis=1, kind="stable")
    top, confidence = order[:, 0], p.max(axis=1)
    correct = (top == y).astype(float)
    supported = np.flatnonzero(np.bincount(y, minlength=len(index)) >= SUPPORT)
    rng = np.random.default_rng(seed)

    def interval(measure: Callable[[NDArray[np.intp]], float], where: NDArray[np.intp]) -> dict[str, float]:
        draw = _resampler(None if truth.groups is None else truth.groups[where], len(where), rng)
        draws = [measure(draw()) for _ in range(resamples)]
        low, high = np.percentile(draws, [2.5, 97.5]) if draws else (np.nan, np.nan)
        value = measure(np.arange(len(where)))
        return {"value": value, "low": min(float(low), value), "high": max(float(high), value)}

    def share(flags: NDArray[Any], where: NDArray[np.intp] = rows) -> dict[str, float]:
        flags = flags.astype(float)
        found = interval(lambda i: float(flags[i].mean()), where)
        low, high = share_interval(int(flags.sum()), len(flags))
        return found | {"low": min(found["low"], low), "high": max(found["high"], high)}

    def macro(i: NDArray[np.intp]) -> float:
        return float(f1_by_class(y[i], top[i], len(index))[supported].mean())

    figures: dict[str, Any] = {
        "n": len(rows),
        "n_none": int((truth.types == NONE).sum()),
        "accuracy": share(correct),
        "macro_f1": interval(macro, rows) if len(supported) else None,
        "top2_accuracy": share((order[:, :2] == y[:, None]).any(axis=1)),
        "expected_calibration_error": interval(
            lambda i: expected_calibration_error(confidence[i], correct[i]), rows
        ),
        "per_type": _per_type(y, top, said.types),
        "confusion": _confusion(y, top, said.types),
    }
    if truth.acceptable is not None:
        names = np.array(said.types)[top]
        fine = [names[k] in truth.acceptable[r] or correct[k] for k, r in enumerate(rows.tolist())]
        figures["accuracy_lenient"] = share(np.array(fine))
    figures |= _decisions(truth, said, rows, share)
    if truth.modes is not None and (truth.modes[rows] != "").any():
        figures["mode_macro_f1"] = _mode_f1(truth.modes[rows], said.modes[rows])
    if truth.signals is not None:
        figures["signal_f1"] = _signal_f1(
            [truth.signals[r] for r in rows.tolist()], [said.signals[r] for r in rows.tolist()]
        )
    return figures


def _resampler(
    groups: NDArray[Any] | None, n: int, rng: np.random.Generator
) -> Callable[[], NDArray[np.intp]]:
    """Draws n tickets with replacement, or as many whole groups as there are (cluster bootstrap)."""
    if groups is None or len(np.unique(groups)) < 2:
        return lambda: rng.integers(0, n, n)
    members = [np.flatnonzero(groups == group) for group in np.unique(groups)]
    return lambda: np.concatenate([members[k] for k in rng.integers(0, len(members), len(members))])


def _decisions(
    truth: Truth, said: Said, rows: NDArray[np.intp], share: Callable[..., dict[str, float]]
) -> dict[str, Any]:
    judged = np.union1d(rows, np.flatnonzero(truth.types == NONE))
    decided = ~np.isin(said.decided[judged], [UNDETERMINED, UNFAMILIAR])
    right = said.decided[judged] == truth.types[judged]
    return {
        "coverage": share(decided, judged),
        "precision_when_decided": share(right[decided], judged[decided]) if decided.any() else None,
        "unfamiliar_auroc": auroc(said.strangeness[rows], said.strangeness[truth.types == NONE]),
    }


def _per_type(y: NDArray[np.intp], top: NDArray[np.intp], types: tuple[str, ...]) -> dict[str, Any]:
    f1 = f1_by_class(y, top, len(types))
    return {
        name: {
            "n": int((y == i).sum()),
            "precision": _ratio((y == i) & (top == i), top == i),
            "recall": _ratio((y == i) & (top == i), y == i),
            "f1": float(f1[i]) if ((y == i) | (top == i)).any() else None,
        }
        for i, name in enumerate(types)
    }


def _ratio(part: NDArray[np.bool_], whole: NDArray[np.bool_]) -> float | None:
    return float(part.sum() / whole.sum()) if whole.any() else None


def _confusion(
    y: NDArray[np.intp], top: NDArray[np.intp], types: tuple[str, ...]
) -> dict[str, dict[str, int]]:
    table = np.bincount(y * len(types) + top, minlength=len(types) ** 2).reshape(len(types), -1)
    return {a: {b: int(table[i, j]) for j, b in enumerate(types) if table[i, j]} for i, a in enumerate(types)}


def _mode_f1(truth: NDArray[Any], said: NDArray[Any]) -> float:
    names = np.unique(truth[truth != ""])
    index = {name: i for i, name in enumerate(names)}
    there = np.array([index.get(name, len(names)) for name in truth])
    called = np.array([index.get(name, len(names)) for name in said])
    use = there < len(names)
    return float(f1_by_class(there[use], called[use], len(names) + 1)[: len(names)].mean())


def _signal_f1(truth: Sequence[set[str]], said: Sequence[set[str]]) -> dict[str, dict[str, float]]:
    out = {}
    for name in sorted(set().union(*truth)):
        there = np.array([name in s for s in truth])
        called = np.array([name in s for s in said])
        f1 = 2 * (there & called).sum() / max(int(there.sum() + called.sum()), 1)
        out[name] = {"n": int(there.sum()), "f1": float(f1)}
    return out
