"""A model folder says what it is, faults are found, and differences are those that were made."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from golden_models import GOLDEN
from golden_tickets import golden_tickets
from model_folders import FILES, rewritten

from complaint_typing.artifact import CARD, load_model, save_model
from complaint_typing.errors import ArtifactError
from complaint_typing.model_report import describe, diff, verify
from complaint_typing.resources import data_path
from complaint_typing.self_test import SELF_TEST, TOLERANCE, tried_again
from complaint_typing.ticket_table import Tickets, tickets_from_columns


@pytest.fixture(scope="module")
def tickets() -> Tickets:
    columns = golden_tickets()
    return tickets_from_columns({name: values[:120] for name, values in columns.items()})[0]


def faults(folder: Path) -> dict[str, str]:
    return {check.name: check.found for check in verify(folder) if not check.sound}


def test_a_saved_model_and_the_shipped_one_are_sound(saved):
    assert faults(saved) == {}
    assert faults(data_path("model")) == {}
    assert [check.name for check in verify(saved)] == ["files", "self-test", "policy"]


def test_a_description_is_what_stands_in_the_folder(saved, model):
    found = json.loads(json.dumps(describe(saved)))
    assert found["version"] == load_model(saved).version
    assert found["types"] == list(model.types)
    assert found["thresholds"]["decide"] == model.thresholds.decide
    assert found["bytes"] == {name: (saved / name).stat().st_size for name in FILES}
    assert found["card"] == "# 模型\n"
    assert found["self_test"] is True


@pytest.mark.parametrize("name", FILES)
def test_an_altered_file_is_a_fault(copy, name):
    raw = bytearray((copy / name).read_bytes())
    raw[len(raw) // 2] ^= 1
    (copy / name).write_bytes(raw)
    assert list(faults(copy)) == ["files"]
    with pytest.raises(ArtifactError, match=name):
        describe(copy)


def test_weights_that_someone_changed_with_all_digests_are_found_by_the_self_test(copy):
    weights = np.load(copy / "weights.npy")
    np.save(copy / "weights.npy", weights * np.float16(1.01))
    rewritten(copy)
    assert faults(copy) == {"self-test": f"{SELF_TEST} is that of another model"}
    content = json.loads((copy / SELF_TEST).read_text(encoding="utf-8"))
    content["version"] = load_model(copy).version
    (copy / SELF_TEST).write_text(json.dumps(content), encoding="utf-8")
    assert faults(copy)["self-test"].startswith("largest difference")


@pytest.mark.parametrize("raw", [b"", b"{}", b"[]", b"\xff", b"[" * 100_000, b'{"version": 1, "texts": 5}'])
def test_a_self_test_that_is_none_is_a_fault(copy, raw):
    (copy / SELF_TEST).write_bytes(raw)
    assert faults(copy) == {"self-test": faults(copy)["self-test"]}
    with pytest.raises(ArtifactError, match=f"{SELF_TEST} cannot be read"):
        tried_again(load_model(copy), copy)


def test_numbers_that_are_none_do_not_pass(copy):
    content = json.loads((copy / SELF_TEST).read_text(encoding="utf-8"))
    content["numbers"][0][0] = float("nan")
    (copy / SELF_TEST).write_text(json.dumps(content), encoding="utf-8")
    assert faults(copy) == {"self-test": "largest difference inf"}


def test_numbers_beyond_all_numbers_are_a_fault(copy):
    content = json.loads((copy / SELF_TEST).read_text(encoding="utf-8"))
    content["numbers"][0][0] = 10**400
    (copy / SELF_TEST).write_text(json.dumps(content), encoding="utf-8")
    assert faults(copy) == {"self-test": f"{SELF_TEST} cannot be read (OverflowError)"}


def test_a_self_test_that_tries_nothing_is_a_fault(copy):
    content = json.loads((copy / SELF_TEST).read_text(encoding="utf-8"))
    (copy / SELF_TEST).write_text(json.dumps(content | {"texts": [], "numbers": []}), encoding="utf-8")
    assert faults(copy) == {"self-test": f"{SELF_TEST} holds no texts"}
    (copy / SELF_TEST).unlink()
    (copy / SELF_TEST).symlink_to("nowhere")
    assert faults(copy) == {"self-test": f"{SELF_TEST} is a link"}


def linked(card: Path) -> None:
    secret = card.parent.parent / "secret"
    secret.write_text("root:x:0:0", encoding="utf-8")
    card.symlink_to(secret)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (linked, "is a link"),
        (lambda card: card.write_bytes(b"\xff\xfe\x80"), "is no UTF-8; write it again, or remove it"),
        (lambda card: card.write_bytes(b"x" * ((1 << 20) + 1)), "has 1048577 bytes"),
        (lambda card: card.mkdir(), "is no plain file|cannot be opened"),
    ],
)
def test_a_card_that_is_none_is_a_fault_and_never_shown(copy, make, told):
    (copy / CARD).unlink()
    assert faults(copy) == {}
    assert describe(copy)["card"] == ""
    make(copy / CARD)
    with pytest.raises(ArtifactError, match=f"{CARD} ({told})"):
        describe(copy)
    assert list(faults(copy)) == ["files"]


def test_a_folder_without_a_self_test_is_sound_and_says_so(copy):
    assert tried_again(load_model(copy), copy) <= TOLERANCE
    (copy / SELF_TEST).unlink()
    assert tried_again(load_model(copy), copy) is None
    assert faults(copy) == {}
    assert describe(copy)["self_test"] is False


def test_a_model_that_the_policy_cannot_answer_is_a_fault(model, tmp_path):
    save_model(replace(model, types=("unheard_of", *model.types[1:])), tmp_path / "m")
    assert faults(tmp_path / "m") == {"policy": "the policy knows no unheard_of"}


def test_a_model_differs_in_nothing_from_itself(saved, tickets):
    same = diff(saved, saved, tickets)
    assert (same.changed, same.bias, same.sides, same.share_changed) == ({}, {}, {}, 0)
    assert same.ngrams[0] == same.ngrams[1] == same.ngrams[2]
    assert same.tickets == 120


def test_the_difference_is_what_was_changed(tickets, tmp_path):
    old = load_model(GOLDEN / "0.1.0" / "model")
    limits = replace(old.thresholds, decide=1.0, sure=1.0)
    bias = old.bias.copy()
    bias[1] += 2
    changed = replace(old, thresholds=limits, bias=bias, info={**old.info, "n_tickets": 4})
    save_model(old, tmp_path / "old")
    save_model(changed, tmp_path / "new")
    found = diff(tmp_path / "old", tmp_path / "new", tickets)
    assert found.changed == {
        "info.n_tickets": (old.info["n_tickets"], 4),
        "thresholds.decide": (old.thresholds.decide, 1.0),
        "thresholds.sure": (old.thresholds.sure, 1.0),
    }
    assert list(found.bias) == [old.types[1]]
    assert {new for _, new in found.sides} <= {"undetermined", "unfamiliar", *old.types}
    assert found.share_changed == sum(found.sides.values()) / 120 > 0.1
    assert found.top_changed > 0
    assert len(found.ticket_ids) == sum(found.sides.values())
    assert json.loads(json.dumps(found.to_dict()))["sides"][0]["tickets"] == max(found.sides.values())


def test_names_that_come_and_go_are_told(saved, model, tickets, tmp_path):
    save_model(replace(model, signals=("media",)), tmp_path / "new")
    found = diff(saved, tmp_path / "new", tickets)
    assert (found.added["signals"], found.removed["signals"]) == (["media"], ["senior"])
    limit = load_model(saved).signal_thresholds[0]
    assert found.changed["signal_thresholds.senior"] == (limit, None)
    assert found.changed["signal_thresholds.media"] == (None, limit)
