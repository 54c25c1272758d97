"""Who is called a repeat abuser, judged out of fold: precision, recall, and those who must never be."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .decision import NONE
from .fitting import Labelled
from .gate_fitting import fit_gate
from .model import Model
from .out_of_fold import OutOfFold, grouped_folds
from .resources import data_path

_FOLDS = 5


def hard_negatives() -> frozenset[str]:
    """Customers of the shipped corpus who return with reason: unfixed faults, claims that were proven.

    >>> len(hard_negatives())
    60
    """
    table = pd.read_csv(data_path("audits") / "hard_negatives.csv", dtype=str, encoding="utf-8-sig")
    return frozenset(table["customer_id"])


def typed_gated(model: Model, out_of_fold: OutOfFold, data: Labelled) -> NDArray[np.bool_]:
    """Which tickets a gated type tops, out of fold in all that was learned; shape (n_tickets,).

    The weights of text and history under an open gate are learned anew for each fold from the others.
    """
    folds = grouped_folds(data.groups, _FOLDS, data.types, data.types == NONE)
    typed = np.zeros(len(folds), dtype=bool)
    for number in range(folds.max() + 1):
        weights = fit_gate(model, out_of_fold.logits, data, (folds != number) & (data.types != NONE))
        scores = out_of_fold.scores(replace(model, gate_weights=weights), data)
        held = folds == number
        typed[held] = np.isin(scores.types[held].argmax(axis=1), model.gated_places)
    return typed


def people_first(
    model: Model,
    out_of_fold: OutOfFold,
    data: Labelled,
    tickets: pd.DataFrame,
    never: Collection[str] | None = None,
) -> dict[str, Any]:
    """Figures for the model card.

    Parameters
    ----------
    model : Model
    out_of_fold : OutOfFold
    data : Labelled
    tickets : DataFrame of n_tickets rows
        Whose ``customer_id`` tells the hard negatives.
    never : collection of str, optional
        Customers who are never abusers; the shipped list by default.

    Returns
    -------
    dict
        ``labelled`` and ``typed`` count tickets, ``precision`` and ``recall`` are shares (None where there
        is nothing to divide by), ``closed_typed`` counts tickets typed so under a closed gate, and
        ``hard_negatives`` says of the tickets of such customers how many there are, how many stand under
        an open gate and how many were typed so.
    """
    typed = typed_gated(model, out_of_fold, data)
    labelled = np.isin(data.types, model.gated)
    is_open = np.isfinite(model.gate(data.facts))
    hard = np.zeros(len(typed), dtype=bool)
    if "customer_id" in tickets.columns:
        hard = tickets["customer_id"].isin(hard_negatives() if never is None else never).to_numpy()
    right = int((typed & labelled).sum())
    return {
        "labelled": int(labelled.sum()),
        "typed": int(typed.sum()),
        "precision": round(right / int(typed.sum()), 4) if typed.any() else None,
        "recall": round(right / int(labelled.sum()), 4) if labelled.any() else None,
        "closed_typed": int((typed & ~is_open).sum()),
        "hard_negatives": {
            "tickets": int(hard.sum()),
            "open_gate": int((hard & is_open).sum()),
            "typed": int((hard & typed).sum()),
        },
    }
