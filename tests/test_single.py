"""One ticket, a table and a file give the same answer, bit for bit, by different paths."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaint_typing import Advice, Advisor, CustomerHistory, kernel, load, read_scored, score_csv
from complaint_typing.classifier import facts_of
from complaint_typing.columns import SCORED_COLUMNS
from complaint_typing.customer_history import CustomerHistory as History
from complaint_typing.decision import Thresholds, decide, decide_one
from complaint_typing.fast import use_kernel
from complaint_typing.folding import fold_texts
from complaint_typing.folding_one import fold_one
from complaint_typing.languages import language_of_one, ticket_languages
from complaint_typing.model import Model
from complaint_typing.one_text import calibrate_one, read_one
from complaint_typing.resources import data_path
from complaint_typing.screening import abuse_gate, gate_open, screen, screen_one
from complaint_typing.text_limit import judged_part
from complaint_typing.ticket_table import tickets_from_columns
from complaint_typing.tickets import read_frame

NAMES = [column.name for column in SCORED_COLUMNS]
PARTS = st.sampled_from(
    [
        "退款",
        "please ",
        "。",
        "!",
        ". ",
        " ",
        "\n",
        "é",
        "7",
        "😀",
        "\u200b",
        "\ud800",
        "@ab ",
        "再送我一个月",
        "…",
        "x;",
    ]
)
BEYOND = [
    "  ",
    "//",
    "https://a.example/律师",
    "www.a",
    "12345",
    "\0",
    "\U000e0001",
    "\U0003ffff",
    "ＷＷＷ．ａ",
]
HOSTILE = [
    "😀" * 200,
    "\U0010ffff 退款\U000e0041！",
    "\0",
    "\0\0我要赔偿\0",
    "\ud800",
    "退款\udfff\ud800. 律师",
    "-",
    "。",
    "3" * 100,
    "a" * 100_000,
    "退款" * 50_000,
    "My lawyer. " * 10_000,
    "@" * 50,
    "www.lawyer.example/起诉 and nothing else",
    "http://sue.you?lawyer 投诉到12315。曝光你们！",
    "call 138-0013-8000 or mail lawyer@example.com; I will sue you",
]


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    use_kernel(None)


@pytest.fixture(scope="module")
def advisor() -> Advisor:
    return load()


@pytest.fixture(scope="module")
def tickets() -> pd.DataFrame:
    """Whole customers of the corpus: those with a past, and those without."""
    files = sorted(data_path("training").glob("G*.csv"))[::6]
    frame = pd.concat([read_frame(file).drop(columns="customer_type") for file in files], ignore_index=True)
    frame = frame.fillna("")
    times = frame.groupby("customer_id")["created_at"].transform("size")
    chosen = pd.concat([frame[times > 1].iloc[:200], frame[times == 1].iloc[:150]])
    return chosen.reset_index(drop=True)


def as_cells(advice: Advice) -> dict[str, Any]:
    """The advice as the scored columns hold it."""
    cells = {name: getattr(advice, name) for name in NAMES}
    joined = {"risk_signals": ";", "evidence": "; ", "policy_rule": ";"}
    cells |= {name: mark.join(cells[name]) for name, mark in joined.items()}
    days = "" if advice.follow_up_days is None else advice.follow_up_days
    return cells | {"follow_up_days": days, "requires_human": int(advice.requires_human)}


def advised(advisor: Advisor, tickets: pd.DataFrame) -> list[Advice]:
    records = tickets.to_dict("records")
    mine = {name: group.to_dict("records") for name, group in tickets.groupby("customer_id")}
    known = bool(set(tickets.columns) & {"resolved_at", "fault_found", "compensation", "reopened"})
    assert known
    return [advisor.advise(ticket, CustomerHistory(mine[ticket["customer_id"]])) for ticket in records]


def test_single_equals_table_and_file(advisor: Advisor, tickets: pd.DataFrame, tmp_path: Path) -> None:
    tickets = tickets[tickets["customer_id"] != ""]
    assert len(tickets) > 250
    answers = advised(advisor, tickets)
    scored = advisor.score(tickets, proba=True)
    assert sum(advice.goodwill != "clear" for advice in answers) > 10
    for row, advice in enumerate(answers):
        assert as_cells(advice) == {name: scored[own(scored, name)].iloc[row] for name in NAMES}, row
    exact = scored.filter(regex="^p_").to_numpy()
    assert np.array([list(advice.probabilities.values()) for advice in answers]).tolist() == exact.tolist()
    tickets.to_csv(tmp_path / "tickets.csv", index=False)
    score_csv(tmp_path / "tickets.csv", tmp_path / "scored.csv", proba=True)
    read = read_scored(tmp_path / "scored.csv")
    for name in NAMES:
        written = [as_cells(advice)[name] for advice in answers]
        told = read[own(read, name)].astype(object)
        assert told.where(told.notna(), "").tolist() == written, name
    np.testing.assert_allclose(read.filter(regex="^p_").to_numpy(), exact, atol=1e-6)


def test_the_kernel_changes_no_answer_to_a_shipped_or_hostile_ticket(advisor: Advisor) -> None:
    """One with the kernel, one without, and a table: equal to the last bit."""
    exports = [read_frame(file) for file in sorted(data_path("examples").glob("*.csv"))]
    texts = [text for frame in exports for text in frame["text"].fillna("") if text.strip()] + HOSTILE
    assert len(texts) > 100
    judged = [judged_part(text) for text in texts]
    tickets = tickets_from_columns({"text": judged, "created_at": ["2026-05-01"] * len(texts)})[0]
    said = {}
    for choice in (False, True):
        use_kernel(choice)
        block = advisor.score_tickets(tickets, facts_of(judged))
        said[choice] = [advisor.advise(text=text, created_at="2026-05-01") for text in texts]
        columns = {name: block.columns[name] for name in NAMES}
        rows = [dict(zip(NAMES, row, strict=True)) for row in zip(*columns.values(), strict=True)]
        assert [as_cells(advice) for advice in said[choice]] == rows
        exact = [list(advice.probabilities.values()) for advice in said[choice]]
        assert exact == block.probabilities.tolist()
    assert said[False] == said[True]


def own(frame: pd.DataFrame, name: str) -> str:
    return f"{name}_scored" if f"{name}_scored" in frame.columns else name


@given(
    st.lists(PARTS, max_size=14).map("".join),
    st.sampled_from([-np.inf, -1.5, 0.0, 2.25]).map(np.float32),
    st.booleans(),
    st.sampled_from([None, kernel]),
)
def test_one_text_is_weighed_as_in_a_block(
    model: Model, text: str, gate: np.float32, learned: bool, by: ModuleType | None
) -> None:
    model = replace(model, gate_weights=(0.5,) if learned else ())
    block = fold_texts(["before. ", text, "退款。"])
    facts = {name: np.repeat(value, 3) for name, value in PAST.facts(PAST.seconds("2026-04-01")).items()}
    sums = model.sums(block)
    weighed = model.weigh_sums(sums, facts)
    scores = model.calibrated(weighed.logits, sums.known_share, np.full(3, gate))
    read = read_one(model, fold_one(text), weighed.past[1], by)
    assert read.known_share == sums.known_share[1]
    assert read.factors.tolist() == [factor[1] for factor in weighed.factors]
    assert read.logits.tolist() == weighed.logits[1].tolist()
    for part, whole in zip(calibrate_one(model, read.logits, read.known_share, gate), scores, strict=True):
        assert part.tolist() == whole[1].tolist()


@given(st.lists(PARTS | st.sampled_from(BEYOND), max_size=14).map("".join))
def test_one_text_is_folded_as_in_a_block(text: str) -> None:
    block = fold_texts([text])
    for one in (fold_one(text), fold_one(text, kernel)):
        for name in ("padded", "bounds", "marks", "places"):
            assert getattr(one, name).tolist() == getattr(block, name).tolist(), name
        assert [language_of_one(text, one, "")] == ticket_languages([text], block, [""])


PAST = History(
    {"created_at": f"2026-0{i}-01", "resolved_at": f"2026-0{i}-03", "fault_found": "no", "compensation": 50}
    for i in (1, 2, 3)
)


@given(
    st.lists(st.integers(0, 10), min_size=3, max_size=3).filter(any),
    st.sampled_from([0.0, 0.3, 0.5, 0.8]),
    st.sampled_from([np.float32, np.float64]),
)
def test_one_decision_is_as_in_a_table(parts: list[int], strangeness: float, dtype: type) -> None:
    shares = (np.array(parts) / sum(parts)).astype(dtype)
    at = Thresholds(decide=0.5, sure=0.7, unfamiliar=0.5)
    whole = decide(shares[None], np.array([strangeness], dtype=dtype), at)
    one = decide_one(shares, dtype(strangeness), at)
    assert list(one) == [part[0] for part in whole]


COUNTS = st.integers(0, 4)


@given(
    st.fixed_dictionaries(
        {name: st.booleans() for name in ("known", "has_outcomes")}
        | dict.fromkeys(("tickets_365d", "resolved_365d", "justified_365d", "unproven_365d"), COUNTS)
        | dict.fromkeys(("goodwill_365d", "visits_after_goodwill_365d"), COUNTS)
        | {"days_since_goodwill": st.sampled_from([float("nan"), 0.0, 30.0, 30.5, 90.0, 91.0])}
    )
)
def test_one_customer_is_screened_as_in_a_table(facts: dict[str, Any]) -> None:
    table = {name: np.array([value]) for name, value in facts.items()}
    assert screen_one(facts) == screen(table)[0]
    assert bool(gate_open(facts)) == abuse_gate(table)[0]
