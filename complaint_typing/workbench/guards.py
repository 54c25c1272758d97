"""What a new model must not do, however much better its figures are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import binomtest

from ..labels import read_labelled
from ..model import Model
from ..people_first import hard_negatives
from ..resources import data_path
from ..ticket_texts import facts_of, texts_of
from .fairness import MOVED_AT_MOST, audit_fairness

FEWEST_TYPED = 20
_CHANCE = 0.05


@dataclass(frozen=True)
class Guard:
    """A promise that a new model keeps or breaks.

    Attributes
    ----------
    name : str
        ``gate``, ``hard_negatives``, ``abuse_precision``, ``type_precision`` or ``fairness``.
    holds : bool or None
        None where there is nothing to judge it by.
    facts : dict
        The numbers behind the verdict, ready for JSON.
    """

    name: str
    holds: bool | None
    facts: dict[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON."""
        return asdict(self)


def guards(old: Model, new: Model, per_type: pd.DataFrame) -> tuple[Guard, ...]:
    """All guards of a new model beside the old one.

    Parameters
    ----------
    old, new : Model
    per_type : DataFrame
        As :func:`~complaint_typing.workbench.paired.paired_differences` gives it.
    """
    gated = [name for name in new.types if name in {*old.gated, *new.gated}]
    return (
        gate_guard(old, new),
        hard_negatives_guard(new),
        precision_guard("abuse_precision", per_type, gated, family=False),
        precision_guard("type_precision", per_type, [t for t in new.types if t not in gated], family=True),
        fairness_guard(old, new),
    )


def gate_guard(old: Model, new: Model) -> Guard:
    """A type that needed a documented history in the old model needs it in the new one."""
    needed = [name for name in old.gated if name in new.types]
    lost = [name for name in needed if name not in new.gated]
    return Guard("gate", not lost if needed else None, {"types": needed, "no_longer_gated": lost})


def hard_negatives_guard(new: Model) -> Guard:
    """No ticket of the corpus's hard negatives is typed as abuse: they return with reason."""
    if not any(name in new.gated for name in new.types):
        return Guard("hard_negatives", None)
    tickets = _tickets_of_hard_negatives()
    top = new.score(texts_of(tickets), facts_of(tickets)).types.argmax(axis=1)
    typed = int(np.isin(top, new.gated_places).sum())
    facts = {"customers": tickets["customer_id"].nunique(), "tickets": len(tickets), "typed": typed}
    return Guard("hard_negatives", typed == 0, facts)


@cache
def _tickets_of_hard_negatives() -> pd.DataFrame:
    customers = hard_negatives()
    names = sorted({customer.split("-")[0] for customer in customers})
    tickets = read_labelled([data_path("training") / f"{name}.csv" for name in names])
    return tickets[tickets["customer_id"].isin(customers)]


def precision_guard(name: str, per_type: pd.DataFrame, types: Sequence[str], family: bool) -> Guard:
    """No type's precision falls by more than chance explains.

    Parameters
    ----------
    name : str
    per_type : DataFrame
    types : sequence of str
        Types to watch; those that fewer than 20 tickets were typed as are not judged.
    family : bool
        Whether the intervals hold for all types together, so that nine types do not raise nine chances of
        a false alarm.
    """
    rows = per_type[(per_type["figure"] == "precision") & per_type["type"].isin(list(types))]
    enough = rows[(rows["typed"] >= FEWEST_TYPED) & rows["difference"].notna()]
    fallen = enough[enough["family_high" if family else "high"] < 0]
    told = [
        {key: round(float(row[key]), 4) for key in ("old", "new", "low", "high")} | {"type": row["type"]}
        for row in fallen.to_dict("records")
    ]
    facts = {"judged": enough["type"].tolist(), "fallen": told}
    too_few = sorted({*rows["type"]} - {*enough["type"]})
    return Guard(name, not told if len(enough) else None, facts | {"too_few": too_few})


def fairness_guard(old: Model, new: Model) -> Guard:
    """Swapping who is mentioned moves no more types than before, or fewer than the bar.

    Falls where the new model misses the bar, moves more tickets than the old one, and more than a coin would
    give among the tickets that only one of them moves (exact one-sided test, 5 %).
    """
    before, after = audit_fairness(old), audit_fairness(new)
    only_new = len({*after.moved_ids} - {*before.moved_ids})
    only_old = len({*before.moved_ids} - {*after.moved_ids})
    changed = only_new + only_old
    by_chance = float(binomtest(only_new, changed, alternative="greater").pvalue) if only_new else 1.0
    facts = {
        "tickets": after.tickets,
        "old_moved": before.moved,
        "new_moved": after.moved,
        "bar": MOVED_AT_MOST,
        "meets_bar": after.passed,
        "p_value": round(by_chance, 4),
    }
    return Guard("fairness", after.passed or by_chance >= _CHANCE, facts)
