from __future__ import annotations

import re

import pytest
from care_frames import scored

from complaint_typing.errors import BadValue, MissingScoredColumns
from complaint_typing.workbench.remedies import cause_report

CANARIES = {
    "phone": "138-0013-8000",
    "landline": "020 7946 0958",
    "email": "canary.bird@example.com",
    "card": "4111 1111 1111 1111",
    "identity": "11010519491231002X",
}


def canary_frame(n: int = 40):
    """Tickets in which everything that may name a person carries a canary, over and over."""
    evidence = [f"快递没到; {value}; call {value} now" for value in CANARIES.values()]
    return scored(
        n,
        ticket_id=[f"TICKETCANARY{i}" for i in range(n)],
        customer_id=[f"CUSTCANARY{i}" if i % 2 else f"Canary Bird{'x' * i}" for i in range(n)],
        agent_id=["金丝雀", "Agentcanary"] * (n // 2),
        agent_reply="the reply names REPLYCANARY",
        text="the text names TEXTCANARY",
        category=["delivery", "bill 138-0013-8000"] * (n // 2),
        branch="east",
        evidence=[f"{evidence[i % len(evidence)]}; 金丝雀态度差; agentcanary was rude" for i in range(n)],
        satisfaction="1",
        resolved_at="2025-03-04",
    )


@pytest.mark.parametrize("by", ["category", "branch"])
def test_no_personal_data_and_no_ids_reach_the_report(by):
    text = cause_report(canary_frame(), by, today="2025-04-01")
    assert "快递没到" in text
    assert not re.search("canary|金丝雀|丝雀", text, re.IGNORECASE)
    for value in CANARIES.values():
        assert value not in text
    assert "bird" not in text.casefold()
    assert not re.search(r"\d{5}", text)


def test_a_person_mentioned_by_two_customers_only_stays_out():
    frame = scored(
        20, category="line", customer_id=list("ab") * 10, evidence="nightingale keeps ringing; line dead"
    )
    assert "nightingale" not in cause_report(frame, today="2025-04-01")


def test_the_report_has_its_four_parts_in_both_languages():
    frame = scored(
        30,
        category=["delivery"] * 20 + ["bills"] * 10,
        evidence=["parcel late"] * 20 + ["wrong charge"] * 10,
        created_at=["2025-01-10"] * 5 + ["2025-03-20"] * 25,
        fault_found=["yes"] * 20 + ["no"] * 10,
    )
    both = cause_report(frame, today="2025-04-01")
    for part in (
        "发生了什么 / What happened",
        "可能的原因，待查证 / Probable causes, to be examined",
        "对策 / Remedies",
        "回访与复查 / Follow-up",
        "实质解决型 / Resolution seeking | 20",
        "负责人 / owner",
        "期限 / due date",
        "我方有责 / fault found",
        "高于总体 / above overall",
        "答应您的都办到了吗",
        "Is there anything else?",
    ):
        assert part in both
    assert "| parcel late | 20 | 20 | 100 % | 0 % | 是 / yes |" in both
    assert "| 2025-02 | 0 |" in both
    assert "2025-05-01" in both
    assert "follow-ups overdue: 20" in both


def test_one_language_when_asked():
    frame = scored(6, category="delivery", evidence="parcel late")
    assert not re.search(r"[\u4e00-\u9fff]", cause_report(frame, today="2025-04-01", lang="en"))
    zh = cause_report(frame, today="2025-04-01", lang="zh")
    assert not re.search("customer|remedy|owner|follow-up|Follow", zh)
    assert "parcel late" in zh


def test_groups_and_types_of_few_tickets_are_told_only_together():
    frame = scored(
        16,
        branch=["east"] * 12 + ["lonely corner"] * 3 + [""],
        customer_type=["venting"] * 9 + ["repeat_abuser"] * 3 + ["high_energy"] * 4,
        evidence="",
    )
    text = cause_report(frame, "branch", today="2025-04-01", lang="en")
    assert "lonely corner" not in text
    assert "1 with fewer than 5 tickets have no section (3 tickets in all)" in text
    assert "without a branch: 1" in text
    assert "Repeat abuser |" not in text
    assert "| other types | 3 |" in text
    assert "| in all | 12 |" in text


def test_names_of_groups_cannot_break_the_document():
    frame = scored(6, category="a|b\n# <script>")
    text = cause_report(frame, today="2025-04-01", lang="en")
    assert "## a\\|b \\# \\<script\\>" in text
    assert "\n# <script>" not in text


def test_tickets_without_times_have_no_trend_but_a_report():
    text = cause_report(scored(6, category="a", created_at=""), today="2025-04-01", lang="en")
    assert "no trend can be seen" in text


def test_the_report_is_about_things_and_places_and_names_what_it_lacks():
    with pytest.raises(BadValue, match="use category or branch"):
        cause_report(scored(3, agent_id="Li"), "agent", today="2025-04-01")
    with pytest.raises(MissingScoredColumns, match="not found: branch, customer_id, evidence"):
        cause_report(scored(3).drop(columns=["customer_id", "evidence"]), "branch", today="2025-04-01")
