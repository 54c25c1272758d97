"""Ten thousand dirty tickets with history: one at a time, as a table, as a file and on a cluster, one answer.

    python -m pytest tests/tier2/test_same_answer.py

About a minute on two cores. The service is told of tickets and outcomes only when they happen.
"""

from __future__ import annotations

import csv
import heapq
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import dask.dataframe as dd
import numpy as np
import pandas as pd
import pytest
from dask.distributed import Client, LocalCluster
from dirty_tickets import DAYS, OUTCOMES, START, is_same, tickets

from complaint_typing import Advice, CustomerHistory, load, read_scored, score_csv, score_dask
from complaint_typing.cells import ids
from complaint_typing.columns import NO_TIME, SCORED_COLUMNS
from complaint_typing.errors import BadValue
from complaint_typing.times import parse_time

ROWS, ZONE = 10_000, "Asia/Shanghai"
NAMES = [column.name for column in SCORED_COLUMNS]
ADVISOR = load()


@cache
def rows() -> list[dict[str, Any]]:
    return tickets(ROWS)


def table(given: list[dict[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame(given, dtype=object)


@cache
def scored() -> pd.DataFrame:
    return ADVISOR.score(table(rows()), proba=True, tz=ZONE)


@cache
def order() -> list[int]:
    return np.random.default_rng(3).permutation(ROWS).tolist()


def assert_same(found: pd.DataFrame, expected: pd.DataFrame, names: list[str] | None = None) -> None:
    for name in names or [*NAMES, *expected.filter(regex="^p_").columns]:
        pairs = zip(found[name].tolist(), expected[name].tolist(), strict=True)
        assert [(i, *p) for i, p in enumerate(pairs) if not is_same(*p)][:3] == [], name


def seconds(value: object) -> int:
    try:
        return parse_time(value, ZONE)
    except BadValue:
        return NO_TIME


def as_they_happened(given: list[dict[str, Any]]) -> Iterator[tuple[int, bool]]:
    """Places of tickets when they are written, and again when they are resolved, by time."""
    events: list[tuple[int, int, int]] = []
    for i, row in enumerate(given):
        at = seconds(row["created_at"])
        events.append((at, 0, i))
        if at != NO_TIME and (over := seconds(row["resolved_at"])) != NO_TIME:
            events.append((max(at, over), 1, i))
    heapq.heapify(events)
    while events:
        _, is_over, i = heapq.heappop(events)
        yield i, bool(is_over)


def answers(given: list[dict[str, Any]]) -> list[Advice]:
    """What a service answers that keeps a history of each customer, now and then as JSON."""
    pasts: dict[str, CustomerHistory] = {}
    found: dict[int, Advice] = {}
    for i, is_over in as_they_happened(given):
        row, [who] = given[i], ids([given[i]["customer_id"]])
        if seconds(row["created_at"]) == NO_TIME or not who:
            at = {} if seconds(row["created_at"]) == NO_TIME else {"created_at": row["created_at"]}
            found[i] = ADVISOR.advise({**row, "created_at": None, **at}, tz=ZONE)
            continue
        past = pasts.setdefault(who, CustomerHistory(tz=ZONE))
        if is_over:
            past.add(row)
            continue
        found[i] = ADVISOR.advise(row, past)
        past.add(row | dict.fromkeys(OUTCOMES))
        if i % 5 == 0:
            pasts[who] = CustomerHistory.from_json(past.to_json())
    return [found[i] for i in range(len(given))]


def as_table(advised: list[Advice]) -> pd.DataFrame:
    joined = {"risk_signals": ";", "evidence": "; ", "policy_rule": ";"}
    cells = []
    for advice in advised:
        row = {name: getattr(advice, name) for name in NAMES}
        row |= {name: mark.join(row[name]) for name, mark in joined.items()}
        row |= {"requires_human": int(advice.requires_human)}
        cells.append(row | {f"p_{name}": share for name, share in advice.probabilities.items()})
    return pd.DataFrame(cells, dtype=object)


def test_one_at_a_time_is_as_in_the_table() -> None:
    found = scored()
    assert found["customer_type"].nunique() == 11
    assert set(found["goodwill"]) == {"clear", "review", "decline", "unknown"}
    assert_same(as_table(answers(rows())), found)


def test_the_table_in_any_order_with_later_tickets_and_strangers_says_the_same() -> None:
    shuffled = ADVISOR.score(table(rows()).iloc[order()], proba=True, tz=ZONE)
    assert_same(shuffled.sort_index(), scored())
    later = tickets(1_500, seed=5, first=ROWS, start=START + DAYS * 86_400 + 4_000_000)
    others = tickets(1_500, seed=6, first=2 * ROWS, who="D")
    more = table([*others, *rows(), *later]).sample(frac=1, random_state=1).sort_index(ascending=False)
    found = ADVISOR.score(more, proba=True, tz=ZONE).sort_index().iloc[1_500 : 1_500 + ROWS]
    assert_same(found, scored())


def write(path: Path, given: list[dict[str, Any]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(given[0]))
        writer.writeheader()
        writer.writerows(given)
    return path


@pytest.mark.parametrize("shuffled", [False, True], ids=["in order", "shuffled"])
def test_the_file_is_as_the_table(tmp_path: Path, shuffled: bool) -> None:
    places = order() if shuffled else list(range(ROWS))
    export = write(tmp_path / "export.csv", [rows()[i] for i in places])
    summary = score_csv(export, tmp_path / "scored.csv", proba=True, tz=ZONE, jobs=1 + shuffled)
    assert (summary.rows_out, summary.rows_quarantined) == (ROWS, 0)
    read = read_scored(tmp_path / "scored.csv").set_index(pd.Index(places)).sort_index()
    shares = scored().filter(regex="^p_").columns.tolist()
    assert_same(read, scored(), NAMES)
    exact = scored()[shares].to_numpy(dtype=float)
    assert np.abs(read[shares].to_numpy(dtype=float) - exact).max() <= 1.000001e-6
    assert (read[shares].to_numpy(dtype=float).sum(axis=1).round(6) == 1).all()


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, memory_limit="2GB"
        ) as cluster,
        Client(cluster) as connected,
    ):
        yield connected


def test_the_cluster_is_as_the_table(client: Client) -> None:
    frame = table(rows()).iloc[order()]
    lazy = score_dask(dd.from_pandas(frame, npartitions=6, sort=False), proba=True, tz=ZONE)
    assert_same(lazy.compute().sort_index(), scored())


def test_adapted_to_the_shares_seen_all_say_the_same(client: Client, tmp_path: Path) -> None:
    """More tickets than the estimate reads: it reads the same ones at every door."""
    given = rows()[:6_000]
    frame, how = table(given), {"tz": ZONE, "adapt_by": "channel"}
    expected, seen = ADVISOR.score(frame, **how), []
    assert (expected["customer_type"] != scored()["customer_type"].iloc[:6_000]).any()
    export = write(tmp_path / "export.csv", given)
    score_csv(export, tmp_path / "scored.csv", on_priors=seen.append, **how)
    assert_same(read_scored(tmp_path / "scored.csv"), expected, NAMES)
    parts = dd.from_pandas(frame, npartitions=5, sort=False)
    assert_same(score_dask(parts, on_priors=seen.append, **how).compute(), expected, NAMES)
    assert seen == [expected.attrs["priors"]] * 2


def test_the_order_of_day_and_month_is_told_to_all(client: Client, tmp_path: Path) -> None:
    given = [{**row, "created_at": f"{1 + i % 12:02d}/{1 + i % 11:02d}/2025", "resolved_at": None}
             for i, row in enumerate(rows()[:600])]  # fmt: skip
    frame, how = table(given), {"tz": ZONE, "date_order": "mdy", "proba": True}
    expected = ADVISOR.score(frame, **how)
    assert not expected.equals(ADVISOR.score(frame, **(how | {"date_order": "dmy"})))
    score_csv(write(tmp_path / "export.csv", given), tmp_path / "scored.csv", **how)
    assert_same(read_scored(tmp_path / "scored.csv"), expected, NAMES)
    assert_same(score_dask(dd.from_pandas(frame, npartitions=3, sort=False), **how).compute(), expected)
