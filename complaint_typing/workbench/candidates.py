"""Candidates for a new type, and whether one is more than a way of writing that the model finds hard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import Ridge

from .known_and_new import Mixture, fit_mixture
from .rates import share_interval

DOMAINS = (8, 10, 12)
SEEDS = 0.05
STEPS = 10
FEWEST = 12
LEAST_LIFT, LEAST_CLOSENESS = 1.55, -2.0
_PENALTY, _CHANCE = 0.05, 4.0


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
        How many times as often its tickets are in question as others of their domains; 0 for none.
    sound : bool
        Whether it is large enough, and its lift at least 1.55 and beyond chance.
    nearest : int
        The known type whose centre is nearest.
    nearness : float
        Distance to it, by the median distance between known types.
    place : ndarray of float of shape (n_tickets, 2)
        The first two dimensions in which it and the known types differ.
    """

    members: NDArray[np.bool_]
    closeness: NDArray[np.float64]
    central: NDArray[np.float64]
    lift: float
    sound: bool
    nearest: int
    nearness: float
    place: NDArray[np.float64]


def best_candidate(
    space: NDArray[np.float64],
    parts: Sequence[NDArray[np.intp]],
    labels: NDArray[np.intp],
    shares: NDArray[np.float64],
    questioned: NDArray[np.bool_],
    taken: NDArray[np.bool_],
) -> Candidate:
    """The candidate with the highest lift, from several beginnings; small ones are set back for chance.

    Each beginning divides all tickets into another number of domains, and takes the 5 % of the export that
    lie farthest from the known types, compared with their own domain, for a first guess at the new type.
    Its lift is taken over what clearly belongs to it; its members are what nearly belongs to it as well.

    Parameters
    ----------
    space : ndarray of shape (n_known + n_tickets, n_dimensions)
        The labelled tickets and then those of the export.
    parts : sequence of ndarray of int of shape (n_known + n_tickets,)
        Domains, more or less finely told apart.
    labels : ndarray of int of shape (n_known,)
    shares : ndarray of shape (n_tickets, n_types)
        How far each ticket of the export belongs to each known type, at first.
    questioned, taken : ndarray of bool of shape (n_tickets,)
        Which are undetermined or unfamiliar; which belong to a new type already.
    """
    n_known, n_types = len(labels), shares.shape[1]
    rows = np.append(np.ones(n_known, dtype=bool), ~taken)
    space, free = space[rows], np.arange(n_known + int((~taken).sum())) >= n_known
    one_hot = np.eye(n_types + 1)
    tried: list[tuple[float, Mixture, NDArray[np.bool_], NDArray[np.intp]]] = []
    for domain in (np.unique(part[rows], return_inverse=True)[1].reshape(-1) for part in parts):
        known = fit_mixture(space, domain, np.vstack([one_hot[labels][:, :-1], shares[~taken]]), free, 2)
        far = _far(known.adjusted, labels, n_types, domain[n_known:])
        first = np.column_stack([shares[~taken], np.zeros(len(far))])
        first[far >= np.quantile(far, 1 - SEEDS)] = one_hot[n_types]
        mixture = fit_mixture(space, domain, np.vstack([one_hot[labels], first]), free, STEPS)
        core = mixture.shares[n_known:, n_types] > 0.5
        lift = _lift(core, questioned[~taken], domain[n_known:])
        tried.append((lift, mixture, core, domain[n_known:]))
    lift, mixture, core, domain = max(tried, key=lambda one: one[0] - _CHANCE / np.sqrt(one[2].sum() + 1))
    return _candidate(mixture, core, domain, lift, n_known, questioned, taken)


def _far(
    adjusted: NDArray[np.float64], labels: NDArray[np.intp], n_types: int, domain: NDArray[np.intp]
) -> NDArray[np.float64]:
    """How far each ticket is from every known type, compared with the median of its domain."""
    known, tickets = adjusted[: len(labels)], adjusted[len(labels) :]
    penalty = _PENALTY * float((known**2).sum()) / known.shape[1]
    far = -Ridge(alpha=penalty).fit(known, np.eye(n_types)[labels]).predict(tickets).max(axis=1)
    for part in np.unique(domain).tolist():
        far[domain == part] -= np.median(far[domain == part])
    return np.asarray(far)


def _expected(questioned: NDArray[np.bool_], domain: NDArray[np.intp]) -> NDArray[np.float64]:
    """In what share of each ticket's domain tickets are in question."""
    return np.asarray(np.bincount(domain, questioned)[domain] / np.bincount(domain)[domain])


def _lift(members: NDArray[np.bool_], questioned: NDArray[np.bool_], domain: NDArray[np.intp]) -> float:
    if members.sum() < FEWEST:
        return 0.0
    expected = _expected(questioned, domain)[members].mean()
    return float(questioned[members].mean() / max(expected, 1e-9))


def _candidate(
    mixture: Mixture,
    core: NDArray[np.bool_],
    domain: NDArray[np.intp],
    lift: float,
    n_known: int,
    questioned: NDArray[np.bool_],
    taken: NDArray[np.bool_],
) -> Candidate:
    asked = questioned[~taken]
    n, hits = int(core.sum()), int((core & asked).sum())
    expected = _expected(asked, domain)[core].mean() if n else 1.0
    sound = n >= FEWEST and lift >= LEAST_LIFT and share_interval(hits, n)[0] > expected
    scores, new = mixture.scores[n_known:], mixture.scores.shape[1] - 1
    apart = mixture.distances[:new, :new][np.triu_indices(new, 1)]
    nearest = int(mixture.distances[new, :new].argmin())
    centre = mixture.adjusted[n_known:][core].mean(axis=0) if n else mixture.adjusted[0]
    differing = scores - scores.mean(axis=0)
    axes = np.linalg.svd(differing, full_matrices=False)[2][:2].T

    def whole(values: Any, empty: float) -> NDArray[Any]:
        out = np.full((len(taken), *values.shape[1:]), empty, dtype=values.dtype)
        out[~taken] = values
        return out

    closeness = scores[:, new] - scores[:, :new].max(axis=1)
    return Candidate(
        whole(core | (closeness > LEAST_CLOSENESS), False),
        whole(closeness, -np.inf),
        whole(-((mixture.adjusted[n_known:] - centre) ** 2).sum(axis=1), -np.inf),
        lift,
        bool(sound),
        nearest,
        float(mixture.distances[new, nearest] / max(float(np.median(apart)), 1e-9)) if new > 1 else 0.0,
        whole(differing @ axes, np.nan),
    )
