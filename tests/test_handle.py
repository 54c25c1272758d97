"""A handle answers with one model at a time, and keeps it when another cannot be used."""

from __future__ import annotations

import logging
import shutil
import threading
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import pytest
from hot_swap import answers_under_swaps, serial_answers, tickets_of_the_load
from policy_tables import change, copy_tables

import complaint_typing
from complaint_typing import AdvisorHandle, PolicyTable
from complaint_typing.artifact import load_model, save_model
from complaint_typing.errors import ArtifactError, PolicyError

TEXT = "请退还多扣的费用。"


@pytest.fixture(scope="module")
def other(model, tmp_path_factory) -> Path:
    """A second model folder that answers otherwise."""
    folder = tmp_path_factory.mktemp("other") / "model"
    save_model(replace(model, temperature=model.temperature * 2), folder)
    return folder


def test_every_answer_under_swaps_is_that_of_one_of_the_two_models(saved, other):
    wrong, counted = answers_under_swaps(
        (saved, other), tickets_of_the_load(40), per_thread=60, n_threads=8, n_swaps=12
    )
    assert wrong == []
    assert set(counted) == {load_model(saved).version, load_model(other).version}
    assert counted.total() == 8 * 60


def test_the_two_models_of_that_test_can_be_told_apart(saved, other):
    first, second = serial_answers((saved, other), tickets_of_the_load(40)).values()
    assert all(a["probabilities"] != b["probabilities"] for a, b in zip(first, second, strict=True))


def test_swap_takes_folders_and_ready_made_parts_and_keeps_what_is_not_given(saved, other, model):
    handle = AdvisorHandle(saved)
    policy = handle.advisor.policy
    assert handle.swap(model=other) == (load_model(other).version, policy.version)
    assert handle.advisor.policy is policy
    assert handle.swap(model=model, policy=PolicyTable.read()) == ("unsaved", policy.version)
    assert handle.advise(text=TEXT).model_version == "unsaved"


def test_an_advisor_taken_before_a_swap_goes_on_answering_alike(saved, other):
    handle = AdvisorHandle(saved)
    before = handle.advisor
    handle.swap(model=other)
    assert before.advise(text=TEXT).model_version == load_model(saved).version
    assert handle.advise(text=TEXT).model_version == load_model(other).version


def test_a_model_that_cannot_be_used_is_not_taken(saved, copy, model, caplog):
    handle = AdvisorHandle(saved)
    in_use = handle.advisor
    (copy / "weights.npy").write_bytes(b"damaged")
    foreign = replace(model, types=("unheard_of", *model.types[1:]))
    with caplog.at_level(logging.INFO, logger="complaint_typing"):
        with pytest.raises(ArtifactError, match=r"weights.npy was altered"):
            handle.swap(model=copy)
        with pytest.raises(ArtifactError, match="the policy knows no unheard_of"):
            handle.swap(model=foreign)
    assert handle.advisor is in_use
    assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING"]
    assert in_use.model.version in caplog.text


def test_a_policy_that_cannot_be_used_is_not_taken(saved, other, tmp_path):
    folder = copy_tables(tmp_path)
    (folder / "policy.csv").write_bytes(b"")
    handle = AdvisorHandle(saved)
    in_use = handle.advisor
    with pytest.raises(PolicyError, match=r"policy.csv"):
        handle.swap(model=other, policy=folder)
    assert handle.advisor is in_use


def test_refresh_takes_what_was_replaced_in_its_folders(copy, other, tmp_path):
    tables = copy_tables(tmp_path)
    handle = AdvisorHandle(copy, tables)
    assert handle.refresh() is False
    shutil.rmtree(copy)
    with pytest.raises(ArtifactError, match=r"manifest.json is missing"):
        handle.refresh()
    assert handle.advise(text=TEXT).top_type
    shutil.copytree(other, copy)
    policy = handle.advisor.policy
    assert handle.refresh() is True
    assert handle.versions == (load_model(other).version, policy.version)
    assert handle.refresh() is False
    change(tables / "policy.csv", (policy.rules[0].rule_id, "next_step_en", "Something else."))
    assert handle.refresh() is True
    assert handle.versions[1] != policy.version
    assert handle.refresh() is False


def test_refresh_leaves_ready_made_parts_alone(model):
    handle = AdvisorHandle(model, PolicyTable.read())
    assert handle.refresh() is False
    assert handle.versions[0] == "unsaved"


def test_swaps_one_after_the_other_even_from_many_threads(saved, other):
    handle = AdvisorHandle(saved)
    threads = [threading.Thread(target=handle.swap, args=(folder,)) for folder in (saved, other) * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert handle.versions[0] in {load_model(saved).version, load_model(other).version}


def test_a_process_forked_during_a_swap_can_swap(saved, other):
    handle = AdvisorHandle(saved)
    with handle._swapping:
        child = get_context("fork").Process(target=handle.swap, args=(other,))
        child.start()
        child.join(30)
    assert child.exitcode == 0


def test_swaps_are_logged_and_the_library_is_silent_by_default(saved, other, caplog):
    logger = logging.getLogger("complaint_typing")
    assert any(isinstance(handler, logging.NullHandler) for handler in logger.handlers)
    with caplog.at_level(logging.INFO, logger="complaint_typing"):
        AdvisorHandle(saved).swap(model=other)
    assert f"in use: {load_model(other).version}" in caplog.text
    assert TEXT not in caplog.text
    assert "AdvisorHandle" in complaint_typing.__all__


@pytest.mark.parametrize("damaged", ["model", "policy"])
def test_a_refresh_that_meets_something_damaged_tells_it_the_log_once(copy, tmp_path, caplog, damaged):
    tables = copy_tables(tmp_path)
    handle = AdvisorHandle(copy, tables)
    (copy / "manifest.json" if damaged == "model" else tables / "policy.csv").write_bytes(b"")
    before = handle.versions
    told = pytest.raises((ArtifactError, PolicyError), match=r"manifest\.json|policy\.csv")
    with caplog.at_level(logging.INFO, logger="complaint_typing"), told:
        handle.refresh()
    assert handle.versions == before
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert before[0] in caplog.text
