"""Words of the evidence that many customers share: candidates for a cause, none of one person alone."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from ..claim_dates import DATED_PHRASES
from ..facts import FACTS
from ..masking import mask
from ..spoken import NOTHING, SPOKEN, one_of
from .common_words import is_han, is_telling
from .rates import LEVEL, share_interval
from .terms import han_strings, runs_of, word_sequences

FEWEST_TICKETS, FEWEST_CUSTOMERS = 5, 3
MOST_WORDS = 8
_SAME = 0.8
_LONGEST_HAN = 6
_FACT = re.compile(
    "|".join(
        "(?:" + re.sub(r"\\{\w+\\}", r"[\\d.-]+", re.escape(phrase)) + ")"
        for phrase in (
            *(one_of(lang, fact.zh, fact.en) for fact in FACTS for lang in SPOKEN),
            *DATED_PHRASES,
            *(NOTHING[lang] for lang in SPOKEN),
        )
    )
)
_LATIN_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_NAME_LONGEST_HAN = 4


@dataclass(frozen=True)
class Candidate:
    """A word or phrase to look into: in how many tickets of how many customers, and in what share of them.

    `clearly` says whether it is commoner here than elsewhere beyond chance.
    """

    words: str
    tickets: int
    customers: int
    share_here: float
    share_elsewhere: float
    clearly: bool


class EvidenceWords:
    """The words of the evidence of all tickets, as far as enough tickets of enough customers have them.

    Parameters
    ----------
    evidence : sequence of str of length n_tickets
        Phrases joined by ``; ``; phrases on history facts, and what says that no word
        stands out, are passed over. They are masked once more.
    customers : sequence of str of length n_tickets
        "" is no known customer: all such tickets count as one.
    names : iterable of str
        Ids of people; what has a word in common with one that may be a name is left out.

    >>> words = EvidenceWords(["line is down; 2 earlier tickets in 7 days"] * 6, list("abcdef"))
    >>> [(found.words, found.tickets) for found in words.candidates(np.ones(6, bool))]
    [('line is down', 6)]
    >>> EvidenceWords(["line is down"] * 6, list("ababab")).candidates(np.ones(6, bool))
    []
    """

    def __init__(self, evidence: Sequence[str], customers: Sequence[str], names: Iterable[str] = ()):
        codes = {name: code for code, name in enumerate(dict.fromkeys(customers))}
        self._customer = np.array([codes[name] for name in customers], dtype=np.intp)
        forbidden = _NameWords(names)
        places, capital = _places(evidence)
        self._places: dict[str, NDArray[np.intp]] = {}
        for words, where in places.items():
            spoken_of = np.array(where, dtype=np.intp)
            if self._enough(spoken_of) and not capital[words] and not forbidden.touch(words):
                self._places[words] = spoken_of

    def candidates(self, here: NDArray[np.bool_]) -> list[Candidate]:
        """What many of some tickets have in common, most telling first.

        Most telling: by share here times the logarithm of its ratio to the share elsewhere, its part of the
        Kullback-Leibler divergence. Clearly commoner here: of the tickets that have the word, more are here
        than would be by chance, by the exact binomial interval at 95 % for all words together (Bonferroni).

        Parameters
        ----------
        here : ndarray of bool of shape (n_tickets,)

        Returns
        -------
        list of Candidate
            At most eight, each in at least five of these tickets, of at least three customers. A phrase that
            nearly always stands within a longer one gives way to it.
        """
        n_here, n_elsewhere = int(here.sum()), int((~here).sum())
        level = 1 - (1 - LEVEL) / max(len(self._places), 1)
        found = []
        for words, places in self._places.items():
            inside = places[here[places]]
            if not self._enough(inside):
                continue
            elsewhere = (len(places) - len(inside)) / max(n_elsewhere, 1)
            clearly = share_interval(len(inside), len(places), level)[0] > n_here / (n_here + n_elsewhere)
            counts = len(inside), self._customers(inside), len(inside) / n_here
            found.append(Candidate(words, *counts, elsewhere, clearly))
        least = 1 / (2 * max(n_elsewhere, 1))
        found.sort(key=lambda c: (-c.share_here * log(c.share_here / (c.share_elsewhere + least)), c.words))
        return _without_parts(found)[:MOST_WORDS]

    def places(self, words: str) -> NDArray[np.intp]:
        """The tickets that have a candidate's words."""
        return self._places[words]

    def _customers(self, places: NDArray[np.intp]) -> int:
        return len(np.unique(self._customer[places]))

    def _enough(self, places: NDArray[np.intp]) -> bool:
        return len(places) >= FEWEST_TICKETS and self._customers(places) >= FEWEST_CUSTOMERS


def _without_parts(found: Sequence[Candidate]) -> list[Candidate]:
    """Those that do not nearly always stand within a longer one, nor overlap a more telling one."""
    whole = [
        c
        for c in found
        if not any(
            c.words != other.words and c.words in other.words and other.tickets >= _SAME * c.tickets
            for other in found
        )
    ]
    kept: list[Candidate] = []
    for candidate in whole:
        if not any(candidate.words in k.words or k.words in candidate.words for k in kept):
            kept.append(candidate)
    return kept


def _places(evidence: Sequence[str]) -> tuple[dict[str, list[int]], dict[str, bool]]:
    """Words -> the tickets that have them, and whether they are written like a name wherever they stand."""
    places: dict[str, list[int]] = defaultdict(list)
    capital: dict[str, bool] = defaultdict(lambda: True)
    for i, text in enumerate(evidence):
        seen = set()
        for words in _terms(text):
            folded = words.casefold()
            capital[folded] &= any(w[:1].isupper() and not w.isupper() for w in words.split())
            seen.add(folded)
        for folded in seen:
            places[folded].append(i)
    return places, capital


def _terms(text: str) -> Iterator[str]:
    """Words, word pairs and triples of Latin script, and runs of two to six Chinese characters."""
    for phrase in mask(text).split("; "):
        if _FACT.fullmatch(phrase):
            continue
        for run in runs_of(phrase):
            terms = (
                han_strings(run, _LONGEST_HAN) if is_han(run) else word_sequences(_LATIN_WORD.findall(run))
            )
            yield from filter(is_telling, terms)


class _NameWords:
    """Ids of people that have no digits and so may be their names."""

    def __init__(self, names: Iterable[str]):
        named = {name.casefold() for name in names if name and not any(c.isdigit() for c in name)}
        self._latin = {word for name in named for word in _LATIN_WORD.findall(name) if word.isascii()}
        han = sorted(name for name in named if not name.isascii() and len(name) <= _NAME_LONGEST_HAN)
        self._han = "\n".join(han)

    def touch(self, words: str) -> bool:
        """Whether folded words have a name's word, or are or contain a piece of one."""
        if words.isascii():
            return not self._latin.isdisjoint(words.split())
        return any(string in self._han for string in han_strings(words, _LONGEST_HAN)) if self._han else False
