"""Whether a Chinese text is written in Simplified or in Traditional characters."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

_FIRST, _LAST = 0x3400, 0x9FFF


def leaning(texts: Sequence[str]) -> NDArray[np.int64]:
    """How many more characters of each text are of Traditional than of Simplified Chinese alone.

    Of Traditional Chinese alone are the ideographs of Big5 with the Hong Kong supplement that GB 2312 lacks,
    of Simplified Chinese alone those of GB 2312 that Big5 lacks.

    Returns
    -------
    ndarray of int64, shape (n_texts,)

    >>> leaning(["帳單不對", "账单不对", "我有 CP", ""]).tolist()
    [3, -3, 0, 0]
    """
    ends = np.cumsum([len(text) for text in texts])
    lean = _by_character("".join(texts))
    places = lean.nonzero()[0]
    summed = np.concatenate(([0], np.cumsum(lean[places], dtype=np.int64)))
    return np.diff(summed[np.searchsorted(places, ends)], prepend=0)


def leaning_of_one(text: str) -> int:
    """:func:`leaning` of one text.

    >>> leaning_of_one("帳單不對"), leaning_of_one("")
    (3, 0)
    """
    return int(_by_character(text).sum())


def _by_character(text: str) -> NDArray[np.int8]:
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    return _of_one_alone().take(codes, mode="clip")


@cache
def _of_one_alone() -> NDArray[np.int8]:
    """By code: 1 for Traditional Chinese alone, -1 for Simplified, 0 for the rest and at the last place."""
    traditional = _ideographs("big5hkscs") & ~_ideographs("gb2312")
    simplified = _ideographs("gb2312") & ~_ideographs("big5")
    return traditional.astype(np.int8) - simplified


def _ideographs(encoding: str) -> NDArray[np.bool_]:
    """By code, whether an encoding of two bytes a character has it."""
    lead, trail = np.divmod(np.arange(0x8100, 0xFF00), 0x100)
    pairs = np.stack((lead, trail, np.full_like(lead, ord("\n"))), axis=1).astype(np.uint8).tobytes()
    codes = np.frombuffer(pairs.decode(encoding, "ignore").encode("utf-32-le"), np.uint32)
    found = np.zeros(_LAST + 2, dtype=bool)
    found[codes[(codes >= _FIRST) & (codes <= _LAST)]] = True
    return found
