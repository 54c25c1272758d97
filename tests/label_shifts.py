"""Batches of tickets drawn to chosen shares of the types, and what adapting to them gains or costs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from complaint_typing.evaluation import SUPPORT, f1_by_class
from complaint_typing.priors import adapt, estimate_priors

LEAST = 8
USUAL = {"resolution_seeking": 0.5, "venting": 0.25}


@dataclass(frozen=True)
class Judged:
    """Labelled tickets with the probabilities of models that saw none of their collection.

    ``p`` has shape (n_tickets, n_types) and ``y`` holds places in ``types``; ``pools`` names sets of tickets
    to draw from: all of them, one genre, one collection.
    """

    types: tuple[str, ...]
    source: np.ndarray
    p: np.ndarray
    y: np.ndarray
    pools: Mapping[str, Sequence[np.ndarray]]

    def members(self, rows: np.ndarray) -> list[np.ndarray]:
        """The rows of each type; none of a type with fewer than eight."""
        found = [rows[self.y[rows] == k] for k in range(len(self.types))]
        return [one if len(one) >= LEAST else one[:0] for one in found]


def shares(kind: str, judged: Judged, rng: np.random.Generator) -> np.ndarray:
    """``none``: the source's own; ``usual``: half resolution, a quarter venting; ``any``: Dirichlet(1)."""
    n = len(judged.types)
    if kind == "none":
        return judged.source
    if kind == "any":
        return rng.dirichlet(np.ones(n))
    found = np.array([USUAL.get(name, 0.0) for name in judged.types])
    rest = found == 0
    found[rest] = (1 - found.sum()) * rng.dirichlet(np.ones(rest.sum()))
    return found


def draw(
    judged: Judged, pool: np.ndarray, wanted: np.ndarray, n: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Rows drawn with replacement, and with what shares: a type that is not there has none."""
    members = judged.members(pool)
    wanted = np.where([len(rows) > 0 for rows in members], wanted, 0)
    wanted = wanted / wanted.sum()
    counts = rng.multinomial(n, wanted)
    return np.concatenate([rng.choice(m, c) for m, c in zip(members, counts, strict=True) if c]), wanted


def accuracy_and_f1(y: np.ndarray, p: np.ndarray) -> np.ndarray:
    """Accuracy, and macro-F1 over types with at least five tickets, in points."""
    said = p.argmax(axis=1)
    there = np.bincount(y, minlength=p.shape[1]) >= SUPPORT
    f1 = f1_by_class(y, said, p.shape[1])[there].mean() if there.any() else np.nan
    return 100 * np.array([(said == y).mean(), f1])


def one_batch(judged: Judged, rows: np.ndarray, wanted: np.ndarray, **settings: Any) -> dict[str, Any]:
    """What adapting changes on one batch, and how many intervals hold the share that was drawn with."""
    p, y = judged.p[rows], judged.y[rows]
    found = estimate_priors(p, judged.types, judged.source, **settings).whole
    before = accuracy_and_f1(y, p)
    return {
        "before": before,
        "gain": accuracy_and_f1(y, adapt(p, judged.source, found.used)) - before,
        "oracle": accuracy_and_f1(y, adapt(p, judged.source, np.maximum(wanted, 1e-3))) - before,
        "held": ((found.low <= wanted) & (wanted <= found.high))[wanted > 0].mean(),
        "p_value": found.p_value,
    }


def batches(
    judged: Judged, n: int, repeats: int, kinds: Sequence[str], seed: int = 0, **settings: Any
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Pool, kind of shift and what became of it, one for each repeat of every pool and kind."""
    rng = np.random.default_rng(seed)
    for _ in range(repeats):
        for name, pools in judged.pools.items():
            pool = pools[int(rng.integers(len(pools)))]
            for kind in kinds:
                rows, wanted = draw(judged, pool, shares(kind, judged, rng), n, rng)
                yield name, kind, one_batch(judged, rows, wanted, **settings)


def summary(found: Iterator[tuple[str, str, dict[str, Any]]]) -> dict[tuple[str, str], dict[str, Any]]:
    """Means over the repeats, by pool and kind; ``p_value`` becomes the share below 0.05."""
    kept = defaultdict(list)
    for pool, kind, figures in found:
        kept[pool, kind].append(figures)
    return {
        key: {name: np.nanmean([row[name] for row in rows], axis=0) for name in rows[0]}
        | {"p_value": np.mean([row["p_value"] < 0.05 for row in rows])}
        for key, rows in kept.items()
    }
