"""One ticket through model and policy, to the same answer as in a block, in a fraction of a millisecond."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .claim_dates import claim_dates
from .decision import OneDecision, decide_one
from .evidence import facts_for
from .fast import kernel_for
from .folding import FoldedBlock
from .folding_one import fold_one
from .gate import gate_log_odds_one
from .languages import language_of_one
from .model import Model, Scores
from .one_text import OneText, calibrate_one, read_one, runs_of
from .phrases import strongest_phrases_of_one
from .policy_domain import GOODWILL
from .policy_rules import Outcome
from .relation import relation_state
from .scoring import Adjustment, Scorer
from .screening import screen_one
from .spoken import NOTHING
from .stacking import stack_one
from .ticket import Ticket


class OneScored(NamedTuple):
    """What is said of one ticket; `columns` are named like the scored columns."""

    columns: dict[str, Any]
    outcome: Outcome
    probabilities: NDArray[Any]
    language: str


class Judged(NamedTuple):
    """What a model makes of one ticket, before anything is decided; no part has an axis for tickets."""

    block: FoldedBlock
    text: OneText
    past: NDArray[np.float32]
    scores: Scores


def judge_one(
    model: Model, ticket: Ticket, known: Mapping[str, Any], adjust: Adjustment | None = None
) -> Judged:
    """Fold, weigh and calibrate one ticket with its history facts.

    Parameters
    ----------
    model : Model
    ticket : Ticket
    known : mapping of str to number
    adjust : callable, optional
    """
    kernel = kernel_for(0)
    block, past = fold_one(ticket.text, kernel), stack_one(known)
    text = read_one(model, block, past, kernel)
    scores = calibrate_one(model, text.logits, text.known_share, gate_log_odds_one(known, model.gate_weights))
    if adjust:
        scores = Scores(*(part[0] for part in adjust(Scores(*(part[None] for part in scores)))))
    return Judged(block, text, past, scores)


def score_one(
    scorer: Scorer,
    ticket: Ticket,
    known: Mapping[str, Any],
    lang: str | None = None,
    adjust: Adjustment | None = None,
) -> OneScored:
    """Score one ticket with its history facts; bit for bit as :meth:`~complaint_typing.scoring.Scorer.score`.

    Parameters
    ----------
    scorer : Scorer
    ticket : Ticket
    known : mapping of str to number
        Its history facts.
    lang : str, optional
    adjust : callable, optional
    """
    model = scorer.model
    block, text, past, scores = judge_one(model, ticket, known, adjust)
    language = language_of_one(ticket.text, block, ticket.language, lang)
    decision = decide_one(scores.types, scores.strangeness, model.thresholds)
    words = strongest_phrases_of_one(ticket.text, block, runs_of(model, block, text, decision.top))
    told = facts_for(model, known, past, decision.top, language)
    if scorer.near_abuse(decision.top, decision.second):
        told.append(claim_dates(ticket.created_at, known, language))
    evidence = tuple(filter(None, (*words, *told))) or (NOTHING[language],)
    return _told(scorer, ticket, block, known, scores, decision, evidence, language)


def _told(
    scorer: Scorer,
    ticket: Ticket,
    block: FoldedBlock,
    known: Mapping[str, Any],
    scores: Scores,
    decision: OneDecision,
    evidence: tuple[str, ...],
    language: str,
) -> OneScored:
    model, goodwill = scorer.model, screen_one(known)
    mode, signals = scorer.mode_and_signals(scores, ticket.text, block)
    outcome, told = scorer.answer(decision, mode, goodwill, known, signals, language)
    quick_return = bool(known["same_fault_resolved_7d"] > 0)
    columns = {
        "customer_type": scorer.names[decision.outcome],
        "confidence": round(decision.confidence * 1e6) / 1e6,
        "top_type": scorer.names[decision.top],
        "secondary_type": scorer.names[decision.second] if decision.second >= 0 else "",
        "emotional_mode": model.modes[mode],
        "risk_signals": scorer.signal_names(signals),
        "goodwill": GOODWILL[goodwill],
        "relation_state": relation_state(
            model.modes[mode], ticket.satisfaction, ticket.agent_reply, quick_return
        ),
        "strategy_id": told.strategy_id,
        "strategy": told.strategy,
        "next_step": told.next_step,
        "escalate_to": told.escalate_to,
        "follow_up_days": outcome.follow_up_days,
        "requires_human": outcome.requires_human or scorer.near_abuse(decision.top, decision.second),
        "evidence": evidence,
        "policy_rule": outcome.rule_ids,
        "model_version": model.version,
        "policy_version": scorer.policy.version,
    }
    return OneScored(columns, outcome, scores.types, language)
