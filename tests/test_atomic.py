"""Whatever happens, a final name holds either the whole old content or the whole new one."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import complaint_typing
from complaint_typing.atomic import atomic_directory, atomic_writer, remove_leftovers, write_atomic


def names(folder):
    return sorted(p.name for p in folder.iterdir())


@pytest.mark.parametrize("data", [b"\x00\xff", "投诉\r\nline\n"])
def test_content_arrives_byte_for_byte(tmp_path, data):
    write_atomic(tmp_path / "a.csv", data)
    assert (tmp_path / "a.csv").read_bytes() == (data if isinstance(data, bytes) else data.encode("utf-8"))
    assert names(tmp_path) == ["a.csv"]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_interrupted_writing_leaves_the_old_file_and_nothing_else(tmp_path, error):
    write_atomic(tmp_path / "a.csv", "old")

    def half():
        with atomic_writer(tmp_path / "a.csv") as file:
            file.write(b"half of the new")
            file.flush()
            assert (tmp_path / "a.csv").read_text() == "old"
            raise error("stop")

    with pytest.raises(error, match="stop"):
        half()
    assert (tmp_path / "a.csv").read_text() == "old"
    assert names(tmp_path) == ["a.csv"]


def test_mode_of_an_existing_file_is_kept(tmp_path):
    write_atomic(tmp_path / "a.csv", "old")
    os.chmod(tmp_path / "a.csv", 0o640)
    write_atomic(tmp_path / "a.csv", "new")
    assert (tmp_path / "a.csv").stat().st_mode & 0o777 == 0o640


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "real.csv").write_text("old")
    (tmp_path / "link.csv").symlink_to("real.csv")
    write_atomic(tmp_path / "link.csv", "new")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_text() == "new"


def test_missing_folder_is_an_os_error(tmp_path):
    for write in (lambda place: write_atomic(place, "x"), lambda place: atomic_directory(place).__enter__()):
        with pytest.raises(FileNotFoundError) as caught:
            write(tmp_path / "nowhere" / "a.csv")
        assert caught.value.filename == str(tmp_path / "nowhere" / "a.csv")


def test_leftovers_of_a_killed_process_go_and_those_of_a_living_one_stay(tmp_path):
    code = f"""
        import os, signal
        from complaint_typing.atomic import atomic_writer
        with atomic_writer({str(tmp_path / "a.csv")!r}) as file:
            file.write(b"half")
            file.flush()
            os.kill(os.getpid(), signal.SIGKILL)
    """
    root = Path(complaint_typing.__file__).parent.parent
    subprocess.run([sys.executable, "-c", textwrap.dedent(code)], check=False, cwd=root)
    assert len(names(tmp_path)) == 1
    with atomic_writer(tmp_path / "a.csv") as file:
        assert len(names(tmp_path)) == 1
        assert remove_leftovers(tmp_path / "a.csv") == []
        file.write(b"whole")
    assert names(tmp_path) == ["a.csv"]


def test_leftovers_of_other_files_are_not_touched(tmp_path):
    (tmp_path / ".b.csv.0123.part").write_text("another file's")
    write_atomic(tmp_path / "a.csv", "x")
    assert names(tmp_path) == [".b.csv.0123.part", "a.csv"]


def test_directory_is_replaced_as_a_whole(tmp_path):
    for content in ("one", "two"):
        with atomic_directory(tmp_path / "model") as folder:
            (folder / "sub").mkdir()
            (folder / "sub" / f"{content}.bin").write_text(content)
    assert names(tmp_path) == ["model"]
    assert names(tmp_path / "model" / "sub") == ["two.bin"]


def test_interrupted_directory_leaves_the_old_one(tmp_path):
    with atomic_directory(tmp_path / "model") as folder:
        (folder / "a.bin").write_text("old")

    def half():
        with atomic_directory(tmp_path / "model") as folder:
            (folder / "a.bin").write_text("new")
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        half()
    assert names(tmp_path) == ["model"]
    assert (tmp_path / "model" / "a.bin").read_text() == "old"


def test_old_directory_comes_back_when_the_new_one_cannot_take_its_place(tmp_path, monkeypatch):
    with atomic_directory(tmp_path / "model") as folder:
        (folder / "a.bin").write_text("old")
    rename = os.rename

    def failing(source, target):
        if str(source).endswith(".part"):
            raise OSError("disk trouble")
        rename(source, target)

    monkeypatch.setattr(os, "rename", failing)
    with pytest.raises(OSError, match="disk trouble"), atomic_directory(tmp_path / "model") as folder:
        (folder / "a.bin").write_text("new")
    assert names(tmp_path) == ["model"]
    assert (tmp_path / "model" / "a.bin").read_text() == "old"


def test_a_full_disk_leaves_nothing(tmp_path, monkeypatch):
    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_atomic(tmp_path / "a.csv", "x")
    assert names(tmp_path) == []
