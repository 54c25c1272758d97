"""Both passes give the same rows and what scoring reads of them; only small files are kept between."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from complaint_typing.export_history import ExportHistory
from complaint_typing.tickets import TicketFile
from complaint_typing.two_passes import MOST_KEPT, SCORED_FROM, TwoPasses

HEADER = "ticket_id,customer_id,created_at,subject,text,language,satisfaction,agent_reply,compensation,plan"
ROWS = [
    f"t{i % 9},c{i % 5},2026-01-{1 + i % 28:02d},Bill,No answer {i},en,{i % 7},Sorry,x,gold"
    for i in range(50)
]


@pytest.fixture
def file(tmp_path: Path) -> TicketFile:
    (tmp_path / "export.csv").write_text("\n".join([HEADER, *ROWS, "t,c,,,,,,,,", ""]), encoding="utf-8")
    return TicketFile.open(tmp_path / "export.csv", block_rows=8)


@pytest.mark.parametrize("most_kept", [0, 20_000, MOST_KEPT])
def test_the_second_pass_has_the_rows_and_what_is_scored_of_them(file, most_kept):
    passes = TwoPasses(file, most_kept)
    first = list(passes.first())
    report = file.report
    second = list(passes.second())
    assert len(second) == len(first) == 7
    for a, b in zip(first, second, strict=True):
        assert (a.rows, a.row_numbers, a.quarantined) == (b.rows, b.row_numbers, b.quarantined)
        for name in {*SCORED_FROM} - {"subject"}:
            assert np.array_equal(getattr(a.tickets, name), getattr(b.tickets, name))
    assert file.report is report
    assert report.repeated_ticket_ids == 41
    assert (report.bad_values["compensation"].count, report.bad_values["satisfaction"].count) == (50, 7)


def test_only_a_small_file_is_kept(file):
    whole, again = TwoPasses(file), TwoPasses(file, most_kept=10)
    first = [list(passes.first()) for passes in (whole, again)]
    assert [a is b for a, b in zip(first[0], whole.second(), strict=True)] == [True] * 7
    other = list(again.second())
    assert other[0] is not first[1][0]
    assert other[0].tickets.customer_id == [""] * 8


def test_history_is_taken_from_the_first_pass(file):
    history = ExportHistory()
    for block in TwoPasses(file, most_kept=0).first():
        history.add(block.tickets)
    assert history.facts().at(slice(50))["tickets_365d"].max() > 0
