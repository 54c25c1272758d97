"""Worker processes beside this one: answers in order, little held at a time, an end with their parent."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from typing import Any, TypeVar

from joblib.externals.loky import ProcessPoolExecutor

T = TypeVar("T")
R = TypeVar("R")

_TASKS_EACH = 3
_MOST_AHEAD = 16
_WATCH_SECONDS = 0.5


class Workers:
    """Worker processes, begun at once, so that they are ready by the time there is work; a context manager.

    Parameters
    ----------
    jobs : int
        Processes.
    begin : callable, optional
        Called once in every worker before its first task.
    arguments : tuple
        For `begin`.

    >>> with Workers(2) as workers:
    ...     list(workers.in_order(abs, [-1, 2, -3], abs))
    [1, 2, 3]
    """

    def __init__(self, jobs: int, begin: Callable[..., None] | None = None, arguments: tuple[Any, ...] = ()):
        self._most_asked = jobs * _TASKS_EACH
        self._pool = ProcessPoolExecutor(jobs, initializer=_prepare, initargs=(os.getpid(), begin, arguments))
        self._pool.submit(os.getpid)

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(wait=True, kill_workers=True)

    def in_order(self, work: Callable[[T], R], tasks: Iterable[T], here: Callable[[T], R]) -> Iterator[R]:
        """Results of tasks, in the order of the tasks.

        While every worker has three tasks, this process does the next one itself: it waits for no worker
        that still begins, and there is one worker fewer to begin.

        Parameters
        ----------
        work : callable
            A function of a module.
        tasks : iterable
            Taken one by one; the results of at most sixteen wait for an earlier one.
        here : callable
            Does in this process what `work` does in a worker.

        Raises
        ------
        Exception
            Whatever `work` raises; joblib's `TerminatedWorkerError` when a worker was killed.
        """
        waiting: deque[Future[R]] = deque()
        for task in tasks:
            if sum(not answer.done() for answer in waiting) < self._most_asked:
                waiting.append(self._pool.submit(work, task))
            else:
                waiting.append(_answered(here, task))
            while waiting and (waiting[0].done() or len(waiting) > _MOST_AHEAD + self._most_asked):
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _answered(work: Callable[[T], R], task: T) -> Future[R]:
    answer: Future[R] = Future()
    try:
        answer.set_result(work(task))
    except Exception as error:
        answer.set_exception(error)
    return answer


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
