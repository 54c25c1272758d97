"""Fits the weights of a model: one linear head an output group, collapsed into one table."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from .artifact import as_stored
from .decision import NONE, Thresholds
from .errors import BadValue
from .features import HashedTexts
from .indifference import indifferent
from .model import GATED, PRESENCE, Model
from .screening import abuse_gate
from .stacking import stack

UNFITTED = Thresholds(decide=0.0, sure=0.0, unfamiliar=1.1)
_NEVER, _TINY = -12.0, 1e-12
_COLLECTION, _MOST_GROUPS, _GENRE = 10, 5, 0.02
ASKING = "compensation_seeking"
OPEN_GATE_COUNTS = 10.0


@dataclass(frozen=True)
class Recipe:
    """Settings of a fit; the defaults were chosen on the shipped corpus by left-out collections.

    Attributes
    ----------
    C : float
        Inverse strength of the L2 penalty.
    view_scale : tuple of float
        Length of the vector of the whole text, and of the last sentence.
    min_groups : int
        In how many collections an n-gram must recur to be weighed, at least.
    min_share : float
        In what share of the collections that hold ten tickets or more it must recur as well; five are enough.
    min_genres : int
        In how many genres, where genres are known.
    history_scale : float
        Scale of the history facts beside the text; larger means less penalised.
    class_weight : str, dict or None
        As in scikit-learn, but ``balanced`` counts each ticket by its weight; a dict is for the types alone,
        and those that it does not name weigh 1.
    indifference : float
        How much a difference counts that must not move a type, beside a ticket; 0 leaves them out.
    max_iter : int
        Steps of the optimiser (L-BFGS).
    """

    C: float = 10.0
    view_scale: tuple[float, float] = (1.0, 0.3)
    min_groups: int = 3
    min_share: float = 0.06
    min_genres: int = 4
    history_scale: float = 0.3
    class_weight: Any = "balanced"
    indifference: float = 1.0
    max_iter: int = 500


@dataclass(frozen=True)
class Labelled:
    """A labelled corpus, ready to fit; every array has shape (n_tickets, ...).

    Attributes
    ----------
    raw : sequence of str
        The texts as they are.
    texts : HashedTexts
        Their n-grams.
    facts : mapping of str to ndarray
        History facts.
    past : ndarray of float32 of shape (n_tickets, n_stacked)
        The facts as the model weighs them.
    types : ndarray of str
        ``none`` marks what is no ticket at all: it teaches only strangeness.
    modes : ndarray of str or None
        Empty where not labelled.
    signals : ndarray of bool of shape (n_tickets, n_signals) or None
    signal_names : tuple of str
    groups : ndarray of int64
        Who wrote it; n-grams must recur across groups, and folds never cut through one.
    weight : ndarray of float64
        How much each ticket counts in fitting.
    natural : ndarray of bool
        Whether it was drawn as ordinary mail is; probabilities are calibrated on such tickets.
    genres : ndarray of int64 or None
        How each is written; probabilities are calibrated on scores of left-out genres.
    gated : tuple of str
        Types that need the abuse gate open.
    """

    raw: Sequence[str]
    texts: HashedTexts
    facts: Mapping[str, NDArray[Any]]
    past: NDArray[np.float32]
    types: NDArray[Any]
    modes: NDArray[Any] | None
    signals: NDArray[np.bool_] | None
    signal_names: tuple[str, ...]
    groups: NDArray[np.int64]
    weight: NDArray[np.float64]
    natural: NDArray[np.bool_]
    genres: NDArray[np.int64] | None = None
    gated: tuple[str, ...] = GATED

    @property
    def asking(self) -> tuple[str, ...]:
        """Types whose texts ask for extras."""
        return (ASKING, *self.gated)


def labelled(
    texts: Sequence[str],
    facts: Mapping[str, NDArray[Any]],
    types: NDArray[Any],
    groups: Sequence[Any] | None = None,
    modes: NDArray[Any] | None = None,
    signals: Sequence[Collection[str]] | None = None,
    signal_names: Sequence[str] = (),
    weight: NDArray[Any] | None = None,
    natural: NDArray[np.bool_] | None = None,
    genres: Sequence[Any] | None = None,
    gated: tuple[str, ...] = GATED,
) -> Labelled:
    """Hash the texts and lay the labels beside them; see :class:`Labelled`.

    Raises
    ------
    BadValue
        When no ticket carries a type.
    """
    if set(types) <= {NONE}:
        raise BadValue(None, "customer_type", NONE, "a type", "label some of the tickets with a type")
    flags = None
    if signals is not None:
        flags = np.array([[name in found for name in signal_names] for found in signals], dtype=bool)
    return Labelled(
        texts,
        HashedTexts.of(texts),
        facts,
        stack(facts),
        np.asarray(types),
        modes,
        flags,
        tuple(signal_names),
        np.arange(len(texts)) if groups is None else _codes(groups),
        np.ones(len(texts)) if weight is None else np.asarray(weight, dtype=float),
        np.ones(len(texts), dtype=bool) if natural is None or not natural.any() else natural,
        None if genres is None else _codes(genres),
        gated,
    )


def _codes(names: Sequence[Any]) -> NDArray[np.int64]:
    return np.unique(np.asarray(names, dtype=str), return_inverse=True)[1].astype(np.int64)


def fit_model(data: Labelled, rows: NDArray[np.bool_], recipe: Recipe) -> Model:
    """Fit every head on the chosen rows; temperature and thresholds are left to calibration.

    Deterministic: one thread, no randomness.
    """
    features = data.texts.selected(rows, *recurring(data, rows, recipe))
    weighed = data.texts.matrix(rows, features, recipe.view_scale)
    X, idf, keys = weighed.texts, weighed.idf, data.texts.keys[features]
    types, weight = data.types[rows], data.weight[rows]
    tickets = types != NONE
    with threadpool_limits(1):
        alike = indifferent(weighed, keys, recipe.view_scale)
        past = sp.csr_matrix(data.past[rows] * np.float32(recipe.history_scale))
        by_type = weight * _type_weights(recipe, types)
        type_names, W, b = _head(
            sp.hstack([X, past]).tocsr(), types, tickets, by_type, _padded(alike, past.shape[1]), recipe
        )
        mode_names, W_mode, b_mode = _mode_head(X, data, rows, tickets, weight, alike, recipe)
        cues = data.texts.presence(rows, features, idf * np.float32(PRESENCE))
        flags = [
            _binary(cues, column[rows], tickets, weight, recipe)
            for column in (data.signals.T if data.signals is not None else ())
        ]
        W_none, b_none = _binary(X, ~tickets, np.ones(len(types), dtype=bool), weight, recipe)
        closest = np.where(abuse_gate(data.facts)[rows], OPEN_GATE_COUNTS, 1.0)
        W_asks, b_asks = _binary(X, np.isin(types, data.asking), np.ones(len(types), bool), closest, recipe)
    n = len(features)
    text_weights = np.vstack([W[:, :n], W_mode, *(w for w, _ in flags), W_none, W_asks])
    table = np.hstack([text_weights.T * idf[:, None], idf[:, None] ** 2])
    return as_stored(
        Model(
            types=type_names,
            modes=mode_names,
            signals=data.signal_names if data.signals is not None else (),
            keys=keys,
            weights=table.astype(np.float32),
            history=(W[:, n:].T * recipe.history_scale).astype(np.float32),
            bias=np.concatenate([b, b_mode, *(b for _, b in flags), b_none, b_asks]).astype(np.float32),
            view_scale=recipe.view_scale,
            temperature=1.0,
            thresholds=UNFITTED,
            signal_thresholds=(0.5,) * len(flags),
            usual_known_share=1e-6,
            gated=data.gated,
        )
    )


def recurring(data: Labelled, rows: NDArray[np.bool_], recipe: Recipe) -> list[tuple[NDArray[np.int64], int]]:
    """Partitions of the tickets, and in how many of their parts an n-gram must recur to be weighed.

    At most in all that are chosen, and in as many genres as hold a fiftieth of the tickets.
    """
    sizes = np.bincount(data.groups[rows])
    share = int(recipe.min_share * (sizes >= _COLLECTION).sum())
    least = max(recipe.min_groups, min(share, _MOST_GROUPS))
    found = [(data.groups, min(least, int((sizes > 0).sum())))]
    if data.genres is not None:
        genres = np.bincount(data.genres[rows])
        found.append((data.genres, min(recipe.min_genres, int((genres >= _GENRE * genres.sum()).sum()))))
    return found


def _head(
    X: sp.csr_matrix,
    y: NDArray[Any],
    rows: NDArray[np.bool_],
    weight: NDArray[Any],
    alike: sp.csr_matrix,
    recipe: Recipe,
) -> tuple[tuple[str, ...], NDArray[Any], NDArray[Any]]:
    """Names, coefficients and intercepts of a multinomial head; two classes become two symmetric rows.

    The intercept is the weight of a column that the differences, which are no tickets, do not have.
    """
    names = tuple(str(name) for name in np.unique(y[rows]))
    if len(names) == 1:
        return names, np.zeros((1, X.shape[1])), np.zeros(1)
    n, n_alike = int(rows.sum()), alike.shape[0]
    constant = sp.csr_matrix(np.repeat(np.array((1, 0), dtype=np.float32), (n, n_alike))[:, None])
    each = _balanced(recipe, y[rows], weight[rows])
    head = _regression(recipe, fit_intercept=False).fit(
        sp.hstack([sp.vstack([X[rows], alike]), constant]).tocsr(),
        np.append(y[rows], np.repeat(names[:1], n_alike)),
        sample_weight=np.append(each, np.full(n_alike, recipe.indifference / 2)),
    )
    W, b = head.coef_[:, :-1], head.coef_[:, -1]
    if len(names) == 2:
        W, b = np.vstack([-W, W]) / 2, np.concatenate([-b, b]) / 2
    return names, W, b


def _padded(rows: sp.csr_matrix, columns: int) -> sp.csr_matrix:
    """With so many columns of zeros more."""
    shape = (rows.shape[0], rows.shape[1] + columns)
    return sp.csr_matrix((rows.data, rows.indices, rows.indptr), shape=shape)


def _mode_head(
    X: sp.csr_matrix,
    data: Labelled,
    rows: NDArray[np.bool_],
    tickets: NDArray[np.bool_],
    weight: NDArray[Any],
    alike: sp.csr_matrix,
    recipe: Recipe,
) -> tuple[tuple[str, ...], NDArray[Any], NDArray[Any]]:
    modes = np.full(len(rows), "") if data.modes is None else data.modes
    chosen = tickets & (modes[rows] != "")
    if not chosen.any():
        names = tuple(str(name) for name in np.unique(modes) if name) or ("rational",)
        return names, np.zeros((len(names), X.shape[1])), np.zeros(len(names))
    return _head(X, modes[rows], chosen, weight, alike, recipe)


def _binary(
    X: sp.csr_matrix, y: NDArray[np.bool_], rows: NDArray[np.bool_], weight: NDArray[Any], recipe: Recipe
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Coefficients and intercept of a yes-or-no head; one that was never seen says no."""
    if y[rows].all() or not y[rows].any():
        return np.zeros((1, X.shape[1])), np.array([_NEVER])
    head = _regression(recipe, fit_intercept=True)
    head.fit(X[rows], y[rows], sample_weight=_balanced(recipe, y[rows], weight[rows]))
    return head.coef_, head.intercept_


def _regression(recipe: Recipe, fit_intercept: bool) -> LogisticRegression:
    return LogisticRegression(C=recipe.C, fit_intercept=fit_intercept, max_iter=recipe.max_iter, tol=1e-4)


def _balanced(recipe: Recipe, y: NDArray[Any], weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """The weights at which all classes weigh alike in sum; a dict of class weights is for the types alone."""
    if not isinstance(recipe.class_weight, str):
        return weight
    codes = np.unique(y, return_inverse=True)[1]
    totals = np.maximum(np.bincount(codes, weights=weight), _TINY)
    return np.asarray(weight * (weight.sum() / (len(totals) * totals))[codes])


def _type_weights(recipe: Recipe, types: NDArray[Any]) -> NDArray[np.float64]:
    """What a dict of class weights says of each ticket, 1 where it says nothing."""
    told = recipe.class_weight if isinstance(recipe.class_weight, Mapping) else {}
    return np.array([told.get(name, 1) for name in types.tolist()], dtype=float)
