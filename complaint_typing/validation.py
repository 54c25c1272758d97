"""Judges typing on labelled tickets: a model on a file, or a recipe on left-out collections."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from .adaptation import adaptation, estimate_of
from .calibration import fit_calibrated
from .cue_search import held_cues
from .decision import UNDETERMINED, UNFAMILIAR, decide
from .emotional_modes import decided_modes
from .errors import BadOption, BadValue
from .evaluation import Said, Truth, evaluate
from .facts import HISTORY_COLUMNS
from .fitting import Labelled, Recipe
from .folding import fold_texts
from .labels import labelled_frame, truth_of, weighed
from .model import Model, Scores
from .out_of_fold import OutOfFold
from .risk_signals import reported
from .taxonomy import Taxonomy, read_taxonomy
from .ticket_texts import facts_of, texts_of
from .workbench.resampling import Units, units_to_draw


def said_of(model: Model, scores: Scores, texts: Sequence[str]) -> Said:
    """Scores as decisions and labels in words."""
    decision = decide(scores.types, scores.strangeness, model.thresholds)
    outcomes = np.array([*model.types, UNDETERMINED, UNFAMILIAR])
    held = held_cues(model.signals, fold_texts(texts))
    flags = reported(model, scores.signals, texts, held.signals)
    return Said(
        model.types,
        scores.types,
        outcomes[decision.outcome],
        scores.strangeness,
        np.array(model.modes)[decided_modes(model, scores, held.modes)],
        [{model.signals[i] for i in np.flatnonzero(row)} for row in flags],
    )


def judge(model: Model, tickets: pd.DataFrame) -> dict[str, Any]:
    """Figures of a model on labelled tickets with their history, as ``evaluation.evaluate`` gives them."""
    texts = texts_of(tickets)
    scores = model.score(texts, facts_of(tickets))
    return evaluate(truth_of(tickets), said_of(model, scores, texts))


def judge_adapted(model: Model, tickets: pd.DataFrame, by: str | None = None) -> dict[str, Any]:
    """As :func:`judge`, and the same after adapting to the shares of the types seen in these tickets.

    The estimate reads the texts of all rows and none of the labels.

    Parameters
    ----------
    model : Model
    tickets : DataFrame
        Labelled, with history columns.
    by : str, optional
        Adapt by the values of this column.

    Returns
    -------
    dict
        The figures as they are, those after adapting as ``adapted``, and the estimate as ``priors``.

    Raises
    ------
    BadOption
        When the table has no such column.
    """
    groups = None if by is None else _column(tickets, "by", by).tolist()
    texts, truth = texts_of(tickets), truth_of(tickets)
    scores = model.score(texts, facts_of(tickets))
    found = estimate_of(model, scores, groups, by)
    adapted = adaptation(model, found, groups)(scores)
    return {
        **evaluate(truth, said_of(model, scores, texts)),
        "adapted": evaluate(truth, said_of(model, adapted, texts)),
        "priors": found.to_dict(),
    }


def judge_out_of_fold(model: Model, out_of_fold: OutOfFold, data: Labelled, units: Units) -> dict[str, Any]:
    """Figures of a recipe on tickets of left-out collections.

    Weights come from models that saw nothing of the ticket's collection; temperature and thresholds
    (one number and a few) were learned on these same left-out scores. Intervals are over ``units``.
    """
    signals = None
    if data.signals is not None:
        signals = [{data.signal_names[i] for i in np.flatnonzero(row)} for row in data.signals]
    truth = Truth(data.types, None, data.modes, signals, units.codes)
    return evaluate(truth, said_of(model, out_of_fold.scores(model, data), data.raw))


def leave_one_out(
    tickets: pd.DataFrame, column: str, jobs: int | None = None, taxonomy: Taxonomy | None = None
) -> dict[str, Any]:
    """Figures of the shipped recipe, leaving out one value of a column at a time.

    Parameters
    ----------
    tickets : DataFrame
        Labelled, with history columns.
    column : str
        For example ``collection``: no author is then judged by a model that read the author.
    jobs : int or None
        Processes, as in joblib.
    taxonomy : Taxonomy, optional
        Whose signals are learned; the shipped one by default.

    Raises
    ------
    BadOption
        When the table has no such column.
    BadValue
        When the column has one value only.
    """
    tickets = weighed(tickets.assign(collection=_column(tickets, "out_of_fold", column)))
    parts = tickets["collection"].nunique()
    if parts < 2:
        remedy = "name a column with several values, such as customer_id"
        raise BadValue(None, column, f"{parts} value", "two values or more to leave out", remedy)
    data = labelled_frame(tickets, taxonomy or read_taxonomy())
    model, out_of_fold = fit_calibrated(data, Recipe(), parts, jobs)
    return judge_out_of_fold(model, out_of_fold, data, units_to_draw(tickets))


def _column(tickets: pd.DataFrame, option: str, name: str) -> pd.Series:
    """A column of the tickets as texts, "" where empty."""
    if name not in tickets.columns:
        names = [str(column) for column in tickets.columns if column not in HISTORY_COLUMNS]
        raise BadOption(option, name, "a column of the file", f"use one of: {', '.join(names)}")
    return tickets[name].fillna("").astype(str)
