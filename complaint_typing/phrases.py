"""The phrases of texts that weigh most, in the ticket's own words; never a long number or personal data."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from .folding import IS_LETTER, LINK_MARK, LONGEST_DIGIT_RUN, FoldedBlock
from .masking import Span, find_personal_data
from .word_runs import FIRST_CJK, Runs, RunsIn

PHRASES = 3
LONGEST_PHRASE = 48
"""In columns, of which a Chinese character takes two."""
LONGEST_NUMBER, NUMBERS_APART = 3, 6
"""Digits of a number that may be quoted, and how far from it the next one stands at least."""
_BLANK, _ZERO, _AT, _EXTENSION, _X, _LINK = map(ord, " 0@转x" + LINK_MARK)
_OF_DATES = np.array([ord(char) for char in "年月日号点时分"], dtype=np.uint32)
_YEAR_DIGITS = 4
_LINE_BREAKS = "\n\r\v\f\x85\u2028\u2029"
_FIRST_WIDE = chr(FIRST_CJK)


def strongest_phrases(texts: Sequence[str], block: FoldedBlock, runs_in: RunsIn) -> list[list[str]]:
    """At most three phrases of each text, strongest first.

    Words (Latin letters) and characters (Chinese) near the peak of the text join with their neighbours, and
    become their clause, or as much of it around them as fits.
    Personal data are never quoted, nor numbers that are long or stand near others.

    Parameters
    ----------
    texts : sequence of str of length n_texts
    block : FoldedBlock
        The same texts.
    runs_in : RunsIn
    """
    quotable, joints = _quotable(texts, block), _joints(texts, block)
    words = quotable & (block.marks >= IS_LETTER)
    runs = _to_clauses(runs_in(words, joints), _within_clauses(quotable, joints, block), block.padded)
    order = np.lexsort((-runs.weight, runs.text))
    owner = runs.text[order]
    start = block.places[block.bounds[owner]] + 1
    begin = (block.places[runs.first[order]] - start).tolist()
    end = (block.places[runs.last[order]] - start + 1).tolist()
    blanks = np.cumsum(block.padded == _BLANK, dtype=np.int32)
    parted = (blanks[runs.first[order]] != blanks[runs.last[order]]).tolist()
    found: list[list[str]] = [[] for _ in texts]
    for i, a, b, has_blanks in zip(owner.tolist(), begin, end, parted, strict=True):
        if len(found[i]) < PHRASES:
            _quote(texts[i][a:b], has_blanks, found[i])
    return found


def joined_phrases(
    texts: Sequence[str],
    block: FoldedBlock,
    runs_in: RunsIn,
    kernel: ModuleType | None = None,
) -> list[str]:
    """:func:`strongest_phrases` of each text in one piece, by the compiled kernel where there is one."""
    if kernel is None:
        return ["; ".join(filter(None, phrases)) for phrases in strongest_phrases(texts, block, runs_in)]
    quotable, joints = _quotable(texts, block), _joints(texts, block)
    clauses, words = _within_clauses(quotable, joints, block), quotable & (block.marks >= IS_LETTER)
    return kernel.quoted(texts, block, clauses, runs_in(words, joints))  # type: ignore[no-any-return]


def strongest_phrases_of_one(text: str, block: FoldedBlock, runs_in: RunsIn) -> list[str]:
    """:func:`strongest_phrases` of one text."""
    quotable, joints = _letters_and_numbers(block), _joints([text], block)
    for span in find_personal_data(text):
        _spare(quotable, block, 0, span)
    runs, folded = runs_in(quotable & (block.marks >= IS_LETTER), joints), block.text
    clauses = _within_clauses(quotable, joints, block)
    flags, parted = clauses.tobytes(), _parted(clauses, block.padded).tobytes()
    wide = (block.padded >= FIRST_CJK).tobytes()
    weight, firsts, lasts = runs.weight.tolist(), runs.first.tolist(), runs.last.tolist()
    found: list[str] = []
    for k in sorted(range(len(weight)), key=weight.__getitem__, reverse=True):
        first, last = _to_clauses_of_one(firsts[k], lasts[k], flags, wide, parted)
        quoted = text[block.places.item(first) - 1 : block.places.item(last)]
        _quote(quoted, folded.find(" ", first, last) >= 0, found)
        if len(found) == PHRASES:
            break
    return found


def _joints(texts: Sequence[str], block: FoldedBlock) -> NDArray[np.bool_]:
    """The blanks between what stands in one line; a line break ends every phrase."""
    joints: NDArray[np.bool_] = block.padded == _BLANK
    joined = "\0".join(["", *texts, ""])
    if any(map(joined.__contains__, _LINE_BREAKS)):
        raw = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
        lines = np.cumsum(np.isin(raw, list(map(ord, _LINE_BREAKS))), dtype=np.int32)[block.places]
        joints[1:-1] &= lines[:-2] == lines[2:]
    return joints


def _within_clauses(
    quotable: NDArray[np.bool_], joints: NDArray[np.bool_], block: FoldedBlock
) -> NDArray[np.bool_]:
    """What may be quoted, and the joints between words and numbers; a blank ends a Chinese clause."""
    letter = quotable & (block.padded < FIRST_CJK)
    within = quotable.copy()
    within[1:-1] |= joints[1:-1] & letter[:-2] & letter[2:]
    within[block.bounds] = False
    return within


def _to_clauses(runs: Runs, clauses: NDArray[np.bool_], codes: NDArray[np.uint32]) -> Runs:
    """Runs widened on both sides, within the clauses that they begin and end in, by whole words, as fits."""
    ends, wide, parted = (~clauses).nonzero()[0], codes >= FIRST_CJK, _parted(clauses, codes)
    columns = np.concatenate(([0], np.cumsum(1 + wide, dtype=np.int64)))
    begin = ends[np.searchsorted(ends, runs.first) - 1] + 1
    beyond = ends[np.searchsorted(ends, runs.last)]
    left = columns[runs.first] - columns[begin]
    right = columns[beyond] - columns[runs.last + 1]
    room = np.maximum(LONGEST_PHRASE - columns[runs.last + 1] + columns[runs.first], 0)
    before = np.minimum(left, np.maximum(room // 2, room - right))
    after = np.minimum(right, room - before)
    first = np.searchsorted(columns, columns[runs.first] - before)
    last = np.searchsorted(columns, columns[runs.last + 1] + after, side="right") - 2
    starts = (wide[1:] | ~parted[1:] & parted[:-1]).nonzero()[0] + 1
    stops = (wide[:-1] | ~parted[:-1] & parted[1:]).nonzero()[0]
    first = np.minimum(starts[np.searchsorted(starts, first)], runs.first)
    last = np.maximum(stops[np.searchsorted(stops, last, side="right") - 1], runs.last)
    return runs._replace(first=first, last=last)


def _parted(clauses: NDArray[np.bool_], codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Places that part words: blanks, Chinese characters, and what stands between clauses."""
    parted: NDArray[np.bool_] = (codes >= FIRST_CJK) | (codes == _BLANK) | ~clauses
    return parted


def _to_clauses_of_one(first: int, last: int, flags: bytes, wide: bytes, parted: bytes) -> tuple[int, int]:
    """:func:`_to_clauses` of one run; 1 in ``flags`` is within a clause, 1 in ``wide`` takes two columns."""
    begin, beyond = flags.rfind(0, 0, first) + 1, flags.find(0, last)
    left, right = _columns(wide, begin, first), _columns(wide, last + 1, beyond)
    room = max(LONGEST_PHRASE - _columns(wide, first, last + 1), 0)
    if left + right <= room:
        return begin, beyond - 1
    before = min(left, max(room // 2, room - right))
    after = min(right, room - before)
    a, b = first, last
    while before > wide[a - 1]:
        a, before = a - 1, before - 1 - wide[a - 1]
    while a < first and not (wide[a] or (parted[a - 1] and not parted[a])):
        a += 1
    while after > wide[b + 1]:
        b, after = b + 1, after - 1 - wide[b + 1]
    while b > last and not (wide[b] or (parted[b + 1] and not parted[b])):
        b -= 1
    return a, b


def _columns(wide: bytes, begin: int, end: int) -> int:
    return end - begin + wide.count(1, begin, end)


def _quote(quoted: str, has_blanks: bool, phrases: list[str]) -> None:
    """Add words to the phrases of a text, where they say more than those."""
    phrase = " ".join(quoted.split()) if has_blanks else quoted
    if 2 * len(phrase) > LONGEST_PHRASE:
        phrase = _shortened(phrase)
    if not phrases or (len(phrase) > 1 and phrase not in phrases[0] and phrase not in phrases[-1]):
        phrases.append(phrase)


def _shortened(phrase: str) -> str:
    """What fits, and no word cut in two where blanks divide words."""
    if phrase.isascii() and len(phrase) <= LONGEST_PHRASE:
        return phrase
    columns = accumulate(1 + (char >= _FIRST_WIDE) for char in phrase[: LONGEST_PHRASE + 1])
    fits = sum(n <= LONGEST_PHRASE for n in columns)
    return phrase if fits == len(phrase) else phrase[: fits + 1].rpartition(" ")[0] or phrase[:fits]


def _quotable(texts: Sequence[str], block: FoldedBlock) -> NDArray[np.bool_]:
    """The letters and short numbers of the block, but for those within personal data."""
    quotable = _letters_and_numbers(block)
    for i in _may_hold_letters_of_personal_data(block):
        for span in find_personal_data(texts[i]):
            _spare(quotable, block, i, span)
    return quotable


def _letters_and_numbers(block: FoldedBlock) -> NDArray[np.bool_]:
    """Letters, Chinese characters, short numbers; no punctuation, no words of ``XX`` that hide others."""
    shown: NDArray[np.bool_] = block.marks >= IS_LETTER
    digit = block.padded == _ZERO
    if digit.any():
        private = np.flatnonzero(digit | (block.padded == _AT) | (block.padded == _LINK))
        alone = private[_stand_alone(block, private)]
        shown[alone[digit[alone]]] = True
    x = block.padded == _X
    if (x[1:] & x[:-1]).any():
        word = (block.marks >= IS_LETTER) & (block.padded < FIRST_CJK) | digit
        edges = np.diff(word, prepend=False, append=False).nonzero()[0].reshape(-1, 2)
        hides = [np.concatenate(([0], np.cumsum(part))) for part in (x, x | digit)]
        n_x, n_hiding = (counted[edges[:, 1]] - counted[edges[:, 0]] for counted in hides)
        for begin, end in edges[(n_x > 1) & (n_hiding == edges[:, 1] - edges[:, 0])].tolist():
            shown[begin:end] = False
    return shown


def _stand_alone(block: FoldedBlock, places: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Which places belong to a short run of such that is far from any other, or the number of a date."""
    spread = places + NUMBERS_APART * np.searchsorted(block.bounds, places)
    gaps = np.diff(spread, prepend=-NUMBERS_APART, append=spread[-1] + NUMBERS_APART)
    gaps[1:-1][np.isin(block.padded[places[:-1] + 1], _OF_DATES)] = NUMBERS_APART
    starts = (gaps > 1).nonzero()[0]
    lengths, apart = np.diff(starts), gaps[starts] >= NUMBERS_APART
    years = (lengths == _YEAR_DIGITS) & (block.padded[places[starts[1:] - 1] + 1] == _OF_DATES[0])
    return np.repeat(((lengths <= LONGEST_NUMBER) | years) & apart[:-1] & apart[1:], lengths)


def _spare(quotable: NDArray[np.bool_], block: FoldedBlock, i: int, span: Span) -> None:
    """Let nothing of a span of one text be quoted."""
    first, last = block.bounds[i] + 1, block.bounds[i + 1]
    origin = block.places[first:last] - block.places[first - 1] - 1
    quotable[first:last] &= (origin < span.start) | (origin >= span.end)


def _may_hold_letters_of_personal_data(block: FoldedBlock) -> list[int]:
    """Texts with an ``@``, or with enough digits and a letter beside one, where it may belong to them.

    Digits near others are never quoted, so that numbers alone need no search.
    """
    codes = block.padded
    letter = (codes >= ord("a")) & (codes <= ord("z")) | (codes == _EXTENSION)
    beside = np.zeros(len(codes), dtype=bool)
    for step in (1, 2):
        beside[step:] |= letter[:-step]
        beside[:-step] |= letter[step:]
    digit = codes == _ZERO
    searched = np.searchsorted(block.bounds, ((codes == _AT) | (digit & beside)).nonzero()[0]) - 1
    digits = np.searchsorted(digit.nonzero()[0], block.bounds)
    many = digits[1:] - digits[:-1] >= LONGEST_DIGIT_RUN
    hold_at = np.searchsorted(block.bounds, (codes == _AT).nonzero()[0]) - 1
    return sorted({*searched[many[searched]].tolist(), *hold_at.tolist()})
