"""The audits from the command line: tables in two languages, JSON, and an exit status that tells."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from complaint_typing.artifact import load_model, save_model
from complaint_typing.cli import cli
from complaint_typing.model_card import model_card
from complaint_typing.resources import data_path


def run(*arguments):
    return CliRunner().invoke(cli, ["audit", *map(str, arguments)], catch_exceptions=False)


@pytest.fixture(scope="module")
def labelled(tmp_path_factory, corpus):
    path = tmp_path_factory.mktemp("audit") / "labelled.csv"
    corpus.iloc[:30].assign(genre="form").drop(columns=list(corpus.filter(like="history_"))).to_csv(
        path, index=False
    )
    return path


def test_the_shipped_model_keeps_the_bar_of_fairness():
    shown = run("fairness", "--lang", "en")
    assert shown.exit_code == 0
    assert "157 tickets" in shown.output
    assert "passed" in shown.output
    assert "zh-Hant" in shown.output
    told = json.loads(run("fairness", "--json").output)
    assert told["tickets"] == 157
    assert told["share"] < told["bar"] == 0.01


def test_a_model_that_fails_exits_with_1(tmp_path, model):
    cases = tmp_path / "cases.csv"
    cases.write_text(
        "ticket_id,language,text\n1,zh,{name|请退还多扣的费用。|你们必须道歉，态度太差。}\n", encoding="utf-8"
    )
    save_model(model, tmp_path / "model")
    shown = run("fairness", cases, "--model", tmp_path / "model", "--lang", "en")
    assert shown.exit_code == 1
    assert "missed" in shown.output


def test_parity_and_shortcuts_are_told(tmp_path, model, labelled):
    save_model(model, tmp_path / "model")
    parity = run("parity", labelled, "--model", tmp_path / "model", "--lang", "zh")
    assert "转半角" in parity.output
    assert parity.exit_code == (0 if "：通过" in parity.output else 1)
    shortcuts = run("shortcuts", labelled, "--model", tmp_path / "model", "--lang", "en")
    assert shortcuts.exit_code == 0
    assert "handles" in shortcuts.output
    assert "n-gram" in shortcuts.output
    assert json.loads(run("shortcuts", labelled, "--model", tmp_path / "model", "--json").output)["masked"]


def test_the_card_is_the_models():
    assert run("card").output == model_card(load_model(data_path("model")))


def test_files_of_strangers_are_read_with_the_models_terms_and_the_options_of_reading(
    tmp_path, model, corpus
):
    own = replace(model, types=tuple({"venting": "my_type"}.get(name, name) for name in model.types))
    save_model(own, tmp_path / "model")
    table = corpus.iloc[:30].assign(kind="my_type", text=["", *corpus["text"].iloc[1:30]])[["text", "kind"]]
    table.to_csv(tmp_path / "labelled.csv", index=False)
    told = [tmp_path / "labelled.csv", "--model", tmp_path / "model", "--map", "customer_type=kind"]
    for name in ("parity", "shortcuts"):
        shown = run(name, *told, "--lang", "en")
        assert shown.exit_code in (0, 1)
        assert "left out: 1" in shown.stderr


@pytest.mark.parametrize("name", ["fairness", "parity", "shortcuts"])
def test_nothing_to_judge_is_no_success(name, tmp_path):
    (tmp_path / "none.csv").write_text("text,customer_type\n", encoding="utf-8")
    shown = run(name, tmp_path / "none.csv")
    assert (shown.exit_code, shown.stdout) == (2, "")
    assert "no row" in shown.stderr or "no such row" in shown.stderr


def test_cases_without_ids_and_languages_are_told_by_their_rows(tmp_path, model):
    moved = "{name|请退还多扣的费用。|你们必须道歉，态度太差。}"
    (tmp_path / "cases.csv").write_text(
        f"text,history_known\n{moved},TRUE\n{moved},False\n", encoding="utf-8"
    )
    save_model(model, tmp_path / "model")
    told = json.loads(run("fairness", tmp_path / "cases.csv", "--model", tmp_path / "model", "--json").output)
    assert (told["tickets"], told["moved"], told["moved_ids"]) == (2, 2, ["row 1", "row 2"])
    assert {group["by"] for group in told["groups"]} == {"attribute"}


def test_a_card_gives_a_terminal_nothing_to_obey(tmp_path, model):
    save_model(replace(model, info={"n_tickets": "\x1b]0;hi\x07"}), tmp_path / "model")
    assert "\x1b" not in run("card", "--model", tmp_path / "model").output
