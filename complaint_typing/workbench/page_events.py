"""What the page counts of each ticket: goodwill, return visits, signals, leanings, words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..taxonomy import Taxonomy
from .care_tickets import CareTickets
from .cause_words import EvidenceWords
from .page_groups import FEWEST_CUSTOMERS, groups_of
from .wording import term_name

RETURN_DAYS = 30
_LISTS = {"risk_signals": "signal", "escalate_to": "role", "goodwill": "goodwill"}
_MOST_ITEMS = 20
_MOST_COMPARED = 30_000
_Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Items:
    """Things that a ticket may have several of.

    Attributes
    ----------
    listed : list of dict of str to str
        `kind`, `id` and `name` of each item.
    tickets, codes : ndarray of int
        A pair for each item of each ticket: the ticket's place and the item's place in `listed`.
    """

    listed: list[dict[str, str]]
    tickets: NDArray[np.intp]
    codes: NDArray[np.intp]


def goodwill_and_returns(table: pd.DataFrame) -> dict[str, _Flags]:
    """Whether goodwill was paid, and whether the customer wrote again within 30 days of closing.

    A return is looked for where the ticket was closed 30 days or more before the last day of the file. A
    ticket on the very day of closing is none.

    Parameters
    ----------
    table : DataFrame
        Of :class:`~complaint_typing.workbench.care_tickets.CareTickets`.

    Returns
    -------
    dict of str to ndarray of bool of shape (n_tickets,)
        `paid`, `paid_cases` (an amount is recorded, 0 or more), `back_paid`, `back_paid_cases`,
        `back_unpaid`, `back_unpaid_cases`.

    >>> days = pd.to_datetime(["2025-01-01", "2025-01-20", "2025-06-01"])
    >>> table = pd.DataFrame({"customer_id": list("aab"), "created": days, "resolved": days})
    >>> found = goodwill_and_returns(table.assign(compensation=0))
    >>> found["back_unpaid"].tolist(), found["back_unpaid_cases"].tolist()
    ([True, False, False], [True, True, False])
    """
    amount = table["compensation"].to_numpy()
    paid = amount > 0
    back, cases = _returns(table)
    return {
        "paid": paid,
        "paid_cases": amount >= 0,
        "back_paid": back & paid,
        "back_paid_cases": cases & paid,
        "back_unpaid": back & ~paid,
        "back_unpaid_cases": cases & ~paid,
    }


def _returns(table: pd.DataFrame) -> tuple[_Flags, _Flags]:
    """Where the customer came back, and where it could have been seen."""
    created, resolved = (_day_numbers(table[name]) for name in ("created", "resolved"))
    who = pd.factorize(table["customer_id"])[0].astype(np.int64)
    dated = table["created"].notna().to_numpy()
    cases = (table["customer_id"] != "").to_numpy() & table["resolved"].notna().to_numpy()
    if not cases.any() or not dated.any():
        return np.zeros(len(table), bool), np.zeros(len(table), bool)
    cases &= resolved + RETURN_DAYS <= created[dated].max()
    span = 1 << 20  # days, so that a customer's visits stand together
    visits = np.sort((who * span + created)[dated])
    after, until = (
        np.searchsorted(visits, who * span + day, "right") for day in (resolved, resolved + RETURN_DAYS)
    )
    return cases & (until > after), cases


def _day_numbers(days: pd.Series) -> NDArray[np.int64]:
    filled = days.fillna(pd.Timestamp(0)).to_numpy().astype("datetime64[D]")
    return np.asarray(filled.astype(np.int64))


def items_of(tickets: CareTickets, taxonomy: Taxonomy, lang: str) -> Items:
    """Signals, whom to bring in, the screening of goodwill, leanings and words, as far as the file has them.

    A leaning is the most probable type of an undetermined ticket. Words are those of the evidence that are
    typical of undetermined or unfamiliar tickets and that at least five of their customers share.

    Parameters
    ----------
    tickets : CareTickets
    taxonomy : Taxonomy
    lang : {"zh", "en"}
        Of names.

    >>> frame = pd.DataFrame({"customer_type": "venting", "risk_signals": ["media;legal", "legal", ""]})
    >>> from ..taxonomy import read_taxonomy
    >>> from .care_tickets import care_tickets
    >>> items_of(care_tickets(frame), read_taxonomy(), "en").codes.tolist()
    [0, 1, 1]
    """
    listed: list[dict[str, str]] = []
    places: list[NDArray[np.intp]] = []
    codes: list[NDArray[np.intp]] = []
    parts = [*_lists(tickets, taxonomy), _leanings(tickets, taxonomy)]
    for kind, names, part in parts:
        code = part["code"].to_numpy(np.intp)
        codes.append(code + len(listed))
        places.append(part["ticket"].to_numpy(np.intp))
        listed += [{"kind": kind, "id": id, "name": term_name(taxonomy, id, lang)} for id in names]
    for outcome, words, where in _words(tickets, taxonomy.ids("outcome")):
        codes.append(np.full(len(where), len(listed), np.intp))
        places.append(where)
        listed.append({"kind": f"word_{outcome}", "id": words, "name": words})
    return Items(listed, np.concatenate(places), np.concatenate(codes))


def _lists(tickets: CareTickets, taxonomy: Taxonomy) -> Iterator[tuple[str, tuple[str, ...], pd.DataFrame]]:
    """Columns that hold several terms, joined by semicolons."""
    for column, kind in _LISTS.items():
        split = tickets.table[column].str.split(";").explode().str.strip()
        split = split[(split != "").to_numpy()]
        found = groups_of(
            split, tickets.table["customer_id"].loc[split.index], _MOST_ITEMS, taxonomy.ids(kind)
        )
        yield kind, found.names, pd.DataFrame({"ticket": split.index, "code": found.codes})


def _leanings(tickets: CareTickets, taxonomy: Taxonomy) -> tuple[str, tuple[str, ...], pd.DataFrame]:
    unsure = np.flatnonzero((tickets.types == "undetermined") & (tickets.table["top_type"] != ""))
    leaning = tickets.table.loc[unsure]
    found = groups_of(leaning["top_type"], leaning["customer_id"], _MOST_ITEMS, taxonomy.types)
    return "leaning", found.names, pd.DataFrame({"ticket": unsure, "code": found.codes})


def _words(tickets: CareTickets, outcomes: Sequence[str]) -> Iterator[tuple[str, str, NDArray[np.intp]]]:
    """Typical words of the tickets of each outcome, and which of these tickets have them."""
    types = tickets.types.to_numpy()
    if "customer_id" not in tickets.present or not np.isin(types, outcomes).any():
        return
    others = np.flatnonzero(~np.isin(types, outcomes))
    if len(others) > _MOST_COMPARED:
        others = np.random.default_rng(0).choice(others, _MOST_COMPARED, replace=False)
    read = np.sort(np.concatenate([np.flatnonzero(np.isin(types, outcomes)), others]))
    table = tickets.table.iloc[read]
    agents = tickets.table["agent_id"].unique()
    words = EvidenceWords(table["evidence"].tolist(), table["customer_id"].tolist(), agents)
    for outcome in outcomes:
        here = types[read] == outcome
        for found in words.candidates(here) if here.any() else ():
            if found.customers >= FEWEST_CUSTOMERS and found.clearly:
                places = words.places(found.words)
                yield outcome, found.words, read[places[here[places]]]
