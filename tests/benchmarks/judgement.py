"""Quality and speed beside peers, in one table.

    pip install '.[bench]' && python tests/benchmarks/judgement.py [LABELLED.csv ...] [--sample N]

All learn from `data/training`. Quality: on left-out collections (five grouped folds) and on each labelled
file named (`source` or `genre` names its groups for adapted priors). Speed: texts of 160 characters to
types on one core, in turns, the median of five rounds. Peers see the text alone: their history is left out;
ours is judged with it, and without it in a row of its own. `--sample N` takes every N-th ticket.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from clocks import seconds
from numpy.typing import NDArray
from peers import PEERS, SentenceEncoder
from sklearn.metrics import accuracy_score, f1_score
from threadpoolctl import threadpool_limits

from complaint_typing.adaptation import adaptation, estimate_of
from complaint_typing.artifact import load_model
from complaint_typing.calibration import fit_calibrated
from complaint_typing.decision import NONE
from complaint_typing.fitting import Recipe
from complaint_typing.labels import labelled_frame, read_labelled
from complaint_typing.out_of_fold import grouped_folds
from complaint_typing.resources import data_path
from complaint_typing.taxonomy import read_taxonomy
from complaint_typing.ticket_texts import facts_of, texts_of

ROUNDS, TEXTS, LENGTH = 5, 500, 160
OURS, NO_HISTORY, ADAPTED = "complaint_typing", "… history left out", "… adapted priors"


def figures(truth: NDArray[Any], said: NDArray[Any]) -> str:
    """Accuracy and macro-F1 over types with at least five tickets."""
    names, counts = np.unique(truth, return_counts=True)
    macro = f1_score(truth, said, average="macro", labels=names[counts >= 5])
    return f"{accuracy_score(truth, said):.3f} | {macro:.3f}"


def show(judged_on: str, classifier: str, truth: NDArray[Any], said: NDArray[Any]) -> None:
    print(f"| {judged_on} | {classifier} | {figures(truth, said)} |", flush=True)


def names_of(types: tuple[str, ...], probabilities: NDArray[Any]) -> NDArray[Any]:
    return np.array(types)[probabilities.argmax(axis=1)]


def adapted(model: Any, scores: Any, groups: NDArray[Any]) -> NDArray[Any]:
    """Probabilities under shares of the types estimated for each group, labels unseen."""
    found = estimate_of(model, scores, groups.tolist())
    return np.asarray(adaptation(model, found, groups.tolist())(scores).types)


def left_out(corpus: pd.DataFrame) -> None:
    """Five grouped folds; nobody is judged by what read its author."""
    data = labelled_frame(corpus, read_taxonomy())
    real = data.types != NONE
    folds = grouped_folds(data.groups, 5, data.types, data.types == NONE)
    on = "left-out collections"
    for name, make in PEERS.items():
        said = np.full(len(folds), "", dtype=object)
        for number in range(folds.max() + 1):
            fit, held = np.flatnonzero(real & (folds != number)), np.flatnonzero(real & (folds == number))
            peer = SentenceEncoder() if "encoder" in name else make()
            peer.fit([data.raw[i] for i in fit], data.types[fit])
            said[held] = peer.predict([data.raw[i] for i in held])
        show(on, name, data.types[real], said[real].astype(str))
    model, out_of_fold = fit_calibrated(data, Recipe(), jobs=1)
    scores = out_of_fold.scores(model, data)
    show(on, OURS, data.types[real], names_of(model.types, scores.types)[real])
    p = adapted(model, scores, corpus["collection"].to_numpy(dtype=str))
    show(on, ADAPTED, data.types[real], names_of(model.types, p)[real])


def on_file(path: str, fitted: dict[str, Any], model: Any) -> None:
    """A labelled file; the peers learned from the whole corpus, ours is the shipped model."""
    judged = read_labelled([path])
    judged = judged[judged["customer_type"].isin(model.types)].reset_index(drop=True)
    truth, texts, on = judged["customer_type"].to_numpy(dtype=str), texts_of(judged), Path(path).name
    for name, peer in fitted.items():
        show(on, name, truth, peer.predict(texts))
    scores = model.score(texts, facts_of(judged))
    show(on, OURS, truth, names_of(model.types, scores.types))
    show(on, NO_HISTORY, truth, names_of(model.types, model.score(texts, facts_of(texts)).types))
    column = next((name for name in ("source", "genre") if name in judged.columns), None)
    groups = judged[column].to_numpy(dtype=str) if column else np.full(len(truth), "")
    show(on, ADAPTED, truth, names_of(model.types, adapted(model, scores, groups)))


def speed(fitted: dict[str, Any], model: Any, texts: list[str]) -> None:
    """Texts a second on one core, taken in turns."""
    texts = [(text * 8)[:LENGTH] for text in texts[:TEXTS]]
    facts = facts_of(texts)
    runs: dict[str, Callable[[], Any]] = {name: partial(peer.predict, texts) for name, peer in fitted.items()}
    runs[OURS] = partial(model.score, texts, facts)
    took: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(ROUNDS):
        for name, run in runs.items():
            took[name].append(seconds(run))
    ours = np.array(took[OURS])
    print("\n| classifier | texts/s | ours takes this many times fewer seconds |\n|---|---|---|")
    for name, times in took.items():
        ratio = float(np.median(np.array(times) / ours))
        print(f"| {name} | {len(texts) / float(np.median(times)):,.0f} | {ratio:.1f} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("files", nargs="*")
    parser.add_argument("--sample", type=int, default=1, metavar="N")
    asked = parser.parse_args()
    corpus = read_labelled([data_path("training")])
    corpus = corpus.iloc[:: asked.sample].reset_index(drop=True)
    tickets = corpus[corpus["customer_type"] != NONE]
    model = load_model(data_path("model"))
    with threadpool_limits(1):
        texts, types = texts_of(tickets), tickets["customer_type"].to_numpy(dtype=str)
        print("| judged on | classifier | accuracy | macro-F1 |\n|---|---|---|---|", flush=True)
        fitted = {name: make().fit(texts, types) for name, make in PEERS.items()}
        for path in asked.files:
            on_file(path, fitted, model)
        left_out(corpus)
        speed(fitted, model, texts)


if __name__ == "__main__":
    main()
