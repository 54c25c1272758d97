"""A draft as the reply check reads it: folded character by character, with its clauses and sentences."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

import numpy as np

from .folding import fold
from .lazily import lazily

_PREPARED = str.maketrans({"。": "\n", "｡": "\n", "\r": "\n", "…": ",", "你": "您"})
_CLAUSE_END = re.compile(r"[,:!?;\n]|\.(?!0)")
_SENTENCE_END = re.compile(r"[!?;\n]|\.(?!0)")
_NUMBER = re.compile(r"\d{1,15}(?:[.,]\d{1,15}){0,4}|[零一二两三四五六七八九十百千万]{1,12}")
_THOUSANDS = re.compile(r"[.,](?=\d{3}(?!\d))")
_QUOTE = re.compile(r"“[^”\n]{1,80}”|‘[^’\n]{1,80}’|「[^」\n]{1,80}」|『[^』\n]{1,80}』|\"[^\"\n]{1,80}\"")
_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10000}

Span = tuple[int, int]


@dataclass(frozen=True)
class Draft:
    """A draft, and its folded text; :meth:`original` turns positions back.

    Full stops of Chinese and line ends become line ends, 你 becomes 您, and a digit becomes 0.

    >>> draft = Draft("　Ｉ’ｍ sorry。 We call at 6.30.")
    >>> draft.text
    " i'm sorry\\n we call at 0.00."
    >>> [draft.text[start:end] for start, end in draft.sentences]
    [" i'm sorry", ' we call at 0.00']
    """

    source: str

    @lazily
    def _folded(self) -> tuple[str, list[int]]:
        prepared = self.source.translate(_PREPARED)
        raw = np.frombuffer(prepared.encode("utf-32-le", "surrogatepass"), np.uint32)
        codes = np.where(raw == ord("\n"), raw, fold(raw))
        kept = np.flatnonzero(codes)
        text = codes[kept].astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")
        return text, [*kept.tolist(), len(self.source)]

    @property
    def text(self) -> str:
        """The folded text."""
        return self._folded[0]

    @property
    def end(self) -> Span:
        """The empty span at the end of `text`."""
        return len(self.text), len(self.text)

    @lazily
    def clauses(self) -> list[Span]:
        """Spans of the clauses in `text`, without the mark that ends them."""
        return _parts(_CLAUSE_END, self.text)

    @lazily
    def sentences(self) -> list[Span]:
        """Spans of the sentences in `text`, without the mark that ends them."""
        return _parts(_SENTENCE_END, self.text)

    def original(self, span: Span) -> Span:
        """A span of `text` as a span of the draft itself.

        >>> Draft("\\u200b抱歉").original((0, 2))
        (1, 3)
        """
        start, end = span
        places = self._folded[1]
        return (places[start], places[end - 1] + 1) if end > start else (places[start], places[start])

    @lazily
    def _quotes(self) -> list[Span]:
        whole = self.source.strip()
        return [match.span() for match in _QUOTE.finditer(self.source) if match.group() != whole]

    def quotes(self, span: Span) -> bool:
        """Whether a span of `text` ends within quotation marks: words that somebody said.

        >>> [Draft(text).quotes((6, 8)) for text in ("您说他叫您“冷静”", "您说，我请您要冷静")]
        [True, False]
        """
        end = self.original(span)[1]
        return any(start < end < close for start, close in self._quotes)

    def sentence(self, span: Span) -> Span:
        """The sentence where a span of `text` begins."""
        place = bisect_right(self.sentences, (span[0], len(self.text)))
        return self.sentences[place - 1] if place else span

    def clause_place(self, span: Span) -> int:
        """Which clause a span of `text` begins in."""
        return max(bisect_right(self.clauses, (span[0], len(self.text))) - 1, 0)

    def around(self, span: Span) -> Span:
        """From the start of the clause where a span begins to the end of the one where it ends."""
        ends = bisect_left(self.clauses, span[1], key=lambda clause: clause[1])
        start = self.clauses[self.clause_place(span)][0] if self.clauses else 0
        return min(start, span[0]), self.clauses[ends][1] if ends < len(self.clauses) else len(self.text)

    def numbers(self, span: Span) -> list[tuple[Span, float]]:
        """Numbers in a span of `text`, read from the draft itself, with their spans in `text`.

        >>> draft = Draft("补偿您１，２８０元，再加八十元、一百五、一万二千元和£1.280,50")
        >>> [value for _, value in draft.numbers((0, len(draft.text)))]
        [1280.0, 80.0, 150.0, 12000.0, 1280.5]
        """
        places = self._folded[1]
        read = "".join(self.source[place] for place in places[span[0] : span[1]])
        return [
            ((span[0] + found.start(), span[0] + found.end()), _value(found.group()))
            for found in _NUMBER.finditer(read.translate(str.maketrans("，．兩萬", ",.两万")))
        ]


def _parts(ends: re.Pattern[str], text: str) -> list[Span]:
    start, spans = 0, []
    for mark in ends.finditer(text):
        spans.append((start, mark.start()))
        start = mark.end()
    spans.append((start, len(text)))
    return [(first, last) for first, last in spans if text[first:last].strip()]


def _value(number: str) -> float:
    if number[0].isdecimal():
        whole, *rest = _THOUSANDS.sub("", number).replace(",", ".").split(".")
        return float(".".join([whole, *rest[:1]]))
    total, digit, unit = 0, 0, 1
    for sign in number:
        if sign in _DIGITS:
            digit, unit = _DIGITS[sign], unit if _DIGITS[sign] else 1
        elif sign == "万":
            total, digit, unit = (total + digit or 1) * _UNITS[sign], 0, _UNITS[sign]
        else:
            total, digit, unit = total + (digit or 1) * _UNITS[sign], 0, _UNITS[sign]
    return float(total + digit * (unit // 10 if unit >= 100 else 1))
