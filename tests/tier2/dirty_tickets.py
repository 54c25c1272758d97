"""Tickets as exports have them: texts of the corpus, some of them dirtied, and invented customers."""

from __future__ import annotations

import random
from datetime import datetime, timedelta, timezone
from typing import Any

import numpy as np
import pandas as pd

from complaint_typing.resources import data_path
from complaint_typing.tickets import read_frame

EAST = timezone(timedelta(hours=8))
START, DAYS = 1_704_067_200, 600
OUTCOMES = ("resolved_at", "fault_found", "compensation", "satisfaction", "reopened")
DIRT = (
    "{}\x00", "\ufeff{}", "  {}  ", "={}", "'{}", "\t{}", "{}\u2028{}", '"{}"', "{}\\", "{}\r{}",
    "{}\r\n\r\n{}",
    "{}\u200b", "😤{}😤", "{} 13812345678 a.b@example.com", "{} @shop http://t.cn/x", "-{}",
    "ＡＢＣ１２３{}", "{},;|\t{}",
)  # fmt: skip
FAULTS = ("yes", "no", "no", "unknown", "是", "否", "", None, "perhaps")
PAID = (None, "", 0, "10", "25.50", "¥50", "much")
SCORES = (None, "", "1", "5", "满意", "９")


def corpus() -> list[tuple[str, str]]:
    """Texts with their languages, of all training files and examples."""
    found = []
    for path in (*sorted(data_path("training").glob("*.csv")), *sorted(data_path("examples").glob("*.csv"))):
        for row in read_frame(path).to_dict("records"):
            said = row.get("text") or row.get("subject") or ""
            if said.strip():
                found.append((said, row.get("language") or ""))
    return found


def local(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, EAST)


def written(seconds: int, form: int) -> str:
    """A moment as systems and people write it; those that name no zone are of Shanghai."""
    at = local(seconds)
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    forms = (
        at.strftime("%Y-%m-%d %H:%M:%S"),
        at.strftime("%Y/%m/%d %H:%M:%S"),
        at.strftime("%Y年%m月%d日 %H时%M分%S秒"),
        at.isoformat(),
        datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        at.strftime("%d %b %Y %H:%M:%S"),
        at.strftime("%Y-%m-%d %H:%M:%S").translate(wide),
        str(seconds),
    )
    return forms[form % len(forms)]


def tickets(
    n: int, seed: int = 1, first: int = 0, start: int = START, who: str = "C"
) -> list[dict[str, Any]]:
    """Tickets in the order in which they were written, a tenth as many customers, some of them listed twice.

    Parameters
    ----------
    n : int
    seed : int
    first : int
        Number of the first ticket.
    start : int
        Seconds since 1970 UTC before which none was written.
    who : str
        How the names of customers begin.
    """
    rng, said = random.Random(seed), corpus()
    moments = sorted(start + rng.randrange(DAYS * 86_400) for _ in range(n))
    found: list[dict[str, Any]] = []
    for i, at in enumerate(moments):
        if found and rng.random() < 0.02:
            found.append(dict(rng.choice(found[-50:])))
            continue
        text, language = rng.choice(said)
        text = rng.choice(DIRT).replace("{}", text) if rng.random() < 0.25 else text
        text = text * (25_000 // len(text) + 1) if rng.random() < 0.001 else text
        customer = f"{who}{int(rng.random() ** 2 * n / 10)}"
        is_nobody, is_undated = rng.random() < 0.05, rng.random() < 0.03
        row = {
            "ticket_id": f"T{first + i}" if rng.random() < 0.9 else None,
            "customer_id": rng.choice((None, "", "  ") if is_nobody else (customer, f" {customer} ")),
            "created_at": rng.choice((None, "", "soon")) if is_undated else written(at, rng.randrange(8)),
            "text": text,
            "language": language if rng.random() < 0.5 else rng.choice(("", None, "fr")),
            "category": rng.choice(("billing", " billing ", "网络", "", None)),
            "channel": rng.choice(("phone", "web", "shop", "")),
            "agent_reply": rng.choice((None, "", "We are sorry.", "已为您处理")),
        } | dict.fromkeys(OUTCOMES)  # fmt: skip
        if rng.random() < 0.7:
            over = at + rng.choice((-5, 0, 1, 7, 30)) * 86_400 + rng.randrange(90_000)
            row |= {"resolved_at": written(over, rng.randrange(8)), "fault_found": rng.choice(FAULTS)}
            row |= {"compensation": rng.choice(PAID), "satisfaction": rng.choice(SCORES)}
            row |= {"reopened": rng.choice((None, "0", "1", "是"))}
        found.append(row)
    return found


def is_same(one: object, other: object) -> bool:
    """Whether two cells are equal to the bit, or both empty."""
    empty = [cell == "" if isinstance(cell, str) else bool(pd.isna(cell)) for cell in (one, other)]
    if any(empty):
        return all(empty)
    if isinstance(one, float | np.floating) and isinstance(other, float | np.floating):
        return bool(float(one) == float(other))
    return bool(one == other)
