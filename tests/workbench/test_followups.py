from __future__ import annotations

from datetime import date, datetime

import pandas as pd
import pytest
from care_frames import scored

from complaint_typing.errors import BadValue, MissingScoredColumns, PolicyError
from complaint_typing.workbench.followups import (
    QUESTIONS_EN,
    QUESTIONS_ZH,
    REOPEN_EN,
    REOPEN_ZH,
    as_day,
    follow_ups,
    must_reopen,
    read_answers,
)


def test_due_days_count_from_the_day_of_resolution_else_of_creation():
    frame = scored(
        3,
        created_at=["2025-02-27 23:59", "2025-02-27", ""],
        resolved_at=["", "2025-03-01 00:10", ""],
        follow_up_days=[2, 30, 5],
    )
    due = follow_ups(frame, "2025-03-01").set_index("ticket_id")
    assert due["due"].dt.strftime("%Y-%m-%d").fillna("").to_dict() == {
        "T0": "2025-03-01",
        "T1": "2025-03-31",
        "T2": "",
    }
    assert due["counted_from"].to_dict() == {"T0": "created_at", "T1": "resolved_at", "T2": ""}
    assert due["status"].to_dict() == {"T0": "today", "T1": "upcoming", "T2": "undated"}


@pytest.mark.parametrize(
    ("today", "status", "days"),
    [
        ("2025-03-05", "upcoming", 0),
        ("2025-03-06", "today", 0),
        ("2025-03-07", "overdue", 1),
        ("2026-03-06", "overdue", 365),
    ],
)
def test_overdue_is_marked_against_the_day_given(today, status, days):
    due = follow_ups(scored(1), today)
    assert due[["status", "days_overdue"]].iloc[0].tolist() == [status, days]


def test_the_list_is_sorted_by_urgency_and_has_every_ticket_to_be_followed_up():
    days = ["2025-03-09", "2025-03-01", "", "2025-03-04", "2025-03-02"]
    frame = scored(6, created_at=[*days, "2025-03-01"], follow_up_days=[3, 3, 3, 3, 3, None])
    due = follow_ups(frame, "2025-03-07")
    assert due["ticket_id"].tolist() == ["T1", "T4", "T3", "T0", "T2"]
    assert due["status"].tolist() == ["overdue", "overdue", "today", "upcoming", "undated"]
    assert due["row"].tolist() == [2, 5, 4, 1, 3]


def test_every_row_has_the_next_step_and_three_questions_in_its_language():
    due = follow_ups(scored(2, strategy=["Put it right", "恢复原状"]), "2025-03-07")
    assert due["next_step"].tolist() == ["Ring back"] * 2
    assert due["questions"].tolist() == [" ".join(QUESTIONS_EN), "".join(QUESTIONS_ZH)]
    assert set(follow_ups(scored(2), "2025-03-07", lang="zh")["questions"]) == {"".join(QUESTIONS_ZH)}
    assert len(QUESTIONS_ZH) == len(QUESTIONS_EN) == 3
    assert "重新打开" in REOPEN_ZH
    assert "open it again" in REOPEN_EN


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (("yes", "yes", ""), False),
        (("是", "是", "无"), False),
        (("yes", "yes", "no"), False),
        (("no", "", ""), True),
        (("yes", "否", ""), True),
        (("yes", "yes", "the invoice is still wrong"), True),
        (("", "", "yes"), True),
        (("yes", "", ""), None),
        (("", "", ""), None),
    ],
)
def test_an_unhappy_answer_opens_the_ticket_again(answers, expected):
    assert must_reopen(*answers) is expected


def test_an_answer_that_is_neither_yes_nor_no_is_refused():
    with pytest.raises(BadValue, match="column useful: not yes or no, got 'so-so'"):
        must_reopen("yes", "so-so", "")


def test_settled_tickets_leave_the_list_and_those_to_reopen_lead_it():
    frame = scored(4, created_at=["2025-03-01", "2025-03-01", "2025-03-05", "2025-03-05"])
    answers = pd.DataFrame(
        {
            "ticket_id": ["T0", "T2", "T3"],
            "done": ["yes", "no", "yes"],
            "useful": ["yes", "", ""],
            "anything_else": "",
        }
    )
    due = follow_ups(frame, "2025-03-07", answers=answers)
    assert due[["ticket_id", "status", "reopen"]].values.tolist() == [
        ["T2", "reopen", "yes"],
        ["T1", "overdue", ""],
        ["T3", "upcoming", ""],
    ]
    assert due["done"].tolist() == ["no", "", "yes"]


def test_a_low_score_on_a_closed_ticket_asks_for_reopening():
    frame = scored(
        4,
        satisfaction=["1", "1", "4", "2"],
        resolved_at=["2025-03-04", "", "2025-03-04", "2025-03-04"],
        reopened=[0, 0, 0, 1],
    )
    due = follow_ups(frame, "2025-03-07").set_index("ticket_id")
    assert due["reopen"].to_dict() == {"T0": "yes", "T1": "", "T2": "", "T3": ""}


def test_a_low_score_for_a_refusal_by_the_rules_does_not():
    frame = scored(
        2, satisfaction="1", resolved_at="2025-03-04", strategy_id="refusal", fault_found=["no", "yes"]
    )
    assert follow_ups(frame, "2025-03-07")["reopen"].tolist() == ["", "yes"]


def test_answers_are_read_back_as_spreadsheets_save_them(tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes("ticket_id;done;useful;anything_else\r\n'=T1;是;否;\r\nT2;;;\r\n".encode("gb18030"))
    answers = read_answers(path)
    assert answers.values.tolist() == [["=T1", "是", "否", ""], ["T2", "", "", ""]]
    assert follow_ups(scored(2, ticket_id=["=T1", "T2"]), "2025-03-01", answers=answers)[
        "reopen"
    ].tolist() == ["yes", ""]
    path.write_text("ticket_id,done\nT1,yes\n", encoding="utf-8")
    with pytest.raises(PolicyError, match="useful: header missing"):
        read_answers(path)


def test_days_are_read_and_missing_columns_are_all_named():
    assert as_day(date(2025, 3, 1)) == as_day(datetime(2025, 3, 1, 17)) == as_day(" 2025-03-01 ")
    with pytest.raises(BadValue, match="write it as 2026-12-31"):
        follow_ups(scored(1), "soon")
    with pytest.raises(MissingScoredColumns, match="not found: created_at, next_step"):
        follow_ups(scored(1).drop(columns=["created_at", "next_step"]), "2025-03-01")
