"""Peak memory of scoring files, and what a row of history costs; one table.

    python tests/benchmarks/memory.py

Every figure comes from a process of its own (`VmHWM` of Linux). About five minutes on two cores.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

SCORE = """
from complaint_typing import score_csv
rows = score_csv(sys.argv[1], sys.argv[1] + ".scored.csv").rows_out
"""
HISTORY = """
import numpy as np
from complaint_typing.export_history import ExportHistory
from complaint_typing.ticket_table import tickets_from_columns
history, rows, size = ExportHistory(), int(sys.argv[1]), 1000
rng = np.random.default_rng(7)
for start in range(0, rows, size):
    who, when = rng.integers(0, rows // 10, size), rng.integers(0, 700 * 86400, size) + 1_700_000_000
    columns = {"ticket_id": [f"T{start + i}" for i in range(size)], "customer_id": [f"C{i}" for i in who],
               "created_at": when.tolist(), "resolved_at": (when + 86400).tolist(),
               "text": ["no light"] * size, "fault_found": ["no"] * size, "category": ["net"] * size}
    history.add(tickets_from_columns(columns)[0])
facts = history.facts()
"""
PEAK = """
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
print(json.dumps({"peak": int(status["VmHWM"].split()[0]) << 10, "rows": rows}))
"""
CASES = ((20_000, 160), (200_000, 160), (20_000, 2_000), (2_000, 20_000), (3, 1_000_000))
WORDS = "网络 断了 三天 没人 管 退款 经理 道歉 the parcel refund nobody answers bill wrong manager apology "


def measured(code: str, *arguments: object) -> dict[str, int]:
    command = [sys.executable, "-c", f"import json, sys\n{code}{PEAK}", *map(str, arguments)]
    return json.loads(subprocess.run(command, capture_output=True, check=True).stdout)


def write(path: Path, rows: int, length: int) -> Path:
    text = WORDS * (length // len(WORDS) + 2)
    with path.open("w", encoding="utf-8") as file:
        file.write("ticket_id,customer_id,created_at,text\n")
        for i in range(rows):
            said = text[i % 80 : i % 80 + length]
            file.write(f"T{i},C{i % 9973},2026-01-{1 + i % 28:02d} 10:00:00,{said}\n")
    return path


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        print("| rows | characters each | file | peak |\n|---|---|---|---|")
        for rows, length in CASES:
            path = write(Path(folder) / "export.csv", rows, length)
            peak = measured(SCORE, path)["peak"]
            print(f"| {rows:,} | {length:,} | {path.stat().st_size >> 20} MB | {peak >> 20} MB |", flush=True)
    few, many = (measured(HISTORY, rows) for rows in (100_000, 2_000_000))
    each = (many["peak"] - few["peak"]) / (many["rows"] - few["rows"])
    print(f"\nhistory: {each:.0f} bytes a row between {few['rows']:,} and {many['rows']:,} rows")


if __name__ == "__main__":
    main()
