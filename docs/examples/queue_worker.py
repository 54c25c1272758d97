"""A queue in one SQLite file: workers that may be killed at any time, and one answer for each ticket.

A worker leases tickets for a while and writes each answer in one transaction. One that dies leaves a lease
that runs out, so a ticket may be judged twice (at least once); its answer is written once, under its id.

Run it with ``python queue_worker.py queue.sqlite --workers 2``.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import complaint_typing as ct

MOST_TRIES = 5
_TABLES = """
CREATE TABLE IF NOT EXISTS tickets (
    ticket_id TEXT PRIMARY KEY, ticket TEXT NOT NULL, leased_until REAL NOT NULL DEFAULT 0,
    tries INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS answers (ticket_id TEXT PRIMARY KEY, advice TEXT, fault TEXT NOT NULL DEFAULT '');
"""
_WAITING = "FROM tickets WHERE ticket_id NOT IN (SELECT ticket_id FROM answers)"


@contextmanager
def opened(path: str | Path) -> Iterator[sqlite3.Connection]:
    """The queue; each process opens it for itself."""
    with closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as queue:
        queue.execute("PRAGMA journal_mode = WAL")
        queue.executescript(_TABLES)
        yield queue


@contextmanager
def writing(queue: sqlite3.Connection) -> Iterator[None]:
    """A transaction that no other writer interrupts."""
    queue.execute("BEGIN IMMEDIATE")
    with queue:
        yield


def put(queue: sqlite3.Connection, tickets: Iterable[Mapping[str, Any]]) -> None:
    """Append tickets; one whose id is there already stays as it was."""
    rows = [(str(ticket["ticket_id"]), json.dumps(dict(ticket))) for ticket in tickets]
    with writing(queue):
        queue.executemany("INSERT OR IGNORE INTO tickets (ticket_id, ticket) VALUES (?, ?)", rows)


def lease(queue: sqlite3.Connection, n: int, seconds: float) -> list[tuple[str, str]]:
    """Up to n tickets that nobody else will take for so many seconds."""
    now = time.time()
    with writing(queue):
        found = queue.execute(
            f"SELECT ticket_id, ticket {_WAITING} AND leased_until < ? AND tries < ? LIMIT ?",
            (now, MOST_TRIES, n),
        ).fetchall()
        queue.executemany(
            "UPDATE tickets SET leased_until = ?, tries = tries + 1 WHERE ticket_id = ?",
            [(now + seconds, ticket_id) for ticket_id, _ in found],
        )
    return found


def answer(queue: sqlite3.Connection, advisor: ct.Advisor, ticket_id: str, ticket: str) -> None:
    """Write the answer, or why there is none; a second answer to the same ticket changes nothing."""
    advice, fault = None, ""
    try:
        advice = json.dumps(advisor.advise(json.loads(ticket)).to_dict(), ensure_ascii=False)
    except ct.ComplaintTypingError as error:
        fault = str(error)
    with writing(queue):
        queue.execute("INSERT OR IGNORE INTO answers VALUES (?, ?, ?)", (ticket_id, advice, fault))


def give_up(queue: sqlite3.Connection) -> None:
    """Close the tickets that took down every worker that leased them."""
    fault = f"no worker came back with an answer in {MOST_TRIES} tries"
    with writing(queue):
        queue.execute(
            f"INSERT OR IGNORE INTO answers SELECT ticket_id, NULL, ? {_WAITING} "
            "AND tries >= ? AND leased_until < ?",
            (fault, MOST_TRIES, time.time()),
        )


def waiting(queue: sqlite3.Connection) -> int:
    """How many tickets have no answer yet."""
    return int(queue.execute(f"SELECT count(*) {_WAITING}").fetchone()[0])


def work(path: str | Path, at_once: int = 16, lease_seconds: float = 60.0) -> None:
    """Answer until every ticket has its answer; the body of one worker process."""
    advisor = ct.load()
    with opened(path) as queue:
        while waiting(queue):
            leased = lease(queue, at_once, lease_seconds)
            for ticket_id, ticket in leased:
                answer(queue, advisor, ticket_id, ticket)
            if not leased:
                give_up(queue)
                time.sleep(min(lease_seconds, 0.2))


def run(path: str | Path, workers: int = 2, lease_seconds: float = 60.0) -> None:
    """Answer everything in the queue with several processes."""
    with opened(path):
        context = get_context("spawn")
    processes = [context.Process(target=work, args=(path, 16, lease_seconds)) for _ in range(workers)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("path")
    arguments.add_argument("--workers", type=int, default=2)
    run(**vars(arguments.parse_args()))
