"""A JSON file that is one object as a whole: a list of tickets inside it, or columns that stand in lists."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from os import PathLike
from typing import Any, NamedTuple

from .dialects import TEXT_KNOWN, Score
from .errors import UnreadableInput


class RepeatedKeyError(ValueError):
    """An object of JSON has a key twice: readers differ in which of the two they heed."""


def unrepeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON in which every key stands once.

    Raises
    ------
    RepeatedKeyError
        When one stands in it twice.

    >>> json.loads('{"types": 9, "types": 8}', object_pairs_hook=unrepeated)
    Traceback (most recent call last):
        ...
    complaint_typing.json_whole.RepeatedKeyError: a key stands in it twice
    """
    made = dict(pairs)
    if len(made) != len(pairs):
        raise RepeatedKeyError("a key stands in it twice")
    return made


PLAIN_DECODER = json.JSONDecoder(parse_int=str, strict=False)
_BLANKS = re.compile(r"[ \t\r\n]*")
_DEEPEST = 1_000_000
_LOOKED_AT = 20
_OBJECT, _KEY, _VALUE, _MARKS = "{", '"x', '{["x', '{}[],:"'
_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*("?)|[{}\[\],:]|[^\s"{}\[\],:]+', re.DOTALL)
_REST_OF_TEXT = re.compile(r'[^"\\]*(?:\\.[^"\\]*)*("?)', re.DOTALL)


class ListInside(NamedTuple):
    """The keys that lead to a list of objects, with dots between, and the character at which it begins."""

    key: str
    begin: int


_Lists = list[tuple[ListInside, list[str]]]


def list_inside(path: str | PathLike[str], text: str, score: Score) -> ListInside | None:
    """The list of tickets that one object holds; None where it is a ticket, has a key twice, or holds none.

    Parameters
    ----------
    path : path
    text : str
        The whole file.
    score : callable
        How many of some names are known columns, and 100 more where a text is one of them.

    Raises
    ------
    UnreadableInput
        When the texts of many tickets stand in one list or object, or several lists may be the tickets.

    >>> from complaint_typing.columns import header_score
    >>> list_inside("a.json", '{"count": 1, "tickets": [{"text": "Late again"}]}', header_score)
    ListInside(key='tickets', begin=24)
    >>> pages = '{"data": {"items": [{"text": "Late"}], "users": [{"id": 7}]}}'
    >>> list_inside("a.json", pages, header_score)
    ListInside(key='data.items', begin=19)
    >>> list_inside("a.json", '{"id": ["1", "2"], "text": ["Late", "Lost"]}', header_score)
    Traceback (most recent call last):
        ...
    complaint_typing.errors.UnreadableInput: a.json: its columns stand in lists ('id', 'text'); write ...
    """
    try:
        found = [*_members(text)]
    except (ValueError, RecursionError):
        return None
    members = {key: value for key, value, _ in found}
    if len(members) < len(found):
        return None
    columns = [key for key, value in members.items() if isinstance(value, (list, dict))]
    if score(columns) >= TEXT_KNOWN:
        named = ", ".join(map(repr, columns[:4]))
        remedy = "write one object for each ticket (with pandas: to_json(..., orient='records'))"
        raise UnreadableInput(path, f"its columns stand in lists ({named})", remedy)
    if score([*members]) >= TEXT_KNOWN:
        return None
    top, below = [*_lists(found)], [*_lists_below(text, found, score)]
    chosen = next(filter(None, (_with_text(top, score), _with_text(below, score), [*top, *below])), [])
    if len(chosen) > 1:
        named = ", ".join(repr(inside.key) for inside, _ in chosen[:4])
        remedy = f"write the list of the tickets to a file of its own (jq '.{chosen[0][0].key}')"
        raise UnreadableInput(path, f"it holds several lists ({named})", remedy)
    return chosen[0][0] if chosen else None


def begins_object(lines: Iterable[str]) -> bool:
    """Whether lines may be how one JSON object begins; told as soon as they cannot be, and none is kept.

    Parameters
    ----------
    lines : iterable of str
        With their ends.

    >>> begins_object(['{"count": 1,\\n', ' "tickets": [{"text": "Late"},\\n'])
    True
    >>> begins_object(['{"text": "La\\n', '{"text": "Late again"}\\n'])
    False
    """
    open_marks: list[str] = []
    wanted = _OBJECT
    for kind in _kinds(lines):
        if kind not in wanted or len(open_marks) > _DEEPEST:
            return False
        if kind in "{[":
            open_marks.append(kind)
        elif kind in "}]":
            open_marks.pop()
        wanted = _wanted_after(kind, wanted, open_marks)
    return True


def _kinds(lines: Iterable[str]) -> Iterator[str]:
    """Of each token: its mark, a quote for a text, ``x`` for a number or word."""
    goes_on = False
    for line in lines:
        rest = _REST_OF_TEXT.match(line) if goes_on else None
        goes_on = bool(rest and not rest[1])
        for token in _TOKEN.finditer(line, rest.end() if rest else 0):
            first = token[0][0]
            yield first if first in _MARKS else "x"
            goes_on = token[1] == ""


def _wanted_after(kind: str, wanted: str, open_marks: Sequence[str]) -> str:
    """What may follow a token."""
    if kind == "{":
        return _KEY + "}"
    if kind == "[":
        return _VALUE + "]"
    if kind == ":":
        return _VALUE
    if kind == ",":
        return _KEY if open_marks[-1] == "{" else _VALUE
    if kind not in "}]" and wanted in (_KEY, _KEY + "}"):
        return ":"
    return {"{": ",}", "[": ",]"}[open_marks[-1]] if open_marks else ""


def _with_text(lists: _Lists, score: Score) -> _Lists:
    return [(inside, keys) for inside, keys in lists if score(keys) >= TEXT_KNOWN]


def _lists(
    members: Iterable[tuple[str, Any, int]], above: str = ""
) -> Iterator[tuple[ListInside, list[str]]]:
    """Lists of objects among the members of an object, with the keys of their first ones."""
    for key, value, begin in members:
        if isinstance(value, list) and value and all(isinstance(part, dict) for part in value):
            yield ListInside(above + key, begin), [*dict.fromkeys(chain.from_iterable(value[:_LOOKED_AT]))]


def _lists_below(
    text: str, members: Iterable[tuple[str, Any, int]], score: Score
) -> Iterator[tuple[ListInside, list[str]]]:
    """The same of the objects among the members that are no tickets themselves."""
    for key, value, begin in members:
        if isinstance(value, dict) and value and score([*value]) < TEXT_KNOWN:
            yield from _lists(_members(text, begin, inner=True), f"{key}.")


def _members(text: str, at: int = 0, inner: bool = False) -> Iterator[tuple[str, Any, int]]:
    """Key, value and where the value begins, of each member of the object; ValueError where it is none.

    Behind an object that is not inside another nothing may follow.
    """
    at, ended = skip_blanks(text, _past(text, at, "{")), False
    while not ended:
        key, at = PLAIN_DECODER.raw_decode(text, at)
        begin = _past(text, at, ":")
        value, at = PLAIN_DECODER.raw_decode(text, begin)
        yield str(key), value, begin
        at = skip_blanks(text, at)
        ended = text[at : at + 1] == "}"
        at = _past(text, at, "}" if ended else ",")
    if at < len(text) and not inner:
        raise ValueError("more behind the object")


def _past(text: str, at: int, mark: str) -> int:
    """Where what follows a mark begins."""
    at = skip_blanks(text, at)
    if text[at : at + 1] != mark:
        raise ValueError(f"no {mark}")
    return skip_blanks(text, at + 1)


def skip_blanks(text: str, at: int) -> int:
    """Where the next character of JSON is."""
    return _BLANKS.match(text, at).end()  # type: ignore[union-attr]
