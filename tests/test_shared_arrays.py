"""Processes hold a model once through a shared folder, and answer as before whatever stands in it."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from golden_models import GOLDEN, said

from complaint_typing import AdvisorHandle, load, shared_arrays
from complaint_typing.artifact import load_model
from complaint_typing.errors import UnwritableTarget
from complaint_typing.model import Model
from complaint_typing.shared_arrays import share

SMALL = GOLDEN / "0.1.0" / "model"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for a model that is small, and so are its large arrays."""
    monkeypatch.setattr(shared_arrays, "LARGE", 1 << 12)
    return tmp_path / "shared"


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.name != ".lock")


def assert_mapped(model: Model) -> None:
    assert not model.weights.flags.writeable
    assert not model.weights.flags.owndata


def test_answers_are_the_same_to_the_last_bit(folder):
    alone, shared = load_model(SMALL), share(load_model(SMALL), folder)
    assert_mapped(shared)
    assert said(shared)[1].tobytes() == said(alone)[1].tobytes()
    assert len(files(folder)) >= 2
    assert all(path.name.startswith(shared.version) for path in files(folder))


def test_a_second_process_writes_nothing_new(folder):
    first = share(load_model(SMALL), folder)
    before = {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in files(folder)}
    second = share(load_model(SMALL), folder)
    assert {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in files(folder)} == before
    np.testing.assert_array_equal(first.weights, second.weights)


@pytest.mark.parametrize("harm", ["change", "truncate", "remove", "empty"])
def test_what_stands_in_the_folder_is_not_trusted(folder, harm):
    expected = said(load_model(SMALL))[1].tobytes()
    share(load_model(SMALL), folder)
    for path in files(folder):
        raw = path.read_bytes()
        path.unlink()
        if harm != "remove":
            path.write_bytes({"change": raw[:-1] + b"\xff", "truncate": raw[:-9], "empty": b""}[harm])
    mended = share(load_model(SMALL), folder)
    assert_mapped(mended)
    assert said(mended)[1].tobytes() == expected


def test_models_keep_apart_and_files_in_use_may_be_removed(folder):
    one = share(load_model(SMALL), folder)
    expected = said(one)[1].tobytes()
    other = load_model(SMALL)
    share(replace(other, weights=other.weights * np.float32(0.5), version="model-other"), folder)
    assert {path.name.split("-")[1] for path in files(folder)} == {one.version.split("-")[1], "other"}
    for path in files(folder):
        path.unlink()
    assert said(one)[1].tobytes() == expected


def test_small_arrays_stay_where_they_are(tmp_path):
    model = share(load_model(SMALL), tmp_path / "shared")
    assert model.bias.nbytes < shared_arrays.LARGE
    assert not any("bias" in path.name for path in files(tmp_path / "shared"))


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o702])
def test_a_folder_that_others_may_write_to_is_refused(tmp_path, mode):
    tmp_path.chmod(mode)
    with pytest.raises(UnwritableTarget, match="others may write to it"):
        share(load_model(SMALL), tmp_path)


def test_the_folder_is_made_for_its_owner_alone(folder):
    share(load_model(SMALL), folder)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert folder.stat().st_uid == os.getuid()


def test_load_and_handle_share_what_they_load(folder):
    ticket = {"text": "Please fix it and refund what I was overcharged.", "created_at": "2026-05-04"}
    expected = load(SMALL).advise(ticket).to_dict()
    loaded, handle = load(SMALL, shared=folder), AdvisorHandle(SMALL, shared=folder)
    for advisor in (loaded, handle.advisor):
        assert_mapped(advisor.model)
        assert advisor.advise(ticket).to_dict() == expected
    handle.swap(model=SMALL)
    assert_mapped(handle.advisor.model)
