"""One path for one ticket, a table and a file; advice says what it was made of."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from complaint_typing import Advisor, CustomerHistory, load
from complaint_typing.columns import SCORED_COLUMNS
from complaint_typing.errors import ArtifactError, BadValue, MissingColumns
from complaint_typing.resources import data_path
from complaint_typing.tickets import read_frame

TEXTS = [
    "扣了我三十块，查一下退给我",
    "The driver laughed at my mother. I want an apology from your manager.",
    "建議貴公司在門口加一張椅子，老人家等得辛苦",
    "what does the fee on line 3 mean?",
    "又是这样，这次送我点什么吧",
]


@pytest.fixture(scope="module")
def advisor() -> Advisor:
    return load()


@pytest.fixture(scope="module")
def example() -> pd.DataFrame:
    return read_frame(data_path("examples") / "zh_hotline.csv")


def test_table_keeps_rows_and_fills_what_is_always_filled(advisor: Advisor, example: pd.DataFrame) -> None:
    shuffled = example.sample(frac=1, random_state=3)
    scored = advisor.score(shuffled, proba=True)
    assert scored.index.tolist() == shuffled.index.tolist()
    for column in SCORED_COLUMNS:
        name = column.name if column.name in scored.columns else f"{column.name}_scored"
        assert column.may_be_empty or (scored[name].astype(str) != "").all(), name
    np.testing.assert_allclose(scored.filter(regex="^p_").sum(axis=1), 1, atol=1e-5)
    pd.testing.assert_frame_equal(scored.sort_index(), advisor.score(example, proba=True))


def test_single_equals_table(advisor: Advisor, example: pd.DataFrame) -> None:
    scored = advisor.score(example, proba=True)
    records = example.to_dict("records")
    for row, ticket in enumerate(records):
        past = [
            other
            for other in records
            if other["customer_id"] == ticket["customer_id"] and other is not ticket
        ]
        history = CustomerHistory(past) if ticket["customer_id"] else ()
        advice = advisor.advise(ticket, history)
        for name in ("customer_type", "top_type", "goodwill", "strategy_id", "next_step", "emotional_mode"):
            assert getattr(advice, name) == scored[name].iloc[row], (row, name)
        assert list(advice.probabilities.values()) == scored.filter(regex="^p_").iloc[row].tolist()
        assert "; ".join(advice.evidence) == scored["evidence"].iloc[row]


def test_advice_is_ready_for_json_and_for_reading(advisor: Advisor) -> None:
    for text in TEXTS:
        advice = advisor.advise(text=text)
        plain = json.loads(json.dumps(advice.to_dict(), ensure_ascii=False))
        assert {column.name for column in SCORED_COLUMNS} <= set(plain)
        assert abs(sum(plain["probabilities"].values()) - 1) < 1e-5
        for lang in ("zh", "en"):
            page = advice.render(lang)
            assert advisor.taxonomy.name(advice.customer_type, lang) in page
            assert all(step.text("do", lang) in page for step in advice.playbook.steps)


def test_texts_follow_the_ticket_or_the_wish(advisor: Advisor) -> None:
    assert advisor.advise(text=TEXTS[0]).language == "zh"
    assert advisor.advise(text=TEXTS[2]).language == "zh-Hant"
    assert advisor.advise(text=TEXTS[1]).language == "en"
    assert advisor.advise(text=TEXTS[0], lang="en").strategy.isascii()
    with pytest.raises(BadValue, match="use zh, zh-Hant or en"):
        advisor.advise(text=TEXTS[0], lang="fr")


def test_abuse_needs_a_documented_history(advisor: Advisor) -> None:
    claims = [
        {
            "ticket_id": str(i),
            "created_at": f"2026-0{i}-01",
            "resolved_at": f"2026-0{i}-03",
            "fault_found": "no",
            "compensation": 50,
        }
        for i in (1, 2, 3)
    ]
    ticket = {"text": TEXTS[4], "created_at": "2026-04-01"}
    alone, known = advisor.advise(ticket), advisor.advise(ticket, claims)
    assert alone.probabilities["repeat_abuser"] == 0
    assert alone.goodwill == "unknown"
    assert known.customer_type == "repeat_abuser"
    assert known.requires_human
    assert known.goodwill == "decline"
    assert known.facts["unproven_365d"] == 3
    justified = [{**claim, "fault_found": "yes"} for claim in claims]
    assert advisor.advise(ticket, justified).probabilities["repeat_abuser"] == 0


CLAIMS = [
    {"created_at": f"2026-0{i}-01", "resolved_at": f"2026-0{i}-03", "fault_found": "no", "compensation": 50}
    for i in (1, 2, 3)
]
PLAIN = [
    "路灯坏了，麻烦派人修一下",
    "How do I change my address?",
    "灯修好了，谢谢师傅",
    "my parcel has not arrived, please find it",
    "发票什么时候能开",
]


@pytest.mark.parametrize("text", PLAIN)
def test_a_plain_text_is_no_abuse_whatever_the_history(advisor: Advisor, text: str) -> None:
    advice = advisor.advise({"text": text, "created_at": "2026-04-01"}, CLAIMS)
    assert advice.facts["unproven_365d"] == 3
    assert advice.probabilities["repeat_abuser"] < 0.5
    assert "repeat_abuser" not in (advice.top_type, advice.customer_type)


def test_tickets_of_other_customers_are_not_this_ones_history(advisor: Advisor) -> None:
    others = [{**claim, "customer_id": "B"} for claim in CLAIMS]
    ticket = {"text": TEXTS[4], "created_at": "2026-04-01", "customer_id": "A"}
    assert advisor.advise(ticket, others).facts["tickets_365d"] == 0
    assert advisor.advise({**ticket, "customer_id": "B"}, others).facts["tickets_365d"] == 3


def test_findings_that_are_missing_speak_for_the_customer(advisor: Advisor) -> None:
    silent = [
        {"created_at": f"2026-02-0{i}", "resolved_at": f"2026-02-1{i}", "fault_found": ""}
        for i in range(1, 8)
    ]
    ticket = {"text": TEXTS[4], "created_at": "2026-04-01"}
    assert advisor.advise(ticket, CLAIMS + silent).probabilities["repeat_abuser"] == 0


def test_scoring_a_scored_table_replaces_its_own_columns(advisor: Advisor, example: pd.DataFrame) -> None:
    once = advisor.score(example, proba=True)
    pd.testing.assert_frame_equal(advisor.score(once, proba=True), once)
    mine = example.assign(customer_type="mine", customer_type_scored="too")
    assert set(advisor.score(mine)["customer_type_scored"]) == {"too"}


def test_what_came_after_the_ticket_means_nothing(advisor: Advisor) -> None:
    ticket = {"text": TEXTS[4], "created_at": "2026-04-01", "compensation": 80, "fault_found": "no"}
    later = [
        {"created_at": "2026-05-01", "resolved_at": "2026-05-02", "fault_found": "no", "compensation": 50}
    ] * 4
    before = [{"created_at": "2025-12-01", "resolved_at": "2025-12-02", "fault_found": "yes"}]
    assert advisor.advise(ticket, before + later).facts == advisor.advise(ticket, before).facts


def test_threads_share_an_advisor(advisor: Advisor) -> None:
    serial = [advisor.advise(text=text, created_at="2026-01-01").to_dict() for text in TEXTS]
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(
                lambda i: advisor.advise(text=TEXTS[i % 5], created_at="2026-01-01").to_dict(), range(200)
            )
        )
    assert all(answer == serial[i % 5] for i, answer in enumerate(answers))


def test_what_cannot_be_judged_is_refused(advisor: Advisor) -> None:
    with pytest.raises(BadValue, match="column text: not a text"):
        advisor.advise(text="")
    with pytest.raises(BadValue, match="column created_at: not a time, got 'soon'"):
        advisor.advise(text="hello", created_at="soon")
    with pytest.raises(MissingColumns, match="no column found for: text"):
        advisor.score(pd.DataFrame({"id": [1]}))
    with pytest.raises(BadValue, match="row 2, column text"):
        advisor.score(pd.DataFrame({"text": ["a", " "]}))
    with pytest.raises(ArtifactError, match=r"manifest\.json is missing"):
        load(data_path("examples"))


def test_a_table_without_rows_has_the_scored_columns_and_no_rows(advisor: Advisor) -> None:
    scored = advisor.score(pd.DataFrame({"text": []}))
    assert len(scored) == 0
    assert {column.name for column in SCORED_COLUMNS} <= set(scored.columns)


def test_what_is_no_ticket_or_no_history_is_told(advisor: Advisor) -> None:
    with pytest.raises(BadValue, match=r"ticket: not a mapping, got 'str'; write advise\(text="):
        advisor.advise("Where is my refund?")  # type: ignore[arg-type]
    for history in (None, "C-17", {"created_at": "2026-01-01"}):
        with pytest.raises(BadValue, match=r"history: not a list of tickets, .* give a list"):
            advisor.advise(text="Where is my refund?", history=history)  # type: ignore[arg-type]


def test_the_page_counts_one_day_and_ends_each_sentence_once(advisor: Advisor) -> None:
    past = [
        {"created_at": f"2026-0{month}-01", "resolved_at": f"2026-0{month}-03", "fault_found": "no"}
        for month in (1, 2, 3)
    ]
    advice = advisor.advise(text="Again? Nothing works.", created_at="2026-03-20", history=past)
    assert len(advice.goodwill_reasons) > 1
    for lang, doubled in (("en", ".;"), ("zh", "。;")):
        assert doubled not in advice.render(lang)
    assert "within a day" in replace(advice, follow_up_days=1).render("en")
    assert "within 2 days" in replace(advice, follow_up_days=2).render("en")


def test_confidence_stands_with_the_type_that_it_is_of(advisor):
    decided, open_ = (
        advisor.advise(text=TEXTS[0]),
        advisor.advise(text="The moon cheese zxqv dances on my quarks"),
    )
    assert decided.customer_type == decided.top_type != open_.top_type != open_.customer_type
    for advice in (decided, open_):
        told = next(line for line in advice.render("en").splitlines() if "(confidence" in line)
        assert advisor.taxonomy.name(advice.top_type, "en") in told
