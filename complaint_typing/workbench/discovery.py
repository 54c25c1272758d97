"""New types: tickets of an export that belong together and to no type that is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..decision import UNDETERMINED, UNFAMILIAR
from ..errors import MissingColumns
from ..labels import read_labelled
from ..model import NONE
from ..resources import data_path
from .candidates import DOMAINS, Candidate, best_candidate
from .export_table import Export, ModelOrFolder, export_table, model_of, need
from .ticket_space import domains, ticket_space
from .typical_words import typical_words
from .wording import one_line, spoken

MOST_CLUSTERS, MOST_TICKETS = 3, 8000
_EXEMPLARS, _SAME = 5, 0.9


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
    words : tuple of str
        Typical of it, the most telling first.
    exemplars : tuple of str
        Texts near its centre, masked, no two alike.
    nearest_type : str
        The known type whose centre is nearest.
    nearness : float
        Distance to that, in units of the median distance between known types; 1 is as far as those are apart.
    """

    number: int
    size: int
    questioned: int
    lift: float
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
        The highest lift of any candidate; below ``candidates.LEAST_LIFT`` none is called new.
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
    A candidate counts only where its tickets were undetermined or unfamiliar much oftener than others of the
    same language, genre and topic; see :func:`~complaint_typing.workbench.candidates.best_candidate`.

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
    space = ticket_space([*known["text"], *table["text"]])
    parts = [domains(space, n) for n in DOMAINS]
    shares = _shares(table, names)
    found: list[Candidate] = []
    tried = 0.0
    while len(found) < most:
        taken = np.any([c.members for c in found], axis=0) if found else np.zeros(len(table), dtype=bool)
        candidate = best_candidate(space, parts, labels.reshape(-1), shares, questioned, taken)
        tried = max(tried, candidate.lift)
        if not candidate.sound:
            break
        found.append(candidate)
    return _discovery(table, names, questioned, found, tried)


def _known(known: pd.DataFrame | None, types: set[str], exported: set[str]) -> pd.DataFrame:
    """Labelled tickets of the known types, at most as many as are looked at of an export."""
    if known is None:
        known = read_labelled([data_path("training")])
        known = known[known["customer_type"].isin(types)]
    missing = [name for name in ("text", "customer_type") if name not in known.columns]
    if missing:
        raise MissingColumns(missing, [str(name) for name in known.columns])
    known = known[(known["customer_type"] != NONE) & ~known["text"].isin(exported)]
    return known.iloc[:: -(-len(known) // MOST_TICKETS) or 1]


def _shares(table: pd.DataFrame, names: NDArray[Any]) -> NDArray[np.float64]:
    """How far each ticket of an export belongs to each known type, as it was scored."""
    confidence = table["confidence"].fillna(0).to_numpy(dtype=float)[:, None]
    top = table["top_type"].to_numpy(dtype=str)[:, None] == names
    rest = (1 - confidence) / max(len(names) - 1, 1)
    shares = np.where(top, confidence, rest)
    return np.asarray(shares / np.maximum(shares.sum(axis=1, keepdims=True), 1e-9))


def _discovery(
    table: pd.DataFrame,
    names: NDArray[Any],
    questioned: NDArray[np.bool_],
    found: list[Candidate],
    tried: float,
) -> Discovery:
    tickets = table[[name for name in ("text", "created") if name in table.columns]].copy()
    closeness = np.array([c.closeness for c in found]).reshape(len(found), len(table))
    belongs = np.array([c.members for c in found]).reshape(len(found), len(table))
    number = np.where(belongs.any(axis=0), belongs.argmax(axis=0) + 1, 0) if found else 0
    tickets = tickets.assign(
        questioned=questioned,
        cluster=number,
        closeness=closeness.max(axis=0) if found else np.nan,
        x=found[0].place[:, 0] if found else np.nan,
        y=found[0].place[:, 1] if found else np.nan,
    )
    clusters = tuple(
        Cluster(
            i,
            int(c.members.sum()),
            int((c.members & questioned).sum()),
            round(c.lift, 3),
            tuple(typical_words(tickets["text"].tolist(), c.members)["words"]),
            _exemplars(tickets["text"].to_numpy(dtype=object)[c.members], c.central[c.members]),
            str(names[c.nearest]),
            round(c.nearness, 3),
        )
        for i, c in enumerate(found, start=1)
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
