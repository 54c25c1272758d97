"""Sentences for people in English or Chinese; the English ones are the keys of a table."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from .data_folder import packaged

_PLACE = re.compile(r"\{(\d+)\}")
_DEEPEST = 3


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
        return self._said(sentence, _DEEPEST)

    def _said(self, sentence: str, deepest: int) -> str:
        found = self._sentences.get(sentence)
        return found or (self._filled(sentence, deepest) if self._sentences else None) or sentence

    def _filled(self, sentence: str, deepest: int) -> str | None:
        """A sentence that was filled in, in Chinese: that of the longest fixed words that match.

        Where a place holds a sentence, that is said in Chinese too; whatever else was filled in stays.
        """
        for form in _forms():
            given = form.given(sentence)
            if given is not None:
                for place in form.sentences if deepest else ():
                    given[place] = self._said(given[place], deepest - 1)
                return form.told.format(*[given[place] for place in sorted(given)])
        return None


ENGLISH = Tongue("en")


class _Form(NamedTuple):
    """A sentence with places: its fixed words, which place stands after each, its Chinese."""

    words: list[str]
    places: list[int]
    told: str
    sentences: list[int]

    def given(self, text: str) -> dict[int, str] | None:
        """What fills the places in a text, each as short as can be; none where the fixed words differ.

        No text takes long: the words are looked for one after the other, and never a second time.
        """
        first, *between, last = self.words
        at, end = len(first), len(text) - len(last)
        if not (text.startswith(first) and text.endswith(last)):
            return None
        found = {}
        for place, word in zip(self.places, between, strict=False):
            until = text.find(word, at + 1, end)
            if until < 0:
                return None
            found[place], at = text[at:until], until + len(word)
        return found | {self.places[-1]: text[at:end]} if at < end else None


def translations(name: str) -> list[dict[str, str]]:
    """Rows of a packaged table of English and Chinese; none where it is gone or cannot be read."""
    table = packaged(name)
    if table is None:
        return []
    try:
        with table.open(encoding="utf-8-sig", newline="") as file:
            return [row for row in csv.DictReader(file) if row.get("en") and row.get("zh")]
    except (OSError, UnicodeError, csv.Error):
        return []


@cache
def _rows() -> list[dict[str, str]]:
    return [row for row in translations("messages.csv") if _whole(row["en"], row["zh"])]


def _whole(english: str, chinese: str) -> bool:
    """Whether both have the same places, and where there are any no brace stands by itself."""
    texts = [text.replace("{{", "").replace("}}", "") for text in (english, chinese)]
    same = sorted(_PLACE.findall(texts[0])) == sorted(_PLACE.findall(texts[1]))
    alone = _PLACE.search(english) and re.search("[{}]", _PLACE.sub("", texts[1]))
    return same and not alone


@cache
def chinese() -> Mapping[str, str]:
    """The Chinese of every English sentence."""
    return {row["en"]: row["zh"] for row in _rows()}


@cache
def _forms() -> list[_Form]:
    """Sentences with places, the one with the most fixed words first."""
    forms = []
    for row in _rows():
        fixed = _PLACE.split(row["en"])
        words = [part.replace("{{", "{").replace("}}", "}") for part in fixed[::2]]
        if len(words) == 1 or not re.search(r"\w", "".join(words)):
            continue
        sentences = [int(n) for n in (row.get("sentences_at") or "").split()]
        forms.append(_Form(words, [int(n) for n in fixed[1::2]], row["zh"], sentences))
    return sorted(forms, key=lambda form: -len("".join(form.words)))
