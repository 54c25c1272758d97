"""Two files scored at once leave Python's collector as it was."""

from __future__ import annotations

import gc
from contextlib import ExitStack

from complaint_typing.garbage import seldom_collected


def test_the_last_of_several_at_once_sets_back_what_was_before() -> None:
    before = gc.get_threshold()
    with ExitStack() as first, ExitStack() as second:
        first.enter_context(seldom_collected())
        second.enter_context(seldom_collected())
        first.close()
        assert gc.get_threshold()[0] > before[0]
    assert gc.get_threshold() == before
