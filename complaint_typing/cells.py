"""Cells of optional columns to checked values: ids, money, findings, scores, flags, languages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Hashable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType
from typing import Any, TypeVar

import numpy as np

from .missing import is_missing

T = TypeVar("T")


def _words(table: Mapping[str, T]) -> Mapping[str, T]:
    """``{"a|b": 1}`` as ``{"a": 1, "b": 1}``."""
    return MappingProxyType({word: code for words, code in table.items() for word in words.split("|")})


FAULT_WORDS = _words(
    {
        "yes|y|true|t|1|是|有责|有責|部分责任|部分責任|有|属实|屬實|部分属实|部分屬實|成立|部分成立"
        "|upheld|partly upheld|partially upheld|substantiated|partly substantiated": "yes",
        "no|n|false|f|0|否|无责|無責|免责|免責|无|無|不属实|不屬實|不成立|not upheld|unsubstantiated": "no",
        "unknown|未知|不明|不详|不詳|待定|待核实|待核實|无法认定|無法認定|无法核实|無法核實|无法查实|無法查實"
        "|unclear|undetermined|inconclusive|pending": "unknown",
    }
)
FLAG_WORDS = _words({"yes|y|true|t|1|是|有": 1, "no|n|false|f|0|否|无|無": 0})
SCORE_WORDS = _words(
    {
        "1|1分|1星|very dissatisfied|非常不满意|非常不滿意|很不满意|很不滿意|bad|bad with comment": 1,
        "2|2分|2星|dissatisfied|不满意|不滿意": 2,
        "3|3分|3星|neutral|一般|基本满意|基本滿意": 3,
        "4|4分|4星|satisfied|满意|滿意": 4,
        "5|5分|5星|very satisfied|非常满意|非常滿意|很满意|很滿意|good|good with comment": 5,
        "offered|unoffered|未评价|未評價|0": 0,
    }
)
LANGUAGE_WORDS = _words(
    {
        "zh-hans|zh-hans-cn|zh-cn|zh-sg|zh-my|chs|简体|简体中文|簡體中文|simplified chinese": "zh-Hans",
        "zh-hant|zh-hant-tw|zh-hant-hk|zh-hant-mo|zh-tw|zh-hk|zh-mo|cht|繁体|繁體|繁体中文|繁體中文"
        "|traditional chinese": "zh-Hant",
        "en|en-us|en-gb|en-au|en-ca|en-ie|en-in|en-nz|en-sg|eng|english|英文|英语|英語": "en",
        "zh|zho|chi|chinese|中文|汉语|漢語|yue|cantonese|粤语|粵語|廣東話": "",
    }
)
_NOTHING = _words({"|-|--|—|–|/|n/a|#n/a|na|nan|nil|none|null|无|無|空": None})
_NOBODY = {"NaN", "\\N"}.union(
    *((word, word.upper(), word.title()) for word in (*_NOTHING, "unknown", "anonymous", "undefined"))
)
_SHEET_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#NULL!", "#DIV/0!", "#NUM!"})
_ROUNDED = re.compile(r"\d(?:[.,]\d+)?[Ee]\+\d{1,3}", re.ASCII)
_MOST_EXACT = 2**53
_DRESSED = re.compile(r"[+#=\x80-\U0010ffff]|\.0+$", re.MULTILINE)
_FORMULA = re.compile(r'="(.*)"')
_WHOLE = re.compile(r"(\d+)\.0+", re.ASCII)
_CURRENCY = r"(?:cny|rmb|usd|hkd|twd|ntd|eur|gbp|sgd|mop|hk\$|nt\$|us\$|[¥$€£]|人民币|人民幣|元|块|塊)"
_MONEY = re.compile(
    rf"{_CURRENCY}?\s?(?P<minus>-?)\s?{_CURRENCY}?\s?"
    rf"(?P<number>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)\s?{_CURRENCY}?",
    re.ASCII,
)
_LONGEST = 64
_LONGEST_AMOUNT = 16


def _folded(value: object) -> str:
    """A cell as its words are compared: NFKC, case folded, stripped; numbers without an empty fraction."""
    if isinstance(value, str):
        text = value.strip()
        return (text if text.isascii() else unicodedata.normalize("NFKC", text)).casefold().replace("_", "-")
    return number_text(value).casefold()


def number_text(value: object) -> str:
    """A value that is no text as a text; 12.0, which tables make of 12, is "12".

    Floats above 2**53 have lost their last digits; they look as spreadsheets show them.

    >>> number_text(12.0), number_text(0.5), number_text(1.1e17), number_text(110000000000000001)
    ('12', '0.5', '1.1E+17', '110000000000000001')
    """
    if not isinstance(value, (float, np.floating)) or not value.is_integer():
        return str(value)
    if abs(value) <= _MOST_EXACT:
        return str(int(value))
    return np.format_float_scientific(value, trim="-").upper()


def _each(column: Sequence[Any], read: Callable[[Any], T]) -> list[T]:
    """`read` of every value, done once per distinct value."""
    cells = list(column)  # once: a pandas column makes a new NaN, unequal to any other, each time
    try:
        known: dict[Hashable, T] = {value: read(value) for value in set(cells)}
    except TypeError:  # a cell that cannot be a key, such as a list
        return [read(value) for value in cells]
    return [known[value] for value in cells]


def texts(column: Sequence[object]) -> list[str]:
    """Texts as they are; missing values empty, anything else as Python writes it.

    >>> texts(["NA", None, 5, float("nan")])
    ['NA', '', '5', '']
    """
    return [v if isinstance(v, str) else "" if is_missing(v) else str(v) for v in column]


def ids(column: Sequence[object]) -> list[str]:
    """Identifiers as texts without outer blanks; ``12.0``, which a table in memory makes of 12, is ``12``.

    >>> ids(["007", " a-1 ", 12.0, 1.1e17, None, "1.1E+17"])
    ['007', 'a-1', '12', '1.1E+17', '', '1.1E+17']
    """
    return [v.strip() if isinstance(v, str) else "" if is_missing(v) else number_text(v) for v in column]


def identities(column: Sequence[object]) -> tuple[list[str], list[int]]:
    """Identifiers that tell one customer or ticket from another; "" for what names none.

    What stands for nothing in many rows (``N/A``, ``null``, ``#REF!``) would make one customer of all of
    them. A number that a spreadsheet or a table rounded (``1.1E+17``) has lost the digits that tell customers
    apart. What only looks different (``42.0``, ``="42"``, full-width ``４２``) is the same.

    Returns
    -------
    values : list of str
    bad : list of int
        Positions of errors of spreadsheets and of rounded numbers.

    >>> identities(["007", "N/A", "#REF!", "1.1E+17", 1.1e17])
    (['007', '', '', '', ''], [2, 3, 4])
    >>> identities(["42", "42.0", '="42"', "４２", 42.0])[0]
    ['42', '42', '42', '42', '42']
    """
    named = ids(column)
    if _NOBODY.isdisjoint(named) and not _DRESSED.search("\n".join(named)):
        return named, []
    named = [_undressed(name) for name in named]
    bad = [i for i, name in enumerate(named) if _ROUNDED.fullmatch(name) or name in _SHEET_ERRORS]
    lost = set(bad)
    return ["" if i in lost or name in _NOBODY else name for i, name in enumerate(named)], bad


def _undressed(name: str) -> str:
    """An identifier without what spreadsheets, tables and wide keyboards add."""
    plain = name if name.isascii() else unicodedata.normalize("NFKC", name).strip()
    for dress in (_FORMULA, _WHOLE):
        if found := dress.fullmatch(plain):
            plain = found[1].strip()
    return plain


def says_nothing(value: object) -> bool:
    """Whether a cell is what databases and people write where there is nothing.

    >>> [says_nothing(cell) for cell in ("NULL", "\\\\N", "n/a", "0000-00-00 00:00:00", "soon", 7)]
    [True, True, True, True, False, False]
    """
    word = value.strip().casefold() if isinstance(value, str) else None
    return word is not None and (word in _NOTHING or word == "\\n" or word.startswith("0000-00-00"))


def choices(column: Sequence[Any], words: Mapping[str, T], missing: T) -> tuple[list[T], list[int]]:
    """Cells of a fixed vocabulary.

    Parameters
    ----------
    column : sequence of object, of length n
        Texts, numbers, booleans, None, NaN.
    words : mapping of str to T
        Folded word -> what it means.
    missing : T
        What an empty or bad cell means.

    Returns
    -------
    values : list of T, of length n
        What the cells mean.
    bad : list of int
        Positions of cells that are neither empty nor in the vocabulary.

    >>> choices(["是", "no ", "perhaps", None, 1.0], FAULT_WORDS, "")
    (['yes', 'no', '', '', 'yes'], [2])
    """

    def read(value: object) -> tuple[T, bool]:
        if is_missing(value):
            return missing, False
        word = _folded(value)
        word = word[:-2] if re.fullmatch(r"\d\.0", word) else word
        return words.get(word, missing), word not in words and not says_nothing(word)

    return _parted(_each(column, read))


def cents(column: Sequence[Any]) -> tuple[list[int], list[int]]:
    """Amounts of money in hundredths, rounded half up; -1 where empty or bad. Negative amounts are bad.

    >>> cents(["1,200.50", "¥50", "５０元", "-3", "some", None, 2.5])
    ([120050, 5000, 5000, -1, -1, -1, 250], [3, 4])
    """

    def read(value: object) -> tuple[int, bool]:
        if is_missing(value):
            return -1, False
        text = _folded(value)
        match = _MONEY.fullmatch(text) if len(text) <= _LONGEST and not isinstance(value, bool) else None
        if match is None or len(match["number"]) > _LONGEST_AMOUNT:
            return -1, text not in _NOTHING
        amount = int((Decimal(match["number"].replace(",", "")) * 100).quantize(Decimal(1), ROUND_HALF_UP))
        bad = bool(match["minus"]) and amount > 0
        return (-1 if bad else amount), bad

    return _parted(_each(column, read))


def _parted(read: list[tuple[T, bool]]) -> tuple[list[T], list[int]]:
    """The values, and the positions of the bad ones."""
    return [value for value, _ in read], [i for i, (_, bad) in enumerate(read) if bad]
