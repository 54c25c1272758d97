"""Explanations leave nothing over: spans cover the text, and all weights add up to the logit."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaint_typing import Advisor, load
from complaint_typing.errors import BadValue
from complaint_typing.explanation import Explanation
from complaint_typing.folding import fold_texts
from complaint_typing.labels import read_labelled
from complaint_typing.resources import data_path
from complaint_typing.text_limit import judged_part

CLAIMS = [
    {"created_at": f"2026-0{i}-01", "resolved_at": f"2026-0{i}-03", "fault_found": "no", "compensation": 50}
    for i in (1, 2, 3)
]
AT = "2026-04-01"
PRIVATE = "手机13800138000，邮箱chen@example.com，card 4111 1111 1111 1111"
WORDS = [
    "退款",
    "退款退款",
    "please ",
    "voucher",
    "。",
    "!",
    " ",
    "\n\n",
    "é",
    "7",
    "😀",
    "\u200b",
    "\ud800",
    "@ab ",
]
LONGER = ["http://a.example/x?y=1", "12345678901", "我要投诉你们经理。", PRIVATE]
PARTS = st.sampled_from([*WORDS, *LONGER])
TEXTS = st.lists(PARTS, min_size=1, max_size=12).map("".join).filter(lambda text: text.strip())


@pytest.fixture(scope="module")
def advisor() -> Advisor:
    return load()


def checked(advisor: Advisor, explained: Explanation, text: str, history: object = ()) -> None:
    """The promises of one explanation."""
    edges = [(span.start, span.end) for span in explained.spans]
    assert [0, *(end for _, end in edges)] == [*(start for start, _ in edges), len(text)]
    parts = [explained.bias, *(part.weight for part in (*explained.spans, *explained.facts))]
    assert math.fsum(parts) == explained.logit
    facts = advisor.advise(text=text, created_at=AT, history=history).facts
    asked = {name: np.array([np.nan if value is None else value]) for name, value in facts.items()}
    logits = advisor.model.weigh_sums(advisor.model.sums(fold_texts([judged_part(text)])), asked).logits
    assert explained.logit == pytest.approx(logits[0, advisor.model.types.index(explained.type)], abs=2e-5)


def test_parts_add_up_on_the_corpus(advisor: Advisor) -> None:
    texts = read_labelled([data_path("training")])["text"].tolist()[::44]
    assert len(texts) > 250
    for i, text in enumerate(texts):
        explained = advisor.explain(text=text, created_at=AT, type=advisor.model.types[i % 9])
        checked(advisor, explained, text)


@given(TEXTS, st.integers(0, 8))
def test_parts_add_up_on_any_text(advisor: Advisor, text: str, place: int) -> None:
    kind = advisor.model.types[place]
    explained = advisor.explain({"text": text, "created_at": AT}, CLAIMS, kind)
    checked(advisor, explained, text, CLAIMS)
    assert "".join(text[s.start : s.end] for s in explained.spans) == text


@given(TEXTS.filter(lambda text: PRIVATE not in text))
def test_personal_data_is_never_shown(advisor: Advisor, text: str) -> None:
    shown = json.dumps(advisor.explain(text=f"{text}。{PRIVATE}。").to_dict(), ensure_ascii=False)
    assert not re.search(r"13800138000|chen@|4111 ?1111", shown)


def test_an_ngram_that_recurs_counts_once(advisor: Advisor) -> None:
    once, often = (advisor.explain(text=t, type="venting").logit for t in ("无语", "无语无语无语"))
    assert abs(often - once) < 2


def test_the_nearest_type_is_explained_unless_another_is_named(advisor: Advisor) -> None:
    ticket = {"text": "The driver laughed at my mother. I want an apology.", "created_at": AT}
    advice, explained = advisor.advise(ticket), advisor.explain(ticket)
    assert explained.type == advice.top_type
    assert explained.probability == advice.probabilities[explained.type]
    assert advisor.explain(ticket, type="venting").logit < explained.logit
    with pytest.raises(BadValue, match="type: not a type of the model, got 'angry'; use one of"):
        advisor.explain(ticket, type="angry")


def test_a_closed_gate_is_said(advisor: Advisor) -> None:
    closed = advisor.explain(text="又是这样，这次送我点什么吧", type="repeat_abuser")
    assert not closed.allowed
    assert closed.probability == 0
    assert closed.gate
    assert not closed.gate.open
    assert closed.gate.parts == ()
    assert "门槛关闭，概率为 0" in closed.render()
    assert "It is closed, so the probability is 0" in closed.render("en")
    opened = advisor.explain(
        {"text": "又是这样，这次送我点什么吧", "created_at": AT}, CLAIMS, "repeat_abuser"
    )
    assert opened.allowed
    assert "门槛打开" in opened.render()


@pytest.mark.parametrize("text", ["又是这样，这次送我点什么吧", "Where is my parcel?"])
@pytest.mark.parametrize("n_claims", [2, 3])
def test_the_gate_tells_where_the_probability_comes_from(advisor: Advisor, text: str, n_claims: int) -> None:
    explained = advisor.explain({"text": text, "created_at": AT}, CLAIMS[:n_claims], "repeat_abuser")
    gate = explained.gate
    assert gate
    assert gate.open
    assert gate.log_odds is not None
    assert all(gate.conditions.values())
    assert gate.facts["goodwill_365d"] == gate.facts["unproven_365d"] == n_claims
    assert math.fsum(part.weight for part in gate.parts) == gate.log_odds
    assert explained.probability == pytest.approx(1 / (1 + math.exp(-gate.log_odds)), abs=1e-5)
    for lang, told in (("en", f"({n_claims} of {n_claims})"), ("zh", f"（{n_claims}件中{n_claims}件）")):
        page = explained.render(lang)
        assert told in page
        assert f"{gate.log_odds:+.2f}" in page
    assert advisor.explain({"text": text, "created_at": AT}, CLAIMS, "venting").gate is None


@pytest.mark.parametrize(
    ("history", "lacking"),
    [
        ([], ["known", "repeated", "half_unproven"]),
        (CLAIMS[:1], ["repeated"]),
        ([claim | {"fault_found": "yes"} for claim in CLAIMS], ["half_unproven"]),
    ],
)
def test_a_closed_gate_names_the_conditions_that_do_not_hold(
    advisor: Advisor, history: list[dict[str, Any]], lacking: list[str]
) -> None:
    explained = advisor.explain({"text": "给我补偿", "created_at": AT}, history, "repeat_abuser")
    assert explained.gate
    assert [name for name, holds in explained.gate.conditions.items() if not holds] == lacking
    assert explained.render("zh").count("  否  ") == len(lacking)


def test_a_model_without_weights_for_the_gate_asks_the_text(advisor: Advisor) -> None:
    plain = Advisor(replace(advisor.model, gate_weights=(), asks_from=0.5), advisor.policy)
    for text, asks in (("再给我赔偿，送我一个月会员！", True), ("Where is my parcel?", False)):
        explained = plain.explain({"text": text, "created_at": AT}, CLAIMS, "repeat_abuser")
        assert explained.gate
        assert (explained.gate.conditions["asks"], explained.gate.log_odds) == (asks, None)
        assert (explained.probability > 0) == asks


def test_the_page_names_facts_and_words_for_and_against(advisor: Advisor) -> None:
    ticket = {"text": "The driver laughed at my mother. I want an apology!", "created_at": AT}
    explained = advisor.explain(ticket, CLAIMS)
    english, chinese = explained.render(), explained.render("zh")
    assert re.search(r"\+\d\.\d\d  for  “.*apology", english)
    assert re.search(r"-\d\.\d\d  against  \(history\) 3 found unproven in a year", english)
    assert re.search(r"-\d\.\d\d  反对  （历史）一年内3件不属实或无法证实", chinese)
    assert f"{explained.logit:+.2f}" in english.splitlines()[-1]
    with pytest.raises(BadValue, match="use zh, zh-Hant or en"):
        explained.render("fr")


def test_ready_for_json(advisor: Advisor) -> None:
    ticket = {"text": "where is my refund?", "created_at": AT}
    explained = advisor.explain(ticket, CLAIMS, "clarification_seeking")
    plain = json.loads(json.dumps(explained.to_dict()))
    assert plain["spans"][0]["start"] == 0
    assert {fact["name"] for fact in plain["facts"]} >= {"unproven_365d", "goodwill_365d"}
    assert plain["gate"] is None
    gated = advisor.explain(ticket, CLAIMS, "repeat_abuser")
    told = json.loads(json.dumps(gated.to_dict()))["gate"]
    assert told["parts"][1]["name"] == "start"
