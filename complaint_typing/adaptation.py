"""A model's scores and the shares of the types: what it was calibrated for, what is seen, and adapting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .errors import BadOption
from .model import Model, Scores
from .priors import Floats, PriorEstimate, adapt, estimate_priors

_SUM_WITHIN = 0.005


def prior_types(model: Model) -> tuple[str, ...]:
    """Types whose shares may be estimated: all but those that the customer's history decides."""
    return tuple(name for name in model.types if name not in model.gated)


def source_shares(model: Model) -> Floats:
    """The shares of :func:`prior_types` that the model's probabilities hold for.

    Those that training noted beside the model (tickets drawn as ordinary mail is); where it did not, the
    shares of all tickets it was trained on, and without these equal ones.

    Returns
    -------
    ndarray of shape (n_types,)

    >>> from complaint_typing.artifact import load_model
    >>> from complaint_typing.resources import data_path
    >>> model = load_model(data_path("model"))
    >>> prior_types(model)[int(source_shares(model).argmax())]
    'resolution_seeking'
    """
    noted = model.info.get("source_shares") or model.info.get("types")
    shares = np.array([_count(noted, name) for name in prior_types(model)])
    shares = np.maximum(shares, 1e-3 * shares.sum()) if shares.sum() > 0 else np.ones(len(shares))
    return np.asarray(shares / shares.sum())


def _count(noted: object, name: str) -> float:
    value = noted.get(name) if isinstance(noted, Mapping) else None
    return float(value) if isinstance(value, float | int) and 0 <= value < np.inf else 0.0


def estimate_of(
    model: Model, scores: Scores, groups: Sequence[str] | None = None, by: str | None = None
) -> PriorEstimate:
    """The shares of the types among scored tickets, whose labels nobody knows.

    A text that looks unfamiliar does not speak; another speaks as far as its type is not one that only
    history decides.

    Parameters
    ----------
    model : Model
    scores : Scores
    groups : sequence of str of length n_tickets, optional
    by : str, optional
    """
    p = scores.types.astype(float)
    weight = 1 - p[:, model.gated_places].sum(axis=1)
    weight *= scores.strangeness < model.thresholds.unfamiliar
    taking_part = np.delete(p, model.gated_places, axis=1)
    taking_part /= np.maximum(taking_part.sum(axis=1, keepdims=True), 1e-12)
    return estimate_priors(
        taking_part, prior_types(model), source_shares(model), weight=weight, groups=groups, by=by
    )


@dataclass(frozen=True)
class Adaptation:
    """Turns a model's scores into those for other shares of the types; decisions then read the new ones.

    Attributes
    ----------
    old : ndarray of shape (n_types,)
    new : ndarray of shape (n_types,) or (n_tickets, n_types)
    fixed : ndarray of int
        Places of the types that take no part.
    """

    old: Floats
    new: Floats
    fixed: NDArray[np.intp]

    def __call__(self, scores: Scores) -> Scores:
        """The scores with adapted types; all else stays."""
        return scores._replace(types=adapt(scores.types, self.old, self.new, self.fixed))


def adaptation(
    model: Model, priors: PriorEstimate | Mapping[str, float], groups: Sequence[str] | None = None
) -> Adaptation:
    """How to adapt a model's scores to an estimate, or to shares that somebody knows.

    Parameters
    ----------
    model : Model
    priors : PriorEstimate or mapping of str to float
        Shares by type, from above 0 to 1. Types that are not named divide what is left as in the source.
    groups : sequence of str, optional
        Of the tickets to come, in their order, for an estimate by group.

    Raises
    ------
    BadValue
        When a type is not one whose share may be set, a share is not above 0, or they do not sum to 1.
    """
    source = source_shares(model)
    if isinstance(priors, PriorEstimate):
        if priors.types != prior_types(model):
            remedy = "estimate the shares with this model"
            raise BadOption("priors", ", ".join(priors.types), "for the types of this model", remedy)
        new = priors.whole.used if groups is None else priors.used(groups)
    elif not isinstance(priors, Mapping):
        remedy = "give an estimate, or shares by type such as {'venting': 0.1}"
        raise BadOption("priors", priors, "an estimate or a mapping", remedy)
    else:
        new = _known_shares(prior_types(model), source, priors)
    return Adaptation(source, new, model.gated_places)


def _known_shares(types: Sequence[str], source: Floats, given: Mapping[str, float]) -> Floats:
    for name, share in given.items():
        if name not in types:
            raise BadOption("priors", name, "a type whose share can be set", f"use {', '.join(types)}")
        if not (isinstance(share, float | int) and 0 < share <= 1):
            remedy = "write a share above 0 and up to 1, for example 0.01 for a rare type"
            raise BadOption(f"priors of {name}", share, "a share", remedy)
    named = np.array([name in given for name in types])
    shares = np.array([float(given.get(name, 0)) for name in types])
    total, rest = float(shares.sum()), float(source[~named].sum())
    if rest and 1 <= total <= 1 + _SUM_WITHIN:
        remedy = "name all types, or let their shares sum to less"
        raise BadOption("priors", f"{total:.3f} for some", "shares that leave some for types unnamed", remedy)
    if total > 1 + _SUM_WITHIN or (named.all() and total < 1 - _SUM_WITHIN):
        remedy = "let the shares sum to 1, or to less with types left unnamed"
        raise BadOption("priors", f"a sum of {total:.3f}", "shares of a whole", remedy)
    shares[~named] = source[~named] * (1 - total) / rest if rest else 0
    return np.asarray(shares / shares.sum())
