"""Inside a program of one's own: one function, and one advisor for the whole process."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import complaint_typing as ct


@dataclass(frozen=True)
class Route:
    """Where a ticket goes."""

    queue: str
    next_step: str
    due_in_days: int | None
    why: tuple[str, ...]


@lru_cache(maxsize=1)
def advisor() -> ct.Advisor:
    """Loaded when first asked; any number of threads share it."""
    return ct.load()


def route(ticket: Mapping[str, Any], earlier: Iterable[Mapping[str, Any]] = ()) -> Route:
    """Who takes a ticket, and what they do first.

    >>> route({"text": "The clerk laughed at me. I want an apology from your manager."}).queue
    'team_lead'
    >>> route({"text": "我就想弄明白这一项是什么意思，是按什么收的。"}).queue
    'agents'
    """
    advice = advisor().advise(ticket, earlier)
    queue = advice.escalate_to or ("team_lead" if advice.requires_human else "agents")
    return Route(queue, advice.next_step, advice.follow_up_days, advice.evidence)
