"""Whether texts are scored by the compiled kernel: the extra ``fast``, the same answers, sooner.

Where numba is installed, the kernel is loaded once a process has scored some thousands of texts in blocks,
or at once where many are sure to come, and compiled on its first use on a machine (some seconds, kept in
numba's cache). The environment variable
``COMPLAINT_TYPING_FAST`` set to 0 turns it off, set to 1 loads it at once. Answers are the same bit for bit.
"""

from __future__ import annotations

import os
from functools import cache
from types import ModuleType

from .errors import MissingExtra

VARIABLE = "COMPLAINT_TYPING_FAST"
WARM_UP = 10_000
_scored = [0]
_chosen: list[bool | None] = [None]


def use_kernel(choice: bool | None) -> None:
    """Turn the compiled kernel on or off in this process; None leaves it to the environment variable.

    Raises
    ------
    MissingExtra
        When it is turned on and numba is not installed.

    >>> use_kernel(False)
    >>> kernel_for(100_000) is None
    True
    >>> use_kernel(None)
    """
    if choice and _kernel() is None:
        raise MissingExtra("fast", "numba")
    _chosen[0] = choice


def chosen() -> bool | None:
    """What :func:`use_kernel` was told last."""
    return _chosen[0]


def expect(n_texts: int) -> None:
    """Say that so many texts will be scored in this process: where it pays, the kernel is loaded at once."""
    if n_texts > 2 * WARM_UP:
        _scored[0] = max(_scored[0], WARM_UP + 1)


def kernel_for(n_texts: int) -> ModuleType | None:
    """The kernel, where it is to score the next block of texts; else None."""
    choice = _chosen[0]
    if choice is None:
        said = os.environ.get(VARIABLE, "")
        choice = None if said == "" else said != "0"
    if choice is None:
        _scored[0] += n_texts
        choice = _scored[0] > WARM_UP
    return _kernel() if choice else None


@cache
def _kernel() -> ModuleType | None:
    """The kernel; None where numba is not installed."""
    try:
        from . import kernel
    except ImportError:
        return None
    return kernel
