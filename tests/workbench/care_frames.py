"""Scored tickets made for tests, as few columns as the care room needs."""

from __future__ import annotations

from typing import Any

import pandas as pd

SCORED = {
    "customer_type": "resolution_seeking",
    "emotional_mode": "rational",
    "strategy_id": "restore",
    "strategy": "Put it right",
    "next_step": "Ring back",
    "follow_up_days": 3,
    "evidence": "",
}


def scored(n: int, **columns: Any) -> pd.DataFrame:
    """A frame of n tickets by n customers on one day, with the columns given instead."""
    made = {
        "ticket_id": [f"T{i}" for i in range(n)],
        "customer_id": [f"C{i}" for i in range(n)],
        "created_at": "2025-03-03",
        **SCORED,
    }
    return pd.DataFrame({**made, **columns}, index=range(n))
