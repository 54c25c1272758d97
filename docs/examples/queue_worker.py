"""A queue in one SQLite file: workers that may be killed at any time, and one answer for each ticket.

A worker leases tickets for a while and writes each answer in one transaction. One that dies is replaced and
leaves a lease that runs out, so a ticket may be judged twice (at least once); its answer is written once,
under its id. A ticket that fails is tried again, alone, and after five tries set aside with the reason.

Run it with ``python queue_worker.py queue.sqlite --workers 2``.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
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
CREATE TABLE IF NOT EXISTS failures (ticket_id TEXT PRIMARY KEY, reason TEXT NOT NULL);
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
    """Up to n tickets that nobody else will take for so many seconds.

    One that was tried before is leased alone, so that it takes no others down with it.
    """
    now, found = time.time(), list[tuple[str, str]]()
    free = f"SELECT ticket_id, ticket {_WAITING} AND leased_until < ? AND tries BETWEEN ? AND ? LIMIT ?"
    with writing(queue):
        for fewest, most, at_once in ((0, 0, n), (1, MOST_TRIES - 1, 1)):
            found = found or queue.execute(free, (now, fewest, most, at_once)).fetchall()
        queue.executemany(
            "UPDATE tickets SET leased_until = ?, tries = tries + 1 WHERE ticket_id = ?",
            [(now + seconds, ticket_id) for ticket_id, _ in found],
        )
    return found


def answer(queue: sqlite3.Connection, advisor: ct.Advisor, ticket_id: str, ticket: str) -> None:
    """Write the answer, or why there is none; a second answer to the same ticket changes nothing.

    Where something else goes wrong than the library foresees, the ticket may be leased again at once.
    """
    advice, fault = None, ""
    try:
        advice = json.dumps(advisor.advise(json.loads(ticket)).to_dict(), ensure_ascii=False)
    except ct.ComplaintTypingError as error:
        fault = str(error)
    except Exception as error:
        return failed(queue, ticket_id, type(error).__name__)
    with writing(queue):
        queue.execute("INSERT OR IGNORE INTO answers VALUES (?, ?, ?)", (ticket_id, advice, fault))


def failed(queue: sqlite3.Connection, ticket_id: str, reason: str) -> None:
    """Give a ticket back, with the reason; without the words of an error, which may quote the ticket."""
    with writing(queue):
        queue.execute("INSERT OR REPLACE INTO failures VALUES (?, ?)", (ticket_id, reason))
        queue.execute("UPDATE tickets SET leased_until = 0 WHERE ticket_id = ?", (ticket_id,))


def give_up(queue: sqlite3.Connection) -> None:
    """Close the tickets that failed, or took down the worker that leased them, in every try."""
    reason = "(SELECT reason FROM failures WHERE failures.ticket_id = tickets.ticket_id)"
    with writing(queue):
        queue.execute(
            f"INSERT OR IGNORE INTO answers SELECT ticket_id, NULL, ? || coalesce(': ' || {reason}, '') "
            f"{_WAITING} AND tries >= ? AND leased_until < ?",
            (f"no worker came back with an answer in {MOST_TRIES} tries", MOST_TRIES, time.time()),
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


def taken(queue: sqlite3.Connection) -> int:
    """How often a ticket was leased so far."""
    return int(queue.execute("SELECT coalesce(sum(tries), 0) FROM tickets").fetchone()[0])


def run(path: str | Path, workers: int = 2, lease_seconds: float = 60.0) -> None:
    """Answer everything in the queue with several processes; one that dies is replaced.

    Raises RuntimeError when they die before they take a ticket: when the model cannot be loaded, say.
    """
    started = partial(_started, path, lease_seconds)
    crew, in_vain = [started() for _ in range(max(workers, 1))], 0
    with opened(path) as queue:
        leases = taken(queue)
        while waiting(queue):
            wait([process.sentinel for process in crew], timeout=1.0)
            dead = [process for process in crew if not process.is_alive()]
            before, leases = leases, taken(queue)
            in_vain = in_vain + sum(process.exitcode != 0 for process in dead) if leases == before else 0
            if in_vain >= MOST_TRIES:
                for process in crew:
                    process.terminate()
                raise RuntimeError(f"{in_vain} workers died before they took a ticket; see their output")
            crew = [started() if process in dead else process for process in crew]
    for process in crew:
        process.join()


def _started(path: str | Path, lease_seconds: float) -> BaseProcess:
    process = get_context("spawn").Process(target=work, args=(path, 16, lease_seconds))
    process.start()
    return process


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("path")
    arguments.add_argument("--workers", type=int, default=2)
    run(**vars(arguments.parse_args()))
