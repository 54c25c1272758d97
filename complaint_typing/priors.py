"""Label shift: the shares of the types in unlabelled tickets, and probabilities adapted to them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .masking import mask

Floats = NDArray[np.float64]
PSEUDO_COUNTS = 40.0
WORTH_AT_MOST = 100.0
FEWEST = 20
_WEAK = 4.0
_STEPS, _CLOSE, _TINY = 2_000, 1e-7, 1e-12
_DRAWS = 2_000


@dataclass(frozen=True)
class Shares:
    """What a group of tickets says of the shares of its types; arrays have shape (n_types,) and sum to 1.

    Attributes
    ----------
    tickets : float
        How many tickets spoke, less whatever of their probability was on a type that does not take part.
    seen : ndarray
        The most likely shares, held by few pseudo-counts.
    low, high : ndarray
        95 % interval of ``seen``, each type by itself.
    used : ndarray
        The shares to adapt to: held by more pseudo-counts.
    p_value : float
        How often chance alone makes shares look at least as different from the source.
    steps : int
        Of the slower of the two searches.
    converged : bool
    """

    tickets: float
    seen: Floats
    low: Floats
    high: Floats
    used: Floats
    p_value: float
    steps: int
    converged: bool


@dataclass(frozen=True)
class PriorEstimate:
    """The shares of the types in unlabelled tickets, as a whole and by group.

    Attributes
    ----------
    types : tuple of str
        Types that take part; those that a customer's history decides do not.
    source : ndarray of shape (n_types,)
        The shares that the model's probabilities hold for.
    whole : Shares
        All tickets.
    groups : mapping of str to Shares
        Groups of at least 20 tickets; smaller ones use the whole.
    by : str or None
        The column that names the groups.
    """

    types: tuple[str, ...]
    source: Floats
    whole: Shares
    groups: Mapping[str, Shares] = field(default_factory=dict)
    by: str | None = None

    def used(self, groups: Sequence[str]) -> Floats:
        """The shares to adapt each ticket to, by its group; ndarray of shape (n_tickets, n_types)."""
        names = list(self.groups)
        place = {name: i for i, name in enumerate(names)}
        table = np.stack([*(self.groups[name].used for name in names), self.whole.used])
        return table[[place.get(group, len(names)) for group in groups]]

    @property
    def digest(self) -> str:
        """A short name for the estimate: the same shares have the same."""
        return hashlib.sha256(json.dumps(self.to_dict(), sort_keys=True).encode()).hexdigest()[:12]

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON: shares by type, before (``source``), as ``seen`` and as ``used``; groups masked."""
        return {
            "by": self.by,
            "source": self._named(self.source),
            "whole": self._shown(self.whole),
            "groups": {mask(name): self._shown(shares) for name, shares in self.groups.items()},
        }

    def _named(self, shares: Floats) -> dict[str, float]:
        return {name: round(float(share), 4) for name, share in zip(self.types, shares, strict=True)}

    def _shown(self, shares: Shares) -> dict[str, Any]:
        arrays = {name: self._named(getattr(shares, name)) for name in ("seen", "low", "high", "used")}
        return {
            "tickets": round(shares.tickets, 1),
            **arrays,
            "distance": round(distance(self.source, shares.seen), 4),
            "p_value": round(shares.p_value, 3),
            "steps": shares.steps,
            "converged": shares.converged,
        }


class _Fit(NamedTuple):
    share: Floats
    steps: int
    converged: bool


def distance(one: Floats, other: Floats) -> float:
    """Total variation distance: the share of tickets that would have to change their type.

    >>> round(distance(np.array([0.5, 0.5]), np.array([0.8, 0.2])), 2)
    0.3
    """
    return float(np.abs(one - other).sum() / 2)


def estimate_priors(
    probabilities: NDArray[Any],
    types: Sequence[str],
    source: ArrayLike,
    *,
    weight: ArrayLike | None = None,
    groups: Sequence[str] | None = None,
    by: str | None = None,
    pseudo_counts: float = PSEUDO_COUNTS,
    worth_at_most: float = WORTH_AT_MOST,
) -> PriorEstimate:
    """The shares of the types among unlabelled tickets.

    Maximum a posteriori by expectation and maximisation (Saerens, Latinne and Decaestecker, 2002) under a
    Dirichlet prior: every round takes each ticket's probabilities as if the shares of the round before held,
    and their mean, with the pseudo-counts, is the next. A group is held by the whole, and that by the source.
    Texts of one origin err alike, so that n tickets count as ``n * m / (n + m)``, m being ``worth_at_most``.

    Parameters
    ----------
    probabilities : ndarray of shape (n_tickets, n_types)
        Calibrated for the source's shares.
    types : sequence of str of length n_types
    source : array of shape (n_types,)
        Positive; scaled to sum to 1.
    weight : array of shape (n_tickets,), optional
        How much each ticket counts, 0 to 1.
    groups : sequence of str of length n_tickets, optional
    by : str, optional
        Where the groups come from, for people.
    pseudo_counts, worth_at_most : float
        In tickets; the defaults were chosen on simulated shifts of the corpus, see ``docs/priors.md``.

    >>> clear = np.where(np.arange(300)[:, None] < 240, [0.9, 0.1], [0.1, 0.9])
    >>> found = estimate_priors(clear, ("repair", "respect"), [0.5, 0.5]).whole
    >>> found.seen.round(2).tolist(), found.used.round(2).tolist(), found.p_value < 0.01
    ([0.84, 0.16], [0.7, 0.3], True)
    """
    old = np.asarray(source, dtype=float)
    old = old / old.sum()
    ratio = np.asarray(probabilities, dtype=float) / old
    counts = np.ones(len(ratio)) if weight is None else np.asarray(weight, dtype=float)
    whole = _shares(ratio, counts, old, old, pseudo_counts, worth_at_most)
    found: dict[str, Shares] = {}
    if groups is not None:
        names, code = np.unique(np.asarray(groups, dtype=str), return_inverse=True)
        for i in np.flatnonzero(np.bincount(code, weights=counts, minlength=len(names)) >= FEWEST):
            rows = code == i
            found[str(names[i])] = _shares(
                ratio[rows], counts[rows], old, whole.used, pseudo_counts, worth_at_most
            )
    return PriorEstimate(tuple(types), old, whole, found, by)


def _shares(ratio: Floats, counts: Floats, old: Floats, base: Floats, pseudo: float, most: float) -> Shares:
    tickets = float(counts.sum())
    weight = counts * (most / (tickets + most))
    seen, used = (_likely(ratio, weight, base, p) for p in (min(_WEAK, pseudo), pseudo))
    low, high = _interval(ratio, weight, base, seen.share, min(_WEAK, pseudo))
    gain = 2 * float(weight @ (_log_mean(ratio, seen.share) - _log_mean(ratio, old)))
    chance = np.random.default_rng(0).chisquare(max(len(old) - 1, 1), _DRAWS)
    return Shares(
        tickets,
        seen.share,
        low,
        high,
        used.share,
        float((chance >= gain).mean()),
        max(seen.steps, used.steps),
        seen.converged and used.converged,
    )


def _likely(ratio: Floats, weight: Floats, base: Floats, pseudo: float) -> _Fit:
    """Shares at which the likelihood times the Dirichlet prior is largest; it has one maximum."""
    share, total = base, float(weight.sum()) + pseudo
    for step in range(1, _STEPS + 1):
        part = _parts(ratio, share)
        new = (weight @ part + pseudo * base) / total
        new /= new.sum()
        moved = float(np.abs(new - share).max())
        share = new
        if moved < _CLOSE:
            return _Fit(share, step, True)
    return _Fit(share, _STEPS, False)


def _parts(ratio: Floats, share: Floats) -> Floats:
    """Each ticket's probabilities if these shares held."""
    part = ratio * share
    return np.asarray(part / np.maximum(part.sum(axis=1, keepdims=True), _TINY))


def _log_mean(ratio: Floats, share: Floats) -> Floats:
    return np.asarray(np.log(np.maximum(ratio @ share, _TINY)))


def _interval(
    ratio: Floats, weight: Floats, base: Floats, share: Floats, pseudo: float
) -> tuple[Floats, Floats]:
    """95 % interval of each share: a beta distribution with the mean and variance of its posterior.

    The variance is Laplace's in the softmax basis (MacKay, 1998), where the mode is the estimate itself and
    the curvature is ``pseudo * diag(base) - (n + pseudo) * share share' + sum of part part'``; the ones added
    to it lie along the one direction in which the softmax does not move.
    """
    part = _parts(ratio, share)
    curvature = pseudo * np.diag(base) + (part * weight[:, None]).T @ part
    curvature -= (weight.sum() + pseudo) * np.outer(share, share)
    slope = np.diag(share) - np.outer(share, share)
    variance = np.diag(slope @ np.linalg.inv(curvature + 1) @ slope)
    spread = share * (1 - share)
    worth = np.maximum(spread / np.maximum(variance, _TINY) - 1, 1.0)
    one, other = np.maximum(share * worth, _TINY), np.maximum((1 - share) * worth, _TINY)
    drawn = np.random.default_rng(0).beta(one, other, (_DRAWS, len(share)))
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
    return np.minimum(low, share), np.maximum(high, share)


def adapt(
    probabilities: NDArray[Any], old: ArrayLike, new: ArrayLike, fixed: Sequence[int] | NDArray[Any] = ()
) -> NDArray[Any]:
    """Probabilities for other shares of the types: each times new by old, rows again summing to 1.

    A probability of 0 stays 0. That of a ``fixed`` type is never raised, nor are its odds against the most
    probable of the others: shares of types in a crowd say nothing about one customer's past.

    Parameters
    ----------
    probabilities : ndarray of shape (n_tickets, n_types + n_fixed)
    old : array of shape (n_types,)
        Shares that the probabilities hold for.
    new : array of shape (n_types,) or (n_tickets, n_types)
    fixed : sequence of int
        Columns that take no part in the shares.

    >>> adapt(np.array([[0.4, 0.4, 0.2]]), [0.5, 0.5], [0.75, 0.25], fixed=[2]).round(3).tolist()
    [[0.6, 0.2, 0.2]]
    """
    p = np.asarray(probabilities, dtype=float)
    moved = np.delete(np.arange(p.shape[1]), fixed)
    if not len(p) or not len(moved):
        return probabilities.copy()
    out, kept = p.copy(), p[:, fixed]
    before = p[:, moved].max(axis=1)
    odds = p[:, moved] * (np.asarray(new, dtype=float) / np.asarray(old, dtype=float))
    odds /= np.maximum(_row_sums(odds), _TINY)[:, None]
    after = odds.max(axis=1)
    held = _row_sums(kept)
    spared = np.minimum(after / np.maximum(before + after * held, _TINY), 1.0)
    out[:, fixed] = kept * spared[:, None]
    out[:, moved] = odds * (1 - held * spared)[:, None]
    nothing = before <= 0
    out[nothing] = p[nothing]
    return out.astype(probabilities.dtype)


def _row_sums(values: Floats) -> Floats:
    """Sums column by column, so that the number of rows changes no bit."""
    total = np.zeros(len(values))
    for column in values.T:
        total += column
    return total
