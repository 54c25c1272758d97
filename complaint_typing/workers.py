"""Worker processes that answer in order, hold little at a time, and end when their parent ends."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from joblib.externals.loky import ProcessPoolExecutor

T = TypeVar("T")
R = TypeVar("R")

_TASKS_EACH = 2
_WATCH_SECONDS = 0.5


def in_order(
    work: Callable[[T], R],
    tasks: Iterable[T],
    jobs: int,
    begin: Callable[..., None] | None = None,
    arguments: tuple[Any, ...] = (),
) -> Iterator[R]:
    """Results of tasks, in the order of the tasks.

    Parameters
    ----------
    work : callable
        A function of a module.
    tasks : iterable
        Taken one by one, at most two ahead for each worker.
    jobs : int
        Processes.
    begin : callable, optional
        Called once in every worker before its first task.
    arguments : tuple
        For `begin`.

    Raises
    ------
    Exception
        Whatever `work` raises; joblib's `TerminatedWorkerError` when a worker was killed.

    >>> list(in_order(abs, [-1, 2, -3], jobs=2))
    [1, 2, 3]
    """
    pool = ProcessPoolExecutor(jobs, initializer=_prepare, initargs=(os.getpid(), begin, arguments))
    waiting: deque[Any] = deque()
    try:
        for task in tasks:
            waiting.append(pool.submit(work, task))
            if len(waiting) >= jobs * _TASKS_EACH:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(wait=True, kill_workers=True)


def _prepare(parent: int, begin: Callable[..., None] | None, arguments: tuple[Any, ...]) -> None:
    """What a worker does first: leave signals to the parent, and watch whether that is still there."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()
    if begin is not None:
        begin(*arguments)


def _watch(parent: int) -> None:
    """End this process soon after its parent, even one that was killed and could tell nobody."""
    while os.getppid() == parent:
        time.sleep(_WATCH_SECONDS)
    os._exit(1)
