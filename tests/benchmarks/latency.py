"""One ticket at a time, and how long it takes until the first one.

    python tests/benchmarks/latency.py                  # 1 minute
    python tests/benchmarks/latency.py --without-peer   # half of it

`Advisor.advise` of a 160-character text with a history of ten tickets, beside a scikit-learn `Pipeline` with
a `ColumnTransformer` over the text and the history facts that says the type alone (fitted in three
iterations: its answers are worse than they could be, and take as long). Once more with the compiled kernel,
where numba is installed. In turns; times faster: of the medians of processor time of each round, which tells
more than the clock where other programs run. The same from 1, 2, 4 and 8 threads at once, which share
Python's lock. And `import complaint_typing; load()` beside `import numpy,
scipy.sparse`, in fresh processes, in turns.
"""

from __future__ import annotations

import gc
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from typing import Any

import numpy as np
import pandas as pd
from exports import made_texts
from peers import character_ngrams
from sklearn.compose import ColumnTransformer
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from complaint_typing import Advisor, CustomerHistory, add_history, load
from complaint_typing.facts import FACT_NAMES
from complaint_typing.fast import use_kernel
from complaint_typing.labels import read_labelled
from complaint_typing.resources import data_path

ROUNDS, TICKETS, STARTS = 7, 300, 9
THREADS = (1, 2, 4, 8)
PEER = "peer, type alone"
IMPORTS = "import numpy, scipy.sparse"
OURS = "import complaint_typing; complaint_typing.load()"
PAST = [
    {
        "ticket_id": f"t{i}",
        "created_at": f"2026-{1 + i:02d}-{3 + i:02d} 10:00",
        "resolved_at": f"2026-{1 + i:02d}-{9 + i:02d} 16:30",
        "category": "billing",
        "text": "My bill is wrong again, please look at line three and call me back.",
        "fault_found": ("yes", "no", "unknown")[i % 3],
        "compensation": (0, 10)[i % 2],
        "satisfaction": 1 + i % 5,
    }
    for i in range(10)
]
TICKET = {"ticket_id": "t", "customer_id": "c", "created_at": "2026-11-20 10:00", "category": "billing"}


def peer() -> Pipeline:
    """Learns the type from the text and the same history facts as numbers."""
    frame = read_labelled([data_path("training")])
    frame = frame[frame["customer_type"] != "none"].reset_index(drop=True)
    facts = [f"history_{name}" for name in FACT_NAMES]
    columns = ColumnTransformer(
        [
            ("text", character_ngrams(), "text"),
            ("history", StandardScaler(), facts),
        ]
    )
    made = make_pipeline(columns, LogisticRegression(C=10, max_iter=3))
    numbers = add_history(frame)[["text", *facts]].fillna(-1).astype(dict.fromkeys(facts, float))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return made.fit(numbers, frame["customer_type"])


def seconds(call: Callable[[Any], object], given: Sequence[Any]) -> list[tuple[float, float]]:
    """By the clock, and of the processor."""
    taken = []
    gc.disable()
    for one in given:
        used, began = time.thread_time(), time.perf_counter()
        call(one)
        taken.append((time.perf_counter() - began, time.thread_time() - used))
    gc.enable()
    return taken


def started(code: str) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - began


def compiled(call: Callable[[Any], object]) -> Callable[[Any], object]:
    """The same call with the compiled kernel."""

    def with_kernel(one: Any) -> object:
        use_kernel(True)
        answer = call(one)
        use_kernel(False)
        return answer

    return with_kernel


def latency(with_peer: bool) -> None:
    advisor, kept = load(), CustomerHistory(PAST)
    texts = made_texts(TICKETS)
    tickets = [{**TICKET, "text": text} for text in texts]
    calls: dict[str, tuple[Callable[[Any], object], Sequence[Any]]] = {
        "advise, CustomerHistory of ten": (lambda ticket: advisor.advise(ticket, kept), tickets),
        "the same, and to_dict()": (lambda ticket: advisor.advise(ticket, kept).to_dict(), tickets),
        "advise, ten full tickets": (lambda ticket: advisor.advise(ticket, PAST), tickets),
        "explain": (lambda ticket: advisor.explain(ticket, kept), tickets),
    }
    use_kernel(False)
    if find_spec("numba"):
        for name in ("advise, CustomerHistory of ten", "explain"):
            call, given = calls[name]
            calls[f"{name}, `fast`"] = (compiled(call), given)
    if with_peer:
        calls[PEER] = (peer_call(kept), texts)
    told = measured(calls)
    peers = np.median(told[PEER][..., 1], axis=1) if with_peer else np.nan
    print("\n| one ticket, 160 characters | p50 ms | p99 ms | processor p50 ms | p99 ms | times faster |")
    print("|---|---|---|---|---|---|")
    for name, taken in told.items():
        cells = (np.percentile(taken.reshape(-1, 2), (50, 99), axis=0).T * 1000).reshape(-1)
        faster = np.median(peers / np.median(taken[..., 1], axis=1))
        print(f"| {name} | {' | '.join(f'{cell:.2f}' for cell in cells)} | {faster:.1f} |", flush=True)


def threaded() -> None:
    """One advisor, asked by several threads at once: what each waits, and what all get done."""
    advisor, kept = load(), CustomerHistory(PAST)
    tickets = [{**TICKET, "text": text} for text in made_texts(TICKETS)]
    print("\n| threads at once | kernel | p50 ms | p99 ms | tickets/s |")
    print("|---|---|---|---|---|")
    for fast in (False, True) if find_spec("numba") else (False,):
        use_kernel(fast)
        advisor.advise(tickets[0], kept)
        for n in THREADS:
            began = time.perf_counter()
            with ThreadPoolExecutor(n) as pool:
                taken = list(pool.map(lambda _: clocked(advisor, tickets, kept), range(n)))
            speed = n * len(tickets) / (time.perf_counter() - began)
            p50, p99 = np.percentile(np.concatenate(taken), (50, 99)) * 1000
            print(f"| {n} | {'yes' if fast else 'no'} | {p50:.2f} | {p99:.2f} | {speed:,.0f} |", flush=True)


def clocked(advisor: Advisor, tickets: Sequence[Any], kept: CustomerHistory) -> list[float]:
    """Seconds of each ticket by the clock."""
    taken = []
    for ticket in tickets:
        began = time.perf_counter()
        advisor.advise(ticket, kept)
        taken.append(time.perf_counter() - began)
    return taken


def peer_call(kept: CustomerHistory) -> Callable[[Any], object]:
    """The peer's answer to one text, the history facts given."""
    facts = kept.facts(CustomerHistory().seconds(TICKET["created_at"]), "billing")
    row = {f"history_{name}": float(np.nan_to_num(value[0], nan=-1)) for name, value in facts.items()}
    fitted = peer()
    return lambda text: fitted.predict(pd.DataFrame([{"text": text, **row}]))


def measured(calls: Mapping[str, tuple[Callable[[Any], object], Sequence[Any]]]) -> dict[str, Any]:
    """Seconds of every call, in turns; ndarray of shape (n_rounds, n_tickets, 2) for each kind."""
    taken: dict[str, list[list[tuple[float, float]]]] = {name: [] for name in calls}
    for call, given in calls.values():
        seconds(call, given[:20])
    for _ in range(ROUNDS):
        for name, (call, given) in calls.items():
            taken[name].append(seconds(call, given))
    return {name: np.array(rounds) for name, rounds in taken.items()}


def starting() -> None:
    both = [(started(IMPORTS), started(OURS)) for _ in range(STARTS + 1)][1:]
    theirs, ours = (statistics.median(column) for column in zip(*both, strict=True))
    ratio = statistics.median(mine / other for other, mine in both)
    loaded = (
        "import sys; " + OURS + "; print([m for m in ('sklearn', 'pandas', 'scipy') if m in sys.modules])"
    )
    brought = subprocess.run(
        [sys.executable, "-c", loaded], check=True, capture_output=True, text=True
    ).stdout
    print(f"`{OURS}`: {ours:.2f} s, `{IMPORTS}`: {theirs:.2f} s; median ratio {ratio:.2f};")
    print(f"of scikit-learn, pandas and scipy it imports {brought.strip()}\n", flush=True)


if __name__ == "__main__":
    starting()
    with threadpool_limits(1):
        latency(with_peer="--without-peer" not in sys.argv)
        threaded()
