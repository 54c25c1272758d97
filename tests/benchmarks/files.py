"""An export in, a scored file out, beside pandas and the peer that only writes the type.

    python tests/benchmarks/files.py [--rows 20000] [--many 200000] [--growth]

Ours reads, computes history, types, decides, looks up the policy, quotes evidence and writes; theirs is
`pd.read_csv`, `predict` of character TF-IDF (1-4) with logistic regression, `to_csv`. In turns, processor
time of one core each, without and with the compiled kernel; the median ratio. The peer stops learning early:
its speed is the same. Then two processes beside one over `--many` rows (none with 0), by the clock, and with
`--growth` the cost from 10,000 to 1,000,000 rows.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
from clocks import seconds
from exports import write_export
from peers import characters
from threadpoolctl import threadpool_limits

from complaint_typing import score_csv
from complaint_typing.fast import use_kernel
from complaint_typing.labels import read_labelled
from complaint_typing.resources import data_path

ROUNDS, GROWTH = 5, (10_000, 100_000, 1_000_000)


def fitted_peer() -> Any:
    frame = read_labelled([data_path("training")])
    frame = frame[frame["customer_type"] != "none"]
    return characters(max_iter=3).fit(frame["text"], frame["customer_type"])


def scored(source: Path, jobs: int = 1) -> None:
    score_csv(source, source.with_suffix(".scored.csv"), jobs=jobs, restart=True)


def beside_the_peer(source: Path, rows: int) -> None:
    peer = fitted_peer()

    def theirs() -> None:
        frame = pd.read_csv(source, dtype=str, keep_default_na=False)
        frame["customer_type"] = peer.predict(frame["text"])
        frame.to_csv(source.with_suffix(".peer.csv"), index=False)

    def ours(kernel: bool) -> Callable[[], None]:
        def run() -> None:
            use_kernel(kernel)
            scored(source)

        return run

    runs = {"pandas and the peer, type alone": theirs, "complaint_typing, core": ours(False)}
    runs["complaint_typing, fast"] = ours(True)
    for run in runs.values():
        run()
    times = [[seconds(run, time.process_time) for run in runs.values()] for _ in range(ROUNDS)]
    print("| CSV to CSV, one core | rows/s | times faster (range) |\n|---|---|---|")
    for i, name in enumerate(runs):
        ratios = sorted(row[0] / row[i] for row in times)
        taken = statistics.median(row[i] for row in times)
        told = f"{statistics.median(ratios):.1f} ({ratios[0]:.1f}-{ratios[-1]:.1f})"
        print(f"| {name} | {rows / taken:,.0f} | {told} |", flush=True)
    use_kernel(None)


def two_cores(source: Path, rows: int) -> None:
    both = [(seconds(lambda: scored(source)), seconds(lambda: scored(source, 2))) for _ in range(3)]
    ratio = statistics.median(one / two for one, two in both)
    two = statistics.median(two for _, two in both)
    print(f"| the same, `--jobs 2`, {rows:,} rows | {rows / two:,.0f} | {ratio:.2f} x one core |", flush=True)


def growth(folder: Path) -> None:
    print("\n| rows | seconds | rows/s |\n|---|---|---|")
    for rows in GROWTH:
        source = folder / f"{rows}.csv"
        write_export(source, rows)
        taken = seconds(lambda: scored(source))  # noqa: B023
        print(f"| {rows:,} | {taken:.1f} | {rows / taken:,.0f} |", flush=True)
        source.unlink()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--many", type=int, default=200_000)
    parser.add_argument("--growth", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_export(folder / "export.csv", asked.rows)
        with threadpool_limits(1):
            beside_the_peer(folder / "export.csv", asked.rows)
        if asked.many:
            write_export(folder / "many.csv", asked.many)
            two_cores(folder / "many.csv", asked.many)
        if asked.growth:
            growth(folder)


if __name__ == "__main__":
    main()
