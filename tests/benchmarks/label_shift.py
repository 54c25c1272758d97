"""What adapting to estimated shares of the types gains where they shifted, and costs where they did not.

    python tests/benchmarks/label_shift.py [--repeats 100] [--save OUT_OF_FOLD.csv] [--settings]

Labels and out-of-fold probabilities of `data/training` (five grouped folds) are drawn to batches of 20 to
1,000 tickets: with the shares of ordinary mail (`none`), half resolution and a quarter venting (`usual`) and
any shares at all (`any`, Dirichlet(1)); out of all natural tickets, out of one genre, out of one collection.
In a genre or collection the texts of a type differ from those elsewhere, which the method assumes they do
not. `--settings` compares pseudo-counts; `--save` writes the tickets that `tests/test_label_shift.py` reads.
"""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from label_shifts import Judged, batches, summary

from complaint_typing.calibration import fit_calibrated
from complaint_typing.fitting import Recipe
from complaint_typing.labels import labelled_frame, read_labelled
from complaint_typing.resources import data_path
from complaint_typing.taxonomy import read_taxonomy

KINDS = ("none", "usual", "any")
SIZES = {20: 4, 50: 2, 200: 1, 1000: 0.4}
GRID = [(10, 1e9), (20, 1e9), (40, 1e9), (20, 50), (20, 100), (40, 50), (40, 100), (40, 200)]
SAVED = 150


def judged_out_of_fold(jobs: int) -> tuple[Judged, np.ndarray]:
    """The natural tickets of the corpus with their out-of-fold probabilities, and their genres."""
    taxonomy = read_taxonomy()
    tickets = read_labelled([data_path("training")], taxonomy)
    data = labelled_frame(tickets, taxonomy)
    model, out_of_fold = fit_calibrated(data, Recipe(), jobs=jobs)
    p = np.delete(out_of_fold.scores(model, data).types.astype(float), model.gated_places, axis=1)
    types = tuple(name for name in model.types if name not in model.gated)
    rows = np.flatnonzero(np.isin(data.types, types) & data.natural)
    y = np.array([types.index(name) for name in data.types[rows]])
    p = p[rows] / p[rows].sum(axis=1, keepdims=True)
    source = np.bincount(y, minlength=len(types)) / len(y)
    genre = tickets["genre"].to_numpy(str)[rows]
    collection = data.groups[rows]
    pools = {
        "all": [np.arange(len(y))],
        "genre": [np.flatnonzero(genre == name) for name in np.unique(genre)],
        "collection": [np.flatnonzero(collection == name) for name in np.unique(collection)],
    }
    return Judged(types, source, p, y, pools), genre


def save(judged: Judged, genre: np.ndarray, path: Path) -> None:
    """At most 150 tickets a type, three decimals, no text; the first row holds the source's shares."""
    rng = np.random.default_rng(0)
    kept = [rng.permutation(np.flatnonzero(judged.y == k))[:SAVED] for k in range(len(judged.types))]
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["customer_type", "genre", *judged.types])
        out.writerow(["", "source", *(f"{share:.4f}" for share in judged.source)])
        for row in np.sort(np.concatenate(kept)).tolist():
            shown = (f"{value:.3f}" for value in judged.p[row])
            out.writerow([judged.types[judged.y[row]], genre[row], *shown])


def report(judged: Judged, repeats: int, **settings: float) -> None:
    """One table a size."""
    for n, factor in SIZES.items():
        found = summary(batches(judged, n, max(int(repeats * factor), 2), KINDS, **settings))
        print(f"\n{n} tickets {settings or ''}")
        print("| drawn from | shift | as is | gain | with the true shares | interval holds | p < 0.05 |")
        print("|---|---|---|---|---|---|---|")
        for (pool, kind), row in found.items():
            cells = ["{:.1f} / {:.1f}".format(*row["before"])]
            cells += ["{:+.1f} / {:+.1f}".format(*row[name]) for name in ("gain", "oracle")]
            print(f"| {pool} | {kind} | {' | '.join(cells)} | {row['held']:.0%} | {row['p_value']:.0%} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=100)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--save", type=Path)
    parser.add_argument("--settings", action="store_true")
    given = parser.parse_args()
    judged, genre = judged_out_of_fold(given.jobs)
    if given.save:
        save(judged, genre, given.save)
    for pseudo, most in GRID if given.settings else [(None, None)]:
        settings = {} if pseudo is None else {"pseudo_counts": pseudo, "worth_at_most": most}
        report(judged, given.repeats, **settings)


if __name__ == "__main__":
    main()
