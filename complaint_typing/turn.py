"""One turn of a talk and how the talk stands after it, for programs and for people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .advice import Advice
from .conversation_cues import Cue
from .deescalation import MOVES
from .masking import mask
from .playbook import Step, Strategy
from .spoken import Spoken, one_of
from .taxonomy import language_or

ROLES = ("customer", "agent")
LONGEST_SHOWN = 60

_WORDS: Spoken[Mapping[str, str]] = Spoken(
    zh={
        "customer": "客户",
        "agent": "客服",
        "missing": "，还缺{names}",
        "facts": "“事实对”的认同",
        "feeling": "“心情对”的认同",
        "and": "和",
        "why": "  原因：{text}",
        "cue": "{name}“{words}”",
        "model": "{name} {probability:.0%}",
        "type": "  类型：{name}",
        "nearest": "，最接近{name}",
        "sure": "（把握 {confidence:.0%}）",
        "changed": "，此前看是{name}",
        "signals": "  风险：{names}",
        "alert": "  注意：{text}",
        "listed": "、",
        "next": "  下一步 [{strategy} {number}] {purpose}：{do}",
        "wait": "  先停下，等{name}。",
        "say": "    例如说：{text}",
        "dont": "    不要：{text}",
        "begin": "  客户还没有开口。",
        "joined": "；",
    },
    en={
        "customer": "Customer",
        "agent": "Agent",
        "missing": ", still missing: {names}",
        "facts": "the yes to the facts",
        "feeling": "the yes to the feeling",
        "and": " and ",
        "why": "  Because: {text}",
        "cue": "{name} “{words}”",
        "model": "{name} {probability:.0%}",
        "type": "  Type: {name}",
        "nearest": ", nearest {name}",
        "sure": " (confidence {confidence:.0%})",
        "changed": ", before: {name}",
        "signals": "  Risk: {names}",
        "alert": "  Mind: {text}",
        "listed": ", ",
        "next": "  Next [{strategy} {number}] {purpose}: {do}",
        "wait": "  Stop here and wait for {name}.",
        "say": "    For example: {text}",
        "dont": "    Don't: {text}",
        "begin": "  The customer has not spoken yet.",
        "joined": "; ",
    },
)


@dataclass(frozen=True)
class Turn:
    """One turn, and how the talk stands after it.

    Attributes
    ----------
    number : int
        From 1.
    role : str
        ``customer`` or ``agent``.
    text : str
    at : int or None
        Seconds since 1970 UTC.
    language : str
        Of the phrases: one of `SPOKEN`.
    stage, stage_before : str
        ``attack``, ``emotional``, ``rational``, or "" until the customer has spoken.
    earned : bool
        Whether both agreements of source 002 are there, or the talk was reasonable all along.
    missing : tuple of str
        Which are still to be won: ``facts``, ``feeling``.
    waiting_for : str
        The agreement that the agent has just asked for; "" for none.
    silent : bool
        Whether the customer merely presses.
    moves : tuple of str
        What happened in this turn: keys of :data:`~complaint_typing.deescalation.MOVES`.
    cues : tuple of Cue
        What was found in its words, with their places, or with the model's probability.
    alerts : tuple of str
        Warnings that these words call for, in the language of the advice: of risk signals, above all.
    type_before : str
        The verdict before this turn where it has changed; else "".
    strategy, next : Strategy and Step, or None
        What to follow now, and which of its steps comes next; None until the customer has spoken.
    advice : Advice or None
        On all the customer has said so far, with the stage as the mode.
    """

    number: int
    role: str
    text: str
    at: int | None
    language: str
    stage: str
    stage_before: str
    earned: bool
    missing: tuple[str, ...]
    waiting_for: str
    silent: bool
    moves: tuple[str, ...]
    cues: tuple[Cue, ...]
    alerts: tuple[str, ...]
    type_before: str
    strategy: Strategy | None
    next: Step | None
    advice: Advice | None

    @property
    def customer_type(self) -> str:
        """The type as it now looks; "" until the customer has spoken."""
        return self.advice.customer_type if self.advice else ""

    @property
    def strategy_id(self) -> str:
        """Id of the strategy to follow now."""
        return self.strategy.id if self.strategy else ""

    @property
    def step(self) -> int:
        """Number of the next step in that strategy; 0 until the customer has spoken."""
        return self.next.number if self.next else 0

    def say(self, lang: str | None = None) -> str:
        """A phrase for the next step; "" where the step has none."""
        return self.next.text("say", language_or(lang, self.language)) if self.next else ""

    def why(self, lang: str | None = None) -> str:
        """What moved the talk in this turn, and which words or probability showed it."""
        lang = language_or(lang, self.language)
        words = _WORDS[lang]
        moved = [one_of(lang, *MOVES[move]) for move in self.moves]
        shown = [
            words["model"].format(name=cue.name(lang), probability=cue.probability)
            if cue.probability is not None
            else cue.name(lang)
            if cue.words == self.text
            else words["cue"].format(name=cue.name(lang), words=_shortened(mask(cue.words)))
            for cue in self.cues
            if cue.kind != "ask"
        ]
        return words["joined"].join([*moved, *shown])

    def to_dict(self) -> dict[str, Any]:
        """The turn ready for JSON, texts in its language."""
        advice, lang = self.advice, self.language
        plain: dict[str, Any] = {
            name: getattr(self, name)
            for name in ("number", "role", "text", "at", "language", "stage", "stage_before", "earned")
        }
        plain |= {"missing": list(self.missing), "waiting_for": self.waiting_for, "silent": self.silent}
        plain |= {"moves": list(self.moves), "why": self.why()}
        plain["cues"] = [
            {"kind": c.kind, "start": c.start, "end": c.end, "words": c.words, "probability": c.probability}
            for c in self.cues
        ]
        plain |= {"customer_type": self.customer_type, "type_before": self.type_before}
        plain["alerts"] = list(self.alerts)
        names = ("top_type", "confidence", "secondary_type", "risk_signals", "requires_human", "escalate_to")
        plain |= {name: getattr(advice, name) if advice else None for name in (*names, "policy_rule")}
        plain |= {"strategy_id": self.strategy_id, "step": self.step}
        parts = {"purpose": "purpose", "next_step": "do", "dont": "dont", "say": "say"}
        plain |= {key: self.next.text(part, lang) if self.next else "" for key, part in parts.items()}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in plain.items()}

    def render(self, lang: str | None = None) -> str:
        """The turn as a few lines for the clerk; personal data in its words are masked.

        The next step is shown after the customer's turns; after the agent's, that an answer is awaited.
        """
        lang = language_or(lang, self.language)
        words = _WORDS[lang]
        lines = [f"{self.number:>3} {words[self.role]}: {_shortened(mask(self.text))}"]
        if self.advice is None or self.next is None or self.strategy is None:
            return "\n".join([*lines, words["begin"]]) + "\n"
        name = self.advice.taxonomy.name
        held = words["missing"].format(names=words["and"].join(words[m] for m in self.missing))
        if self.role == "customer":
            lines.append("  " + name(self.stage, lang) + (held if self.missing else ""))
        if why := self.why(lang):
            lines.append(words["why"].format(text=why))
        if self.role == "customer":
            shown = words["type"].format(name=name(self.customer_type, lang))
            if self.advice.top_type != self.customer_type:
                shown += words["nearest"].format(name=name(self.advice.top_type, lang))
            shown += words["sure"].format(confidence=self.advice.confidence)
            before = words["changed"].format(name=name(self.type_before, lang)) if self.type_before else ""
            lines.append(shown + before)
            if self.advice.risk_signals:
                names = words["listed"].join(name(signal, lang) for signal in self.advice.risk_signals)
                lines.append(words["signals"].format(names=names))
            lines += [words["alert"].format(text=text) for text in self.alerts]
            if self.advice.escalate_to or self.advice.requires_human:
                lines += self.advice.orders(lang)
        if self.waiting_for:
            lines.append(words["wait"].format(name=words[self.waiting_for]))
        elif self.role == "customer":
            lines += self._next_lines(lang)
        return "\n".join(lines) + "\n"

    def _next_lines(self, lang: str) -> list[str]:
        words, step, strategy = _WORDS[lang], self.next, self.strategy
        if step is None or strategy is None:
            return []
        purpose, do = step.text("purpose", lang), step.text("do", lang)
        shown = {"strategy": strategy.name(lang), "number": step.number, "purpose": purpose, "do": do}
        lines = [words["next"].format(**shown)]
        lines += [
            words[part].format(text=step.text(part, lang))
            for part in ("say", "dont")
            if step.text(part, lang)
        ]
        return lines


def _shortened(text: str) -> str:
    """One line of at most 60 characters."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_SHOWN else line[: LONGEST_SHOWN - 1] + "…"
