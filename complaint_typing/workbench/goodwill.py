"""Does goodwill breed returns? The question of source 004, asked of the outcomes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..missing import records
from .effects import DAYS, REPLICATES, Comparison, compare
from .outcome_tickets import OutcomeTickets
from .outcome_words import answer_text, assumptions
from .weighting import COVARIATES, FEWEST_CUSTOMERS


@dataclass(frozen=True, eq=False)
class GoodwillAnswer:
    """The answer, with everything behind it.

    Attributes
    ----------
    answer, extras : str
        Of any return visit, and of visits for extras, within `day` days: `more`, `less` (the weighted
        interval excludes 0), `nothing` (it does not), `too_few`, `no_overlap` (nothing can be told).
    day : int
    comparison : Comparison
        Paid (`treated`) against not paid (`control`).
    by_type : DataFrame
        `customer_type` and the weighted rows `any`, `extras` of `day` of its own comparison; `told` is
        `too_few` for types without enough customers on either side.
    n_tickets, n_paid : int
        Followed tickets.
    """

    answer: str
    extras: str
    day: int
    comparison: Comparison
    by_type: pd.DataFrame
    n_tickets: int
    n_paid: int

    @property
    def rates(self) -> pd.DataFrame:
        """Rows of return visits of the comparison: by kind and day, weighted and not."""
        kinds = ("any", "extras", "justified", "asking")
        return self.comparison.effects[self.comparison.effects["outcome"].isin(kinds)]

    def sentence(self, lang: str = "en") -> str:
        """What can and what cannot be concluded, in a few sentences.

        Raises
        ------
        BadOption
            When `lang` is neither "zh" nor "en".
        """
        return answer_text(self.comparison, self.day, self.n_tickets, self.n_paid, lang)

    def assumptions(self, lang: str = "en") -> list[str]:
        """What has to hold for the weighted difference to be the doing of goodwill."""
        return assumptions(self.comparison.weighting.covariates, lang)

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON."""
        told = {"answer": self.answer, "extras": self.extras, "day": self.day}
        told |= {"by_type": records(self.by_type)}
        told |= {"n_tickets": self.n_tickets, "n_paid": self.n_paid}
        told |= {f"sentence_{lang}": self.sentence(lang) for lang in ("zh", "en")}
        return told | self.comparison.to_dict()


def goodwill_and_returns(
    tickets: OutcomeTickets,
    types: Sequence[str] | None = None,
    *,
    day: int = 90,
    covariates: Sequence[str] = COVARIATES,
    replicates: int = REPLICATES,
    seed: int = 0,
    by_type: bool = True,
) -> GoodwillAnswer:
    """Do customers come back more often after goodwill than comparable ones without it, and for what?

    Parameters
    ----------
    tickets : OutcomeTickets
    types : sequence of str, optional
        Only tickets of these types; all by default.
    day : int, default 90
        Of the answer; the rates are told at 30, 90 and 180 days.
    covariates, replicates, seed
        As in :func:`~complaint_typing.workbench.effects.compare`.
    by_type : bool, default True
        Ask each type on its own as well, as far as it has enough customers.

    Returns
    -------
    GoodwillAnswer

    Raises
    ------
    MissingScoredColumns
        Without a column `compensation`.

    >>> from complaint_typing.workbench.outcome_tickets import outcome_tickets
    >>> from complaint_typing.workbench.simulator import simulate
    >>> made = simulate(60, seed=2, texts=False)
    >>> found = goodwill_and_returns(outcome_tickets(made.frame), replicates=20, by_type=False)
    >>> found.answer, found.sentence("zh")[:9]
    ('no_overlap', '无法判断善意补偿是')
    """
    tickets.need(["compensation"])
    table = tickets.table
    asked = np.ones(len(table), bool) if types is None else table["customer_type"].isin(types).to_numpy()
    paid = table["paid"].to_numpy(bool)
    named = sorted({*DAYS, day})
    found = compare(
        tickets,
        asked & paid,
        asked & ~paid,
        days=named,
        covariates=covariates,
        replicates=replicates,
        seed=seed,
    )
    followed = table["closed"].to_numpy() & asked
    per_type = _by_type(tickets, followed, day, covariates, replicates, seed) if by_type else pd.DataFrame()
    return GoodwillAnswer(
        _told(found, "any", day),
        _told(found, "extras", day),
        day,
        found,
        per_type,
        int(followed.sum()),
        int((followed & paid).sum()),
    )


def _told(found: Comparison, outcome: str, day: int) -> str:
    return str(found.row(outcome, day)["told"]) if len(found.effects) else "no_overlap"


def _by_type(
    tickets: OutcomeTickets, asked: Any, day: int, covariates: Sequence[str], replicates: int, seed: int
) -> pd.DataFrame:
    """The same question of each type; those with too few customers on a side only counted."""
    table, tables = tickets.table, []
    for name in sorted(set(table.loc[asked, "customer_type"])):
        own = asked & (table["customer_type"] == name).to_numpy()
        paid, rest = own & table["paid"].to_numpy(bool), own & ~table["paid"].to_numpy(bool)
        counts = {"n_treated": int(paid.sum()), "n_control": int(rest.sum())}
        if min(table.loc[side, "customer"].nunique() for side in (paid, rest)) < FEWEST_CUSTOMERS:
            few = [{"outcome": o, "day": day, **counts, "told": "too_few"} for o in ("any", "extras")]
            tables.append(pd.DataFrame(few).assign(customer_type=name))
            continue
        found = compare(
            tickets, paid, rest, days=(day,), covariates=covariates, replicates=replicates, seed=seed
        ).effects
        kept = found["weighted"].astype(bool) & found["outcome"].isin(("any", "extras"))
        tables.append(found[kept].assign(customer_type=name))
    columns = ["customer_type", "outcome", "day", "treated", "control", "difference", "low", "high"]
    every = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()
    return every.reindex(columns=[*columns, "n_treated", "n_control", "told"])
