"""R8 in full: an export of 5 million rows is scored under a limit of address space below its own size.

    python -m pytest tests/endurance/test_bigger_than_memory.py

About a quarter of an hour on two cores for each million rows; `ROWS` in the environment makes it shorter.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from exports import write_export

ROWS = int(os.environ.get("ROWS", "5000000"))
BYTES_PER_ROW = 120
LIMIT_MB = 1_200
CODE = """
import json, resource, sys
limit = int(sys.argv[3]) << 20
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
from complaint_typing import score_csv
summary = score_csv(sys.argv[1], sys.argv[2])
peak = int(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]) << 10
print(json.dumps({"peak": peak, "rows": summary.rows_out, "seconds": summary.seconds}))
"""


def peak(export: Path, limit_mb: int) -> dict[str, float]:
    command = [sys.executable, "-c", CODE, str(export), str(export.with_suffix(".scored.csv")), str(limit_mb)]
    done = subprocess.run(
        command, capture_output=True, check=True, env={**os.environ, "OMP_NUM_THREADS": "1"}
    )
    return json.loads(done.stdout)


def test_a_hundred_times_larger(tmp_path: Path) -> None:
    small = peak(write_export(tmp_path / "small.csv", ROWS // 100), LIMIT_MB)
    export = write_export(tmp_path / "large.csv", ROWS)
    large = peak(export, LIMIT_MB)
    print(small, large, f"{export.stat().st_size:,} bytes")
    assert large["rows"] == ROWS
    assert large["peak"] <= 1.1 * small["peak"] + BYTES_PER_ROW * ROWS
