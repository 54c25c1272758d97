"""Text as code points, folded through one frozen table: width, case, accents, script, digits, blanks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from .resources import data_path

LINK_MARK = "\ue001"
"""The character that stands for a link in folded text; a handle is cut down to its ``@``."""

LONGEST_DIGIT_RUN = 4

_TABLE_SIZE = 0x30000
_IGNORABLE = (0xE0000, 0xE1000)  # tags and the supplementary variation selectors
_EDGE = 0x110000  # between texts, and at both ends; no character has this code
_BLANK, _ZERO, _AT, _COLON, _DOT, _SLASH, _W = map(ord, " 0@:./w")

_SCHEME = "abcdefghijklmnopqrstuvwxyz"
_WORD = _SCHEME + "0_"
_HANDLE = _WORD + "@"
_IN_LINK = _WORD + "-.~:/?#[]@!$&'()*+,;=%"
_ENDS_LINK = _WORD + "/=-"


@dataclass(frozen=True)
class FoldedBlock:
    """Folded texts, one after the other.

    Attributes
    ----------
    codes : ndarray of uint32, shape (n_codes,)
        The folded code points of all texts.
    starts : ndarray of int64, shape (n_texts + 1,)
        Text ``i`` is ``codes[starts[i]:starts[i + 1]]``.
    origin : ndarray of int32, shape (n_codes,)
        Index of each code point in its own text as it was handed in.
    """

    codes: NDArray[np.uint32]
    starts: NDArray[np.int64]
    origin: NDArray[np.int32]


def fold(codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Fold code points one by one; those that vanish (marks, controls, variation selectors) become 0.

    Parameters
    ----------
    codes : ndarray of uint32
        Unicode code points.

    Returns
    -------
    ndarray of uint32, same shape
        Folding them again changes nothing.

    >>> fold(np.array([ord("Ａ"), ord("é"), ord("費"), ord("７"), ord("，"), 0x200B], np.uint32)).tolist()
    [97, 101, 36153, 48, 44, 0]
    """
    table = _table()
    if not codes.size or codes.max() < _TABLE_SIZE:
        return np.take(table, codes)
    folded = np.where(codes < _TABLE_SIZE, np.take(table, codes, mode="clip"), codes)
    folded[(codes >= _IGNORABLE[0]) & (codes < _IGNORABLE[1])] = 0
    return folded


def fold_texts(texts: Sequence[str]) -> FoldedBlock:
    """Fold many texts at once, without a Python object per character.

    Beyond :func:`fold`: blanks are collapsed and trimmed, a run of digits keeps at most four, a handle
    (``@`` that no Latin letter, digit or ``@`` precedes, with the letters and digits after it) keeps only
    its ``@``, and a link (``scheme://…`` or ``www.…``) becomes :data:`LINK_MARK`.

    Parameters
    ----------
    texts : sequence of str, length n_texts
        Any Unicode, lone surrogates included.

    Returns
    -------
    FoldedBlock

    >>> block = fold_texts(["  Ｏrder  12345678", "帳單"])
    >>> "".join(map(chr, block.codes)), block.starts.tolist(), block.origin.tolist()
    ('order 0000账单', [0, 10, 12], [2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 0, 1])
    """
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    joined = "\0" + "\0".join(texts) + "\0"
    codes = fold(np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32))
    text_starts = np.cumsum(lengths + 1) - lengths
    codes[0] = codes[-1] = _EDGE
    codes[text_starts - 1] = _EDGE
    alive = codes != 0
    places = None if alive.all() else np.flatnonzero(alive)
    if places is not None:
        codes = np.take(codes, places)
    keep = codes != _EDGE
    codes = _cut_links(codes, keep)
    _cut_handles(codes, keep)
    _cut_digits(codes, keep)
    _cut_blanks(codes, keep)
    kept = np.flatnonzero(keep)
    starts = np.searchsorted(kept, np.flatnonzero(codes == _EDGE)[: len(texts) + 1])
    origin = (kept if places is None else np.take(places, kept)).astype(np.int32)
    origin -= np.repeat(text_starts.astype(np.int32), np.diff(starts))
    return FoldedBlock(np.take(codes, kept), starts.astype(np.int64), origin)


def fold_text(text: str) -> str:
    """One folded text, for people and tests.

    >>> fold_text("＠客服 ＠Support_1 退款１２８元！詳見https://example.com/a?b=1，謝謝")
    '@客服 @ 退款000元!详见\\ue001,谢谢'
    """
    codes = fold_texts([text]).codes.astype("<u4")
    return codes.tobytes().decode("utf-32-le", "surrogatepass")


@cache
def _table() -> NDArray[np.uint32]:
    table = np.arange(_TABLE_SIZE, dtype=np.uint32)
    targets = {"drop": 0, "blank": _BLANK, "digit": _ZERO}
    sides: dict[str, list[str]] = {"from": [], "to": []}
    for line in data_path("folding.txt").read_text(encoding="utf-8").split("\n"):
        kind, value = line[:5].rstrip(), line[5:]
        if kind in sides:
            sides[kind].append(value)
        elif kind in targets:
            for block in value.split():
                first, _, last = block.partition("-")
                table[int(first, 16) : int(last or first, 16) + 1] = targets[kind]
    before, after = (np.frombuffer("".join(side).encode("utf-32-le"), np.uint32) for side in sides.values())
    table[before] = after
    table.setflags(write=False)
    return table


@cache
def _class(members: str) -> NDArray[np.bool_]:
    return np.array([chr(code) in members for code in range(129)])


def _in_class(codes: NDArray[np.uint32], members: str) -> NDArray[np.bool_]:
    return np.take(_class(members), codes, mode="clip")


def _drop(keep: NDArray[np.bool_], starts: NDArray[np.int64], ends: NDArray[np.int64]) -> None:
    """Drop half-open spans that do not overlap."""
    lengths = ends - starts
    before = np.cumsum(lengths) - lengths
    keep[np.arange(lengths.sum()) + np.repeat(starts - before, lengths)] = False


def _link_starts(codes: NDArray[np.uint32]) -> NDArray[np.int64]:
    colons = np.flatnonzero(codes == _COLON)
    colons = colons[codes[colons + 1] == _SLASH]
    colons = colons[codes[colons + 2] == _SLASH]
    if colons.size:
        others = np.flatnonzero(~_in_class(codes, _SCHEME))
        schemes = others[np.searchsorted(others, colons) - 1] + 1
        colons = schemes[schemes < colons]
    dots = np.flatnonzero(codes == _DOT)
    dots = dots[dots > 3]
    for back in (1, 2, 3):
        dots = dots[codes[dots - back] == _W]
    dots = dots[_in_class(codes[dots + 1], _WORD) & ~_in_class(codes[dots - 4], _WORD)]
    return np.sort(np.concatenate((colons, dots - 3)))


def _cut_links(codes: NDArray[np.uint32], keep: NDArray[np.bool_]) -> NDArray[np.uint32]:
    starts = _link_starts(codes)
    if not starts.size:
        return codes
    others = np.flatnonzero(~_in_class(codes, _IN_LINK))
    last = np.flatnonzero(_in_class(codes, _ENDS_LINK))
    ends = last[np.searchsorted(last, others[np.searchsorted(others, starts)]) - 1] + 1
    ends, first = np.unique(ends, return_index=True)
    starts = starts[first]
    _drop(keep, starts + 1, ends)
    codes = codes.copy()
    codes[starts] = ord(LINK_MARK)
    return codes


def _cut_handles(codes: NDArray[np.uint32], keep: NDArray[np.bool_]) -> None:
    ats = np.flatnonzero(codes == _AT)
    ats = ats[keep[ats]]
    if not ats.size:
        return
    members = _in_class(codes, _HANDLE) & keep
    starts = ats[~members[ats - 1]]
    others = np.flatnonzero(~members)
    _drop(keep, starts + 1, others[np.searchsorted(others, starts)])


def _cut_digits(codes: NDArray[np.uint32], keep: NDArray[np.bool_]) -> None:
    zeros = np.flatnonzero(codes == _ZERO)
    back = LONGEST_DIGIT_RUN
    keep[zeros[back:][zeros[back:] - zeros[:-back] == back]] = False


def _cut_blanks(codes: NDArray[np.uint32], keep: NDArray[np.bool_]) -> None:
    blanks = np.flatnonzero(codes == _BLANK)
    keep[blanks] = False
    firsts = blanks[codes[blanks - 1] != _BLANK]
    lasts = blanks[codes[blanks + 1] != _BLANK]
    inner = (codes[firsts - 1] != _EDGE) & (codes[lasts + 1] != _EDGE)
    keep[firsts[inner]] = True
