"""A scored file made for the page, with every column, some values missing, and what must not be seen."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pandas as pd

TYPES = ("resolution_seeking", "venting", "respect_seeking", "undetermined", "unfamiliar")
BRANCHES = ("城东营业厅", "Leeds", "</script><b>x</b>", "Bristol", "")
SECRETS = ("13800138000", "zhang.san@example.com", "秘密正文", "CUST-", "AGENT-", "TICKET-", "王小明的店")


def page_frame(n: int = 3000, seed: int = 5, customers: int | None = None) -> pd.DataFrame:
    """`n` scored tickets of 2025 by n / 3 customers, unless told otherwise."""
    r = np.random.default_rng(seed)
    day = r.integers(0, 330, n)
    kind = r.choice(TYPES, n, p=[0.4, 0.3, 0.15, 0.1, 0.05])
    paid = np.where(r.random(n) < 0.2, r.integers(1, 90, n), 0)
    frame = pd.DataFrame(
        {
            "ticket_id": [f"TICKET-{i}" for i in range(n)],
            "customer_id": [f"CUST-{i}" for i in r.integers(0, customers or n // 3, n)],
            "created_at": pd.Timestamp("2025-01-07") + pd.to_timedelta(day, "D"),
            "text": "秘密正文 13800138000 zhang.san@example.com",
            "channel": r.choice(["app", "phone", "web"], n),
            "category": r.choice(["bill", "line", "故障"], n, p=[0.5, 0.3, 0.2]),
            "branch": r.choice(BRANCHES, n, p=[0.4, 0.3, 0.15, 0.1, 0.05]),
            "agent_id": [f"AGENT-{i}" for i in r.integers(0, 12, n)],
            "fault_found": r.choice(["yes", "no", ""], n),
            "compensation": paid,
            "currency": r.choice(["CNY", "GBP"], n),
            "satisfaction": r.choice(["1", "3", "5", ""], n),
            "reopened": r.choice(["0", "1", ""], n),
            "customer_type": kind,
            "top_type": np.where(np.isin(kind, TYPES[3:]), "venting", kind),
            "emotional_mode": r.choice(["attack", "emotional", "rational"], n, p=[0.1, 0.4, 0.5]),
            "risk_signals": r.choice(["", "media", "media;legal"], n),
            "goodwill": r.choice(["clear", "review"], n),
            "strategy_id": r.choice(["restore", "let_vent", "refusal"], n, p=[0.6, 0.3, 0.1]),
            "strategy": "恢复原状",
            "next_step": "回电",
            "escalate_to": r.choice(["", "team_lead"], n),
            "follow_up_days": r.choice([3, 7], n),
            "requires_human": r.integers(0, 2, n),
            "evidence": np.where(kind == "undetermined", "仍未到货; 电话13800138000", "帮我修好"),
        }
    )
    closed = frame["created_at"] + pd.to_timedelta(r.integers(0, 9, n), "D")
    frame["resolved_at"] = closed.dt.strftime("%Y-%m-%d").where(r.random(n) < 0.8, "")
    frame["created_at"] = frame["created_at"].dt.strftime("%Y-%m-%d").where(r.random(n) < 0.98, "")
    frame.loc[0, "branch"] = "王小明的店"
    return frame


def data_of(page: str) -> dict[str, Any]:
    """What the page counts from."""
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.S)
    assert found
    loaded: dict[str, Any] = json.loads(found[1])
    return loaded


def cells_of(counted: dict[str, Any]) -> pd.DataFrame:
    """A cube as a table: a row for each cell, with its place along each dimension and its sums."""
    places = np.unravel_index(np.cumsum(np.array(counted["at"], np.int64)), counted["sizes"])
    return pd.DataFrame(dict(zip(counted["dims"], places, strict=True)) | counted["sums"])
