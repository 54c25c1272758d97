"""One customer's past, compact: what a service keeps to judge the customer's next ticket."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import tzinfo
from numbers import Real
from typing import Any

import numpy as np

from . import __version__, cells
from .columns import FINDING_COLUMNS
from .errors import BadOption, KeptHistoryError
from .facts import FACTS, FACTS_VERSION
from .history import Facts
from .past_facts import Event, facts_at
from .past_tickets import PastTicket, checked_past, listed, moment, read_past_ticket, read_several
from .text_limit import judged_part
from .ticket_table import join_texts
from .times import checked_order, zone_name, zone_of

FORMAT = 1
_LOG = logging.getLogger(__name__)


class CustomerHistory:
    """The tickets of one customer, without their texts.

    A later entry with the same ``ticket_id`` tells more of the same ticket: its values replace those of the
    earlier one, a missing value replaces nothing, and `created_at` stays the earliest. So an outcome is
    recorded by giving the ticket again. Entries without a ``ticket_id`` are tickets of their own, but for one
    that is given again with the same words of the same second.

    Parameters
    ----------
    tickets : iterable of mapping
        Fields of the ticket contract; texts are not kept.
    tz : str or tzinfo, default "UTC"
        Zone of times that name none.
    date_order : {"dmy", "mdy"}, optional
        Order of dates with the year last; by default the tickets that are given together tell it.

    Raises
    ------
    BadValue
        When `tickets` is no list of tickets, or `tz` or `date_order` is none.
    AmbiguousDates
        When nothing tells whether days or months come first.

    >>> ticket = {"created_at": "2026-01-01", "resolved_at": "2026-01-03", "fault_found": "yes"}
    >>> past = CustomerHistory([ticket])
    >>> facts = past.facts(past.seconds("2026-02-01"))
    >>> facts["justified_365d"].tolist(), facts["days_since_last"].tolist()
    ([1], [31.0])
    """

    def __init__(
        self,
        tickets: Iterable[Mapping[str, Any]] = (),
        tz: str | tzinfo = "UTC",
        date_order: str | None = None,
    ):
        self._tickets: dict[str | int, PastTicket] = {}
        self._events: dict[str | int, Event] = {}
        self._finds = False
        self.stated = True
        self.tz, self.date_order = tz, checked_order(date_order)
        zone_of(tz)
        self._record(listed(tickets))

    @classmethod
    def of(
        cls, tickets: Iterable[Mapping[str, Any]], tz: str | tzinfo = "UTC", date_order: str | None = None
    ) -> CustomerHistory:
        """A history of the given tickets; an unknown past where there are none, or none has a time."""
        history = cls(tickets, tz, date_order)
        history.stated = history.undated < len(history)
        if history.undated:
            _LOG.warning(
                "%d of %d earlier tickets have no time: they count for nothing", history.undated, len(history)
            )
        return history

    @classmethod
    def of_past(cls, tickets: Iterable[PastTicket], has_outcomes: bool) -> CustomerHistory:
        """A history of tickets that were read before."""
        history = cls()
        history._finds = has_outcomes
        for ticket in tickets:
            history._keep(ticket)
        return history

    def seconds(self, time: object) -> int:
        """A time as seconds since 1970 UTC, read as those of the history's tickets.

        Raises
        ------
        BadValue, AmbiguousDates
            As :func:`~complaint_typing.past_tickets.moment`.

        >>> CustomerHistory(tz="+08:00").seconds("1970-01-02"), CustomerHistory().seconds("1970-01-02")
        (57600, 86400)
        """
        return moment(time, tz=self.tz, date_order=self.date_order)

    def add(self, ticket: Mapping[str, Any]) -> None:
        """Record a ticket, or what became of it; the entries there are not read again.

        Raises
        ------
        BadValue
            When it is no ticket.
        AmbiguousDates
            When a time does not tell whether its day or its month comes first.
        """
        self._record(listed([ticket], "ticket"))

    def _record(self, tickets: Sequence[Mapping[str, Any]]) -> None:
        how = self.tz, self.date_order
        read = [read_past_ticket(tickets[0], *how)] if len(tickets) == 1 else read_several(tickets, *how)
        for past, ticket in zip(read, tickets, strict=True):
            self._keep(past if past.ticket_id else past._replace(ticket_id=mark_of(past, _words(ticket))))
        self._finds = self._finds or any(name in ticket for ticket in tickets for name in FINDING_COLUMNS)

    def _keep(self, ticket: PastTicket) -> None:
        key = ticket.ticket_id or len(self._tickets)
        known = self._tickets.get(key)
        ticket = self._tickets[key] = known.updated(ticket) if known else ticket
        if ticket.created_at is not None:
            self._events[key] = Event.of(ticket, ticket.created_at)

    def __len__(self) -> int:
        return len(self._tickets)

    @property
    def undated(self) -> int:
        """How many tickets have no time: they count for nothing."""
        return len(self._tickets) - len(self._events)

    def facts(self, at: int, category: str = "") -> Facts:
        """The history facts at a moment, as :func:`~complaint_typing.history.history_facts` gives them.

        Parameters
        ----------
        at : int
            Seconds since 1970 UTC.
        category : str
            Of the ticket asked about, for the facts about the same fault.

        Returns
        -------
        dict of str to ndarray of shape (1,)

        Raises
        ------
        BadOption
            When `at` is no number.
        """
        if not isinstance(at, Real):
            remedy = "turn it into seconds: past.facts(past.seconds('2026-05-01'))"
            raise BadOption("at", at, "seconds since 1970", remedy)
        found = self.facts_of_one(int(at), category)
        return {name: np.array((found[name],), dtype=kind) for name, kind in _KINDS.items()}

    def facts_of_one(self, at: int, category: str = "") -> dict[str, Any]:
        """The same as plain numbers.

        >>> CustomerHistory([{"created_at": "1970-01-01"}]).facts_of_one(86_400)["days_since_last"]
        1.0
        """
        has_outcomes = self.stated and (self._finds or not self._tickets)
        return facts_at(list(self._events.values()), at, category, self.stated, has_outcomes)

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON: the tickets as numbers, and what they were kept by.

        >>> CustomerHistory([{"ticket_id": "t1", "created_at": 86400 * 20000}]).to_dict()["tickets"]
        [['t1', 1728000000, '', None, None, None, None, None]]
        """
        return {
            "format": FORMAT,
            "facts": FACTS_VERSION,
            "package": __version__,
            "tz": zone_name(self.tz),
            "date_order": self.date_order,
            "stated": self.stated,
            "has_outcomes": self._finds,
            "tickets": [list(ticket) for ticket in list(self._tickets.values())],
        }

    def to_json(self) -> str:
        r"""The same as one line of JSON; half characters of names (lone surrogates) are escaped.

        >>> r"cut \ud83d" in CustomerHistory([{"ticket_id": "cut \ud83d"}]).to_json()
        True
        """
        written = json.dumps(self.to_dict(), ensure_ascii=False, separators=(",", ":"))
        return written.encode(errors="backslashreplace").decode()

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> CustomerHistory:
        """The history that :meth:`to_dict` wrote.

        Raises
        ------
        KeptHistoryError
            When a newer version wrote it, or it is no history.

        >>> CustomerHistory.from_dict({"format": 99})
        Traceback (most recent call last):
            ...
        complaint_typing.errors.KeptHistoryError: kept history: format 99 is newer than 1; upgrade ...
        """
        kept = kept if isinstance(kept, Mapping) else {}
        for name, known in (("format", FORMAT), ("facts", FACTS_VERSION)):
            version = kept.get(name)
            if isinstance(version, int) and version > known:
                raise KeptHistoryError(f"{name} {version} is newer than {known}", "upgrade complaint-typing")
        try:
            stated, finds = (_flag(kept[name]) for name in ("stated", "has_outcomes"))
            tickets = [checked_past(row) for row in kept["tickets"]]
            zone, order = _zone(kept.get("tz", "UTC")), checked_order(kept.get("date_order"))
        except (KeyError, TypeError, ValueError):
            remedy = "build it again from the tickets"
            raise KeptHistoryError("it is no history that was kept", remedy) from None
        history = cls.of_past(tickets, finds)
        history.stated, history.tz, history.date_order = stated, zone, order
        return history

    @classmethod
    def from_json(cls, text: str | bytes) -> CustomerHistory:
        """The history that :meth:`to_json` wrote.

        Raises
        ------
        KeptHistoryError
            As :meth:`from_dict`, and when it is no JSON.
        """
        try:
            kept = json.loads(text)
        except (ValueError, TypeError, RecursionError):
            kept = {}
        return cls.from_dict(kept)


_OF_KIND = {"flag": np.bool_, "count": np.int64, "money": np.float64, "days": np.float64}
_KINDS = {fact.name: _OF_KIND[fact.kind] for fact in FACTS}


def _words(given: Mapping[str, Any]) -> str:
    """Subject and text of a ticket as it was given."""
    return join_texts(*(cells.texts([given.get(name)]) for name in ("subject", "text")))[0]


def mark_of(past: PastTicket, words: str) -> str:
    """What a ticket without an id is known by, where it has a time and words; "" where not."""
    if past.created_at is None or not words:
        return ""
    told = f"{past.created_at}\n{judged_part(words)}".encode(errors="surrogatepass")
    return "~" + hashlib.blake2b(told, digest_size=8).hexdigest()


def _zone(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    zone_of(value)
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value
