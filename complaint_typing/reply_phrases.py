"""Phrases as a team lead writes them in a table, turned into patterns over folded text."""

from __future__ import annotations

import re

from .reply_text import Draft

_GAPS = {"zh": r"[^.,:!?;\n]{0,12}?", "en": r"\b[^.!?;\n]{0,45}?\b"}
_NUMBERS = {
    "zh": "[0一二两三四五六七八九十百千半几]{1,12}(?:[.,]0{1,6})?",
    "en": "0{1,12}(?:[.,:]0{1,6}){0,4}",
}
_TOKEN = re.compile(r"\)\?|#\?| …|.", re.DOTALL)
_SEPARATOR = re.compile(r"\|(?![^()]*\))")


def phrase_pattern(phrases: str, language: str) -> re.Pattern[str]:
    """One pattern for the phrases of a cell.

    Parameters
    ----------
    phrases : str
        Separated by ``|``. ``(a/b)`` stands for either, ``(a)?`` for a or nothing, ``…`` for a few words of
        the same clause (zh) or sentence (en), ``#`` for a number, ``*`` for a part of a word. English phrases
        match whole words. A cell that starts with ``re:`` is a regular expression over the folded text.
    language : str
        "zh" or "en".

    Raises
    ------
    re.error
        When brackets are not closed.

    >>> pattern = phrase_pattern("送(您)?#张…券|打#折", "zh")
    >>> [bool(pattern.search(text)) for text in ("送您两张电影券", "送0张券", "打八折", "送货")]
    [True, True, True, False]
    >>> pattern = phrase_pattern("apolog*|we (can/will) …refund", "en")
    >>> [bool(pattern.search(text)) for text in ("my apologies", "we will gladly refund it", "refunds")]
    [True, True, False]
    """
    if phrases.startswith("re:"):
        return re.compile(phrases[3:])
    return re.compile("|".join(_expression(phrase, language) for phrase in _SEPARATOR.split(phrases)))


def _expression(phrase: str, language: str) -> str:
    signs = {
        "(": "(?:",
        ")": ")",
        ")?": ")?",
        "/": "|",
        "…": _GAPS[language],
        " …": _GAPS[language],
        "#": _NUMBERS[language],
    }
    signs |= {"#?": f"(?:{_NUMBERS[language]})?", "*": r"\w{0,20}", " ": " {1,3}"}
    inner = "".join(signs[t] if t in signs else re.escape(Draft(t).text) for t in _TOKEN.findall(phrase))
    if language == "zh":
        return f"(?:{inner})"
    left = "" if phrase.startswith("*") else r"(?<![a-z0])"
    right = "" if phrase.endswith("*") else r"(?![a-z0])"
    return f"{left}(?:{inner}){right}"
