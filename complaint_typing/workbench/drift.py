"""Did the tickets change? Two exports compared by how much, not by whether chance alone explains it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from ..errors import BadOption, MissingColumns
from ..missing import records
from .distances import Gap
from .drift_checks import CHECKS, Check, Measured, Sides, measure
from .drift_words import headline, sentence
from .export_table import Export, ModelOrFolder, export_table, model_of

ALPHA = 0.05
DRIFT, NO_DRIFT, TOO_FEW = "drift", "no drift", "too few to tell"
_SHARES = ["check", "name", "before", "after", "difference", "low", "high"]
_NUMBERS = ["check", "at", "before", "after"]


@dataclass(frozen=True, eq=False)
class Drift:
    """What two exports say of each check.

    Attributes
    ----------
    rows : DataFrame
        A row a check: `check`, `kind`, `tickets_before`, `tickets_after`, `moved` (the category whose share
        changed most), `before`, `after` (its share; else the share, median or weekly rate), `distance`,
        `chance` (how far chance alone reaches), `low`, `high` (of the true distance), `floor`, `verdict`.
    shares : DataFrame
        Categories: `check`, `name`, `before`, `after`, `difference` with `low` and `high` (95 %, each by
        itself).
    numbers : DataFrame
        `check`, `at`, and the shares of tickets below that value `before` and `after`.
    left_out : dict of str to str
        Checks that could not be made -> the column that is missing.
    """

    rows: pd.DataFrame
    shares: pd.DataFrame
    numbers: pd.DataFrame
    left_out: Mapping[str, str]

    @property
    def drifted(self) -> bool:
        """Whether any check says so."""
        return bool((self.rows["verdict"] == DRIFT).any())

    def verdict(self, check: str) -> str:
        """``drift``, ``no drift`` or ``too few to tell``."""
        return str(self.rows.set_index("check").loc[check, "verdict"])

    def sentences(self, lang: str = "en") -> list[str]:
        """The result in words: a headline, then a sentence a check, drift first.

        Parameters
        ----------
        lang : {"en", "zh"}
        """
        order = self.rows["verdict"].map([DRIFT, TOO_FEW, NO_DRIFT].index)
        rows = self.rows.loc[order.sort_values(kind="stable").index].to_dict("records")
        return [headline(rows, self.left_out, lang), *(sentence(row, lang) for row in rows)]

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {
            "drifted": self.drifted,
            "checks": records(self.rows),
            "shares": records(self.shares),
            "left_out": dict(self.left_out),
        }


def drift(
    before: Export,
    after: Export,
    model: ModelOrFolder = None,
    *,
    checks: Sequence[str] | None = None,
    floors: Mapping[str, float] | None = None,
    looks: int = 1,
    mapping: Mapping[str, str] | None = None,
    policy: str | Path | None = None,
) -> Drift:
    """Compare two exports, scored or not, check by check.

    A check says ``drift`` where even the lower bound of its distance reaches its floor; ``no drift`` where
    the distance seen is below the floor and chance alone could not hide one of twice the floor; else, and
    with fewer than 30 tickets of 20 customers on a side, ``too few to tell``. Bounds take the tickets of one
    customer together, and hold for all checks and looks together in 95 of 100 cases (Bonferroni).

    Parameters
    ----------
    before, after : DataFrame or path
        As for :func:`~complaint_typing.workbench.export_table.export_table`.
    model : Model or path, optional
        Scores what is not scored, and knows the n-grams that are not new; the shipped one by default.
    checks : sequence of str, optional
        Ids of :data:`~complaint_typing.workbench.drift_checks.CHECKS`; by default all that the columns allow.
    floors : mapping of str to float, optional
        Distances from which checks matter, where others than the usual ones; above 0 and below 1.
    looks : int
        How often such a report is drawn: for a weekly one that may call a false alarm in one year of twenty,
        52.
    mapping : mapping of str to str, optional
        Contract column -> header, for both.
    policy : path, optional
        To score with, for a model with types of its own; the shipped one by default.

    Returns
    -------
    Drift

    Raises
    ------
    UnreadableInput, MissingColumns, AmbiguousDates
        When an export cannot be read as tickets, or lacks what a named check needs.
    BadOption
        When there is no such check, a floor is no share, or `looks` is below 1.

    >>> types = ["venting", "high_energy"] * 400
    >>> calm = pd.DataFrame({"customer_type": types, "confidence": 0.8, "top_type": types})
    >>> loud = calm.assign(customer_type=["venting"] * 700 + ["high_energy"] * 100)
    >>> drift(calm, loud).verdict("customer_type"), drift(calm, calm).drifted
    ('drift', False)
    >>> drift(calm, loud, checks=["colour"])
    Traceback (most recent call last):
        ...
    complaint_typing.errors.BadOption: checks: not a check, got 'colour'; use ...
    """
    _refuse_bad_options(checks, floors, looks)
    tables = [export_table(export, model, mapping=mapping, policy=policy) for export in (before, after)]
    chosen = [check for check in CHECKS if checks is None or check.id in checks]
    missing = {c.id: c.needs for c in chosen if any(c.needs not in table for table in tables)}
    if checks is not None and missing:
        found = next(table for table in tables if set(missing.values()) - set(table.columns))
        raise MissingColumns(list(dict.fromkeys(missing.values())), list(found.columns))
    made = [check for check in chosen if check.id not in missing]
    sides = Sides(tables[0], tables[1], model_of(model), ALPHA / max(len(made), 1) / looks)
    found = [(check, measure(check, sides)) for check in made]
    rows = [_row(check, one, sides, (floors or {}).get(check.id, check.floor)) for check, one in found]
    return Drift(
        pd.DataFrame(rows),
        _joined([one.shares for _, one in found if one], _SHARES),
        _joined([one.numbers for _, one in found if one], _NUMBERS),
        missing,
    )


def _row(check: Check, found: Measured | None, sides: Sides, floor: float) -> dict[str, Any]:
    gap = found.gap if found else Gap(float("nan"), 1.0)
    return {
        "check": check.id,
        "kind": check.kind,
        "tickets_before": len(sides.before),
        "tickets_after": len(sides.after),
        "moved": found.moved if found else "",
        "before": found.before if found else float("nan"),
        "after": found.after if found else float("nan"),
        "distance": gap.distance,
        "chance": gap.chance,
        "low": gap.low if found else 0.0,
        "high": gap.high if found else 1.0,
        "floor": floor,
        "verdict": _verdict(gap, floor) if found else TOO_FEW,
    }


def _verdict(gap: Gap, floor: float) -> str:
    if gap.low >= floor:
        return DRIFT
    return NO_DRIFT if max(gap.distance, gap.chance) <= floor else TOO_FEW


def _joined(parts: Sequence[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    filled = [part for part in parts if len(part)]
    return pd.concat(filled, ignore_index=True)[columns] if filled else pd.DataFrame(columns=columns)


def _refuse_bad_options(checks: Sequence[str] | None, floors: Mapping[str, float] | None, looks: int) -> None:
    known = [check.id for check in CHECKS]
    for name, given in (("checks", checks or ()), ("floors", floors or ())):
        for unknown in (one for one in given if one not in known):
            raise BadOption(name, unknown, "a check", f"use {', '.join(known)}")
    for name, floor in (floors or {}).items():
        if not 0 < floor < 1:
            remedy = "write a share above 0 and below 1, for example 0.1"
            raise BadOption(f"floor of {name}", floor, "a distance", remedy)
    if looks < 1:
        raise BadOption("looks", looks, "a number of looks", "write 1 or more")
