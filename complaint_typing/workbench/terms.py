"""Cuts masked texts into runs of one script, and these into the terms that are counted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .common_words import without_titled_names

_MASKED = re.compile(r"\[(?:phone|id|card|email) ….{0,2}\]")
_RUNS = re.compile(r"[\u3400-\u9fff]+|[^\W\d_\u3400-\u9fff]+(?:['’ ]+[^\W\d_\u3400-\u9fff]+)*")
_LONGEST_WORDS, _SHORTEST_HAN = 3, 2


def runs_of(text: str) -> list[str]:
    """Runs of Chinese characters and of words of other scripts, without what is masked and titled names.

    >>> runs_of("bill 13 is wrong, [phone …91] 退款没到账")
    ['bill', 'is wrong', '退款没到账']
    """
    found: list[str] = _RUNS.findall(without_titled_names(_MASKED.sub("\n", text)))
    return found


def word_sequences(words: Sequence[str]) -> Iterator[str]:
    """Words, word pairs and triples.

    >>> list(word_sequences(["line", "is"]))
    ['line', 'is', 'line is']
    """
    for n in range(1, _LONGEST_WORDS + 1):
        yield from (" ".join(words[i : i + n]) for i in range(len(words) - n + 1))


def han_strings(run: str, longest: int) -> Iterator[str]:
    """Strings of two Chinese characters or more.

    >>> list(han_strings("没到账", 6))
    ['没到', '到账', '没到账']
    """
    for n in range(_SHORTEST_HAN, longest + 1):
        yield from (run[i : i + n] for i in range(len(run) - n + 1))
