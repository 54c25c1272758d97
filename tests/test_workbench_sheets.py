"""What goes out to labellers comes back whole, all faults are told at once, and training takes it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from complaint_typing.errors import BadValue, MissingColumns, TargetExists, UnreadableInput
from complaint_typing.label_terms import Terms
from complaint_typing.labels import read_labelled
from complaint_typing.taxonomy import Taxonomy, Term, read_taxonomy
from complaint_typing.workbench.agreement import agreed_labels, with_labels
from complaint_typing.workbench.errors import LabellingError
from complaint_typing.workbench.label_studio import (
    label_studio_config,
    read_label_studio,
    write_label_studio,
)
from complaint_typing.workbench.labelling_sheet import read_labelling_sheet, write_labelling_sheet
from complaint_typing.workbench.pool import ticket_keys

TICKETS = pd.DataFrame(
    {
        "ticket_id": ["007", "=2+3", "1.1E+17", "b4"],
        "text": [
            "call 138-0013-8091\r\nnow",
            "=1+1 第二行\n停电三天",
            "'quoted', \"twice\"",
            "@me −5 \x07 bell",
        ],
        "top_type": ["venting", "respect_seeking", "none", "my_type"],
        "p_top": [0.5, 0.4, 0.3, 0.2],
    }
)


def _fill(path: Path, told: dict[str, dict[str, str]]) -> None:
    """As a labeller does it: by id, in the columns with these names."""
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        sheet = book["labels"]
        header = [cell.value for cell in sheet[1]]
        for row in sheet.iter_rows(min_row=2):
            for column, value in told.get(row[0].value, {}).items():
                row[header.index(column)].value = value
        book.save(path)
    else:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
        for i, key in enumerate(frame["ticket_id"]):
            for column, value in told.get(key.lstrip("'"), {}).items():
                frame.loc[i, column] = value
        frame.to_csv(path, index=False, encoding="gb18030")


@pytest.mark.parametrize("name", ["anna.xlsx", "anna.csv"])
def test_a_sheet_comes_back(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    write_labelling_sheet(TICKETS, path)
    told = {
        "007": {"customer_type": "渴望尊重型", "secondary_type": "Venting", "note": "unsure"},
        "=2+3": {
            "customer_type": "resolution_seeking",
            "emotional_mode": read_taxonomy().name("rational", "zh"),
        },
        "b4": {"customer_type": "不是投诉"},
    }
    _fill(path, told)
    found = read_labelling_sheet(path, TICKETS).set_index("ticket_id")
    assert found.index.tolist() == ["007", "=2+3", "b4"]
    assert found["customer_type"].tolist() == ["respect_seeking", "resolution_seeking", "none"]
    assert found.loc["007", ["labeller", "secondary_type", "note", "row"]].tolist() == [
        "anna",
        "venting",
        "unsure",
        2,
    ]
    assert found.loc["=2+3", "emotional_mode"] == "rational"


def test_a_workbook_has_lists_a_guide_and_no_formulas(tmp_path: Path) -> None:
    path = tmp_path / "queue.xlsx"
    write_labelling_sheet(TICKETS, path, lang="en")
    book = openpyxl.load_workbook(path)
    sheet, guide = book["labels"], book["guide"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}
    assert sheet["A2"].value == "007"
    assert "8091" not in str(sheet["B2"].value)
    header = [cell.value for cell in sheet[1]]
    rules = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    first, last = rules["C2:C5"].replace("$", "").removeprefix("guide!").split(":")
    names = [row[0].value for row in guide[first:last]]
    taxonomy = read_taxonomy()
    assert header[2] == "customer_type"
    assert names == [*(taxonomy.name(t, "en") for t in taxonomy.types), "No complaint"]
    meanings = {row[1].value: row[4].value for row in guide.iter_rows(min_row=4)}
    assert meanings["venting"] == taxonomy.meaning("venting", "zh")
    assert len(rules) == 3


def test_all_faults_are_told_at_once_with_their_rows(tmp_path: Path) -> None:
    path = tmp_path / "bo.csv"
    rows = [
        ("007", "call [phone …91] now", "angry"),
        ("=2+3", "another text", "venting"),
        ("=2+3", "=1+1 第二行 停电三天", "venting"),
        ("999", "never sent", "venting"),
    ]
    pd.DataFrame(rows, columns=["ticket_id", "text", "customer_type"]).to_csv(path, index=False)
    with pytest.raises(LabellingError, match=r"bo\.csv: 6 faults; nothing was taken over") as caught:
        read_labelling_sheet(path, TICKETS)
    told = [(fault.row, fault.column) for fault in caught.value.faults]
    assert told == [
        (2, "customer_type"),
        (3, "text"),
        (4, "ticket_id"),
        (5, "ticket_id"),
        (None, "ticket_id"),
        (None, "ticket_id"),
    ]
    assert "use one of resolution_seeking" in str(caught.value)
    part = pd.DataFrame(rows[:1], columns=["ticket_id", "text", "customer_type"]).assign(
        customer_type="Venting"
    )
    part.to_csv(path, index=False)
    assert len(read_labelling_sheet(path, TICKETS, "Bo", complete=False)) == 1


@pytest.mark.parametrize("encoding", ["gbk", "cp950"])
def test_characters_that_a_national_encoding_lacks_keep_no_label_back(tmp_path: Path, encoding: str) -> None:
    sent = pd.DataFrame({"ticket_id": ["1", "2"], "text": ["停了😡三天 ñ", "😡😡 why?"]})
    path = tmp_path / "anna.csv"

    def saved(texts: list[str]) -> None:
        lines = [
            "ticket_id,text,customer_type,note",
            *(f"{i + 1},{t},venting,客戶" for i, t in enumerate(texts)),
        ]
        path.write_bytes("\r\n".join(lines).encode(encoding, "replace"))

    saved(["停了??三天 ñ", "???? why?"])
    assert read_labelling_sheet(path, sent)["customer_type"].tolist() == ["venting"] * 2
    saved(["???? why?", "停了??三天 ñ"])
    with pytest.raises(LabellingError, match="2 faults"):
        read_labelling_sheet(path, sent)


def test_labels_are_understood_however_they_are_written() -> None:
    terms = Terms(read_taxonomy())
    for written in (
        "實質解決型",
        "Resolution-seeking",
        "RESOLUTION  SEEKING",
        "ｒｅｓｏｌｕｔｉｏｎ＿ｓｅｅｋｉｎｇ",
        "实质解决型。",
    ):
        assert terms.understood("customer_type", written) == "resolution_seeking"
    assert terms.understood("customer_type", "?") is None
    two = [Term("type", id, name, name, "x", "x", "ours") for id, name in (("five", "5G"), ("plus", "5G+"))]
    own = Terms(Taxonomy((*read_taxonomy().terms, *two)))
    assert [own.understood("customer_type", name) for name in ("5G", "5G+", "５Ｇ")] == ["five", "plus", None]


def test_sheets_that_cannot_be_are_refused(tmp_path: Path) -> None:
    with pytest.raises(MissingColumns, match="no column found for: ticket_id"):
        write_labelling_sheet(TICKETS[["text"]], tmp_path / "a.csv")
    with pytest.raises(BadValue, match="row 2, column ticket_id: not filled and in one row only"):
        write_labelling_sheet(TICKETS.assign(ticket_id="1"), tmp_path / "a.csv")
    with pytest.raises(BadValue, match=r"name it .xlsx or .csv"):
        write_labelling_sheet(TICKETS, tmp_path / "a.ods")
    (tmp_path / "filled.xlsx").write_bytes(b"labels of a day")
    with pytest.raises(TargetExists, match="already there and left as it is"):
        write_labelling_sheet(TICKETS, tmp_path / "filled.xlsx")
    assert (tmp_path / "filled.xlsx").read_bytes() == b"labels of a day"
    (tmp_path / "b.csv").write_text("text\nhello\n")
    with pytest.raises(MissingColumns, match="ticket_id, customer_type"):
        read_labelling_sheet(tmp_path / "b.csv", TICKETS)


@given(texts=st.lists(st.text(min_size=1), min_size=1, max_size=4), ids=st.data())
@settings(max_examples=6)
def test_no_text_and_no_id_is_lost(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], ids: Any
) -> None:
    """Whatever the texts, a filled sheet comes back without a fault."""
    letters = st.text("0123456789=+-@AZ", min_size=1, max_size=6)
    keys = ids.draw(st.lists(letters, min_size=len(texts), max_size=len(texts), unique=True))
    tickets = pd.DataFrame({"ticket_id": keys, "text": ["a " + text for text in texts]})
    path = tmp_path_factory.mktemp("sheets") / "who.csv"
    write_labelling_sheet(tickets, path)
    lines = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    lines.assign(customer_type="venting").to_csv(path, index=False, encoding="utf-8-sig")
    assert read_labelling_sheet(path, tickets)["ticket_id"].tolist() == keys


def _annotated(tasks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What Label Studio exports as JSON of these tasks: two annotators, one skips, one leaves out."""

    def result(name: str, choice: str) -> dict[str, Any]:
        return {"from_name": name, "to_name": "text", "type": "choices", "value": {"choices": [choice]}}

    done = []
    for i, task in enumerate(tasks, start=1):
        first = {
            "id": 10 + i,
            "completed_by": {"id": 1, "email": "anna@example.com"},
            "was_cancelled": i == 2,
            "result": [result("customer_type", "渴望尊重型"), result("emotional_mode", "Rational")],
            "created_at": "2026-03-01T10:00:00Z",
            "updated_at": "2026-03-02T10:00:00Z",
        }
        second = {"id": 20 + i, "completed_by": 2, "was_cancelled": False, "result": []}
        if i != 3:
            note = {"from_name": "note", "to_name": "text", "type": "textarea", "value": {"text": ["hm"]}}
            second["result"] = [result("customer_type", "venting"), note]
        done.append({"id": i, **task, "annotations": [first, second], "project": 1})
    return done


def test_label_studio_json_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "tasks.json"
    write_label_studio(TICKETS, path, model_version="m1")
    tasks = json.loads(path.read_text(encoding="utf-8"))
    assert tasks[0]["data"] == {"ticket_id": "007", "text": "call [phone …91]\nnow"}
    assert tasks[0]["predictions"][0]["result"][0]["value"] == {"choices": ["情绪宣泄型"]}
    assert tasks[0]["predictions"][0]["model_version"] == "m1"
    assert tasks[2]["predictions"][0]["result"][0]["value"] == {"choices": ["不是投诉"]}
    assert "predictions" not in tasks[3]
    path.write_text(json.dumps(_annotated(tasks)), encoding="utf-8")
    found = read_label_studio(path, TICKETS)
    assert found.loc[found["labeller"] == "anna", "ticket_id"].tolist() == ["007", "1.1E+17", "b4"]
    assert found.loc[found["labeller"] == "2", "ticket_id"].tolist() == ["007", "=2+3", "b4"]
    assert set(found.loc[found["labeller"] == "anna", "customer_type"]) == {"respect_seeking"}
    assert set(found.loc[found["labeller"] == "anna", "emotional_mode"]) == {"rational"}
    assert found.loc[found["labeller"] == "2", "note"].tolist() == ["hm"] * 3


def test_label_studio_json_min_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "min.json"
    shown = {
        "id": 1,
        "ticket_id": "007",
        "text": "call [phone …91] now",
        "annotation_id": 4,
        "lead_time": 2.5,
    }
    rows = [
        {**shown, "customer_type": "Venting", "annotator": "anna@example.com"},
        {**shown, "customer_type": {"choices": ["Respect seeking"]}, "annotator": 7, "note": "why"},
    ]
    path.write_text(json.dumps(rows), encoding="utf-8")
    found = read_label_studio(path, TICKETS)
    assert found["labeller"].tolist() == ["anna", "7"]
    assert found["customer_type"].tolist() == ["venting", "respect_seeking"]
    assert found["note"].tolist() == ["", "why"]


def test_annotators_whose_addresses_begin_alike_stay_two(tmp_path: Path) -> None:
    path, shown = tmp_path / "min.json", {"ticket_id": "007", "text": "call [phone …91] now"}
    said = {"li.wei@shop.cn": "venting", "li.wei@agency.com": "respect_seeking", "bo@shop.cn": "venting"}
    rows = [{**shown, "customer_type": name, "annotator": who} for who, name in said.items()]
    path.write_text(json.dumps(rows), encoding="utf-8")
    found = read_label_studio(path, TICKETS)
    assert found["labeller"].tolist() == ["li.wei (2)", "li.wei (1)", "bo"]
    assert found["customer_type"].tolist() == [*said.values()]


def test_faults_of_label_studio_are_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    good = {"ticket_id": "007", "text": "call [phone …91] now", "annotator": 1, "customer_type": "venting"}
    rows = [
        good,
        {**good, "customer_type": "high_energy"},
        {**good, "ticket_id": "999"},
        {**good, "annotator": 2, "text": "changed"},
        {**good, "annotator": 3, "customer_type": {"choices": ["venting", "high_energy"]}},
    ]
    path.write_text(json.dumps(rows), encoding="utf-8")
    with pytest.raises(LabellingError, match="4 faults") as caught:
        read_label_studio(path, TICKETS)
    assert [fault.row for fault in caught.value.faults] == [2, 3, 4, 5]
    for content, reason in (
        (b"{", "it is no JSON"),
        (b"[1]", "no list of tasks"),
        (b"[" * 99999, "it is no JSON"),
        (b'[{"data": null, "annotations": []}]', "no list of tasks"),
        (b'[{"data": {}, "annotations": "x"}]', "no list of tasks"),
        (b'[{"data": {}, "annotations": [{"result": [null]}]}]', "no list of tasks"),
        (b'[{"data": {}, "annotations": [{"result": [{"value": 3}]}]}]', "no list of tasks"),
    ):
        path.write_bytes(content)
        with pytest.raises(UnreadableInput, match=reason):
            read_label_studio(path, TICKETS)
    with pytest.raises(UnreadableInput, match="check its path"):
        read_label_studio(tmp_path / "none.json", TICKETS)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_interface_names_every_label(lang: str) -> None:
    view = ElementTree.fromstring(label_studio_config(lang))
    taxonomy = read_taxonomy()
    assert view.find("Text").attrib == {"name": "text", "value": "$text"}  # type: ignore[union-attr]
    asked = {each.attrib["name"]: [c.attrib["value"] for c in each] for each in view.iter("Choices")}
    assert asked["customer_type"][:-1] == [taxonomy.name(t, lang) for t in taxonomy.types]
    assert asked["emotional_mode"] == [taxonomy.name(m, lang) for m in taxonomy.modes]
    assert {each.attrib["toName"] for each in view.iter("Choices")} == {"text"}


def test_training_reads_what_came_back(tmp_path: Path) -> None:
    path = tmp_path / "anna.xlsx"
    write_labelling_sheet(TICKETS, path)
    _fill(path, {"007": {"customer_type": "渴望尊重型"}, "b4": {"customer_type": "Venting"}})
    labels = agreed_labels(read_labelling_sheet(path, TICKETS))
    with_labels(TICKETS, labels, ticket_keys(TICKETS)).to_csv(tmp_path / "mine.csv", index=False)
    found = read_labelled([tmp_path / "mine.csv"])
    assert found["customer_type"].tolist() == ["respect_seeking", "venting"]
    assert found["ticket_id"].tolist() == ["007", "b4"]
    assert "138-0013-8091" in found["text"].iloc[0]
