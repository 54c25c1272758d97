"""Swapped mentions: every way is said, spans say where, and the shipped model holds the bar."""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaint_typing.artifact import load_model
from complaint_typing.errors import BadValue
from complaint_typing.folding import fold_texts
from complaint_typing.resources import data_path
from complaint_typing.taxonomy import read_taxonomy
from complaint_typing.workbench.fairness import MOVED_AT_MOST, audit_fairness, versions

CASES = data_path("audits") / "counterfactuals.csv"


def cases():
    with open(CASES, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_shipped_tickets_have_every_type_language_and_attribute():
    found = cases()
    assert len(found) >= 150
    assert len({row["text"] for row in found}) == len(found)
    assert min(Counter(row["customer_type"] for row in found).values()) >= 15
    assert {row["customer_type"] for row in found} == set(read_taxonomy().types)
    per = Counter(
        (row["language"], v.attribute) for row in found for v in versions(row["text"]) if not v.choice
    )
    assert set(per) == {
        (language, attribute)
        for language in ("zh-Hans", "zh-Hant", "en")
        for attribute in ("age", "gender", "job", "name", "region")
    }
    assert min(per.values()) >= 8


def test_every_swap_differs_only_in_its_mentions():
    for row in cases():
        plain = re.split(r"\{\w+\|[^{}]*\}", row["text"])
        said = {v.text for v in versions(row["text"])}
        assert len(said) == 1 + sum(v.choice > 0 for v in versions(row["text"]))
        assert all(part in text for text in said for part in plain)


WORD = st.text("abc中文", min_size=1, max_size=4)


@given(st.lists(st.tuples(WORD, st.sampled_from(["age", "name"]), WORD, WORD), min_size=1, max_size=5), WORD)
def test_spans_are_where_the_mention_stands(parts, end):
    text = "".join(f"{before}{{{name}|{one}|{other}}}" for before, name, one, other in parts) + end
    for version in versions(text):
        said = [part[2 + version.choice] for part in parts if part[1] == version.attribute]
        assert [version.text[a:b] for a, b in version.spans] == said
        kept = "".join(before + (one if name != version.attribute else "") for before, name, one, _ in parts)
        without = version.text
        for a, b in reversed(version.spans):
            without = without[:a] + without[b:]
        assert without == kept + end


@pytest.mark.parametrize("text", ["none", "{age|only}", "{age|1|2} and {age|1|2|3}"])
def test_mentions_that_do_not_fit_are_refused(text):
    with pytest.raises(BadValue, match="a text with mentions to swap"):
        list(versions(text))


def test_fewer_than_three_in_a_hundred_types_move():
    report = audit_fairness(load_model(data_path("model")))
    assert report.share < 0.03
    assert report.passed == (report.share < MOVED_AT_MOST)
    assert report.tickets == len(cases())
    assert sum(g["tickets"] for g in report.groups if g["by"] == "language") == report.tickets


def test_a_model_that_reads_gender_is_found_out(model, tmp_path):
    path = tmp_path / "cases.csv"
    path.write_text(
        "ticket_id,language,text\n"
        "1,en,{gender|Router|Voucher} wanted\n"
        "2,en,My parcel came {age|late|late!}. I want an apology.\n",
        encoding="utf-8",
    )
    told = {"Router": "resolution_seeking", "Voucher": "compensation_seeking"}
    weights = model.weights.copy()
    for word, type_ in told.items():
        hits = model.views(fold_texts([word]))[0]
        weights[hits.row, model.types.index(type_)] += 20
    report = audit_fairness(replace(model, weights=weights), path)
    assert (report.tickets, report.texts, report.moved, report.passed) == (2, 4, 1, False)
    (first, *_) = report.largest
    assert (first.before, first.after, first.attribute, first.type_moved) == (
        "Router",
        "Voucher",
        "gender",
        True,
    )
    assert first.spans == ((0, 7),)
    assert np.isclose(first.size, abs(first.probability_after - first.probability_before))
    assert report.to_dict()["share"] == 0.5
