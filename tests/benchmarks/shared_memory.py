"""Memory of several processes that each hold the shipped model: by itself, through a folder, and forked.

Run it with ``python tests/benchmarks/shared_memory.py [N_PROCESSES]`` on Linux. PSS counts a page that n
processes map as 1/n in each, so the sum is what they really occupy.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from multiprocessing import get_context
from statistics import median
from typing import Any

from complaint_typing import Advisor, load
from complaint_typing.resources import data_path

TEXT = "The clerk laughed at me in front of everyone. I want your manager to apologise. " * 2
KEPT: list[Advisor] = []


def pss() -> float:
    """Proportional set size of this process, in MB."""
    with open("/proc/self/smaps_rollup", encoding="ascii") as rollup:
        lines = dict(line.split(":") for line in rollup if line.startswith("Pss:"))
    return int(lines["Pss"].split()[0]) / 1024


def hold(shared: str | None, loaded: Any, measured: Any, told: Any) -> None:
    """Load, answer, and tell the memory while all others hold theirs."""
    advisor = KEPT[0] if KEPT else load(shared=shared)
    times = []
    for _ in range(60):
        start = time.perf_counter()
        advisor.advise(text=TEXT)
        times.append(time.perf_counter() - start)
    loaded.wait()
    told.put((pss(), median(times)))
    measured.wait()


def measure(kind: str, n: int, shared: str | None, target: Callable[..., None] = hold) -> None:
    context: Any = get_context(kind)
    loaded, measured, told = context.Barrier(n), context.Barrier(n), context.SimpleQueue()
    processes = [context.Process(target=target, args=(shared, loaded, measured, told)) for _ in range(n)]
    for process in processes:
        process.start()
    found = [told.get() for _ in processes]
    for process in processes:
        process.join()
    name = f"{kind}, {'shared folder' if shared else 'each by itself'}"
    sizes, times = zip(*found, strict=True)
    print(
        f"{name:28} {n} processes: {sum(sizes):6.0f} MB, {sum(sizes) / n:5.1f} MB each; "
        f"advise {median(times) * 1000:.2f} ms"
    )


def main() -> None:
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 4
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        print("without a model:")
        measure("spawn", n, None, imports_only)
        print("with a model:")
        measure("spawn", n, None)
        measure("spawn", n, folder)
        KEPT.append(load())
        measure("fork", n, None)


def imports_only(shared: str | None, loaded: Any, measured: Any, told: Any) -> None:
    """What a process occupies that has imported everything and read no model."""
    from complaint_typing.policy import PolicyTable

    PolicyTable.read(data_path())
    loaded.wait()
    told.put((pss(), 0.0))
    measured.wait()


if __name__ == "__main__":
    main()
