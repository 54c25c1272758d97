"""The way from attack over feeling to reason (002_c3eb830345b3fd1d.txt), as rules over the cues of a talk.

The stage rises one step at a time, whenever the customer's words allow it. After an attack it has to be
*earned* by two agreements: the customer says yes after the agent said the facts back, and yes after the agent
named the feeling. A stage that was not earned does not hold: it falls back as soon as the customer turns an
offer down or merely presses. A new attack ends every stage, and both agreements are to be won again.

Who never attacked owes no agreements: feeling is met by saying why the matter is urgent and by showing a way.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from .conversation_cues import ATTACK, FEELING, Cue, is_short, same_words

STAGES = ("attack", "emotional", "rational")
AGREEMENTS = ("facts", "feeling")
PATIENCE_ENDS = 3

MOVES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "starts": ("客户的第一句话定下起点", "the customer's first words set the stage"),
        "attacks": (
            "攻击之下退回攻击模式，两次认同从头争取",
            "under attack the way begins anew, with both agreements",
        ),
        "attacks_still": ("仍在攻击", "still attacking"),
        "calmer": ("不再攻击，开始讲事情或说心情", "no longer attacking: tells, feels or agrees"),
        "calm": ("讲事情、谈办法，不带情绪", "speaks of the matter without feeling"),
        "upset": ("情绪上来了，退到情感模式，要说到他的心情", "feeling comes up and has to be named"),
        "not_earned": (
            "没有两次认同就往前走，退回一个模式",
            "went ahead without the two agreements: falls back a stage",
        ),
        "agrees_facts": ("第一次认同：事实复述对了", "first agreement: the facts were said back rightly"),
        "agrees_feeling": ("第二次认同：心情说对了", "second agreement: the feeling was named rightly"),
        "corrects": ("客户更正：照更正的再复述一遍", "corrected: say it back again as corrected"),
        "silent": ("只催不说：请他讲，问很小的问题", "merely presses: invite to tell, ask small things"),
        "too_early": ("认同还没到，先别给办法", "too early for remedies: no agreement yet"),
        "hushed": ("叫客户冷静会火上浇油", "telling an angry customer to calm down feeds the fire"),
    }
)
"""What can happen in a turn, with its sentence in zh and in en."""


@dataclass(frozen=True)
class Stand:
    """How a talk stands after some turns.

    Attributes
    ----------
    stage : str
        ``attack``, ``emotional`` or ``rational``; "" until the customer has said something.
    lowest : str
        The gravest stage since both agreements were last there.
    agreed, asked : frozenset of str
        Which of `AGREEMENTS` the customer has given, and which the agent's latest words ask for.
    attacked : bool
        Whether the customer has ever attacked.
    told, silent, settled : bool
        Whether the customer has told anything, merely presses, and has just accepted, thanked or ended.
    attacks : int
        Customer's turns in a row that attack.
    done : frozenset of str
        What the agent has done on this way: kinds of agent's cues.
    offered, answered : bool
        Whether the agent has offered a way, and spoken at all, since the customer's latest words.
    pressed : bool
        Whether those words only pressed.
    last : str
        Those words.
    """

    stage: str = ""
    lowest: str = "rational"
    agreed: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()
    attacked: bool = False
    told: bool = False
    silent: bool = False
    settled: bool = False
    attacks: int = 0
    done: frozenset[str] = frozenset()
    offered: bool = False
    answered: bool = False
    pressed: bool = False
    last: str = ""

    @property
    def missing(self) -> tuple[str, ...]:
        """The agreements that are still to be won; none where the customer never attacked."""
        return tuple(name for name in AGREEMENTS if self.attacked and name not in self.agreed)

    @property
    def earned(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing


def heard(stand: Stand, text: str, cues: Sequence[Cue]) -> tuple[Stand, tuple[str, ...]]:
    """How the talk stands after the customer's words, and which of `MOVES` they made.

    >>> from complaint_typing.conversation_cues import customer_cues
    >>> text = "你们这群骗子！"
    >>> stand, moves = heard(Stand(), text, customer_cues(text))
    >>> stand.stage, stand.missing, moves
    ('attack', ('facts', 'feeling'), ('starts',))
    """
    kinds = {cue.kind for cue in cues}
    told = stand.told or "tell" in kinds
    pressed = _presses(stand, text, kinds)
    silent = pressed and stand.pressed and stand.answered and not told
    shown = _shown(kinds, silent)
    attacks = shown == "attack"
    agreement = "" if attacks else _agreement(stand, kinds)
    now = replace(
        stand,
        agreed=frozenset() if attacks else stand.agreed | ({agreement} & {*AGREEMENTS}),
        asked=frozenset(),
        told=told,
        silent=silent,
        settled=shown == "rational" and bool(kinds & {"accept", "thank", "close"}),
        attacked=stand.attacked or attacks,
        attacks=stand.attacks + 1 if attacks else 0,
        done=stand.done & (_FIRST_WORDS if stand.stage == "attack" else _APOLOGY) if attacks else stand.done,
        offered=False,
        answered=False,
        pressed=pressed,
        last=text,
    )
    stage, move = _moved(now, shown, silent or ("refuse" in kinds and stand.offered), agreement)
    shown_move = "" if silent and move == "upset" else move
    noticed = ("agrees_" + agreement if agreement in AGREEMENTS else agreement, shown_move, "silent" * silent)
    return _at(now, stage, move), tuple(filter(None, noticed))


def answered(stand: Stand, cues: Collection[Cue]) -> tuple[Stand, tuple[str, ...]]:
    """How the talk stands after the agent's words, and which of `MOVES` they made.

    >>> from complaint_typing.conversation_cues import agent_cues
    >>> stand, moves = answered(Stand("attack", "attack", attacked=True), agent_cues("请您先冷静一下"))
    >>> stand.asked, moves
    (frozenset(), ('hushed',))
    """
    kinds = {cue.kind for cue in cues}
    asks = {name for name, kind in (("facts", "restate"), ("feeling", "feeling")) if kind in kinds}
    early = not stand.earned and stand.stage != "rational"
    now = replace(
        stand,
        asked=(stand.asked | asks) if stand.answered else frozenset(asks),
        done=stand.done | (kinds if stand.earned else kinds - _SECOND_PART),
        offered="offer" in kinds or (stand.offered and stand.answered),
        answered=True,
    )
    moves = ("too_early" * (early and "offer" in kinds), "hushed" * (early and "hush" in kinds))
    return now, tuple(filter(None, moves))


def next_step(stand: Stand) -> int:
    """Number of the `deescalate` step that comes next; 0 where the customer's matter itself comes next.

    >>> next_step(Stand("attack", "attack", attacked=True, told=True, done=frozenset({"apology"})))
    3
    """
    if stand.silent:
        return 2
    if stand.stage in ("", "rational") and (stand.earned or stand.settled):
        return 0
    if stand.earned:
        return _second_part(stand)
    if stand.attacks >= PATIENCE_ENDS and stand.done & _FIRST_WORDS:
        return 8
    if not stand.done & _FIRST_WORDS:
        return 1
    return 3 + AGREEMENTS.index(stand.missing[0]) if stand.told else 2


def _second_part(stand: Stand) -> int:
    """From feeling to reason; who never attacked is first met with the first words of the type's strategy."""
    if not stand.attacked and not stand.done & _FIRST_WORDS:
        return 0
    return next((5 + i for i, kind in enumerate(("why", "offer")) if kind not in stand.done), 7)


_APOLOGY = frozenset({"apology"})
_FIRST_WORDS = frozenset({"apology", "invite"})
_SECOND_PART = frozenset({"why", "offer", "prevent"})
_NOT_PRESSING = frozenset({"tell", "assent", "accept", "thank", "close", "correct"})


def _presses(stand: Stand, text: str, kinds: Collection[str]) -> bool:
    """Whether words are hardly more than a demand, or the same words again."""
    if not is_short(text) or _NOT_PRESSING & {*kinds}:
        return False
    return "press" in kinds or same_words(text, stand.last)


def _shown(kinds: Collection[str], silent: bool) -> str:
    """What the words show: a stage, a mere `assent`, or nothing."""
    if {*ATTACK, "model_attack"} & {*kinds}:
        return "attack"
    if silent or {*FEELING, "model_emotional"} & {*kinds}:
        return "emotional"
    if {"tell", "accept", "thank", "close"} & {*kinds}:
        return "rational"
    return "assent" if "assent" in kinds else ""


def _agreement(stand: Stand, kinds: Collection[str]) -> str:
    """The agreement that an answer gives, the first one first; `corrects` where it corrects; else ""."""
    if stand.asked and "correct" in kinds:
        return "corrects"
    open_ones = [name for name in AGREEMENTS if name in stand.asked and name not in stand.agreed]
    return open_ones[0] if "assent" in kinds and open_ones else ""


def _moved(now: Stand, shown: str, refuses: bool, agreement: str) -> tuple[str, str]:
    """The stage that the words lead to, and the move; "" where nothing moves."""
    if not now.stage:
        return (shown if shown in STAGES else "rational"), "starts"
    if shown == "attack":
        return "attack", "attacks_still" if now.stage == "attack" else "attacks"
    place = STAGES.index(now.stage)
    if refuses and not now.earned and STAGES.index(now.lowest) < place:
        return STAGES[place - 1], "not_earned"
    if now.stage == "rational":
        new_feeling = shown == "emotional" and agreement != "feeling"
        return ("emotional", "upset") if new_feeling else ("rational", "")
    if refuses or not shown:
        return now.stage, ""
    if now.stage == "attack":
        return "emotional", "calmer"
    return ("rational", "calm") if shown == "rational" else ("emotional", "")


def _at(now: Stand, stage: str, move: str) -> Stand:
    """The stand at its new stage."""
    agreed = now.agreed - {"feeling"} if move == "upset" else now.agreed
    done = now.done - _SECOND_PART if move == "upset" else now.done
    now = replace(now, stage=stage, agreed=agreed, done=done)
    return replace(now, lowest=stage if now.earned else min(now.lowest, stage, key=STAGES.index))
