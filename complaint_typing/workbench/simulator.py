"""An export whose truth is known: customers who return for reasons that the simulation decides."""

from __future__ import annotations

from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .return_kinds import KINDS
from .simulated_texts import texts_for
from .simulated_world import FADING_DAYS, World

WARM_UP = 365
"""Days that run before the export begins, so that it opens on a world in full swing."""
CHANNELS, CATEGORIES = ("phone", "chat", "app", "branch"), ("billing", "network", "delivery", "staff")
MODES = ("rational", "emotional", "attack")
ASKS_WHEN_UNPROVEN = 3
_YEAR = 365.0
_Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Simulated:
    """A simulated export and what is true of it.

    Attributes
    ----------
    frame : DataFrame
        The export: contract columns, and the labels `customer_type` and `emotional_mode`.
    truth : DataFrame
        One row a ticket, in the same order: `paid`, `second` (whether goodwill was paid, and the second
        strategy taken), `p_paid`, `p_second` (their chances), and for each kind of visit its `fresh_` rate,
        and its `drawn_` rate at first, per day, under nothing paid and the first strategy; `pay_` and
        `second_`, the factors that either puts on the drawn rate; `p_resolved`, `p_reopened`,
        `mean_satisfaction` and what the second strategy adds to them (`resolved_effect` ...).
    start, end : Timestamp
        Of the export. Tickets from `start` plus a year on have their whole history in it.
    """

    frame: pd.DataFrame
    truth: pd.DataFrame
    start: pd.Timestamp
    end: pd.Timestamp

    @property
    def since(self) -> str:
        """The day a year after the begin, for `outcome_tickets(since=...)`."""
        return str((self.start + pd.Timedelta(days=365)).date())

    def write(self, path: str | PathLike[str]) -> Path:
        """Write the export as a CSV, as a help desk would."""
        self.frame.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")
        return Path(path)


def simulate(
    customers: int = 3000, days: int = 1095, seed: int = 0, world: World | None = None, texts: bool = True
) -> Simulated:
    """Simulate an export.

    Every customer complains at a constant rate of his own; each resolved ticket draws further visits for a
    while, at rates that depend on his type, mode and history, on goodwill and on the strategy. Handling is
    chosen by type, mode, channel and history, so that comparing what happened to those who got it with the
    others misleads. The export starts in full swing and is cut off at its end.

    Parameters
    ----------
    customers : int, default 3000
        Those who never complain do not show.
    days : int, default 1095
        Length of the export. The first year serves as history.
    seed : int, default 0
    world : World, optional
        What is true; by default goodwill breeds visits for extras among those who ask for it.
    texts : bool, default True
        Give every ticket a text of the shipped corpus of its type; else a placeholder.

    Returns
    -------
    Simulated

    >>> made = simulate(50, seed=3, texts=False)
    >>> made.frame["created_at"].is_monotonic_increasing, made.since
    (True, '2024-01-01')
    """
    rng, world = np.random.default_rng(seed), world or World()
    people = _people(rng, customers, world)
    rounds, last = [], np.full((customers, ASKS_WHEN_UNPROVEN), -np.inf)
    at, kind = rng.exponential(1 / (world.fresh * people["frailty"] / _YEAR)), _fresh_kind(rng, customers)
    at -= WARM_UP
    while (active := np.flatnonzero(at < days)).size:
        tickets = _handled(rng, world, people, active, at, kind, last)
        rounds.append(tickets)
        last[active] = np.column_stack([last[active, 1:], at[active]])
        at[active], kind[active] = _next_visit(rng, tickets)
    table = {name: np.concatenate([r[name] for r in rounds]) for name in rounds[0]}
    kept = np.flatnonzero(table["at"] >= 0)
    kept = kept[np.argsort(table["at"][kept], kind="stable")]
    return _exported({name: values[kept] for name, values in table.items()}, days, rng, texts)


def _people(rng: np.random.Generator, n: int, world: World) -> dict[str, _Array]:
    shares = np.array(list(world.types.values()))
    return {
        "type": rng.choice(np.array(list(world.types), object), n, p=shares / shares.sum()),
        "frailty": rng.gamma(1 / world.frailty, world.frailty, n) if world.frailty else np.ones(n),
    }


def _fresh_kind(rng: np.random.Generator, n: int) -> _Array:
    return rng.choice(np.array(["justified", "other"], object), n)


def _handled(
    rng: np.random.Generator,
    world: World,
    people: dict[str, _Array],
    who: _Array,
    at: _Array,
    kind: _Array,
    last: _Array,
) -> dict[str, _Array]:
    """One ticket of each of some customers: what it is, how it is handled, what follows from that."""
    n, earlier = len(who), (last[who] >= at[who][:, None] - _YEAR).sum(axis=1)
    extras = np.where(earlier >= ASKS_WHEN_UNPROVEN, world.asking[1], world.asking[0])
    own = people["type"][who]
    plain = np.where(np.isin(own.astype(str), world.asking), "resolution_seeking", own)
    type_ = np.where(kind[who] == "extras", extras, np.where(kind[who] == "justified", own, plain))
    mode = rng.choice(3, n, p=[0.5, 0.35, 0.15])
    channel, category = rng.integers(0, 4, n), rng.integers(0, 4, n)
    push = world.confounding * (0.5 * mode + 0.5 * (channel == 3) + 0.35 * earlier)
    asks = np.isin(type_.astype(str), world.asking)
    p_paid = _expit(-1.8 + 1.2 * asks + push)
    p_second = np.where(asks, p_paid, _expit(-1.0 + push))
    paid = rng.random(n) < p_paid
    second = np.where(asks, paid, rng.random(n) < p_second)
    rates = _rates(world, type_, asks, people["frailty"][who], np.exp(0.35 * push))
    better = np.exp(-0.25 * push)
    base = {"resolved": world.resolved[0] * better**0.3, "reopened": world.reopened[0] / better}
    base["satisfaction"] = world.satisfaction[0] - 0.25 * push
    acts = second & ~asks
    months = rng.random(n) < base["resolved"] + np.where(acts, world.resolved[1], 0)
    taken = np.where(months, 1 + 13 * rng.random(n) ** 2, 31 + 45 * rng.random(n))
    score = base["satisfaction"] + np.where(acts, world.satisfaction[1], 0) + rng.normal(0, 0.8, n)
    again = rng.random(n) < base["reopened"] + np.where(acts, world.reopened[1], 0)
    effects = {f"{name}_effect": np.where(asks, 0.0, getattr(world, name)[1]) for name in base}
    return {
        "customer": who, "at": at[who], "resolved": at[who] + taken, "kind": kind[who], "type": type_,
        "mode": mode, "channel": channel, "category": category, "paid": paid, "second": second,
        "strategy": _strategies(world, type_, second), "score": np.clip(np.rint(score), 1, 5),
        "reopened": again, "p_paid": p_paid, "p_second": p_second, "asks": asks, **rates,
        "p_resolved": base["resolved"], "p_reopened": base["reopened"],
        "mean_satisfaction": base["satisfaction"], **effects,
    }  # fmt: skip


def _rates(world: World, type_: _Array, asks: _Array, frailty: _Array, push: _Array) -> dict[str, _Array]:
    """Rates per day at which a ticket draws visits of each kind, and what handling multiplies them by."""
    found: dict[str, _Array] = {}
    for kind in KINDS:
        fresh = 0.0 if kind == "extras" else world.fresh / 2
        found[f"fresh_{kind}"] = fresh * frailty / _YEAR
        found[f"drawn_{kind}"] = world.drawn[kind] * frailty * push / _YEAR
        found[f"pay_{kind}"] = np.ones(len(type_))
        found[f"second_{kind}"] = np.where(asks, 1.0, world.strategy_effect)
    found["drawn_extras"] = found["drawn_extras"] * _looked_up(world.greed, type_)
    found["pay_extras"] = _looked_up(world.goodwill_effect, type_)
    found["pay_justified"] = np.full(len(type_), world.goodwill_justified)
    return found


def _looked_up(table: Any, type_: _Array) -> _Array:
    return np.array([table.get(name, 1.0) for name in type_])


def _strategies(world: World, type_: _Array, second: _Array) -> _Array:
    pairs = zip(type_, second, strict=True)
    return np.array([world.strategies[name][int(other)] for name, other in pairs], object)


def _expit(x: _Array) -> _Array:
    return np.asarray(1 / (1 + np.exp(-x)))


def _next_visit(rng: np.random.Generator, tickets: dict[str, _Array]) -> tuple[_Array, _Array]:
    """When the next visit comes and of what kind: the earliest of competing exponential and fading draws."""
    waits, kinds = [], []
    for kind in KINDS:
        factor = np.where(tickets["paid"], tickets[f"pay_{kind}"], 1.0)
        factor = factor * np.where(tickets["second"], tickets[f"second_{kind}"], 1.0)
        total = tickets[f"drawn_{kind}"] * factor * FADING_DAYS
        left = 1 - rng.exponential(size=len(total)) / total
        with np.errstate(invalid="ignore", divide="ignore"):
            waits.append(np.where(left > 0, -FADING_DAYS * np.log(left), np.inf))
            waits.append(rng.exponential(size=len(total)) / tickets[f"fresh_{kind}"])
        kinds += [kind, kind]
    table = np.column_stack(waits)
    return tickets["resolved"] + table.min(axis=1), np.array(kinds, object)[table.argmin(axis=1)]


def _exported(table: dict[str, _Array], days: int, rng: np.random.Generator, texts: bool) -> Simulated:
    """The export as a help desk would write it: what lies after its end is not in it."""
    n, start = len(table["at"]), pd.Timestamp("2023-01-01")
    seen = table["resolved"] < days
    fault = np.where(table["kind"] == "justified", "yes", rng.choice(["no", "unknown"], n, p=[0.7, 0.3]))
    rated = seen & (rng.random(n) < 0.6)
    amount = np.where(table["paid"], rng.choice([10, 20, 30, 50], n), 0)
    frame = pd.DataFrame(
        {
            "ticket_id": [f"S{i + 1:06d}" for i in range(n)],
            "customer_id": [f"C{c + 1:05d}" for c in table["customer"]],
            "created_at": _stamps(start, table["at"]),
            "text": texts_for(table["type"], rng) if texts else "-",
            "channel": np.array(CHANNELS)[table["channel"]],
            "category": np.array(CATEGORIES)[table["category"]],
            "customer_type": table["type"],
            "emotional_mode": np.array(MODES)[table["mode"]],
            "strategy_done": table["strategy"],
            "resolved_at": np.where(seen, _stamps(start, table["resolved"]), ""),
            "fault_found": np.where(seen, fault, ""),
            "compensation": np.where(seen, amount.astype(str), ""),
            "currency": np.where(seen & table["paid"], "CNY", ""),
            "satisfaction": np.where(rated, table["score"].astype(int).astype(str), ""),
            "reopened": np.where(seen, table["reopened"].astype(int).astype(str), ""),
        }
    )
    hidden = (
        "at",
        "resolved",
        "kind",
        "type",
        "strategy",
        "score",
        "reopened",
        "mode",
        "channel",
        "category",
    )
    truth = pd.DataFrame({name: values for name, values in table.items() if name not in hidden})
    return Simulated(frame, truth, start, start + pd.Timedelta(days=days))


def _stamps(start: pd.Timestamp, days: _Array) -> _Array:
    seconds = pd.to_timedelta(np.rint(np.minimum(days, 1e5) * 86_400), unit="s")
    return (start + seconds).strftime("%Y-%m-%d %H:%M:%S").to_numpy(object)
