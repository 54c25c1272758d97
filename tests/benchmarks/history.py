"""History beside pandas: two million tickets of 200,000 customers, and how many bytes a row it holds.

    python tests/benchmarks/history.py [TICKETS [CUSTOMERS [ROUNDS]]]

pandas counts the tickets of four windows by ``groupby.rolling(closed="left")`` from a table that is sorted;
`history_facts` counts all facts, outcomes and categories included, from unsorted tickets. Taken in turns, in
CPU seconds of one core; the ratio is the median of the rounds. Memory is the slope of the peak of
`ExportHistory` between a quarter of the tickets and all, in blocks of 2,000 with texts of 160 characters,
each in a process of its own.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from functools import partial
from statistics import median

import numpy as np
import pandas as pd
from clocks import seconds

from complaint_typing.columns import NO_TIME
from complaint_typing.customer_history import CustomerHistory
from complaint_typing.export_history import ExportHistory
from complaint_typing.facts import DAY
from complaint_typing.history import history_facts
from complaint_typing.ticket_log import TicketLog
from complaint_typing.ticket_table import tickets_from_columns

WINDOWS, START, BLOCK = (7, 30, 90, 365), 1_600_000_000, 2_000
cpu_seconds = partial(seconds, clock=time.process_time)


def tickets(n: int, customers: int) -> TicketLog:
    """Three years of unsorted tickets; nine in ten resolved, one in ten with goodwill."""
    rng = np.random.default_rng(0)
    created = START + rng.integers(0, 3 * 365 * DAY, n)
    return TicketLog(
        rng.integers(0, customers, n),
        rng.integers(0, 20, n),
        created,
        np.where(rng.random(n) < 0.9, created + rng.integers(0, 20 * DAY, n), NO_TIME),
        np.where(rng.random(n) < 0.1, 2_000, 0),
        rng.integers(-1, 3, n).astype(np.int8),
        rng.integers(0, 6, n).astype(np.int8),
        (rng.random(n) < 0.05).astype(np.int8),
    )


def against_pandas(n: int, customers: int, rounds: int) -> None:
    log = tickets(n, customers)
    table = pd.DataFrame(
        {"customer": log.customer, "at": pd.to_datetime(log.created_at, unit="s"), "one": 1.0}
    )
    table = table.sort_values(["customer", "at"])
    ratios, ours, theirs = [], [], []
    for _ in range(rounds):
        pandas = own = 0.0
        for days in WINDOWS:
            own += cpu_seconds(lambda: history_facts(log, log, True)) / len(WINDOWS)
            pandas += cpu_seconds(
                lambda days=days: (
                    table.groupby("customer").rolling(f"{days}D", on="at", closed="left")["one"].sum()
                )
            )
        ratios.append(pandas / own)
        ours.append(own)
        theirs.append(pandas)
    spread = f"{median(ratios):.0f} ({min(ratios):.0f}-{max(ratios):.0f}) in {rounds} rounds"
    print(f"{n:,} tickets, {customers:,} customers: four windows with pandas {median(theirs):.1f} s,")
    print(f"all facts with history_facts {median(ours):.2f} s; ratio {spread}")


def gather(n: int, customers: int) -> None:
    """Peak memory of this process after the history of so many tickets, in bytes."""
    rng, export = np.random.default_rng(0), ExportHistory()
    for begin in range(0, n, BLOCK):
        log = tickets(min(BLOCK, n - begin), customers)
        names = rng.integers(0, customers, len(log))
        columns = {
            "ticket_id": [f"T-{begin + i}" for i in range(len(log))],
            "customer_id": [f"customer {name}" for name in names],
            "text": [f"{i:0160d}" for i in range(len(log))],
            "category": [f"category {code}" for code in log.category],
            "created_at": log.created_at.astype("datetime64[s]"),
            "resolved_at": np.where(
                log.resolved_at == NO_TIME, np.datetime64("NaT"), log.resolved_at.astype("datetime64[s]")
            ),
            "compensation": log.goodwill_cents.tolist(),
            "fault_found": np.array(["", "no", "yes", "unknown"])[log.fault_found + 1].tolist(),
        }
        export.add(tickets_from_columns(columns)[0])
    facts = export.facts()
    for begin in range(0, n, BLOCK):
        facts.at(slice(begin, min(begin + BLOCK, n)))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)


def memory(n: int, customers: int) -> None:
    sizes = (n // 4, n)
    peaks = [
        int(subprocess.check_output([sys.executable, __file__, "gather", str(size), str(customers)]))
        for size in sizes
    ]
    slope, peak = (peaks[1] - peaks[0]) / (sizes[1] - sizes[0]), peaks[1] / 2**20
    print(f"ExportHistory: {slope:.0f} bytes a row at the peak, {peak:.0f} MiB in all for {n:,} rows")


def one_customer() -> None:
    past = CustomerHistory(
        {"created_at": f"2026-{i + 1:02d}-01", "category": "tv", "resolved_at": f"2026-{i + 1:02d}-09",
         "fault_found": "no", "compensation": 20 * (i % 2)}
        for i in range(10)
    )  # fmt: skip
    at, fifth = past.seconds("2026-11-01"), {"ticket_id": "5", "created_at": "2026-10-20", "category": "tv"}
    rounds = [
        (
            cpu_seconds(lambda: [past.facts(at, "tv") for _ in range(500)]) / 500,
            cpu_seconds(lambda: [past.add(fifth) for _ in range(500)]) / 500,
        )
        for _ in range(9)
    ]
    facts, added = (1e6 * min(times) for times in zip(*rounds, strict=True))
    print(f"CustomerHistory of ten tickets: facts in {facts:.0f} µs, one more ticket in {added:.0f} µs")


def main(n: int = 2_000_000, customers: int = 200_000, rounds: int = 3) -> None:
    one_customer()
    memory(n, customers)
    against_pandas(n, customers, rounds)


if __name__ == "__main__":
    if sys.argv[1:2] == ["gather"]:
        gather(*map(int, sys.argv[2:]))
    else:
        main(*map(int, sys.argv[1:]))
