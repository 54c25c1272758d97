"""Why a type: the words and history facts that weighed most for it against the other types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .facts import FACTS
from .folding import FoldedBlock
from .masking import find_personal_data
from .model import Hits, Model
from .stacking import STACKED_NAMES

PHRASES = 3
NOTHING = {"zh": "没有突出的词语", "en": "no word stands out"}
LONGEST_PHRASE = 24
_NEAR_PEAK = 0.4
_FACT_WEIGHS = 0.3
_FIRST_CJK = 0x2E80
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

    Every n-gram's weight for the type, less its mean over all types, is spread over its characters;
    words (Latin) and characters (Chinese) near the peak of the text join into phrases. Long numbers
    and personal data are never quoted.

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
    score = _character_scores(model, block, views, factors, top)
    quotable = _quotable(texts, block)
    first, last, text, weight = _phrases(score, block, quotable)
    found: list[list[str]] = [[] for _ in texts]
    for k in np.lexsort((-weight, text)):
        phrases = found[text[k]]
        if len(phrases) < PHRASES:
            phrase = texts[text[k]][block.origin[first[k]] : block.origin[last[k]] + 1]
            phrase = _shortened(" ".join(phrase.split()))
            if not any(phrase in longer for longer in phrases) and (len(phrase) > 1 or not phrases):
                phrases.append(phrase)
    return found


def _shortened(phrase: str) -> str:
    """At most 24 characters, and no word cut in two where blanks divide words."""
    if len(phrase) <= LONGEST_PHRASE:
        return phrase
    head = phrase[: LONGEST_PHRASE + 1]
    return head.rpartition(" ")[0] or head[:LONGEST_PHRASE]


def _character_scores(
    model: Model, block: FoldedBlock, views: tuple[Hits, Hits], factors: Sequence[Any], top: NDArray[np.intp]
) -> NDArray[np.float64]:
    """How much each folded character speaks for its text's type."""
    n, n_types = len(block.codes), len(model.types)
    change = np.zeros(n + 1)
    for hits, factor in zip(views, factors, strict=True):
        weights = model.weights[hits.row, :n_types]
        gain = (weights[np.arange(len(weights)), top[hits.text]] - weights.mean(axis=1)) * factor[hits.text]
        gain = gain / hits.order
        begin = np.maximum(hits.start, block.starts[hits.text])
        end = np.minimum(hits.start + hits.order, block.starts[hits.text + 1])
        change += np.bincount(begin, weights=gain, minlength=n + 1)
        change -= np.bincount(end, weights=gain, minlength=n + 1)
    return np.cumsum(change)[:n]


def _quotable(texts: Sequence[str], block: FoldedBlock) -> NDArray[np.bool_]:
    """Letters and Chinese characters, not punctuation, digits, or anything within personal data."""
    codes = block.codes
    letter = (codes >= ord("a")) & (codes <= ord("z"))
    script = (
        (codes >= 0xAA) & ~((codes >= 0x2000) & (codes < 0x3040)) & ~((codes >= 0xE000) & (codes < 0xF900))
    )
    quotable = letter | (script & (codes < 0x1F000)) | (codes == ord("'"))
    for i, text in enumerate(texts):
        spans = find_personal_data(text)
        if spans:
            origin = block.origin[block.starts[i] : block.starts[i + 1]]
            for span in spans:
                quotable[block.starts[i] : block.starts[i + 1]] &= (origin < span.start) | (
                    origin >= span.end
                )
    return quotable


def _phrases(
    score: NDArray[np.float64], block: FoldedBlock, quotable: NDArray[np.bool_]
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
    """First and last character, text and weight of every run of words near its text's peak."""
    n = len(block.codes)
    owner = np.repeat(np.arange(len(block.starts) - 1), np.diff(block.starts))
    cjk = block.codes >= _FIRST_CJK
    new_text = np.diff(owner, prepend=-1) != 0
    after_break = np.append(True, ~quotable[:-1]) | np.append(False, cjk[:-1])
    word_start = np.flatnonzero(quotable & (new_text | cjk | after_break))
    if not len(word_start):
        empty = np.zeros(0, dtype=np.intp)
        return empty, empty, empty, np.zeros(0)
    word = np.cumsum(np.isin(np.arange(n), word_start)) - 1
    inside = quotable & (word >= 0)
    weight = np.bincount(word[inside], weights=score[inside], minlength=len(word_start))
    word_end = np.zeros(len(word_start), dtype=np.intp)
    word_end[word[inside]] = np.flatnonzero(inside)
    text = owner[word_start]
    peak = np.zeros(len(block.starts) - 1)
    np.maximum.at(peak, text, weight)
    strong = (weight > 0) & (weight >= _NEAR_PEAK * peak[text])
    breaks = np.append(0, np.cumsum(~quotable & (block.codes != ord(" "))))
    next_to = (breaks[word_start[1:]] == breaks[word_end[:-1]]) & (text[1:] == text[:-1])
    strong = _with_neighbours(
        _with_neighbours(strong, next_to, weight > 0), next_to, np.ones(len(text), bool)
    )
    joined = strong[1:] & strong[:-1] & next_to
    run_start = np.flatnonzero(strong & ~np.append(False, joined))
    run_end = np.flatnonzero(strong & ~np.append(joined, False))
    totals = np.append(0, np.cumsum(np.where(strong, weight, 0)))
    return word_start[run_start], word_end[run_end], text[run_start], totals[run_end + 1] - totals[run_start]


def _with_neighbours(
    strong: NDArray[np.bool_], next_to: NDArray[np.bool_], may_join: NDArray[np.bool_]
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
    centred = model.history - model.history.mean(axis=1, keepdims=True)
    for i in np.flatnonzero(past.any(axis=1)).tolist():
        gain = past[i] * centred[:, top[i]]
        for j in np.argsort(-gain, kind="stable")[:PHRASES]:
            if gain[j] >= _FACT_WEIGHS:
                found[i].append(fact_phrase(STACKED_NAMES[j], facts[STACKED_NAMES[j]][i], languages[i]))
    return found


def fact_phrase(name: str, value: float, lang: str) -> str:
    """One fact in words.

    >>> fact_phrase("goodwill_365d", 2, "en")
    '2 goodwill payments in a year'
    """
    fact = _PHRASES_BY_NAME[name]
    shown = f"{value:.2f}" if fact.kind == "money" else f"{value:.0f}"
    return (fact.zh if lang == "zh" else fact.en).format(n=shown)
