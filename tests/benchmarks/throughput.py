"""Texts to probabilities on one core, beside scikit-learn and fastText, and how the cost grows.

    python tests/benchmarks/throughput.py [--quick]

All learn from `data/training`; all are timed in turns, and the table gives the median of the rounds' ratios.
Needs the extra `fast` and the package `fasttext`. The peer stops learning early: its speed is the same.
`--quick` stops at 100,000 rows.
"""

from __future__ import annotations

import os

os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")

import platform
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import fasttext
import numpy as np
from clocks import seconds
from peers import characters

from complaint_typing.artifact import load_model
from complaint_typing.decision import NONE
from complaint_typing.fast import use_kernel
from complaint_typing.labels import read_labelled
from complaint_typing.model import Model
from complaint_typing.resources import data_path
from complaint_typing.ticket_texts import facts_of

ROUNDS, TEXTS, LENGTH = 9, 2_000, 160
SIZES = (10_000, 100_000, 1_000_000)
Run = Callable[[list[str]], object]


def fast_text(texts: list[str], types: list[str]) -> Run:
    """fastText of 16 dimensions on subwords of four characters."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "train.txt"
        labelled = zip(types, texts, strict=True)
        lines = [f"__label__{name} {' '.join(text.split())}\n" for name, text in labelled]
        path.write_text("".join(lines), encoding="utf-8")
        model = fasttext.train_supervised(str(path), dim=16, minn=4, maxn=4, epoch=5, thread=1, verbose=0)
    return lambda texts: model.predict([text.replace("\n", " ") for text in texts], k=-1)


def ours(model: Model, kernel: bool) -> Run:
    """This library, with or without the compiled kernel."""

    def run(texts: list[str]) -> object:
        use_kernel(kernel)
        return model.score(texts, facts_of(texts))

    return run


def thread_seconds(run: Run, texts: list[str]) -> float:
    return seconds(lambda: run(texts), time.thread_time)


def compare(runs: dict[str, Run], texts: list[str]) -> None:
    """All in turns; the ratio of each to the first, round by round."""
    times = np.array([[thread_seconds(run, texts) for run in runs.values()] for _ in range(ROUNDS)])
    print(f"| {LENGTH} characters, one core | texts/s | times the peer | times fastText |\n|---|---|---|---|")
    for i, name in enumerate(runs):
        peer, other = (np.median(times[:, k] / times[:, i]) for k in (0, 1))
        print(f"| {name} | {len(texts) / np.median(times[:, i]):,.0f} | {peer:.1f} | {other:.1f} |")


def growth(runs: dict[str, Run], texts: list[str], sizes: tuple[int, ...]) -> None:
    """Microseconds a text as rows grow."""
    print("\n| rows | " + " | ".join(f"{name}, µs a text" for name in runs) + " |")
    print("|---" * (len(runs) + 1) + "|")
    for size in sizes:
        many = (texts * (size // len(texts) + 1))[:size]
        cells = (
            f"{min(thread_seconds(run, many) for _ in range(2)) / size * 1e6:.1f}" for run in runs.values()
        )
        print(f"| {size:,} | " + " | ".join(cells) + " |", flush=True)


def main(options: list[str]) -> None:
    corpus = read_labelled([data_path("training")])
    tickets = corpus[corpus["customer_type"] != NONE]
    model = load_model(data_path("model"))
    peer = characters(max_iter=3).fit(tickets["text"], tickets["customer_type"])
    texts = [(text * 8)[:LENGTH] for text in tickets["text"].sample(TEXTS, random_state=0)]
    own = {"complaint_typing, core": ours(model, False), "complaint_typing, fast": ours(model, True)}
    runs = {
        "scikit-learn, character TF-IDF and logistic regression": peer.predict_proba,
        "fastText, 16 dimensions": fast_text(tickets["text"].tolist(), tickets["customer_type"].tolist()),
        **own,
    }
    core, fast = (run(texts) for run in own.values())
    assert all(np.array_equal(a, b) for a, b in zip(core, fast, strict=True)), "core and fast must agree"
    print(f"{platform.system()}, Python {platform.python_version()}, numpy {np.__version__}\n")
    compare(runs, texts)
    growth(own, texts, SIZES[: 2 if "--quick" in options else None])


if __name__ == "__main__":
    main(sys.argv[1:])
