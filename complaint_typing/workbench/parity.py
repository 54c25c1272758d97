"""Parity: is a ticket typed alike in Simplified and Traditional Chinese, in full and half width?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import BadValue
from ..model import Model
from .scripts import OPENCC, Converter, converters

SAME_AT_LEAST, WITHIN = 0.99, 0.02


@dataclass(frozen=True)
class Parity:
    """What one conversion did to the texts that it changes.

    Attributes
    ----------
    conversion : str
    changed : int
        Texts that it changes.
    same_type : int
        Of these, how many keep their most likely type.
    within : int
        Of these, in how many no type's probability moves by more than 0.02.
    largest_shift : float
        Of any probability in any text.
    worst_row : int or None
        Row of that text, from 0; none where nothing moved.
    """

    conversion: str
    changed: int
    same_type: int
    within: int
    largest_shift: float
    worst_row: int | None

    @property
    def passed(self) -> bool:
        """Same type, and probabilities within the bound, in at least 99 of a hundred."""
        return min(self.same_type, self.within) >= SAME_AT_LEAST * self.changed


@dataclass(frozen=True)
class ParityReport:
    """All conversions of a set of texts; ``phrases`` tells whether those by phrases could be tried."""

    texts: int
    conversions: list[Parity]
    phrases: bool

    @property
    def passed(self) -> bool:
        """Whether every conversion passed."""
        return all(one.passed for one in self.conversions)

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON."""
        told = asdict(self)
        told["conversions"] = [asdict(one) | {"passed": one.passed} for one in self.conversions]
        return told | {"same_at_least": SAME_AT_LEAST, "within_bound": WITHIN, "passed": self.passed}


def audit_parity(
    model: Model,
    texts: Sequence[str],
    facts: Mapping[str, NDArray[Any]],
    by: Mapping[str, Converter] | None = None,
) -> ParityReport:
    """Score texts as they are and converted, and compare.

    Parameters
    ----------
    model : Model
    texts : sequence of str
    facts : mapping of str to ndarray of shape (n_texts,)
        Their history facts, the same for every conversion.
    by : mapping of str to callable, optional
        Conversions to try; by default all that can be had.

    Raises
    ------
    BadValue
        When there is no text.
    """
    if not len(texts):
        raise BadValue(None, "text", "no row", "a text to convert", "name a file with labelled tickets")
    by = converters() if by is None else by
    whole = model.score(texts, facts).types.astype(float)
    found = []
    for name, convert in by.items():
        converted = [convert(text) for text in texts]
        rows = np.flatnonzero([a != b for a, b in zip(texts, converted, strict=True)])
        some = {fact: values[rows] for fact, values in facts.items()}
        other = model.score([converted[i] for i in rows.tolist()], some).types.astype(float)
        found.append(_compared(name, rows, whole[rows], other))
    return ParityReport(len(texts), found, any(name in by for name in OPENCC.values()))


def _compared(name: str, rows: NDArray[Any], one: NDArray[Any], other: NDArray[Any]) -> Parity:
    shift = np.abs(one - other).max(axis=1, initial=0)
    same = one.argmax(axis=1) == other.argmax(axis=1)
    return Parity(
        name,
        len(rows),
        int(same.sum()),
        int((shift <= WITHIN).sum()),
        round(float(shift.max(initial=0)), 4),
        int(rows[shift.argmax()]) if shift.any() else None,
    )
