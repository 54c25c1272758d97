"""The estimate of a file is that of its tickets: sampled alike at every reading, with their history."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import complaint_typing as ct
from complaint_typing.adaptation import source_shares
from complaint_typing.errors import BadValue
from complaint_typing.export_priors import estimate_export
from complaint_typing.resources import data_path
from complaint_typing.ticket_sample import TicketSample, sample_rows
from complaint_typing.tickets import TicketFile, read_frame

EXAMPLE = data_path("examples") / "zh_hotline.csv"


@pytest.fixture(scope="module")
def advisor() -> ct.Advisor:
    return ct.load()


@pytest.mark.parametrize("block_rows", [5, 2000])
def test_a_file_is_estimated_as_its_table(advisor, block_rows):
    file = TicketFile.open(EXAMPLE, block_rows=block_rows)
    found = estimate_export(file, advisor.model, "渠道")
    assert found.to_dict() == advisor.estimate_priors(read_frame(EXAMPLE), by="channel").to_dict() | {
        "by": "渠道"
    }
    by_contract = estimate_export(file, advisor.model, "channel")
    assert by_contract.to_dict()["groups"] == found.to_dict()["groups"]


def test_history_decides_who_speaks(advisor, tmp_path):
    """An earlier export opens the abuse gate, and what may be abuse says nothing of the others' shares."""
    rows = "".join(f"{i},c,2026-0{i}-01,no light,2026-0{i}-03,no,50\n" for i in (1, 2, 3))
    head = "ticket_id,customer_id,created_at,text,resolved_at,fault_found,compensation\n"
    (tmp_path / "earlier.csv").write_text(head + rows, encoding="utf-8")
    asked = "9,c,2026-05-01,again? what do I get this time for free,,,\n"
    (tmp_path / "now.csv").write_text(head + asked, encoding="utf-8")
    now, earlier = (TicketFile.open(tmp_path / f"{name}.csv") for name in ("now", "earlier"))
    alone = estimate_export(now, advisor.model).whole.tickets
    assert estimate_export(now, advisor.model, earlier=[earlier]).whole.tickets < alone - 0.2


@pytest.mark.parametrize("size", [1, 7, 400])
def test_a_sample_does_not_depend_on_the_blocks(size):
    texts = [str(i) for i in range(1_000)]
    sample = TicketSample(most=100)
    for begin in range(0, len(texts), size):
        sample.add(texts[begin : begin + size], texts[begin : begin + size])
    whole = TicketSample(most=100)
    whole.add(texts, texts)
    assert sample.texts == whole.texts == [str(i) for i in sample.rows.tolist()]
    assert sample.groups == sample.texts
    assert len(set(sample.texts)) == 100
    assert sample_rows(1_000, most=100).tolist() == sample.rows.tolist()


def test_every_part_of_an_export_is_in_the_sample():
    sample = TicketSample(most=1_000)
    sample.add(["-"] * 100_000, ["-"] * 100_000)
    parts = np.bincount(sample.rows // 10_000, minlength=10)
    assert parts.sum() == 1_000
    assert parts.min() > 60


def test_an_export_without_tickets_shows_no_shift(advisor, tmp_path: Path):
    (tmp_path / "empty.csv").write_text("id,text\n", encoding="utf-8")
    found = estimate_export(TicketFile.open(tmp_path / "empty.csv"), advisor.model)
    assert found.whole.used == pytest.approx(source_shares(advisor.model))
    assert (found.whole.tickets, found.whole.p_value) == (0, 1)


def test_a_column_that_is_not_there_is_refused(advisor):
    with pytest.raises(BadValue, match="adapt_by: not a column of the table, got 'genre'"):
        estimate_export(TicketFile.open(EXAMPLE), advisor.model, "genre")


def test_names_of_groups_are_masked(advisor, tmp_path: Path):
    frame = pd.DataFrame({"text": ["宽带又断了，请来修。"] * 25, "caller": ["13800138000"] * 25})
    shown = advisor.estimate_priors(frame, by="caller").to_dict()
    assert len(shown["groups"]) == 1
    assert "13800138000" not in str(shown)
