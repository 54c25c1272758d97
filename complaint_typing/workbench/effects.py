"""What one way of handling changes against another: differences with intervals, weighted and as they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import stdtrit

from ..missing import records
from .outcome_tickets import OutcomeTickets
from .rates import LEVEL
from .return_kinds import KINDS
from .return_visits import FEWEST_AT_RISK, chosen_kind, last_days
from .weighting import COVARIATES, Weighting, overlap_weights

DAYS = (30, 90, 180)
REPLICATES = 400
FEWEST_KNOWN = 20
"""Tickets of each group of which an outcome must be known."""
FEWEST_EXPECTED = 5
"""Cases, and others, that the smaller group would have were both groups alike."""
SHARES = ("reopened", "resolved_in_time")
MEANS = (*SHARES, "satisfaction", "goodwill")
EFFECT_COLUMNS = ["outcome", "day", "weighted", "treated", "control", "difference", "low", "high"]
EFFECT_COLUMNS += ["n_treated", "n_control", "told"]
_CURVES = ["arm", "weighted", "kind", "day", "share", "low", "high", "at_risk"]
_AT_ONCE = 4_000_000
_Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Comparison:
    """One way of handling against another.

    Attributes
    ----------
    effects : DataFrame
        One row for each `outcome`, `day` (0 where it has none) and `weighted` (bool): `treated`, `control`
        (share, mean score or mean amount), `difference` with its 95 % interval `low`, `high`, the tickets
        behind it (`n_treated`, `n_control`), and `told`: `more`, `less` (the interval excludes 0), `nothing`
        (it does not), `too_few`, or `no_overlap` where the groups cannot be made alike.
    curves : DataFrame
        `arm` (`treated`, `control`), `weighted`, `kind`, `day`, `share`, `low`, `high`, `at_risk` (tickets).
    weighting : Weighting
        Of the followed tickets.
    """

    effects: pd.DataFrame
    curves: pd.DataFrame
    weighting: Weighting

    def row(self, outcome: str, day: int = 0, weighted: bool = True) -> dict[str, Any]:
        """One row of `effects`.

        Raises
        ------
        KeyError
            When there is none.
        """
        e = self.effects
        found = e[(e["outcome"] == outcome) & (e["day"] == day) & (e["weighted"] == weighted)]
        if found.empty:
            raise KeyError((outcome, day, weighted))
        return {str(name): value for name, value in found.iloc[0].items()}

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON: effects, balance, verdict."""
        w = self.weighting
        return {
            "effects": records(self.effects),
            "balance": records(w.balance),
            "verdict": w.verdict,
            "reasons": list(w.reasons),
            "customers": w.customers,
            "effective": w.effective,
            "overlap": w.overlap,
        }


def compare(
    tickets: OutcomeTickets,
    treated: NDArray[np.bool_] | pd.Series,
    control: NDArray[np.bool_] | pd.Series | None = None,
    *,
    days: Sequence[int] = DAYS,
    covariates: Sequence[str] = COVARIATES,
    replicates: int = REPLICATES,
    seed: int = 0,
    with_open: bool = False,
) -> Comparison:
    """Compare two groups of followed tickets in what came after.

    Twice: as they are, and weighted so that they are alike in what was known before (see
    :func:`~complaint_typing.workbench.weighting.overlap_weights`). Intervals by a bootstrap that draws
    customers with all their tickets and estimates the weights anew each time; estimate ± t · standard error,
    t with as many degrees of freedom as the smaller group has effective customers, less one.

    Outcomes: the next visit within some days (`any`, `justified`, `extras`), `asking` (of those who came
    back by then, the share that asked for extras), and per ticket `reopened`, `satisfaction`, `goodwill`
    (amount, where it is known in one currency).

    Sources: Field and Welsh (2007), JRSS-B 69, for drawing whole customers; Austin (2022), Stat. Med. 41, for
    the bootstrap of weighted survival curves.

    Parameters
    ----------
    tickets : OutcomeTickets
    treated, control : bool of length n_tickets
        Rows of `tickets.table`; by default all others are the control.
    days : sequence of int
    covariates : sequence of str
    replicates : int, default 400
    seed : int, default 0
    with_open : bool, default False
        Also compare `resolved_in_time`, among all tickets that are old enough, weighted on their own.
        Sensible where the handling was noted before the resolution was known.

    Returns
    -------
    Comparison

    >>> from complaint_typing.workbench.outcome_tickets import outcome_tickets
    >>> from complaint_typing.workbench.simulator import simulate
    >>> made = simulate(400, seed=5, texts=False)
    >>> tickets = outcome_tickets(made.frame, since=made.since)
    >>> found = compare(tickets, tickets.table["paid"], replicates=50)
    >>> naive, weighted = (found.row("any", 90, weighted)["difference"] for weighted in (False, True))
    >>> bool(naive > weighted)
    True
    """
    chosen = np.asarray(treated, bool)
    others = ~chosen if control is None else np.asarray(control, bool) & ~chosen
    asked = tickets.table["closed"].to_numpy() & (chosen | others)
    found = contrast(tickets.table[asked], chosen[asked], days, covariates, replicates, seed)
    kept = [found.effects[found.effects["outcome"] != "resolved_in_time"]]
    if with_open:
        old = tickets.table["resolved_in_time"].notna().to_numpy() & (chosen | others)
        all_ = contrast(tickets.table[old], chosen[old], (1,), covariates, replicates, seed).effects
        kept.append(all_[all_["outcome"] == "resolved_in_time"])
    return replace(found, effects=pd.concat(kept, ignore_index=True))


def contrast(
    rows: pd.DataFrame,
    treated: NDArray[np.bool_],
    days: Sequence[int],
    covariates: Sequence[str],
    replicates: int,
    seed: int,
) -> Comparison:
    """:func:`compare` for rows of followed tickets, each treated or not."""
    weighting = overlap_weights(rows, treated, covariates)
    if not min(weighting.customers.values()):
        return Comparison(pd.DataFrame(columns=EFFECT_COLUMNS), pd.DataFrame(columns=_CURVES), weighting)
    most = max(days)
    arms = [_Arm(rows[treated], treated, most), _Arm(rows[~treated], ~treated, most)]
    results: dict[bool, list[list[_Estimates]]] = {True: [], False: []}
    one = np.ones((1, len(rows)), np.int64)
    for times in [one, *_resamples(rows["customer"].to_numpy(), replicates, seed)]:
        exact = times is one
        w = weighting.weight[None, :] if exact else weighting.refitted(times)
        for weighted, weights in ((True, w), (False, times.astype(float))):
            results[weighted].append([arm.estimates(weights) for arm in arms])
    tables, curves = [], []
    for weighted, parts in results.items():
        point, samples = parts[0], [_joined([p[i] for p in parts[1:]]) for i in range(2)]
        worth = [float(n) for n in (weighting.effective if weighted else weighting.customers).values()]
        refused = weighted and weighting.verdict == "refused"
        tables.append(_effects(point, samples, arms, days, worth, refused).assign(weighted=weighted))
        for name, arm, estimate, sample in zip(("treated", "control"), arms, point, samples, strict=True):
            curves.append(_curves(estimate, sample, arm).assign(arm=name, weighted=weighted))
    effects = pd.concat(tables, ignore_index=True)[EFFECT_COLUMNS]
    return Comparison(effects, pd.concat(curves, ignore_index=True)[_CURVES], weighting)


_Estimates = dict[str, _Array]


class _Arm:
    """One group: what is needed to estimate its outcomes under any weights of the tickets."""

    def __init__(self, rows: pd.DataFrame, mask: NDArray[np.bool_], days: int):
        self.place, self.days, n = np.flatnonzero(mask), days, len(rows)
        last, returned = last_days(rows)
        day = np.minimum(last, days + 1)

        def by_day(chosen: NDArray[np.bool_]) -> Any:
            ones = np.ones(int(chosen.sum()))
            return sparse.csr_matrix((ones, (day[chosen], np.flatnonzero(chosen))), (days + 2, n))

        self.leaving, self.returns = by_day(np.ones(n, bool)), by_day(returned)
        self.kinds = {kind: by_day(chosen_kind(rows, kind)) for kind in KINDS[:2]}
        self.values = {name: rows[name].to_numpy(float) for name in MEANS if name in rows}
        if len(set(rows["currency"]) - {""}) > 1:
            self.values.pop("goodwill", None)
        self.at_risk = np.bincount(day, minlength=days + 2)[::-1].cumsum()[::-1][1 : days + 1]
        self.returned_by = np.bincount(day[returned], minlength=days + 2).cumsum()[1 : days + 1]

    def estimates(self, weights: _Array) -> _Estimates:
        """Each outcome under each row of weights: (n_samples, n_days) for returns, (n_samples,) for means."""
        w = weights[:, self.place]
        leaving, returns = _per_day(self.leaving, w), _per_day(self.returns, w)[:, 1 : self.days + 1]
        at_risk = leaving[:, ::-1].cumsum(axis=1)[:, ::-1][:, 1 : self.days + 1]
        none = at_risk <= 1e-12
        safe = np.where(none, 1.0, at_risk)
        stayed = np.cumprod(1 - returns / safe, axis=1)
        before = np.concatenate([np.ones((len(w), 1)), stayed[:, :-1]], axis=1) / safe
        found: _Estimates = {"any": np.asarray(1 - stayed, np.float64)}
        for kind, by_day in self.kinds.items():
            found[kind] = np.cumsum(before * _per_day(by_day, w)[:, 1 : self.days + 1], axis=1)
        found["asking"] = _ratio(found["extras"], found["any"])
        for name, values in self.values.items():
            known = ~np.isnan(values)
            found[name] = _ratio(w[:, known] @ values[known], w[:, known].sum(axis=1))
        return found

    def enough(self, name: str, day: int) -> bool:
        """Whether an outcome can be told: enough followed so long, or known; for a ratio enough came back."""
        if not day:
            return self.known(name) >= FEWEST_KNOWN
        back = name != "asking" or self.returned_by[day - 1] >= FEWEST_KNOWN
        return bool(self.at_risk[day - 1] >= FEWEST_AT_RISK and back)

    def part(self, name: str, day: int) -> float:
        """Of how many of its tickets the share of an outcome is taken."""
        counted = self.returned_by[day - 1] if name == "asking" else self.known(name)
        return float(counted / len(self.place))

    def known(self, name: str) -> int:
        """Tickets of which an outcome is known, wholly or in part."""
        return int((~np.isnan(self.values[name])).sum()) if name in self.values else len(self.place)


def _per_day(by_day: Any, w: _Array) -> _Array:
    return np.asarray((by_day @ w.T).T)


def _ratio(a: NDArray[Any], b: NDArray[Any]) -> _Array:
    return np.divide(a, b, out=np.full_like(a, np.nan), where=b > 1e-12)


def _resamples(customer: NDArray[Any], replicates: int, seed: int) -> Iterator[NDArray[np.int64]]:
    """How often each ticket is in each sample of customers drawn with replacement, in blocks of samples."""
    rng, unit = np.random.default_rng(seed), np.unique(customer, return_inverse=True)[1]
    n = int(unit.max()) + 1 if len(unit) else 0
    block = max(1, min(replicates, _AT_ONCE // max(len(unit), 1)))
    for start in range(0, replicates, block):
        drawn = rng.integers(0, n, (min(block, replicates - start), n))
        yield np.stack([np.bincount(row, minlength=n) for row in drawn])[:, unit]


def _joined(parts: Sequence[_Estimates]) -> _Estimates:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _effects(
    point: Sequence[_Estimates],
    samples: Sequence[_Estimates],
    arms: Sequence[_Arm],
    days: Sequence[int],
    worth: Sequence[float],
    refused: bool,
) -> pd.DataFrame:
    """Differences of two arms, worth so many customers, with intervals: a row for each outcome and day."""
    t = float(stdtrit(max(min(worth) - 1, 1.0), (1 + LEVEL) / 2))
    rows = []
    for name in point[0]:
        if name not in point[1]:
            continue
        for day in days if point[0][name].ndim == 2 else (0,):
            at = (slice(None), day - 1) if day else (slice(None),)
            treated, control = (float(p[name][at][0]) for p in point)
            spread = _spread(samples[0][name][at] - samples[1][name][at])
            enough = all(arm.enough(name, day) for arm in arms)
            if day or name in SHARES:
                of = [n * arm.part(name, day) for n, arm in zip(worth, arms, strict=True)]
                enough = enough and not _rare((treated, control), of)
            told = "no_overlap" if refused else "" if enough else "too_few"
            counts = dict(zip(("n_treated", "n_control"), (arm.known(name) for arm in arms), strict=True))
            d, wide = treated - control, t * spread
            row = {"treated": treated, "control": control, "difference": d, "low": d - wide, "high": d + wide}
            if told:
                row = dict.fromkeys(row, np.nan)
            told = told or ("more" if d - wide > 0 else "less" if d + wide < 0 else "nothing")
            rows.append({"outcome": name, "day": day, **row, **counts, "told": told})
    return pd.DataFrame(rows)


def _rare(shares: Sequence[float], worth: Sequence[float]) -> bool:
    """Whether the smaller group would have too few cases, or others, were both groups alike.

    A bootstrap that hardly ever draws a case takes a share near 0 as certain (Cochran 1954, Biometrics 10).
    """
    alike = float(np.average(shares, weights=worth))
    return min(worth) * min(alike, 1 - alike) < FEWEST_EXPECTED


def _spread(values: _Array) -> float:
    """Standard deviation of what could be estimated."""
    known = values[~np.isnan(values)]
    return float(known.std(ddof=1)) if len(known) > 1 else np.nan


def _curves(estimate: _Estimates, sample: _Estimates, arm: _Arm) -> pd.DataFrame:
    """Curves of one arm with 95 % bands, as long as enough tickets are followed."""
    shown = np.flatnonzero(arm.at_risk >= FEWEST_AT_RISK)
    tables = []
    for kind in ("any", *arm.kinds):
        low, high = np.quantile(sample[kind][:, shown], [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
        told = {"kind": kind, "day": shown + 1, "share": estimate[kind][0, shown], "low": low, "high": high}
        tables.append(pd.DataFrame(told | {"at_risk": arm.at_risk[shown]}))
    return pd.concat(tables, ignore_index=True)
