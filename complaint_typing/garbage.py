"""Lets Python look less often for garbage in cycles while rows stream by: they leave none."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_AT_ONCE = 100_000
_lock = Lock()
_before: list[tuple[int, int, int]] = []
"""What was set before, once for each while that lasts."""


def collect_seldom() -> None:
    """Raise the number of new containers after which this process looks for cycles.

    Every row is a list; looking through them and all loaded modules takes a tenth of the time of scoring.
    """
    fewest, *older = gc.get_threshold()
    gc.set_threshold(max(fewest, _AT_ONCE) if fewest else 0, *older)


@contextmanager
def seldom_collected() -> Iterator[None]:
    """:func:`collect_seldom` for a while; the last of several at once, in threads, sets back what was before.

    >>> before = gc.get_threshold()
    >>> with seldom_collected():
    ...     gc.get_threshold()[0]
    100000
    >>> gc.get_threshold() == before
    True
    """
    with _lock:
        _before.append(_before[0] if _before else gc.get_threshold())
        collect_seldom()
    try:
        yield
    finally:
        with _lock:
            before = _before.pop()
            if not _before:
                gc.set_threshold(*before)
