"""Texts for people in the languages of tickets: Simplified Chinese, Traditional Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, TypeVar

from .chinese_script import leaning_of_one, listed

CHINESE, TRADITIONAL, ENGLISH = "zh", "zh-Hant", "en"
SPOKEN = (CHINESE, TRADITIONAL, ENGLISH)
"""Languages of what is said about a ticket. Pages, tables and errors know the first and the last."""

T = TypeVar("T", bound="str | tuple[str, ...] | Mapping[str, Any]")
_LONGEST = 4


@lru_cache(maxsize=4096)
def traditional(text: str) -> str:
    """A text in Traditional characters, as in Taiwan; the longest listed word from left to right.

    `data/traditional.txt` lists words; where it is missing the text stays as it is. In a text that is in
    Traditional characters already, 后 and 里 are words of their own: there only characters that Simplified
    Chinese alone writes are changed.

    >>> traditional("请先致歉，再查账单；三天后回复")
    '請先致歉，再查帳單；三天後回覆'
    >>> traditional("Please wait") + traditional("里長請稍候，经理會回電")
    'Please wait里長請稍候，經理會回電'
    """
    words = _words()
    if leaning_of_one(text) > 0:
        return "".join([words.get(char, char) if leaning_of_one(char) < 0 else char for char in text])
    told, at = [], 0
    while at < len(text):
        pieces = (text[at : at + length] for length in range(_LONGEST, 0, -1))
        piece = next((piece for piece in pieces if piece in words), text[at])
        told.append(words.get(piece, piece))
        at += len(piece)
    return "".join(told)


@lru_cache(maxsize=1)
def _words() -> Mapping[str, str]:
    return dict(zip(listed()["from"], listed()["to"], strict=True))


def one_of(lang: str, zh: T, en: T) -> T:
    """The one of two texts (or tuples or mappings of texts) that is in `lang`, one of `SPOKEN`.

    >>> one_of("zh-Hant", "退款", "refund"), one_of("en", ("退款",), ("refund",))
    ('退款', ('refund',))
    """
    return en if lang == ENGLISH else _in_traditional(zh) if lang == TRADITIONAL else zh


class Spoken(dict[str, T]):
    """Texts by language: those in Traditional characters are made of the Chinese ones when first asked for.

    >>> Spoken(zh={"why": "依据：{text}"}, en={"why": "Why: {text}"})["zh-Hant"]["why"]
    '依據：{text}'
    """

    def __missing__(self, lang: str) -> T:
        if lang != TRADITIONAL:
            raise KeyError(lang)
        self[lang] = _in_traditional(self[CHINESE])
        return self[lang]


def _in_traditional(texts: Any) -> Any:
    if isinstance(texts, Mapping):
        return {name: _in_traditional(text) for name, text in texts.items()}
    return traditional(texts) if isinstance(texts, str) else tuple(map(_in_traditional, texts))


NOTHING = Spoken(zh="没有突出的词语", en="no word stands out")
"""The evidence of a ticket in which nothing spoke for its type."""
