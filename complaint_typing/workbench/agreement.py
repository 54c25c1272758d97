"""How far labellers agree, in all and for each type, who says what, and which tickets to discuss."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import cohen_kappa_score

from ..errors import BadValue
from ..masking import mask
from .needed_columns import need_columns

ALL = "all"
DRAWS = 1000
_NEEDED = ("ticket_id", "labeller", "customer_type")


def agreement(labels: pd.DataFrame, draws: int = DRAWS, seed: int = 0) -> pd.DataFrame:
    """Agreement beyond chance, in all and of each type against the rest.

    Cohen's kappa of two labellers, on the tickets that both labelled; Krippendorff's alpha (nominal) of more,
    which takes tickets that not all of them labelled. For either, 0 is what chance gives and 1 is full
    agreement. Intervals are 95 % percentile bootstrap intervals over tickets.

    Parameters
    ----------
    labels : DataFrame
        One row a ticket and labeller: ``ticket_id``, ``labeller``, ``customer_type``.
    draws : int
        Of the bootstrap.
    seed : int

    Returns
    -------
    DataFrame
        ``type`` (``all`` first), ``tickets`` (with two labels or more; of a type, those where someone says
        it), ``observed`` (share of pairs of labels that agree; of a type, of the pairs where one says it
        those where both do), ``kappa``, ``low``, ``high``, ``measure``.

    Raises
    ------
    MissingColumns
        When a column is missing.
    BadValue
        When no ticket has labels of two labellers.

    >>> labels = pd.DataFrame({"ticket_id": list("aabbccdd"), "labeller": ["x", "y"] * 4,
    ...                        "customer_type": ["venting"] * 3 + ["high_energy"] * 5})
    >>> agreement(labels)[["type", "tickets", "observed", "kappa"]].head(1).values.tolist()
    [['all', 4, 0.75, 0.5]]
    """
    table = _crossed(labels)
    types = sorted({*labels["customer_type"]})
    two = table.shape[1] == 2
    rng = np.random.default_rng(seed)
    rows = []
    for name in (ALL, *types):
        codes = (
            _codes(table, types)
            if name == ALL
            else _codes(table.eq(name).where(table.notna()), [False, True])
        )
        pairs = _pairs(codes, 2 if name != ALL else len(types))
        value = kappa_of_two(*codes.T) if two else float(alpha_of(pairs.sum(axis=0)))
        low, high = _interval(pairs, two, draws, rng)
        said = pairs.sum(axis=0)
        same, any_of = (np.trace(said), said.sum()) if name == ALL else (said[1, 1], said.sum() - said[0, 0])
        n = len(table) if name == ALL else int(table.eq(name).any(axis=1).sum())
        rows.append((name, n, same / any_of if any_of else np.nan, value, low, high))
    frame = pd.DataFrame(rows, columns=["type", "tickets", "observed", "kappa", "low", "high"])
    return frame.assign(measure="cohen_kappa" if two else "krippendorff_alpha")


def _crossed(labels: pd.DataFrame) -> pd.DataFrame:
    """A row for each ticket with two labels or more, a column for each labeller."""
    need_columns(labels, _NEEDED)
    twice = labels.duplicated(["ticket_id", "labeller"])
    if twice.any():
        key = labels.loc[twice, "ticket_id"].iloc[0]
        remedy = "keep one label of each labeller for a ticket"
        raise BadValue(None, "ticket_id", key, "labelled once by each labeller", remedy)
    table = labels.pivot(index="ticket_id", columns="labeller", values="customer_type")
    table = table[table.notna().sum(axis=1) >= 2]
    table = table.loc[:, table.notna().any()]
    if not len(table):
        remedy = "give some tickets to two labellers"
        raise BadValue(None, "ticket_id", "none", "labelled by two labellers anywhere", remedy)
    return table


def _codes(table: pd.DataFrame, names: list[object]) -> NDArray[np.int64]:
    """The place of each label among the names, -1 where there is none."""
    return np.column_stack([pd.Categorical(table[c], categories=names).codes for c in table]).astype(np.int64)


def _pairs(codes: NDArray[np.int64], k: int) -> NDArray[np.float64]:
    """Pairs of labels of each ticket, each ticket weighing as many as it has labels; (n_tickets, k, k).

    The coincidences of Krippendorff (2011): ordered pairs of different labellers, divided by labels minus 1.
    """
    found = np.zeros((len(codes), k, k))
    there = (codes >= 0).sum(axis=1)
    rows = np.arange(len(codes))
    for a, b in combinations(range(codes.shape[1]), 2):
        both = (codes[:, a] >= 0) & (codes[:, b] >= 0)
        np.add.at(found, (rows[both], codes[both, a], codes[both, b]), 1 / (there[both] - 1))
    return found


def kappa_of_two(one: NDArray[Any], other: NDArray[Any]) -> float:
    """Cohen's kappa of two labellers; 1 where both say one and the same type of all tickets.

    >>> kappa_of_two(np.array(["venting", "high_energy"]), np.array(["venting", "venting"]))
    0.0
    """
    return 1.0 if (one == other).all() else float(cohen_kappa_score(one, other))


def _interval(
    pairs: NDArray[np.float64], two: bool, draws: int, rng: np.random.Generator
) -> tuple[float, float]:
    """95 % interval over resampled tickets."""
    n, k = pairs.shape[:2]
    weights = rng.multinomial(n, np.full(n, 1 / n), size=draws).astype(float)
    drawn = (weights @ pairs.reshape(n, -1)).reshape(draws, k, k)
    values = kappa_of(drawn) if two else alpha_of(drawn)
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def kappa_of(crossed: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cohen's kappa of tables of two labellers, shape (..., k, k); 1 where all is one type.

    >>> round(float(kappa_of(np.array([[20.0, 5.0], [10.0, 15.0]]))), 3)
    0.4
    """
    n = crossed.sum(axis=(-2, -1))
    chance = (crossed.sum(axis=-1) * crossed.sum(axis=-2)).sum(axis=-1) / n**2
    seen = np.trace(crossed, axis1=-2, axis2=-1) / n
    return np.where(chance < 1, (seen - chance) / np.maximum(1 - chance, 1e-12), 1.0)


def alpha_of(pairs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Krippendorff's alpha for nominal labels from half of the coincidences, shape (..., k, k).

    Source: Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability"; 1 where all is one type.

    >>> round(float(alpha_of(np.array([[5.0, 2.0], [2.0, 1.0]]))), 3)
    0.095
    """
    both = pairs + np.swapaxes(pairs, -2, -1)
    n = both.sum(axis=(-2, -1))
    each = both.sum(axis=-1)
    differ = n - np.trace(both, axis1=-2, axis2=-1)
    expected = (n**2 - (each**2).sum(axis=-1)) / np.maximum(n - 1, 1)
    return np.where(expected > 0, 1 - differ / np.maximum(expected, 1e-12), 1.0)


def labellers_confusion(labels: pd.DataFrame) -> pd.DataFrame:
    """How often one labeller says a type where another says another: a square table of pairs of labels.

    Of two labellers the rows are the first one's labels (in alphabetical order of names) and the columns the
    other's; of more, all pairs count in both directions.

    Raises
    ------
    MissingColumns, BadValue
        As :func:`agreement`.
    """
    table = _crossed(labels)
    types = sorted({*labels["customer_type"]})
    codes, two = _codes(table, types), table.shape[1] == 2
    counts = np.zeros((len(types), len(types)), dtype=int)
    for a, b in combinations(range(codes.shape[1]), 2):
        both = (codes[:, a] >= 0) & (codes[:, b] >= 0)
        np.add.at(counts, (codes[both, a], codes[both, b]), 1)
    names = [str(name) for name in table.columns] if two else ["labeller", "other labeller"]
    counts = counts if two else counts + counts.T
    return pd.DataFrame(counts, pd.Index(types, name=names[0]), pd.Index(types, name=names[1]))


def disagreements(labels: pd.DataFrame, tickets: pd.DataFrame | None = None) -> pd.DataFrame:
    """The tickets to discuss, those first that settle most: the pair of types that is confused most often.

    Parameters
    ----------
    labels : DataFrame
        As for :func:`agreement`.
    tickets : DataFrame, optional
        With ``ticket_id`` and ``text``, to show the texts (masked).

    Returns
    -------
    DataFrame
        ``ticket_id``, ``types`` (the labels given, ``;``-joined), ``same_confusion`` (how many tickets are
        torn between just these), a column for each labeller, ``text`` where tickets are given.

    Raises
    ------
    MissingColumns, BadValue
        As :func:`agreement`.
    """
    table = _crossed(labels)
    told = [sorted(set(row.dropna())) for _, row in table.iterrows()]
    torn = [len(each) > 1 for each in told]
    found = table[torn].assign(types=[";".join(each) for each in told if len(each) > 1])
    found["same_confusion"] = found["types"].map(found["types"].value_counts())
    found = found.reset_index()
    found = found.sort_values(["same_confusion", "types", "ticket_id"], ascending=[False, True, True])
    found = found[["ticket_id", "types", "same_confusion", *table.columns]].reset_index(drop=True)
    found.columns.name = None
    if tickets is None:
        return found
    need_columns(tickets, ("ticket_id", "text"))
    texts = dict(zip(tickets["ticket_id"].astype(str), tickets["text"].fillna("").astype(str), strict=True))
    return found.assign(text=[mask(texts.get(key, "")) for key in found["ticket_id"]])


def agreed_labels(labels: pd.DataFrame) -> pd.DataFrame:
    """One label a ticket: what more than half of its labellers say; other tickets are left out.

    Returns
    -------
    DataFrame
        ``ticket_id``, ``customer_type``, ``secondary_type`` and ``emotional_mode`` where most agree on them
        too, ``labellers`` (how many labelled it).

    >>> labels = pd.DataFrame({"ticket_id": ["a", "a", "b", "b"], "labeller": ["x", "y"] * 2,
    ...                        "customer_type": ["venting", "venting", "venting", "high_energy"]})
    >>> agreed_labels(labels)[["ticket_id", "customer_type"]].values.tolist()
    [['a', 'venting']]
    """
    need_columns(labels, _NEEDED)
    columns = [c for c in ("customer_type", "secondary_type", "emotional_mode") if c in labels.columns]
    rows = []
    for key, group in labels.groupby("ticket_id", sort=False):
        most = {c: _majority(group[c].fillna("").tolist()) for c in columns}
        if most["customer_type"]:
            rows.append({"ticket_id": key, **most, "labellers": len(group)})
    return pd.DataFrame(rows, columns=["ticket_id", *columns, "labellers"])


def _majority(said: list[str]) -> str:
    best = max(sorted({*said}), key=said.count)
    return best if said.count(best) * 2 > len(said) else ""


def with_labels(tickets: pd.DataFrame, labels: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """The tickets that have a label, whole and unmasked, with it: what ``train`` and ``read_labelled`` take.

    Parameters
    ----------
    tickets : DataFrame
        The export from which the queue was made.
    labels : DataFrame
        One row a ticket, as :func:`agreed_labels` gives them.
    keys : list of str
        Of the tickets, as :func:`~complaint_typing.workbench.pool.ticket_keys` gives them.

    Raises
    ------
    BadValue
        When a label's ticket is not there.
    """
    places = {key: row for row, key in enumerate(keys)}
    for key in labels["ticket_id"]:
        if key not in places:
            remedy = "give the export from which the queue was made"
            raise BadValue(None, "ticket_id", key, "a ticket of this table", remedy)
    found = tickets.iloc[[places[key] for key in labels["ticket_id"]]].reset_index(drop=True)
    columns = [c for c in ("customer_type", "secondary_type", "emotional_mode") if c in labels.columns]
    return found.assign(**{c: labels[c].tolist() for c in columns})
