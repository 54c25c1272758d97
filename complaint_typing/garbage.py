"""Lets Python look less often for garbage in cycles while rows stream by: they leave none."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_AT_ONCE = 100_000


def collect_seldom() -> None:
    """Raise the number of new containers after which this process looks for cycles.

    Every row is a list; looking through them and all loaded modules takes a tenth of the time of scoring.
    """
    fewest, *older = gc.get_threshold()
    gc.set_threshold(max(fewest, _AT_ONCE) if fewest else 0, *older)


@contextmanager
def seldom_collected() -> Iterator[None]:
    """:func:`collect_seldom` for a while.

    >>> before = gc.get_threshold()
    >>> with seldom_collected():
    ...     gc.get_threshold()[0]
    100000
    >>> gc.get_threshold() == before
    True
    """
    before = gc.get_threshold()
    collect_seldom()
    try:
        yield
    finally:
        gc.set_threshold(*before)
