"""What drift is looked for in, from which distance it matters, and how it is measured on two tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import t as student

from ..folding import fold_texts
from ..model import Model
from ..taxonomy import read_taxonomy
from .distances import Gap, binned, category_gap, ordered_gap, sample
from .table_languages import languages_of
from .telling import telling_scores
from .wording import one_line

FEWEST_TICKETS, FEWEST_CUSTOMERS, FEWEST_WEEKS = 30, 20, 6
MOST_NAMES, OTHERS = 20, "(others)"
_MOST_TEXTS, _MOST_LEARNED = 5_000, 1_000
_BLOCK = 2_000
_POINTWISE = 1.96


@dataclass(frozen=True)
class Check:
    """One thing that may drift.

    Attributes
    ----------
    id : str
    kind : str
        ``shares`` of categories, one ``share``, a ``number`` a ticket, or a ``rate`` a week.
    floor : float
        The distance from which it matters, 0 to 1.
    needs : str
        The column of the table; what has none is always there.
    zh, en : str
        Its name.
    """

    id: str
    kind: str
    floor: float
    needs: str
    zh: str
    en: str


CHECKS: tuple[Check, ...] = (
    Check("customer_type", "shares", 0.10, "customer_type", "客户类型", "customer types"),
    Check("decided", "share", 0.05, "customer_type", "定了型的占比", "share decided"),
    Check("undetermined", "share", 0.05, "customer_type", "暂不能定的占比", "share undetermined"),
    Check("unfamiliar", "share", 0.03, "customer_type", "未见过类型的占比", "share unfamiliar"),
    Check("confidence", "number", 0.10, "confidence", "把握", "confidence"),
    Check("emotional_mode", "shares", 0.10, "emotional_mode", "情绪模式", "emotional modes"),
    Check("novelty", "number", 0.10, "text", "模型不认识的字串占比", "n-grams new to the model"),
    Check("wording", "number", 0.20, "text", "用词", "wording"),
    Check("length", "number", 0.10, "text", "文字长度", "length of the texts"),
    Check("language", "shares", 0.05, "text", "语言", "languages"),
    Check("channel", "shares", 0.10, "channel", "渠道", "channels"),
    Check("per_week", "rate", 0.25, "created", "每周工单数", "tickets a week"),
)


@dataclass(frozen=True)
class Sides:
    """Two tables of tickets, who wrote them, and the model that their texts are held against.

    Attributes
    ----------
    before, after : DataFrame
        As :func:`~complaint_typing.workbench.export_table.export_table` gives them.
    model : Model
    alpha : float
        How often chance alone may call drift in one check.
    """

    before: pd.DataFrame
    after: pd.DataFrame
    model: Model
    alpha: float

    @property
    def tables(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Both."""
        return self.before, self.after

    @cached_property
    def customers(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """A number for who wrote each ticket; one without a customer is a customer of its own."""
        names = [*_customers(self.before, "before"), *_customers(self.after, "after")]
        code = pd.factorize(np.array(names, dtype=object))[0]
        return code[: len(self.before)], code[len(self.before) :]


@dataclass(frozen=True)
class Measured:
    """What one check found.

    Attributes
    ----------
    gap : Gap
    before, after : float
        The share, the median or the rate; of categories those of `moved`.
    moved : str
        The category whose share changed most, else "".
    shares, numbers : DataFrame
        What :class:`~complaint_typing.workbench.drift.Drift` keeps; empty where they do not apply.
    """

    gap: Gap
    before: float
    after: float
    moved: str = ""
    shares: pd.DataFrame = field(default_factory=pd.DataFrame)
    numbers: pd.DataFrame = field(default_factory=pd.DataFrame)


def measure(check: Check, sides: Sides) -> Measured | None:
    """Measure one check; None where a table has fewer than the minimum counts."""
    if not _enough(check, sides):
        return None
    if check.kind == "shares":
        return _shares(check, sides, *_names(check, sides))
    if check.kind == "share":
        return _share(check, sides)
    if check.kind == "number":
        return _number(check, sides, *_NUMBERS[check.id](sides))
    return _rate(sides)


def _enough(check: Check, sides: Sides) -> bool:
    if check.kind == "rate":
        return all(len(_by_week(table["created"])) >= FEWEST_WEEKS for table in sides.tables)
    return all(len(c) >= FEWEST_TICKETS and len(np.unique(c)) >= FEWEST_CUSTOMERS for c in sides.customers)


def _customers(table: pd.DataFrame, side: str) -> list[str]:
    known = table["customer_id"].tolist() if "customer_id" in table else [""] * len(table)
    return [name or f"\n{side}{row}" for row, name in enumerate(known)]


def _flag(check: str, types: pd.Series) -> NDArray[np.bool_]:
    if check == "decided":
        return np.asarray(~types.isin(read_taxonomy().ids("outcome")))
    return np.asarray(types == check)


def _names(check: Check, sides: Sides) -> tuple[list[str], list[str]]:
    if check.id == "language":
        before, after = map(languages_of, sides.tables)
        return before, after
    names = [table[check.needs].tolist() for table in sides.tables]
    shown = {name: one_line(str(name)) for name in {*names[0], *names[1]}}
    return [shown[name] for name in names[0]], [shown[name] for name in names[1]]


def _shares(check: Check, sides: Sides, before: Sequence[str], after: Sequence[str]) -> Measured:
    counts = pd.Series([*before, *after]).value_counts()
    kept = [*counts.index[:MOST_NAMES], OTHERS] if len(counts) > MOST_NAMES + 1 else list(counts.index)
    place = {name: i for i, name in enumerate(kept)}
    codes = [np.array([place.get(name, len(kept) - 1) for name in names]) for names in (before, after)]
    one, other = (sample(code, len(kept), who) for code, who in zip(codes, sides.customers, strict=True))
    change = other.share - one.share
    reach = _POINTWISE * np.sqrt(np.diag(one.covariance + other.covariance))
    table = pd.DataFrame(
        {
            "check": check.id,
            "name": kept,
            "before": one.share,
            "after": other.share,
            "difference": change,
            "low": change - reach,
            "high": change + reach,
        }
    )
    most = int(np.abs(change).argmax())
    gap = category_gap(one, other, sides.alpha)
    return Measured(gap, float(one.share[most]), float(other.share[most]), kept[most], shares=table)


def _share(check: Check, sides: Sides) -> Measured:
    flags = [_flag(check.id, table["customer_type"]).astype(int) for table in sides.tables]
    one, other = (sample(flag, 2, who) for flag, who in zip(flags, sides.customers, strict=True))
    return Measured(category_gap(one, other, sides.alpha), float(one.share[1]), float(other.share[1]))


def _number(check: Check, sides: Sides, before: NDArray[Any], after: NDArray[Any]) -> Measured | None:
    """Of numbers with the rows they belong to; each of shape (n, 2)."""
    if min(len(before), len(after)) < FEWEST_TICKETS:
        return None
    codes = binned(before[:, 0], after[:, 0])
    customers = [
        who[rows.astype(int)] for who, rows in zip(sides.customers, (before[:, 1], after[:, 1]), strict=True)
    ]
    bins = len(codes[2]) + 1
    one, other = (sample(code, bins, who) for code, who in zip(codes[:2], customers, strict=True))
    table = pd.DataFrame(
        {
            "check": check.id,
            "at": codes[2],
            "before": np.cumsum(one.share)[:-1],
            "after": np.cumsum(other.share)[:-1],
        }
    )
    middle = [float(np.median(numbers[:, 0])) for numbers in (before, after)]
    return Measured(ordered_gap(one, other, sides.alpha), middle[0], middle[1], numbers=table)


def _confidence(sides: Sides) -> tuple[NDArray[Any], NDArray[Any]]:
    before, after = (_with_rows(table["confidence"].to_numpy(dtype=float)) for table in sides.tables)
    return before, after


def _length(sides: Sides) -> tuple[NDArray[Any], NDArray[Any]]:
    before, after = (_with_rows(table["text"].str.len().to_numpy(dtype=float)) for table in sides.tables)
    return before, after


def _novelty(sides: Sides) -> tuple[NDArray[Any], NDArray[Any]]:
    rows = [_some(table, _MOST_TEXTS) for table in sides.tables]
    known = [
        _known(sides.model, table["text"].iloc[some].tolist())
        for table, some in zip(sides.tables, rows, strict=True)
    ]
    return np.column_stack([1 - known[0], rows[0]]), np.column_stack([1 - known[1], rows[1]])


def _wording(sides: Sides) -> tuple[NDArray[Any], NDArray[Any]]:
    rows = [_some(table, _MOST_LEARNED) for table in sides.tables]
    texts = [
        text for table, some in zip(sides.tables, rows, strict=True) for text in table["text"].iloc[some]
    ]
    customers = [who[some] for who, some in zip(sides.customers, rows, strict=True)]
    second = np.arange(len(texts)) >= len(rows[0])
    scores = telling_scores(texts, second, np.concatenate(customers))
    return np.column_stack([scores[~second], rows[0]]), np.column_stack([scores[second], rows[1]])


_NUMBERS: dict[str, Callable[[Sides], tuple[NDArray[Any], NDArray[Any]]]] = {
    "confidence": _confidence,
    "novelty": _novelty,
    "wording": _wording,
    "length": _length,
}


def _some(table: pd.DataFrame, most: int) -> NDArray[np.intp]:
    """At most so many rows, any as likely as any other."""
    return np.sort(np.random.default_rng(0).permutation(len(table))[:most])


def _with_rows(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    rows = np.flatnonzero(np.isfinite(numbers))
    return np.column_stack([numbers[rows], rows])


def _known(model: Model, texts: Sequence[str]) -> NDArray[np.float64]:
    """Share of each text's n-grams that the model knows."""
    parts = [model.sums(fold_texts(texts[at : at + _BLOCK])) for at in range(0, len(texts), _BLOCK)]
    return np.concatenate([part.known_share for part in parts]).astype(float)


def _by_week(days: pd.Series) -> NDArray[np.int64]:
    """Tickets of each whole week from the first day on."""
    known = days.dropna()
    if known.empty:
        return np.zeros(0, dtype=np.int64)
    since = (known - known.min()).dt.days.to_numpy()
    return np.bincount(since // 7)[: (int(since.max()) + 1) // 7]


def _rate(sides: Sides) -> Measured:
    """How far the smaller rate lies below the larger; weeks are what was drawn."""
    weeks = [_by_week(table["created"]).astype(float) for table in sides.tables]
    mean = [float(week.mean()) for week in weeks]
    relative = sum(week.var(ddof=1) / len(week) / max(week.mean(), 0.5) ** 2 for week in weeks)
    degrees = min(len(week) for week in weeks) - 1
    reach = student.ppf(1 - sides.alpha / 2, degrees) * np.sqrt(relative)
    distance = 1 - min(mean) / max(max(mean), 1e-9)
    return Measured(Gap(float(distance), float(1 - np.exp(-reach))), mean[0], mean[1])
