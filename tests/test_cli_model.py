"""`complaint-typing model`: what people and scripts get to see."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import pytest
from click.testing import CliRunner, Result
from golden_models import GOLDEN
from model_folders import rewritten

from complaint_typing.artifact import CARD, load_model, save_model
from complaint_typing.cli import cli
from complaint_typing.resources import data_path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["model", *map(str, arguments)])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_show_names_types_thresholds_and_sizes(lang, saved):
    shown = run("show", "--lang", lang)
    assert shown.exit_code == 0
    model = load_model(data_path("model"))
    for fact in (model.version, *model.types, *model.signals, f"{model.thresholds.decide:.4g}", "MB"):
        assert fact in shown.output
    assert {"zh": "渴望尊重型", "en": "Respect"}[lang] in shown.output
    assert "# 模型" in run("show", saved, "--card").output
    assert "# 模型" not in run("show", saved).output


def test_show_as_json_holds_the_digests(saved):
    found = json.loads(run("show", saved, "--json").output)
    assert set(found["digests"]) == {"keys", "weights", "history", "bias"}
    assert found["info"]["n_tickets"] == 3


@pytest.mark.parametrize(
    ("lang", "sound", "fault", "altered"),
    [("zh", "通过", "有问题", "keys.npy 已被改动"), ("en", "sound", "FAULT", "keys.npy was altered")],
)
def test_verify_ends_with_1_where_there_are_faults(lang, sound, fault, altered, copy):
    whole = run("verify", copy, "--lang", lang)
    assert whole.exit_code == 0
    assert sound in whole.output
    (copy / "keys.npy").write_bytes(b"damaged")
    damaged = run("verify", copy, "--lang", lang)
    assert damaged.exit_code == 1
    assert fault in damaged.output
    assert altered in damaged.output
    as_json = run("verify", copy, "--json")
    assert as_json.exit_code == 1
    assert json.loads(as_json.output)["sound"] is False


def test_verify_of_the_shipped_model_with_the_shipped_policy_is_sound():
    assert run("verify").exit_code == 0


@pytest.mark.parametrize("verb", [("show",), ("verify",), ("diff", "-"), ("diff", "shipped")])
def test_a_folder_that_is_not_there_is_bad_usage(verb):
    refused = run(*verb, "no_such_folder")
    assert refused.exit_code == 2
    assert "no_such_folder" in refused.output


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_diff_shows_what_changes_and_on_which_tickets(lang, tmp_path):
    old = load_model(GOLDEN / "0.1.0" / "model")
    save_model(replace(old, temperature=old.temperature * 30), tmp_path / "new")
    shutil.copy(data_path("examples") / "zh_hotline.csv", tmp_path / "export.csv")
    arguments = ("diff", GOLDEN / "0.1.0" / "model", tmp_path / "new", "--on", tmp_path / "export.csv")
    shown = run(*arguments, "--lang", lang)
    assert shown.exit_code == 0
    for fact in (old.version, "temperature", {"zh": "暂不能定", "en": "Undetermined"}[lang].lower()):
        assert fact in shown.output.lower()
    found = json.loads(run(*arguments, "--json").output)
    assert 0 < found["share_changed"] <= 1
    assert found["changed"]["temperature"] == [old.temperature, old.temperature * 30]
    assert "退" not in json.dumps(found["ticket_ids"], ensure_ascii=False)


def test_diff_takes_the_examples_that_ship_by_default(saved):
    found = json.loads(run("diff", "-", saved, "--json").output)
    assert found["tickets"] > 50
    assert found["old_version"] == load_model(data_path("model")).version
    assert "high_energy" in found["removed"]["types"]


ORDER = "\x1b]0;title\x07\x1b[31m"


def test_a_strangers_model_gives_the_terminal_no_orders(copy):
    info = {"n_tickets": ORDER, "data": {ORDER: {ORDER: "x"}}, "types": {"venting": ORDER}}
    rewritten(copy, info=info, **{ORDER: ORDER})
    (copy / CARD).write_text(f"# Card {ORDER}\n", encoding="utf-8")
    for arguments in (
        ("show", copy, "--card"),
        ("verify", copy),
        ("diff", "-", copy),
        ("show", copy, "--json"),
    ):
        shown = run(*arguments)
        assert shown.exit_code in (0, 1)
        assert "\x1b" not in shown.output + shown.stderr
    assert r"# Card \x1b]0;title\x07" in run("show", copy, "--card").output
    rewritten(copy, types=[ORDER])
    for verb in ("show", "verify"):
        assert "names hold control characters" in run(verb, copy).output


def test_an_error_gives_the_terminal_no_orders(copy):
    strange = copy.rename(copy.parent / f"m{ORDER}")
    (strange / "keys.npy").write_bytes(b"damaged")
    refused = run("show", strange)
    assert refused.exit_code == 2
    assert "keys.npy was altered" in refused.output
    assert "\x1b" not in refused.output


@pytest.mark.parametrize("info", [{"data": 5}, {"data": [1], "types": [2]}, {"types": "x", "data": None}])
def test_training_facts_of_another_kind_are_left_out(copy, info):
    shown = run("show", rewritten(copy, info=info))
    assert shown.exit_code == 0
    assert load_model(copy).version in shown.output
