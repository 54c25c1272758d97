"""The page of a large scored file: seconds, memory and bytes.

    python tests/benchmarks/report_page.py [--rows 200000]

The file is written first, in a process of its own, so that the memory told is that of making the page.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.append(str(Path(__file__).parent.parent / "workbench"))
from page_frames import page_frame

from complaint_typing.workbench.page import write_page

MOST_BYTES = 5_000_000


def write_scored(rows: int, path: Path) -> None:
    page_frame(rows).to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        scored = Path(folder, "scored.csv")
        writing = multiprocessing.get_context("spawn").Process(target=write_scored, args=(rows, scored))
        writing.start()
        writing.join()
        began = time.process_time()
        page = write_page(scored, Path(folder, "report.html"), "2025-12-01", "zh")
        seconds, size = time.process_time() - began, page.stat().st_size
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{rows:,} tickets: {seconds:.0f} s of one core, {peak:,} MB at most, a page of {size:,} bytes")
    if size >= MOST_BYTES:
        sys.exit(f"the page is larger than {MOST_BYTES:,} bytes")


if __name__ == "__main__":
    main()
