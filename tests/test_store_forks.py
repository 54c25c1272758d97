"""Forks and SQLite: a fork waits for transactions of other threads, and carries no connection over."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from complaint_typing import SqlHistory, store_tables
from complaint_typing.store_tables import META, transaction

DESCRIPTORS = Path("/proc/self/fd")


@pytest.fixture(params=["DELETE", "WAL"])
def store(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SqlHistory:
    monkeypatch.setattr(store_tables, "BUSY_SECONDS", 20)
    with closing(sqlite3.connect(tmp_path / "history.db")) as connection:
        connection.execute(f"PRAGMA journal_mode = {request.param}")
    store = SqlHistory(f"sqlite:///{tmp_path}/history.db")
    write(store, "first")
    return store


def write(store: SqlHistory, name: str) -> None:
    store.append([{"customer_id": "c", "ticket_id": name, "created_at": "2026-01-01"}])


def kept(store: SqlHistory) -> set[str]:
    return {ticket[0] for ticket in store.fetch("c").to_dict()["tickets"]}


def fork(action: Callable[..., None], *given: object) -> int | None:
    child = multiprocessing.get_context("fork").Process(target=action, args=given)
    child.start()
    child.join()
    return child.exitcode


def write_in_child(store: SqlHistory, name: str) -> None:
    """Nothing of the file was carried over, and both the same store and a new one write."""
    descriptors = DESCRIPTORS.iterdir() if DESCRIPTORS.exists() else ()
    carried = [os.readlink(path) for path in descriptors if path.exists()]
    assert not [path for path in carried if path in store.url]
    write(store, f"{name}-same")
    write(SqlHistory(store.url), f"{name}-new")


@pytest.mark.parametrize("writes", [False, True])
def test_a_fork_waits_for_a_transaction_of_another_thread(store: SqlHistory, writes: bool) -> None:
    inside, leave = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction(store._engine, writes=writes) as connection:
            connection.execute(META.select()).all()
            inside.set()
            leave.wait()

    thread = threading.Thread(target=hold)
    thread.start()
    inside.wait()
    threading.Timer(0.1, leave.set).start()
    assert fork(write_in_child, store, "child") == 0
    assert leave.is_set()
    thread.join()
    write(store, "after")
    assert kept(store) == {"first", "child-same", "child-new", "after"}


def test_forks_and_threads_that_go_on_writing_lose_nothing(store: SqlHistory) -> None:
    is_over, failed, count = threading.Event(), [], [0, 0]

    def go_on_writing(writer: int) -> None:
        try:
            while not is_over.wait(0.005):
                write(store, f"{writer}-{count[writer]}")
                count[writer] += 1
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=go_on_writing, args=(writer,)) for writer in (0, 1)]
    for thread in threads:
        thread.start()
    exits = [fork(write_in_child, store, f"child{i}") for i in range(3)]
    is_over.set()
    for thread in threads:
        thread.join()
    assert (exits, failed) == ([0] * 3, [])
    children = {f"child{i}-{kind}" for i in range(3) for kind in ("same", "new")}
    written = {f"{writer}-{i}" for writer in (0, 1) for i in range(count[writer])}
    assert kept(store) == {"first", *children, *written}


def test_whoever_forks_in_a_transaction_of_ones_own_does_not_wait_for_oneself(store: SqlHistory) -> None:
    with transaction(store._engine):
        assert fork(int) == 0
    assert fork(write_in_child, store, "child") == 0
    assert kept(store) == {"first", "child-same", "child-new"}
