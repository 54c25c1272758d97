"""The shares of the types in an export, estimated on a sample of its texts before a row is scored."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from .adaptation import estimate_of
from .errors import BadOption
from .export_history import ExportHistory
from .model import Model
from .priors import PriorEstimate
from .tickets import TicketFile

MOST_TICKETS = 5_000

Progress = Callable[[int, int | None], None]


class TicketSample:
    """At most so many tickets of a stream, any as likely as any other, the same ones at every reading.

    Parameters
    ----------
    most : int

    >>> sample = TicketSample(most=2)
    >>> sample.add(["no light", "no water", "no gas"], ["lamps", "pipes", "pipes"])
    >>> len(sample.texts), len(sample.rows), set(sample.groups) <= {"lamps", "pipes"}
    (2, 2, True)
    """

    def __init__(self, most: int = MOST_TICKETS):
        self._most, self._seen = most, 0
        self.texts: list[str] = []
        self.groups: list[str] = []
        self.rows: NDArray[np.int64] = np.zeros(0, dtype=np.int64)

    def add(self, texts: Sequence[str], groups: Sequence[str]) -> None:
        """Look at the next tickets of the stream."""
        rows = np.concatenate([self.rows, np.arange(self._seen, self._seen + len(texts))])
        self._seen += len(texts)
        kept = np.sort(np.argsort(_scattered(rows), kind="stable")[: self._most])
        texts, groups = [*self.texts, *texts], [*self.groups, *groups]
        self.texts, self.groups = [texts[i] for i in kept.tolist()], [groups[i] for i in kept.tolist()]
        self.rows = rows[kept]


def _scattered(numbers: NDArray[np.int64]) -> NDArray[np.uint64]:
    """A 64-bit number for each, as if drawn at random (the mixer of SplitMix64; Steele et al., 2014)."""
    z = numbers.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(z ^ (z >> np.uint64(31)))


def place_of(file: TicketFile, column: str) -> int:
    """Where a column stands in a file, by its header or by its name in the contract.

    Raises
    ------
    BadValue
        When the file has no such column.
    """
    if column in file.header:
        return file.header.index(column)
    if column in file.mapping:
        return file.mapping[column]
    remedy = f"use one of: {', '.join(file.header)}"
    raise BadOption("adapt_by", column, "a column of the file", remedy)


def estimate_export(
    file: TicketFile,
    model: Model,
    by: str | None = None,
    earlier: Sequence[TicketFile] = (),
    most: int = MOST_TICKETS,
    progress: Progress | None = None,
) -> PriorEstimate:
    """The shares of the types in an export, from one pass over it.

    Parameters
    ----------
    file : TicketFile
    model : Model
    by : str, optional
        A column: shares are estimated for each of its values with at least 20 tickets of the sample, too.
    earlier : sequence of TicketFile
        Earlier exports of the same customers.
    most : int
        Tickets that are scored for the estimate; more say hardly more, see ``docs/priors.md``.
    progress : callable, optional
        Called with the rows read.

    Raises
    ------
    BadValue
        When there is no such column.
    UnreadableInput, AmbiguousDates
        When a file is damaged.

    >>> from complaint_typing.artifact import load_model
    >>> from complaint_typing.resources import data_path
    >>> file = TicketFile.open(data_path("examples") / "zh_hotline.csv")
    >>> found = estimate_export(file, load_model(data_path("model")))
    >>> round(float(found.whole.used.sum()), 6), found.whole.tickets <= 39
    (1.0, True)
    """
    place = None if by is None else place_of(file, by)
    history, sample = ExportHistory(), TicketSample(most)
    read = 0
    for block in file.blocks():
        history.add(block.tickets)
        sample.add(block.tickets.text, ["" if place is None else row[place] for row in block.rows])
        read += len(block.rows)
        if progress:
            progress(read, None)
    for other in earlier:
        for block in other.blocks():
            history.add(block.tickets, asked=False)
    scores = model.score(sample.texts, history.facts().at(sample.rows))
    return estimate_of(model, scores, None if by is None else sample.groups, by)
