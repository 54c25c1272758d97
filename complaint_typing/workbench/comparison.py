"""Champion and challenger: two models on the same labelled tickets, and whether the new one may take over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import binomtest

from ..decision import NONE
from ..errors import BadValue
from ..masking import mask
from ..missing import records
from ..model import Model
from ..ticket_texts import facts_of, texts_of
from .guards import Guard, guards
from .judged import judged
from .paired import paired_differences
from .provenance import Learned, learned
from .resampling import units_to_draw

SIDES = ("to_wrong", "to_right", "both_wrong", "same_type")
_LONGEST = 120
_ROUNDS, _TIMED = 5, 200


@dataclass(frozen=True, eq=False)
class Comparison:
    """What a new model changes.

    Attributes
    ----------
    old_version, new_version : str
    tickets, none, unknown : int
        Tickets judged; of them labelled ``none``; and left out, labelled with a type that neither model has.
    drawn, units : str, int
        What was resampled (``collection``, ``customer`` or ``ticket``), and how many of them.
    added, removed : tuple of str
        Types that only the new, and only the old model has.
    figures, per_type : DataFrame
        As :func:`~complaint_typing.workbench.paired.paired_differences` gives them.
    shared : DataFrame or None
        The figures on tickets whose label both models know, where their types differ.
    changed : DataFrame
        Tickets that are typed or decided otherwise: ``ticket_id``, ``customer_type`` (the label), ``side``
        (of ``SIDES``), ``old_type``, ``new_type``, ``old_decided``, ``new_decided``, ``old_confidence``,
        ``new_confidence``, ``text`` (masked, cut); lost tickets first.
    to_right, to_wrong : int
        Tickets whose top type became right, and wrong.
    p_value : float
        Of McNemar's exact test, tickets taken as independent.
    old_learned, new_learned : Learned
    guards : tuple of Guard
    microseconds : (float, float)
        Of one ticket in a block, old and new; the least of five interleaved rounds.
    """

    old_version: str
    new_version: str
    tickets: int
    none: int
    unknown: int
    drawn: str
    units: int
    added: tuple[str, ...]
    removed: tuple[str, ...]
    figures: pd.DataFrame
    per_type: pd.DataFrame
    shared: pd.DataFrame | None
    changed: pd.DataFrame
    to_right: int
    to_wrong: int
    p_value: float
    old_learned: Learned
    new_learned: Learned
    guards: tuple[Guard, ...]
    microseconds: tuple[float, float]

    @property
    def passed(self) -> bool:
        """Whether no guard falls."""
        return all(guard.holds is not False for guard in self.guards)

    @property
    def verdict(self) -> str:
        """``better``, ``worse``, ``mixed`` or ``unclear``, by accuracy and macro-F1."""
        rows = self.figures[self.figures["figure"].isin(["accuracy", "macro_f1"])]
        up, down = bool((rows["low"] > 0).any()), bool((rows["high"] < 0).any())
        return "mixed" if up and down else "better" if up else "worse" if down else "unclear"

    @property
    def speed(self) -> float:
        """Time of the new model over that of the old one."""
        return self.microseconds[1] / self.microseconds[0]

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON; what is not there is None."""
        plain = ("old_version", "new_version", "tickets", "none", "unknown", "units", "added", "removed")
        tables = {"figures": self.figures, "per_type": self.per_type, "changed": self.changed}
        return {
            **{name: getattr(self, name) for name in plain},
            "resampled_by": self.drawn,
            "verdict": self.verdict,
            "passed": self.passed,
            **{name: records(table) for name, table in tables.items()},
            "shared": None if self.shared is None else records(self.shared),
            "to_right": self.to_right,
            "to_wrong": self.to_wrong,
            "p_value": self.p_value,
            "trained_on": {"old": self.old_learned.to_dict(), "new": self.new_learned.to_dict()},
            "guards": [guard.to_dict() for guard in self.guards],
            "microseconds": {"old": self.microseconds[0], "new": self.microseconds[1], "ratio": self.speed},
        }


def compare(
    old: Model, new: Model, tickets: pd.DataFrame, files: Sequence[str | Path] | None = None
) -> Comparison:
    """Compare two models on labelled tickets.

    Parameters
    ----------
    old, new : Model
        Their types may differ: a label that only one of them knows counts against the other, and figures on
        what both know are told beside.
    tickets : DataFrame
        As :func:`~complaint_typing.labels.read_labelled` gives them.
    files : sequence of path, optional
        The file of each ticket, to tell whether a model was trained on it.

    Raises
    ------
    MissingColumns
        When there is no ``customer_type`` or no text.
    BadValue
        When no ticket carries a type of either model.

    >>> from ..artifact import load_model
    >>> from ..resources import data_path
    >>> shipped = load_model(data_path("model"))
    >>> compare(shipped, shipped, pd.DataFrame({"text": ["…"], "customer_type": ["grumpy"]}))
    Traceback (most recent call last):
        ...
    complaint_typing.errors.BadValue: column customer_type: not a type of either model anywhere, ...
    """
    types = tuple(dict.fromkeys([*old.types, *new.types]))
    before, after = judged(old, tickets), judged(new, tickets)
    known = before["customer_type"].isin([*types, NONE]).to_numpy()
    if not before["customer_type"].isin(types).any():
        remedy = f"label rows with types of the models: {', '.join(types)}"
        raise BadValue(None, "customer_type", "no such row", "a type of either model anywhere", remedy)
    unknown = int((~known).sum())
    tickets, before, after = tickets[known], before[known], after[known]
    files = None if files is None else [file for file, keep in zip(files, known, strict=True) if keep]
    units = units_to_draw(tickets)
    figures, per_type = paired_differences(before, after, types, units)
    both = [name for name in types if name in old.types and name in new.types]
    old_right, new_right = before["right"].to_numpy(), after["right"].to_numpy()
    to_right, to_wrong = int((~old_right & new_right).sum()), int((old_right & ~new_right).sum())
    return Comparison(
        old_version=old.version,
        new_version=new.version,
        tickets=len(tickets),
        none=int((before["customer_type"] == NONE).sum()),
        unknown=unknown,
        drawn=units.kind,
        units=units.n,
        added=tuple(name for name in new.types if name not in old.types),
        removed=tuple(name for name in old.types if name not in new.types),
        figures=figures,
        per_type=per_type,
        shared=_shared(before, after, both) if len(both) < len(types) else None,
        changed=_changed(tickets, before, after),
        to_right=to_right,
        to_wrong=to_wrong,
        p_value=float(binomtest(to_right, to_right + to_wrong).pvalue) if to_right + to_wrong else 1.0,
        old_learned=learned(old, tickets, files),
        new_learned=learned(new, tickets, files),
        guards=guards(old, new, per_type),
        microseconds=_microseconds(old, new, tickets),
    )


def _shared(before: pd.DataFrame, after: pd.DataFrame, both: Sequence[str]) -> pd.DataFrame | None:
    """Figures on the tickets whose label both models know."""
    rows = before["customer_type"].isin([*both, NONE]).to_numpy()
    if not before["customer_type"].isin(list(both)).any():
        return None
    return paired_differences(before[rows], after[rows], both, units_to_draw(before[rows]))[0]


def _changed(tickets: pd.DataFrame, before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Tickets that are typed or decided otherwise, those that were lost first, the surest first."""
    old_right, new_right = before["right"].to_numpy(), after["right"].to_numpy()
    other = (before["top_type"] != after["top_type"]).to_numpy()
    place = np.select([old_right & ~new_right, ~old_right & new_right, other], [0, 1, 2], 3)
    blank = pd.Series("", index=tickets.index)
    table = pd.DataFrame(
        {
            "ticket_id": tickets.get("ticket_id", blank).fillna("").astype(str).map(mask),
            "customer_type": before["customer_type"],
            "side": [SIDES[i] for i in place],
            "old_type": before["top_type"],
            "new_type": after["top_type"],
            "old_decided": before["decided"],
            "new_decided": after["decided"],
            "old_confidence": before["confidence"].round(4),
            "new_confidence": after["confidence"].round(4),
        }
    )
    moved = other | (before["decided"] != after["decided"]).to_numpy()
    chosen = np.flatnonzero(moved)
    surest = np.maximum(table["old_confidence"], table["new_confidence"]).to_numpy()
    chosen = chosen[np.lexsort((-surest[chosen], place[chosen]))]
    texts = [_shown(str(text)) for text in tickets["text"].iloc[chosen]]
    return table.iloc[chosen].assign(text=texts).reset_index(drop=True)


def _shown(text: str) -> str:
    line = " ".join(mask(text).split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def _microseconds(old: Model, new: Model, tickets: pd.DataFrame) -> tuple[float, float]:
    """Time a ticket, in a block of at most 200, the least of interleaved rounds."""
    some = tickets.iloc[:_TIMED]
    texts, facts = texts_of(some), facts_of(some)
    best = [float("inf")] * 2
    for _ in range(_ROUNDS):
        for i, model in enumerate((old, new)):
            begin = perf_counter()
            model.score(texts, facts)
            best[i] = min(best[i], (perf_counter() - begin) / len(texts) * 1e6)
    return best[0], best[1]
