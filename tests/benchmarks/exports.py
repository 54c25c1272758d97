"""Made exports for the benchmarks: texts of the corpus, cut to one length, with customers and outcomes."""

from __future__ import annotations

import csv
import random
from datetime import datetime, timezone
from pathlib import Path

from complaint_typing.labels import read_labelled
from complaint_typing.resources import data_path

LENGTH = 160
HEADER = (
    *("ticket_id", "customer_id", "created_at", "category", "channel", "text", "resolved_at", "fault_found"),
    *("compensation", "satisfaction"),
)
_START, _MONTH = 1_767_225_600, 30 * 86_400


def made_texts(n: int, length: int = LENGTH, seed: int = 0) -> list[str]:
    """Texts of exactly so many characters, cut from the corpus laid end to end in random order."""
    texts = read_labelled([data_path("training")])["text"].tolist()
    rng, found = random.Random(seed), []
    while len(found) < n:
        rng.shuffle(texts)
        joined = "\n".join(texts)
        found += [joined[i : i + length] for i in range(0, len(joined) - length, length)]
    return found[:n]


def write_export(path: Path, n: int, seed: int = 0) -> None:
    """An export of n tickets of n / 5 customers within a month and a bit; two in three are resolved."""
    rng = random.Random(seed)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for i, text in enumerate(made_texts(n, seed=seed)):
            at = _START + i + rng.randrange(_MONTH)
            row = [f"T{i:07d}", f"C{rng.randrange(max(1, n // 5)):06d}", _iso(at)]
            row += [rng.choice(("billing", "delivery", "service", "")), rng.choice(("phone", "web")), text]
            if rng.random() < 2 / 3:
                row += [_iso(at + rng.randrange(9 * 86_400)), rng.choice(("yes", "no", "unknown", ""))]
                row += [rng.choice(("", "", "", "10", "25")), rng.choice(("", "", "1", "3", "5"))]
            writer.writerow(row + [""] * (len(HEADER) - len(row)))


def _iso(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%d %H:%M:%S")
