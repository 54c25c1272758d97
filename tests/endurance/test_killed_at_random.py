"""R7 in full: SIGKILL at 100 random moments of scoring 300,000 rows, each time continued to the same bytes.

    python -m pytest tests/endurance/test_killed_at_random.py

About half an hour on two cores; `ROWS` and `KILLS` in the environment make it shorter.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from exports import LENGTH, write_export

from complaint_typing.batch_run import CHUNK_PIECES
from complaint_typing.pieces import PIECE_CHARACTERS
from complaint_typing.unfinished import kept_rows

ROWS = int(os.environ.get("ROWS", "300000"))
KILLS = int(os.environ.get("KILLS", "100"))
CHUNK_ROWS = CHUNK_PIECES * PIECE_CHARACTERS // LENGTH


def score(export: Path, target: Path, *flags: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "complaint_typing", "score", str(export), "-o", str(target), "--json"]
    return subprocess.Popen([*command, *flags], stdout=subprocess.PIPE, stderr=subprocess.PIPE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("killed")
    write_export(folder / "export.csv", ROWS)
    return folder


def test_killed_at_random_moments(folder: Path) -> None:
    export, target, rng = folder / "export.csv", folder / "scored.csv", random.Random(7)
    began = time.monotonic()
    undisturbed = score(export, folder / "undisturbed.csv", "--jobs", "2")
    assert undisturbed.wait() == 0
    seconds = time.monotonic() - began
    expected = (folder / "undisturbed.csv").read_bytes()
    kills = finished = done = 0
    while kills < KILLS:
        jobs = ("1", "2")[kills % 2]
        run = score(export, target, "--resume", "--jobs", jobs)
        try:
            out, _ = run.communicate(timeout=rng.uniform(0, seconds / 2))
        except subprocess.TimeoutExpired:
            run.kill()
            run.communicate()
            kills += 1
            kept = kept_rows(target)[1]
            assert kept >= done, "what was kept once stays kept"
            done = kept
            assert not target.exists() or target.read_bytes() == expected
            continue
        assert run.returncode == 0
        assert json.loads(out)["rows_kept"] >= done
        assert target.read_bytes() == expected
        assert sorted(p.name for p in folder.iterdir() if p.name.startswith(("scored", ".scored"))) == [
            "scored.csv",
            "scored.csv.manifest.json",
        ]
        target.unlink()
        finished, done = finished + 1, 0
    last = score(export, target, "--resume")
    assert last.wait() == 0
    assert target.read_bytes() == expected
    print(f"{kills} kills, {finished + 1} times to the end")


def test_work_done_again_is_a_chunk_at_most(folder: Path) -> None:
    """Stopped at any moment, what is scored but not kept is less than one chunk."""
    export, target = folder / "export.csv", folder / "stopped.csv"
    run = score(export, target)
    seen, wanted = 0, min(4, ROWS // CHUNK_ROWS - 1)
    while run.poll() is None and seen < wanted:
        done = kept_rows(target)[1]
        if done > seen * CHUNK_ROWS:
            assert done - seen * CHUNK_ROWS <= CHUNK_ROWS
            seen += 1
        time.sleep(0.01)
    run.send_signal(signal.SIGTERM)
    _, told = run.communicate()
    assert run.returncode == 3
    assert "--resume" in told.decode()
    assert kept_rows(target)[1] >= seen * CHUNK_ROWS // 2
