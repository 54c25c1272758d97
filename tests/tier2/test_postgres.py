"""The history store on a real PostgreSQL server: many writers, a server that is killed, nothing lost.

    POSTGRES_PROGRAMS=/usr/lib/postgresql/15/bin python -m pytest tests/tier2/test_postgres.py

The server is started in a temporary folder and listens on a socket there.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from postgres_server import Server

from complaint_typing import CustomerHistory, SqlHistory, load
from complaint_typing.errors import KeptHistoryError, StoreUnavailable
from complaint_typing.store_tables import META, TICKETS

AT = CustomerHistory().seconds("2026-06-01")
KILLS, WRITERS = 3, 3


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    running = Server(os.environ["POSTGRES_PROGRAMS"])
    running.start()
    yield running
    running.stop()


@pytest.fixture
def url(server: Server) -> Iterator[str]:
    yield server.url
    with sa.create_engine(server.url.replace("postgresql:", "postgresql+psycopg:")).begin() as connection:
        for table in (TICKETS, META):
            table.drop(connection, checkfirst=True)


def ticket(who: str, name: str) -> dict[str, str]:
    return {"customer_id": who, "ticket_id": name, "created_at": "2026-05-01", "category": "tv"}


def outcome(name: str) -> dict[str, object]:
    return {"ticket_id": name, "resolved_at": "2026-05-03", "fault_found": "no", "compensation": 12.34}


def test_it_is_the_store_that_sqlite_is(url: str, tmp_path: Path) -> None:
    stores = [SqlHistory(address) for address in (url, f"sqlite:///{tmp_path}/history.db")]
    for store in stores:
        for day in ("2026-05-09", "2026-05-01", None):
            store.append(
                [{**ticket("c", "t1"), "created_at": day}, {"customer_id": "c", "text": f"on {day}"}]
            )
        store.append([outcome("t1"), {"ticket_id": "t1", "compensation": None, "satisfaction": 1}])
        store.append([ticket("d\0", "客户 é"), outcome("客户 é")])
        store.correct("t1", "venting", text="Call 13800138000")
    for name in ("c", "d\0", "new"):
        for at in (None, "2026-05-02"):
            kept, expected = (store.fetch(name, at) for store in stores)
            by_name = [sorted(past.to_dict()["tickets"], key=str) for past in (kept, expected)]
            assert by_name[0] == by_name[1]
            assert {n: v.tobytes() for n, v in kept.facts(AT, "tv").items()} == {
                n: v.tobytes() for n, v in expected.facts(AT, "tv").items()
            }
    assert stores[0].corrections() == stores[1].corrections() != []
    advice = load().advise(text="给我送点礼品", history=stores[0].fetch("c"), created_at="2026-06-01")
    assert advice.facts["goodwill_amount_365d"] == 12.34
    assert [store.expire("2026-05-04") for store in stores] == [5, 5]
    assert [store.forget("c", "d\0") for store in stores] == [0, 0]


def test_what_is_forgotten_is_in_no_row(url: str) -> None:
    store = SqlHistory(url)
    store.append([ticket("alice", "t1"), ticket("bob", "t2")])
    assert store.forget("alice") == 1
    with store._engine.connect() as connection:
        assert [row.customer_id for row in connection.execute(TICKETS.select())] == ["bob"]


def test_a_newer_store_is_refused(url: str) -> None:
    store = SqlHistory(url)
    with store._engine.begin() as connection:
        connection.execute(META.update().where(META.c.name == "schema_version").values(value="2"))
    with pytest.raises(KeptHistoryError, match="schema version 2 of the store is newer than 1"):
        SqlHistory(url)


def open_and_write(url: str, writer: int, n: int) -> None:
    """All writers tell of the same tickets, in blocks that cross each other, and each of its own."""
    store = SqlHistory(url)
    for i in range(n):
        shared = [ticket(f"c{k}", f"t{i}-{k}") for k in range(5)]
        store.append(shared if writer % 2 else shared[::-1])
        store.append([outcome(t["ticket_id"]) for t in shared] + [ticket("own", f"{writer}-{i}")])


def test_writers_that_open_and_write_at_once_neither_fail_nor_count_twice(url: str) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=open_and_write, args=(url, k, 40)) for k in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0] * 4
    store = SqlHistory(url)
    for k in range(5):
        facts = store.fetch(f"c{k}").facts(AT)
        assert (facts["tickets_365d"][0], facts["unproven_365d"][0]) == (40, 40)
        assert facts["goodwill_amount_365d"][0] == 40 * 1234 / 100
    assert len(store.fetch("own")) == 160


def test_a_store_is_used_by_processes_that_were_forked_off(url: str) -> None:
    store = SqlHistory(url)
    store.append([ticket("c", "t0")])
    context = multiprocessing.get_context("fork")
    forked = [context.Process(target=store.append, args=([ticket("c", f"t{k}")],)) for k in range(3)]
    for process in forked:
        process.start()
        store.append([ticket("c", "t0")])
    for process in forked:
        process.join()
    assert [process.exitcode for process in forked] == [0] * 3
    assert len(store.fetch("c")) == 3


def write_until_told(url: str, writer: int, folder: str, done: object) -> None:
    """Append one ticket after the other, note each that was acknowledged, give again what was not."""
    store, i = SqlHistory(url), 0
    with open(f"{folder}/{writer}", "w") as acknowledged:
        while not done.is_set():  # type: ignore[attr-defined]
            name = f"{writer}-{i}"
            try:
                store.append([ticket(f"c{writer}", name)])
                store.append([outcome(name)])
            except StoreUnavailable:
                time.sleep(0.05)
                continue
            acknowledged.write(name + "\n")
            acknowledged.flush()
            i += 1


def acknowledged_in(folder: Path) -> list[set[str]]:
    """Whole lines only: the last may still be being written."""
    return [{*(folder / str(k)).read_text().rpartition("\n")[0].split()} for k in range(WRITERS)]


def test_a_server_that_is_killed_loses_nothing_that_was_acknowledged(
    server: Server, url: str, tmp_path: Path
) -> None:
    SqlHistory(url).close()
    context = multiprocessing.get_context("spawn")
    done = context.Event()
    writers = [
        context.Process(target=write_until_told, args=(url, k, str(tmp_path), done)) for k in range(WRITERS)
    ]
    for writer in writers:
        writer.start()
    reader, before = SqlHistory(url), 0
    for _ in range(KILLS):
        while not all((tmp_path / str(k)).exists() for k in range(WRITERS)) or (
            sum(map(len, acknowledged_in(tmp_path))) < before + 60
        ):
            time.sleep(0.02)
            assert all(writer.is_alive() for writer in writers)
        server.kill()
        told = acknowledged_in(tmp_path)
        before = sum(map(len, told))
        with pytest.raises(StoreUnavailable, match="can be given again once it is back"):
            reader.fetch("c0")
        server.start()
        for k, names in enumerate(told):
            kept = {t[0]: t for t in reader.fetch(f"c{k}").to_dict()["tickets"]}
            assert names <= {*kept}
            assert all(kept[name][3] is not None for name in names)
    done.set()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0] * WRITERS
    for k, names in enumerate(acknowledged_in(tmp_path)):
        reader.append(ticket(f"c{k}", name) for name in names)
        reader.append(outcome(name) for name in names)
        facts = reader.fetch(f"c{k}").facts(AT)
        assert len(names) <= facts["tickets_365d"][0] <= len(names) + 1
        assert facts["unproven_365d"][0] >= len(names)


def test_the_reason_why_a_server_is_not_there_is_told_whole() -> None:
    url = "postgresql://u:secret@127.0.0.1:1/db?password=secret"
    with pytest.raises(StoreUnavailable, match=r"connection to server at .*refused") as error:
        SqlHistory(url)
    assert "secret" not in str(error.value)
