"""Wrong labels planted into a labelled corpus, for the tests and benchmarks of label errors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

CONFUSABLE = {
    "resolution_seeking": ("clarification_seeking", "venting"),
    "compensation_seeking": ("resolution_seeking", "repeat_abuser"),
    "respect_seeking": ("venting", "resolution_seeking"),
    "high_energy": ("improvement_seeking", "respect_seeking"),
    "repeat_abuser": ("compensation_seeking", "high_energy"),
    "clarification_seeking": ("resolution_seeking", "improvement_seeking"),
    "companionship_seeking": ("clarification_seeking", "venting"),
    "venting": ("resolution_seeking", "respect_seeking"),
    "improvement_seeking": ("resolution_seeking", "high_energy"),
    "none": ("venting", "improvement_seeking"),
}


def planted(
    tickets: pd.DataFrame, kind: str, seed: int, share: float = 0.05
) -> tuple[pd.DataFrame, NDArray[np.intp]]:
    """The tickets with wrong labels, and in which rows: any wrong type, or one that is easily confused."""
    rng = np.random.default_rng(seed)
    labels = tickets["customer_type"].to_numpy(dtype=object).copy()
    names = sorted(set(labels))
    rows = rng.choice(len(labels), round(share * len(labels)), replace=False)
    for row in rows.tolist():
        others: Any = [name for name in names if name != labels[row]]
        labels[row] = rng.choice(others if kind == "uniform" else CONFUSABLE[labels[row]])
    return tickets.assign(customer_type=labels), rows
