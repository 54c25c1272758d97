"""What another policy would change for tickets that were scored: which ones, and in what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

from .errors import BadOption, InputError
from .history import columns_of, facts_of_log
from .languages import language_of
from .policy import PolicyTable
from .policy_domain import EARLIER_TICKETS, earlier_tickets_codes
from .policy_rules import ANSWERS, Outcome
from .scored_header import own_columns
from .ticket_table import tickets_from_columns

if TYPE_CHECKING:
    import pandas as pd

_READ = (
    "customer_type",
    "emotional_mode",
    "goodwill",
    "risk_signals",
    "policy_rule",
    "policy_version",
    "next_step",
)

Values = Mapping[str, Sequence[str]]
"""The values that each condition may have."""


@dataclass(frozen=True)
class TicketChange:
    """One ticket that another policy answers otherwise.

    Attributes
    ----------
    row : int
        Of the scored file, the first below the header being 1.
    ticket_id : str
        Empty where there is none.
    old_rules, new_rules : tuple of str
        Ids of the rules, risk rules included.
    outputs : tuple of str
        What changes, of `ANSWERS`.
    certain : bool
        False where it depends on something that the scored file does not hold.
    """

    row: int
    ticket_id: str
    old_rules: tuple[str, ...]
    new_rules: tuple[str, ...]
    outputs: tuple[str, ...]
    certain: bool


@dataclass(frozen=True)
class Impact:
    """What becomes of the tickets of a scored file.

    Attributes
    ----------
    tickets : int
        In the file.
    changes : tuple of TicketChange
        In the order of the file.
    unread : int
        Tickets with a type, mode or screening that one of the policies does not know.
    scored_otherwise : int
        Tickets that were scored with a policy that is not the old one.
    """

    tickets: int
    changes: tuple[TicketChange, ...]
    unread: int
    scored_otherwise: int


class _Ticket(NamedTuple):
    """What the file tells of one ticket; `history` are the three history conditions, None where unknown.

    `language` is that of its next step.
    """

    customer_type: str
    emotional_mode: str
    goodwill: str
    signals: tuple[str, ...]
    fired: str
    history: tuple[str, ...] | None
    language: str


def impact(old: PolicyTable, new: PolicyTable, scored: pd.DataFrame, earlier: Any = None) -> Impact:
    """Which tickets of a scored file another policy answers otherwise.

    Type, mode, screening and signals are read from the file; history is counted from it, as scoring did. The
    rule that fired tells the confidence band; where it leaves several, and only some of them change, the
    change is not certain. A text that changes in one language changes the tickets that are answered in it.

    Parameters
    ----------
    old, new : PolicyTable
    scored : DataFrame
        As :func:`~complaint_typing.scored.read_scored` returns it.
    earlier : DataFrame, optional
        The earlier export that was given to scoring as its history.

    Raises
    ------
    BadValue
        When the table has no scored columns.
    """
    own = _own(scored)
    others = scored.iloc[:, [i for i in range(scored.shape[1]) if i not in {*own.values()}]]
    columns = [scored.iloc[:, own[name]].tolist() for name in _READ]
    ids, histories = _past(others, earlier, len(scored))
    judge = lru_cache(maxsize=None)(lambda ticket: _judged(old, new, ticket))
    spoken = lru_cache(maxsize=None)(language_of)
    changes, unread, otherwise = [], 0, 0
    for row, (cells, id, history) in enumerate(
        zip(zip(*columns, strict=True), ids, histories, strict=True), start=1
    ):
        kind, mode, goodwill, signals, rules, version, step = map(str, cells)
        known = version == old.version
        fired = rules.split(";")[0] if known else ""
        told = tuple(filter(None, signals.split(";")))
        ticket = _Ticket(kind, mode, goodwill, told, fired, history, spoken(step))
        judged = judge(ticket)
        unread += judged is None
        otherwise += not known
        if judged is not None and judged[2]:
            changes.append(TicketChange(row, id, *judged))
    return Impact(len(scored), tuple(changes), unread, otherwise)


def _own(scored: pd.DataFrame) -> dict[str, int]:
    """Where the scored columns stand, by their name in the contract."""
    names = [str(name) for name in scored.columns]
    found = {names[i].split("_scored")[0]: i for i in own_columns(names)}
    if not {*_READ} <= {*found}:
        remedy = "score it first: complaint-typing score FILE -o SCORED"
        raise BadOption("scored", ", ".join(names[:5]), "a table with the scored columns", remedy)
    return found


def _past(
    tickets: pd.DataFrame, earlier: Any, n: int
) -> tuple[Sequence[str], Iterable[tuple[str, ...] | None]]:
    """Ids and history conditions of the tickets; no history where the table cannot be read as tickets."""
    try:
        now, _ = tickets_from_columns(columns_of(tickets))
        past = () if earlier is None else (tickets_from_columns(columns_of(earlier))[0],)
    except InputError:
        return [""] * n, [None] * n
    facts = facts_of_log(now, *past)
    counts = earlier_tickets_codes(facts["tickets_365d"])
    bands = [EARLIER_TICKETS[code] for code in counts.tolist()]
    flags = [["yes" if n else "no" for n in facts[name]] for name in ("same_fault_open", "justified_365d")]
    return now.ticket_id, zip(bands, *flags, strict=True)


def _judged(
    old: PolicyTable, new: PolicyTable, ticket: _Ticket
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], bool] | None:
    """Old rules, new rules, outputs that differ, and whether they differ for certain; None if unreadable."""
    candidates = _candidates(old, ticket)
    answers = [
        tuple(policy.outcome_of(policy.decide_one(**values), ticket.signals) for policy in (old, new))
        for values in candidates
        if _readable(new, values)
    ]
    if not answers:
        return None
    lang = ticket.language
    changed = [(one, other, found) for one, other in answers if (found := _differing(one, other, lang))]
    if not changed:
        return (), (), (), True
    one, other, _ = changed[0]
    outputs = tuple(name for name in ANSWERS if any(name in found for *_, found in changed))
    return one.rule_ids, other.rule_ids, outputs, len(changed) == len(answers)


def _candidates(old: PolicyTable, ticket: _Ticket) -> list[dict[str, str]]:
    """The combinations that the ticket may have had: those whose rule is the one that fired."""
    free: dict[str, Sequence[str]] = {**old.conditions}
    read = {name: (getattr(ticket, name),) for name in ("customer_type", "emotional_mode", "goodwill")}
    names = ("earlier_tickets", "same_fault_open", "justified_before")
    counted = dict(zip(names, ((value,) for value in ticket.history), strict=True)) if ticket.history else {}
    for known in (free | read | counted, free | read):
        combinations = [values for values in _combinations(known) if _readable(old, values)]
        fitting = [v for v in combinations if ticket.fired in ("", old.decide_one(**v).rule_id)]
        if fitting:
            return fitting
    return combinations


def _combinations(known: Values) -> Iterator[dict[str, str]]:
    return (dict(zip(known, values, strict=True)) for values in product(*known.values()))


def _readable(policy: PolicyTable, values: Mapping[str, str]) -> bool:
    return all(
        value in known or (name == "goodwill" and value == "unknown")
        for (name, known), value in zip(policy.conditions.items(), values.values(), strict=True)
    )


def _differing(one: Outcome, other: Outcome, lang: str) -> tuple[str, ...]:
    texts = {"next_step": (f"next_step_{lang}", f"warnings_{lang}")}
    return tuple(
        name
        for name in ANSWERS
        if any(getattr(one, part) != getattr(other, part) for part in texts.get(name, (name,)))
    )
