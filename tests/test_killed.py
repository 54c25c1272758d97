"""A run that is killed at any moment is continued to the same bytes (R7; in full in tests/endurance)."""

from __future__ import annotations

import os
import resource
import signal
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from complaint_typing import batch, batch_run, load
from complaint_typing.batch import score_csv
from complaint_typing.batch_errors import ResumeRefused, ScoringStopped, TargetBusy, UnfinishedWork
from complaint_typing.pieces import Piece, PieceScorer, ScoredPiece
from complaint_typing.unfinished import GrowingFile, kept_rows

BLOCK, CHUNK = 7, 14
ROWS = 45
WRITTEN = ["scored.csv", "scored.csv.manifest.json", "scored.quarantine.csv"]


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks of two pieces of seven rows, one advisor for all runs, and no waiting for the disk."""
    advisor = load()
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)
    monkeypatch.setattr(batch, "BLOCK_ROWS", BLOCK)
    monkeypatch.setattr(batch_run, "CHUNK_PIECES", CHUNK // BLOCK)
    monkeypatch.setattr(batch, "load", lambda model, policy: advisor)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows are copied instead of scored."""

    def copied(scorer: PieceScorer, piece: Piece) -> ScoredPiece:
        data = "".join(f"{','.join(row)}\r\n" for row in piece.rows).encode()
        return ScoredPiece(data, Counter(venting=len(piece.rows)), 1)

    monkeypatch.setattr(PieceScorer, "__call__", copied)


@pytest.fixture
def export(tmp_path: Path) -> Path:
    lines = ["ticket_id,customer_id,created_at,text,resolved_at,fault_found,compensation"]
    for i in range(ROWS):
        day, text = 1 + (i * 11) % 28, "" if i % 13 == 5 else f"where is parcel {i}"
        lines.append(f"{i},c{i % 6},2026-01-{day:02d} 10:00,{text},2026-02-{day:02d} 10:00,no,5")
    path = tmp_path / "export.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def undisturbed(export: Path, tmp_path: Path) -> dict[str, bytes]:
    """The scored and the quarantined rows of a run that nobody stopped."""
    folder = tmp_path / "undisturbed"
    folder.mkdir()
    score_csv(export, folder / "scored.csv")
    assert sorted(path.name for path in folder.iterdir()) == WRITTEN
    return {name: (folder / name).read_bytes() for name in (WRITTEN[0], WRITTEN[2])}


def in_child(work: Callable[[], None]) -> int:
    """Do something in a process of its own, and say how that ended."""
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    return os.waitpid(child, 0)[1]


def die_at(moment: int, scored: int) -> None:
    """From now on, end this process without a word when it touches the disk for the nth time.

    A write of rows is cut in half; every piece scored is told to a pipe.
    """
    left = [moment]

    def counted(name: str) -> None:
        act = getattr(os, name)

        def dying(*arguments: object, **options: object) -> object:
            left[0] -= 1
            if left[0] < 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return act(*arguments, **options)

        setattr(os, name, dying)

    for name in ("fsync", "replace", "unlink", "mkdir", "rmdir"):
        counted(name)
    write, call = GrowingFile.write, PieceScorer.__call__

    def halved(file: GrowingFile, data: bytes) -> None:
        left[0] -= 1
        write(file, data if left[0] >= 0 else data[: len(data) // 2])
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def told(scorer: PieceScorer, piece: object) -> object:
        os.write(scored, b"." * len(piece.rows))  # type: ignore[attr-defined]
        return call(scorer, piece)  # type: ignore[arg-type]

    GrowingFile.write = halved  # type: ignore[method-assign]
    PieceScorer.__call__ = told  # type: ignore[method-assign,assignment]


def test_killed_at_every_moment(
    quick: None, export: Path, tmp_path: Path, undisturbed: dict[str, bytes]
) -> None:
    killed, moment = 0, 0
    while True:
        folder = tmp_path / f"run{moment}"
        folder.mkdir()
        target = folder / "scored.csv"
        told, tell = os.pipe()

        def run(target: Path = target, tell: int = tell, moment: int = moment) -> None:
            die_at(moment, tell)
            score_csv(export, target)

        status = in_child(run)
        os.close(tell)
        scored = len(os.read(told, 1 << 16))
        os.close(told)
        for name, data in undisturbed.items():
            assert not (folder / name).exists() or (folder / name).read_bytes() == data
        done = kept_rows(target)[1]
        again = score_csv(export, target, resume=True)
        assert sorted(path.name for path in folder.iterdir()) == WRITTEN, moment
        for name, data in undisturbed.items():
            assert (folder / name).read_bytes() == data, (moment, name)
        assert again.rows_kept >= done
        assert scored - again.rows_kept <= CHUNK
        if not os.WIFSIGNALED(status):
            break
        killed, moment = killed + 1, moment + 5
    assert killed > 8


def test_killed_again_and_again(
    quick: None, export: Path, tmp_path: Path, undisturbed: dict[str, bytes]
) -> None:
    target, moment = tmp_path / "scored.csv", 20

    def run() -> None:
        die_at(moment, os.open(os.devnull, os.O_WRONLY))
        score_csv(export, target, resume=True)

    while os.WIFSIGNALED(in_child(run)):
        moment += 1
    assert target.read_bytes() == undisturbed["scored.csv"]


def test_a_full_disk_stops_and_is_continued(
    export: Path, tmp_path: Path, undisturbed: dict[str, bytes]
) -> None:
    target = tmp_path / "scored.csv"
    told, tell = os.pipe()

    def run() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(undisturbed["scored.csv"]) // 2, -1))
        try:
            score_csv(export, target)
        except ScoringStopped as error:
            os.write(tell, str(error).encode())

    in_child(run)
    message = os.read(told, 1 << 16).decode()
    assert "File too large" in message
    done = kept_rows(target)[1]
    assert f"{done} rows are scored and kept" in message
    assert not target.exists()
    assert score_csv(export, target, resume=True).rows_kept == done >= CHUNK
    assert target.read_bytes() == undisturbed["scored.csv"]


def stop_after(pieces: int) -> Callable[[int, int | None], None]:
    def progress(done: int, total: int | None) -> None:
        if total is not None and done >= pieces * BLOCK:
            raise KeyboardInterrupt

    return progress


def test_what_a_stopped_run_left_is_neither_lost_nor_taken_unasked(
    export: Path, tmp_path: Path, undisturbed: dict[str, bytes]
) -> None:
    target = tmp_path / "scored.csv"
    with pytest.raises(KeyboardInterrupt):
        score_csv(export, target, progress=stop_after(5))
    with pytest.raises(UnfinishedWork, match=r"28 rows .* --resume .* --restart"):
        score_csv(export, target)
    assert score_csv(export, target, resume=True).rows_kept == 28
    assert target.read_bytes() == undisturbed["scored.csv"]
    with pytest.raises(KeyboardInterrupt):
        score_csv(export, target, progress=stop_after(5))
    assert target.read_bytes() == undisturbed["scored.csv"]
    assert score_csv(export, target, restart=True).rows_kept == 0


def test_a_run_that_came_to_its_end_is_not_done_again(export: Path, tmp_path: Path) -> None:
    first = score_csv(export, tmp_path / "scored.csv")
    seen: list[int] = []
    again = score_csv(
        export, tmp_path / "scored.csv", resume=True, progress=lambda done, total: seen.append(done)
    )
    assert (again, again.rows_kept, seen) == (first, ROWS, [])
    with pytest.raises(ResumeRefused, match=r"scored\.csv cannot be continued; .*option proba .*--restart"):
        score_csv(export, tmp_path / "scored.csv", resume=True, proba=True)
    assert not (tmp_path / "scored.csv.part").exists()
    assert score_csv(export, tmp_path / "scored.csv", resume=True) == first
    (tmp_path / "scored.csv").write_text("changed")
    assert score_csv(export, tmp_path / "scored.csv", resume=True).rows_kept == 0


@pytest.mark.parametrize(
    "options, change",
    [
        ({"tz": "Asia/Shanghai"}, r"option tz \(UTC then, Asia/Shanghai now\)"),
        ({"proba": True}, r"option proba \(False then, True now\)"),
        ({"history": "earlier.csv"}, "history files"),
        ({"mapping": {"text": "ticket_id"}}, "option mapping"),
    ],
)
def test_another_run_is_not_continued(
    export: Path, tmp_path: Path, options: dict[str, object], change: str
) -> None:
    (tmp_path / "earlier.csv").write_text("text,customer_id,created_at\na,c1,2026-01-01\n")
    if "history" in options:
        options = {"history": tmp_path / "earlier.csv"}
    target = tmp_path / "scored.csv"
    with pytest.raises(KeyboardInterrupt):
        score_csv(export, target, progress=stop_after(3))
    with pytest.raises(ResumeRefused, match=f"cannot be continued; changed since: {change}"):
        score_csv(export, target, resume=True, **options)  # type: ignore[arg-type]
    assert score_csv(export, target, resume=True).rows_kept == 14


def test_another_input_or_model_is_not_continued(
    export: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "scored.csv"
    with pytest.raises(KeyboardInterrupt):
        score_csv(export, target, progress=stop_after(3))
    text = export.read_text(encoding="utf-8")
    export.write_text(text.replace("parcel 9", "parcel 8"), encoding="utf-8")
    with pytest.raises(ResumeRefused, match=r"changed since: input export\.csv\. "):
        score_csv(export, target, resume=True)
    export.write_text(text, encoding="utf-8")
    (tmp_path / "scored.csv.part" / "rows").write_bytes(b"x" * 50_000)
    with pytest.raises(ResumeRefused, match="rows, the work so far, is damaged"):
        score_csv(export, target, resume=True)
    assert score_csv(export, target, restart=True).rows_out


def test_two_runs_do_not_write_one_file(export: Path, tmp_path: Path) -> None:
    target = tmp_path / "scored.csv"

    def second(done: int, total: int | None) -> None:
        if total is not None:
            with pytest.raises(TargetBusy, match="another run is writing it now"):
                score_csv(export, target, restart=True)

    assert score_csv(export, target, progress=second).rows_in == ROWS
    assert not (tmp_path / "scored.csv.part").exists()


def test_an_input_that_changes_meanwhile_is_an_error(export: Path, tmp_path: Path) -> None:
    def change(done: int, total: int | None) -> None:
        with export.open("a", encoding="utf-8") as file:
            file.write("99,c1,2026-01-01,late row,,,\n")

    with pytest.raises(Exception, match=r"export\.csv: it was changed while it was being scored"):
        score_csv(export, tmp_path / "scored.csv", progress=change)
    assert [path.name for path in tmp_path.iterdir()] == ["export.csv"]


@pytest.mark.parametrize("suffix", [".csv.gz", ".jsonl", ".json", ".xlsx", ".parquet"])
def test_every_format_is_continued_to_the_same_bytes(export: Path, tmp_path: Path, suffix: str) -> None:
    whole, target = tmp_path / f"whole{suffix}", tmp_path / f"scored{suffix}"
    score_csv(export, whole)
    with pytest.raises(KeyboardInterrupt):
        score_csv(export, target, progress=stop_after(5))
    assert score_csv(export, target, resume=True).rows_kept == 28
    assert target.read_bytes() == whole.read_bytes()
    assert not target.with_name(f"{target.name}.part").exists()
