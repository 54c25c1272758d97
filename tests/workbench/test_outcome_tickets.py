"""Who can be followed, until when, and what came next."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from complaint_typing.columns import NO_TIME
from complaint_typing.errors import BadValue, MissingScoredColumns, UnreadableInput
from complaint_typing.workbench.outcome_tickets import outcome_tickets, typed_file
from complaint_typing.workbench.return_kinds import next_returns
from complaint_typing.workbench.simulator import simulate

LOG = {
    "客户编号": ["a", "a", "a", "b", "", "c"],
    "受理时间": ["2025-01-01", "2025-01-11", "2025-01-15 06:00", "2025-01-05", "2025-01-06", "2025-01-31"],
    "办结时间": ["2025-01-03", "2025-01-12", "", "2025-01-05", "2025-01-07", "2025-01-31"],
    "是否属实": ["不属实", "属实", "", "", "", ""],
    "善意补偿": ["20", "", "", "0", "", ""],
    "customer_type": ["venting", "compensation_seeking", "repeat_abuser", "venting", "venting", "venting"],
    "strategy_done": ["倾听宣泄", "RESTORE", "", "our own way", "Let them let off steam", ""],
}


def test_visits_after_resolution_are_found_with_their_kind() -> None:
    found = outcome_tickets(pd.DataFrame(LOG))
    shown = found.closed[["strategy", "paid", "observed", "return_day", "return_kind"]].values.tolist()
    assert shown == [
        ["let_vent", True, 28, 8, "justified"],
        ["restore", False, 19, 4, "extras"],
        ["our own way", False, 26, 0, ""],
        ["", False, 0, 0, ""],
    ]
    assert found.left_out == {"no_customer": 1, "no_time": 0, "before_since": 0, "open": 1}
    assert found.table["earlier_tickets"].tolist() == [0, 1, 2, 0, 0, 0]
    assert found.table["goodwill_before"].tolist() == [0, 1, 1, 0, 0, 0]


def test_a_visit_on_a_day_that_was_not_seen_whole_does_not_count() -> None:
    found = outcome_tickets(pd.DataFrame(LOG), end="2025-01-15")
    assert found.closed["return_day"].tolist() == [8, 0, 0]
    assert found.closed["observed"].tolist() == [12, 3, 10]


def test_since_keeps_earlier_tickets_as_history() -> None:
    found = outcome_tickets(pd.DataFrame(LOG), since="2025-01-10")
    assert found.closed["earlier_tickets"].tolist() == [1, 0]
    assert found.left_out["before_since"] == 2


def test_the_first_year_is_history_only_where_another_remains() -> None:
    long = simulate(40, days=800, seed=1, texts=False).frame
    assert (
        outcome_tickets(long, since="auto").closed["created"].min() >= pd.Timestamp("2024-01-01").timestamp()
    )
    assert outcome_tickets(pd.DataFrame(LOG), since="auto").left_out["before_since"] == 0


def test_what_an_export_lacks_is_named() -> None:
    frame = pd.DataFrame(LOG)
    with pytest.raises(MissingScoredColumns, match="resolved_at, customer_type"):
        outcome_tickets(frame.drop(columns=["办结时间", "customer_type"]))
    with pytest.raises(MissingScoredColumns, match="strategy_done"):
        outcome_tickets(frame.drop(columns="strategy_done")).need(["strategy_done"])
    with pytest.raises(BadValue, match="not a day"):
        outcome_tickets(frame, since="soon")


def test_corrected_types_win_and_duplicate_headers_are_read_once() -> None:
    frame = pd.DataFrame(LOG).assign(corrected_type=["high_energy", *[""] * 5])
    twice = pd.concat([frame, frame[["是否属实"]]], axis=1)
    assert outcome_tickets(twice).table["customer_type"][0] == "high_energy"


def test_files_are_read_with_their_types_or_typed_first(tmp_path: Path) -> None:
    made = simulate(40, days=500, seed=1)
    path = made.write(tmp_path / "export.csv")
    pd.testing.assert_frame_equal(outcome_tickets(path).table, outcome_tickets(made.frame).table)
    bare = made.frame.drop(columns=["customer_type", "emotional_mode"]).rename(columns={"text": "投诉内容"})
    bare.to_csv(tmp_path / "bare.csv", index=False, encoding="gb18030")
    typed = outcome_tickets(tmp_path / "bare.csv")
    assert typed.closed["return_day"].tolist() == outcome_tickets(made.frame).closed["return_day"].tolist()
    assert set(typed.table["customer_type"]) & set(made.frame["customer_type"])
    with pytest.raises(UnreadableInput, match=r"nothing\.csv"):
        outcome_tickets(tmp_path / "nothing.csv")


times = st.integers(0, 400_000)
visits = st.lists(st.tuples(st.integers(0, 3), times, st.none() | times), max_size=25)


@given(visits, st.integers(0, 500_000))
@settings(max_examples=40, deadline=None)
def test_the_next_visit_is_the_one_that_reading_line_by_line_finds(
    rows: list[tuple[int, int, int | None]], end: int
) -> None:
    columns = ["customer", "created", "resolved"]
    table = pd.DataFrame([(c, t, NO_TIME if r is None else t + r) for c, t, r in rows], columns=columns)
    table = table.assign(customer_type="venting", fault=np.int8(-1)).astype(dict.fromkeys(columns, "int64"))
    found = next_returns(table, end)
    for i, (customer, _, resolved) in enumerate(table[columns].itertuples(index=False)):
        later = [t for c, t, _ in rows if c == customer and resolved != NO_TIME and t > resolved]
        observed = max(end - resolved, 0) // 86_400 if resolved != NO_TIME else 0
        day = -((resolved - min(later)) // 86_400) if later else 0
        assert found["observed"][i] == observed
        assert found["return_day"][i] == (day if day <= observed else 0)
        assert found["return_kind"][i] == ("other" if found["return_day"][i] else "")


def test_a_file_without_types_is_scored_by_the_names_of_its_own_columns(tmp_path: Path) -> None:
    lines = ["会员,备注栏,写于,resolved_at", "7,网络又断了,03/04/2025,05/04/2025", "7,还是断网,04/04/2025,"]
    (tmp_path / "own.csv").write_text("\n".join(lines), encoding="utf-8")
    mapping = {"customer_id": "会员", "text": "备注栏", "created_at": "写于"}
    found = outcome_tickets(tmp_path / "own.csv", mapping, date_order="dmy")
    assert found.table["created"].diff().tolist()[1] == 86_400
    assert len(found.closed) == 1
    assert set(found.table["customer_type"]) - {""}


def test_a_file_without_types_is_scored_in_the_stated_time_zone(tmp_path: Path) -> None:
    rows = [f"7,网络又断了,2025-03-01 11:0{i}:00" for i in range(9)]
    lines = ["customer_id,text,created_at", *rows, "7,网络又断了,2025-03-01T12:00:00+08:00"]
    (tmp_path / "own.csv").write_text("\n".join(lines), encoding="utf-8")
    shanghai, utc = (typed_file(tmp_path / "own.csv", tz=z)["confidence"] for z in ("Asia/Shanghai", "UTC"))
    assert shanghai[9] != utc[9] == shanghai[0]  # nine tickets before it, or none
