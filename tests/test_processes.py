"""Advisors work in forked and in spawned processes, and answer there as they do here."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import pytest
from hot_swap import tickets_of_the_load

from complaint_typing import Advisor, load

TICKETS = tickets_of_the_load(60)
ADVISORS: list[Advisor] = []


def answers(numbers: range) -> list[dict[str, Any]]:
    """Answers of this process's own advisor: inherited where it was forked, else loaded once."""
    if not ADVISORS:
        ADVISORS.append(load())
    return [ADVISORS[0].advise(TICKETS[i]).to_dict() for i in numbers]


@pytest.fixture(scope="module")
def serial() -> list[dict[str, Any]]:
    return answers(range(60))


@pytest.mark.parametrize("kind", ["fork", "spawn"])
def test_a_pool_answers_as_one_process_does(kind, serial):
    with ProcessPoolExecutor(2, mp_context=get_context(kind)) as pool:
        parts = list(pool.map(answers, (range(0, 20), range(20, 40), range(40, 60))))
    assert [answer for part in parts for answer in part] == serial


def test_a_child_forked_while_other_threads_answer_does_not_hang(serial):
    stop = threading.Event()

    def busy() -> None:
        while not stop.is_set():
            answers(range(5))

    threads = [threading.Thread(target=busy) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        with ProcessPoolExecutor(2, mp_context=get_context("fork")) as pool:
            assert list(pool.map(answers, [range(10)] * 4, timeout=60)) == [serial[:10]] * 4
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def test_an_advisor_can_be_sent_to_a_spawned_process(serial):
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        assert pool.submit(_answer_of, ADVISORS[0].advise, TICKETS[0]).result(timeout=60) == serial[0]


def _answer_of(advise: Callable[..., Any], ticket: dict[str, Any]) -> dict[str, Any]:
    return dict(advise(ticket).to_dict())
