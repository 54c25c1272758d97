"""A file is adapted as its table is, in any number of processes, and a run is continued only as it began."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from complaint_typing import load, read_scored, score_csv
from complaint_typing.batch_errors import ResumeRefused
from complaint_typing.batch_summary import read_manifest
from complaint_typing.errors import BadValue
from complaint_typing.resources import data_path
from complaint_typing.tickets import read_frame

SOURCE = data_path("examples") / "zh_hotline.csv"


def stop(done: int, total: int | None) -> None:
    if total is not None:
        raise KeyboardInterrupt


def test_a_file_is_adapted_as_its_table(tmp_path: Path) -> None:
    told: list[Mapping[str, Any]] = []
    summary = score_csv(
        SOURCE, tmp_path / "scored.csv", proba=True, adapt_by="channel", on_priors=told.append
    )
    table = load().score(read_frame(SOURCE), proba=True, adapt_by="channel")
    scored = read_scored(tmp_path / "scored.csv")
    assert scored["customer_type"].tolist() == table["customer_type"].tolist()
    assert scored["p_venting"].astype(float).tolist() == pytest.approx(table["p_venting"].tolist(), abs=1e-6)
    assert summary.priors == told[0] == read_manifest(tmp_path / "scored.csv")["result"]["priors"]
    plain = score_csv(SOURCE, tmp_path / "plain.csv", proba=True)
    assert plain.priors is None
    assert (tmp_path / "plain.csv").read_bytes() != (tmp_path / "scored.csv").read_bytes()


def test_processes_do_not_change_what_is_adapted(tmp_path: Path) -> None:
    for jobs in (1, 2):
        score_csv(SOURCE, tmp_path / f"{jobs}.csv", adapt_priors=True, jobs=jobs)
    assert (tmp_path / "1.csv").read_bytes() == (tmp_path / "2.csv").read_bytes()


def test_a_run_is_continued_only_with_the_same_estimate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("complaint_typing.batch.BLOCK_ROWS", 5)
    monkeypatch.setattr("complaint_typing.batch_run.CHUNK_PIECES", 1)
    score_csv(SOURCE, tmp_path / "whole.csv", adapt_priors=True)
    with pytest.raises(KeyboardInterrupt):
        score_csv(SOURCE, tmp_path / "scored.csv", adapt_priors=True, progress=stop)
    with pytest.raises(ResumeRefused, match="adapted_to"):
        score_csv(SOURCE, tmp_path / "scored.csv", resume=True)
    score_csv(SOURCE, tmp_path / "scored.csv", adapt_priors=True, resume=True)
    assert (tmp_path / "scored.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()


def test_a_column_that_is_not_there_is_told_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(BadValue, match="adapt_by: not a column of the table, got 'genre'"):
        score_csv(SOURCE, tmp_path / "scored.csv", adapt_by="genre")
    assert list(tmp_path.iterdir()) == []
