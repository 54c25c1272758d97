"""Which labels are probably wrong: every labelled ticket judged by a model that did not read its label."""

from __future__ import annotations

import warnings
from types import ModuleType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..errors import BadOption, MissingColumns, MissingExtra
from ..masking import mask
from .left_out import out_of_fold_probabilities, second_opinion
from .needed_columns import need_columns

FEWEST, FEW = 5, 4000
METHODS = ("self_confidence", "normalized_margin", "confidence_weighted_entropy")


def label_errors(
    tickets: pd.DataFrame,
    probabilities: pd.DataFrame | None = None,
    method: str = "self_confidence",
    jobs: int | None = None,
    corpus: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """All labelled tickets, those first whose label is least credible.

    The quality of a label is cleanlab's score of the out-of-fold probabilities; what else the ticket says of
    itself in ``secondary_type`` and ``also_acceptable`` counts for the label, because a second reading is no
    error. ``likely_error`` is cleanlab's verdict (confident learning: Northcutt, Jiang and Chuang, 2021, the
    labels that both of its filters would remove); read the ranking from the top and stop where the labels
    are right again.

    Parameters
    ----------
    tickets : DataFrame
        Labelled; ``ticket_id``, ``secondary_type`` and ``also_acceptable`` (``;``-joined) where they stand.
    probabilities : DataFrame of shape (n_tickets, n_types), optional
        As :func:`out_of_fold_probabilities` gives them; computed by default.
    method : str
        One of ``METHODS``; the default finds most planted errors (docs/figures.md).
    jobs : int or None
        Processes for the probabilities.
    corpus : DataFrame, optional
        Labelled tickets of others for a second opinion, the shipped corpus by default; see
        :func:`~complaint_typing.workbench.left_out.second_opinion`. It is asked for at most 4000 tickets
        that come without `probabilities`; with more their own labels tell enough.

    Returns
    -------
    DataFrame
        One row a ticket: ``rank`` from 1, ``row`` (position in `tickets`, from 0), ``ticket_id``,
        ``customer_type``, ``suggested_type`` (the most probable type that is not a reading the ticket has
        already, or the label itself where that is the most probable), ``label_quality`` (0 to 1, NaN for
        types with fewer than five tickets, which come last), ``p_given``, ``p_suggested``, ``likely_error``,
        ``acceptable`` (whether the most probable type is a second reading of the ticket), ``text`` (masked).

    Raises
    ------
    MissingExtra
        When cleanlab is not installed.
    MissingColumns
        When there is no ``customer_type`` or no ``text``, or a label has no column of probabilities.
    BadOption
        When the probabilities are not one row a ticket, or the method is not known.

    >>> said = ["please refund the fee", "refund my money", "what does this fee mean", "what is this?"]
    >>> texts = [f"{text}, {clerk}" for clerk in "abcde" for text in said]
    >>> y = ["resolution_seeking", "resolution_seeking", "clarification_seeking", "clarification_seeking"] * 5
    >>> wrong = ["clarification_seeking", *y[1:]]
    >>> others = pd.DataFrame({"text": [f"{text} today" for text in texts], "customer_type": y})
    >>> found = label_errors(pd.DataFrame({"text": texts, "customer_type": wrong}), corpus=others)
    >>> found.loc[:0, ["row", "customer_type", "suggested_type", "likely_error"]].to_dict("records")
    [{'row': 0, 'customer_type': 'clarification_seeking', 'suggested_type': 'resolution_seeking',
      'likely_error': True}]
    """
    cleanlab = _cleanlab()
    if method not in METHODS:
        raise BadOption("method", method, "a method of ranking", f"use one of {', '.join(METHODS)}")
    if probabilities is None:
        second = second_opinion(tickets, corpus) if len(tickets) <= FEW else None
        probabilities = out_of_fold_probabilities(tickets, jobs=jobs, second=second)
    given, p = _checked(tickets, probabilities)
    rows = np.arange(len(given))
    others = _second_readings(tickets, [str(name) for name in probabilities.columns])
    others[rows, given] = False
    merged = np.where(others, 0.0, p)
    merged[rows, given] += np.where(others, p, 0.0).sum(axis=1)
    quality, likely = _judged(cleanlab, given, merged, method)
    best, names = merged.argmax(axis=1), probabilities.columns.to_numpy(dtype=object)
    table = pd.DataFrame(
        {
            "row": rows,
            "ticket_id": tickets["ticket_id"].to_numpy() if "ticket_id" in tickets.columns else "",
            "customer_type": names[given],
            "suggested_type": names[best],
            "label_quality": quality,
            "p_given": p[rows, given],
            "p_suggested": p[rows, best],
            "likely_error": likely & (best != given),
            "acceptable": others[rows, p.argmax(axis=1)],
        }
    )
    order = np.lexsort((rows, table["p_given"], quality))
    table, texts = table.iloc[order].reset_index(drop=True), tickets["text"].tolist()
    table.insert(0, "rank", np.arange(1, len(table) + 1))
    return table.assign(text=[mask(texts[row]) for row in table["row"]])


def _cleanlab() -> ModuleType:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # progress bars that a notebook could have, were widgets there
            import cleanlab.count
            import cleanlab.filter
            import cleanlab.rank
    except ImportError:
        raise MissingExtra("workbench", "cleanlab") from None
    return cleanlab


def _checked(
    tickets: pd.DataFrame, probabilities: pd.DataFrame
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """The place of each label among the columns, and the probabilities."""
    need_columns(tickets, ("customer_type", "text"))
    if len(tickets) != len(probabilities) or not len(tickets):
        remedy = "compute them with out_of_fold_probabilities from the same tickets"
        raise BadOption("probabilities", len(probabilities), f"{len(tickets)} rows, one a ticket", remedy)
    places = {str(name): place for place, name in enumerate(probabilities.columns)}
    labels = tickets["customer_type"].astype(str).tolist()
    if unknown := sorted({*labels} - {*places}):
        raise MissingColumns(unknown, list(places))
    return np.array([places[name] for name in labels], dtype=np.intp), probabilities.to_numpy(dtype=float)


def _second_readings(tickets: pd.DataFrame, names: list[str]) -> NDArray[np.bool_]:
    """Which types each ticket names as a second reading."""
    there = np.zeros((len(tickets), len(names)), dtype=bool)
    for column in ("secondary_type", "also_acceptable"):
        cells = tickets[column].fillna("").astype(str).tolist() if column in tickets.columns else ()
        for row, cell in enumerate(cells):
            for name in filter(None, cell.split(";")):
                if name in names:
                    there[row, names.index(name)] = True
    return there


def _judged(
    cleanlab: ModuleType, given: NDArray[np.intp], p: NDArray[np.float64], method: str
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Quality of each label, and which labels confident learning would remove by both of its filters."""
    quality, likely = np.full(len(given), np.nan), np.zeros(len(given), dtype=bool)
    known = np.bincount(given, minlength=p.shape[1])[given] >= FEWEST
    kinds, codes = np.unique(given[known], return_inverse=True)
    if len(kinds) < 2:
        return quality, likely
    shares = p[np.ix_(known, kinds)]
    shares /= np.maximum(shares.sum(axis=1, keepdims=True), 1e-12)
    quality[known] = cleanlab.rank.get_label_quality_scores(codes, shares, method=method)
    likely[known] = cleanlab.filter.find_label_issues(codes, shares, filter_by="both", n_jobs=1)
    return quality, likely
