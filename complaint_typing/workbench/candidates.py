"""Candidates for a new type, and whether one is more than a way of writing that the model finds hard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.linear_model import Ridge

from .known_and_new import Mixture, fit_mixture
from .ticket_space import domains

N_DOMAINS, SEARCHES, CONTROLS = 10, 5, 3
STARTS, FAR, FARTHEST = 12, 0.25, 0.05
STEPS, LOOKED_AT, LIKE, TRIED_AGAIN = 10, 6, 0.35, 3
FEWEST = 12
LEAST_EVIDENCE, LEAST_BREADTH, LEAST_CLOSENESS = 3.0, 3.5, -5.0
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
        that raises it most; this and the next two are medians over the searches.
    surplus : float
        How many times the odds of the export's tickets to be in it are those of labelled tickets of the same
        domain, without the two domains that raise it most.
    evidence : float
        Surplus times the square of the lift, 0 for what stays in few domains and so is a way of writing.
        What is called new has at least ``LEAST_EVIDENCE``.
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
    evidence: float
    nearest: int
    nearness: float
    place: NDArray[np.float64]


class Search(NamedTuple):
    """One division into domains, and a third of the labelled tickets among the export's as if unlabelled.

    Attributes
    ----------
    space : ndarray of shape (n_known + n_tickets, n_dimensions)
    domain : ndarray of int of shape (n_known + n_tickets,)
    shares : ndarray of shape (n_known + n_tickets, n_types)
        How far each belongs to each known type, as fitted.
    control : ndarray of bool of shape (n_known + n_tickets,)
        Those labelled tickets.
    mixture : Mixture
        Of the known types alone.
    """

    space: NDArray[Any]
    domain: NDArray[np.intp]
    shares: NDArray[Any]
    control: NDArray[np.bool_]
    mixture: Mixture


class Group(NamedTuple):
    """Tickets of the export where one more type settles in one search; see :class:`Candidate`."""

    members: NDArray[np.bool_]
    lift: float
    surplus: float
    evidence: float


def candidates(
    space: NDArray[Any], labels: NDArray[np.intp], questioned: NDArray[np.bool_]
) -> list[Candidate]:
    """Candidates, those with most evidence first; none overlaps a better one by half.

    A type more is fitted beside the known ones from several beginnings: groups of the export's tickets that
    lie farthest from the known types, compared with their own domain. Where it settles two things are looked
    at. A new type has tickets of the export and hardly any of the controls, whose types are known; a way of
    writing or a shade of a known type has both. And its tickets are in question oftener than others.
    Five searches with other domains and controls do so. What recurs in most of them is fitted again in all,
    and the median of the evidence counts: what one search finds is often chance.

    Parameters
    ----------
    space : ndarray of shape (n_known + n_tickets, n_dimensions)
        The labelled tickets and then those of the export.
    labels : ndarray of int of shape (n_known,)
    questioned : ndarray of bool of shape (n_tickets,)
        Which are undetermined or unfamiliar.
    """
    searches = [_search(space, labels, number) for number in range(SEARCHES)]
    tried = [
        _distinct([_group(_settled(search, start), search, questioned) for start in _starts(search, labels)])
        for search in searches
    ]
    return _distinct([_candidate(searches, start, questioned) for start in _recurring(tried)[:TRIED_AGAIN]])


Found = TypeVar("Found", "Candidate", "Group")


def _distinct(found: list[Found]) -> list[Found]:
    kept: list[Found] = []
    for one in sorted(found, key=lambda one: -one.evidence):
        n = one.members.sum()
        if n >= FEWEST and all(
            (one.members & k.members).sum() < _SAME * min(n, k.members.sum()) for k in kept
        ):
            kept.append(one)
    return kept


def _recurring(tried: list[list[Group]]) -> list[NDArray[np.float64]]:
    """For each group, how many of the searches that know it count a ticket in; what most know comes first."""
    found = []
    for one in (group for groups in tried for group in groups[:LOOKED_AT]):
        nearest = [max(groups, key=lambda k: _overlap(k, one)) for groups in tried if groups]
        like = [group for group in nearest if _overlap(group, one) >= LIKE]
        evidence = [group.evidence for group in like] + [0.0] * (len(tried) - len(like))
        whole = one._replace(evidence=float(np.median(evidence)))
        parts = [[g.members for g in groups if _shared(g, one) >= _SAME] for groups in tried]
        found.append((whole, np.mean([np.any(p, axis=0) for p in parts if p], axis=0)))
    order = _distinct([group for group, _ in found])
    return [next(start for group, start in found if group is one) for one in order]


def _overlap(one: Group, other: Group) -> float:
    either = (one.members | other.members).sum()
    return float((one.members & other.members).sum() / max(either, 1))


def _shared(one: Group, other: Group) -> float:
    fewest = min(one.members.sum(), other.members.sum())
    return float((one.members & other.members).sum() / max(fewest, 1))


def _search(space: NDArray[Any], labels: NDArray[np.intp], number: int) -> Search:
    n_known, n_types = len(labels), int(labels.max()) + 1
    turn = np.random.default_rng(number).permutation(n_known) % CONTROLS
    control = np.append(turn == 0, np.zeros(len(space) - n_known, dtype=bool))
    free = control | (np.arange(len(space)) >= n_known)
    shares = np.full((len(space), n_types), 1 / n_types)
    shares[:n_known] = np.eye(n_types)[labels]
    shares[control] = 1 / n_types
    domain = domains(space, N_DOMAINS, number)
    mixture = fit_mixture(space, domain, shares, free, 3)
    return Search(space, domain, mixture.shares, control, mixture)


def _starts(search: Search, labels: NDArray[np.intp]) -> Iterator[NDArray[np.float64]]:
    """First guesses at the shares of a new type among the export's tickets."""
    n_known, control, adjusted = len(labels), search.control, search.mixture.adjusted
    values, vectors = np.linalg.eigh(search.mixture.covariance)
    white = adjusted @ (vectors / np.sqrt(values)).astype(adjusted.dtype)
    taught = ~control[:n_known]
    one_hot = np.eye(int(labels.max()) + 1)[labels[taught]]
    ridge = Ridge(alpha=_PENALTY * taught.sum()).fit(white[:n_known][taught], one_hot)
    far = -ridge.predict(white).max(axis=1)
    for part in np.unique(search.domain).tolist():
        far[search.domain == part] -= np.median(far[search.domain == part])
    far = far[n_known:]
    yield (far >= np.quantile(far, 1 - FARTHEST)).astype(float)
    chosen = np.flatnonzero(far >= np.quantile(far, 1 - FAR))
    groups = KMeans(min(STARTS, len(chosen)), n_init=1, random_state=0).fit_predict(white[n_known:][chosen])
    for group in np.unique(groups).tolist():
        yield np.bincount(chosen[groups == group], minlength=len(far)).astype(float)


def _settled(search: Search, start: NDArray[np.float64]) -> Mixture:
    """The known types and one more that begins with these shares of the export's tickets."""
    n_known = len(search.space) - len(start)
    share = np.append(np.zeros(n_known), start)[:, None]
    shares = np.hstack([search.shares * (1 - share), share])
    free = search.control | (np.arange(len(shares)) >= n_known)
    return fit_mixture(search.space, search.domain, shares, free, STEPS)


def _group(mixture: Mixture, search: Search, questioned: NDArray[np.bool_]) -> Group:
    n_known = len(search.space) - len(questioned)
    everyone = mixture.shares[:, -1] > 0.5
    members, domain = everyone[n_known:], search.domain[n_known:]
    lift, surplus = _lift(members, questioned, domain), _surplus(_counts(everyone, search, n_known))
    broad = _breadth(members, domain) >= LEAST_BREADTH
    return Group(members, lift, surplus, surplus * lift**2 if broad else 0.0)


def _candidate(
    searches: list[Search], start: NDArray[np.float64], questioned: NDArray[np.bool_]
) -> Candidate:
    """Where a type settles in all searches, taken together."""
    n_known = len(searches[0].space) - len(start)
    mixtures = [_settled(search, start) for search in searches]
    groups = [_group(*pair, questioned) for pair in zip(mixtures, searches, strict=True)]
    scores = np.mean([mixture.scores[n_known:] for mixture in mixtures], axis=0)
    closeness = scores[:, -1] - scores[:, :-1].max(axis=1)
    core = np.mean([group.members for group in groups], axis=0) > 0.5
    mixture, new = mixtures[0], scores.shape[1] - 1
    apart = mixture.distances[:new, :new][np.triu_indices(new, 1)]
    frequency = np.log(mixture.shares[n_known:, :new].mean(axis=0) + 1e-9)
    nearest = int(np.bincount((scores[:, :new] + frequency).argmax(axis=1), core, minlength=new).argmax())
    adjusted = mixture.adjusted[n_known:]
    centre = adjusted[core].mean(axis=0) if core.any() else adjusted[0]
    differing = scores - scores.mean(axis=0)
    axes = np.linalg.svd(differing, full_matrices=False)[2][:2].T
    lift, surplus, evidence = np.median([(g.lift, g.surplus, g.evidence) for g in groups], axis=0).tolist()
    return Candidate(
        core | (closeness > LEAST_CLOSENESS),
        closeness,
        -((adjusted - centre) ** 2).sum(axis=1),
        lift,
        surplus,
        evidence,
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


def _counts(members: NDArray[np.bool_], search: Search, n_known: int) -> NDArray[np.float64]:
    """The terms of Mantel and Haenszel's odds ratio (1959) of export and controls, shape (2, n_domains)."""
    exported, n_domains = np.arange(len(members)) >= n_known, int(search.domain.max()) + 1

    def count(rows: NDArray[np.bool_]) -> NDArray[np.float64]:
        return np.bincount(search.domain[rows], minlength=n_domains).astype(float)

    inside, outside = count(exported & members), count(exported & ~members)
    control, other = count(search.control & members), count(search.control & ~members)
    total = np.maximum(inside + outside + control + other, 1)
    return np.stack([inside * other / total, control * outside / total])


def _surplus(counts: NDArray[np.float64]) -> float:
    """The odds ratio without the two domains that raise it most; few tickets are drawn to 1."""
    pairs = counts[:, :, None] + counts[:, None, :]
    pairs[:, np.arange(counts.shape[1]), np.arange(counts.shape[1])] = counts
    without = counts.sum(axis=1)[:, None, None] - pairs + _CHANCE
    return float((without[0] / without[1]).min())
