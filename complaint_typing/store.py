"""Histories of all customers in an SQL database, for services that have no store of their own."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import tzinfo
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np

from . import cells
from .columns import FINDING_COLUMNS
from .customer_history import CustomerHistory, mark_of
from .decision import NONE
from .errors import BadOption, BadValue
from .facts import FACT_NAMES
from .masking import mask
from .past_tickets import PastTicket, listed, moment, one_id, read_past
from .store_rows import KEPT, is_before, known_at, past_of, storable, told_more
from .store_tables import (
    META,
    TICKETS,
    delete_before,
    delete_customers,
    make_tables,
    open_engine,
    scrub,
    set_once,
    transaction,
    upsert_tickets,
)
from .taxonomy import read_taxonomy
from .ticket_table import join_texts

if TYPE_CHECKING:
    import sqlalchemy as sa

_FINDS = "has_outcomes"
_LONGEST_KEY = hashlib.blake2b.MAX_KEY_SIZE


class SqlHistory:
    """A store of histories; safe between threads and many processes at once.

    Processes may be forked off at any time, by `os.fork` and all that Python builds on it: where the store is
    a SQLite file, the fork waits until no other thread is in the middle of using it.

    Tickets are kept without their texts: moments, category, findings. A ticket that is given again tells
    more of the same ticket, as in :class:`~complaint_typing.customer_history.CustomerHistory`, so everything
    may be given twice.

    Parameters
    ----------
    url : str
        ``sqlite:///history.db`` (a file, for one machine) or ``postgresql://user@host/database`` (for many).
        The tables are made when they are not there.
    keep_text : bool, default False
        Keep the texts of tickets, masked, so that corrections can be trained on. Otherwise only a text that
        is given to :meth:`correct` is kept.
    id_key : bytes, optional
        Keep customer ids only as BLAKE2 hashes under this secret key of 1 to 64 bytes.
    types : iterable of str, optional
        What a correction may name, beside ``none``: the types of your own model, ``load(MODEL).model.types``.
        The shipped ones by default.

    Raises
    ------
    StoreUnavailable
        When the database cannot be reached; every method may raise it.
    KeptHistoryError
        When a newer version made the store, or ids are kept in it under another key.
    BadOption
        When `url` names another kind of database, or one in memory, or `id_key` is no key.
    MissingExtra
        When the extra ``sql`` is not installed.

    >>> import tempfile
    >>> store = SqlHistory(f"sqlite:///{tempfile.mkdtemp()}/history.db")
    >>> store.append([{"customer_id": "c1", "ticket_id": "t1", "created_at": "2026-01-01"}])
    1
    >>> store.append([{"ticket_id": "t1", "resolved_at": "2026-01-03", "fault_found": "yes"}])
    1
    >>> past = store.fetch("c1")
    >>> past.facts(past.seconds("2026-02-01"))["justified_365d"].tolist()
    [1]
    """

    def __init__(
        self,
        url: str = "sqlite:///history.db",
        keep_text: bool = False,
        id_key: bytes | None = None,
        types: Iterable[str] | None = None,
    ):
        self.url, self.keep_text, self._id_key = url, keep_text, _checked_key(id_key)
        self.types = read_taxonomy().types if types is None else tuple(types)
        self._finds = False
        self._engines: dict[int, sa.Engine] = {}
        make_tables(self._engine, self._hashed("the key of this store") if id_key else "as given")

    @property
    def _engine(self) -> sa.Engine:
        """The engine of this process: connections are not shared with processes that were forked off."""
        if os.getpid() not in self._engines:
            self._engines[os.getpid()] = open_engine(self.url)
        return self._engines[os.getpid()]

    def append(self, tickets: Iterable[Mapping[str, Any]], tz: str | tzinfo = "UTC") -> int:
        """Record tickets, or what became of them: all of them or, with an error, none.

        Parameters
        ----------
        tickets : iterable of mapping
            Fields of the ticket contract. A ticket that was appended before needs no ``customer_id``.
        tz : str or tzinfo
            Zone of times that name none.

        Returns
        -------
        int
            Tickets recorded: they are on the disk.

        Raises
        ------
        BadValue
            When it is no list of tickets, nobody knows whose one is, or ``corrected_type`` is no type.
        AmbiguousDates
            When nothing tells whether days or months come first.
        """
        given = listed(tickets)
        past = read_past(given, tz)
        with transaction(self._engine, writes=True) as connection:
            owners = self._owners(connection, given, past)
            rows: dict[tuple[str, str], dict[str, Any]] = {}
            for ticket, read, owner in zip(given, past, owners, strict=True):
                row = self._row(ticket, read, owner)
                key = row["customer_id"], row["ticket_id"]
                rows[key] = told_more(rows[key], row) if key in rows else row
            if rows:
                upsert_tickets(connection, [rows[key] for key in sorted(rows)])
            if not self._finds and any(name in ticket for ticket in given for name in FINDING_COLUMNS):
                set_once(connection, _FINDS, "1")
        return len(rows)

    def _owners(
        self, connection: sa.Connection, given: Sequence[Mapping[str, Any]], past: Sequence[PastTicket]
    ) -> list[str]:
        """The customer of each ticket, as kept; of those that name none, as told before."""
        ids = [one_id(ticket.get("customer_id"), row) for row, ticket in enumerate(given, start=1)]
        named = cells.identities(ids)[0]
        owners = [self._who(name) if name else "" for name in named]
        told = {t.ticket_id: who for t, who in zip(past, owners, strict=True) if who and t.ticket_id}
        for row, ticket in enumerate(past):
            if not owners[row]:
                known = told.get(ticket.ticket_id) or self._owner(connection, ticket.ticket_id, row + 1)
                if not known:
                    remedy = "say whose ticket it is: the store does not know its ticket_id"
                    raise BadValue(row + 1, "customer_id", "", "the id of a customer", remedy)
                owners[row] = known
        return owners

    def _owner(self, connection: sa.Connection, ticket_id: str, row: int | None = None) -> str:
        """Whose ticket it is; "" for a ticket that the store does not know."""
        query = (
            TICKETS.select()
            .with_only_columns(TICKETS.c.customer_id)
            .where(TICKETS.c.ticket_id == storable(ticket_id))
        )
        found = connection.execute(query).scalars().all() if ticket_id else []
        if len(found) > 1:
            remedy = "say whose ticket it is: several customers have one of this ticket_id"
            raise BadValue(row, "customer_id", "", "one customer's alone", remedy)
        return str(found[0]) if found else ""

    def _row(self, ticket: Mapping[str, Any], read: PastTicket, owner: str) -> dict[str, Any]:
        """A ticket as it is kept."""
        subject, text = cells.texts([ticket.get("subject"), ticket.get("text")])
        words = join_texts([subject], [text])[0]
        corrected = cells.ids([ticket.get("corrected_type")])[0]
        return {
            "customer_id": owner,
            "ticket_id": storable(read.ticket_id) or self._mark(read, owner, words),
            **dict(zip(KEPT, read[1:], strict=True)),
            "category": storable(read.category) or None,
            "corrected_type": self._checked_type(corrected) if corrected else None,
            "text": storable(mask(words)) if self.keep_text and words else None,
        }

    def _mark(self, read: PastTicket, owner: str, words: str) -> str:
        """What a ticket without an id is known by: as in a CustomerHistory, or under the key if there is one.

        Tickets of one second that have no words are told apart by their categories.
        """
        mark = "" if self._id_key else mark_of(read, words)
        return mark or "~" + self._hashed(f"{owner}\n{read.created_at}\n{words or read.category}")

    def fetch(self, customer_id: object, at: object = None) -> CustomerHistory:
        """One customer's history, ready for :meth:`~complaint_typing.advisor.Advisor.advise`.

        Parameters
        ----------
        customer_id : str or int
        at : time, optional
            As it was known at this moment: tickets written later and outcomes recorded later are left out. By
            default all that is known; facts count what was known at their moment in any case.

        Returns
        -------
        CustomerHistory
            An empty one for a customer never met, who is new; an unknown past for nobody.

        Raises
        ------
        BadValue
            When `customer_id` is no single id, or `at` no time.
        """
        [[name], _] = cells.identities([one_id(customer_id)])
        if not name:
            return CustomerHistory.of(())
        return self._history(self._who(name), None if at is None else moment(at, "at"))

    def _history(self, owner: str, moment: int | None = None) -> CustomerHistory:
        with transaction(self._engine) as connection:
            rows = connection.execute(TICKETS.select().where(TICKETS.c.customer_id == owner)).all()
            self._look_for_finds(connection)
        past = [past_of(row) for row in rows]
        if moment is not None:
            past = [known_at(ticket, moment) for ticket in past if is_before(ticket, moment)]
        return CustomerHistory.of_past(past, self._finds)

    def _look_for_finds(self, connection: sa.Connection) -> None:
        """Whether anybody ever told the store what was found."""
        finds = META.select().where(META.c.name == _FINDS)
        self._finds = self._finds or connection.execute(finds).first() is not None

    def correct(
        self, ticket_id: object, corrected_type: str, text: str | None = None, customer_id: object = None
    ) -> None:
        """Say which type a ticket's author truly was; a wrong verdict is cleared and training reads it.

        Parameters
        ----------
        ticket_id : str or int
        corrected_type : str
            One of `types`, or ``none`` for a text that is no ticket; "" takes the correction back.
        text : str, optional
            The words of the ticket, kept masked: without them there is nothing to train on. Not needed where
            the store keeps texts; a missing value (None, NaN) gives none.
        customer_id : str or int, optional
            Needed where two customers have a ticket of this id.

        Raises
        ------
        BadValue
            When it is no type, no such ticket is there, or it could be that of several customers.
        """
        name = storable(cells.ids([ticket_id])[0])
        told: dict[str, Any] = {
            "corrected_type": self._checked_type(corrected_type) if corrected_type else None
        }
        [words] = cells.texts([text])
        if words:
            told["text"] = storable(mask(words))
        elif not corrected_type and not self.keep_text:
            told["text"] = None
        with transaction(self._engine, writes=True) as connection:
            [given] = cells.ids([customer_id])
            owner = self._who(given) if given else self._owner(connection, name)
            this = (TICKETS.c.customer_id == owner) & (TICKETS.c.ticket_id == name)
            if not connection.execute(TICKETS.update().where(this).values(**told)).rowcount:
                expected = "a ticket of this customer in the store" if given else "a ticket of the store"
                remedy = "give an id that was appended, or append the ticket first"
                raise BadOption("ticket_id", name, expected, remedy)

    def corrections(self) -> list[dict[str, Any]]:
        """The corrected tickets whose texts are kept, as rows for `complaint-typing train`.

        Returns
        -------
        list of dict
            ``ticket_id``, ``customer_id``, ``created_at`` (ISO, UTC; "" without one), ``category``, ``text``
            (masked), ``corrected_type``, and the ``history_*`` facts just before each ticket.
        """
        is_taught = TICKETS.c.corrected_type.is_not(None) & TICKETS.c.text.is_not(None)
        theirs = TICKETS.c.customer_id.in_(
            TICKETS.select().with_only_columns(TICKETS.c.customer_id).where(is_taught)
        )
        query = TICKETS.select().where(theirs).order_by(TICKETS.c.customer_id, TICKETS.c.ticket_id)
        with transaction(self._engine) as connection:
            self._look_for_finds(connection)
            rows = connection.execute(query).all()
        told = []
        for _, tickets in groupby(rows, key=lambda row: str(row.customer_id)):
            of_one = list(tickets)
            history = CustomerHistory.of_past([past_of(row) for row in of_one], self._finds)
            taught = [row for row in of_one if row.corrected_type is not None and row.text is not None]
            told += [self._training_row(row, history) for row in taught]
        return told

    def _training_row(self, row: Any, history: CustomerHistory) -> dict[str, Any]:
        """A corrected ticket with what was known just before it."""
        facts = dict.fromkeys(FACT_NAMES, 0)
        if row.created_at is not None:
            found = history.facts(row.created_at, row.category or "")
            facts = {name: value.item() for name, value in found.items()}
        before = {f"history_{n}": "" if v != v else int(v) if v is True else v for n, v in facts.items()}
        written = "" if row.created_at is None else f"{np.datetime64(row.created_at, 's')}Z"
        return {
            "ticket_id": row.ticket_id,
            "customer_id": row.customer_id,
            "created_at": written,
            "category": row.category or "",
            "text": row.text,
            "corrected_type": row.corrected_type,
            **before,
        }

    def forget(self, *customer_ids: object) -> int:
        """Delete everything about customers, and leave nothing of it behind in a SQLite file.

        In PostgreSQL deleted rows are out of every query at once; their bytes go as the server reuses its
        pages, write-ahead log and backups.

        Returns
        -------
        int
            Tickets deleted.

        Raises
        ------
        BadValue
            When something is no single id, or names nobody: then nothing is deleted.
        """
        names = cells.ids([one_id(customer) for customer in customer_ids])
        if "" in names:
            remedy = "give the ids one by one: forget('c1', 'c2')"
            raise BadValue(None, "customer_id", customer_ids[names.index("")], "the id of a customer", remedy)
        who = [self._who(name) for name in names]
        with transaction(self._engine, writes=True) as connection:
            deleted = delete_customers(connection, who)
        scrub(self._engine)
        return deleted

    def expire(self, before: object) -> int:
        """Delete tickets written before a time and not resolved since; as :meth:`forget`.

        Tickets that are still open go, too, and those without any time: what is old is not kept for want of
        an outcome.

        Facts look back over 365 days, and a gift bears on visits for 30 days more: keep 400 days.

        Parameters
        ----------
        before : time

        Returns
        -------
        int
            Tickets deleted.
        """
        with transaction(self._engine, writes=True) as connection:
            deleted = delete_before(connection, moment(before, "before"))
        scrub(self._engine)
        return deleted

    def close(self) -> None:
        """Close the connections of this process; the store opens new ones when it is used again."""
        self._engine.dispose()

    def _checked_type(self, name: str) -> str:
        if name not in (*self.types, NONE):
            remedy = f"use one of {', '.join((*self.types, NONE))}; SqlHistory(..., types=...) takes your own"
            raise BadValue(None, "corrected_type", name, "a type", remedy)
        return name

    def _who(self, customer_id: str) -> str:
        """A customer's id as it is kept."""
        return self._hashed(customer_id) if self._id_key else storable(customer_id)

    def _hashed(self, text: str) -> str:
        written = text.encode(errors="surrogatepass")
        return hashlib.blake2b(written, digest_size=16, key=self._id_key or b"").hexdigest()


def _checked_key(id_key: object) -> bytes | None:
    """A key that hides ids, or none."""
    if id_key is None:
        return None
    if not isinstance(id_key, (bytes, bytearray)) or not 1 <= len(id_key) <= _LONGEST_KEY:
        got = f"{len(id_key)} bytes" if isinstance(id_key, (bytes, bytearray)) else type(id_key).__name__
        remedy = "give bytes, as os.environ['HISTORY_KEY'].encode(), or no id_key to keep ids as they are"
        raise BadOption("id_key", got, f"a secret of 1 to {_LONGEST_KEY} bytes", remedy)
    return bytes(id_key)
