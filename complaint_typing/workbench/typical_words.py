"""Words typical of some texts against others, in English words and in Chinese strings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..masking import mask
from .common_words import is_han, is_telling
from .terms import han_strings, runs_of, word_sequences

MOST_WORDS = 12
_FEWEST, _LONGEST_HAN = 5, 8
_SAME, _BEYOND_CHANCE = 0.8, 1.96


def typical_words(texts: Sequence[str], here: NDArray[np.bool_], most: int = MOST_WORDS) -> pd.DataFrame:
    """Words and phrases that set some texts apart, by weighted log-odds with an informative Dirichlet prior.

    Monroe, Colaresi and Quinn, Fightin' Words (2008), on the number of texts that have a term; the prior is
    its share of all texts. English terms are one to three words. Chinese has no blanks: terms are strings of
    two to eight characters, and one that nearly always stands within a longer one gives way to it. Empty
    words, names with titles, and what fewer than five texts have are left out.

    Parameters
    ----------
    texts : sequence of str
    here : ndarray of bool of shape (n_texts,)
        Which texts to describe, against the others.
    most : int

    Returns
    -------
    DataFrame
        `words`, `tickets` (texts here that have them), `share_here`, `share_elsewhere`, `z` (standard errors
        from no difference), most telling first; only what lies beyond chance (1.96).

    >>> texts = ["请问为什么扣费", "为什么扣费呢"] * 4 + ["退款没到账", "等了三天退款没到"] * 9
    >>> typical_words(texts, np.arange(26) < 8)["words"].tolist()
    ['为什么扣费']
    """
    here = np.asarray(here, dtype=bool)
    inside, everywhere = Counter[str](), Counter[str]()
    for text, is_here in zip(texts, here.tolist(), strict=True):
        found = set(_terms(text))
        everywhere.update(found)
        if is_here:
            inside.update(found)
    terms = [term for term, n in inside.items() if n >= _FEWEST]
    a = np.array([inside[t] for t in terms], dtype=float)
    total = np.array([everywhere[t] for t in terms], dtype=float)
    n_here, n_other = int(here.sum()), int((~here).sum())
    prior = total / len(here) * 10
    odds = np.log((a + prior) / (n_here + 10 - a - prior + 1e-9).clip(0.5))
    odds -= np.log((total - a + prior) / (n_other + 10 - total + a - prior + 1e-9).clip(0.5))
    z = odds / np.sqrt(1 / (a + prior) + 1 / (total - a + prior))
    table = pd.DataFrame(
        {
            "words": terms,
            "tickets": a.astype(int),
            "share_here": a / max(n_here, 1),
            "share_elsewhere": (total - a) / max(n_other, 1),
            "z": z,
        }
    )
    table = table[table["z"] >= _BEYOND_CHANCE].sort_values(["z", "words"], ascending=[False, True])
    return _without_parts(table.head(20 * most)).head(most).reset_index(drop=True)


def _without_parts(table: pd.DataFrame) -> pd.DataFrame:
    """Those that do not nearly always stand within a longer one, nor overlap a more telling one."""
    rows = list(zip(table["words"], table["tickets"], strict=True))
    kept: list[str] = []
    for words, n in rows:
        within = any(words != other and words in other and m >= _SAME * n for other, m in rows)
        if not within and not any(words in k or k in words for k in kept):
            kept.append(words)
    return table[table["words"].isin(kept)]


def _terms(text: str) -> Iterator[str]:
    for run in runs_of(mask(text)):
        terms = han_strings(run, _LONGEST_HAN) if is_han(run) else word_sequences(run.casefold().split())
        yield from filter(is_telling, terms)
