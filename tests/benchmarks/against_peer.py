"""Quality and speed beside the peer: character TF-IDF (1-4) and logistic regression.

    python tests/benchmarks/against_peer.py [LABELLED.csv ...]

Both learn from `data/training`. Quality: on left-out collections (five grouped folds), and on each labelled
file named. Speed: texts to probabilities on one core, taken in turns, as the median ratio of five rounds.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score
from sklearn.pipeline import Pipeline, make_pipeline
from threadpoolctl import threadpool_limits

from complaint_typing.artifact import load_model
from complaint_typing.calibration import fit_calibrated
from complaint_typing.classifier import facts_of, texts_of
from complaint_typing.evaluation import NONE
from complaint_typing.fitting import Recipe
from complaint_typing.labels import labelled_frame, read_labelled
from complaint_typing.out_of_fold import grouped_folds
from complaint_typing.resources import data_path
from complaint_typing.taxonomy import read_taxonomy

ROUNDS, TEXTS, LENGTH = 5, 2_000, 160


def peer() -> Pipeline:
    return make_pipeline(
        TfidfVectorizer(analyzer="char", ngram_range=(1, 4), min_df=2, sublinear_tf=True),
        LogisticRegression(C=10, max_iter=1000),
    )


def figures(truth: np.ndarray, said: np.ndarray) -> str:
    names, counts = np.unique(truth, return_counts=True)
    supported = names[counts >= 5]
    macro = f1_score(truth, said, average="macro", labels=supported)
    return f"{accuracy_score(truth, said):.3f} | {macro:.3f}"


def top_types(model: Any, tickets: pd.DataFrame) -> np.ndarray:
    return np.array(model.types)[model.score(texts_of(tickets), facts_of(tickets)).types.argmax(axis=1)]


def left_out(tickets: pd.DataFrame) -> None:
    data = labelled_frame(tickets, read_taxonomy())
    model, out_of_fold = fit_calibrated(data, Recipe(), jobs=2)
    ours = np.array(model.types)[out_of_fold.scores(model, data).types.argmax(axis=1)]
    said = np.full(len(tickets), "", dtype=object)
    folds, real = grouped_folds(data.groups, 5), data.types != NONE
    for number in range(folds.max() + 1):
        fit, held = real & (folds != number), folds == number
        said[held] = peer().fit(tickets["text"][fit], data.types[fit]).predict(tickets["text"][held])
    print(f"| left-out collections | peer | {figures(data.types[real], said[real].astype(str))} |")
    print(
        f"| left-out collections | complaint_typing | {figures(data.types[real], ours[real])} |", flush=True
    )


def speed(fitted: Pipeline, model: Any, tickets: pd.DataFrame) -> None:
    texts = [(text * 8)[:LENGTH] for text in tickets["text"].sample(TEXTS, random_state=0)]
    facts = facts_of(texts)
    ratios, rates = [], []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        fitted.predict_proba(texts)
        middle = time.perf_counter()
        model.score(texts, facts)
        end = time.perf_counter()
        ratios.append((middle - began) / (end - middle))
        rates.append((TEXTS / (middle - began), TEXTS / (end - middle)))
    peer_rate, our_rate = np.median(rates, axis=0)
    print(
        f"\n{LENGTH} characters, one core: peer {peer_rate:,.0f}, complaint_typing {our_rate:,.0f} texts/s,"
    )
    print(f"median ratio {np.median(ratios):.1f} of {ROUNDS} rounds ({min(ratios):.1f}-{max(ratios):.1f})")


def main(files: list[str]) -> None:
    corpus = read_labelled([data_path("training")])
    tickets = corpus[corpus["customer_type"] != NONE]
    model = load_model(data_path("model"))
    with threadpool_limits(1):
        fitted = peer().fit(tickets["text"], tickets["customer_type"])
        print("| judged on | classifier | accuracy | macro-F1 |\n|---|---|---|---|")
        for file in files:
            judged = read_labelled([file])
            judged = judged[judged["customer_type"].isin(model.types)]
            truth = judged["customer_type"].to_numpy(dtype=str)
            print(f"| {Path(file).name} | peer | {figures(truth, fitted.predict(judged['text']))} |")
            print(
                f"| {Path(file).name} | complaint_typing | {figures(truth, top_types(model, judged))} |",
                flush=True,
            )
        left_out(corpus)
        speed(fitted, model, tickets)


if __name__ == "__main__":
    main(sys.argv[1:])
