"""File to file: every row accounted for, the text unharmed, whole or not at all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from complaint_typing import load, read_scored, score_csv
from complaint_typing.errors import MissingColumns, UnreadableInput, UnwritableTarget
from complaint_typing.resources import data_path
from complaint_typing.tickets import read_frame

EXAMPLES = sorted(data_path("examples").glob("*.csv"))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_rows_are_accounted_for_and_the_text_is_unharmed(example: Path, tmp_path: Path) -> None:
    summary = score_csv(example, tmp_path / "scored.csv", proba=True)
    scored = read_scored(tmp_path / "scored.csv")
    assert summary.rows_in == summary.rows_out + summary.rows_quarantined
    assert len(scored) == summary.rows_out == sum(summary.types.values())
    assert scored[summary.columns["text"]].tolist() == read_frame(example)["text"].tolist()
    np.testing.assert_allclose(scored.filter(regex="^p_").sum(axis=1), 1, atol=1e-9)


def test_file_equals_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("complaint_typing.batch.BLOCK_ROWS", 7)
    source = data_path("examples") / "zh_hotline.csv"
    score_csv(source, tmp_path / "scored.csv")
    scored = read_scored(tmp_path / "scored.csv")
    table = load().score(read_frame(source))
    for name in ("customer_type", "goodwill", "strategy_id", "next_step", "evidence", "policy_rule"):
        assert scored[name].fillna("").tolist() == table[name].tolist(), name


def test_processes_do_not_change_the_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = data_path("examples") / "en_helpdesk.csv"
    one = score_csv(source, tmp_path / "one.csv")
    monkeypatch.setattr("complaint_typing.batch.BLOCK_ROWS", 7)
    two = score_csv(source, tmp_path / "two.csv", jobs=2)
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()
    assert one.types == two.types


def test_scoring_a_scored_file_changes_nothing(tmp_path: Path) -> None:
    score_csv(data_path("examples") / "zh_hotline.csv", tmp_path / "once.csv")
    score_csv(tmp_path / "once.csv", tmp_path / "twice.csv")
    assert (tmp_path / "once.csv").read_bytes() == (tmp_path / "twice.csv").read_bytes()


def test_earlier_export_is_history(tmp_path: Path) -> None:
    table = read_frame(data_path("examples") / "zh_hotline.csv").sort_values("created_at")
    table.iloc[:20].to_csv(tmp_path / "earlier.csv", index=False)
    table.iloc[15:].to_csv(tmp_path / "now.csv", index=False)
    table.to_csv(tmp_path / "all.csv", index=False)
    score_csv(tmp_path / "all.csv", tmp_path / "scored_all.csv")
    score_csv(tmp_path / "now.csv", tmp_path / "scored_now.csv", history=tmp_path / "earlier.csv")
    pd.testing.assert_frame_equal(
        read_scored(tmp_path / "scored_all.csv").iloc[15:].reset_index(drop=True),
        read_scored(tmp_path / "scored_now.csv"),
    )


def test_quarantine_keeps_what_could_not_be_scored(tmp_path: Path) -> None:
    source = tmp_path / "export.csv"
    source.write_text("id,text\n1,where is it\n2,\n3,a,b,c\n", encoding="utf-8")
    summary = score_csv(source, tmp_path / "scored.csv")
    kept = pd.read_csv(tmp_path / "scored.quarantine.csv", dtype=str, keep_default_na=False)
    assert summary.quarantine == str(tmp_path / "scored.quarantine.csv")
    assert kept["row_number"].tolist() == ["2", "3"]
    assert "3,a,b,c" in kept["text"][1]


def test_file_with_a_header_only(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_text("id,text\n", encoding="utf-8")
    summary = score_csv(tmp_path / "empty.csv", tmp_path / "scored.csv", jobs=2)
    assert (summary.rows_in, summary.rows_out) == (0, 0)
    assert read_scored(tmp_path / "scored.csv").empty


@pytest.mark.parametrize("target", ["export.csv", "-", "folder"])
def test_inputs_and_what_is_no_file_are_never_written_over(tmp_path: Path, target: str) -> None:
    (tmp_path / "folder").mkdir()
    source = tmp_path / "export.csv"
    source.write_text("id,text\n1,where is it\n", encoding="utf-8")
    with pytest.raises(UnwritableTarget, match=r"no ordinary file|in the same run"):
        score_csv(source, tmp_path / target)
    with pytest.raises(UnwritableTarget, match="in the same run"):
        score_csv(source, tmp_path / "s.csv", quarantine=source)
    assert source.read_text(encoding="utf-8") == "id,text\n1,where is it\n"


def test_a_ticket_listed_twice_is_one_event(tmp_path: Path) -> None:
    rows = "".join(f"{i},c,2026-0{i}-01,no light,2026-0{i}-03,no,50\n" for i in (1, 2))
    head = "ticket_id,customer_id,created_at,text,resolved_at,fault_found,compensation\n"
    asked = "9,c,2026-05-01,again? what do I get this time,,,\n"
    (tmp_path / "once.csv").write_text(head + rows + asked, encoding="utf-8")
    (tmp_path / "twice.csv").write_text(head + rows + rows + asked, encoding="utf-8")
    score_csv(tmp_path / "once.csv", tmp_path / "a.csv")
    score_csv(tmp_path / "twice.csv", tmp_path / "b.csv", history=tmp_path / "once.csv")
    once, twice = read_scored(tmp_path / "a.csv"), read_scored(tmp_path / "b.csv")
    assert len(twice) == 5
    pd.testing.assert_series_equal(once.iloc[-1], twice.iloc[-1], check_names=False)


def test_nothing_remains_of_what_failed(tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("id,memo\n1,hello\n", encoding="utf-8")
    with pytest.raises(MissingColumns, match="no column found for: text"):
        score_csv(tmp_path / "bad.csv", tmp_path / "scored.csv")
    with pytest.raises(UnreadableInput, match="no_such"):
        score_csv(tmp_path / "no_such.csv", tmp_path / "scored.csv")
    with pytest.raises(UnwritableTarget, match="the folder is not there"):
        score_csv(data_path("examples") / "en_helpdesk.csv", tmp_path / "none" / "scored.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["bad.csv"]


def test_a_run_is_not_at_its_end_without_the_rows_that_it_set_aside(tmp_path: Path) -> None:
    source, aside = data_path("examples") / "en_helpdesk.csv", tmp_path / "elsewhere.csv"
    first = score_csv(source, tmp_path / "scored.csv")
    assert first.quarantine is not None
    assert score_csv(source, tmp_path / "scored.csv", resume=True).rows_kept == first.rows_in
    Path(first.quarantine).unlink()
    assert score_csv(source, tmp_path / "scored.csv", resume=True) == first
    kept = Path(first.quarantine).read_bytes()
    moved = score_csv(source, tmp_path / "scored.csv", resume=True, quarantine=aside)
    assert (moved.quarantine, aside.read_bytes()) == (str(aside), kept)
