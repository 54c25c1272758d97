"""Why a type, in history facts: those that weighed most for it against the other types, as phrases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .facts import FACTS
from .model import Model
from .phrases import PHRASES
from .spoken import one_of
from .stacking import STACKED_NAMES

_FACT_WEIGHS = float(np.float32(0.3))
_PHRASES_BY_NAME = {fact.name: fact for fact in FACTS}


def evidence_facts(
    model: Model,
    facts: Mapping[str, NDArray[Any]],
    past: NDArray[np.float32],
    top: NDArray[np.intp],
    languages: Sequence[str],
) -> list[list[str]]:
    """History facts that spoke clearly for each ticket's type, strongest first, as phrases.

    Parameters
    ----------
    past : ndarray of shape (n_tickets, n_stacked)
    languages : sequence of str
        One of `SPOKEN` for each ticket.
    """
    found: list[list[str]] = [[] for _ in languages]
    gain = past * model.history.T[top]
    weighty = np.flatnonzero((gain >= _FACT_WEIGHS).any(axis=1))
    gain = gain[weighty]
    strongest = np.argsort(-gain, axis=1, kind="stable")[:, :PHRASES]
    chosen = np.take_along_axis(gain, strongest, axis=1) >= _FACT_WEIGHS
    rank_of, rank = np.nonzero(chosen)
    names = strongest[rank_of, rank]
    rows = weighty[rank_of]
    values = np.stack([np.asarray(facts[name], dtype=np.float64) for name in STACKED_NAMES])[names, rows]
    for i, j, value in zip(rows.tolist(), names.tolist(), values.tolist(), strict=True):
        found[i].append(fact_phrase(STACKED_NAMES[j], value, languages[i]))
    return found


def facts_for(
    model: Model, facts: Mapping[str, float], past: NDArray[np.float32], top: int, language: str
) -> list[str]:
    """:func:`evidence_facts` of one ticket, from plain numbers."""
    gains = (past * model.history[:, top]).tolist()
    weighty = [j for j, gain in enumerate(gains) if gain >= _FACT_WEIGHS]
    strongest = sorted(weighty, key=lambda j: -gains[j])[:PHRASES]
    return [fact_phrase(STACKED_NAMES[j], facts[STACKED_NAMES[j]], language) for j in strongest]


def fact_phrase(name: str, value: float, lang: str) -> str:
    """One fact in words.

    >>> fact_phrase("goodwill_365d", 2, "en")
    '2 goodwill payments in a year'
    """
    fact = _PHRASES_BY_NAME[name]
    shown = f"{value:.2f}" if fact.kind == "money" else f"{value:.0f}"
    return one_of(lang, fact.zh, fact.en).format(n=shown)
