"""The command `score`: stopped in good order, continued with the command it prints, summed up for people."""

from __future__ import annotations

import errno
import json
import os
import re
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from complaint_typing import batch, batch_run, cli_batch, load
from complaint_typing.cli import cli
from complaint_typing.resources import data_path
from complaint_typing.unfinished import GrowingFile

EXPORT = data_path("examples") / "zh_hotline.csv"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    advisor = load()
    monkeypatch.setattr(batch, "BLOCK_ROWS", 7)
    monkeypatch.setattr(batch_run, "CHUNK_PIECES", 2)
    monkeypatch.setattr(batch, "load", lambda model, policy: advisor)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")


def stopping(monkeypatch: pytest.MonkeyPatch, number: int, rows: int = 20) -> None:
    """Send this process a signal once so many rows are scored."""

    @contextmanager
    def progress(quiet: bool) -> Iterator[Callable[[int, int | None], None]]:
        def shown(done: int, total: int | None) -> None:
            if total and done >= rows:
                os.kill(os.getpid(), number)

        yield shown

    monkeypatch.setattr(cli_batch, "progress", progress)


@pytest.fixture
def heeds_signals() -> Iterator[None]:
    """A shell starts background jobs without SIGINT, and nohup starts them without SIGHUP."""
    usual = {signal.SIGINT: signal.default_int_handler, signal.SIGHUP: signal.SIG_DFL}
    before = {number: signal.signal(number, handler) for number, handler in usual.items()}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("heeds_signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_stops_and_the_printed_command_continues(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    target, before = tmp_path / "a b's.csv", signal.getsignal(signal.SIGTERM)
    with monkeypatch.context() as patched:
        stopping(patched, number)
        done = run("score", EXPORT, "-o", target, "--restart", "--tz", "Asia/Shanghai")
    assert done.exit_code == 3
    assert signal.getsignal(signal.SIGTERM) is before
    assert "14 of 39 rows are scored and kept in" in done.stderr
    assert not target.exists()
    printed = next(line for line in done.stderr.splitlines() if line.startswith("  "))
    assert printed.endswith(f" score {EXPORT} -o '{tmp_path}/a b'\"'\"'s.csv' --tz Asia/Shanghai --resume")
    again = run("score", EXPORT, "-o", target, "--tz", "Asia/Shanghai", "--resume")
    assert again.exit_code == 0
    assert "14 rows of them by an earlier run" in again.stderr
    assert run("score", EXPORT, "-o", tmp_path / "c.csv", "--tz", "Asia/Shanghai").exit_code == 0
    assert target.read_bytes() == (tmp_path / "c.csv").read_bytes()


@pytest.mark.usefixtures("heeds_signals")
def test_with_nohup_a_closed_terminal_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    stopping(monkeypatch, signal.SIGHUP)
    assert run("score", EXPORT, "-o", tmp_path / "s.csv").exit_code == 0


def test_leftovers_are_told_with_both_ways_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        stopping(patched, signal.SIGTERM)
        assert run("score", EXPORT, "-o", tmp_path / "s.csv").exit_code == 3
    found = run("score", EXPORT, "-o", tmp_path / "s.csv")
    assert found.exit_code == 2
    assert "An earlier run was stopped after 14 rows" in found.stderr
    assert found.stderr.count(f"-o {tmp_path}/s.csv --re") == 2
    refused = run("score", EXPORT, "-o", tmp_path / "s.csv", "--resume", "--proba")
    assert refused.exit_code == 2
    assert "changed since: option proba" in refused.stderr
    assert run("score", EXPORT, "-o", tmp_path / "s.csv", "--resume", "--restart").exit_code == 2
    assert run("score", EXPORT, "-o", tmp_path / "s.csv", "--restart").exit_code == 0


@pytest.mark.parametrize(
    ("why", "told"),
    [
        (KeyboardInterrupt(), "按要求中止"),
        (MemoryError(), "内存不足"),
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), "磁盘已满"),
    ],
    ids=["asked", "memory", "disk"],
)
def test_why_a_run_stopped_is_told_in_the_language_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, why: BaseException, told: str
) -> None:
    def stop(rows: GrowingFile, data: bytes) -> None:
        raise why

    arguments = ["score", EXPORT, "-o", tmp_path / "s.csv", "--lang", "zh"]
    with monkeypatch.context() as patched:
        patched.setattr(GrowingFile, "write", stop)
        done = run(*arguments)
    assert done.exit_code == 3
    assert done.stderr.startswith(f"已停止：{told}\n尚未评分任何行。\n继续：\n")
    with monkeypatch.context() as patched:
        stopping(patched, signal.SIGTERM)
        assert "14 行" in run(*arguments).stderr
    assert "此前的运行在评分 14 行后中断" in run(*arguments).stderr


def test_stopped_while_it_loads_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Loading:
        def __getattr__(self, name: str) -> object:
            raise KeyboardInterrupt

    monkeypatch.setitem(sys.modules, "complaint_typing.batch", Loading())
    done = run("score", EXPORT, "-o", tmp_path / "s.csv")
    assert done.exit_code == 3
    assert done.stderr.startswith("stopped: as asked\nNo rows were scored yet.\nContinue with:\n")


def test_stopped_before_the_first_chunk_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopping(monkeypatch, signal.SIGTERM, rows=1)
    done = run("score", EXPORT, "-o", tmp_path / "s.csv", "--quiet")
    assert done.exit_code == 3
    assert "No rows were scored yet" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_summary_speaks_both_languages(tmp_path: Path) -> None:
    export = tmp_path / "export.csv"
    export.write_text(
        "ticket_id,customer_id,created_at,text,satisfaction\n"
        "1,c,2026-01-01,my bill is wrong please refund,9\n1,c,2026-01-02,the manager was rude,5\n3,c,,,\n",
        encoding="utf-8",
    )
    en = run("score", export, "-o", tmp_path / "s.csv")
    assert en.exit_code == 1
    for told in ("3 rows in, 2 scored, 1 quarantined", "rows/s", "satisfaction 1", "it has no text 1", "█"):
        assert told in en.stderr, told
    assert "repeated ticket ids: 1" in en.stderr
    for name in ("s.csv", "s.quarantine.csv", "s.csv.manifest.json"):
        assert str(tmp_path / name) in en.stderr
    zh = run("score", export, "-o", tmp_path / "s.csv", "--lang", "zh")
    assert "3 行读入" in zh.stderr
    assert "没有投诉正文 1" in zh.stderr
    assert re.search(r"\b(rows|written|share)\b", zh.stderr) is None


def test_earlier_exports_may_be_several(tmp_path: Path) -> None:
    rows = ["c,2026-01-01,no light", "c,2026-01-03,no light again"]
    for i, row in enumerate(rows):
        (tmp_path / f"h{i}.csv").write_text(f"member,created_at,body\n{row}\n", encoding="utf-8")
    (tmp_path / "now.csv").write_text("customer_id,created_at,text\nc,2026-01-05,dark\n", encoding="utf-8")
    arguments = ["--history", tmp_path / "h1.csv", "--history", tmp_path / "h0.csv"]
    done = run(
        "score", tmp_path / "now.csv", "-o", tmp_path / "s.csv", *arguments, "--json",
        "--history-map", "customer_id=member", "--history-map", "text=body",
    )  # fmt: skip
    assert json.loads(done.stdout)["history_rows"] == 2
    (tmp_path / "h1.csv").write_text("member,created_at,body\nc,2026-01-01,no light,,x\n", encoding="utf-8")
    for lang, told in (
        (
            "en",
            "rows of earlier exports that count as nobody's history: it has more fields than the header 1",
        ),
        ("zh", "此前导出中无法使用、不算作任何人历史的行：字段多于表头 1"),
    ):
        said = run(
            "score", tmp_path / "now.csv", "-o", tmp_path / "s.csv", *arguments, "--lang", lang,
            "--history-map", "customer_id=member", "--history-map", "text=body",
        )  # fmt: skip
        assert told in said.stderr
    bad = run("score", tmp_path / "now.csv", "-o", tmp_path / "s.csv", *arguments, "--history-map", "text")
    assert bad.exit_code == 2
    assert "--history-map" in bad.stderr


def test_the_bar_has_rate_and_time_left_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    from rich.console import Console

    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=100)
    monkeypatch.setattr(cli_batch, "messages", lambda: console)
    with cli_batch.progress(quiet=False) as shown:
        assert shown is not None
        shown(1_000, None)
        for done in range(1_000, 5_001, 1_000):
            shown(done, 5_000)
    assert "scoring" in screen.getvalue()
    assert "5,000 of 5,000" in screen.getvalue()
    with cli_batch.progress(quiet=True) as silent:
        assert silent is None
