"""A block of tickets through model and policy: the scored columns, and what stands behind them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .decision import UNDETERMINED, UNFAMILIAR, Decision, decide
from .errors import ArtifactError
from .evidence import NOTHING, evidence_facts, evidence_words
from .folding import fold_texts
from .history import Facts
from .languages import ticket_languages
from .model import Model, Scores
from .policy import Outcome, PolicyTable
from .policy_domain import earlier_tickets_codes
from .relation import relation_state
from .screening import GOODWILL, abuse_gate, screen
from .taxonomy import checked_language
from .ticket_table import Tickets

Adjustment = Callable[[Scores], Scores]


@dataclass(frozen=True)
class ScoredTickets:
    """The scored columns of a block of tickets, and the probabilities behind them.

    Attributes
    ----------
    columns : dict of str to list
        One list of n_tickets for each scored column, in the contract's order.
    probabilities : ndarray of shape (n_tickets, n_types)
    outcomes : list of Outcome
        The policy's answer for each ticket.
    languages : list of str
    """

    columns: dict[str, list[Any]]
    probabilities: NDArray[Any]
    outcomes: list[Outcome]
    languages: list[str]


class Scorer:
    """Model and policy brought together; immutable, see :class:`~complaint_typing.advisor.Advisor`."""

    def __init__(self, model: Model, policy: PolicyTable):
        self.model, self.policy, self.taxonomy = model, policy, policy.taxonomy
        values = policy.conditions
        outcomes = (*model.types, UNDETERMINED, UNFAMILIAR)
        lacking = sorted(
            {*outcomes} - {*values["customer_type"]} | {*model.modes} - {*values["emotional_mode"]}
        )
        lacking += sorted({*model.signals} - {*self.taxonomy.signals})
        if lacking:
            raise ArtifactError(
                model.version,
                f"the policy knows no {', '.join(lacking)}",
                "add them to the taxonomy and the policy, or retrain",
            )
        self._outcome_names = np.array(outcomes, dtype=object)
        self._type_codes = np.array([values["customer_type"].index(name) for name in outcomes])
        self._mode_codes = np.array([values["emotional_mode"].index(name) for name in model.modes])
        self._signal_places = [self.taxonomy.signals.index(name) for name in model.signals]
        self._limits = np.array(model.signal_thresholds, dtype=np.float32)

    def score(
        self, tickets: Tickets, facts: Facts, lang: str | None = None, adjust: Adjustment | None = None
    ) -> ScoredTickets:
        """Score a block of checked tickets with their history facts.

        Parameters
        ----------
        tickets : Tickets
            Every one with a text.
        facts : mapping of str to ndarray of shape (n_tickets,)
        lang : str, optional
        """
        if lang is not None:
            checked_language(lang)
        block = fold_texts(tickets.text)
        languages = ticket_languages(block, tickets.language, lang)
        views = self.model.views(block)
        weighed = self.model.weigh(views, facts)
        scores = self.model.calibrated(weighed.logits, views[0].known_share, abuse_gate(facts))
        scores = adjust(scores) if adjust else scores
        decision = decide(scores.types, scores.strangeness, self.model.thresholds)
        words = evidence_words(self.model, tickets.text, block, views, weighed.factors, decision.top)
        told = evidence_facts(self.model, facts, weighed.past, decision.top, languages)
        evidence = [
            [*w, *f] or [NOTHING[language]] for w, f, language in zip(words, told, languages, strict=True)
        ]
        return self._scored(tickets, facts, scores, decision, evidence, languages)

    def _scored(
        self,
        tickets: Tickets,
        facts: Facts,
        scores: Scores,
        decision: Decision,
        evidence: list[list[str]],
        languages: list[str],
    ) -> ScoredTickets:
        goodwill = screen(facts)
        mode = scores.modes.argmax(axis=1)
        flags = scores.signals >= self._limits
        outcomes = self._outcomes(self._policy_codes(decision, mode, goodwill, facts), flags)
        types, modes = self._outcome_names, [self.model.modes[i] for i in mode.tolist()]
        spoken = list(zip(outcomes, languages, strict=True))
        columns: dict[str, list[Any]] = {
            "customer_type": types[decision.outcome].tolist(),
            "confidence": [round(float(p), 6) for p in decision.confidence],
            "top_type": types[decision.top].tolist(),
            "secondary_type": [types[i] if i >= 0 else "" for i in decision.second.tolist()],
            "emotional_mode": modes,
            "risk_signals": [";".join(names) for names in self._signal_sets(flags)],
            "goodwill": [GOODWILL[code] for code in goodwill.tolist()],
            "relation_state": [
                relation_state(*row)
                for row in zip(
                    modes,
                    tickets.satisfaction.tolist(),
                    tickets.agent_reply,
                    (facts["same_fault_resolved_7d"] > 0).tolist(),
                    strict=True,
                )
            ],
            "strategy_id": [outcome.strategy_id for outcome in outcomes],
            "strategy": [self.policy.playbook[o.strategy_id].name(lang) for o, lang in spoken],
            "next_step": [outcome.next_step(lang) for outcome, lang in spoken],
            "escalate_to": [outcome.escalate_to for outcome in outcomes],
            "follow_up_days": ["" if o.follow_up_days is None else o.follow_up_days for o in outcomes],
            "requires_human": [
                int(outcome.requires_human or near)
                for outcome, near in zip(outcomes, self._near_abuse(decision).tolist(), strict=True)
            ],
            "evidence": ["; ".join(phrases) for phrases in evidence],
            "policy_rule": [";".join(outcome.rule_ids) for outcome in outcomes],
            "model_version": [self.model.version] * len(outcomes),
            "policy_version": [self.policy.version] * len(outcomes),
        }
        return ScoredTickets(columns, scores.types, outcomes, languages)

    def _near_abuse(self, decision: Decision) -> NDArray[np.bool_]:
        """Where a type that needs the abuse gate is the nearest or the second: a person decides."""
        gated = self.model.gated_places
        return np.isin(decision.top, gated) | np.isin(decision.second, gated)

    def _policy_codes(
        self, decision: Decision, mode: NDArray[Any], goodwill: NDArray[Any], facts: Facts
    ) -> NDArray[np.intp]:
        """The seven conditions of the decision table; ndarray of shape (n_tickets, 7)."""
        return np.stack(
            [
                self._type_codes[decision.outcome],
                self._mode_codes[mode],
                goodwill,
                decision.band,
                earlier_tickets_codes(facts["tickets_365d"]),
                facts["same_fault_open"] == 0,
                facts["justified_365d"] == 0,
            ],
            axis=1,
        ).astype(np.intp)

    def _outcomes(self, codes: NDArray[np.intp], flags: NDArray[np.bool_]) -> list[Outcome]:
        """The policy's answer for each ticket, risk rules included."""
        signals = np.zeros((len(flags), len(self.taxonomy.signals)), dtype=bool)
        signals[:, self._signal_places] = flags
        distinct, index = self.policy.combine(self.policy.decide(codes), signals)
        return [distinct[i] for i in index.tolist()]

    def _signal_sets(self, flags: NDArray[np.bool_]) -> list[tuple[str, ...]]:
        found: list[tuple[str, ...]] = [()] * len(flags)
        for i in np.flatnonzero(flags.any(axis=1)):
            found[i] = tuple(self.model.signals[j] for j in np.flatnonzero(flags[i]))
        return found
