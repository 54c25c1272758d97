"""What is no path is refused by the name of its option, and opens nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from complaint_typing import AdvisorHandle, PolicyTable, check_reply, load, score_csv
from complaint_typing.artifact import load_model
from complaint_typing.errors import BadOption, UnwritableTarget
from complaint_typing.paths import path_of
from complaint_typing.scored import read_scored
from complaint_typing.tickets import TicketFile
from complaint_typing.transcripts import read_transcripts


class Nowhere(os.PathLike[str]):
    def __fspath__(self) -> str:
        raise TypeError("nowhere")


@pytest.mark.parametrize("given", [1, None, b"x", False, ["x"]])
def test_another_kind_is_refused(given):
    with pytest.raises(BadOption, match=rf"^place: not a path, got '{type(given).__name__}'; give a text or"):
        path_of(given, "place")


@pytest.mark.parametrize("given", ["a\0b", "a\ud800", Path("a\0b"), Nowhere()])
def test_a_name_that_no_system_has_is_refused(given):
    with pytest.raises(BadOption, match=r"^place: not a path, got .*; leave out NUL and half characters"):
        path_of(given, "place")
    assert path_of("客户\udcff", "place") == Path("客户\udcff")


@pytest.mark.parametrize("read", [read_transcripts, read_scored, TicketFile.open])
def test_a_number_is_no_file_that_is_open(read, tmp_path):
    descriptor = os.open(tmp_path / "open", os.O_CREAT | os.O_RDWR)
    with pytest.raises(BadOption, match="not a path, got 'int'"):
        read(descriptor)
    os.close(descriptor)


def test_models_and_policies_are_refused_by_their_options():
    advisor = load()
    handle = AdvisorHandle()
    for ask in (lambda: AdvisorHandle(5), lambda: load(b"x"), lambda: handle.swap(model=advisor)):
        with pytest.raises(BadOption, match=r"^model: not a path"):
            ask()
    for given in ("a\0b", "a\ud800", 5):
        for ask in (
            lambda given=given: PolicyTable.read(given),
            lambda given=given: handle.swap(policy=given),
            lambda given=given: check_reply("Sorry.", advisor.advise(text="refund"), policy=given),
        ):
            with pytest.raises(BadOption, match=r"^policy: not a path"):
                ask()


@pytest.mark.parametrize("empty", ["", 0, False])
def test_an_empty_name_of_a_model_is_not_the_shipped_one(empty, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for ask in (load, load_model, AdvisorHandle):
        with pytest.raises(BadOption, match=r"^model: not a "):
            ask(empty)
    (tmp_path / "t.csv").write_text("text\nrefund\n")
    with pytest.raises(BadOption, match=r"^model: not a "):
        score_csv("t.csv", "scored.csv", model=empty)
    assert not (tmp_path / "scored.csv").exists()


def test_a_folder_to_share_in_has_a_name_and_is_no_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BadOption, match=r"^shared: not a folder, got ''; name one"):
        load(shared="")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").touch()
    with pytest.raises(UnwritableTarget, match="file: File exists"):
        load(shared="file")


@pytest.mark.parametrize("wrong", [{"source": None}, {"target": 1}, {"history": [None]}])
def test_files_to_score_are_paths(wrong, tmp_path):
    given = {"source": tmp_path / "t.csv", "target": tmp_path / "s.csv", **wrong}
    with pytest.raises(BadOption, match=f"^{next(iter(wrong))}: not a path"):
        score_csv(**given)


@pytest.mark.parametrize("jobs", [0, "2", 1.5])
def test_processes_are_counted(jobs, tmp_path):
    with pytest.raises(BadOption, match=r"^jobs: not a number of processes, got .*; give 1 or more, or -1"):
        score_csv(tmp_path / "t.csv", tmp_path / "s.csv", jobs=jobs)


def test_a_mapping_is_one(tmp_path):
    (tmp_path / "t.csv").write_text("zz\nrefund\n")
    with pytest.raises(
        BadOption, match=r"^mapping: not a mapping of columns to headers, got 'str'; write map"
    ):
        score_csv(tmp_path / "t.csv", tmp_path / "s.csv", mapping="text=zz")
