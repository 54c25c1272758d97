"""New types are found where there are some, and nothing where there are none; a cluster becomes a type."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from complaint_typing.errors import BadValue, MissingColumns, TargetExists
from complaint_typing.policy import PolicyTable
from complaint_typing.taxonomy import Term
from complaint_typing.workbench.candidates import LEAST_EVIDENCE, candidates
from complaint_typing.workbench.discovery import Discovery, discover
from complaint_typing.workbench.errors import LabellingError
from complaint_typing.workbench.known_and_new import fit_mixture
from complaint_typing.workbench.new_types import (
    add_type,
    confirmed_labels,
    name_candidate,
    read_sheet,
    write_sheet,
)
from complaint_typing.workbench.plots.discovery import cluster_map, sizes_over_time, word_bars
from complaint_typing.workbench.typical_words import typical_words

PLACES = (
    "Dear council, at the housing office in the old town hall by the river",
    "hotel review, two nights, room over the bar, breakfast from a packet",
    "broadband line, router in the hall, engineer came twice in the morning",
    "parcel from the web shop, courier van, left with the neighbour upstairs",
    "savings account, branch on the corner, statement with seventeen lines",
    "gym membership since spring, changing rooms, the machines by the window",
    "water meter in the cellar, reading from the autumn, estimate on paper",
    "train to the coast, seat by the door, ticket from the app, delay at noon",
)
WANTS = {
    "resolution_seeking": ("please refund this", "give it back", "refund today", "mend it", "i paid for it"),
    "respect_seeking": ("so rude", "apologise", "say sorry", "he laughed at me", "your clerk shouted"),
    "asks": ("please explain", "why is that", "i do not understand", "what does it mean", "how does it work"),
}


def _tickets(seed: int, n: int, kinds: tuple[str, ...]) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    rows = []
    for i in range(n):
        kind = kinds[i % len(kinds)]
        wish = ", ".join(rng.permutation(WANTS[kind])[:3])
        place = PLACES[int(rng.integers(len(PLACES)))]
        rows.append({"text": f"{place}, number {int(rng.integers(10**6))}. {wish}", "kind": kind})
    return pd.DataFrame(rows)


def _scored(hidden: bool) -> pd.DataFrame:
    kinds = tuple(WANTS) if hidden else tuple(WANTS)[:2]
    export = _tickets(1, 240, kinds)
    new = export["kind"] == "asks"
    sure = new & (np.arange(len(export)) % 4 == 0)
    said = export["kind"].where(~new, "resolution_seeking")
    every_tenth = np.arange(len(export)) % 10 == 0
    return export.assign(
        customer_type=said.where((~new | sure) & ~every_tenth, "undetermined"),
        confidence=np.where(new & ~sure, 0.5, 0.9),
        top_type=said,
        created_at=pd.date_range("2026-01-01", periods=len(export)).astype(str),
    )


@pytest.fixture(scope="module")
def known() -> pd.DataFrame:
    return _tickets(0, 240, tuple(WANTS)[:2]).rename(columns={"kind": "customer_type"})


@pytest.fixture(scope="module")
def found(known: pd.DataFrame) -> Discovery:
    return discover(_scored(hidden=True), known)


def test_a_hidden_type_is_found_with_its_decided_tickets(found: Discovery) -> None:
    hidden = (_scored(hidden=True)["kind"] == "asks").to_numpy()
    members = (found.tickets["cluster"] > 0).to_numpy()
    assert hidden[members].mean() >= 0.7
    assert members[hidden].mean() >= 0.6
    for cluster in found.clusters:
        own = (found.tickets["cluster"] == cluster.number).to_numpy()
        assert hidden[own].mean() >= 0.7
        assert cluster.size == own.sum() > cluster.questioned > 0
        assert {"understand", "explain", "mean", "work"} & {*cluster.words}
    assert cluster.nearest_type in WANTS
    assert 2 <= len(cluster.exemplars) <= 5
    two = replace(found, clusters=(cluster, cluster))
    assert two.said("en").startswith("2 possible new types among ")
    one = replace(found, clusters=(cluster,))
    assert one.said("en").startswith("1 possible new type among ")
    assert one.said("en").endswith(f"size: {cluster.size}.")
    assert one.said("zh").endswith(f"发现 1 组可能的新类型，有 {cluster.size} 条。")


def test_nothing_new_where_nothing_is_hidden(known: pd.DataFrame) -> None:
    found = discover(_scored(hidden=False), known)
    assert found.clusters == ()
    assert (found.tickets["cluster"] == 0).all()
    assert "没有发现新的类型" in found.said("zh")


def test_the_same_again(found: Discovery, known: pd.DataFrame) -> None:
    again = discover(_scored(hidden=True), known, most=1).tickets
    first = found.tickets["cluster"].where(found.tickets["cluster"] == 1, 0)
    pd.testing.assert_series_equal(again["cluster"], first)


def test_columns_that_are_needed(known: pd.DataFrame) -> None:
    with pytest.raises(MissingColumns, match="text"):
        discover(_scored(hidden=True).drop(columns="text"), known)
    with pytest.raises(MissingColumns, match="customer_type"):
        discover(_scored(hidden=True), known[["text"]])


def test_domains_are_no_types() -> None:
    """A way of writing that no labelled ticket has moves all types alike, and is no type of its own."""
    rng = np.random.default_rng(0)
    labels, kind = np.arange(300) % 2, np.arange(300) % 2
    space = np.vstack([np.eye(2)[labels] * 4, np.eye(2)[kind] * 4]) + rng.normal(size=(600, 2)) * 0.4
    space = np.column_stack([space, np.repeat([0.0, 9.0], [450, 150]) + rng.normal(size=600) * 0.4])
    domain = np.repeat([0, 1], [450, 150])
    free = np.arange(600) >= 300
    shares = np.vstack([np.eye(2)[labels], np.full((300, 2), 0.5)])
    mixture = fit_mixture(space, domain, shares, free, 8)
    assert (mixture.shares[300:].argmax(axis=1) == kind).mean() > 0.99
    assert abs(mixture.adjusted[450:, 2].mean() - mixture.adjusted[:450, 2].mean()) < 1


def _three_kinds(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A space of ten genres and three kinds, a third of them without labels; the labels, and the kinds."""
    rng = np.random.default_rng(seed)
    centres = np.array([[4.0, 0, 0], [0, 4, 0], [0, 0, 4]])
    kind, labels = np.arange(300) % 3, np.arange(300) % 2
    wish = np.vstack([centres[labels], centres[kind]]) + rng.normal(size=(600, 3)) * 0.4
    return np.column_stack([wish, rng.integers(0, 10, 600) * 40.0]), labels, kind


def test_a_kind_without_labels_is_the_first_candidate() -> None:
    space, labels, kind = _three_kinds(0)
    first = candidates(space, labels, kind == 2)[0]
    assert (first.members == (kind == 2)).mean() > 0.9
    assert first.surplus > 5
    assert first.evidence > LEAST_EVIDENCE


def test_a_kind_that_is_labelled_is_none() -> None:
    """However often its tickets are in question: labelled tickets would be in the group as well."""
    space, labels, kind = _three_kinds(1)
    known = np.append(labels, kind[kind == 2] - 1)
    space = np.vstack([space[:300], space[300:][kind == 2], space[300:]])
    found = candidates(space, known, (kind == 2) & (np.arange(300) % 2 == 0))
    assert all(one.evidence < LEAST_EVIDENCE for one in found)


def test_typical_words_leave_out_names_and_masked_ones() -> None:
    texts = ["李经理说不清，想咨询公积金怎么提取 13800138000"] * 6 + ["退款没到账"] * 9
    words = typical_words(texts, np.arange(15) < 6)["words"].tolist()
    assert any("公积金" in word for word in words)
    assert not any("经理" in word or "138" in word for word in words)


def _named(found: Discovery):  # type: ignore[no-untyped-def]
    return name_candidate(found, 1, "asks", "询问型", "Asking", "想弄明白。", "Wants to understand.", near=5)


def test_the_sheet_goes_out_and_comes_back(found: Discovery, tmp_path: Path) -> None:
    candidate = _named(found)
    sheet = candidate.sheet
    together = name_candidate(found, [c.number for c in found.clusters], "a", "甲", "A", "甲。", "A.", near=0)
    assert len(together.sheet) == sum(c.size for c in found.clusters)
    assert (sheet["suggestion"] == "near").sum() == 5
    assert sheet[sheet["suggestion"] == "suggested"]["closeness"].is_monotonic_decreasing
    path = write_sheet(candidate, tmp_path / "sheet.csv")
    with pytest.raises(TargetExists, match="sheet"):
        write_sheet(candidate, path)
    with pytest.raises(BadValue, match="write yes or no"):
        read_sheet(path)
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    answered = [lines[0], lines[1] + "yes", lines[2] + "否", *lines[3:]]
    path.write_text("\n".join(answered), encoding="utf-8")
    answers = read_sheet(path)
    assert answers["confirmed"].tolist() == [True, False]
    labels = confirmed_labels(_scored(hidden=True), answers, candidate)
    assert labels["customer_type"].tolist() == ["asks"]
    assert labels["text"].tolist() == [sheet["text"][0]]
    titled = _scored(hidden=True).assign(subject="")
    assert confirmed_labels(titled, answers, candidate)["text"].tolist() == labels["text"].tolist()


def test_answers_label_no_other_tickets(found: Discovery, tmp_path: Path) -> None:
    candidate, export = _named(found), _scored(hidden=True)
    path = write_sheet(candidate, tmp_path / "sheet.csv")
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    path.write_text("\n".join([lines[0], *(line + "yes" for line in lines[1:])]), encoding="utf-8")
    answers = read_sheet(path)
    assert len(confirmed_labels(export, answers, candidate)) == len(answers)
    one_more = pd.concat([export.tail(1), export], ignore_index=True)
    for other in (one_more, export.head(5), export[::-1]):
        with pytest.raises(LabellingError, match="not the text of this row of the export") as refused:
            confirmed_labels(other, answers, candidate)
        assert refused.value.faults[0].row == 2
    path.write_text(f"{lines[0]}\nfirst{lines[1][lines[1].index(',') :]}yes\n", encoding="utf-8")
    with pytest.raises(BadValue, match="row 2, column row: not a row of the export, got 'first'"):
        read_sheet(path)


def test_names_that_cannot_be(found: Discovery) -> None:
    for cluster, id, told in (
        (9, "asks", "cluster"),
        (1, "Asks!", "small letters"),
        (1, "venting", "new id"),
    ):
        with pytest.raises(BadValue, match=told):
            name_candidate(found, cluster, id, "询问型", "Asking", "想弄明白。", "Wants to understand.")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_charts(found: Discovery, lang: str) -> None:
    points = cluster_map(found, lang).to_dict()
    assert found.said(lang) == points["title"]["subtitle"]
    months = next(iter(sizes_over_time(found, lang).to_dict()["datasets"].values()))
    assert sum(row["tickets"] for row in months) == sum(c.size for c in found.clusters)
    words = typical_words(found.tickets["text"].tolist(), (found.tickets["cluster"] == 1).to_numpy())
    bars = next(iter(word_bars(words, lang).to_dict()["datasets"].values()))
    assert len(bars) == 2 * len(words) > 0


def test_the_policy_answers_for_the_type(tmp_path: Path) -> None:
    term = Term("type", "asks", "询问型", "Asking", "想弄明白。", "Wants to understand.", "discovery")
    policy = add_type(tmp_path / "policy", term, like="clarification_seeking")
    assert "asks" in policy.taxonomy.types
    codes = {name: values[0] for name, values in policy.conditions.items()}
    for mode in policy.conditions["emotional_mode"]:
        own = policy.decide_one(**codes | {"customer_type": "asks", "emotional_mode": mode})
        like = policy.decide_one(**codes | {"customer_type": "clarification_seeking", "emotional_mode": mode})
        assert (own.strategy_id, own.next_step_zh) == (like.strategy_id, like.next_step_zh)
    assert PolicyTable.read(tmp_path / "policy").version == policy.version
    with pytest.raises(BadValue, match="new id"):
        add_type(tmp_path / "policy", term)
    with pytest.raises(BadValue, match="a type of the policy"):
        add_type(tmp_path / "other", Term("type", "b", "乙", "B", "乙。", "B.", "discovery"), like="grumpy")
