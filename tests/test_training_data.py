"""The shipped tickets keep what their datasheet says, and the examples can be read."""

from __future__ import annotations

import csv
import itertools
import re
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from functools import cache

import pytest

from complaint_typing.columns import map_headers
from complaint_typing.folding import fold_text
from complaint_typing.masking import find_personal_data
from complaint_typing.resources import data_path
from complaint_typing.taxonomy import read_taxonomy
from complaint_typing.ticket_table import tickets_from_columns

COLUMNS = (
    "ticket_id,customer_id,created_at,text,channel,written_by,industry,language,resolved_at,fault_found,compensation,"
    "satisfaction,reopened,customer_type,secondary_type,emotional_mode,risk_signals,weight,sampling,collection,genre"
)
ALLOWED = {
    "channel": ["web", "app", "chat", "phone", "social", "email", "letter", "store"],
    "written_by": ["customer", "agent"],
    "language": ["zh-Hans", "zh-Hant", "en", ""],
    "fault_found": ["yes", "no", "unknown"],
    "satisfaction": ["", "1", "2", "3", "4", "5"],
    "reopened": ["0", "1"],
    "genre": ["review", "tweet", "letter", "narrative", "portal", "chat", "form", "email", "agent_note"],
}
EXAMPLES = {
    "zh_hotline.csv": ("gb18030", ","),
    "en_helpdesk.csv": ("utf-8", ","),
    "zh_hant_reviews.csv": ("utf-8-sig", ";"),
}
Row = dict[str, str]


@cache
def collections() -> dict[str, list[Row]]:
    found = {}
    for path in sorted(data_path("training").glob("*.csv")):
        with open(path, encoding="utf-8-sig", newline="") as file:
            found[path.stem] = list(csv.DictReader(file))
    return found


@cache
def rows() -> list[Row]:
    return [row for table in collections().values() for row in table]


@cache
def histories() -> dict[str, list[Row]]:
    found = defaultdict(list)
    for row in rows():
        found[row["customer_id"]].append(row)
    return dict(found)


def time(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S")


def tables(page: str) -> list[list[list[str]]]:
    """The Markdown tables of a page, as rows of cells, without the rule under the header."""
    blocks = re.findall(r"(?:^\|.*\|\n)+", page, re.M)
    return [
        [
            [cell.strip().strip("`") for cell in line.strip("|").split("|")]
            for line in block.splitlines()
            if set(line) - set("|- ")
        ]
        for block in blocks
    ]


@cache
def datasheet() -> str:
    return (data_path("training") / "README.md").read_text(encoding="utf-8")


def test_files_are_written_as_the_datasheet_says():
    for path in data_path("training").glob("*.csv"):
        content = path.read_bytes()
        assert content.startswith(b"\xef\xbb\xbf" + COLUMNS.encode() + b"\n"), path.name
        assert b"\r" not in content, path.name


def test_rows_belong_to_their_file_and_are_numbered():
    for name, table in collections().items():
        assert {row["collection"] for row in table} == {name}
        assert all(row["customer_id"].startswith(f"{name}-") for row in table)
    for customer, tickets in histories().items():
        assert [row["ticket_id"] for row in tickets] == [f"{customer}-{i + 1}" for i in range(len(tickets))]


@pytest.mark.parametrize("column", ALLOWED)
def test_values_are_of_the_contract(column):
    assert {row[column] for row in rows()} <= set(ALLOWED[column])


def test_labels_are_in_the_taxonomy():
    taxonomy = read_taxonomy()
    assert {row["customer_type"] for row in rows()} == {*taxonomy.types, "none"}
    assert {row["secondary_type"] for row in rows()} <= {"", *taxonomy.types}
    assert {row["emotional_mode"] for row in rows()} == set(taxonomy.modes)
    signals = [row["risk_signals"].split(";") for row in rows() if row["risk_signals"]]
    assert {signal for some in signals for signal in some} == set(taxonomy.signals)
    assert all(len(some) == len(set(some)) for some in signals)
    assert not [row["ticket_id"] for row in rows() if row["secondary_type"] == row["customer_type"]]


def test_times_are_in_order():
    for tickets in histories().values():
        created = [time(row["created_at"]) for row in tickets]
        assert all(a < b for a, b in itertools.pairwise(created)), tickets[0]["customer_id"]
        for row in tickets:
            assert not row["resolved_at"] or time(row["created_at"]) < time(row["resolved_at"]), row[
                "ticket_id"
            ]


def test_the_library_reads_every_value():
    tickets, report = tickets_from_columns({name: [row[name] for row in rows()] for name in rows()[0]})
    assert (len(tickets), report.bad, report.no_text) == (len(rows()), {}, [])


def test_no_text_comes_twice_even_folded():
    counts = Counter(fold_text(row["text"]) for row in rows())
    assert [text for text, count in counts.items() if count > 1] == []


def test_no_personal_data():
    assert [
        (row["ticket_id"], find_personal_data(row["text"]))
        for row in rows()
        if find_personal_data(row["text"])
    ] == []


def gate_is_open(row: Row, history: list[Row]) -> bool:
    """The abuse gate, counted ticket by ticket from the row's own customer."""
    now = time(row["created_at"])
    earlier = [other for other in history if now - timedelta(days=365) <= time(other["created_at"]) < now]
    resolved = [other for other in earlier if other["resolved_at"] and time(other["resolved_at"]) < now]
    paid = [other for other in resolved if float(other["compensation"]) > 0]
    unproven = [other for other in resolved if other["fault_found"] in ("no", "unknown")]
    return (len(earlier) >= 3 or len(paid) >= 2) and 0 < len(resolved) <= 2 * len(unproven)


def test_every_repeat_abuser_has_the_history_for_it():
    abusers = [row for row in rows() if row["customer_type"] == "repeat_abuser"]
    assert len(abusers) > 200
    assert [
        row["ticket_id"] for row in abusers if not gate_is_open(row, histories()[row["customer_id"]])
    ] == []


def test_hard_negatives_are_never_repeat_abusers():
    listed = next(table for table in tables(datasheet()) if table[0][0] == "hard_negatives")
    customers = [f"{name}-{number}" for name, numbers in listed[1:] for number in numbers.split(", ")]
    assert len(customers) == 60
    types = {customer: {row["customer_type"] for row in histories()[customer]} for customer in customers}
    assert [customer for customer, some in types.items() if "repeat_abuser" in some] == []


def test_counts_by_label_in_the_datasheet_are_right():
    stated = {table[0][0]: table[1:] for table in tables(datasheet()) if table[0][1:] == ["tickets", "share"]}
    assert set(stated) == {"customer_type", "emotional_mode", "risk_signals", "language", "genre"}
    for column, lines in stated.items():
        counts = Counter(value for row in rows() for value in row[column].split(";") if value)
        assert {value: (int(n), share) for value, n, share in lines} == {
            value: (n, f"{n / len(rows()):.1%}") for value, n in counts.items()
        }


def test_collections_in_the_datasheet_are_right():
    listed = next(
        table for table in tables(datasheet()) if table[0][0] == "collection" and len(table[0]) == 5
    )
    assert {name: (languages, int(n), int(customers)) for name, languages, n, customers, _ in listed[1:]} == {
        name: (
            ", ".join(sorted({row["language"] for row in table} - {""}, reverse=True)),
            len(table),
            len({row["customer_id"] for row in table}),
        )
        for name, table in collections().items()
    }


def test_totals_in_the_datasheet_are_right():
    several = sum(len(tickets) > 1 for tickets in histories().values())
    second = sum(bool(row["secondary_type"]) for row in rows())
    abusers = sum(row["customer_type"] == "repeat_abuser" for row in rows())
    page = " ".join(datasheet().split())
    for sentence in (
        f"{len(rows())} 条，来自 {len(histories())} 位虚构客户，分成 {len(collections())} 个语料集",
        f"{len(rows())} tickets of {len(histories())} invented customers in {len(collections())} collections",
        f"{several} customers have a history of several tickets",
        f"A second type is given on {second} tickets",
        f"All {abusers} tickets labelled `repeat_abuser`",
    ):
        assert sentence in page


def example(name: str) -> tuple[list[str], list[list[str]]]:
    encoding, separator = EXAMPLES[name]
    with open(data_path("examples") / name, encoding=encoding, newline="") as file:
        header, *body = csv.reader(file, delimiter=separator)
    return header, body


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_are_read_without_a_bad_value(name):
    header, body = example(name)
    columns = {column: [row[i] for row in body] for column, i in map_headers(header).items()}
    tickets, report = tickets_from_columns(columns)
    assert {"ticket_id", "customer_id", "created_at", "text"} <= columns.keys()
    without_text = 0 if name == "zh_hotline.csv" else 1
    assert (len(tickets), report.bad, len(report.no_text)) == (len(body), {}, without_text)


def test_the_answer_key_covers_the_examples_and_all_types():
    page = (data_path("examples") / "README.md").read_text(encoding="utf-8")
    files, key = tables(page)
    assert {row[0]: int(row[4]) for row in files[1:]} == {name: len(example(name)[1]) for name in EXAMPLES}
    assert [row[0] for row in key[1:]] == [row[0] for name in EXAMPLES for row in example(name)[1]]
    assert {row[1] for row in key[1:]} == {*read_taxonomy().types, "none", "(no text)"}


def test_examples_are_not_taken_from_the_training_texts():
    shown = {
        fold_text(cell) for name in EXAMPLES for row in example(name)[1] for cell in row if len(cell) > 12
    }
    assert shown & {fold_text(row["text"]) for row in rows()} == set()
