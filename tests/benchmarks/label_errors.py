"""How many planted label errors stand at the top of the ranking.

    python tests/benchmarks/label_errors.py [--small]

Every row is one set of 5 % wrong labels: any other type, or one that is easily confused with the right one.
``top 10 %`` and ``top 5 %`` are the shares of the planted errors that stand there. Over the whole shipped
corpus (about eight minutes on one core) for each method; ``likely`` is how many labels confident learning
flags, and how many of them were planted. With ``--small`` (seven minutes) in sets of 1,000 tickets: from
twelve collections, with a second opinion that learned from the other collections alone or without one, and
from all collections, where it learned from the other tickets.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1]))

from planted import planted

from complaint_typing.labels import read_labelled
from complaint_typing.resources import data_path
from complaint_typing.workbench.label_errors import METHODS, label_errors
from complaint_typing.workbench.left_out import out_of_fold_probabilities, second_opinion

SEEDS, SMALL_SEEDS = (0, 1, 2), (0, 1, 2, 3, 4)
KINDS = ("uniform", "confusable")
SMALL, COLLECTIONS = 1000, 12


def whole(tickets: pd.DataFrame) -> None:
    """The table over the whole corpus."""
    print("| kind | seed | method | top 10 % | top 5 % | likely | of them planted | seconds |")
    print("|---|---|---|---|---|---|---|---|")
    for kind, seed in ((kind, seed) for kind in KINDS for seed in SEEDS):
        wrong, rows = planted(tickets, kind, seed)
        begin = time.perf_counter()
        probabilities = out_of_fold_probabilities(wrong)
        seconds = time.perf_counter() - begin
        for method in METHODS:
            found = label_errors(wrong, probabilities, method)
            flagged = found.loc[found["likely_error"], "row"]
            likely = f"{len(flagged)} | {np.isin(flagged, rows).mean():.3f}"
            print(
                f"| {kind} | {seed} | {method} | {_first(found, rows)} | {likely} | {seconds:.0f} |",
                flush=True,
            )


def small(tickets: pd.DataFrame) -> None:
    """The table over sets of 1,000 tickets."""
    print("| tickets of | second opinion | kind | seed | top 10 % | top 5 % |")
    print("|---|---|---|---|---|---|")
    for seed in SMALL_SEEDS:
        for name, own, others in _sets(tickets, seed):
            second = second_opinion(own, others)
            for kind in KINDS:
                wrong, rows = planted(own, kind, seed)
                for asked, table in (("no", None), ("yes", second)):
                    found = label_errors(wrong, out_of_fold_probabilities(wrong, second=table))
                    print(f"| {name} | {asked} | {kind} | {seed} | {_first(found, rows)} |", flush=True)


def _sets(tickets: pd.DataFrame, seed: int) -> list[tuple[str, pd.DataFrame, pd.DataFrame]]:
    names = np.unique(tickets.loc[tickets["customer_type"] != "none", "collection"])
    held = tickets["collection"].isin(np.random.default_rng(seed).permutation(names)[:COLLECTIONS])
    return [
        (name, part.sample(SMALL, random_state=seed).sort_index().reset_index(drop=True), others)
        for name, part, others in (
            ("twelve collections", tickets[held], tickets[~held]),
            ("all collections", tickets, tickets),
        )
    ]


def _first(found: pd.DataFrame, rows: np.ndarray) -> str:
    shares = [np.isin(rows, found["row"].head(len(found) // n)).mean() for n in (10, 20)]
    return " | ".join(f"{share:.3f}" for share in shares)


if __name__ == "__main__":
    corpus = read_labelled([data_path("training")])
    small(corpus) if "--small" in sys.argv[1:] else whole(corpus)
