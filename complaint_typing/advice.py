"""One ticket's answer: who is writing, how sure, why, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .playbook import Strategy
from .read_only import ReadOnlyDict
from .spoken import ENGLISH, Spoken
from .taxonomy import Taxonomy, language_or

SCHEMA_VERSION = 1
"""Of what :meth:`Advice.to_dict` returns; raised when a field goes away or changes its meaning."""

_WORDS = Spoken(
    zh={
        "title": "客户类型：{name}",
        "sure": "（把握 {confidence:.0%}）",
        "top": "最接近：{name}",
        "second": "另有：{name}",
        "mode": "情绪：{name}",
        "signals": "风险：{names}",
        "why": "依据：{evidence}",
        "goodwill": "额外补偿：{name}（{meaning}）",
        "human": "须由人决定。",
        "strategy": "策略：{name}",
        "next": "下一步：{next_step}",
        "escalate": "上报：{name}",
        "follow": "{days}天内回访",
        "follow_0": "今天就回访",
        "follow_1": "1天内回访",
        "rationale": "理由：{text}",
        "ask": "还要问清（一次问一件）：",
        "ask_later": "等客户平静下来再问清（一次问一件）：",
        "dont": "不要",
        "say": "例如说",
    },
    en={
        "title": "Customer type: {name}",
        "sure": " (confidence {confidence:.0%})",
        "top": "Nearest: {name}",
        "second": "Also: {name}",
        "mode": "Mood: {name}",
        "signals": "Risk: {names}",
        "why": "Why: {evidence}",
        "goodwill": "Goodwill: {name} ({meaning})",
        "human": "A person decides.",
        "strategy": "Strategy: {name}",
        "next": "Next step: {next_step}",
        "escalate": "Escalate to: {name}",
        "follow": "Follow up within {days} days",
        "follow_0": "Follow up today",
        "follow_1": "Follow up within a day",
        "rationale": "Reason: {text}",
        "ask": "Still to ask, one at a time:",
        "ask_later": "Still to ask once it is calm, one at a time:",
        "dont": "Don't",
        "say": "For example",
    },
)


@dataclass(frozen=True)
class Advice:
    """What is advised on one ticket; fields are named like the scored columns.

    Attributes
    ----------
    customer_type : str
        A type, ``undetermined`` or ``unfamiliar``.
    confidence : float
        Calibrated probability of ``top_type``, 0 to 1.
    secondary_type, relation_state, escalate_to : str
        Empty where there is none.
    follow_up_days : int or None
    requires_human : bool
        Whether a person must decide before anything is done.
    evidence : tuple of str
        Words and history facts that weighed most; masked.
    policy_rule : tuple of str
        Ids of all rules that fired.
    probabilities : mapping of str to float
        Read-only, as is ``facts``; ``dict()`` of it may be changed.
    goodwill_cap : float or None
        The most that may be given beyond putting it right; None for nothing.
    goodwill_reasons, warnings : tuple of str
    questions : tuple of str
        What to ask: one question for each fact that the strategy wants and the text does not tell.
    facts : mapping of str to float
        The history facts that were read, by name.
    """

    customer_type: str
    confidence: float
    top_type: str
    secondary_type: str
    emotional_mode: str
    risk_signals: tuple[str, ...]
    goodwill: str
    relation_state: str
    strategy_id: str
    strategy: str
    next_step: str
    escalate_to: str
    follow_up_days: int | None
    requires_human: bool
    evidence: tuple[str, ...]
    policy_rule: tuple[str, ...]
    model_version: str
    policy_version: str
    language: str
    probabilities: Mapping[str, float]
    goodwill_cap: float | None
    goodwill_reasons: tuple[str, ...]
    rationale: str
    warnings: tuple[str, ...]
    questions: tuple[str, ...]
    facts: Mapping[str, float]
    playbook: Strategy
    taxonomy: Taxonomy

    def __post_init__(self) -> None:
        fixed = vars(self)
        fixed["probabilities"] = ReadOnlyDict(self.probabilities)
        fixed["facts"] = ReadOnlyDict(self.facts)

    @classmethod
    def of(cls, **fields: Any) -> Advice:
        """An advice of all its fields, in a third of the time that setting frozen ones by one takes."""
        made = object.__new__(cls)
        vars(made).update(fields)
        made.__post_init__()
        return made

    def to_dict(self) -> dict[str, Any]:
        """The advice ready for JSON: all fields but the tables it was written from.

        :func:`~complaint_typing.advice_contract.advice_schema` describes it.
        """
        plain = {name: getattr(self, name) for name in self.__dataclass_fields__}
        del plain["playbook"], plain["taxonomy"]
        return {"schema_version": SCHEMA_VERSION} | {
            name: list(value)
            if isinstance(value, tuple)
            else dict(value)
            if isinstance(value, Mapping)
            else value
            for name, value in plain.items()
        }

    def render(self, lang: str | None = None) -> str:
        """The advice as a page that a clerk reads at a glance.

        Parameters
        ----------
        lang : str, optional
            ``zh``, ``zh-Hant`` or ``en``; the ticket's own language by default. What was written when the
            advice was given (next step, evidence, rationale) stays in its language.

        Raises
        ------
        BadValue
            When there are no texts in that language.
        """
        lang = language_or(lang, self.language)
        words, name = _WORDS[lang], self.taxonomy.name
        lines = [words["title"].format(name=name(self.customer_type, lang))]
        if self.top_type != self.customer_type:
            lines.append("  " + words["top"].format(name=name(self.top_type, lang)))
        lines[-1] += words["sure"].format(confidence=self.confidence)
        if self.secondary_type:
            lines.append("  " + words["second"].format(name=name(self.secondary_type, lang)))
        lines.append("  " + words["mode"].format(name=name(self.emotional_mode, lang)))
        if self.risk_signals:
            names = ", ".join(name(signal, lang) for signal in self.risk_signals)
            lines.append("  " + words["signals"].format(names=names))
        if self.evidence:
            lines.append("  " + words["why"].format(evidence="; ".join(self.evidence)))
        meaning = (" " if lang == ENGLISH else "").join(self.goodwill_reasons) or self.taxonomy.meaning(
            self.goodwill, lang
        )
        lines.append("  " + words["goodwill"].format(name=name(self.goodwill, lang), meaning=meaning))
        lines += ["", words["strategy"].format(name=self.playbook.name(lang))]
        lines.append("  " + words["next"].format(next_step=self.next_step))
        lines.append("  " + words["rationale"].format(text=self.rationale))
        lines += self.orders(lang)
        if self.questions:
            lines.append("  " + words["ask_later" if self.emotional_mode == "attack" else "ask"])
            lines += [f"    - {question}" for question in self.questions]
        return "\n".join([*lines, "", *self._steps(lang)]) + "\n"

    def orders(self, lang: str) -> list[str]:
        """Whom to call in, when to follow up and whether a person decides: a line of the page, or none."""
        words, orders = _WORDS[lang], []
        if self.escalate_to:
            orders.append(words["escalate"].format(name=self.taxonomy.name(self.escalate_to, lang)))
        if self.follow_up_days is not None:
            days = self.follow_up_days
            orders.append(words.get(f"follow_{days}", words["follow"]).format(days=days))
        if self.requires_human:
            orders.append(words["human"])
        return ["  " + " · ".join(orders)] if orders else []

    def _steps(self, lang: str) -> list[str]:
        words, lines = _WORDS[lang], []
        for step in self.playbook.steps:
            lines.append(f"{step.number}. {step.text('purpose', lang)}: {step.text('do', lang)}")
            if step.text("dont", lang):
                lines.append(f"   {words['dont']}: {step.text('dont', lang)}")
            if step.text("say", lang):
                lines.append(f"   {words['say']}: {step.text('say', lang)}")
        return lines
