"""The tickets kept back from training are what their datasheet says, and strangers to the corpus."""

from __future__ import annotations

import csv
import re
from collections import Counter
from functools import cache

from complaint_typing.folding import fold_text
from complaint_typing.labels import read_labelled
from complaint_typing.masking import find_personal_data
from complaint_typing.resources import data_path
from complaint_typing.taxonomy import read_taxonomy


@cache
def rows() -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for path in sorted(data_path("held_out").glob("*.csv")):
        with open(path, encoding="utf-8-sig", newline="") as file:
            found += csv.DictReader(file)
    return found


@cache
def datasheet() -> str:
    return data_path("held_out/README.md").read_text(encoding="utf-8")


def test_they_are_read_as_labelled_tickets():
    assert len(read_labelled([data_path("held_out")], read_taxonomy())) == len(rows())


def test_no_text_stands_twice_or_in_the_training_corpus():
    trained = set()
    for path in data_path("training").glob("*.csv"):
        with open(path, encoding="utf-8-sig", newline="") as file:
            trained |= {fold_text(row["text"]) for row in csv.DictReader(file)}
    counts = Counter(fold_text(row["text"]) for row in rows())
    assert [text for text, n in counts.items() if n > 1 or text in trained] == []


def test_collections_are_none_of_the_corpus():
    assert not {row["collection"] for row in rows()} & {
        path.stem for path in data_path("training").glob("*.csv")
    }


def test_no_personal_data():
    assert [row["ticket_id"] for row in rows() if find_personal_data(row["text"])] == []


def test_counts_in_the_datasheet_are_right():
    customers = {row["customer_id"] for row in rows()}
    assert f"{len(rows())} tickets of {len(customers)} invented customers" in datasheet()
    for column in ("customer_type", "emotional_mode", "genre", "language", "risk_signals"):
        counts = Counter(value for row in rows() for value in row[column].split(";") if value)
        (table,) = re.findall(rf"^\| {column} \| tickets \|\n\|---\|---\|\n((?:\|.*\n)+)", datasheet(), re.M)
        assert dict(re.findall(r"\| (\S+) \| (\d+) \|", table)) == {k: str(n) for k, n in counts.items()}
    listed = re.findall(r"^\| (G\d+) \| .* \| (\d+) \|", datasheet(), re.M)
    assert {k: int(n) for k, n in listed} == Counter(row["collection"] for row in rows())
