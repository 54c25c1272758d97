"""The example services of the documents answer as they say, and keep answering when something goes wrong."""

from __future__ import annotations

import json
import os
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from complaint_typing import Advice, advice_schema, load
from complaint_typing.artifact import load_model
from complaint_typing.columns import TICKET_COLUMNS
from complaint_typing.resources import data_path

EXAMPLES = Path(__file__).parent.parent / "docs" / "examples"
sys.path.insert(0, str(EXAMPLES))

import fastapi_service  # noqa: E402
import plain_function  # noqa: E402
import queue_worker  # noqa: E402
from fastapi.testclient import TestClient  # noqa: E402

TEXT = "The clerk laughed at me in front of everyone. I want your manager to apologise."
SHIPPED = load_model(data_path("model")).version
PAST = {
    "created_at": "2026-03-01",
    "text": "card declined",
    "resolved_at": "2026-03-02",
    "fault_found": "yes",
}


@pytest.fixture
def client(tmp_path: Path, saved: Path) -> Iterator[TestClient]:
    shutil.copytree(saved, tmp_path / "next")
    (tmp_path / "broken").mkdir()
    with TestClient(fastapi_service.create_app(tmp_path, "secret")) as client:
        yield client


def test_the_function_says_who_takes_a_ticket_and_why():
    route = plain_function.route({"text": TEXT}, [PAST])
    advice = load().advise({"text": TEXT}, [PAST])
    assert (route.next_step, route.due_in_days, route.why) == (
        advice.next_step,
        advice.follow_up_days,
        advice.evidence,
    )
    assert plain_function.route({"text": "what does this fee mean?"}).queue == "agents"


def test_the_service_answers_as_the_library_does(client):
    ticket = {"text": TEXT, "created_at": "2026-05-04 10:30"}
    answer = client.post("/advise", json={"ticket": ticket, "history": [PAST], "lang": "en"})
    assert answer.status_code == 200
    assert answer.json() == load().advise(ticket, [PAST], lang="en").to_dict()
    jsonschema.validate(answer.json(), advice_schema())


@pytest.mark.parametrize(
    "more",
    [
        {"satisfaction": 5, "ticket_id": 7, "compensation": 20.5, "category": None, "agent_reply": True},
        {"language": "zh-Hans", "customer_id": 7, "channel": "", "branch": "north"},
    ],
)
def test_the_service_hands_on_all_fields_of_the_contract_as_they_come(client, more):
    past = [
        PAST | more | {"category": "tv", "reopened": "1", "created_at": day} for day in (1767225600, 1.8e9)
    ]
    ticket = {"text": TEXT, "category": "tv", "created_at": "2026-05-04"} | more
    answer = client.post("/advise", json={"ticket": ticket, "history": past})
    assert answer.status_code == 200
    assert answer.json() == load().advise(ticket, past).to_dict()
    assert set(fastapi_service.Ticket.model_fields) == {column.name for column in TICKET_COLUMNS}


def ask(client: TestClient, question: object) -> Any:
    """Post JSON as JavaScript writes it, which may hold half a character."""
    return client.post("/advise", content=json.dumps(question), headers={"Content-Type": "application/json"})


def test_the_service_answers_on_half_an_emoji(client):
    ticket = {"text": "I want a voucher \ud83d now or I tell the media \ud800", "created_at": "2026-05-04"}
    answer = ask(client, {"ticket": ticket})
    assert answer.status_code == 200
    assert answer.json() == load().advise(ticket).to_dict()


def test_the_service_without_a_history_knows_no_past(client):
    answer = client.post("/advise", json={"ticket": {"text": TEXT}}).json()
    assert answer["facts"]["known"] is False
    assert answer["goodwill"] == "unknown"


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ({"ticket": {"text": "  "}}, "not a text"),
        ({"ticket": {"text": TEXT, "created_at": "yesterday"}}, "created_at"),
        ({"ticket": {"text": TEXT}, "lang": "fr"}, "lang"),
        ({"ticket": {"text": ["a", "b"]}}, "text"),
        ({"ticket": {"text": TEXT, "created_at": "\ud800"}}, "created_at"),
        ({"ticket": ["\ud83d"], "history": [{"text": float("nan")}, [float("nan")]]}, "history"),
        ({"ticket": {}}, "text"),
        ({}, "ticket"),
    ],
)
def test_the_service_says_what_is_wrong_with_a_question_as_documented(client, question, said):
    answer = ask(client, question)
    assert answer.status_code == 422
    assert said in json.dumps(answer.json())
    described = client.get("/openapi.json").json()
    content = described["paths"]["/advise"]["post"]["responses"]["422"]["content"]
    jsonschema.validate(answer.json(), described | content["application/json"]["schema"])


def test_the_page_of_endpoints_shows_the_schema_that_ships(client):
    assert client.get("/docs").status_code == 200
    paths = client.get("/openapi.json").json()["paths"]
    content = paths["/advise"]["post"]["responses"]["200"]["content"]
    assert content["application/json"]["schema"]["properties"] == advice_schema()["properties"]
    assert set(paths) == {"/advise", "/health", "/ready", "/models/{name}"}


def test_the_service_is_alive_and_ready(client):
    assert client.get("/health").json() == {"status": "alive"}
    assert client.get("/ready").json()["model_version"] == SHIPPED


def test_a_service_without_a_usable_model_is_alive_not_ready_and_can_be_mended(tmp_path, saved):
    shutil.copytree(saved, tmp_path / "good")
    client = TestClient(fastapi_service.create_app(tmp_path, "secret", tmp_path / "none"))
    assert client.get("/health").status_code == 200
    assert client.get("/ready").status_code == 503
    assert client.post("/advise", json={"ticket": {"text": TEXT}}).status_code == 503
    assert client.post("/models/good", headers={"Authorization": "Bearer secret"}).status_code == 200
    assert client.get("/ready").status_code == 200


def test_a_swap_changes_the_model_of_later_answers(client, saved):
    answer = client.post("/models/next", headers={"Authorization": "Bearer secret"})
    assert answer.status_code == 200
    assert answer.json()["model_version"] == load_model(saved).version != SHIPPED
    given = client.post("/advise", json={"ticket": {"text": TEXT}}).json()
    assert given["model_version"] == load_model(saved).version


@pytest.mark.parametrize(
    ("name", "authorization", "status"),
    [
        ("next", "", 403),
        ("next", "Bearer wrong", 403),
        ("next", "Bearer secrét", 403),
        ("nowhere", "Bearer secret", 409),
        ("broken", "Bearer secret", 409),
        ("..", "Bearer secret", 404),
        ("..%2F..%2Fetc", "Bearer secret", 404),
        (".hidden", "Bearer secret", 404),
        ("a" * 300, "Bearer secret", 404),
        ("%ED%A0%80", "Bearer secret", 404),
    ],
)
def test_a_swap_that_must_not_be_leaves_everything_as_it_was(client, name, authorization, status):
    headers = {"Authorization": authorization.encode()}
    assert client.post(f"/models/{name}", headers=headers).status_code == status
    assert client.get("/ready").json()["model_version"] == SHIPPED


def test_nobody_swaps_where_no_token_was_set(tmp_path, saved, monkeypatch):
    monkeypatch.delenv("COMPLAINT_TYPING_TOKEN", raising=False)
    shutil.copytree(saved, tmp_path / "next")
    client = TestClient(fastapi_service.create_app(tmp_path))
    for authorization in ("", "Bearer ", "Bearer None"):
        assert client.post("/models/next", headers={"Authorization": authorization}).status_code == 403


def test_answers_go_on_while_the_model_is_swapped(client, saved):
    versions, stop = set(), threading.Event()

    def swap() -> None:
        while not stop.is_set():
            client.post("/models/next", headers={"Authorization": "Bearer secret"})

    swapping = threading.Thread(target=swap)
    swapping.start()
    try:
        for _ in range(30):
            answer = client.post("/advise", json={"ticket": {"text": TEXT}})
            assert answer.status_code == 200
            versions.add(answer.json()["model_version"])
    finally:
        stop.set()
        swapping.join()
    assert versions <= {SHIPPED, load_model(saved).version}


def tickets(n: int) -> list[dict[str, str]]:
    texts = ("where is my refund", TEXT, "我就想弄明白这一项是什么意思", "建议你们在门口贴个通知")
    return [{"ticket_id": f"T{i}", "text": texts[i % 4], "created_at": "2026-05-04"} for i in range(n)]


def answers(path: Path) -> dict[str, tuple[str | None, str]]:
    with queue_worker.opened(path) as queue:
        rows = queue.execute("SELECT ticket_id, advice, fault FROM answers").fetchall()
    return {ticket_id: (advice, fault) for ticket_id, advice, fault in rows}


def test_a_killed_worker_loses_nothing_and_every_ticket_has_one_answer(tmp_path):
    path, given = tmp_path / "queue.sqlite", tickets(400)
    with queue_worker.opened(path) as queue:
        queue_worker.put(queue, [*given, {"ticket_id": "empty", "text": " "}])
        queue_worker.put(queue, [given[0] | {"text": "another text under a known id"}])
        victim = get_context("spawn").Process(target=queue_worker.work, args=(path, 50, 1.0))
        victim.start()
        while not queue.execute("SELECT count(*) FROM answers").fetchone()[0]:
            time.sleep(0.005)
        victim.kill()
        victim.join()
        assert 0 < queue_worker.waiting(queue) < 401
    queue_worker.run(path, workers=2, lease_seconds=1.0)
    found, advisor = answers(path), load()
    assert len(found) == 401
    assert found["empty"] == (None, "column text: not a text, got ' '; give the words of the ticket")
    expected = [json.dumps(advisor.advise(ticket).to_dict(), ensure_ascii=False) for ticket in given[:4]]
    assert [found[ticket["ticket_id"]] for ticket in given] == [(expected[i % 4], "") for i in range(400)]


def test_a_second_answer_changes_nothing_and_a_lease_is_for_one_worker(tmp_path):
    with queue_worker.opened(tmp_path / "q") as queue, closing(queue):
        queue_worker.put(queue, tickets(3))
        first = queue_worker.lease(queue, 2, 60)
        assert [ticket_id for ticket_id, _ in [*first, *queue_worker.lease(queue, 9, 60)]] == [
            "T0",
            "T1",
            "T2",
        ]
        assert queue_worker.lease(queue, 9, 60) == []
        queue_worker.answer(queue, load(), *first[0])
        before = queue.execute("SELECT * FROM answers").fetchall()
        queue_worker.answer(queue, load(), first[0][0], json.dumps({"text": "something else"}))
        assert queue.execute("SELECT * FROM answers").fetchall() == before


def test_a_ticket_that_takes_every_worker_down_is_given_up(tmp_path):
    with queue_worker.opened(tmp_path / "q") as queue:
        queue_worker.put(queue, tickets(1))
        for _ in range(queue_worker.MOST_TRIES):
            assert len(queue_worker.lease(queue, 1, -1)) == 1
        assert queue_worker.lease(queue, 1, -1) == []
        queue_worker.give_up(queue)
        assert queue_worker.waiting(queue) == 0
    assert answers(tmp_path / "q")["T0"] == (None, "no worker came back with an answer in 5 tries")


class Moody:
    """An advisor that fails on some texts: by an error, by taking its process down, or at first."""

    def __init__(self, once: Path) -> None:
        self.advisor, self.once = load(), once

    def advise(self, ticket: dict[str, str]) -> Advice:
        if ticket["text"] == "error":
            raise KeyError("what the customer wrote")
        if ticket["text"] == "death":
            os._exit(9)
        if ticket["text"] == "once" and not self.once.exists():
            self.once.touch()
            raise OSError
        return self.advisor.advise(ticket)


@pytest.fixture
def forked(monkeypatch):
    """Workers that have what the test puts into the module."""
    monkeypatch.setattr(queue_worker, "get_context", lambda _: get_context("fork"))
    return monkeypatch


def test_dead_workers_are_replaced_and_what_fails_five_times_is_set_aside_alone(tmp_path, forked):
    forked.setattr(queue_worker.ct, "load", lambda: Moody(tmp_path / "once"))
    path, texts = tmp_path / "queue.sqlite", ["death", "error", "once", "one \ud83d", *["refund"] * 14]
    with queue_worker.opened(path) as queue:
        given = [{"ticket_id": f"{i}", "text": text} for i, text in enumerate(texts)]
        queue_worker.put(queue, given)
    queue_worker.run(path, workers=2, lease_seconds=0.2)
    found = answers(path)
    assert len(found) == len(given)
    assert found.pop("0") == (None, "no worker came back with an answer in 5 tries")
    assert found.pop("1") == (None, "no worker came back with an answer in 5 tries: KeyError")
    assert all(advice and not fault for advice, fault in found.values())


def test_workers_that_cannot_begin_end_the_run_with_an_error(tmp_path, forked):
    forked.setattr(queue_worker.ct, "load", lambda: os._exit(9))
    with queue_worker.opened(tmp_path / "q") as queue:
        queue_worker.put(queue, tickets(3))
        with pytest.raises(RuntimeError, match="workers died before they took a ticket"):
            queue_worker.run(tmp_path / "q")
        assert queue_worker.waiting(queue) == 3
        queue_worker.run(tmp_path / "empty")
