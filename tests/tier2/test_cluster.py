"""Scoring on a real Dask cluster of separate processes: equal to one machine, also when a worker is killed.

python -m pytest tests/tier2/test_cluster.py
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dask
import dask.dataframe as dd
import numpy as np
import pandas as pd
import pytest
from dask.distributed import Client, LocalCluster

from complaint_typing import load, score_dask
from complaint_typing.cluster import Settings
from complaint_typing.cluster_errors import WorkerDiffers
from complaint_typing.errors import AmbiguousDates, BadOption, BadValue, MissingColumns
from complaint_typing.labels import read_labelled
from complaint_typing.resources import data_path

ROWS, CUSTOMERS, PARTITIONS = 3_000, 400, 6
ADVISOR = load()


def tickets(n: int = ROWS, seed: int = 1) -> pd.DataFrame:
    """Tickets in no order: some without customer, id or time, some ids twice, with outcomes and a note."""
    rng = random.Random(seed)
    texts = read_labelled([data_path("training")])["text"].tolist()
    moments = pd.date_range("2025-03-01", periods=n, freq="2h").strftime("%Y-%m-%d %H:%M:%S").tolist()
    rng.shuffle(moments)
    rows = []
    for i, at in enumerate(moments):
        who = rng.choice(["", None]) if rng.random() < 0.1 else f"C{int(rng.random() ** 2 * CUSTOMERS)}"
        name = f"T{rng.randrange(i) if i and rng.random() < 0.05 else i}" if rng.random() < 0.95 else None
        row = {"工单编号": name, "customer_id": who, "created_at": at if rng.random() < 0.97 else None}
        row |= {"text": rng.choice(texts), "category": rng.choice(["billing", "line", ""]), "note": f"n{i}"}
        if rng.random() < 0.7:
            later = pd.Timestamp(at) + pd.Timedelta(hours=rng.randrange(900))
            row |= {"resolved_at": str(later), "fault_found": rng.choice(["yes", "no", "no", "unknown"])}
            row |= {
                "compensation": rng.choice([None, 10.0, 25.5]),
                "satisfaction": rng.choice([None, 1.0, 5.0]),
            }
        rows.append(row)
    return pd.DataFrame(rows)


def one_machine(frame: pd.DataFrame, earlier: pd.DataFrame | None = None, **how: Any) -> pd.DataFrame:
    scored: pd.DataFrame = ADVISOR.score(frame, earlier, **how)
    days = pd.array([None if day == "" else day for day in scored["follow_up_days"]], dtype="Int64")
    return scored.assign(follow_up_days=days)


def assert_equal(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    """The same columns, index and cells; a missing cell is missing in whatever way the kind of column has."""
    assert (found.index.tolist(), found.index.name) == (expected.index.tolist(), expected.index.name)
    assert list(found.columns) == list(expected.columns)
    for name in expected.columns:
        pairs = zip(found[name].tolist(), expected[name].tolist(), strict=True)
        assert [p for p in pairs if p[0] is not p[1] and not _same(*p)] == [], name


def _same(a: object, b: object) -> bool:
    return bool(pd.isna(a) and pd.isna(b)) if pd.isna(a) or pd.isna(b) else a == b


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    patient = dask.config.set({"distributed.deploy.lost-worker-timeout": "240s"})
    with (
        patient,
        LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, memory_limit="2GB"
        ) as running,
    ):
        yield running


@pytest.fixture(scope="module")
def client(cluster: LocalCluster) -> Iterator[Client]:
    with Client(cluster) as connected:
        yield connected


def test_it_is_lazy_and_equal_to_one_machine(client: Client) -> None:
    frame = tickets()
    lazy = score_dask(dd.from_pandas(frame, npartitions=PARTITIONS, sort=False), proba=True)
    found = lazy.compute()
    assert_equal(found, one_machine(frame, proba=True))
    pd.testing.assert_series_equal(found.dtypes, lazy.dtypes)
    assert (found["goodwill"] != "unknown").any()


def test_history_of_earlier_exports_and_rows_out_of_order(client: Client) -> None:
    frame, earlier = tickets(1_500, seed=2).set_index("note"), tickets(1_500, seed=3)
    expected = one_machine(frame, earlier)
    parts = dd.from_pandas(frame, npartitions=4, sort=False)
    past = dd.from_pandas(earlier.rename(columns={"text": "Description"}), npartitions=3, sort=False)
    assert_equal(score_dask(parts, earlier=past, npartitions=7).compute(), expected)
    loose = score_dask(parts, earlier=earlier, keep_order=False).compute()
    assert_equal(loose.loc[frame.index], expected)


def test_parquet_in_and_out(client: Client, tmp_path: Path) -> None:
    frame = tickets(1_000, seed=4).assign(created_at=lambda f: pd.to_datetime(f["created_at"]))
    frame = frame.assign(resolved_at=pd.to_datetime(frame["resolved_at"]))
    dd.from_pandas(frame, npartitions=4, sort=False).to_parquet(tmp_path / "in")
    score_dask(dd.read_parquet(tmp_path / "in")).to_parquet(tmp_path / "out")
    again = score_dask(dd.read_parquet(tmp_path / "out"))
    expected = one_machine(frame)
    assert_equal(dd.read_parquet(tmp_path / "out").compute(), expected)
    assert_equal(again.compute(), expected)


@pytest.mark.parametrize("stage", ["shuffle-transfer", "score_share"])
def test_a_worker_is_killed_in_the_middle(cluster: LocalCluster, client: Client, stage: str) -> None:
    frame, before = tickets(seed=len(stage)), finished(cluster, stage)
    future = client.compute(score_dask(dd.from_pandas(frame, npartitions=12, sort=False)))
    while finished(cluster, stage) < before + 4:
        time.sleep(0.002)
    victim = next(iter(cluster.workers.values())).pid
    os.kill(victim, signal.SIGKILL)
    assert not future.done()
    assert_equal(future.result(timeout=240), one_machine(frame))
    client.wait_for_workers(2, timeout=240)
    assert victim not in [nanny.pid for nanny in cluster.workers.values()]


def finished(cluster: LocalCluster, stage: str) -> int:
    """How many tasks of a stage have ended with a result, ever."""
    prefix = cluster.scheduler.task_prefixes.get(stage)
    return prefix.state_counts["memory"] if prefix else 0


def test_the_whole_table_decides_the_order_of_dates(client: Client) -> None:
    frame = pd.DataFrame({"customer_id": "c", "text": "no light", "created_at": "03/05/2024"}, index=range(8))
    frame.loc[7, "created_at"] = "25/05/2024"
    assert_equal(score_dask(dd.from_pandas(frame, npartitions=4)).compute(), one_machine(frame))
    with pytest.raises(AmbiguousDates, match=r"created_at.*'03/05/2024'"):
        score_dask(dd.from_pandas(frame.head(6), npartitions=3)).compute()


def test_rows_without_text_are_told_with_their_place(client: Client) -> None:
    frame = pd.DataFrame({"text": ["no light"] * 5 + [" "]})
    with pytest.raises(BadValue, match=r"column text: not a text.*row 3 of partition 1"):
        score_dask(dd.from_pandas(frame, npartitions=2)).compute()
    with pytest.raises(MissingColumns, match="no column found for: text"):
        score_dask(dd.from_pandas(frame.rename(columns={"text": "x"}), npartitions=2))


def test_a_worker_with_another_model_refuses(client: Client) -> None:
    other = Settings(None, None, "other", ADVISOR.policy.version, False, None)
    with pytest.raises(WorkerDiffers, match="the caller other"):
        client.submit(_load_there, other).result(timeout=30)


def _load_there(settings: Settings) -> str:
    from complaint_typing.cluster import _advisor

    return _advisor(settings).model.version


def test_options_that_make_no_sense_are_refused_at_once() -> None:
    frame = tickets(4)
    with pytest.raises(BadOption, match=r"ddf: not a Dask table, got 'DataFrame'; use dask\.data"):
        score_dask(frame)
    given = dd.from_pandas(frame, npartitions=1)
    with pytest.raises(BadOption, match=r"earlier: not a Dask table, got 'list'; use dask\.data"):
        score_dask(given, earlier=[frame])
    twice = dd.from_pandas(pd.concat([frame, frame[["text"]]], axis=1), npartitions=1)
    with pytest.raises(BadOption, match=r"ddf: not a table whose columns have .*, got 'text'; rename them"):
        score_dask(twice)
    given = dd.from_pandas(frame, npartitions=1)
    with pytest.raises(BadOption, match="lang: not a language of the texts, got 'fr'; use zh, zh-Hant or en"):
        score_dask(given, lang="fr")
    for n in (0, -2, 2.5, "4"):
        with pytest.raises(BadOption, match=f"npartitions: not a number of shares, got '{n}'"):
            score_dask(given, npartitions=n)  # type: ignore[arg-type]
    with dask.config.set({"dataframe.shuffle.method": "tasks", "scheduler": "synchronous"}):
        assert len(score_dask(given, npartitions=np.int64(2)).compute()) == 4  # type: ignore[arg-type]
