"""`compare` on the command line: its page, its JSON, its file, its exit status."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from model_folders import rewritten

from complaint_typing.artifact import load_model, save_model
from complaint_typing.cli import cli
from complaint_typing.model import Model


@pytest.fixture(scope="module")
def labelled(corpus: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("labelled") / "may.csv"
    table = corpus.drop(columns="collection").assign(ticket_id=[f"=T{i}" for i in range(len(corpus))])
    table.loc[0, "text"] += " 13800138091"
    table.to_csv(path, index=False, encoding="utf-8-sig")
    return path


@pytest.fixture(scope="module")
def worse(model: Model, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that takes refunds for venting, has lost its gate, and knows no apology."""
    swapped = {"resolution_seeking": "venting", "venting": "resolution_seeking", "respect_seeking": "my_type"}
    types = tuple(swapped.get(name, name) for name in model.types)
    folder = tmp_path_factory.mktemp("worse") / "model"
    save_model(replace(model, types=types, info={}), folder)
    return rewritten(folder, gated=[])


def test_own_terms_of_a_model_may_be_labels(model: Model, corpus: pd.DataFrame, tmp_path: Path) -> None:
    own = replace(model, modes=("calm", *model.modes[1:]), info={})
    save_model(own, tmp_path / "model")
    table = corpus.assign(emotional_mode=corpus["emotional_mode"].replace(model.modes[0], "calm"))
    table.to_csv(tmp_path / "labelled.csv", index=False)
    code, out, err = run(tmp_path / "model", tmp_path / "model", tmp_path / "labelled.csv")
    assert code == 0, out + err


def run(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(cli, ["compare", *map(str, arguments)])
    return result.exit_code, result.stdout, result.stderr


def test_a_model_may_take_its_own_place(saved: Path, labelled: Path) -> None:
    code, out, _ = run(saved, saved, labelled, "--lang", "en")
    assert code == 0, out
    assert "No ticket is answered otherwise." in out
    assert "No winner" in out
    assert "All guards hold." in out


def test_a_worse_model_is_refused_with_reasons(
    saved: Path, worse: Path, labelled: Path, tmp_path: Path
) -> None:
    target = tmp_path / "changed.csv"
    code, out, _ = run(saved, worse, labelled, "--lang", "zh", "--changed", target)
    assert code == 1
    for told in (
        "新模型更差",
        "不再有门槛：重复滥诉型",
        "新模型多出的类型：my_type",
        "有守则失守：不要替换",
        "渴望尊重型",
    ):
        assert told in out
    with open(target, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["side"] for row in rows} <= {"to_wrong", "to_right", "both_wrong", "same_type"}
    assert rows[0]["side"] == "to_wrong"
    assert all(row["ticket_id"].startswith("'=T") for row in rows)
    masked = next(row for row in rows if row["ticket_id"] == "'=T0")
    assert "13800138091" not in target.read_text(encoding="utf-8-sig") + out
    assert "[phone …91]" in masked["text"]


def test_json_has_the_numbers_and_who_has_read_what(saved: Path, worse: Path, labelled: Path) -> None:
    code, out, _ = run(saved, worse, labelled, "--json")
    found = json.loads(out)
    assert (code, found["passed"], found["verdict"], found["resampled_by"]) == (1, False, "worse", "ticket")
    assert found["added"] == ["my_type"]
    assert found["removed"] == ["respect_seeking"]
    assert found["trained_on"]["new"] == {"says": False, "same_file": 0, "same_name": 0}
    figures = {row["figure"]: row for row in found["figures"]}
    shared = {row["figure"]: row for row in found["shared"]}
    assert figures["accuracy"]["new"] < figures["accuracy"]["old"]
    assert shared["accuracy"]["new"] > figures["accuracy"]["new"]
    assert found["to_wrong"] - found["to_right"] == pytest.approx(
        (figures["accuracy"]["old"] - figures["accuracy"]["new"]) * (found["tickets"] - found["none"])
    )
    assert len(found["changed"]) >= found["to_right"] + found["to_wrong"]
    assert found["microseconds"]["ratio"] > 0


def test_labels_of_an_own_type_are_read(saved: Path, worse: Path, labelled: Path, tmp_path: Path) -> None:
    table = pd.read_csv(labelled, dtype=str).fillna("")
    mine = np.where(table["customer_type"] == "respect_seeking", "my_type", table["customer_type"])
    table.assign(customer_type=mine).to_csv(tmp_path / "own.csv", index=False)
    found = json.loads(run(saved, worse, tmp_path / "own.csv", "--json")[1])
    (row,) = [r for r in found["per_type"] if (r["type"], r["figure"]) == ("my_type", "recall")]
    assert row["old"] == 0
    assert row["new"] > 0.8


def test_tickets_it_was_trained_on_are_told_and_can_be_left_out(
    model: Model, labelled: Path, tmp_path: Path
) -> None:
    digest = sha256(labelled.read_bytes()).hexdigest()
    save_model(replace(model, info={"data": {"may.csv": digest}}), tmp_path / "read")
    rest = labelled.parent / "june.csv"
    pd.read_csv(labelled, dtype=str).iloc[:60].to_csv(rest, index=False)
    code, out, _ = run(tmp_path / "read", tmp_path / "read", labelled, rest, "--unseen", "--json")
    assert (code, json.loads(out)["tickets"]) == (0, 60)
    code, _, err = run(tmp_path / "read", tmp_path / "read", labelled, "--unseen")
    assert code == 2
    assert "neither model was trained on" in err
    out = run(tmp_path / "read", tmp_path / "read", labelled, "--lang", "en")[1]
    told = " ".join(out.split())
    assert "CAUTION: the new model was trained on 102 of these tickets" in told
    assert "renamed and saved anew is not recognised" in told
    table = pd.read_csv(labelled, dtype=str)
    elsewhere = {"renamed": tmp_path / "june.xlsx", "kept back": tmp_path / "may.csv"}
    table.to_excel(elsewhere["renamed"], index=False)
    table.tail(30).to_csv(elsewhere["kept back"], index=False)
    out = " ".join(run(tmp_path / "read", tmp_path / "read", elsewhere["renamed"], "--lang", "en")[1].split())
    assert "CAUTION" not in out
    assert "renamed and saved anew is not recognised" in out
    out = " ".join(
        run(tmp_path / "read", tmp_path / "read", elsewhere["kept back"], "--lang", "en")[1].split()
    )
    assert "may have read 30" in out
    assert "those kept back from training included" in out


def test_what_cannot_be_compared(saved: Path, labelled: Path, tmp_path: Path) -> None:
    assert run(saved, tmp_path / "nowhere", labelled)[0] == 2
    assert "name one, or `shipped`" in run(saved, tmp_path / "nowhere", labelled)[2]
    assert run(saved, tmp_path, labelled)[0] == 2
    unlabelled = tmp_path / "plain.csv"
    unlabelled.write_text("text\nhello\n", encoding="utf-8")
    code, _, err = run(saved, saved, unlabelled)
    assert code == 2
    assert "customer_type" in err


def test_what_ships_has_the_same_two_names_everywhere(labelled: Path) -> None:
    few = labelled.parent / "few.csv"
    pd.read_csv(labelled, dtype=str).iloc[:20].to_csv(few, index=False)
    code, out, _ = run("-", "shipped", few, "--json")
    found = json.loads(out)
    assert code == 0
    assert found["old_version"] == found["new_version"] == load_model().version
