"""N-grams that weigh much for a type and stand almost only in one group of tickets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..folding import LINK_MARK, fold_texts
from ..model import Model
from ..ngrams import distinct

FEWEST, ALONE, SHOWN = 8, 0.9, 12


@dataclass(frozen=True)
class Cue:
    """An n-gram, the group that has it nearly to itself, and what it weighs.

    Attributes
    ----------
    text : str
        The folded characters; digits are ``0``.
    group : str
    share : float
        Of the tickets with it, how many are in the group.
    tickets : int
    type : str
        The type it speaks for most.
    weight : float
        Above the mean of all types, at the length of a usual text.
    """

    text: str
    group: str
    share: float
    tickets: int
    type: str
    weight: float


def lonely_cues(model: Model, texts: Sequence[str], groups: NDArray[Any]) -> list[Cue]:
    """The heaviest n-grams of at least two characters that stand in one group in nine of ten tickets.

    Parameters
    ----------
    model : Model
    texts : sequence of str
    groups : ndarray of str of shape (n_texts,)
        A genre or a collection for each text; a group of more than half the texts is not looked at.

    Returns
    -------
    list of Cue
        At most twelve, by weight times the root of the number of tickets, none within another.
    """
    block = fold_texts(texts)
    hits = model.views(block)[0]
    names, code = np.unique(groups.astype(str), return_inverse=True)
    pair = distinct((hits.row.astype(np.int64) << 32) | hits.text)
    row, text = (pair >> 32).astype(np.int64), (pair & 0xFFFFFFFF).astype(np.int64)
    table = np.zeros((len(model.keys), len(names)), dtype=np.int64)
    np.add.at(table, (row, code[text]), 1)
    count, most = table.sum(axis=1), table.argmax(axis=1)
    share = table.max(axis=1) / np.maximum(count, 1)
    crowded = np.bincount(code, minlength=len(names)) > len(texts) / 2
    lonely = (count >= FEWEST) & (share >= ALONE) & ~crowded[most]
    n_types = len(model.types)
    sums = np.asarray(model.weights[:, -1], dtype=float)
    usual = np.sqrt(np.median(np.bincount(text, weights=sums[row], minlength=len(texts))))
    weights = np.asarray(model.weights[:, :n_types], dtype=float) / max(float(usual), 1e-6)
    weights = weights - weights.mean(axis=1, keepdims=True)
    heavy = np.where(lonely, weights.max(axis=1) * np.sqrt(count), 0)
    said = _written(block, hits, np.flatnonzero(heavy > 0))
    found: list[Cue] = []
    for i in np.argsort(-heavy, kind="stable")[: 50 * SHOWN].tolist():
        written = said.get(i, "")
        if len(written.strip()) < 2 or any(written in c.text or c.text in written for c in found):
            continue
        best = int(weights[i].argmax())
        found.append(
            Cue(
                written,
                str(names[most[i]]),
                round(float(share[i]), 3),
                int(count[i]),
                model.types[best],
                round(float(weights[i, best]), 3),
            )
        )
        if len(found) == SHOWN:
            break
    return found


def _written(block: Any, hits: Any, rows: NDArray[np.intp]) -> dict[int, str]:
    """The characters of n-grams, read where one of them stands."""
    wanted = np.isin(hits.row, rows)
    row, first = np.unique(hits.row[wanted], return_index=True)
    places = np.flatnonzero(wanted)[first]
    found = {}
    for number, place in zip(row.tolist(), places.tolist(), strict=True):
        start, end = int(hits.start[place]), int(hits.start[place]) + int(hits.order[place])
        own = block.starts[hits.text[place]], block.starts[hits.text[place] + 1]
        codes = block.codes[max(start, own[0]) : min(end, own[1])]
        found[number] = "".join(map(chr, codes)).replace(LINK_MARK, "<link>")
    return found
