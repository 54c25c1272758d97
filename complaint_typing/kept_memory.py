"""Memory that one block of texts frees is kept for the next one."""

from __future__ import annotations

from functools import cache

import numpy as np

_LARGEST = 31 << 20


@cache
def keep_freed_memory() -> None:
    """Let glibc keep up to 64 MB that was freed, once in a process; with other allocators nothing changes.

    It gives large pieces back to the system at once, and fresh pages for every block took a third of the time
    of a score. What it keeps follows from the largest piece that was ever freed, of at most 32 MB: see
    "M_MMAP_THRESHOLD" in mallopt(3).

    >>> keep_freed_memory()
    """
    np.empty(_LARGEST, dtype=np.uint8)
