"""Out-of-fold scores, and what is learned from them: temperature, thresholds, what looks strange."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, softmax

from .decision import Thresholds, threshold_for_precision
from .errors import BadValue
from .fitting import Labelled, Recipe, fit_model
from .gate_fitting import fit_gate
from .model import NONE, Model, Scores

PRECISION, HIGH_PRECISION = 0.90, 0.95
FALSE_ALARMS = 0.005
ASKING_RECALL = 0.8
_FAR = -30.0
_SMALL_BIAS = 1e-3


@dataclass(frozen=True)
class OutOfFold:
    """Logits of every ticket from models that saw none of its fold; an output that a fold lacked has -30.

    Attributes
    ----------
    logits : ndarray of float32 of shape (n_tickets, n_outputs)
        In the outputs' order of the model they belong to.
    known_share : ndarray of float32 of shape (n_tickets,)
    """

    logits: NDArray[np.float32]
    known_share: NDArray[np.float32]

    def scores(self, model: Model, data: Labelled) -> Scores:
        """The scores under the model's calibration."""
        return model.calibrated(self.logits, self.known_share, model.gate(data.facts))


def grouped_folds(
    groups: NDArray[Any], n_folds: int, apart: NDArray[np.bool_] | None = None
) -> NDArray[np.int64]:
    """A fold number for each ticket; a group is never cut. ``n_folds`` is at most the number of groups.

    The largest groups are dealt first, each to the fold that is smallest by then; before them, groups with
    a ticket of ``apart``, so that no fold holds all of these.

    Raises
    ------
    BadValue
        When that leaves fewer than two folds.

    >>> grouped_folds(np.array([0, 0, 1, 2]), 3).tolist()
    [0, 0, 1, 2]
    >>> grouped_folds(np.array([0, 0, 1, 2, 3]), 2, np.array([0, 0, 0, 1, 1], dtype=bool)).tolist()
    [0, 0, 1, 0, 1]
    >>> grouped_folds(np.array([0, 0]), 3)
    Traceback (most recent call last):
        ...
    complaint_typing.errors.BadValue: column collection: not two folds or more, got '1'; ...
    """
    codes, sizes = np.unique(groups, return_inverse=True, return_counts=True)[1:]
    n_folds = min(n_folds, len(sizes))
    if n_folds < 2:
        remedy = "ask for two, with tickets of two collections, or leave the collections out"
        raise BadValue(None, "collection", n_folds, "two folds or more", remedy)
    fold, filled = np.zeros(len(sizes), dtype=np.int64), np.zeros(n_folds)
    rare = np.bincount(codes, weights=apart) > 0 if apart is not None else np.zeros(len(sizes))
    for group in np.lexsort((-sizes, -1 * rare)):
        fold[group] = filled.argmin()
        filled[fold[group]] += sizes[group]
    return fold[codes]


def fit_calibrated(
    data: Labelled, recipe: Recipe, n_folds: int = 5, jobs: int | None = None
) -> tuple[Model, OutOfFold]:
    """Fit a model on everything and calibrate it on tickets of left-out groups.

    Parameters
    ----------
    data : Labelled
    recipe : Recipe
    n_folds : int
        Folds of whole groups; as many as there are groups is leave-one-collection-out.
    jobs : int or None
        Processes, as in joblib; the result does not depend on it.

    Returns
    -------
    Model, OutOfFold
    """
    folds = grouped_folds(data.groups, n_folds, data.types == NONE)
    everything = np.ones(len(folds), dtype=bool)
    splits = [everything, *(folds != number for number in range(folds.max() + 1))]
    fitted = Parallel(n_jobs=jobs)(delayed(_fit_and_score)(data, rows, recipe) for rows in splits)
    model = fitted[0][0]
    logits = np.full((len(folds), len(model.bias)), _FAR, dtype=np.float32)
    known_share = np.zeros(len(folds), dtype=np.float32)
    for rows, (part, part_logits, part_known) in zip(splits[1:], fitted[1:], strict=True):
        logits[np.ix_(~rows, _places(part, model))] = part_logits
        known_share[~rows] = part_known
    return calibrate(model, OutOfFold(logits, known_share), data)


def _fit_and_score(data: Labelled, rows: NDArray[np.bool_], recipe: Recipe) -> tuple[Model, Any, Any]:
    model = fit_model(data, rows, recipe)
    held_out = np.flatnonzero(~rows)
    if not len(held_out):
        return model, None, None
    views = model.text_views([data.raw[i] for i in held_out.tolist()])
    facts = {name: values[held_out] for name, values in data.facts.items()}
    return model, model.weigh(views, facts).logits, views[0].known_share


def _places(part: Model, whole: Model) -> list[int]:
    """Where a fold's outputs stand among those of the model fitted on everything."""
    names = [*whole.types, *(f"mode:{m}" for m in whole.modes)]
    own = [names.index(n) for n in (*part.types, *(f"mode:{m}" for m in part.modes))]
    return own + list(range(len(names), len(whole.bias)))


def calibrate(model: Model, out_of_fold: OutOfFold, data: Labelled) -> tuple[Model, OutOfFold]:
    """Learn a temperature, a bias for each type and the thresholds from out-of-fold logits.

    Bias-corrected temperature scaling (Alexandari, Kundaje and Shrikumar, 2020) on the tickets drawn as
    ordinary mail is, so that probabilities hold where types occur in such shares.

    Returns
    -------
    Model, OutOfFold
        Both with the bias added; ``info["source_shares"]`` of the model are the shares of the types among
        those tickets.
    """
    tickets = np.flatnonzero((data.types != NONE) & data.natural)
    y = np.array([model.types.index(name) for name in data.types[tickets]])
    asks = expit(out_of_fold.logits[:, -1])
    asks_from = _asks_from(asks[np.isin(data.types, model.gated)])
    may = np.isfinite(model.gate(data.facts)) & (asks >= asks_from)
    logits = out_of_fold.logits[tickets, : len(model.types)].astype(float)
    logits[np.ix_(~may[tickets], model.gated_places)] = _FAR
    possible = may[tickets] | ~np.isin(y, model.gated_places)
    temperature, bias = _temperature_and_bias(logits[possible], y[possible])
    usual = max(float(np.quantile(out_of_fold.known_share[tickets], 0.05)), 1e-4)
    shift = np.zeros(len(model.bias), dtype=np.float32)
    shift[: len(model.types)] = bias * temperature
    model = replace(
        model,
        asks_from=round(asks_from, 4),
        bias=model.bias + shift,
        temperature=round(temperature, 4),
        usual_known_share=round(usual, 4),
    )
    out_of_fold = replace(out_of_fold, logits=out_of_fold.logits + shift)
    gate_weights = fit_gate(model, out_of_fold.logits, data, data.types != NONE)
    model = replace(model, gate_weights=gate_weights)
    scores = out_of_fold.scores(model, data)
    top = scores.types[tickets]
    confidence, correct = top.max(axis=1), top.argmax(axis=1) == y
    decide, sure = (threshold_for_precision(confidence, correct, p) for p in (PRECISION, HIGH_PRECISION))
    unfamiliar = float(np.quantile(scores.strangeness[tickets], 1 - FALSE_ALARMS))
    thresholds = Thresholds(decide, max(sure, decide), unfamiliar)
    signal_thresholds = _signal_thresholds(scores.signals[tickets], data, tickets)
    info = {**model.info, "source_shares": _shares(y, model.types)}
    return replace(model, thresholds=thresholds, signal_thresholds=signal_thresholds, info=info), out_of_fold


def _shares(y: NDArray[np.intp], types: tuple[str, ...]) -> dict[str, float]:
    """The shares of the types that the probabilities hold for."""
    counts = np.bincount(y, minlength=len(types))
    return {name: round(float(n) / len(y), 6) for name, n in zip(types, counts.tolist(), strict=True)}


def _asks_from(asks: NDArray[np.float32]) -> float:
    """The probability that four in five tickets of the gated types reach."""
    return float(np.quantile(asks, 1 - ASKING_RECALL)) if len(asks) else 0.5


def _temperature_and_bias(logits: NDArray[Any], y: NDArray[np.intp]) -> tuple[float, NDArray[Any]]:
    """The temperature and the bias of each type that make the labels most likely."""
    rows = np.arange(len(y))

    def loss(parameters: NDArray[Any]) -> tuple[float, NDArray[Any]]:
        scaled = logits * np.exp(-parameters[0])
        error = softmax(scaled + parameters[1:], axis=1)
        value = -float(np.log(np.maximum(error[rows, y], 1e-12)).mean())
        error[rows, y] -= 1
        error /= len(y)
        gradient = np.concatenate([[-(error * scaled).sum()], error.sum(axis=0)])
        gradient[1:] += 2 * _SMALL_BIAS * parameters[1:]
        return value + _SMALL_BIAS * float(parameters[1:] @ parameters[1:]), gradient

    found = minimize(loss, np.zeros(logits.shape[1] + 1), jac=True, method="L-BFGS-B").x
    return float(np.exp(found[0])), found[1:]


def _signal_thresholds(p: NDArray[Any], data: Labelled, tickets: NDArray[np.intp]) -> tuple[float, ...]:
    """The probability with the best F0.5 for each signal: a false alarm costs more than a silent one."""
    if data.signals is None:
        return ()
    return tuple(_best_f_half(p[:, i], data.signals[tickets, i]) for i in range(p.shape[1]))


def _best_f_half(p: NDArray[Any], there: NDArray[np.bool_]) -> float:
    if not there.any():
        return 0.5
    order = np.argsort(-p, kind="stable")
    hits = np.cumsum(there[order])
    score = 1.25 * hits / (np.arange(1, len(hits) + 1) + 0.25 * hits[-1])
    last_of_equals = np.diff(p[order], append=-1) != 0
    return float(p[order[int(np.where(last_of_equals, score, 0).argmax())]])
