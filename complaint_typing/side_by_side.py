"""Independent fits in several processes."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from typing import TypeVar

from joblib import Parallel, delayed

R = TypeVar("R")
_REPLACED = "A worker stopped while some jobs were given to the executor"


def side_by_side(work: Callable[..., R], tasks: Iterable[tuple[object, ...]], jobs: int | None) -> list[R]:
    """What `work` makes of each task's arguments, in their order.

    Where a worker has grown by much memory, joblib ends it after its task and begins another: that loses
    nothing, so nothing is said of it.

    Parameters
    ----------
    work : callable
        A function of a module.
    tasks : iterable of tuple
    jobs : int or None
        Processes, as in joblib.

    >>> side_by_side(divmod, [(7, 2), (9, 4)], jobs=1)
    [(3, 1), (2, 1)]
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", _REPLACED, UserWarning)
        return list(Parallel(n_jobs=jobs)(delayed(work)(*task) for task in tasks))
