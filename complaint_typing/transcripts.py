"""Reads transcripts of talks: JSON Lines, delimited files, or lines that begin with who is speaking."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from .aliases import normalised
from .delimited import open_delimited
from .encodings import detect_encoding
from .errors import BadValue, UnreadableInput
from .folding import fold_text
from .lines import open_bytes, read_bytes

LONGEST = 64 << 20

_ROLE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "customer": "customer|client|user|caller|visitor|buyer|guest|consumer|c|u|q"
        "|客户|顾客|用户|会员|买家|访客|来电人|消费者|客",
        "agent": "agent|staff|service|assistant|operator|support|seller|advisor|adviser|rep|bot|a|s"
        "|客服|坐席|座席|员工|商家|卖家|人工|人工客服|在线客服|线上客服|机器人|专员|客服专员|店员|柜员",
    }
)
"""Names of speakers; those of Chinese in either script."""
_ROLES = {word: role for role, words in _ROLE_WORDS.items() for word in words.split("|")}
_HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "conversation_id": "conversation_id|conversation|session_id|session|chat_id|call_id|ticket_id|id"
        "|对话编号|会话编号|会话id|会话|对话|工单编号|通话编号|案件编号",
        "role": "role|speaker|sender|from|author|who|side"
        "|角色|说话人|说话者|发送方|发言人|发言者|发送者|身份",
        "text": "text|message|content|utterance|body|said|words|内容|对话内容|消息|讯息|话|文本|正文|发言",
        "at": "at|time|created_at|timestamp|sent_at|date|时间|发送时间|发言时间|日期",
    }
)
_COLUMNS = {normalised(h): column for column, names in _HEADERS.items() for h in names.split("|")}
_SPEAKER = re.compile(
    r"\s*(?:[\[(【]?(?P<at>\d[\d:/. T-]{3,24}\d)[\])】]?\s+)?"
    r"(?P<who>[^\W\d_][^:：()（）]{0,15}?)\s*(?:[(（][^)）]{0,20}[)）])?\s*[:：]\s?(?P<text>.*)"
)
_FIRST_NAME = re.compile(r"[a-z]+|[\u4e00-\u9fff]+")
_RULE = re.compile(r"\s*[-=_*—]{3,}\s*")


@dataclass(frozen=True)
class Utterance:
    """Who said what, and when ("" where nothing says)."""

    role: str
    text: str
    at: str = ""


@dataclass(frozen=True)
class Transcript:
    """One talk; its id is "" where the file gives none."""

    id: str
    utterances: tuple[Utterance, ...]


def read_transcripts(path: str | os.PathLike[str], encoding: str = "auto") -> list[Transcript]:
    """Read the talks of a file; which of the three forms it has is seen from its content.

    - JSON Lines: an object a line, ``{"id": …, "turns": [{"role": …, "text": …, "at": …}]}``; only ``turns``
      with ``role`` and ``text`` must be there.
    - A delimited file with a header: columns `role` and `text`, better also `conversation_id` and `at`, under
      their usual names in English or Chinese. Without an id all rows are one talk.
    - Plain text: ``Customer: …`` and ``Agent: …``, or ``客户：…`` and ``客服：…``; lines without a speaker
      go on with the words before; a line of dashes begins the next talk.

    Turns without words are left out, and talks without turns.

    Parameters
    ----------
    path : path
        Plain or gzip, in any usual encoding.
    encoding : str, default "auto"

    Raises
    ------
    UnreadableInput
        When it cannot be opened, has no turn with words, or has none of the forms.
    BadValue
        When a speaker is neither customer nor agent, with the row.

    >>> import tempfile
    >>> from pathlib import Path
    >>> place = Path(tempfile.mkdtemp()) / "talk.txt"
    >>> _ = place.write_text("客户：退钱！\\n客服：您慢慢说。\\n我听着。", encoding="utf-8")
    >>> [(said.role, said.text) for said in read_transcripts(place)[0].utterances]
    [('customer', '退钱！'), ('agent', '您慢慢说。\\n我听着。')]
    >>> _ = place.write_text("no speaker at all")
    >>> read_transcripts(place)
    Traceback (most recent call last):
        ...
    complaint_typing.errors.UnreadableInput: ...talk.txt: line 1 names no speaker; ...
    """
    with open_bytes(path) as stream:
        raw = read_bytes(stream, LONGEST, path)
    text = detect_encoding(raw, encoding).whole_text(raw)
    if text.lstrip().startswith("{"):
        talks = _from_json_lines(text)
    else:
        table = _from_table(path, encoding) if text.strip() else []
        talks = _from_lines(text, path) if table is None else table
    read = [Transcript(name, tuple(u for u in said if u.text.strip())) for name, said in talks]
    found = [talk for talk in read if talk.utterances]
    if not found:
        raise UnreadableInput(path, "it has no turn with words", "give a file with the turns of a talk")
    return found


@lru_cache(maxsize=1024)
def _role_of(word: str) -> str | None:
    """The role that a speaker's name says, with or without a number behind it."""
    name = fold_text(word).strip()
    first = _FIRST_NAME.match(name)
    return _ROLES.get(name) or (_ROLES.get(first[0]) if first else None)


def _role(word: str, row: int) -> str:
    role = _role_of(word)
    if role is None:
        raise BadValue(row, "role", word, "a role of a talk", "write customer or agent, 客户 or 客服")
    return role


def _from_json_lines(text: str) -> list[tuple[str, list[Utterance]]]:
    talks = []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            talk = _json_object(line, number)
            said = [_turn(turn, number) for turn in talk["turns"]]
            talks.append((str(talk.get("id", talk.get("conversation_id", ""))), said))
    return talks


def _json_object(line: str, number: int) -> dict[str, Any]:
    try:
        talk = json.loads(line)
    except ValueError:
        talk = None
    if not isinstance(talk, dict) or not isinstance(talk.get("turns"), list):
        remedy = 'write {"turns": [{"role": "customer", "text": "…"}]} on one line'
        raise BadValue(number, "turns", line, "a talk as a JSON object", remedy)
    return talk


def _turn(turn: Any, number: int) -> Utterance:
    if not isinstance(turn, dict) or not isinstance(turn.get("text"), str):
        remedy = 'write {"role": "customer", "text": "…"}'
        raise BadValue(number, "turns", turn, "a turn with a role and a text", remedy)
    at = turn.get("at")
    return Utterance(_role(str(turn.get("role", "")), number), turn["text"], "" if at is None else str(at))


def _places(header: Sequence[str]) -> dict[str, int]:
    """The columns of a talk among the headers; the first header that fits serves."""
    found: dict[str, int] = {}
    for place, name in enumerate(header):
        column = _COLUMNS.get(normalised(fold_text(name)))
        if column:
            found.setdefault(column, place)
    return found


def _known(header: Sequence[str]) -> int:
    found = _places(header)
    return len(found) if {"role", "text"} <= found.keys() else 0


def _from_table(path: str | os.PathLike[str], encoding: str) -> list[tuple[str, list[Utterance]]] | None:
    """The talks of a delimited file, in the order they begin; None where it has no header of talks."""
    file = open_delimited(path, _known, encoding)
    places = _places(file.header)
    if not _known(file.header):
        return None
    talks: dict[str, list[Utterance]] = {}
    for block in file.blocks():
        if block.faults:
            fault = block.faults[0]
            raise BadValue(
                fault.row_number, "text", fault.text, "a readable row", f"mend it ({fault.meaning()})"
            )
        for number, row in zip(block.numbers, block.rows, strict=True):
            cells = {column: row[place].strip() for column, place in places.items()}
            said = talks.setdefault(cells.get("conversation_id", ""), [])
            said.append(Utterance(_role(cells["role"], number), cells["text"], cells.get("at", "")))
    return list(talks.items())


def _from_lines(text: str, path: object) -> list[tuple[str, list[Utterance]]]:
    talks: list[list[Utterance]] = [[]]
    for number, line in enumerate(text.splitlines(), start=1):
        if _RULE.fullmatch(line):
            talks.append([])
            continue
        match = _SPEAKER.fullmatch(line)
        role = _role_of(match["who"]) if match else None
        if match and role:
            talks[-1].append(Utterance(role, match["text"], match["at"] or ""))
        elif talks[-1]:
            before = talks[-1][-1]
            talks[-1][-1] = Utterance(before.role, f"{before.text}\n{line}".rstrip(), before.at)
        elif line.strip():
            remedy = "begin each turn with Customer: or Agent:, 客户： or 客服：, or give JSON Lines or a CSV"
            raise UnreadableInput(path, f"line {number} names no speaker", remedy)
    return [("", said) for said in talks]
