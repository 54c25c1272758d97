"""The figures about abuse: counted right, out of fold, and of the customers who must never be called so."""

from __future__ import annotations

import re

import numpy as np
import pytest

from complaint_typing.fitting import labelled
from complaint_typing.out_of_fold import OutOfFold
from complaint_typing.people_first import hard_negatives, people_first
from complaint_typing.resources import data_path
from complaint_typing.ticket_texts import facts_of

N, ABUSER = 400, "repeat_abuser"


@pytest.fixture(scope="module")
def made(model):
    """Tickets of ten collections; under an open gate the text tells abusers apart, but never collection 9."""
    rng = np.random.default_rng(3)
    group = np.arange(N) % 10
    is_open = rng.random(N) < 0.5
    abuser = is_open & (rng.random(N) < 0.6) & (group != 9)
    facts = dict(facts_of(["-"] * N)) | {
        "known": is_open,
        "tickets_365d": np.full(N, 4),
        "resolved_365d": np.full(N, 3),
        "unproven_365d": np.full(N, 3),
        "goodwill_365d": np.full(N, 2),
    }
    logits = rng.normal(0, 0.1, (N, len(model.bias))).astype(np.float32)
    logits[:, -1] = np.where(abuser | (group == 9), 4, -4) + rng.normal(0, 0.5, N)
    data = labelled(["-"] * N, facts, np.where(abuser, ABUSER, "venting"), groups=group)
    return OutOfFold(logits, np.ones(N, np.float32)), data, is_open, abuser


def test_they_are_counted_by_ticket(model, made, corpus):
    out_of_fold, data, is_open, abuser = made
    tickets = corpus.iloc[np.zeros(N, dtype=int)].assign(customer_id=[f"c{i % 10}" for i in range(N)])
    found = people_first(model, out_of_fold, data, tickets, never={"c9"})
    wrongly = is_open & (np.arange(N) % 10 == 9)
    assert found["labelled"] == abuser.sum()
    assert found["hard_negatives"]["tickets"] == N // 10
    assert found["hard_negatives"]["open_gate"] == wrongly.sum()
    assert found["hard_negatives"]["typed"] > 0
    assert found["closed_typed"] == 0
    right = found["typed"] - found["hard_negatives"]["typed"]
    assert found["precision"] == pytest.approx(right / found["typed"], abs=1e-3)
    assert found["recall"] == pytest.approx(right / abuser.sum(), abs=1e-3)


def test_without_customers_nobody_is_a_hard_negative(model, made, corpus):
    out_of_fold, data, *_ = made
    found = people_first(model, out_of_fold, data, corpus.iloc[np.zeros(N, dtype=int)])
    assert found["hard_negatives"] == {"tickets": 0, "open_gate": 0, "typed": 0}


def test_the_list_is_the_datasheets():
    page = (data_path("training") / "README.md").read_text(encoding="utf-8")
    table = page[page.index("| hard_negatives | customers |") :].split("\n\n")[0]
    rows = re.findall(r"^\| (G\d+) \| ([\d, ]+) \|$", table, re.M)
    listed = {f"{name}-{number}" for name, numbers in rows for number in numbers.split(", ")}
    assert len(listed) > 50
    assert hard_negatives() == listed
