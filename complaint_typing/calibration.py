"""What is learned from out-of-fold scores: temperature, thresholds, what looks strange."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, softmax

from .cue_fitting import cue_hits, fit_cues, fit_floors, with_cues
from .cue_search import held_cues
from .decision import NONE, Thresholds, threshold_for_precision
from .fitting import Labelled, Recipe
from .folding import fold_texts
from .gate_fitting import fit_gate
from .mode_fitting import fit_modes
from .model import Model, Scores
from .out_of_fold import FAR, OutOfFold, fit_out_of_fold

PRECISION, HIGH_PRECISION = 0.90, 0.95
FALSE_ALARMS = 0.005
ASKING_RECALL = 0.8
_SMALL_BIAS = 1e-3
_TEMPERATURES = (1e-3, 1e3)


def fit_calibrated(
    data: Labelled, recipe: Recipe, n_folds: int = 5, jobs: int | None = None
) -> tuple[Model, OutOfFold]:
    """Fit a model on everything and calibrate it on tickets that its folds had not seen.

    Parameters and folds as in :func:`~complaint_typing.out_of_fold.fit_out_of_fold`.

    Returns
    -------
    Model, OutOfFold
        The scores are those of left-out groups.
    """
    return calibrate(*fit_out_of_fold(data, recipe, n_folds, jobs), data)


def calibrate(
    model: Model, out_of_fold: OutOfFold, strangers: OutOfFold, data: Labelled
) -> tuple[Model, OutOfFold]:
    """Learn a temperature, a bias for each type and the thresholds from out-of-fold logits.

    Bias-corrected temperature scaling (Alexandari, Kundaje and Shrikumar, 2020) on the tickets drawn as
    ordinary mail is, so that probabilities hold where types occur in such shares; and on scores of left-out
    genres, because strangers do not write in the ways that the corpus is written in.

    Parameters
    ----------
    model : Model
    out_of_fold : OutOfFold
        Scores of left-out groups: the abuse gate and what looks strange are learned from them.
    strangers : OutOfFold
        Scores of left-out genres.
    data : Labelled

    Returns
    -------
    Model, OutOfFold
        The model and the scores of left-out groups, both with the bias added; ``info["source_shares"]`` of
        the model are the shares of the types among the tickets it was calibrated on.
    """
    tickets = np.flatnonzero((data.types != NONE) & data.natural)
    y = np.array([model.types.index(name) for name in data.types[tickets]])
    asks_from = _asks_from(expit(out_of_fold.logits[np.isin(data.types, model.gated), -1]))
    may = np.isfinite(model.gate(data.facts)) & (expit(strangers.logits[:, -1]) >= asks_from)
    logits = strangers.logits[tickets, : len(model.types)].astype(float)
    logits[np.ix_(~may[tickets], model.gated_places)] = FAR
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
    scores = replace(strangers, logits=strangers.logits + shift).scores(model, data)
    top = scores.types[tickets]
    confidence, correct = top.max(axis=1), top.argmax(axis=1) == y
    decide, sure = (threshold_for_precision(confidence, correct, p) for p in (PRECISION, HIGH_PRECISION))
    strangeness = out_of_fold.scores(model, data).strangeness[tickets]
    unfamiliar = float(np.quantile(strangeness, 1 - FALSE_ALARMS))
    thresholds = Thresholds(decide, max(sure, decide), unfamiliar)
    info = {**model.info, "source_shares": _shares(y, model.types)}
    model = _with_modes(_with_signals(model, strangers, scores.signals, data, tickets), scores, data)
    return replace(model, thresholds=thresholds, info=info), out_of_fold


def _with_signals(
    model: Model, strangers: OutOfFold, probabilities: NDArray[Any], data: Labelled, tickets: NDArray[np.intp]
) -> Model:
    """The model with the weights of the phrases that speak for a signal, and each signal's threshold."""
    if data.signals is None:
        return model
    hits = cue_hits(model.signals, data.raw)
    first = len(model.types) + len(model.modes)
    labelled = data.types != NONE
    logits = strangers.logits[labelled, first : first + len(model.signals)]
    model = replace(model, cue_weights=fit_cues(model, logits, hits[labelled], data.signals[labelled]))
    model = replace(model, cue_floors=fit_floors(probabilities[tickets]))
    p = with_cues(model, probabilities[tickets], hits[tickets])
    limits = tuple(_best_f1(p[:, i], data.signals[tickets, i]) for i in range(p.shape[1]))
    return replace(model, signal_thresholds=limits)


def _with_modes(model: Model, scores: Scores, data: Labelled) -> Model:
    """The model with what types and words say of the emotional mode."""
    if data.modes is None:
        return model
    rows = np.flatnonzero((data.types != NONE) & (data.modes != ""))
    if not len(rows):
        return model
    y = np.array([model.modes.index(name) for name in data.modes[rows].tolist()])
    held = held_cues(model.signals, fold_texts([data.raw[i] for i in rows.tolist()])).modes
    chosen = Scores(*(part[rows] for part in scores))
    chosen.types[:, model.gated_places] = 0  # a past that is held against somebody is no anger
    return replace(model, mode_weights=fit_modes(chosen, held, y))


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
    return float(np.clip(np.exp(found[0]), *_TEMPERATURES)), found[1:]


def _best_f1(p: NDArray[Any], there: NDArray[np.bool_]) -> float:
    """The probability from which reporting a signal has the best F1."""
    if not there.any():
        return 0.5
    order = np.argsort(-p, kind="stable")
    hits = np.cumsum(there[order])
    score = 2 * hits / (np.arange(1, len(hits) + 1) + hits[-1])
    last_of_equals = np.diff(p[order], append=-1) != 0
    return float(p[order[int(np.where(last_of_equals, score, 0).argmax())]])
