"""Nobody is called a repeat abuser without a documented history of unproven claims."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaint_typing.advisor import Advisor, load
from complaint_typing.facts import FACTS
from complaint_typing.labels import read_labelled
from complaint_typing.resources import data_path
from complaint_typing.screening import abuse_gate
from complaint_typing.taxonomy import read_taxonomy

ABUSER = "repeat_abuser"
NAMES = (ABUSER, *(read_taxonomy().name(ABUSER, lang) for lang in ("zh", "en")))


@cache
def advisor() -> Advisor:
    return load()


@cache
def tickets() -> pd.DataFrame:
    return read_labelled([data_path("training")])


def abusers_in(scored: pd.DataFrame) -> list[str]:
    """Where the type is named, by column."""
    places = scored["p_" + ABUSER].to_numpy() != 0
    found = [f"p: {text}" for text in scored["text"][places]]
    for column in ("customer_type", "top_type", "secondary_type", "evidence"):
        named = scored[column].map(lambda cell: any(name in cell for name in NAMES))
        found += [f"{column}: {text}" for text in scored["text"][named]]
    return found


@pytest.mark.parametrize(
    "columns",
    [("text",), ("text", "customer_id", "created_at")],
    ids=["unknown past", "first contact"],
)
def test_no_ticket_of_the_corpus_is_abuse_without_its_history(columns: Any) -> None:
    alone = tickets()[list(columns)]
    if "customer_id" in columns:
        alone = alone.assign(customer_id=tickets()["ticket_id"])
    assert abusers_in(advisor().score(alone, proba=True)) == []


def facts() -> st.SearchStrategy[dict[str, np.ndarray[Any, Any]]]:
    """Pasts as they come, possible or not."""
    kinds = {
        "flag": st.booleans(),
        "count": st.integers(0, 6),
        "money": st.integers(0, 900),
        "days": st.one_of(st.just(np.nan), st.floats(0, 400)),
    }
    return st.fixed_dictionaries(
        {fact.name: st.lists(kinds[fact.kind], min_size=24, max_size=24).map(np.array) for fact in FACTS}
    )


@given(facts(), st.integers(0, 2**31))
def test_whatever_is_written_a_closed_gate_leaves_no_abuse(past: Any, seed: int) -> None:
    chosen = np.random.default_rng(seed).integers(0, len(tickets()), 24)
    model = advisor().model
    types = model.score(tickets()["text"].iloc[chosen].tolist(), past).types
    closed = ~abuse_gate(past)
    place = model.types.index(ABUSER)
    assert (types[closed, place] == 0).all()
    assert np.allclose(types.sum(axis=1), 1, atol=1e-5)


def test_the_gate_does_open_for_the_corpus_abusers() -> None:
    abusers = tickets()[tickets()["customer_type"] == ABUSER]
    history = {name: abusers["history_" + name].to_numpy() for name in (f.name for f in FACTS)}
    typed = advisor().model.score(abusers["text"].tolist(), history).types.argmax(axis=1)
    assert (typed == advisor().model.types.index(ABUSER)).mean() >= 0.75
