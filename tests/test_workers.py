"""Workers answer in order, pass errors on, and do not outlive a parent that was killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from complaint_typing.workers import Workers

ORPHANS = """
import os, time
from complaint_typing.workers import Workers

def pid_or_sleep(i):
    if i >= 2:
        time.sleep(600)
    time.sleep(0.2)
    return os.getpid()

with Workers(2) as workers:
    for pid in workers.in_order(pid_or_sleep, range(6), pid_or_sleep):
        print(pid, flush=True)
"""


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_answers_come_in_order_and_errors_too() -> None:
    with Workers(2) as workers:
        assert list(workers.in_order(abs, range(-5, 0), abs)) == [5, 4, 3, 2, 1]
        with pytest.raises(TypeError, match="bad operand"):
            list(workers.in_order(abs, [1, "a"], abs))  # type: ignore[arg-type, list-item]


def test_this_process_helps_and_its_errors_come_in_their_turn() -> None:
    with Workers(1) as workers:
        answers = list(workers.in_order(abs, range(-40, 0), lambda i: f"here {i}"))
        assert [a if isinstance(a, int) else -int(str(a)[5:]) for a in answers] == [*range(40, 0, -1)]
        assert {type(a) for a in answers} == {int, str}
        told = workers.in_order(abs, range(1, 40), lambda i: 1 // 0)
        assert next(told) == 1
        with pytest.raises(ZeroDivisionError):
            list(told)


def test_workers_end_with_a_parent_that_was_killed() -> None:
    parent = subprocess.Popen([sys.executable, "-c", ORPHANS], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    workers = {int(parent.stdout.readline()) for _ in range(2)}
    assert any(map(alive, workers))
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    deadline = time.monotonic() + 30
    while any(map(alive, workers)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not any(map(alive, workers))
