"""Sentences for people in English or Chinese; the English ones are the keys of a table."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import cache

from .data_folder import packaged

_PLACE = re.compile(r"\{(\d+)\}")


class Tongue:
    """Says in one language what is written in English.

    `data/messages.csv` holds the Chinese of every sentence. What it lacks is said in English.

    Parameters
    ----------
    lang : {'en', 'zh'}

    Examples
    --------
    >>> Tongue("en")("row {0}", 17), Tongue("zh")("row {0}", 17)
    ('row 17', '第 17 行')

    A sentence that was filled in already is found by its fixed words:

    >>> print(Tongue("zh")("manifest.json is missing"))
    缺少 manifest.json
    """

    def __init__(self, lang: str):
        self._sentences = chinese() if lang == "zh" else {}

    def __call__(self, sentence: str, *facts: object) -> str:
        """The sentence with its facts; without facts one that may hold some already."""
        if facts:
            return self._sentences.get(sentence, sentence).format(*facts)
        found = self._sentences.get(sentence)
        return found or (self._filled(sentence) if self._sentences else None) or sentence

    def _filled(self, sentence: str) -> str | None:
        """A sentence that was filled in, in Chinese: that of the longest fixed words that match."""
        for known, places, told in _forms():
            match = known.fullmatch(sentence)
            if match:
                given = dict(zip(places, match.groups(), strict=True))
                return told.format(*[self(given[n]) for n in sorted(given)])
        return None


ENGLISH = Tongue("en")


@cache
def chinese() -> Mapping[str, str]:
    """The Chinese of every English sentence; nothing where the table is gone."""
    table = packaged("messages.csv")
    if table is None:
        return {}
    with table.open(encoding="utf-8-sig", newline="") as file:
        return {row["en"]: row["zh"] for row in csv.DictReader(file)}


@cache
def _forms() -> list[tuple[re.Pattern[str], list[int], str]]:
    """Sentences with places, the one with the most fixed words first: pattern, order of places, Chinese."""
    forms = []
    for sentence, told in chinese().items():
        fixed = _PLACE.split(sentence)
        words = [part.replace("{{", "{").replace("}}", "}") for part in fixed[::2]]
        if len(words) == 1 or not re.search(r"\w", "".join(words)):
            continue
        pattern = re.compile("(.+?)".join(map(re.escape, words)), re.DOTALL)
        forms.append((len("".join(words)), pattern, [int(n) for n in fixed[1::2]], told))
    forms.sort(key=lambda form: -form[0])
    return [form[1:] for form in forms]
