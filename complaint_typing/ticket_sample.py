"""Which tickets of many are looked at to estimate shares: the same ones at every door."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

MOST_TICKETS = 5_000
_STRIDE = 1 << 20


def sample_rows(n: int, most: int = MOST_TICKETS) -> NDArray[np.int64]:
    """The rows of a table of `n` that :class:`TicketSample` would keep of it, in their order.

    >>> sample_rows(3).tolist(), len(sample_rows(6_000))
    ([0, 1, 2], 5000)
    """
    kept = np.zeros(0, dtype=np.int64)
    for start in range(0, n, _STRIDE):
        rows = np.concatenate([kept, np.arange(start, min(start + _STRIDE, n))])
        kept = rows[_kept(rows, most)]
    return kept


def _kept(rows: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """The places of those rows that stay, of more."""
    return np.sort(np.argsort(_scattered(rows), kind="stable")[:most])


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
        kept = _kept(rows, self._most)
        texts, groups = [*self.texts, *texts], [*self.groups, *groups]
        self.texts, self.groups = [texts[i] for i in kept.tolist()], [groups[i] for i in kept.tolist()]
        self.rows = rows[kept]


def _scattered(numbers: NDArray[np.int64]) -> NDArray[np.uint64]:
    """A 64-bit number for each, as if drawn at random (the mixer of SplitMix64; Steele et al., 2014)."""
    z = numbers.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(z ^ (z >> np.uint64(31)))
