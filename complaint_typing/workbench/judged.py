"""Labelled tickets beside what a model says of them: one row a ticket, for charts and thresholds."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..decision import UNDETERMINED, UNFAMILIAR, decide
from ..model import Model
from ..out_of_fold import OutOfFold
from ..ticket_texts import facts_of, texts_of
from .needed_columns import need_columns


def judged(model: Model, tickets: pd.DataFrame, out_of_fold: OutOfFold | None = None) -> pd.DataFrame:
    """What a model says of labelled tickets.

    Parameters
    ----------
    model : Model
    tickets : DataFrame
        ``text`` and ``customer_type``; ``history_*`` columns, ``ticket_id``, ``collection`` and
        ``customer_id`` where they are there.
    out_of_fold : OutOfFold, optional
        Scores of these tickets by models that saw nothing of their group, such as
        ``CustomerTypeClassifier.out_of_fold_`` of the tickets it was fitted on.

    Returns
    -------
    DataFrame
        With the index of `tickets`: ``customer_type`` as labelled, ``top_type``, ``decided`` (a type,
        ``undetermined`` or ``unfamiliar``), ``confidence`` of the top type, ``strangeness``, ``familiar``
        (whether it is below the model's threshold), ``right`` (whether the top type is the label), and
        ``ticket_id``, ``collection`` and ``customer_id`` where the tickets have them.

    Raises
    ------
    MissingColumns
        When there is no ``customer_type`` or no text.

    >>> from ..artifact import load_model
    >>> from ..resources import data_path
    >>> tickets = pd.DataFrame({"text": ["请把多扣的十元退给我"], "customer_type": ["resolution_seeking"]})
    >>> judged(load_model(data_path("model")), tickets)[["top_type", "right"]].values.tolist()
    [['resolution_seeking', True]]
    """
    need_columns(tickets, ["customer_type"])
    facts = facts_of(tickets)
    if out_of_fold is None:
        scores = model.score(texts_of(tickets), facts)
    else:
        scores = model.calibrated(out_of_fold.logits, out_of_fold.known_share, model.gate(facts))
    decision = decide(scores.types, scores.strangeness, model.thresholds)
    names = np.array([*model.types, UNDETERMINED, UNFAMILIAR], dtype=object)
    label = tickets["customer_type"].fillna("").to_numpy(dtype=object)
    top = names[decision.top]
    known = [name for name in ("ticket_id", "collection", "customer_id") if name in tickets.columns]
    return tickets[known].assign(
        customer_type=label,
        top_type=top,
        decided=names[decision.outcome],
        confidence=decision.confidence.astype(float),
        strangeness=scores.strangeness.astype(float),
        familiar=scores.strangeness < model.thresholds.unfamiliar,
        right=top == label,
    )
