"""The same text about a woman where it speaks of a man, and the other way round: training reads both."""

from __future__ import annotations

import re
from functools import cache

from .resources import data_path
from .taxonomy import read_table

_COLUMNS = ("language", "word", "counterpart")


def swapped(text: str) -> str:
    """A text with each mention of gender turned into its counterpart, in the same case.

    Every mention is turned, so that those of one person still agree. The words are those of
    ``counterparts.csv``; each pair is read both ways, the first row of a word counts.

    >>> swapped("Mr Lee said he and HIS wife will wait.")
    'Mrs Lee said she and HER husband will wait.'
    >>> swapped("王女士来电，她丈夫的手机坏了"), swapped("no mention")
    ('王先生来电，他妻子的手机坏了', 'no mention')
    """
    ways, pattern = _ways()
    return pattern.sub(lambda found: _in_case(found[0], ways[found[0].lower()]), text)


def pairs() -> list[tuple[str, str]]:
    """The words, each with its counterpart."""
    table = read_table(data_path("counterparts.csv"), _COLUMNS)
    return [(row["word"], row["counterpart"]) for _, row in table]


@cache
def _ways() -> tuple[dict[str, str], re.Pattern[str]]:
    ways: dict[str, str] = {}
    for word, counterpart in pairs():
        ways.setdefault(word, counterpart)
    for word, counterpart in pairs():
        ways.setdefault(counterpart, word)
    latin = "|".join(sorted((word for word in ways if word.isascii()), key=len, reverse=True))
    chinese = "|".join(sorted((word for word in ways if not word.isascii()), key=len, reverse=True))
    return ways, re.compile(rf"(?<![A-Za-z])(?:{latin})(?![A-Za-z])|(?:{chinese})", re.IGNORECASE)


def _in_case(word: str, counterpart: str) -> str:
    if word.isupper() and len(word) > 1:
        return counterpart.upper()
    return counterpart.capitalize() if word[:1].isupper() else counterpart
