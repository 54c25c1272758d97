"""What of a text is judged: whole characters, and of more than 20,000 of them the beginning and the end."""

from __future__ import annotations

import re

from .spoken import Spoken

LONGEST_TEXT = 20_000
_HEAD = LONGEST_TEXT // 2
_TAIL = LONGEST_TEXT - _HEAD - 1
HALF_CHARACTER = re.compile("[\ud800-\udfff]")
_NOTES = Spoken(
    zh=f"原文超过{LONGEST_TEXT}字，只看了开头{_HEAD}字和结尾{_TAIL}字。",
    en=f"The text is longer than {LONGEST_TEXT:,} characters: "
    f"only its first {_HEAD:,} and last {_TAIL:,} were read.",
)


def judged_part(text: str) -> str:
    """The part of a text that is judged, so that no single ticket holds up a service.

    What people want stands at the beginning or at the end; between them comes a line break. Every door cuts
    by this rule, and files keep their texts whole. Half characters are mended first, see
    :func:`whole_characters`.

    >>> judged_part("Where is my refund?")
    'Where is my refund?'
    >>> part = judged_part("a" * 30_000 + "z" * 30_000)
    >>> len(part), part[9_999:10_003], judged_part(part) == part
    (20000, 'a\\nzz', True)
    """
    text = whole_characters(text)
    return text if len(text) <= LONGEST_TEXT else f"{text[:_HEAD]}\n{text[-_TAIL:]}"


def whole_place(place: int, text: str) -> int:
    """Where a place of the judged part of a text stands in the text itself.

    >>> text = "a" * 30_000 + "z" * 30_000
    >>> [whole_place(place, text) for place in (9_999, 10_001, 20_000)]
    [9999, 50001, 60000]
    """
    return place if place <= _HEAD else place + max(len(text) - LONGEST_TEXT, 0)


def whole_characters(text: str) -> str:
    r"""A text with U+FFFD in place of each half character (a surrogate), which UTF-8 cannot hold.

    JavaScript cuts emoji in half. Every other character stays in its place, so that spans point into the text
    as it was given.

    >>> ascii(whole_characters("cut \ud83d here"))
    "'cut \\ufffd here'"
    """
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return HALF_CHARACTER.sub("\ufffd", text)
    return text


def notes_on_length(part: str, lang: str) -> tuple[str, ...]:
    """What a reader of the answer has to know where only a part was judged; nothing elsewhere.

    >>> notes_on_length("short", "en")
    ()
    >>> notes_on_length(judged_part("a" * 20_001), "en")
    ('The text is longer than 20,000 characters: only its first 10,000 and last 9,999 were read.',)
    """
    return (_NOTES[lang],) if len(part) == LONGEST_TEXT and part[_HEAD] == "\n" else ()
