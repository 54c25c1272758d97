"""Answers of many threads on one handle while another thread swaps its model."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from golden_tickets import golden_tickets

from complaint_typing import AdvisorHandle, load

Answers = Mapping[str, Sequence[dict[str, Any]]]


def tickets_of_the_load(n: int) -> list[dict[str, Any]]:
    """Tickets with a time; two in three say something of the past themselves."""
    columns = golden_tickets()
    names = ("ticket_id", "created_at", "category", "text")
    return [{name: columns[name][i] for name in names} for i in range(n)]


def serial_answers(folders: Sequence[Path], tickets: Sequence[dict[str, Any]]) -> Answers:
    """What each model answers alone, by its version."""
    advisors = [load(folder) for folder in folders]
    return {a.model.version: [a.advise(t, _past(t)).to_dict() for t in tickets] for a in advisors}


def answers_under_swaps(
    folders: Sequence[Path], tickets: Sequence[dict[str, Any]], per_thread: int, n_threads: int, n_swaps: int
) -> tuple[list[tuple[int, dict[str, Any]]], Counter[str]]:
    """Answers with the number of their ticket that no model gives alone, and how many each model gave.

    The swaps are spread over the run: each waits for its share of the answers, and no thread goes on for more
    than a share before it is done.
    """
    expected = serial_answers(folders, tickets)
    handle, counted, wrong = AdvisorHandle(folders[0]), Counter[str](), list[tuple[int, dict[str, Any]]]()
    done, guard, pause = [0] * n_threads, threading.Lock(), threading.Event()
    swapped, shares = [0], n_swaps + 1

    def work(thread: int) -> None:
        own: Counter[str] = Counter()
        for step in range(per_thread):
            while step * shares >= (swapped[0] + 2) * per_thread:
                pause.wait(0.001)
            number = (thread * 31 + step) % len(tickets)
            answer = handle.advise(tickets[number], _past(tickets[number])).to_dict()
            own[answer["model_version"]] += 1
            if answer != expected[answer["model_version"]][number]:
                wrong.append((number, answer))
            done[thread] = step + 1
        with guard:
            counted.update(own)

    with ThreadPoolExecutor(n_threads) as pool:
        running = [pool.submit(work, thread) for thread in range(n_threads)]
        try:
            for swap in range(1, n_swaps + 1):
                while sum(done) * shares < swap * n_threads * per_thread and not any(
                    f.done() for f in running
                ):
                    pause.wait(0.001)
                handle.swap(model=folders[swap % len(folders)])
                swapped[0] = swap
        finally:
            swapped[0] = n_swaps
        for future in running:
            future.result()
    return wrong, counted


def _past(ticket: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Two earlier tickets with an outcome for every third ticket."""
    at, day = ticket["created_at"], 86_400
    if int(ticket["ticket_id"][1:]) % 3:
        return []
    outcome = {"resolved_at": at - day, "fault_found": "no", "compensation": 20}
    return [{"created_at": at - days * day, **outcome} for days in (40, 20)]
