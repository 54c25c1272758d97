"""The relation between customer and organisation after an answer: the four states of source 004."""

from __future__ import annotations

import re

_COURTESY = re.compile(
    r"抱歉|对不起|對不起|不好意思|歉意|道歉|致歉|见谅|見諒|谢谢|謝謝|感谢|感謝"
    r"|\b(?:sorry|apolog(?:y|ies|ise|ize|ised|ized)|thank(?:s|ful)?|regret)\b",
    re.IGNORECASE,
)
_SATISFIED = 4
_DISSATISFIED = 2


def relation_state(mode: str, satisfaction: int, agent_reply: str, quick_return: bool = False) -> str:
    """One of the four relation states of source 004 (004_f14f51fb9a3eb969.txt), or "" where none is shown.

    Nothing is guessed: a state is given only where every input that tells it from the others is there.

    - `at_ease`: satisfied (4 or 5), and not attacking.
    - `hidden_dissatisfaction`: calm words, yet a low score (1 or 2); or calm words without a better score,
      yet back with the same fault within days of its being called resolved. The reply does not matter.
    - `courtesy_not_accepted`: a low score, words that are not calm, and a reply that was courteous.
    - `open_tension`: the same, and a reply without a word of courtesy. Without a reply these two cannot be
      told apart, and neither is given.

    An attacking customer who gives a high score, and a middling score (3) without a quick return, show none
    of the four.

    Parameters
    ----------
    mode : str
        ``attack``, ``emotional`` or ``rational``: what the customer's words show; "" where missing.
    satisfaction : int
        1 to 5, 0 where missing.
    agent_reply : str
        What the customer was answered; "" where missing.
    quick_return : bool
        Whether a ticket of the same customer and category had been resolved within the seven days before
        this one was written (the history fact `same_fault_resolved_7d`). Whether *this* ticket will be
        followed by a quick return is not known while it is scored, and would differ between one ticket
        and a batch.

    >>> relation_state("rational", 2, "")
    'hidden_dissatisfaction'
    >>> relation_state("rational", 0, "", quick_return=True)
    'hidden_dissatisfaction'
    >>> relation_state("attack", 1, "We are sorry for the delay.")
    'courtesy_not_accepted'
    >>> relation_state("attack", 1, "That is not our business.")
    'open_tension'
    >>> relation_state("attack", 1, ""), relation_state("attack", 0, "We are sorry for the delay.")
    ('', '')
    """
    if not mode:
        return ""
    if satisfaction >= _SATISFIED:
        return "" if mode == "attack" else "at_ease"
    low = 1 <= satisfaction <= _DISSATISFIED
    if mode == "rational":
        return "hidden_dissatisfaction" if low or quick_return else ""
    if not low or not agent_reply.strip():
        return ""
    return "courtesy_not_accepted" if _COURTESY.search(agent_reply) else "open_tension"
