"""A talk turn by turn: its stage and whether it was earned, the type as it now looks, and the next step."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from .advice import Advice
from .advisor import Advisor
from .conversation_cues import ATTACK, FEELING, Cue, agent_cues, customer_cues, is_short
from .customer_history import CustomerHistory
from .deescalation import Stand, answered, heard, next_step
from .errors import BadOption, BadValue
from .folding import fold_texts
from .languages import language_of_one
from .model import Scores
from .past_tickets import moment
from .playbook import Step, Strategy
from .taxonomy import spoken_language
from .text_limit import whole_characters
from .turn import ROLES, Turn

DEESCALATE = "deescalate"
MODEL_SAYS = 0.75
RECENT_WEIGHT = 0.5
_STEPS = 8
_NOTHING = 2
_ANSWERS = frozenset({"assent", "accept", "thank", "close"})
_FOLLOW_UP = re.compile(r"回访|follow[- ]?up", re.IGNORECASE)


class Conversation:
    """A talk with one customer; turns go in one by one, and each says how the talk now stands.

    The stage moves by the rules of :mod:`complaint_typing.deescalation` (source 002). The type is scored on
    all the customer has said so far, and with equal weight on the latest words that tell something; mere
    answers ("yes", "all right, thank you") do not count, and a greeting is undetermined, not unfamiliar. The
    policy then decides with the stage as the emotional mode.

    Parameters
    ----------
    advisor : Advisor
    history : iterable of mapping, or CustomerHistory
        The customer's earlier tickets, as for :meth:`~complaint_typing.advisor.Advisor.advise`.
    lang : str, optional
        ``zh``, ``zh-Hant`` or ``en``; the customer's own language by default.

    Raises
    ------
    BadValue
        When `advisor` is none, or its playbook lacks the eight steps of `deescalate`.

    >>> from complaint_typing.advisor import load
    >>> talk = Conversation(load())
    >>> turn = talk.add("customer", "你们这群骗子！周一上午约的师傅，等到下午没人来，电话也不接！")
    >>> turn.stage, turn.missing, turn.step
    ('attack', ('facts', 'feeling'), 1)
    >>> _ = talk.add("agent", "让您气成这样，抱歉。我重复一遍：约的周一上午，等到下午没人来，对不对？")
    >>> talk.add("customer", "对。").stage
    'emotional'
    >>> talk.add("agent", "白等一天，心里一定很着急，是吗？").waiting_for
    'feeling'
    >>> talk.add("customer", "是的。").earned
    True
    """

    def __init__(
        self,
        advisor: Advisor,
        history: Iterable[Mapping[str, Any]] | CustomerHistory = (),
        lang: str | None = None,
    ):
        if not isinstance(advisor, Advisor):
            remedy = "give load(), or handle.advisor for the whole talk"
            raise BadOption("advisor", type(advisor).__name__, "an Advisor", remedy)
        self._advisor = advisor
        self._lang = spoken_language(lang) if lang is not None else None
        self._past = history if isinstance(history, CustomerHistory) else CustomerHistory.of(history)
        self._calming = _deescalation(advisor)
        self._stand = Stand()
        self._said: list[str] = []
        self._told: list[str] = []
        self._done: list[frozenset[str]] = []
        self._wordy = False
        self._recent: Any = None
        self._advice: Advice | None = None
        self._begun: float | None = None
        self._turns: list[Turn] = []

    @property
    def turns(self) -> tuple[Turn, ...]:
        """All turns so far."""
        return tuple(self._turns)

    def add(self, role: str, text: str, at: object = None) -> Turn:
        """Take in the next turn.

        Parameters
        ----------
        role : str
            ``customer`` or ``agent``.
        text : str
            What was said; not blank.
        at : time, optional
            When, in any form that files may have; the first one places the talk in the customer's history
            (now, where none is given).

        Raises
        ------
        BadValue
            When the role is neither, the text is blank, or the time cannot be read.

        >>> from complaint_typing.advisor import load
        >>> Conversation(load()).add("boss", "hello")
        Traceback (most recent call last):
            ...
        complaint_typing.errors.BadValue: column role: not a role of a talk, got 'boss'; use customer or agent
        """
        if role not in ROLES:
            raise BadValue(None, "role", role, "a role of a talk", "use customer or agent")
        if not (isinstance(text, str) and text.strip()):
            raise BadValue(None, "text", text, "the words of a turn", "leave out turns without words")
        text, seconds = whole_characters(text), _seconds(at, self._past)
        if self._begun is None:
            self._begun = time.time() if seconds is None else seconds
        before, advised = self._stand, self._advice
        if role == "customer":
            cues, moves = self._hear(text)
        else:
            cues = agent_cues(text, "\n".join(self._said))
            self._done.append(frozenset(cue.kind for cue in cues))
            self._stand, moves = answered(before, cues)
        turn = self._turn(role, text, seconds, cues, moves, before, advised)
        self._turns.append(turn)
        return turn

    def _hear(self, text: str) -> tuple[tuple[Cue, ...], tuple[str, ...]]:
        """Take in the customer's words."""
        cues, short = customer_cues(text), is_short(text)
        if not short:
            self._wordy = True
            scores = self._advisor.model.score([text], self._past.facts(self._moment))
            cues += self._read_by_model(scores, {cue.kind for cue in cues})
            kinds = {cue.kind for cue in cues}
            self._recent = scores.types if "tell" in kinds and not kinds & _ANSWERS else self._recent
        before = self._stand
        self._stand, moves = heard(before, text, cues)
        self._said.append(text)
        if not (short and {cue.kind for cue in cues} & _ANSWERS) and not is_short(text, _NOTHING):
            self._told.append(text)
        words = {"text": "\n".join(self._told or self._said), "created_at": self._begun}
        self._advice = self._advisor.advise(words, self._past, lang=self._lang, adjust=self._weighed)
        return _that_counted(cues, before, self._stand), moves

    @property
    def _moment(self) -> int:
        return int(self._begun or 0)

    def _read_by_model(self, scores: Scores, kinds: set[str]) -> tuple[Cue, ...]:
        """What the model reads where no words of the tables show a stage below reason."""
        for mode, shown in (("attack", ATTACK), ("emotional", FEELING)):
            if kinds & {*shown}:
                return ()
            if mode in self._advisor.model.modes:
                probability = float(scores.modes[0, self._advisor.model.modes.index(mode)])
                if probability >= MODEL_SAYS:
                    return (Cue(f"model_{mode}", probability=round(probability, 6)),)
        return ()

    def _weighed(self, scores: Scores) -> Scores:
        """All words and the latest ones together; the stage as the mode."""
        model, types, strangeness = self._advisor.model, scores.types, scores.strangeness
        if self._recent is not None:
            types = (1 - RECENT_WEIGHT) * types + RECENT_WEIGHT * self._recent
        if strangeness[0] >= model.thresholds.unfamiliar and not self._wordy:
            types, strangeness = np.full_like(types, 1 / types.shape[1]), np.zeros_like(strangeness)
        modes = np.array([[name == self._stand.stage for name in model.modes]], dtype=np.float32)
        return Scores(types, modes if modes.any() else scores.modes, scores.signals, strangeness)

    def _turn(
        self,
        role: str,
        text: str,
        at: int | None,
        cues: Sequence[Cue],
        moves: Sequence[str],
        before: Stand,
        advised: Advice | None,
    ) -> Turn:
        stand, advice = self._stand, self._advice
        lang = self._lang or (advice.language if advice else language_of_one(text, fold_texts([text]), ""))
        strategy, step = self._next(stand, advice)
        waiting = [name for name in stand.missing if name in stand.asked]
        changed = advised is not None and advice is not None and advised.customer_type != advice.customer_type
        return Turn(
            number=len(self._turns) + 1,
            role=role,
            text=text,
            at=at,
            language=lang,
            stage=stand.stage,
            stage_before=before.stage,
            earned=stand.earned,
            missing=stand.missing,
            waiting_for=waiting[0] if waiting else "",
            silent=stand.silent,
            moves=tuple(moves),
            cues=tuple(cues),
            alerts=_new_warnings(advice, advised),
            type_before=advised.customer_type if advised is not None and changed else "",
            strategy=strategy,
            next=step,
            advice=advice,
        )

    def _next(self, stand: Stand, advice: Advice | None) -> tuple[Strategy | None, Step | None]:
        """The strategy to follow now, and its step: first to calm, then the matter itself.

        Where the strategy asks for no facts nothing is urgent: who never attacked has company at once.
        """
        if advice is None:
            return None, None
        number = next_step(stand)
        if number and (stand.attacked or advice.playbook.asks):
            return self._calming, self._calming.steps[number - 1]
        strategy = advice.playbook
        if stand.settled and any(cue.kind == "close" for cue in customer_cues(stand.last)):
            follow_up = [s for s in strategy.steps if _FOLLOW_UP.search(s.purpose_zh + s.purpose_en)]
            return strategy, (follow_up or [*strategy.steps])[-1]
        return strategy, strategy.steps[_place(strategy, self._done)]


def _deescalation(advisor: Advisor) -> Strategy:
    strategy = advisor.policy.playbook.get(DEESCALATE)
    steps = len(strategy.steps) if strategy else 0
    if strategy is None or steps < _STEPS:
        remedy = "copy the rows of deescalate from the shipped playbook.csv"
        raise BadValue(None, "step", f"{steps} steps", f"the {_STEPS} steps of {DEESCALATE}", remedy)
    return strategy


def _new_warnings(advice: Advice | None, before: Advice | None) -> tuple[str, ...]:
    known = before.warnings if before else ()
    return tuple(text for text in advice.warnings if text not in known) if advice else ()


def _that_counted(cues: Sequence[Cue], before: Stand, now: Stand) -> tuple[Cue, ...]:
    """Without those that mean nothing where they stand: a "no" to no offer, a "yes" to no question."""
    idle = {
        "press": not now.pressed,
        "refuse": not before.offered,
        "correct": not before.asked,
        "assent": not before.asked and before.stage != "attack",
    }
    return tuple(cue for cue in cues if not idle.get(cue.kind, False))


def _seconds(at: object, past: CustomerHistory) -> int | None:
    if at is None or (isinstance(at, str) and not at):
        return None
    return moment(at, "at", past.tz, past.date_order)


@lru_cache(maxsize=256)
def _acts(strategy: Strategy) -> tuple[frozenset[str], ...]:
    """What each step's sample phrase does; questions count only in the first half, where facts are asked."""
    acts = [
        frozenset(cue.kind for say in (s.say_zh, s.say_en) for cue in agent_cues(say)) for s in strategy.steps
    ]
    return tuple(a - {"ask"} if 2 * i > len(acts) else a for i, a in enumerate(acts))


def _place(strategy: Strategy, done: Sequence[frozenset[str]]) -> int:
    """Index of the step after the furthest that the agent's turns have reached, never beyond the last."""
    acts, place = _acts(strategy), 0
    for kinds in done:
        place = next((i + 1 for i in range(place, len(acts)) if acts[i] & kinds), place)
    return min(place, len(acts) - 1)
