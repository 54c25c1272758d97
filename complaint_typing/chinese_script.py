"""Whether a Chinese text is written in Simplified or in Traditional characters, and the lists that tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from .data_folder import packaged

_CANTONESE = "嘅咗哋喺嚟㗎啲嗰嘢冇乜嬲攞搵唔咁啱嘥諗冧"
_BEYOND = 0xA000
_DECIDES = 1 << 15


@cache
def listed() -> Mapping[str, list[str]]:
    """The words of `data/traditional.txt` by kind of line; none where it is missing."""
    path = packaged("traditional.txt")
    found: dict[str, list[str]] = {"hant": [], "hans": [], "from": [], "to": []}
    for line in path.read_text(encoding="utf-8").splitlines() if path else ():
        kind, *words = line.split()
        if kind in found:
            found[kind] += words
    return found


def leaning(texts: Sequence[str]) -> NDArray[np.int64]:
    """How far each text leans to Traditional characters (above 0) or to Simplified ones (below 0).

    Characters that only one script writes decide, each like any other; where there are none, or as many of
    both, characters of written Cantonese speak for Traditional.

    Returns
    -------
    ndarray of int64, shape (n_texts,)

    >>> np.sign(leaning(["帳單不對", "账单不对", "唔好食", "你哋嘅客服态度好差", "OK", ""])).tolist()
    [1, -1, 1, -1, 0, 0]
    """
    ends = np.cumsum([len(text) for text in texts])
    lean = _by_character("".join(texts))
    places = lean.nonzero()[0]
    summed = np.concatenate(([0], np.cumsum(lean[places], dtype=np.int64)))
    return np.diff(summed[np.searchsorted(places, ends)], prepend=0)


def leaning_of_one(text: str) -> int:
    """:func:`leaning` of one text.

    >>> leaning_of_one("帳單不對") > 0, leaning_of_one("")
    (True, 0)
    """
    return int(_by_character(text).sum(dtype=np.int64))


def _by_character(text: str) -> NDArray[np.int32]:
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    return _weights().take(codes, mode="clip")


@cache
def _weights() -> NDArray[np.int32]:
    """What each character says, by its code; nothing at the last place, which is for all beyond."""
    weights = np.zeros(_BEYOND + 1, dtype=np.int32)
    for kind, weight in (("hant", _DECIDES), ("hans", -_DECIDES)):
        codes = np.array([ord(char) for char in "".join(listed()[kind])], dtype=np.int64)
        weights[codes[codes < _BEYOND]] = weight
    weights[[ord(char) for char in _CANTONESE]] = 1
    return weights
