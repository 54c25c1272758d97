"""New types: tickets of an export that belong together and to no type that is known."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..decision import NONE, UNDETERMINED, UNFAMILIAR
from ..labels import read_labelled
from ..resources import data_path
from .candidates import LEAST_EVIDENCE, Candidate, candidates
from .export_table import Export, ModelOrFolder, export_table, model_of, need
from .needed_columns import need_columns
from .ticket_space import ticket_space
from .typical_words import typical_words
from .wording import one_line, spoken

MOST_CLUSTERS, MOST_TICKETS, MOST_KNOWN = 3, 8000, 4000
FEWEST_IN_LANGUAGE = 200
_EXEMPLARS, _SAME = 5, 0.9
_HAN = re.compile("[\u3400-\u9fff]")
Found: TypeAlias = tuple[Candidate, NDArray[np.bool_]]


@dataclass(frozen=True)
class Cluster:
    """Tickets that may be of a new type.

    Attributes
    ----------
    number : int
        From 1.
    size, questioned : int
        Its tickets, and those of them that were undetermined or unfamiliar.
    lift : float
        How many times as often its tickets are undetermined or unfamiliar as others of their domains.
    surplus : float
        How many times the odds of the export's tickets to be in it are those of labelled tickets, whose types
        are known, of the same domains.
    words : tuple of str
        Typical of it, the most telling first.
    exemplars : tuple of str
        Texts near its centre, masked, no two alike.
    nearest_type : str
        The known type that most of its tickets would be, were it not there.
    nearness : float
        Distance to that, in units of the median distance between known types; 1 is as far as those are apart.
    """

    number: int
    size: int
    questioned: int
    lift: float
    surplus: float
    words: tuple[str, ...]
    exemplars: tuple[str, ...]
    nearest_type: str
    nearness: float


@dataclass(frozen=True, eq=False)
class Discovery:
    """What :func:`discover` found.

    Attributes
    ----------
    clusters : tuple of Cluster
        None where nothing new was found.
    tickets : DataFrame
        A row for each ticket looked at; its index is its place in the export, from 0: `text`, `created`
        where known, `questioned`, `cluster` (0: none), `closeness` (log-odds for the cluster against all
        known types; for a ticket in none, for the one that it is nearest to), and `x` and `y` of a map.
    tried : float
        The most evidence of any candidate (its surplus times the square of its lift); below
        ``candidates.LEAST_EVIDENCE`` none is called new.
    """

    clusters: tuple[Cluster, ...]
    tickets: pd.DataFrame
    tried: float

    def said(self, lang: str | None = None) -> str:
        """What was found, in a sentence."""
        n, asked = len(self.tickets), int(self.tickets["questioned"].sum())
        if not self.clusters:
            zh = f"看了 {n} 条工单（其中 {asked} 条未定），没有发现新的类型。"
            return spoken(zh, f"Nothing new found among {n} tickets, {asked} of them in question.", lang)
        sizes = [str(cluster.size) for cluster in self.clusters]
        k, one = len(sizes), len(sizes) == 1
        many = f"{'' if one else '各'}有 {'、'.join(sizes)} 条"
        zh = f"看了 {n} 条工单（其中 {asked} 条未定），发现 {k} 组可能的新类型，{many}。"
        en = f"{k} possible new type{'' if one else 's'} among {n} tickets, {asked} of them in question; size"
        return spoken(zh, f"{en}{'' if one else 's'}: {', '.join(sizes)}.", lang)


def discover(
    export: Export,
    known: pd.DataFrame | None = None,
    model: ModelOrFolder = None,
    most: int = MOST_CLUSTERS,
    **reading: Any,
) -> Discovery:
    """Look for new types in a scored export.

    Candidates come from the tickets that lie farthest from every known type, and take in whatever belongs to
    them, tickets that were decided included: a model that lacks a type decides many of its tickets wrongly.
    A candidate counts only where it has tickets of the export and hardly any labelled ones, and where its
    tickets were undetermined or unfamiliar oftener than others of the same genre and topic; see
    :func:`~complaint_typing.workbench.candidates.candidates`. Chinese and other tickets are searched
    separately, where there are 200 of the export and as many labelled ones.

    Parameters
    ----------
    export : DataFrame or path
        Scored; one that is not is scored with `model` first.
    known : DataFrame, optional
        Labelled tickets, with ``text`` and ``customer_type``; the shipped corpus by default, without types
        that the model (or, without it, the export) does not know and without texts of the export.
    model : Model or path, optional
    most : int
        Clusters at most.
    **reading
        As for :func:`~complaint_typing.workbench.export_table.export_table`.

    Returns
    -------
    Discovery
        Of an export with more than 8000 tickets every n-th is looked at. Deterministic.

    Raises
    ------
    MissingColumns
        When the export has no text, or the labelled tickets lack a column.
    """
    table = need(export_table(export, model, **reading), ["text", "top_type"])
    table = table[table["text"] != ""]
    table = table.iloc[:: -(-len(table) // MOST_TICKETS) or 1]
    types = set(model_of(model).types) if model is not None else {*table["top_type"]}
    known = _known(known, types - {UNDETERMINED, UNFAMILIAR, NONE}, set(table["text"]))
    questioned = table["customer_type"].isin([UNDETERMINED, UNFAMILIAR]).to_numpy()
    names, labels = np.unique(known["customer_type"].to_numpy(dtype=str), return_inverse=True)
    found: list[Found] = []
    for here, there in _languages(known["text"].tolist(), table["text"].tolist()):
        here = here[:: -(-len(here) // MOST_KNOWN)]
        space = ticket_space([*known["text"].iloc[here], *table["text"][there]]).astype(np.float32)
        found += [(one, there) for one in candidates(space, labels.reshape(-1)[here], questioned[there])]
    found.sort(key=lambda one: -one[0].evidence)
    sound = [one for one in found if one[0].evidence >= LEAST_EVIDENCE]
    return _discovery(table, names, questioned, sound[:most], found[0][0].evidence if found else 0.0)


def _languages(
    known: Sequence[str], texts: Sequence[str]
) -> list[tuple[NDArray[np.intp], NDArray[np.bool_]]]:
    """Which labelled tickets and which of the export are searched together."""
    han, there = (np.array([bool(_HAN.search(text)) for text in part]) for part in (known, texts))
    parts = [(np.flatnonzero(han == one), there == one) for one in (True, False)]
    enough = [part for part in parts if min(len(part[0]), part[1].sum()) >= FEWEST_IN_LANGUAGE]
    return enough or [(np.arange(len(known)), np.ones(len(texts), dtype=bool))]


def _known(known: pd.DataFrame | None, types: set[str], exported: set[str]) -> pd.DataFrame:
    """Labelled tickets of the known types, at most as many as are looked at of an export."""
    if known is None:
        known = read_labelled([data_path("training")])
        known = known[known["customer_type"].isin(types)]
    need_columns(known, ("text", "customer_type"))
    known = known[(known["customer_type"] != NONE) & ~known["text"].isin(exported)]
    return known.iloc[:: -(-len(known) // MOST_TICKETS) or 1]


def _discovery(
    table: pd.DataFrame,
    names: NDArray[Any],
    questioned: NDArray[np.bool_],
    found: list[Found],
    tried: float,
) -> Discovery:
    tickets = table[[name for name in ("text", "created") if name in table.columns]].copy()
    n = len(table)
    closeness, x, y = np.full((len(found), n), -np.inf), np.full(n, np.nan), np.full(n, np.nan)
    number, central = np.zeros(n, dtype=int), np.full((len(found), n), -np.inf)
    for i, (one, there) in reversed(list(enumerate(found))):
        closeness[i, there], central[i, there] = one.closeness, one.central
        number[np.flatnonzero(there)[one.members]] = i + 1
        x[:], y[:] = np.nan, np.nan
        x[there], y[there] = one.place.T
    nearest = closeness.max(axis=0) if found else np.full(n, np.nan)
    tickets = tickets.assign(questioned=questioned, cluster=number, closeness=nearest, x=x, y=y)
    clusters = tuple(
        Cluster(
            i + 1,
            int((number == i + 1).sum()),
            int(questioned[number == i + 1].sum()),
            round(one.lift, 3),
            round(one.surplus, 3),
            tuple(typical_words(tickets["text"].tolist(), number == i + 1)["words"]),
            _exemplars(tickets["text"].to_numpy(dtype=object)[number == i + 1], central[i, number == i + 1]),
            str(names[one.nearest]),
            round(one.nearness, 3),
        )
        for i, (one, _) in enumerate(found)
    )
    return Discovery(clusters, tickets, tried)


def _exemplars(texts: NDArray[Any], central: NDArray[np.float64]) -> tuple[str, ...]:
    """Masked texts, nearest to the centre first; none nearly repeats an earlier one."""
    kept: list[str] = []
    for place in np.argsort(-central, kind="stable").tolist():
        text = one_line(str(texts[place]))
        seen = {text[i : i + 2] for i in range(len(text))}
        others = ({k[i : i + 2] for i in range(len(k))} for k in kept)
        if all(len(seen & other) < _SAME * max(min(len(seen), len(other)), 1) for other in others):
            kept.append(text)
        if len(kept) == _EXEMPLARS:
            break
    return tuple(kept)
