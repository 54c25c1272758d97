"""How the abuse gate decided on one ticket: what it asks of the history, and parts that sum to its odds."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .gate import GATE_FACTS, gate_facts_one
from .model import Model
from .screening import GATE_TICKETS, REPEATED, mostly_unproven
from .spoken import Spoken

_YES_NO = Spoken(zh=("否", "是"), en=("no", "yes"))
_WORDS = Spoken(
    zh={
        "open": "此类型由历史门槛决定，不由下面的得分决定。门槛打开：",
        "closed": "此类型由历史门槛决定，不由下面的得分决定。门槛关闭，概率为 0：",
        "known": "客户与时间已知",
        "repeated": f"一年内前诉至少{GATE_TICKETS}件（{{tickets_365d}}件），"
        f"或善意补偿至少{REPEATED}次（{{goodwill_365d}}次）",
        "half_unproven": "一年内已办结的至少一半不属实或无法证实（{resolved_365d}件中{unproven_365d}件）",
        "asks": "文字在另外索要",
        "parts": "此类型相对其他所有类型的对数几率：",
        "sum": "合计，相当于概率 {probability:.0%}",
        "start": "门槛的起点",
        "asks_for_extras": "文字另外索要的程度 {value:+.2f}",
        "unproven_share": "不属实或无法证实的占 {value:.0%}",
        "mostly_unproven": "超过一半不属实或无法证实",
        "tickets": "前诉 {value:.0f} 件（最多计十件）",
        "often": "前诉三件或更多",
        "unproven_thrice": "三件或更多不属实或无法证实",
        "goodwill": "给过善意补偿",
        "goodwill_twice": "给过两次或更多善意补偿",
    },
    en={
        "open": "The history gate decides this type, not the logit below. It is open:",
        "closed": "The history gate decides this type, not the logit below. It is closed, "
        "so the probability is 0:",
        "known": "customer and time are known",
        "repeated": f"at least {GATE_TICKETS} earlier tickets in a year ({{tickets_365d}}), "
        f"or {REPEATED} goodwill payments ({{goodwill_365d}})",
        "half_unproven": "at least half of those resolved in a year unproven "
        "({unproven_365d} of {resolved_365d})",
        "asks": "the text asks for extras",
        "parts": "Log-odds of this type against all others together:",
        "sum": "sum, which is a probability of {probability:.0%}",
        "start": "where the gate starts",
        "asks_for_extras": "how much the text asks for extras: {value:+.2f}",
        "unproven_share": "{value:.0%} of the findings unproven",
        "mostly_unproven": "more than half unproven",
        "tickets": "{value:.0f} earlier tickets (ten at most count)",
        "often": "three earlier tickets or more",
        "unproven_thrice": "three unproven or more",
        "goodwill": "goodwill was paid",
        "goodwill_twice": "goodwill was paid twice or more",
    },
)
_PARTS = ("asks_for_extras", "start", *GATE_FACTS)
_READ = ("tickets_365d", "goodwill_365d", "resolved_365d", "unproven_365d")


@dataclass(frozen=True)
class GatePart:
    """What a fact, the text or the start adds to the log-odds of the gated type."""

    name: str
    value: float
    weight: float


@dataclass(frozen=True)
class GateDecision:
    """How the gate came to the probability of a type that it guards.

    Attributes
    ----------
    open : bool
        Whether all conditions hold.
    conditions : mapping of str to bool
        What must hold before the type is possible at all: ``known``, ``repeated`` and ``half_unproven`` of
        the history; ``asks`` of the text, in a model that learned no weights for the gate.
    facts : mapping of str to int
        The history facts that the conditions read.
    parts : tuple of GatePart
        Under an open gate: the text (``asks_for_extras``, its value the logit of that head), the ``start``,
        and each of ``gate.GATE_FACTS``; empty where the gate is closed or has no weights.
    log_odds : float or None
        The sum of the parts: the probability is ``1 / (1 + exp(-log_odds))``. None without parts.
    """

    open: bool
    conditions: Mapping[str, bool]
    facts: Mapping[str, int]
    parts: tuple[GatePart, ...]
    log_odds: float | None

    def lines(self, lang: str) -> list[str]:
        """The same as lines for people."""
        words, said = _WORDS[lang], _YES_NO[lang]
        lines = [words["open" if self.open else "closed"]]
        for name, holds in self.conditions.items():
            lines.append(f"  {said[holds]}  {words[name].format(**self.facts)}")
        if self.log_odds is not None:
            lines.append(words["parts"])
            lines += [
                f"  {p.weight:+.2f}  {words[p.name].format(value=p.value)}" for p in self.parts if p.weight
            ]
            probability = 1 / (1 + math.exp(-self.log_odds))
            lines.append(f"  {self.log_odds:+.2f}  {words['sum'].format(probability=probability)}")
        return lines


def gate_decision(model: Model, known: Mapping[str, Any], asks: float) -> GateDecision:
    """How the gate decides on one ticket.

    Parameters
    ----------
    model : Model
    known : mapping of str to number
        The ticket's history facts.
    asks : float
        The logit of "asks for extras".

    >>> from complaint_typing.artifact import load_model
    >>> from complaint_typing.resources import data_path
    >>> past = {"known": True, "tickets_365d": 1, "resolved_365d": 1, "unproven_365d": 1, "goodwill_365d": 0}
    >>> told = gate_decision(load_model(data_path("model")), past, asks=3.0)
    >>> told.open, [name for name, holds in told.conditions.items() if not holds]
    (False, ['repeated'])
    """
    facts = {name: int(known[name]) for name in _READ}
    conditions = {
        "known": bool(known["known"]),
        "repeated": facts["tickets_365d"] >= GATE_TICKETS or facts["goodwill_365d"] >= REPEATED,
        "half_unproven": bool(mostly_unproven(known)),
    }
    if not model.gate_weights:
        conditions["asks"] = 1 / (1 + math.exp(-asks)) >= model.asks_from
    if not (all(conditions.values()) and model.gate_weights):
        return GateDecision(all(conditions.values()), conditions, facts, (), None)
    values = (asks, 1.0, *map(float, gate_facts_one(known)))
    weighed = zip(_PARTS, values, model.gate_weights, strict=True)
    parts = tuple(GatePart(name, value, value * weight) for name, value, weight in weighed)
    return GateDecision(True, conditions, facts, parts, math.fsum(part.weight for part in parts))
