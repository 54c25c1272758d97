"""The same text in another script or width, character by character or by phrases."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np

from ..folding import fold

Converter = Callable[[str], str]
_FIRST, _LAST = 0x3400, 0x9FFF
_ASCII = range(0x21, 0x7F)
_TO_FULL = {code: code + 0xFEE0 for code in _ASCII} | {0x20: 0x3000}
_TO_HALF = {full: half for half, full in _TO_FULL.items()}
OPENCC = {
    "s2t": "simplified_to_traditional",
    "s2tw": "simplified_to_taiwan",
    "s2hk": "simplified_to_hong_kong",
    "t2s": "traditional_to_simplified",
}


def full_width(text: str) -> str:
    """Latin letters, digits, signs and blanks as wide as Chinese characters.

    >>> full_width("退 50!")
    '退\\u3000５０！'
    """
    return text.translate(_TO_FULL)


def half_width(text: str) -> str:
    """The other way round.

    >>> half_width("退　５０！")
    '退 50!'
    """
    return text.translate(_TO_HALF)


def simplified_characters(text: str) -> str:
    """Traditional to simplified, one character at a time, by the folding table.

    >>> simplified_characters("帳單不對，請查詢")
    '账单不对，请查询'
    """
    return text.translate(_tables()[0])


def traditional_characters(text: str) -> str:
    """Simplified to traditional, one character at a time: the first that the folding table folds to it.

    Where several do, the choice may be wrong, as in exports that were converted without a dictionary.

    >>> simplified_characters(traditional_characters("账单不对，请查询"))
    '账单不对，请查询'
    """
    return text.translate(_tables()[1])


@cache
def _tables() -> tuple[dict[int, int], dict[int, int]]:
    codes = np.arange(_FIRST, _LAST + 1, dtype=np.uint32)
    folded = fold(codes)
    pairs = [(int(c), int(f)) for c, f in zip(codes, folded, strict=True) if c != f and f >= _FIRST]
    back: dict[int, int] = {}
    for traditional, simplified in pairs:
        back.setdefault(simplified, traditional)
    return dict(pairs), back


BY_CHARACTER: dict[str, Converter] = {
    "simplified_to_traditional_by_character": traditional_characters,
    "traditional_to_simplified_by_character": simplified_characters,
    "to_full_width": full_width,
    "to_half_width": half_width,
}


def converters() -> dict[str, Converter]:
    """Every conversion that can be had here; those by phrases need the extra ``parity`` (OpenCC)."""
    try:
        from opencc import OpenCC
    except ImportError:
        return BY_CHARACTER
    return BY_CHARACTER | {name: OpenCC(config).convert for config, name in OPENCC.items()}
