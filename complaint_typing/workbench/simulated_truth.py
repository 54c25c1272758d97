"""What is true in a simulated export: returns as they would be under either handling."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .return_kinds import KINDS
from .simulated_world import FADING_DAYS

_STEP = 0.5


def true_returns(
    truth: pd.DataFrame, day: int, kind: str = "any", paid: float | None = None, second: float | None = None
) -> NDArray[np.float64]:
    """Chance of each ticket that the next visit comes by a day and is of a kind, under a handling.

    Parameters
    ----------
    truth : DataFrame
        Of :class:`~complaint_typing.workbench.simulator.Simulated`.
    day : int
    kind : {"any", "justified", "extras", "other"}
    paid, second : 0 or 1, optional
        Goodwill and the second strategy; by default as likely as they were. Of types that ask for extras the
        second strategy is the payment.

    Returns
    -------
    ndarray of shape (n_tickets,)
    """
    total = np.zeros(len(truth))
    for pay in (0, 1):
        for other in (0, 1):
            weight = _chance(truth["p_paid"], paid, pay) * _chance(truth["p_second"], second, other)
            if weight.any():
                total += weight * _by_day(truth, day, kind, pay, other)
    return total


def _chance(p: pd.Series, fixed: float | None, value: int) -> NDArray[np.float64]:
    known = p.to_numpy() if fixed is None else np.full(len(p), float(fixed))
    return np.asarray(known if value else 1 - known)


def _by_day(truth: pd.DataFrame, day: int, kind: str, paid: int, second: int) -> NDArray[np.float64]:
    """Chance of a visit of a kind by a day, by summing over half days."""
    fresh = {k: truth[f"fresh_{k}"].to_numpy() for k in KINDS}
    drawn = {k: truth[f"drawn_{k}"].to_numpy() for k in KINDS}
    for k in KINDS:
        drawn[k] = drawn[k] * truth[f"pay_{k}"].to_numpy() ** paid * truth[f"second_{k}"].to_numpy() ** second
    all_fresh, all_drawn = sum(fresh.values()), sum(drawn.values())

    def stayed(t: float) -> Any:
        return np.exp(-all_fresh * t - all_drawn * FADING_DAYS * (1 - np.exp(-t / FADING_DAYS)))

    if kind == "any":
        return np.asarray(1 - stayed(day))
    middles = np.arange(_STEP / 2, day, _STEP)
    return np.asarray(
        sum((fresh[kind] + drawn[kind] * np.exp(-t / FADING_DAYS)) * stayed(t) * _STEP for t in middles)
    )


def true_effect(
    truth: pd.DataFrame, treatment: str, outcome: str = "any", day: int = 90
) -> tuple[float, float]:
    """What an outcome is without and with a treatment, among tickets where both could have happened.

    Every ticket counts with e (1 - e), e being its chance of the treatment: the estimand of overlap weights.

    Parameters
    ----------
    truth : DataFrame
        The tickets asked about.
    treatment : {"paid", "second"}
    outcome : str
        A kind of return visit, or `resolved`, `reopened`, `satisfaction`.
    day : int, default 90
        For return visits.

    Returns
    -------
    without, with_ : float

    >>> from complaint_typing.workbench.simulator import World, simulate
    >>> truth = simulate(200, seed=1, world=World.without_effects(), texts=False).truth
    >>> without, with_ = true_effect(truth, "paid", day=30)
    >>> without == with_, 0 < without < 1
    (True, True)
    """
    e = truth[f"p_{treatment}"].to_numpy()
    found = []
    for value in (0, 1):
        if outcome in ("any", *KINDS):
            each = true_returns(truth, day, outcome, **{treatment: value})
        else:
            base = truth["mean_satisfaction" if outcome == "satisfaction" else f"p_{outcome}"].to_numpy()
            share = value if treatment == "second" else truth["p_second"].to_numpy()
            each = base + share * truth[f"{outcome}_effect"].to_numpy()
        found.append(float((e * (1 - e) * each).sum() / (e * (1 - e)).sum()))
    return found[0], found[1]
