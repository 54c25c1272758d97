"""The tables of the history store, and how they are opened on SQLite and PostgreSQL."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

from .errors import BadOption, BadValue, KeptHistoryError, MissingExtra, StoreUnavailable
from .store_forks import GATE

try:
    import sqlalchemy as sa
    from sqlalchemy.dialects import postgresql, sqlite
    from sqlalchemy.schema import CreateIndex, CreateTable
except ImportError:
    raise MissingExtra("sql", "sqlalchemy") from None

SCHEMA_VERSION = 1
BUSY_SECONDS = 60
_AT_ONCE = 500
_OPENING = 5_713_902_846  # the number of the lock under which the tables are made
_INSERT: Mapping[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_METADATA = sa.MetaData()

META = sa.Table(
    "complaint_history_meta",
    _METADATA,
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("value", sa.String, nullable=False),
)
TICKETS = sa.Table(
    "complaint_history_tickets",
    _METADATA,
    sa.Column("customer_id", sa.String, primary_key=True),
    sa.Column("ticket_id", sa.String, primary_key=True),
    sa.Column("created_at", sa.BigInteger),
    sa.Column("category", sa.String),
    sa.Column("resolved_at", sa.BigInteger),
    sa.Column("fault_found", sa.SmallInteger),
    sa.Column("goodwill_cents", sa.BigInteger),
    sa.Column("satisfaction", sa.SmallInteger),
    sa.Column("reopened", sa.SmallInteger),
    sa.Column("corrected_type", sa.String),
    sa.Column("text", sa.Text),
    sa.Index("complaint_history_by_ticket", "ticket_id"),
)


def open_engine(url: str) -> sa.Engine:
    """An engine for a database that the store can use; values are kept out of its messages.

    A SQLite file is open during transactions only, see :mod:`~complaint_typing.store_forks`.

    Raises
    ------
    BadOption
        When it is neither a SQLite file nor PostgreSQL, its driver is asynchronous, or an ``@`` of a password
        is not written as ``%40``.
    MissingExtra
        When the driver is not installed.

    >>> open_engine("mysql://host/db")
    Traceback (most recent call last):
        ...
    complaint_typing.errors.BadOption: url: not a SQLite or PostgreSQL address, got 'mysql'; ...
    """
    try:
        address = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        raise _bad_address("no address") from None
    if "@" in (address.host or ""):
        raise BadOption("url", "an @ in a name or password", "an address", "write %40 for an @ in it")
    kind = address.get_backend_name()
    if kind == "sqlite":
        _refuse_memory(address)
        timeout = {"timeout": BUSY_SECONDS}
        if address.drivername not in ("sqlite", "sqlite+pysqlite"):
            raise _bad_address(address.drivername)
        engine = sa.create_engine(address, hide_parameters=True, connect_args=timeout, poolclass=sa.NullPool)
        sa.event.listen(engine, "connect", _set_up_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
        return engine
    if kind not in ("postgresql", "postgres"):
        raise _bad_address(kind)
    if address.drivername in ("postgresql", "postgres"):
        address = address.set(drivername="postgresql+psycopg")
    try:
        if address.get_dialect().is_async:
            raise _bad_address(address.drivername)
        return sa.create_engine(address, hide_parameters=True, pool_pre_ping=True)
    except sa.exc.ArgumentError:
        raise _bad_address(address.drivername) from None
    except ImportError as error:
        raise MissingExtra("sql", error.name or "psycopg") from None


def _refuse_memory(address: sa.URL) -> None:
    """A database in memory is another one for each connection, and its tables are gone with the process."""
    if address.query.get("mode") == "memory" or address.database in (None, "", ":memory:", "file::memory:"):
        remedy = "write it as sqlite:///history.db; in memory a CustomerHistory keeps one customer"
        raise BadOption("url", address.render_as_string(), "the address of a file", remedy)


def _bad_address(got: str) -> BadValue:
    remedy = "write it as sqlite:///history.db or postgresql://user@host/database"
    return BadOption("url", got, "a SQLite or PostgreSQL address", remedy)


def _set_up_sqlite(connection: Any, _: Any) -> None:
    """What is deleted is overwritten; transactions are begun by `_begin_sqlite` and not by the driver."""
    connection.isolation_level = None
    connection.execute("PRAGMA secure_delete = ON")


def _begin_sqlite(connection: sa.Connection) -> None:
    """Writers take their turn at the beginning, so that none fails in the middle."""
    begin = connection.get_execution_options().get("begin", "BEGIN")
    if begin:
        connection.exec_driver_sql(begin)


@contextlib.contextmanager
def _connected(engine: sa.Engine, **options: Any) -> Iterator[sa.Connection]:
    """A connection; forks wait until it is given back, and errors of the driver are told."""
    waits = GATE.connected() if engine.dialect.name == "sqlite" else contextlib.nullcontext()
    try:
        with waits, engine.connect().execution_options(**options) as connection:
            yield connection
    except sa.exc.DBAPIError as error:
        raise _unavailable(engine, error) from None


@contextlib.contextmanager
def transaction(engine: sa.Engine, writes: bool = False) -> Iterator[sa.Connection]:
    """One transaction, whole or not at all.

    Raises
    ------
    StoreUnavailable
        When the database fails or cannot be reached; what was not yet acknowledged may be given again.
    """
    options = {"begin": "BEGIN IMMEDIATE"} if writes else {}
    with _connected(engine, **options) as connection, connection.begin():
        yield connection


def _unavailable(engine: sa.Engine, error: sa.exc.DBAPIError) -> StoreUnavailable:
    """What the driver says in its first line, with neither values nor the password of the address."""
    said = str(error.orig).strip().partition("\n")[0]
    return StoreUnavailable(engine.url.set(query={}).render_as_string(hide_password=True), said)


def make_tables(engine: sa.Engine, id_check: str) -> None:
    """Make the tables where there are none, and see that they are of this version and ids of this key.

    Raises
    ------
    KeptHistoryError
        When a newer version made them, or ids are kept in another way.
    """
    with transaction(engine) as connection:
        there = sa.inspect(connection).has_table(META.name)
    if not there:
        _make_tables(engine, id_check)
    with transaction(engine) as connection:
        kept = {row.name: row.value for row in connection.execute(sa.select(META))}
    version = int(kept["schema_version"])
    if version > SCHEMA_VERSION:
        reason = f"schema version {version} of the store is newer than {SCHEMA_VERSION}"
        raise KeptHistoryError(reason, "upgrade complaint-typing")
    if kept["id_check"] != id_check:
        raise KeptHistoryError(
            "the store keeps customer ids in another way", "open it with the id_key that it was made with"
        )


def _make_tables(engine: sa.Engine, id_check: str) -> None:
    """Of several processes that begin at once, one makes the tables and the others find them."""
    with transaction(engine, writes=True) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_OPENING)))
        for table in (META, TICKETS):
            connection.execute(CreateTable(table, if_not_exists=True))
        for index in TICKETS.indexes:
            connection.execute(CreateIndex(index, if_not_exists=True))
        for name, value in {"schema_version": str(SCHEMA_VERSION), "id_check": id_check}.items():
            set_once(connection, name, value)


def set_once(connection: sa.Connection, name: str, value: str) -> None:
    """Say something about the store, unless it is said."""
    insert = _INSERT[connection.dialect.name](META)
    connection.execute(insert.values(name=name, value=value).on_conflict_do_nothing())


def upsert_tickets(connection: sa.Connection, rows: list[dict[str, Any]]) -> None:
    """Insert tickets, or tell more of them.

    As in :meth:`~complaint_typing.past_tickets.PastTicket.updated`: a missing value replaces nothing, and
    `created_at` stays the earliest.
    """
    statement = _INSERT[connection.dialect.name](TICKETS)
    new, old = statement.excluded, TICKETS.c
    told: dict[str, Any] = {
        column.name: sa.func.coalesce(new[column.name], column)
        for column in TICKETS.columns
        if not column.primary_key
    }
    earlier = sa.or_(old.created_at.is_(None), new.created_at < old.created_at)
    told["created_at"] = sa.case((earlier, told["created_at"]), else_=old.created_at)
    keys = ["customer_id", "ticket_id"]
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=told), rows)


def delete_customers(connection: sa.Connection, customer_ids: list[str]) -> int:
    """Delete all tickets of customers, however many they are."""
    parts = (customer_ids[i : i + _AT_ONCE] for i in range(0, len(customer_ids), _AT_ONCE))
    return sum(
        connection.execute(TICKETS.delete().where(TICKETS.c.customer_id.in_(part))).rowcount for part in parts
    )


def delete_before(connection: sa.Connection, moment: int) -> int:
    """Delete tickets written before a moment and not resolved since, and those without any time."""
    ticket = TICKETS.c
    is_old = [sa.or_(time.is_(None), time < moment) for time in (ticket.created_at, ticket.resolved_at)]
    return connection.execute(TICKETS.delete().where(*is_old)).rowcount


def scrub(engine: sa.Engine) -> None:
    """Give back the room of deleted rows; SQLite writes its file anew, without a trace of them.

    Where somebody switched the file to a write-ahead log, the log is emptied, too.

    Raises
    ------
    StoreUnavailable
        When other users of the file do not let it be written for a minute.
    """
    if engine.dialect.name != "sqlite":
        with _connected(engine, isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"VACUUM {TICKETS.name}")
        return
    with _connected(engine, begin="") as connection:
        connection.exec_driver_sql("VACUUM")
        is_busy, _, _ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
    if is_busy:
        raise StoreUnavailable(engine.url.render_as_string(), "the write-ahead log is being read")
