"""Why a type: the words and history facts that weighed most for it against the other types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .facts import FACTS
from .folding import LONGEST_DIGIT_RUN, FoldedBlock
from .masking import find_personal_data
from .model import Hits, Model
from .ngrams import ORDERS
from .one_text import OneText
from .stacking import STACKED_NAMES

PHRASES = 3
NOTHING = {"zh": "没有突出的词语", "en": "no word stands out"}
LONGEST_PHRASE = 24
_NEAR_PEAK = 0.4
_FACT_WEIGHS = float(np.float32(0.3))
_FIRST_CJK, _FIRST_PICTOGRAPH = 0x2E80, 0x1F000
_BLANK, _ZERO, _AT = map(ord, " 0@")
_PHRASES_BY_NAME = {fact.name: fact for fact in FACTS}


def evidence_words(
    model: Model,
    texts: Sequence[str],
    block: FoldedBlock,
    views: tuple[Hits, Hits],
    factors: Sequence[NDArray[Any]],
    top: NDArray[np.intp],
) -> list[list[str]]:
    """The phrases of each text that spoke most for a type, strongest first.

    Every n-gram's weight for the type is spread over its characters (a type's weights are relative to the
    other types: over all types they sum to almost nothing); words (Latin) and characters (Chinese) near the
    peak of the text join into phrases. Long numbers and personal data are never quoted.

    Parameters
    ----------
    model : Model
    texts : sequence of str of length n_tickets
    block, views, factors
        The same texts folded, looked up and weighed.
    top : ndarray of shape (n_tickets,)
        Index of the type asked about.

    Returns
    -------
    list of list of str
        At most three phrases a ticket; none where nothing spoke for the type.
    """
    places = _Places.of(block)
    scores = [_character_scores(model, hits, places, top) for hits in views]
    first, last, text, weight = _phrases(scores, factors, places, _quotable(texts, block, places))
    return _quoted(texts, block, first, last, text, weight)


def evidence_of_text(
    model: Model,
    text: str,
    block: FoldedBlock,
    looked_up: OneText,
    factors: Sequence[np.float32],
    top: int,
) -> list[str]:
    """:func:`evidence_words` of one text."""
    places = _Places.of(block)
    weights = model.type_weights.take(looked_up.rows + np.int64(top * len(model.weights)), mode="clip")
    weights[looked_up.rows < 0] = 0
    weights /= looked_up.orders()
    scores, at = [], 0
    for view, begin in enumerate(looked_up.begins):
        total = np.zeros(len(places.codes), dtype=np.float32)
        for order, count in zip(ORDERS, looked_up.counts[4 * view : 4 * view + 4].tolist(), strict=True):
            part = weights[at : at + count]
            for step in range(begin, begin + order):
                total[step : step + count] += part
            at += count
        scores.append(total)
    quotable = _quotable([text], block, places)
    found = _phrases(scores, [np.array([factor]) for factor in factors], places, quotable)
    return _quoted([text], block, *found)[0]


def _quoted(
    texts: Sequence[str],
    block: FoldedBlock,
    first: NDArray[np.intp],
    last: NDArray[np.intp],
    text: NDArray[np.intp],
    weight: NDArray[np.float32],
) -> list[list[str]]:
    """The strongest runs of each text in its own words, none within another."""
    order = np.lexsort((-weight, text))
    text = text[order]
    begin = block.origin[first[order] - text - 1].tolist()
    end = block.origin[last[order] - text - 1].tolist()
    found: list[list[str]] = [[] for _ in texts]
    for i, a, b in zip(text.tolist(), begin, end, strict=True):
        phrases = found[i]
        if len(phrases) < PHRASES:
            phrase = _shortened(" ".join(texts[i][a : b + 1].split()))
            if (len(phrase) > 1 or not phrases) and not any(phrase in longer for longer in phrases):
                phrases.append(phrase)
    return found


def _shortened(phrase: str) -> str:
    """At most 24 characters, and no word cut in two where blanks divide words."""
    if len(phrase) <= LONGEST_PHRASE:
        return phrase
    head = phrase[: LONGEST_PHRASE + 1]
    return head.rpartition(" ")[0] or head[:LONGEST_PHRASE]


class _Places(NamedTuple):
    """A block with one blank before, between and after its texts.

    The place of a character is its index in the block plus the number of its text plus one.
    """

    codes: NDArray[np.uint32]
    lengths: NDArray[np.int64]

    @classmethod
    def of(cls, block: FoldedBlock) -> _Places:
        return cls(block.padded, np.diff(block.starts))


def _character_scores(
    model: Model, hits: Hits, places: _Places, top: NDArray[np.intp]
) -> NDArray[np.float32]:
    """How much each place speaks for its text's type in one view, before the view's length factor.

    The weight of an n-gram is spread evenly over its places.
    """
    n, n_features = len(places.codes), len(model.weights)
    total = np.zeros(n, dtype=np.float32)
    place = hits.start + hits.text + 1
    weight = model.type_weights.take(hits.row + top[hits.text] * n_features)
    for order in ORDERS:
        chosen = np.flatnonzero(hits.order == order)
        here = np.zeros(n, dtype=np.float32)
        here[place[chosen]] = weight[chosen] / np.float32(order)
        total += here
        for step in range(1, order):
            total[step:] += here[:-step]
    return total


def _quotable(texts: Sequence[str], block: FoldedBlock, places: _Places) -> NDArray[np.bool_]:
    """Letters and Chinese characters, not punctuation, digits, or anything within personal data."""
    quotable = _quotable_table().take(places.codes, mode="clip")
    for i in _may_hold_personal_data(block):
        spans = find_personal_data(texts[i])
        start, end = block.starts[i], block.starts[i + 1]
        for span in spans:
            origin = block.origin[start:end]
            quotable[start + i + 1 : end + i + 1] &= (origin < span.start) | (origin >= span.end)
    return quotable


def _may_hold_personal_data(block: FoldedBlock) -> list[int]:
    """Texts with an ``@`` or with so many digits that :func:`find_personal_data` has to look."""
    places = np.flatnonzero((block.codes == _AT) | (block.codes == _ZERO))
    marks = np.where(block.codes[places] == _AT, LONGEST_DIGIT_RUN, 1)
    count = np.bincount(np.searchsorted(block.starts, places, "right") - 1, marks, len(block.starts))
    return np.flatnonzero(count >= LONGEST_DIGIT_RUN).tolist()


@cache
def _quotable_table() -> NDArray[np.bool_]:
    """Whether a code point may be quoted; code points beyond the table are as its last one."""
    codes = np.arange(_FIRST_PICTOGRAPH + 1)
    letter = (codes >= ord("a")) & (codes <= ord("z")) | (codes == ord("'"))
    script = (codes >= 0xAA) & ~((codes >= 0x2000) & (codes < 0x3040))
    script &= ~((codes >= 0xE000) & (codes < 0xF900)) & (codes < _FIRST_PICTOGRAPH)
    return letter | script


def _phrases(
    scores: Sequence[NDArray[np.float32]],
    factors: Sequence[NDArray[Any]],
    places: _Places,
    quotable: NDArray[np.bool_],
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp], NDArray[np.float32]]:
    """First and last place, text and weight of every run of words near its text's peak."""
    first, last = _words(places.codes, quotable)
    counts = np.diff(np.searchsorted(first, np.append(0, np.cumsum(places.lengths + 1))))
    text = np.repeat(np.arange(len(counts)), counts)
    weight = np.zeros(len(first), dtype=np.float32)
    if not len(first):
        return first, last, text, weight
    for score, factor in zip(scores, factors, strict=True):
        weight += np.add.reduceat(score * quotable, first) * factor[text]
    filled = np.flatnonzero(counts)
    peak = np.maximum.reduceat(weight, (np.cumsum(counts) - counts)[filled])
    near = np.repeat(np.float32(_NEAR_PEAK) * peak, counts[filled])
    gap = first[1:] - last[:-1]
    next_to = (gap == 1) | ((gap == 2) & (places.codes[first[1:] - 1] == _BLANK))
    next_to &= text[1:] == text[:-1]
    strong = _with_neighbours((weight > 0) & (weight >= near), next_to, weight > 0)
    strong = _with_neighbours(strong, next_to, np.True_)
    joined = strong[1:] & strong[:-1] & next_to
    run_start = np.flatnonzero(strong & ~np.append(False, joined))
    run_end = np.flatnonzero(strong & ~np.append(joined, False))
    totals = np.append(0, np.cumsum(np.where(strong, weight, 0), dtype=np.float64))
    weight = (totals[run_end + 1] - totals[run_start]).astype(np.float32)
    return first[run_start], last[run_end], text[run_start], weight


def _words(
    codes: NDArray[np.uint32], quotable: NDArray[np.bool_]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """First and last place of every word: a run of Latin letters, or one Chinese character."""
    cjk = codes >= _FIRST_CJK
    parted = cjk[1:] | cjk[:-1]
    starts, ends = quotable.copy(), quotable.copy()
    starts[1:] &= parted | ~quotable[:-1]
    ends[:-1] &= parted | ~quotable[1:]
    return np.flatnonzero(starts), np.flatnonzero(ends)


def _with_neighbours(
    strong: NDArray[np.bool_], next_to: NDArray[np.bool_], may_join: NDArray[np.bool_] | np.bool_
) -> NDArray[np.bool_]:
    """Strong words and the words beside them, of those that may join."""
    before = np.append(strong[1:] & next_to, False)
    after = np.append(False, strong[:-1] & next_to)
    return strong | (may_join & (before | after))


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
        ``zh`` or ``en`` for each ticket.
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
    if not past.any():
        return []
    gains = (past * model.history[:, top]).tolist()
    strongest = sorted(range(len(gains)), key=lambda j: -gains[j])[:PHRASES]
    told = [STACKED_NAMES[j] for j in strongest if gains[j] >= _FACT_WEIGHS]
    return [fact_phrase(name, facts[name], language) for name in told]


def fact_phrase(name: str, value: float, lang: str) -> str:
    """One fact in words.

    >>> fact_phrase("goodwill_365d", 2, "en")
    '2 goodwill payments in a year'
    """
    fact = _PHRASES_BY_NAME[name]
    shown = f"{value:.2f}" if fact.kind == "money" else f"{value:.0f}"
    return (fact.zh if lang == "zh" else fact.en).format(n=shown)
