"""Streams the objects of a JSON Lines file or a JSON array as rows, and sets aside what is none."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from os import PathLike
from pathlib import Path
from typing import IO, Any

from .dialects import Score
from .encodings import Encoding
from .errors import UnreadableInput
from .json_whole import (
    PLAIN_DECODER,
    ListInside,
    RepeatedKeyError,
    begins_object,
    list_inside,
    skip_blanks,
    unrepeated,
)
from .lines import LineReader, open_bytes, read_bytes
from .quarantine import QuarantinedRow
from .rows import JsonText, RowBlock
from .text_limit import HALF_CHARACTER

_MOST_COLUMNS = 2_000
_DEEPEST = 100
_LINES_LOOKED_AT = 10_000
_ESCAPED = re.compile(r"\\u[dD][89a-fA-F]")
_BEFORE = re.compile(r"\ufeff?[ \t\r\n]*")  # a mark, where files were put together
_JSON_NAME = re.compile(r"\.(jsonl|ndjson|json)(\.gz)?\Z", re.IGNORECASE)


class _Number(str):
    """A number as it is written in the file."""


_DECODER = json.JSONDecoder(
    object_pairs_hook=unrepeated, parse_int=_Number, parse_float=_Number, parse_constant=_Number, strict=False
)


def _written(value: Any) -> str:
    """A decoded value as JSON again, numbers as they were."""
    if isinstance(value, _Number):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_written(k)}: {_written(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_written, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _cell(value: Any) -> str:
    if value is None:
        return JsonText()
    return value if value.__class__ is str else JsonText(_written(value))


def _object_at(text: str, at: int) -> tuple[dict[str, Any], int, str]:
    """The object that begins at a character, where it ends (-1: unknown), and why it is none."""
    try:
        value, end = _DECODER.raw_decode(text, at)
    except RepeatedKeyError:
        return _repeating(text, at)
    except (json.JSONDecodeError, RecursionError):
        return {}, -1, "not_json"
    if not isinstance(value, dict):
        return {}, end, "not_an_object"
    if _too_deep(value):
        return {}, end, "too_deep"
    lone = _ESCAPED.search(text, at, end) and HALF_CHARACTER.search(_written(value))
    return value, end, "half_character" if lone else ""


def _repeating(text: str, at: int) -> tuple[dict[str, Any], int, str]:
    """Where an object ends that has a key twice, unless something else is wrong behind that."""
    try:
        return {}, PLAIN_DECODER.raw_decode(text, at)[1], "repeated_key"
    except (json.JSONDecodeError, RecursionError):
        return {}, -1, "not_json"


def _too_deep(value: Any) -> bool:
    """Whether lists and objects stand inside each other deeper than they can be written again."""
    level = [value]
    for _ in range(_DEEPEST):
        inner = (each.values() if each.__class__ is dict else each for each in level)
        level = [part for parts in inner for part in parts if part.__class__ in (dict, list)]
        if not level:
            return False
    return True


_Item = tuple[dict[str, Any], tuple[int, int], str]
"""An object, its span, and why it is none."""


class _Lines:
    """The objects of a file with one on each line; a span counts lines."""

    def __init__(self, file: JsonFile, stream: IO[bytes]):
        self._file = file
        self._lines = LineReader(stream, file.path, file.encoding, cr_ends_lines=False)

    def texts(self) -> Iterator[str]:
        """The lines as they are in the file."""
        for i, line in enumerate(self._lines.lines_from(0)):
            self._lines.record = i
            yield self._lines.restore([line])[0] if i in self._lines.marked else line

    def passing(self) -> Iterator[str]:
        """The same; those that have passed are not kept."""
        for i, text in enumerate(self.texts()):
            self.forget((i, i))
            yield text

    def items(self) -> Iterator[_Item]:
        for i, text in enumerate(self.texts()):
            at = _BEFORE.match(text).end()  # type: ignore[union-attr]
            if at < len(text):
                yield self._item(text, at, i)

    def _item(self, text: str, at: int, i: int) -> _Item:
        value, end, reason = _object_at(text, at)
        if i in self._lines.damaged:
            reason = "undecodable_bytes"
        elif end < 0 or text[end:].strip(" \t\r\n"):
            reason = "cut_off" if self._lines.is_open_end(i) else "not_json"
        return value, (i, i + 1), reason

    def quarantined(self, number: int, span: tuple[int, int], reason: str) -> QuarantinedRow:
        offset, raw = self._lines.raw(*span)
        text = raw.decode(self._file.encoding.name, "replace")
        return QuarantinedRow(number, span[0] + 1, offset, reason, raw, text)

    def is_full(self, span: tuple[int, int]) -> bool:
        return self._lines.is_full(span[1])

    def forget(self, span: tuple[int, int]) -> None:
        self._lines.forget(span[1])

    @property
    def replaced(self) -> int:
        return self._lines.replaced


class _Array:
    """The objects of one array, which is held in memory; a span counts characters."""

    def __init__(self, file: JsonFile, stream: IO[bytes]):
        self._encoding, self._inside = file.encoding, file.inside
        self._text = _whole_text(file, stream)
        self._kept = self._last = (0, len(file.encoding.bom), 1)  # a character, its byte and its line
        self.replaced = self._text.count("\ufffd") + file.encoding.undecodable(self._text)

    def items(self) -> Iterator[_Item]:
        text, inside = self._text, self._inside
        after = skip_blanks(text, text.index("[", inside.begin if inside else 0) + 1)
        while after < len(text) and text[after] != "]":
            value, end, reason = _object_at(text, after)
            stop = skip_blanks(text, end) if end >= 0 else len(text)
            if text[stop : stop + 1] not in (",", "]") or stop == len(text):
                # nothing tells where the next object begins
                yield {}, (after, len(text)), "not_json" if end < 0 else "cut_off"
                return
            damaged = self._encoding.is_damaged(text[after:end])
            yield value, (after, end), "undecodable_bytes" if damaged else reason
            after = skip_blanks(text, stop + 1) if text[stop] == "," else stop
        if after >= len(text):
            yield {}, (len(text.rstrip()) - 1, len(text)), "cut_off"
        if (rest := text[after + 1 :].strip()) and not inside:
            yield {}, (text.rindex(rest), len(text)), "not_json"

    def quarantined(self, number: int, span: tuple[int, int], reason: str) -> QuarantinedRow:
        raw = self._encoding.encode(self._text[slice(*span)])
        _, offset, line = self._place(span[0])
        text = raw.decode(self._encoding.name, "replace")
        return QuarantinedRow(number, line, offset, reason, raw, text)

    def _place(self, at: int) -> tuple[int, int, int]:
        """A character's byte and line, counted from the last one asked for, or from the last forgotten."""
        start, offset, line = self._last if at >= self._last[0] else self._kept
        between = self._text[start:at]
        self._last = at, offset + len(self._encoding.encode(between)), line + between.count("\n")
        return self._last

    def is_full(self, span: tuple[int, int]) -> bool:
        return False

    def forget(self, span: tuple[int, int]) -> None:
        """The text stays in memory, but nobody asks for what stands before the end of a span."""
        self._kept = self._place(span[1])


@dataclass(frozen=True)
class JsonFile:
    """A file of JSON objects, a row each; their keys together are the header, in the order of coming.

    A text becomes a cell as it is; numbers, booleans, lists and objects become their JSON, null and a key
    that is not there become an empty cell.

    Parameters
    ----------
    path : Path
        The file, plain or gzip.
    encoding : Encoding
        And how it was decided.
    header : tuple of str
        All keys.
    is_array : bool
        Whether it is one array, rather than an object on each line.
    inside : ListInside, optional
        Where that array stands, if one object holds it.
    """

    path: Path
    encoding: Encoding
    header: tuple[str, ...] = ()
    is_array: bool = False
    inside: ListInside | None = None
    form: str = "json"
    delimiter: str = ""

    @property
    def layout(self) -> str:
        if self.inside:
            return f"JSON, the array of objects under {self.inside.key!r}"
        return "JSON, one array of objects" if self.is_array else "JSON, an object on each line"

    def blocks(self, block_rows: int = 2000) -> Iterator[RowBlock]:
        """The rows, from the first, in blocks of at most `block_rows`.

        Raises
        ------
        UnreadableInput
            When its compression is damaged, or a line is longer than 64 MB.
        """
        with open_bytes(self.path) as stream:
            source = self._source(stream)
            block, replaced = RowBlock(set_aside=source.quarantined), 0
            for number, (value, span, reason) in enumerate(source.items(), 1):
                if reason:
                    block.faults.append(source.quarantined(number, span, reason))
                else:
                    block.add([_cell(value.get(key)) for key in self.header], number, span)
                if len(block) >= block_rows or source.is_full(span):
                    block.replaced, replaced = source.replaced - replaced, source.replaced
                    yield block
                    block = RowBlock(set_aside=source.quarantined)
                    source.forget(span)
            if len(block):
                block.replaced = source.replaced - replaced
                yield block

    def keys(self) -> tuple[str, ...]:
        """The keys of all objects, in the order of coming; the whole file is read."""
        found: dict[str, None] = {}
        with open_bytes(self.path) as stream:
            source = self._source(stream)
            for value, span, reason in source.items():
                source.forget(span)
                if not reason and not found.keys() >= value.keys():
                    found.update(dict.fromkeys(value))
                if len(found) > _MOST_COLUMNS:
                    told = f"its objects have more than {_MOST_COLUMNS} different keys"
                    raise UnreadableInput(self.path, told, "put what is no column inside one object")
        return tuple(found)

    def _source(self, stream: IO[bytes]) -> _Lines | _Array:
        return (_Array if self.is_array else _Lines)(self, stream)

    def found_inside(self, score: Score) -> ListInside | None:
        """The list of tickets inside, where the whole file is one object; see ``list_inside``."""
        with open_bytes(self.path) as stream:
            first = [reason for _, _, reason in islice(_Lines(self, stream).items(), 2)]
        if first != [""]:
            if not first or not all(first):
                return None
            with open_bytes(self.path) as stream:
                if not begins_object(islice(_Lines(self, stream).passing(), _LINES_LOOKED_AT)):
                    return None
        with open_bytes(self.path) as stream:
            return list_inside(self.path, _whole_text(self, stream), score)


def _whole_text(file: JsonFile, stream: IO[bytes]) -> str:
    return file.encoding.whole_text(read_bytes(stream, -1, file.path))


def looks_like_json(path: str | PathLike[str], beginning: str) -> bool:
    """Whether a file is JSON, by its name or by its first characters.

    >>> [looks_like_json("a.csv", text) for text in ('{"id": 1}', ' [{"id": 1}]', "id,text", "[id],{text}")]
    [True, True, False, False]
    """
    return bool(_JSON_NAME.search(str(path)) or re.match(r'\s*(?:\[\s*)?\{\s*["}]', beginning))


def open_json(
    path: str | PathLike[str],
    encoding: Encoding,
    beginning: str,
    score: Score | None = None,
) -> JsonFile:
    """Find out the shape and the keys of a JSON file.

    Parameters
    ----------
    path : path
    encoding : Encoding
    beginning : str
        Its first characters.
    score : callable, optional
        How many of some names are known columns; then a list of tickets inside one object is found, too.

    Raises
    ------
    UnreadableInput
        When no object is found, or too many different keys, or the columns stand in lists.

    >>> import tempfile
    >>> place = tempfile.mkdtemp() + "/tickets.jsonl"
    >>> with open(place, "w") as file:
    ...     _ = file.write('{"id": 7, "text": "no answer"}\\n{"id": 8, "tags": ["a"]}\\n')
    >>> file = open_json(place, Encoding("utf-8", "given"), '{"id"')
    >>> file.header, [block.rows for block in file.blocks()]
    (('id', 'text', 'tags'), [[['7', 'no answer', ''], ['8', '', '["a"]']]])
    """
    is_array = beginning.lstrip().startswith("[")
    file = JsonFile(Path(path), encoding, is_array=is_array)
    if score and not is_array and (inside := file.found_inside(score)):
        file = replace(file, is_array=True, inside=inside)
    keys = file.keys()
    if not keys:
        remedy = "write one object on each line, or one array of objects"
        raise UnreadableInput(path, "no JSON object is found in it", remedy)
    return replace(file, header=keys)
