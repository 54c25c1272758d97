"""A fork waits until no other thread of its process is connected to SQLite.

SQLite keeps one table of locks for each process. A child that is forked off inside a transaction inherits
the table and not the locks, and takes the database for locked by itself; connections must not be carried over
at all (https://www.sqlite.org/howtocorrupt.html, section 2.6).
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator


class ForkGate:
    """Forks and connections of one process keep out of each other's way."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._inside: dict[object, int] = {}
        self._forks = 0

    @contextlib.contextmanager
    def connected(self) -> Iterator[None]:
        """While it lasts no other thread forks; a fork that waits goes first."""
        changed, visit, me = self._changed, object(), threading.get_ident()
        with changed:
            while self._forks and me not in self._inside.values():
                changed.wait()
            self._inside[visit] = me
        try:
            yield
        finally:
            with changed:
                self._inside.pop(visit, None)
                changed.notify_all()

    def before_fork(self) -> None:
        """Wait until no other thread is connected, and let none begin."""
        self._changed.acquire()
        self._forks += 1
        while any(thread != threading.get_ident() for thread in self._inside.values()):
            self._changed.wait()

    def after_fork_in_parent(self) -> None:
        """Whoever waited for the fork goes on."""
        self._forks -= 1
        self._changed.notify_all()
        self._changed.release()

    def after_fork_in_child(self) -> None:
        """The threads that were inside or waited are not here."""
        self._changed, self._inside, self._forks = threading.Condition(), {}, 0


GATE = ForkGate()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=GATE.before_fork,
        after_in_parent=GATE.after_fork_in_parent,
        after_in_child=GATE.after_fork_in_child,
    )
