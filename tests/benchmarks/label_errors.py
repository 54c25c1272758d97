"""How many planted label errors stand at the top of the ranking, over the whole shipped corpus.

    python tests/benchmarks/label_errors.py

Takes about eight minutes on one core. Every row is one set of 5 % wrong labels: any other type, or one that
is easily confused with the right one. ``top 10 %`` and ``top 5 %`` are the shares of the planted errors that
stand there for each method; ``likely`` is how many labels confident learning flags, and how many of them
were planted.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from planted import planted

from complaint_typing.labels import read_labelled
from complaint_typing.resources import data_path
from complaint_typing.workbench.label_errors import METHODS, label_errors
from complaint_typing.workbench.left_out import out_of_fold_probabilities

SEEDS = (0, 1, 2)


def main() -> None:
    """Print the table."""
    tickets = read_labelled([data_path("training")])
    print("| kind | seed | method | top 10 % | top 5 % | likely | of them planted | seconds |")
    print("|---|---|---|---|---|---|---|---|")
    for kind in ("uniform", "confusable"):
        for seed in SEEDS:
            wrong, rows = planted(tickets, kind, seed)
            begin = time.perf_counter()
            probabilities = out_of_fold_probabilities(wrong)
            seconds = time.perf_counter() - begin
            for method in METHODS:
                found = label_errors(wrong, probabilities, method)
                first = [np.isin(rows, found["row"].head(len(wrong) // n)).mean() for n in (10, 20)]
                flagged = found.loc[found["likely_error"], "row"]
                shares = (
                    f"{first[0]:.3f} | {first[1]:.3f} | {len(flagged)} | {np.isin(flagged, rows).mean():.3f}"
                )
                print(f"| {kind} | {seed} | {method} | {shares} | {seconds:.0f} |", flush=True)


if __name__ == "__main__":
    main()
