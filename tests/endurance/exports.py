"""Writes exports of any size: composed tickets of 160 characters, a tenth as many customers."""

from __future__ import annotations

import csv
import random
from itertools import islice
from pathlib import Path

from complaint_typing.resources import data_path

HEADER = (
    "ticket_id",
    "customer_id",
    "created_at",
    "text",
    "channel",
    "category",
    "resolved_at",
    "fault_found",
    "compensation",
)
LENGTH = 160


def write_export(path: Path, rows: int) -> Path:
    """An export of so many rows, the same for the same number."""
    rng = random.Random(rows)
    said = [text for name in sorted(data_path("training").glob("G1*.csv")) for text in _texts(name)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for number in range(rows):
            text = (rng.choice(said) + " " + rng.choice(said) + " " + rng.choice(said))[:LENGTH]
            day, hour = rng.randrange(1, 29), rng.randrange(24)
            at = f"{rng.randrange(2024, 2026)}-{rng.randrange(1, 13):02d}-{day:02d} {hour:02d}:00:00"
            known = [rng.choice(("yes", "no", "unknown")), rng.choice(("", "", "20"))]
            customer = f"C{rng.randrange(max(rows // 10, 1)):07d}"
            row = [f"T{number:08d}", customer, at, text, "phone", rng.choice("abcd"), at[:11] + "23:59:00"]
            writer.writerow(row + known)
    return path


def _texts(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row["text"] for row in islice(csv.DictReader(file), 400)]
