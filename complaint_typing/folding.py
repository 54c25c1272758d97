"""Text as code points, folded through one frozen table: width, case, accents, script, digits, blanks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from .lazily import lazily
from .resources import data_path

LINK_MARK = "\ue001"
"""The character that stands for a link in folded text; a handle is cut down to its ``@``."""

LONGEST_DIGIT_RUN = 4

_TABLE_SIZE = 0x30000
_IGNORABLE = (0xE0000, 0xE1000)  # tags and the supplementary variation selectors
_EDGE = 0x110000  # between texts, and at both ends; no character has this code
_BLANK, _ZERO, _AT, _COLON, _DOT, _SLASH, _W = map(ord, " 0@:./w")
_FIRST_CJK, _FIRST_PICTOGRAPH = 0x2E80, 0x1F000

# What a folded character means for the next steps, in the bits above its code.
IS_BLANK, IS_DIGIT, ENDS_SENTENCE, MAY_FOLLOW_END = 1, 2, 4, 8
IS_HARD, IS_SLASH, _IS_EDGE, IS_LETTER = 16, 32, 64, 128
CODE = np.uint32(0x1FFFFF)
_MARKS_FROM = np.uint32(24)
EDGE_ENTRY = np.uint32(_BLANK | (_IS_EDGE | MAY_FOLLOW_END) << 24)
_NO_PLACE = np.zeros(1, dtype=np.int64)
_LINK_ENTRY = np.uint32(ord(LINK_MARK) | MAY_FOLLOW_END << 24)

SCHEME = "abcdefghijklmnopqrstuvwxyz"
WORD = SCHEME + "0_"
HANDLE = WORD + "@"
IN_LINK = WORD + "-.~:/?#[]@!$&'()*+,;=%"
ENDS_LINK = WORD + "/=-"


@dataclass(frozen=True)
class FoldedBlock:
    """Folded texts, one after the other.

    Attributes
    ----------
    padded : ndarray of uint32, shape (n_codes + n_texts + 1,)
        The folded code points of all texts, with a blank before, between and after them.
    bounds : ndarray of int64, shape (n_texts + 1,)
        Where these blanks stand.
    marks : ndarray of uint8, of the shape of ``padded``
        Bits: what ends a sentence (``ENDS_SENTENCE``), what may follow such an end (``MAY_FOLLOW_END``),
        letters and Chinese characters (``IS_LETTER``), and more.
    places : ndarray of int64, of the shape of ``padded``
        Where each of ``padded`` stood in the texts as handed in, joined in the same way.
    """

    padded: NDArray[np.uint32]
    bounds: NDArray[np.int64]
    marks: NDArray[np.uint8]
    places: NDArray[np.int64]

    @lazily
    def text(self) -> str:
        """``padded`` as a text."""
        return as_text(self.padded)

    @lazily
    def codes(self) -> NDArray[np.uint32]:
        """The folded code points of all texts, shape (n_codes,)."""
        return np.delete(self.padded, self.bounds)

    @lazily
    def starts(self) -> NDArray[np.int64]:
        """Text ``i`` is ``codes[starts[i]:starts[i + 1]]``; shape (n_texts + 1,)."""
        return self.bounds - np.arange(len(self.bounds))

    @lazily
    def origin(self) -> NDArray[np.int32]:
        """Index of each code point in its own text as it was handed in, shape (n_codes,)."""
        text_starts = np.take(self.places, self.bounds[:-1]) + 1
        origin = np.delete(self.places, self.bounds) - np.repeat(text_starts, np.diff(self.starts))
        return origin.astype(np.int32)


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


def fold_texts(texts: Sequence[str], kernel: ModuleType | None = None) -> FoldedBlock:
    """Fold many texts at once, without a Python object per character.

    Beyond :func:`fold`: blanks are collapsed and trimmed, a run of digits keeps at most four, a handle
    (``@`` that no Latin letter, digit or ``@`` precedes, with the letters and digits after it) keeps only
    its ``@``, and a link (``scheme://…`` or ``www.…``) becomes :data:`LINK_MARK`.

    Parameters
    ----------
    texts : sequence of str, length n_texts
        Any Unicode, lone surrogates included.
    kernel : module, optional
        The compiled kernel, where it is to do the work.

    Returns
    -------
    FoldedBlock

    >>> block = fold_texts(["  Ｏrder  12345678", "帳單"])
    >>> "".join(map(chr, block.codes)), block.starts.tolist(), block.origin.tolist()
    ('order 0000账单', [0, 10, 12], [2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 0, 1])
    """
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    edges = np.concatenate((_NO_PLACE, np.cumsum(lengths + 1)))
    joined = "\0" + "\0".join(texts) + "\0" if len(texts) else "\0"
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    if kernel and codes.max() < _TABLE_SIZE:
        entries, keep, hard = kernel.looked_up(codes, edges, entry_table(), EDGE_ENTRY)
        if hard.size:
            _fold_hard(entries, keep, edges, hard)
        return kernel.gathered(entries, keep, edges)  # type: ignore[no-any-return]
    entries = _entries(codes)
    entries[edges] = EDGE_ENTRY
    marks = marks_of(entries)
    keep = _kept(marks, edges)
    hard = _hard_texts(entries, marks, edges)
    if hard.size:
        _fold_hard(entries, keep, edges, hard)
    places = np.flatnonzero(keep)
    entries = np.take(entries, places)
    bounds = np.searchsorted(places, edges)
    return FoldedBlock(entries & CODE, bounds, marks_of(entries), places)


def as_text(codes: NDArray[np.uint32]) -> str:
    """Code points as a text."""
    return codes.tobytes().decode("utf-32-le", "surrogatepass")


def marks_of(entries: NDArray[np.uint32]) -> NDArray[np.uint8]:
    return (entries >> _MARKS_FROM).astype(np.uint8)


def fold_text(text: str) -> str:
    """One folded text, for people and tests.

    >>> fold_text("＠客服 ＠Support_1 退款１２８元！詳見https://example.com/a?b=1，謝謝")
    '@客服 @ 退款000元!详见\\ue001,谢谢'
    """
    return as_text(fold_texts([text]).codes)


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
def entry_table() -> NDArray[np.uint32]:
    """The folding table with the marks of each folded character above its code."""
    folded = _table()
    entries = folded | _marks_of(folded) << _MARKS_FROM
    entries.setflags(write=False)
    return entries


def _marks_of(folded: NDArray[np.uint32]) -> NDArray[np.uint32]:
    few = np.zeros(0x80, dtype=np.uint32)
    few[[0, _AT]] = IS_HARD
    few[_SLASH], few[_ZERO], few[_BLANK] = IS_SLASH, IS_DIGIT, IS_BLANK | MAY_FOLLOW_END
    few[list(map(ord, ".!?;"))] = ENDS_SENTENCE | MAY_FOLLOW_END
    marks = np.where(folded >= _FIRST_CJK, np.uint32(MAY_FOLLOW_END), np.uint32(0))
    low = np.flatnonzero(folded < len(few))
    marks[low] = few[folded[low]]
    marks[_is_letter(folded)] |= np.uint32(IS_LETTER)
    return marks


def _is_letter(folded: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Letters of all scripts, not punctuation, digits or pictographs."""
    latin = (folded >= ord("a")) & (folded <= ord("z")) | (folded == ord("'"))
    script = (folded >= 0xAA) & ~((folded >= 0x2000) & (folded < 0x3040))
    script &= ~((folded >= 0xE000) & (folded < 0xF900)) & (folded < _FIRST_PICTOGRAPH)
    return latin | script


def _entries(codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    table = entry_table()
    if codes.max() < _TABLE_SIZE:
        return np.take(table, codes)
    folded = fold(codes)
    return folded | _marks_of(folded) << _MARKS_FROM


def _kept(marks: NDArray[np.uint8], edges: NDArray[np.int64]) -> NDArray[np.bool_]:
    """All but the blanks at both ends, blanks after a blank, and digits after four."""
    blank = (marks & IS_BLANK) != 0
    keep = np.empty(len(marks), dtype=bool)
    keep[0] = True
    keep[1:] = ~(blank[1:] & ((marks[:-1] & (IS_BLANK | _IS_EDGE)) != 0))
    ends = edges[1:][blank[edges[1:] - 1]]
    keep[ends - 1] = False
    ends = ends[blank[ends - 2]]
    if ends.size:
        others = np.flatnonzero(~blank)
        keep[others[np.searchsorted(others, ends) - 1] + 1] = False
    back = LONGEST_DIGIT_RUN
    digit = (marks & IS_DIGIT) != 0
    too_many = digit[back:].copy()
    for offset in range(back):
        too_many &= digit[offset : len(too_many) + offset]
    keep[back:] &= ~too_many
    return keep


def _hard_texts(
    entries: NDArray[np.uint32], marks: NDArray[np.uint8], edges: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Texts that may hold a handle or a link, or in which a character vanishes."""
    hard = np.flatnonzero((marks & IS_HARD) != 0)
    slashes = np.flatnonzero((marks & IS_SLASH) != 0)
    slashes = slashes[(marks[slashes - 1] & IS_SLASH) != 0]
    slashes = slashes[entries[slashes - 2] == _COLON]
    dots = np.flatnonzero((marks & ENDS_SENTENCE) != 0)
    dots = dots[(entries[dots - 1] & CODE) == _W]
    found = np.concatenate((hard, slashes, dots))
    return np.unique(np.searchsorted(edges, found, side="right") - 1) if found.size else found


def _fold_hard(
    entries: NDArray[np.uint32],
    keep: NDArray[np.bool_],
    edges: NDArray[np.int64],
    texts: NDArray[np.int64],
) -> None:
    """Fold these texts once more, with all rules, where they stand."""
    first, last = edges[texts], edges[texts + 1]
    places = np.append(ranges(first, last), last[-1])
    keep[places] = False
    codes = np.take(entries, places) & CODE
    codes[np.concatenate((_NO_PLACE, np.cumsum(last - first)))] = _EDGE
    alive = np.flatnonzero(codes)
    codes, places = codes[alive], places[alive]
    kept, within = np.ones(len(codes), dtype=bool), np.flatnonzero(codes == _EDGE)
    codes = _cut_links(codes, kept)
    _cut_handles(codes, kept)
    kept &= _kept(marks_of(np.take(entries, places)), within)
    keep[places[kept]] = True
    keep[edges] = True
    entries[places[codes == ord(LINK_MARK)]] = _LINK_ENTRY


def ranges(first: NDArray[np.int64], last: NDArray[np.int64]) -> NDArray[np.int64]:
    """All the numbers of half-open ranges, one range after the other."""
    lengths = last - first
    before = np.cumsum(lengths) - lengths
    return np.arange(lengths.sum()) + np.repeat(first - before, lengths)


@cache
def _class(members: str) -> NDArray[np.bool_]:
    return np.array([chr(code) in members for code in range(129)])


def _in_class(codes: NDArray[np.uint32], members: str) -> NDArray[np.bool_]:
    return np.take(_class(members), codes, mode="clip")


def _link_starts(codes: NDArray[np.uint32]) -> NDArray[np.int64]:
    colons = np.flatnonzero(codes == _COLON)
    colons = colons[codes[colons + 1] == _SLASH]
    colons = colons[codes[colons + 2] == _SLASH]
    if colons.size:
        others = np.flatnonzero(~_in_class(codes, SCHEME))
        schemes = others[np.searchsorted(others, colons) - 1] + 1
        colons = schemes[schemes < colons]
    dots = np.flatnonzero(codes == _DOT)
    dots = dots[dots > 3]
    for back in (1, 2, 3):
        dots = dots[codes[dots - back] == _W]
    dots = dots[_in_class(codes[dots + 1], WORD) & ~_in_class(codes[dots - 4], WORD)]
    return np.sort(np.concatenate((colons, dots - 3)))


def _cut_links(codes: NDArray[np.uint32], keep: NDArray[np.bool_]) -> NDArray[np.uint32]:
    starts = _link_starts(codes)
    if not starts.size:
        return codes
    others = np.flatnonzero(~_in_class(codes, IN_LINK))
    last = np.flatnonzero(_in_class(codes, ENDS_LINK))
    ends = last[np.searchsorted(last, others[np.searchsorted(others, starts)]) - 1] + 1
    ends, first = np.unique(ends, return_index=True)
    starts = starts[first]
    keep[ranges(starts + 1, ends)] = False
    codes = codes.copy()
    codes[starts] = ord(LINK_MARK)
    return codes


def _cut_handles(codes: NDArray[np.uint32], keep: NDArray[np.bool_]) -> None:
    ats = np.flatnonzero(codes == _AT)
    ats = ats[keep[ats]]
    if not ats.size:
        return
    members = _in_class(codes, HANDLE) & keep
    starts = ats[~members[ats - 1]]
    others = np.flatnonzero(~members)
    keep[ranges(starts + 1, others[np.searchsorted(others, starts)])] = False
