"""Where in a text, and in which history facts, a type's logit comes from: parts that add up to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .folding import FoldedBlock
from .masking import find_personal_data
from .model import Hits, Model
from .ngrams import last_sentences

_FIRST_CJK = 0x2E80
_BLANK = 0x20
_FAINT = 0.1


class Passage(NamedTuple):
    """``text[start:end]`` weighs so much; passages follow each other without gaps from 0 to the end."""

    start: int
    end: int
    weight: float


def passages(
    model: Model, text: str, block: FoldedBlock, factors: Sequence[float], place: int
) -> list[Passage]:
    """Cut one text into passages whose weights add up to what the text gives to a type's logit.

    An n-gram counts once however often it occurs: its weight is divided among its occurrences, and each
    share equally among the characters of the occurrence (the blank understood before and after a text goes
    to the character beside it). Characters join to words (Latin letters and digits; each Chinese character
    by itself; personal data in one piece), and neighbouring words of one sign to a passage that ends with
    its clause. Sums of parts stay sums, so nothing is lost or counted twice.

    Parameters
    ----------
    model : Model
    text : str
    block : FoldedBlock
        The text folded, alone.
    factors : sequence of two float
        The length factor of each view.
    place : int
        Which of the model's types.

    Returns
    -------
    list of Passage
        In the order of the text; one over the whole text where folding leaves nothing of it.
    """
    n, views = len(block.codes), model.views(block)
    if not n:
        total = sum(_gains(model, hits, f, place).sum() for hits, f in zip(views, factors, strict=True))
        return [Passage(0, len(text), float(total))]
    weights = np.zeros(n)
    begins = (0, int(last_sentences(block)[0]) - 1)
    for hits, factor, begin in zip(views, factors, begins, strict=True):
        first = np.clip(hits.start, begin, n - 1).astype(np.intp)
        last = np.clip(hits.start + hits.order, first + 1, n)
        share = _gains(model, hits, factor, place) / (last - first)
        for step in range(int((last - first).max(initial=0))):
            inside = first + step < last
            np.add.at(weights, first[inside] + step, share[inside])
    return _joined(text, block, weights)


def _gains(model: Model, hits: Hits, factor: float, place: int) -> NDArray[np.float64]:
    """What each occurrence of an n-gram adds to the logit; ndarray of shape (n_hits,)."""
    _, index, count = np.unique(hits.row, return_inverse=True, return_counts=True)
    weight = model.table.units[hits.row, place] * model.table.scale[place]
    return weight.astype(np.float64) * float(factor) / count[index.reshape(-1)]


def _joined(text: str, block: FoldedBlock, weights: NDArray[np.float64]) -> list[Passage]:
    """Characters to words, words of one sign to passages."""
    starts, ends_clause = _words(text, block)
    heavy = np.add.reduceat(weights, starts)
    least = _FAINT * np.abs(heavy).max()
    edges = [0, *block.origin[starts[1:]].tolist(), len(text)]
    found: list[Passage] = []
    sign = 0
    for i, weight in enumerate(heavy.tolist()):
        own = 0 if abs(weight) < least else 1 if weight > 0 else -1
        if found and (own == sign or not own or not sign) and not ends_clause[i - 1]:
            found[-1] = Passage(found[-1].start, edges[i + 1], found[-1].weight + weight)
            sign = sign or own
        else:
            found.append(Passage(edges[i], edges[i + 1], weight))
            sign = own
    return found


def _words(text: str, block: FoldedBlock) -> tuple[NDArray[np.intp], list[bool]]:
    """Where each word starts among the folded characters, and whether a clause ends with it."""
    codes, n = block.codes, len(block.codes)
    cjk = (codes >= _FIRST_CJK) & ~((codes >= 0x3000) & (codes < 0x3040))
    joins = ((codes >= ord("a")) & (codes <= ord("z"))) | (codes == ord("'")) | (codes == ord("0"))
    joins |= (codes >= 0xAA) & (codes < 0x2000)
    mark = ~cjk & ~joins
    begins = np.ones(n, dtype=bool)
    begins[1:] = (cjk | joins)[1:] & ~(joins[1:] & joins[:-1])
    for span in find_personal_data(text):
        inside = (block.origin >= span.start) & (block.origin < span.end)
        begins[inside] = False
        begins[np.flatnonzero(inside)[:1]] = True
    begins[0] = True
    starts = np.flatnonzero(begins)
    breaks = mark & (codes != _BLANK)
    return starts, (np.add.reduceat(breaks, starts) > 0).tolist()
