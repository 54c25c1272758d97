"""A group grows by what its tickets say, not by where, and stops where labelled tickets come along."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from complaint_typing.workbench.growth import FEWEST, grown, limit


def _said(seed: int) -> tuple[sp.csr_matrix, np.ndarray, np.ndarray]:
    """N-grams of 400 tickets of two genres, a quarter with one wish; who has the wish, and the genre."""
    rng = np.random.default_rng(seed)
    wish, genre = rng.random(400) < 0.25, np.arange(400) % 2
    has = rng.random((400, 600)) < 0.1
    has[:, :10] |= wish[:, None] & (rng.random((400, 10)) < 0.5)
    has[:, 10:20] |= (genre == 1)[:, None] & (rng.random((400, 10)) < 0.9)
    return sp.csr_matrix(has.astype(np.float32)), wish, genre


def test_a_group_finds_the_rest_of_its_kind() -> None:
    ngrams, wish, genre = _said(1)
    some = wish & (np.arange(400) < 160)
    scores = grown(ngrams, some, np.ones(400, dtype=bool), genre)
    rest = np.flatnonzero(~some)
    best = rest[np.argsort(-scores[rest])[:40]]
    assert wish[best].mean() > 0.7


def test_a_ticket_has_no_vote_on_itself() -> None:
    """Where no two tickets share a word, those of the group score no higher than others."""
    alone = sp.identity(60, dtype=np.float32, format="csr")
    scores = grown(alone, np.arange(60) < 15, np.arange(60) < 30, np.zeros(60, dtype=int))
    assert np.ptp(scores) == 0


def test_where_it_is_said_counts_for_nothing() -> None:
    """A group that is mostly of one genre draws in no more of that genre than of the other."""
    ngrams, wish, genre = _said(1)
    members = wish & ((genre == 1) | (np.arange(400) < 80))
    scores = grown(ngrams, members, np.ones(400, dtype=bool), genre)
    here, there = scores[(genre == 1) & ~wish], scores[(genre == 0) & ~wish]
    assert here.mean() <= there.mean()


def test_the_limit_stands_where_controls_come_along() -> None:
    scores = np.concatenate([np.linspace(0, 10, 100), np.linspace(0, 20, 100)])
    exported, domain = np.arange(200) >= 100, np.zeros(200, dtype=int)
    found = limit(scores, ~exported, exported, domain, 0.75)
    assert 5 < found < 10
    inside, controls = (scores[exported] >= found).sum(), (scores[~exported] >= found).sum()
    assert 1 - controls / inside >= 0.75
    assert limit(scores, ~exported, exported, domain, 0.9) > found
    assert limit(scores[::-1].copy(), ~exported, exported, domain, 0.75) == float("inf")
    assert limit(scores[: 100 + FEWEST - 1], ~exported[:111], exported[:111], domain[:111], 0.1) == float(
        "inf"
    )


def test_a_domain_with_few_controls_stands_for_as_many_tickets() -> None:
    """Ten controls beside a hundred tickets of a genre: each that comes along speaks for ten."""
    scores = np.concatenate([np.full(10, 5.0), np.full(100, 6.0)])
    exported = np.arange(110) >= 10
    domain = np.zeros(110, dtype=int)
    assert limit(scores, ~exported, exported, domain, 0.5) == 6.0
    assert limit(scores + 2.0 * ~exported, ~exported, exported, domain, 0.5) == float("inf")
