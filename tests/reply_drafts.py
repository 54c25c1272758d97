"""The composed drafts with their expected findings, and the advice that each of them answers."""

from __future__ import annotations

import csv
from pathlib import Path

from complaint_typing.advice import Advice
from complaint_typing.playbook import read_playbook
from complaint_typing.taxonomy import read_taxonomy

PLAYBOOK = read_playbook()
TAXONOMY = read_taxonomy()
SITUATION = {
    "customer_type": "resolution_seeking",
    "emotional_mode": "rational",
    "strategy_id": "restore",
    "goodwill": "clear",
    "goodwill_cap": "",
    "escalate_to": "",
    "follow_up_days": "",
    "justified_365d": "0",
    "language": "zh",
}


def read_drafts(name: str) -> list[dict[str, str]]:
    with open(Path(__file__).parent / "data" / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def advice_for(row: dict[str, str]) -> Advice:
    """The advice of a row of drafts; what the reply check does not read is left empty."""
    given = dict.fromkeys(Advice.__dataclass_fields__, "") | {
        name: row[name]
        for name in ("customer_type", "emotional_mode", "strategy_id", "goodwill", "escalate_to")
    }
    return Advice(
        **given
        | {
            "goodwill_cap": float(row["goodwill_cap"]) if row["goodwill_cap"] else None,
            "follow_up_days": int(row["follow_up_days"]) if row["follow_up_days"] else None,
            "facts": {"justified_365d": int(row["justified_365d"])},
            "language": row["language"][:2],
            "playbook": PLAYBOOK[row["strategy_id"]],
            "taxonomy": TAXONOMY,
        }
    )


def situation(**changes: str) -> Advice:
    """The advice in the plainest situation, with changes."""
    return advice_for(SITUATION | changes)


def expected(row: dict[str, str]) -> set[str]:
    return set(filter(None, row["expected"].split(";")))
