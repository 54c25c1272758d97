"""The working folder keeps exactly what was saved, and touches nothing that is not its own."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaint_typing.batch_errors import ResumeRefused, ScoringStopped
from complaint_typing.errors import UnwritableTarget
from complaint_typing.unfinished import GrowingFile, Unfinished, kept_rows


@given(st.lists(st.tuples(st.binary(max_size=40), st.booleans()), max_size=12))
def test_what_is_reopened_is_what_was_kept(written: list[tuple[bytes, bool]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows"
        file, kept, so_far, expected = GrowingFile(path), {}, b"", b""
        for data, keep in written:
            file.write(data)
            so_far += data
            if keep:
                kept, expected = file.kept(), so_far
        file.close()
        GrowingFile(path, **kept).close()
        assert path.read_bytes() == expected


def test_damaged_work_is_refused(tmp_path: Path) -> None:
    file = GrowingFile(tmp_path / "rows")
    file.write(b"one,two")
    kept = file.kept()
    file.close()
    for damage in (b"one,twX", b"one"):
        (tmp_path / "rows").write_bytes(damage)
        with pytest.raises(ResumeRefused, match="rows, the work so far, is damaged"):
            GrowingFile(tmp_path / "rows", **kept)


def saved(target: Path) -> Unfinished:
    work = Unfinished(target, ["rows"])
    with contextlib.suppress(KeyboardInterrupt), work.opened({"model": "m"}, False, False):
        file = work.file("rows")
        file.write(b"1\n")
        work.save({"rows_done": 1, "rows_in": 3}, file)
        file.close()
        raise KeyboardInterrupt
    return work


def test_saved_work_stays_and_is_published(tmp_path: Path) -> None:
    target = tmp_path / "scored.csv"
    work = saved(target)
    assert kept_rows(target) == (work.path, 1, 3)
    again = Unfinished(target, ["rows"])
    with again.opened({"model": "m"}, True, False):
        again.finish({"done": True})
        again.publish({"rows": target}, tmp_path / "manifest.json", {"done": True})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["manifest.json", "scored.csv"]
    assert target.read_bytes() == b"1\n"


def test_an_error_that_comes_again_leaves_nothing(tmp_path: Path) -> None:
    saved(tmp_path / "scored.csv")
    work = Unfinished(tmp_path / "scored.csv", ["rows"])
    with pytest.raises(UnwritableTarget, match="gone"), work.opened({"model": "m"}, True, False):
        raise UnwritableTarget("x", "gone")
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_someone_else_in_the_folder_stays(tmp_path: Path) -> None:
    work = saved(tmp_path / "scored.csv")
    (work.path / "notes.txt").write_text("mine")
    with work.opened({"model": "m"}, False, True):
        work.drop()
    assert [path.name for path in work.path.iterdir()] == ["notes.txt"]


def test_a_file_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "scored.csv.part").write_text("a download")
    with (
        pytest.raises(UnwritableTarget, match=r"scored\.csv\.part: it is in the way"),
        Unfinished(tmp_path / "scored.csv").opened({}, False, False),
    ):
        pass
    assert (tmp_path / "scored.csv.part").read_text() == "a download"


def test_what_the_disk_refuses_can_be_continued(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    saved(tmp_path / "scored.csv")
    work = Unfinished(tmp_path / "scored.csv", ["rows"])
    with (
        pytest.raises(ScoringStopped, match=r"No space left on device\. 1 rows are scored and kept"),
        work.opened({"model": "m"}, True, False),
        work.writing(),
    ):
        raise OSError(28, "No space left on device")
    assert kept_rows(tmp_path / "scored.csv")[1] == 1


def test_a_move_to_another_disk_is_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    saved(tmp_path / "scored.csv")
    replace = os.replace

    def other_disk(source: Path, target: Path) -> None:
        if Path(source).name == "rows":
            raise OSError(18, "Invalid cross-device link")
        replace(source, target)

    monkeypatch.setattr(os, "replace", other_disk)
    work = Unfinished(tmp_path / "scored.csv", ["rows"])
    with work.opened({"model": "m"}, True, False):
        work.publish({"rows": tmp_path / "scored.csv"}, tmp_path / "m.json", {})
    assert (tmp_path / "scored.csv").read_bytes() == b"1\n"
    assert not work.path.exists()
