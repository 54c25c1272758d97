"""What customers say when they threaten, demand, leave or lose patience: phrases, zh and en."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from .folding import fold
from .resources import data_path
from .taxonomy import read_table

_COLUMNS, _MODE_COLUMNS = ("signal", "keys", "pattern"), ("kind", "keys")
_ZERO, _NINE, _LINE, _WIDE_ZERO, _WIDE_NINE = 0x30, 0x39, 0x0A, 0xFF10, 0xFF19


class Cue(NamedTuple):
    """One kind of phrase; a text without any of the keys need not be searched for the pattern.

    A pattern is compiled when a text first asks for it: all of them take a tenth of the time in which a model
    is loaded.
    """

    keys: tuple[str, ...]
    pattern: str = ""

    def found_in(self, text: str) -> bool:
        """Whether a text, as :func:`cue_text` gives it, holds the phrase.

        >>> Cue(("manager",), r"my manager|call").found_in("the manager laughed")
        False
        """
        for key in self.keys:
            if key in text:
                return not self.pattern or _compiled(self.pattern).search(text) is not None
        return False


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


@cache
def signal_cues() -> Mapping[str, tuple[Cue, ...]]:
    """The phrases of each signal, from ``signal_cues.csv``.

    Models hold their weights by place, so rows of a signal are only ever added behind its others. A cell of
    keys holds them separated by ``|``, a blank as ``_``; the pattern is a regular expression over
    :func:`cue_text`, empty where the keys say enough.

    >>> sorted(signal_cues())
    ['churn', 'group', 'legal', 'media', 'regulator', 'safety', 'senior']
    """
    found: dict[str, list[Cue]] = {}
    for _, row in read_table(data_path("signal_cues.csv"), _COLUMNS):
        found.setdefault(row["signal"], []).append(Cue(_keys(row["keys"]), row["pattern"]))
    return MappingProxyType({signal: tuple(cues) for signal, cues in found.items()})


@cache
def mode_cues() -> Mapping[str, Cue]:
    """The kinds of words that tell an emotional mode, from ``mode_cues.csv``, by name.

    Models hold their weights by place, so rows are only ever added behind the others.

    >>> "您好" in mode_cues()["polite"].keys, mode_cues()["exclaimed"].pattern
    (True, '')
    """
    rows = read_table(data_path("mode_cues.csv"), _MODE_COLUMNS)
    return MappingProxyType({row["kind"]: Cue(_keys(row["keys"])) for _, row in rows})


@cache
def danger_cues() -> tuple[Cue, ...]:
    """Phrases that say plainly that a life is in danger, from ``danger_cues.csv``; no model weighs them.

    >>> [cue.found_in(cue_text("我就從樓上跳下去")) for cue in danger_cues()][:3]
    [False, True, False]
    """
    rows = read_table(data_path("danger_cues.csv"), _COLUMNS[1:])
    return tuple(Cue(_keys(row["keys"]), row["pattern"]) for _, row in rows)


def _keys(cell: str) -> tuple[str, ...]:
    return tuple(cell.replace("_", " ").split("|"))


def cue_text(text: str) -> str:
    """A text as the cues read it: folded, but for digits and line ends; full stops of Chinese are plain ones.

    >>> cue_text("打１２３１５。 I'm LEAVING")
    "打12315. i'm leaving"
    """
    return cue_texts([text])[0]


def cue_texts(texts: Sequence[str]) -> list[str]:
    """:func:`cue_text` of many texts, at once.

    >>> cue_texts(["LEAVING", "", "打１２３１５"])
    ['leaving', '', '打12315']
    """
    raw = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    wide = (raw >= _WIDE_ZERO) & (raw <= _WIDE_NINE)
    narrow = np.where(wide, raw - np.uint32(_WIDE_ZERO - _ZERO), raw)
    kept = (narrow == _LINE) | ((narrow >= _ZERO) & (narrow <= _NINE))
    codes = np.where(kept, narrow, fold(raw))
    places = np.flatnonzero(codes)
    ends = np.searchsorted(places, np.cumsum([0, *map(len, texts)])).tolist()
    read = codes[places].astype("<u4").tobytes().decode("utf-32-le", "surrogatepass").replace("。", ".")
    return [read[begin:end] for begin, end in pairwise(ends)]
