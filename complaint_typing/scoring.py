"""A block of tickets through model and policy: the scored columns, and what stands behind them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .claim_dates import claim_dates
from .columns import SCORED_COLUMNS
from .cue_search import held_cues
from .decision import UNDETERMINED, UNFAMILIAR, Decision, OneDecision, decide
from .emotional_modes import decided_mode, decided_modes
from .errors import ArtifactError
from .evidence import evidence_facts
from .fast import kernel_for
from .folding import FoldedBlock, fold_texts
from .gram_sums import LookedUp
from .history import Facts
from .languages import ticket_languages
from .lazily import lazily
from .model import Model, Scores, Weighed
from .one_cues import CueReader
from .one_signals import SignalReader
from .phrases import joined_phrases
from .place_sums import place_sums
from .plain_danger import SIGNAL, in_danger, tells_danger
from .policy import PolicyTable
from .policy_domain import GOODWILL, earlier_tickets_code, earlier_tickets_codes
from .policy_rules import Outcome
from .relation import relation_state
from .repeated import Repeated
from .risk_signals import reported
from .screening import screen
from .spoken import NOTHING, SPOKEN
from .ticket_table import Tickets
from .word_runs import RunsIn, word_runs

Adjustment = Callable[[Scores], Scores]


@dataclass(frozen=True)
class ScoredTickets:
    """The scored columns of a block of tickets, and the probabilities behind them.

    Attributes
    ----------
    columns : dict of str to sequence
        One of n_tickets for each scored column, in the contract's order.
    probabilities : ndarray of shape (n_tickets, n_types)
    """

    columns: dict[str, Sequence[Any]]
    probabilities: NDArray[Any]


class Told(NamedTuple):
    """What an outcome says in one language, as scored columns."""

    strategy_id: str
    strategy: str
    next_step: str
    escalate_to: str
    follow_up_days: int | str
    policy_rule: str


class Scorer:
    """Model and policy brought together; immutable, see :class:`~complaint_typing.advisor.Advisor`.

    Attributes
    ----------
    names : tuple of str
        The types by their places, and behind them what else a verdict may be: undetermined, unfamiliar.
    """

    def __init__(self, model: Model, policy: PolicyTable):
        model.require_gate(model.version)
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
                "'complaint-typing policy export my_policy --model MODEL' writes a policy with draft rows "
                "for them: edit it, then name it as the policy",
            )
        self.names, self._second_names = outcomes, (*outcomes, "")
        self._type_places = [values["customer_type"].index(name) for name in outcomes]
        self._mode_places = [values["emotional_mode"].index(name) for name in model.modes]
        self._type_codes, self._mode_codes = np.array(self._type_places), np.array(self._mode_places)
        self._gated_places = frozenset(model.gated_places.tolist())
        self._answers: dict[tuple[int, int, str], tuple[Outcome, Told]] = {}
        self._gated = np.isin(np.arange(len(outcomes) + 1), model.gated_places)
        signals = [self.taxonomy.signals.index(name) for name in model.signals]
        self._bits = [1 << place for place in signals]
        self._signal_bits = np.array(self._bits, dtype=np.int64)
        self._safety = model.signals.index(SIGNAL) if SIGNAL in model.signals else None

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
        block = fold_texts(tickets.text, kernel_for(0))
        languages = ticket_languages(tickets.text, block, tickets.language, lang)
        looked = self.model.look_up(block)
        sums = self.model.sums_of(looked)
        weighed = self.model.weigh_sums(sums, facts)
        scores = self.model.calibrated(weighed.logits, sums.known_share, self.model.gate(facts))
        scores = adjust(scores) if adjust else scores
        decision = decide(scores.types, scores.strangeness, self.model.thresholds)
        runs_in = self._runs_in(block, looked, decision, weighed)
        words = joined_phrases(tickets.text, block, runs_in, looked.kernel)
        told = evidence_facts(self.model, facts, weighed.past, decision.top, languages)
        for i in np.flatnonzero(self._near_abuse(decision)).tolist():
            known = {name: values[i] for name, values in facts.items()}
            told[i].append(claim_dates(int(tickets.created_at[i]), known, languages[i]))
        evidence = [
            "; ".join(filter(None, [w, *f])) or NOTHING[language]
            for w, f, language in zip(words, told, languages, strict=True)
        ]
        held = held_cues(self.model.signals, block)
        flags = reported(self.model, scores.signals, tickets.text, held.signals)
        if self._safety is not None:
            flags[:, self._safety] |= in_danger(tickets.text, held.danger)
        mode = decided_modes(self.model, scores, held.modes)
        return self._scored(tickets, facts, scores, flags, mode, decision, evidence, languages)

    def _runs_in(self, block: FoldedBlock, looked: LookedUp, decision: Decision, weighed: Weighed) -> RunsIn:
        """Finds the runs of words that speak for each text's own type, by the compiled kernel or by numpy."""
        if looked.kernel:
            units, top = self.model.type_units, decision.top
            return partial(looked.kernel.word_runs, looked.by_text, looked.views, units, top, weighed.factors)
        places = place_sums(self.model, looked, decision.top)
        return partial(word_runs, block.padded, block.bounds, places=places, factors=weighed.factors)

    def _scored(
        self,
        tickets: Tickets,
        facts: Facts,
        scores: Scores,
        flags: NDArray[np.bool_],
        mode: NDArray[np.intp],
        decision: Decision,
        evidence: list[str],
        languages: list[str],
    ) -> ScoredTickets:
        goodwill = screen(facts)
        signals = flags @ self._signal_bits
        codes = self._policy_codes(decision, mode, goodwill, facts)
        distinct, index = self.policy.combine_masks(self.policy.decide(codes), signals)
        asked = np.array([outcome.requires_human for outcome in distinct], dtype=bool)
        human = asked[index] | self._near_abuse(decision)
        types, everywhere = self.names, np.zeros(len(mode), dtype=np.intp)
        columns: dict[str, Sequence[Any]] = {
            "customer_type": Repeated(types, decision.outcome),
            "confidence": _rounded(decision.confidence).tolist(),
            "top_type": Repeated(types, decision.top),
            "secondary_type": Repeated(self._second_names, decision.second),
            "emotional_mode": Repeated(self.model.modes, mode),
            "risk_signals": self._signal_cells(signals),
            "goodwill": Repeated(GOODWILL, goodwill),
            "relation_state": self._relations(mode, tickets, facts["same_fault_resolved_7d"] > 0),
            **self._told(distinct, index, languages),
            "requires_human": Repeated((0, 1), human.astype(np.intp)),
            "evidence": evidence,
            "model_version": Repeated([self.model.version], everywhere),
            "policy_version": Repeated([self.policy.version], everywhere),
        }
        columns = {column.name: columns[column.name] for column in SCORED_COLUMNS}
        return ScoredTickets(columns, scores.types)

    def _told(
        self, distinct: Sequence[Outcome], index: NDArray[np.intp], languages: Sequence[str]
    ) -> dict[str, Sequence[Any]]:
        """The columns that follow from outcome and language, each made once per distinct pair."""
        spoken = (
            np.array(SPOKEN.index(languages[0]))
            if len(set(languages)) == 1
            else np.array([SPOKEN.index(language) for language in languages])
        )
        pairs, place = np.unique(index * len(SPOKEN) + spoken, return_inverse=True)
        rows = [self.told(distinct[k // len(SPOKEN)], SPOKEN[k % len(SPOKEN)]) for k in pairs.tolist()]
        places = place.reshape(-1)
        return {name: Repeated([row[i] for row in rows], places) for i, name in enumerate(Told._fields)}

    def told(self, outcome: Outcome, lang: str) -> Told:
        """What an outcome says in a language."""
        days = outcome.follow_up_days
        return Told(
            outcome.strategy_id,
            self.policy.playbook[outcome.strategy_id].name(lang),
            outcome.next_step(lang),
            outcome.escalate_to,
            "" if days is None else days,
            ";".join(outcome.rule_ids),
        )

    def _relations(
        self, mode: NDArray[np.intp], tickets: Tickets, quick_return: NDArray[np.bool_]
    ) -> list[str]:
        """The relation state of each ticket; without a score and a quick return none is shown."""
        states = [""] * len(mode)
        for i in np.flatnonzero((tickets.satisfaction != 0) | quick_return).tolist():
            satisfaction, reply = int(tickets.satisfaction[i]), tickets.agent_reply[i]
            states[i] = relation_state(self.model.modes[mode[i]], satisfaction, reply, bool(quick_return[i]))
        return states

    def _near_abuse(self, decision: Decision) -> NDArray[np.bool_]:
        """Where a type that needs the abuse gate is the nearest or the second: a person decides."""
        return self._gated[decision.top] | self._gated[decision.second]

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
            dtype=np.intp,
            casting="unsafe",
        )

    def _signal_cells(self, masks: NDArray[np.int64]) -> Repeated:
        distinct, index = np.unique(masks, return_inverse=True)
        return Repeated([";".join(self.signal_names(mask)) for mask in distinct.tolist()], index.reshape(-1))

    def near_abuse(self, top: int, second: int) -> bool:
        """:meth:`_near_abuse` of one ticket."""
        return top in self._gated_places or second in self._gated_places

    @lazily
    def _signals(self) -> SignalReader:
        """Made for the first ticket that is asked about alone."""
        return SignalReader(self.model)

    @lazily
    def _cues(self) -> CueReader:
        """As :meth:`_signals`."""
        return CueReader(self.model.signals)

    def mode_and_signals(self, scores: Scores, text: str, block: FoldedBlock) -> tuple[int, int]:
        """The place of one ticket's mode, and its risk signals as bits."""
        held = self._cues.held(block, kernel_for(0))
        mode = decided_mode(self.model, scores.modes, scores.types, self._cues.places_of_modes(held))
        places = {*self._signals.reported(scores.signals.tolist(), text, held)}
        if self._safety is not None and self._cues.may_tell_danger(held) and tells_danger(text):
            places.add(self._safety)
        return mode, sum([self._bits[place] for place in places])

    def answer(
        self,
        decision: OneDecision,
        mode: int,
        goodwill: int,
        known: Mapping[str, Any],
        signals: int,
        lang: str,
    ) -> tuple[Outcome, Told]:
        """The policy's answer for one ticket, from facts as plain numbers, and what it says in a language."""
        row = self.policy.row_of.item(
            self._type_places[decision.outcome],
            self._mode_places[mode],
            goodwill,
            decision.band,
            earlier_tickets_code(known["tickets_365d"]),
            int(known["same_fault_open"] == 0),
            int(known["justified_365d"] == 0),
        )
        found = self._answers.get((row, signals, lang))
        if found is None:
            outcome = self.policy.outcome(row, signals)
            found = self._answers[row, signals, lang] = outcome, self.told(outcome, lang)
        return found

    def signal_names(self, mask: int) -> tuple[str, ...]:
        """The risk signals of a mask of bits, in the model's order."""
        bits = zip(self.model.signals, self._bits, strict=True)
        return tuple(name for name, bit in bits if mask & bit)


def _rounded(probabilities: NDArray[Any]) -> NDArray[np.float64]:
    """Rounded to six decimals, as they are written."""
    return np.rint(probabilities.astype(np.float64) * 1e6) / 1e6
