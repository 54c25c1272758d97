"""Why a type, with nothing left over: spans and history facts whose weights add up to the type's logit."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, is_dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .attribution import Passage, passages
from .evidence import fact_phrase
from .folding import FoldedBlock
from .gate_told import GateDecision
from .masking import Span, find_personal_data, mask
from .model import Model
from .spoken import Spoken
from .stacking import STACKED_NAMES
from .taxonomy import Taxonomy, language_or

SHOWN = 6
_LONGEST_SHOWN = 60
_WORDS = Spoken(
    zh={
        "title": "为什么是“{name}”：校准前得分 {logit:+.2f}，概率 {probability:.0%}",
        "for": "支持",
        "against": "反对",
        "quoted": "“{text}”",
        "history": "（历史）{text}",
        "rest": "其余 {n} 处文字",
        "bias": "此类型的起点",
        "sum": "合计",
    },
    en={
        "title": "Why {name}: logit before calibration {logit:+.2f}, probability {probability:.0%}",
        "for": "for",
        "against": "against",
        "quoted": "“{text}”",
        "history": "(history) {text}",
        "rest": "the other {n} passages",
        "bias": "where this type starts",
        "sum": "sum",
    },
)


@dataclass(frozen=True)
class SpanWeight:
    """``text[start:end]`` of the ticket (subject, newline, text), masked, and what it adds to the logit."""

    start: int
    end: int
    text: str
    weight: float


@dataclass(frozen=True)
class FactWeight:
    """A history fact, its value as in :mod:`~complaint_typing.facts`, and what it adds to the logit."""

    name: str
    value: float
    weight: float


@dataclass(frozen=True)
class Explanation:
    """Where the logit of one type comes from: ``bias`` + all spans + all facts = ``logit``.

    Attributes
    ----------
    type : str
        The type that is explained.
    probability : float
        Its calibrated probability, 0 to 1; 0 where `allowed` is false.
    allowed : bool
        False where the abuse gate is closed for this type, whatever the logit.
    spans : tuple of SpanWeight
        In the order of the text, without gaps or overlaps: every character is in one.
    facts : tuple of FactWeight
        History facts that weigh anything, strongest first; empty for an unknown past.
    bias : float
        Where the type starts before anything is read.
    logit : float
        Before temperature, gate and softmax; what the words and facts say of a type that the gate decides,
        and not where its probability comes from.
    language : str
    taxonomy : Taxonomy
    gate : GateDecision or None
        How the abuse gate came to the probability; None for a type that it does not guard.
    """

    type: str
    probability: float
    allowed: bool
    spans: tuple[SpanWeight, ...]
    facts: tuple[FactWeight, ...]
    bias: float
    logit: float
    language: str
    taxonomy: Taxonomy
    gate: GateDecision | None = None

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON."""
        told = {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "taxonomy"}
        return {name: _plain(value) for name, value in told.items()}

    def render(self, lang: str | None = None) -> str:
        """The strongest parts for and against, what is left, and the sum, as a page for people.

        Parameters
        ----------
        lang : str, optional
            ``zh``, ``zh-Hant`` or ``en``; the ticket's own language by default.

        Raises
        ------
        BadValue
            When there are no texts in that language.
        """
        lang = language_or(lang, self.language)
        words = _WORDS[lang]
        shown = sorted(self.spans, key=lambda span: -abs(span.weight))[:SHOWN]
        rest = [span.weight for span in self.spans if span not in shown]
        parts = [(span.weight, words["quoted"].format(text=_one_line(span.text))) for span in shown]
        for fact in self.facts:
            told = fact_phrase(fact.name, fact.value, lang)
            parts.append((fact.weight, words["history"].format(text=told)))
        name = self.taxonomy.name(self.type, lang)
        lines = [words["title"].format(name=name, logit=self.logit, probability=self.probability)]
        lines += [f"  {line}" for line in self.gate.lines(lang)] if self.gate else []
        for side, sign in (("for", 1), ("against", -1)):
            mine = sorted((part for part in parts if part[0] * sign > 0), key=lambda part: -abs(part[0]))
            lines += [f"  {weight:+.2f}  {words[side]}  {text}" for weight, text in mine]
        if rest:
            lines.append(f"  {math.fsum(rest):+.2f}  {words['rest'].format(n=len(rest))}")
        lines.append(f"  {self.bias:+.2f}  {words['bias']}")
        return "\n".join([*lines, f"  {self.logit:+.2f}  {words['sum']}"]) + "\n"


def spans_of(
    model: Model, text: str, block: FoldedBlock, factors: NDArray[np.float32], place: int
) -> tuple[SpanWeight, ...]:
    """The passages of a text with their weights for one type, as they may be shown."""
    private = find_personal_data(text)
    found = passages(model, text, block, factors.tolist(), place)
    return tuple(SpanWeight(p.start, p.end, _masked(text, p, private), p.weight) for p in found)


def facts_of(
    model: Model, facts: Mapping[str, Any], past: NDArray[np.float32], place: int
) -> tuple[FactWeight, ...]:
    """What each history fact of one ticket gives to a type, strongest first."""
    gains = past.astype(np.float64) * model.history[:, place].astype(np.float64)
    told = [
        FactWeight(name, float(facts[name]), gain)
        for name, gain in zip(STACKED_NAMES, gains.tolist(), strict=True)
        if gain
    ]
    return tuple(sorted(told, key=lambda fact: -abs(fact.weight)))


def summed(bias: float, spans: Iterable[SpanWeight], facts: Iterable[FactWeight]) -> float:
    """The exactly rounded sum of all parts."""
    return math.fsum([bias, *(span.weight for span in spans), *(fact.weight for fact in facts)])


def _masked(text: str, passage: Passage, private: list[Span]) -> str:
    """A passage without the personal data that stands in it, wholly or in part."""
    start, end, _ = passage
    parts, done = [], start
    for kind, first, last in private:
        if first < end and last > start:
            parts += [text[done : max(first, done)], f"[{kind} …{text[last - 2 : last]}]"]
            done = min(last, end)
    return mask("".join([*parts, text[done:end]]))


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_SHOWN else line[:_LONGEST_SHOWN] + "…"
