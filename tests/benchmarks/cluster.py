"""Scoring on a Dask cluster of one machine: one worker process and two, beside the same table without Dask.

    nice python tests/benchmarks/cluster.py [ROWS]

Parquet in and out; every worker has one thread and has imported the package before the clock starts.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import dask.dataframe as dd
import pandas as pd
from clocks import seconds
from dask.distributed import Client, LocalCluster
from exports import write_export

from complaint_typing import load, score_dask

PARTITIONS = 12


def without_dask(source: Path, target: Path) -> None:
    load().score(pd.read_parquet(source)).astype({"follow_up_days": str}).to_parquet(target)


def on_workers(n: int, source: Path, target: Path, keep_order: bool) -> float:
    with (
        LocalCluster(n_workers=n, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        client.run(load)
        return seconds(lambda: score_dask(dd.read_parquet(source), keep_order=keep_order).to_parquet(target))


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 60_000
    with tempfile.TemporaryDirectory() as folder:
        export, source = Path(folder) / "export.csv", Path(folder) / "tickets"
        write_export(export, rows)
        table = pd.read_csv(export, dtype=str)
        dd.from_pandas(table, npartitions=PARTITIONS).to_parquet(source)
        took = seconds(lambda: without_dask(source, Path(folder) / "one.parquet"))
        print(f"| without Dask | | {took:.1f} s | {rows / took:,.0f} |", flush=True)
        for keep_order in (True, False):
            for n in (1, 2):
                took = on_workers(n, source, Path(folder) / f"out{n}{keep_order}", keep_order)
                order = "kept" if keep_order else "by customers"
                print(
                    f"| {n} worker{'s'[: n - 1]} | {order} | {took:.1f} s | {rows / took:,.0f} |", flush=True
                )


if __name__ == "__main__":
    main()
