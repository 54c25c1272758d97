"""On simulated shifts adapting gains, and where nothing shifted it costs less than a point.

The tickets are a sample of the corpus, judged by models that saw none of their collection;
`tests/benchmarks/label_shift.py` is the long form, and writes the sample.
"""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from label_shifts import Judged, batches, draw, shares, summary

from complaint_typing.priors import adapt, estimate_priors
from complaint_typing.taxonomy import read_taxonomy

SAMPLE = Path(__file__).parent / "data" / "out_of_fold.csv"
HARM = 1.0


@pytest.fixture(scope="module")
def judged() -> Judged:
    header, source, *rows = csv.reader(SAMPLE.read_text(encoding="utf-8").splitlines())
    types = tuple(header[2:])
    p = np.array([[float(cell) for cell in row[2:]] for row in rows])
    genre = np.array([row[1] for row in rows])
    return Judged(
        types,
        np.array([float(cell) for cell in source[2:]]),
        p / p.sum(axis=1, keepdims=True),
        np.array([types.index(row[0]) for row in rows]),
        {
            "all": [np.arange(len(rows))],
            "genre": [np.flatnonzero(genre == name) for name in np.unique(genre)],
        },
    )


def test_the_sample_is_of_the_shipped_types(judged):
    assert {*judged.types} <= {*read_taxonomy().types}
    assert judged.source.sum() == pytest.approx(1, abs=1e-3)
    assert np.bincount(judged.y).min() >= 50


@pytest.mark.parametrize(("n", "repeats"), [(20, 60), (50, 40), (200, 20), (1000, 8)])
def test_gains_where_there_is_shift_and_no_harm_where_there_is_none(judged, n, repeats):
    found = summary(batches(judged, n, repeats, ("none", "usual", "any")))
    for pool in ("all", "genre"):
        assert (found[pool, "none"]["gain"] > -HARM).all(), pool
        assert (found[pool, "usual"]["gain"] > -HARM).all(), pool
        assert found[pool, "any"]["gain"].min() > 1, pool
    assert found["all", "usual"]["gain"][0] > 0
    assert found["all", "any"]["gain"][0] > 2.5
    assert found["all", "any"]["p_value"] > 0.5
    assert found["all", "none"]["p_value"] <= 0.1
    assert found["all", "none"]["held"] > 0.9


def test_without_pseudo_counts_small_batches_would_be_harmed(judged):
    pool = replace(judged, pools={"all": judged.pools["all"]})
    held = summary(batches(pool, 20, 60, ("none",)))["all", "none"]["gain"]
    free = summary(batches(pool, 20, 60, ("none",), pseudo_counts=0.5, worth_at_most=1e9))
    assert (free["all", "none"]["gain"] < held - 0.5).all()


def test_two_groups_with_opposite_shares_gain_from_being_told_apart(judged):
    rng, right = np.random.default_rng(0), []
    for _ in range(20):
        parts = [draw(judged, judged.pools["all"][0], shares("any", judged, rng), 100, rng)[0] for _ in "ab"]
        rows = np.concatenate(parts)
        p, y = judged.p[rows], judged.y[rows]
        groups = ["a"] * 100 + ["b"] * 100
        found = estimate_priors(p, judged.types, judged.source, groups=groups)
        for new in (judged.source, found.whole.used, found.used(groups)):
            right.append((adapt(p, judged.source, new).argmax(axis=1) == y).mean())
    plain, whole, by_group = np.reshape(right, (-1, 3)).mean(axis=0)
    assert plain < whole < by_group
