"""Candidates for a new type, and whether one is more than a way of writing that the model finds hard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.linear_model import Ridge

from .known_and_new import Mixture, fit_mixture
from .ticket_space import domains

N_DOMAINS, ROTATIONS = 10, 3
STARTS, FAR, FARTHEST = 12, 0.25, 0.05
STEPS, TRIED_AGAIN = 10, 3
FEWEST = 12
LEAST_EVIDENCE, LEAST_BREADTH, LEAST_CLOSENESS = 4.5, 3.5, -4.0
_PENALTY, _CHANCE, _SAME, _LEAST_SHARE = 0.05, 2.0, 0.5, 0.01


@dataclass(frozen=True, eq=False)
class Candidate:
    """Tickets of an export that may be of one new type; arrays have shape (n_tickets, ...).

    Attributes
    ----------
    members : ndarray of bool
    closeness : ndarray of float
        Log-odds for it against all known types.
    central : ndarray of float
        Minus the squared distance to its centre.
    lift : float
        How many times as often its tickets are in question as others of their domains, without the domain
        that raises it most.
    surplus : float
        How many times the odds of the export's tickets to be in it are those of labelled tickets of the same
        domain, without the two domains that raise it most.
    breadth : float
        Over how many of the ten domains it spreads (the exponential of the entropy of its rates there).
    nearest : int
        The known type that most of its tickets would be, were it not there.
    nearness : float
        Distance to it, by the median distance between known types.
    place : ndarray of float of shape (n_tickets, 2)
        The first two dimensions in which it and the known types differ.
    """

    members: NDArray[np.bool_]
    closeness: NDArray[np.float64]
    central: NDArray[np.float64]
    lift: float
    surplus: float
    breadth: float
    nearest: int
    nearness: float
    place: NDArray[np.float64]

    @property
    def evidence(self) -> float:
        """Surplus times the square of the lift, 0 for what stays in few domains and so is a way of writing.

        What is called new has at least ``LEAST_EVIDENCE``.
        """
        return self.surplus * self.lift**2 if self.breadth >= LEAST_BREADTH else 0.0


class Rotation(NamedTuple):
    """A third of the labelled tickets stands among the export's as if it had no labels: the controls.

    Attributes
    ----------
    space : ndarray of shape (n_known + n_tickets, n_dimensions)
    domain : ndarray of int of shape (n_known + n_tickets,)
    shares : ndarray of shape (n_known + n_tickets, n_types)
        How far each belongs to each known type, as fitted.
    control : ndarray of bool of shape (n_known + n_tickets,)
    mixture : Mixture
        Of the known types alone.
    """

    space: NDArray[Any]
    domain: NDArray[np.intp]
    shares: NDArray[Any]
    control: NDArray[np.bool_]
    mixture: Mixture


def candidates(
    space: NDArray[Any], labels: NDArray[np.intp], questioned: NDArray[np.bool_]
) -> list[Candidate]:
    """Candidates, those with most evidence first; none overlaps a better one by half.

    A type more is fitted beside the known ones from several beginnings: groups of the export's tickets that
    lie farthest from the known types, compared with their own domain. Where it settles two things are looked
    at. A new type has tickets of the export and hardly any of the controls, whose types are known; a way of
    writing or a shade of a known type has both. And its tickets are in question oftener than others.
    The best are fitted again with other controls, and what is found with all of them counts.

    Parameters
    ----------
    space : ndarray of shape (n_known + n_tickets, n_dimensions)
        The labelled tickets and then those of the export.
    labels : ndarray of int of shape (n_known,)
    questioned : ndarray of bool of shape (n_tickets,)
        Which are undetermined or unfamiliar.
    """
    domain = domains(space, N_DOMAINS)
    rotations = [_rotation(space, domain, labels, number) for number in range(ROTATIONS)]
    tried = [_candidate(rotations[:1], start, labels, questioned) for start in _starts(rotations[0], labels)]
    tried = [one for one in tried if one.members.sum() >= FEWEST]
    again = [
        _candidate(rotations, one.members.astype(float), labels, questioned)
        for one in _distinct(tried)[:TRIED_AGAIN]
    ]
    return _distinct([one for one in again if one.members.sum() >= FEWEST])


def _distinct(found: list[Candidate]) -> list[Candidate]:
    kept: list[Candidate] = []
    for one in sorted(found, key=lambda one: -one.evidence):
        n = one.members.sum()
        if all((one.members & k.members).sum() < _SAME * min(n, k.members.sum()) for k in kept):
            kept.append(one)
    return kept


def _rotation(
    space: NDArray[Any], domain: NDArray[np.intp], labels: NDArray[np.intp], number: int
) -> Rotation:
    n_known, n_types = len(labels), int(labels.max()) + 1
    turn = np.random.default_rng(0).permutation(n_known) % ROTATIONS
    control = np.append(turn == number, np.zeros(len(space) - n_known, dtype=bool))
    free = control | (np.arange(len(space)) >= n_known)
    shares = np.full((len(space), n_types), 1 / n_types)
    shares[:n_known] = np.eye(n_types)[labels]
    shares[control] = 1 / n_types
    mixture = fit_mixture(space, domain, shares, free, 3)
    return Rotation(space, domain, mixture.shares, control, mixture)


def _starts(rotation: Rotation, labels: NDArray[np.intp]) -> Iterator[NDArray[np.float64]]:
    """First guesses at the shares of a new type among the export's tickets."""
    n_known, control, adjusted = len(labels), rotation.control, rotation.mixture.adjusted
    values, vectors = np.linalg.eigh(rotation.mixture.covariance)
    white = adjusted @ (vectors / np.sqrt(values)).astype(adjusted.dtype)
    taught = ~control[:n_known]
    one_hot = np.eye(int(labels.max()) + 1)[labels[taught]]
    ridge = Ridge(alpha=_PENALTY * taught.sum()).fit(white[:n_known][taught], one_hot)
    far = -ridge.predict(white).max(axis=1)
    for part in np.unique(rotation.domain).tolist():
        far[rotation.domain == part] -= np.median(far[rotation.domain == part])
    far = far[n_known:]
    yield (far >= np.quantile(far, 1 - FARTHEST)).astype(float)
    chosen = np.flatnonzero(far >= np.quantile(far, 1 - FAR))
    groups = KMeans(min(STARTS, len(chosen)), n_init=1, random_state=0).fit_predict(white[n_known:][chosen])
    for group in np.unique(groups).tolist():
        yield np.bincount(chosen[groups == group], minlength=len(far)).astype(float)


def _candidate(
    rotations: list[Rotation], start: NDArray[np.float64], labels: NDArray[np.intp], questioned: Any
) -> Candidate:
    """The type that the mixture settles on, the mean over the rotations."""
    n_known = len(labels)
    share = np.append(np.zeros(n_known), start)[:, None]
    fits, counts = [], []
    for rotation in rotations:
        shares = np.hstack([rotation.shares * (1 - share), share])
        free = rotation.control | (np.arange(len(shares)) >= n_known)
        fit = fit_mixture(rotation.space, rotation.domain, shares, free, STEPS)
        fits.append(fit)
        counts.append(_counts(fit.shares[:, -1] > 0.5, rotation, n_known))
    scores = np.mean([fit.scores[n_known:] for fit in fits], axis=0)
    closeness = scores[:, -1] - scores[:, :-1].max(axis=1)
    core = np.mean([fit.shares[n_known:, -1] for fit in fits], axis=0) > 0.5
    mixture, domain, new = fits[0], rotations[0].domain[n_known:], scores.shape[1] - 1
    apart = mixture.distances[:new, :new][np.triu_indices(new, 1)]
    frequency = np.log(mixture.shares[n_known:, :new].mean(axis=0) + 1e-9)
    nearest = int(np.bincount((scores[:, :new] + frequency).argmax(axis=1), core, minlength=new).argmax())
    adjusted = mixture.adjusted[n_known:]
    centre = adjusted[core].mean(axis=0) if core.any() else adjusted[0]
    differing = scores - scores.mean(axis=0)
    axes = np.linalg.svd(differing, full_matrices=False)[2][:2].T
    return Candidate(
        core | (closeness > LEAST_CLOSENESS),
        closeness,
        -((adjusted - centre) ** 2).sum(axis=1),
        _lift(core, questioned, domain),
        _surplus(np.mean(counts, axis=0)),
        _breadth(core, domain),
        nearest,
        float(mixture.distances[new, nearest] / max(float(np.median(apart)), 1e-9)) if new > 1 else 0.0,
        differing @ axes,
    )


def _lift(members: NDArray[np.bool_], questioned: NDArray[np.bool_], domain: NDArray[np.intp]) -> float:
    """Members in question by those expected from their domains; few members are drawn to 1."""
    size, inside = np.bincount(domain), np.bincount(domain, members)
    expected = np.bincount(domain, questioned) / np.maximum(size, 1) * inside
    seen = np.bincount(domain, questioned & members)
    return float(((seen.sum() - seen + _CHANCE) / (expected.sum() - expected + _CHANCE)).min())


def _breadth(members: NDArray[np.bool_], domain: NDArray[np.intp]) -> float:
    rate = np.bincount(domain, members) / np.maximum(np.bincount(domain), _LEAST_SHARE * len(domain))
    rate = rate[rate > 0] / max(rate.sum(), 1e-9)
    return float(np.exp(-(rate * np.log(rate)).sum()))


def _counts(members: NDArray[np.bool_], rotation: Rotation, n_known: int) -> NDArray[np.float64]:
    """The terms of Mantel and Haenszel's odds ratio (1959) of export and controls, shape (2, n_domains)."""
    exported, n_domains = np.arange(len(members)) >= n_known, int(rotation.domain.max()) + 1

    def count(rows: NDArray[np.bool_]) -> NDArray[np.float64]:
        return np.bincount(rotation.domain[rows], minlength=n_domains).astype(float)

    inside, outside = count(exported & members), count(exported & ~members)
    control, other = count(rotation.control & members), count(rotation.control & ~members)
    total = np.maximum(inside + outside + control + other, 1)
    return np.stack([inside * other / total, control * outside / total])


def _surplus(counts: NDArray[np.float64]) -> float:
    """The odds ratio without the two domains that raise it most; few tickets are drawn to 1."""
    pairs = counts[:, :, None] + counts[:, None, :]
    pairs[:, np.arange(counts.shape[1]), np.arange(counts.shape[1])] = counts
    without = counts.sum(axis=1)[:, None, None] - pairs + _CHANCE
    return float((without[0] / without[1]).min())
