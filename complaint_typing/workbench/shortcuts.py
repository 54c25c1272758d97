"""Shortcuts: what typing loses when handles, numbers, brands and channels are hidden; cues of one genre."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..errors import BadValue
from ..evaluation import f1_by_class
from ..model import Model
from ..resources import data_path
from ..ticket_texts import facts_of, texts_of
from .cues import Cue, lonely_cues
from .needed_columns import need_columns
from .wording import labels_of

_HANDLE = re.compile(r"[@＠][\w.\-]+")
_NUMBER = re.compile(r"\b[A-Za-z]{0,4}[-#]?\d(?:[\d\-*xX]{4,}|\w{5,})\b|(?<!\d)\d{5,}(?!\d)")
FEWEST = 20
NOTABLE = 0.02


@dataclass(frozen=True)
class Masked:
    """How a group of tickets is typed with one kind of cue hidden.

    Attributes
    ----------
    hidden : str
        ``nothing``, ``handles``, ``numbers``, ``brands``, ``channels`` or ``all``.
    group : str
        A genre, or ``all``.
    tickets, touched : int
        Tickets, and those whose text had such a cue.
    accuracy, macro_f1 : float
        Macro-F1 over types with at least five tickets in the group.
    moved : float
        Share of the tickets whose type moves against nothing hidden.
    """

    hidden: str
    group: str
    tickets: int
    touched: int
    accuracy: float
    macro_f1: float
    moved: float


@dataclass(frozen=True)
class ShortcutReport:
    """Scores with cues hidden, and n-grams that weigh and stand in one genre or one collection alone."""

    masked: list[Masked]
    cues: dict[str, list[Cue]]

    def loss(self, row: Masked) -> float:
        """Points of accuracy that a group loses by what is hidden."""
        plain = next(m for m in self.masked if m.hidden == "nothing" and m.group == row.group)
        return plain.accuracy - row.accuracy

    @property
    def notable(self) -> list[Masked]:
        """Groups that lose at least two points of accuracy."""
        return [row for row in self.masked if self.loss(row) >= NOTABLE]

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON."""
        return asdict(self) | {"notable": [[row.hidden, row.group] for row in self.notable]}


def hide_handles(text: str) -> str:
    """Without ``@names``.

    >>> hide_handles("@acme where is it")
    ' where is it'
    """
    return _HANDLE.sub("", text)


def hide_numbers(text: str) -> str:
    """Without order, case and phone numbers: five digits or more, letters before them included.

    >>> hide_numbers("order AB-1234567, 50 yuan")
    'order , 50 yuan'
    """
    return _NUMBER.sub("", text)


def hide_brands(text: str) -> str:
    """Without the brands of ``data/audits/shortcut_words.csv``."""
    return _words("brand").sub("", text)


def hide_channels(text: str) -> str:
    """Without the channels of ``data/audits/shortcut_words.csv``."""
    return _words("channel").sub("", text)


def hide_all(text: str) -> str:
    """Without any of them."""
    for hide in (hide_brands, hide_channels, hide_handles, hide_numbers):
        text = hide(text)
    return text


HIDING: dict[str, Callable[[str], str]] = {
    "nothing": str,
    "handles": hide_handles,
    "numbers": hide_numbers,
    "brands": hide_brands,
    "channels": hide_channels,
    "all": hide_all,
}


@cache
def _words(kind: str) -> re.Pattern[str]:
    table = pd.read_csv(data_path("audits") / "shortcut_words.csv", dtype=str, encoding="utf-8-sig")
    words = sorted(table["word"][table["kind"] == kind], key=len, reverse=True)
    latin = "|".join(re.escape(word) for word in words if word.isascii())
    other = "|".join(re.escape(word) for word in words if not word.isascii())
    return re.compile(rf"(?<![a-z])(?:{latin})(?![a-z])|{other}", re.IGNORECASE)


def audit_shortcuts(model: Model, tickets: pd.DataFrame) -> ShortcutReport:
    """Type labelled tickets with cues hidden, by genre, and look for cues that one genre or author alone has.

    Parameters
    ----------
    model : Model
        Should not have learned from these tickets, or the losses look smaller than they are.
    tickets : DataFrame
        Labelled, with history columns; ``genre`` and ``collection`` where they stand.

    Raises
    ------
    MissingColumns
        When there is no ``customer_type``.
    BadValue
        When no ticket carries a type of the model.
    """
    need_columns(tickets, ["customer_type"])
    tickets = tickets[tickets["customer_type"].isin(model.types)].reset_index(drop=True)
    if not len(tickets):
        remedy = f"label rows with types of the model: {', '.join(model.types)}"
        raise BadValue(None, "customer_type", "no such row", "a type of the model anywhere", remedy)
    texts, facts = texts_of(tickets), facts_of(tickets)
    truth = np.array([model.types.index(name) for name in tickets["customer_type"]], dtype=np.intp)
    genre = _column(tickets, "genre")
    said = {
        name: model.score([hide(t) for t in texts], facts).types.argmax(axis=1)
        for name, hide in HIDING.items()
    }
    touched = {name: np.array([hide(t) != t for t in texts]) for name, hide in HIDING.items()}
    masked = [
        _masked(name, group, rows, truth, said, touched[name], len(model.types))
        for group, rows in _groups(genre)
        for name in HIDING
    ]
    cues = {
        by: lonely_cues(model, texts, _column(tickets, by))
        for by in ("genre", "collection")
        if by in tickets.columns and tickets[by].nunique() > 1
    }
    return ShortcutReport(masked, cues)


def hidden_moves(
    model: Model, texts: Sequence[str], facts: Mapping[str, NDArray[Any]], hidden: str
) -> dict[str, int]:
    """How many texts have such a cue, and in how many of them hiding it moves the type; needs no labels."""
    converted = [HIDING[hidden](text) for text in texts]
    rows = np.flatnonzero([a != b for a, b in zip(texts, converted, strict=True)])
    some = {name: values[rows] for name, values in facts.items()}
    before = model.score([texts[i] for i in rows.tolist()], some).types
    after = model.score([converted[i] for i in rows.tolist()], some).types
    return {"touched": len(rows), "moved": int((before.argmax(axis=1) != after.argmax(axis=1)).sum())}


def _column(tickets: pd.DataFrame, name: str) -> NDArray[Any]:
    """Names of a column as reports may show them; those that mask alike stay apart."""
    if name not in tickets.columns:
        return np.full(len(tickets), "", dtype=object)
    given = tickets[name].fillna("").astype(str)
    return given.map({"": ""} | labels_of(n for n in given.unique() if n)).to_numpy(dtype=str)


def _groups(genre: NDArray[Any]) -> Sequence[tuple[str, NDArray[np.intp]]]:
    names, counts = np.unique(genre, return_counts=True)
    some = [str(name) for name, n in zip(names, counts, strict=True) if n >= FEWEST and name]
    return [("all", np.arange(len(genre))), *((name, np.flatnonzero(genre == name)) for name in some)]


def _masked(
    name: str,
    group: str,
    rows: NDArray[np.intp],
    truth: NDArray[np.intp],
    said: dict[str, NDArray[Any]],
    touched: NDArray[np.bool_],
    n_types: int,
) -> Masked:
    y, top = truth[rows], said[name][rows]
    supported = np.bincount(y, minlength=n_types) >= 5
    macro = float(f1_by_class(y, top, n_types)[supported].mean()) if supported.any() else 0.0
    accuracy, moved = float((y == top).mean()), float((top != said["nothing"][rows]).mean())
    return Masked(
        name, group, len(rows), int(touched[rows].sum()), round(accuracy, 4), round(macro, 4), round(moved, 4)
    )
