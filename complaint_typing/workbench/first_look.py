"""Tables for a first look at an export: time, channels, customers, languages, and what to read first."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..taxonomy import checked_language, read_taxonomy
from .export_table import need
from .table_languages import languages_of
from .wording import one_line, spoken, term_name

_WEEKS_UP_TO = 150
_QUOTED = 80
_REASONS: tuple[tuple[str, str, str], ...] = (
    ("risk", "有风险信号：{signals}", "risk: {signals}"),
    ("unfamiliar", "没见过的类型，可能是新问题", "unfamiliar: perhaps something new"),
    ("returning", "第 {visit} 次来", "visit number {visit}"),
    ("person", "须由人处理", "needs a person"),
)


def types_by_time(table: pd.DataFrame) -> pd.DataFrame:
    """Tickets of each type in each month, or in each week where the export spans up to 150 days.

    Parameters
    ----------
    table : DataFrame
        From :func:`~complaint_typing.workbench.export_table.export_table`. A ticket needs a day.

    Returns
    -------
    DataFrame
        `period` (its first day), `customer_type`, `tickets`, `share` of the period. ``attrs["unit"]`` is
        ``month`` or ``week``; ``attrs["without_day"]`` the number of tickets without a day.

    Raises
    ------
    MissingColumns
        When the table has no `created`.

    >>> days = pd.to_datetime(["2025-01-02", "2025-01-03", "2025-01-09"])
    >>> table = pd.DataFrame({"created": days, "customer_type": ["venting", "venting", "high_energy"]})
    >>> found = types_by_time(table)
    >>> found[["customer_type", "tickets", "share"]].values.tolist(), found.attrs["unit"]
    ([['venting', 2, 1.0], ['high_energy', 1, 1.0]], 'week')
    """
    known = need(table, ["created", "customer_type"]).dropna(subset=["created"])
    span = (known["created"].max() - known["created"].min()).days
    unit = "month" if span > _WEEKS_UP_TO else "week"
    period = known["created"].dt.to_period("W" if unit == "week" else "M").dt.start_time
    counts = known.groupby([period.rename("period"), "customer_type"]).size().rename("tickets").reset_index()
    counts["share"] = counts["tickets"] / counts.groupby("period")["tickets"].transform("sum")
    counts.attrs.update(unit=unit, without_day=len(table) - len(known))
    return counts


def types_by(table: pd.DataFrame, column: str = "channel") -> pd.DataFrame:
    """Tickets of each type for each value of a column, and their share of that value's tickets.

    Returns
    -------
    DataFrame
        `group`, `customer_type`, `tickets`, `share`, `of` (tickets of the group); empty groups are "".

    Raises
    ------
    MissingColumns
        When there is no such column.

    >>> table = pd.DataFrame({"channel": ["web", "web"], "customer_type": ["venting", "high_energy"]})
    >>> types_by(table)["share"].tolist()
    [0.5, 0.5]
    """
    known = need(table, [column, "customer_type"])
    groups = known[column].rename("group")
    counts = known.groupby([groups, "customer_type"]).size().rename("tickets").reset_index()
    counts["of"] = counts.groupby("group")["tickets"].transform("sum")
    return counts.assign(share=counts["tickets"] / counts["of"])


def tickets_per_customer(table: pd.DataFrame) -> pd.DataFrame:
    """How many customers wrote once, twice ... and how many tickets these are; nobody is named.

    Returns
    -------
    DataFrame
        `tickets_each` (5 stands for five and more), `customers`, `tickets`, `share` of all tickets. Tickets
        without a customer are left out; their number is in ``attrs["without_customer"]``.

    Raises
    ------
    MissingColumns
        When the table has no `customer_id`.

    >>> found = tickets_per_customer(pd.DataFrame({"customer_id": ["a", "a", "b", ""]}))
    >>> found[["tickets_each", "customers", "tickets"]].values.tolist(), found.attrs["without_customer"]
    ([[1, 1, 1], [2, 1, 2]], 1)
    """
    customer = need(table, ["customer_id"])["customer_id"]
    each = customer[customer != ""].value_counts()
    counts = pd.DataFrame({"tickets_each": each.clip(upper=5).to_numpy(), "tickets": each.to_numpy()})
    found = counts.groupby("tickets_each")["tickets"].agg(customers="size", tickets="sum").reset_index()
    found["share"] = found["tickets"] / max(int(found["tickets"].sum()), 1)
    found.attrs["without_customer"] = int((customer == "").sum())
    return found


def verdicts_by_language(table: pd.DataFrame) -> pd.DataFrame:
    """How many tickets of each language are decided, undetermined or unfamiliar.

    The language is the stated one, else zh-Hans, zh-Hant or en by script.

    Returns
    -------
    DataFrame
        `language`, `verdict` (``decided`` or the outcome), `tickets`, `share` of the language.

    Raises
    ------
    MissingColumns
        When the table has no `text`.
    """
    need(table, ["text", "customer_type"])
    language = pd.Series(languages_of(table), index=table.index, name="language")
    outcome = table["customer_type"].isin(read_taxonomy().ids("outcome"))
    verdict = table["customer_type"].where(outcome, "decided")
    counts = table.groupby([language, verdict.rename("verdict")]).size()
    counts = counts.rename("tickets").reset_index()
    counts["share"] = counts["tickets"] / counts.groupby("language")["tickets"].transform("sum")
    return counts


def read_first(table: pd.DataFrame, n: int = 10, lang: str = "en") -> pd.DataFrame:
    """The tickets that a person should read first, with the reason; texts are masked.

    First risk signals, most of them first; then unfamiliar tickets; customers at their third ticket or later;
    whatever else needs a person. Newest first within each.

    Parameters
    ----------
    table : DataFrame
    n : int
    lang : {"en", "zh"}

    Returns
    -------
    DataFrame
        `ticket_id` and `created` where they stand, `why`, `customer_type` (its name), `text` (its beginning).

    Raises
    ------
    MissingColumns
        When the table has no `text`.
    """
    checked_language(lang)
    need(table, ["text", "customer_type"])
    facts = _facts(table)
    rank = np.select(
        [facts["signals"] > 0, facts["unfamiliar"], facts["visit"] >= 3, facts["person"]], [0, 1, 2, 3], 4
    )
    newest = table["created"] if "created" in table else pd.Series(pd.NaT, index=table.index)
    order = pd.DataFrame({"rank": rank, "signals": -facts["signals"], "newest": newest}, index=table.index)
    order = order.sort_values(["rank", "signals", "newest"], ascending=[True, True, False], kind="stable")
    chosen = order[order["rank"] < len(_REASONS)].index[:n]
    taxonomy, some = read_taxonomy(), table.loc[chosen]
    found = some[[name for name in ("ticket_id", "created") if name in table]].copy()
    found["why"] = [_why(int(order.loc[row, "rank"]), row, table, facts, lang) for row in chosen]
    found["customer_type"] = [term_name(taxonomy, name, lang) for name in some["customer_type"]]
    found["text"] = [_beginning(text) for text in some["text"]]
    return found.reset_index(drop=True)


def _facts(table: pd.DataFrame) -> pd.DataFrame:
    """What decides the order: number of risk signals, unfamiliar, which visit it is, needs a person."""
    empty = pd.Series("", index=table.index)
    signals = table.get("risk_signals", empty).fillna("")
    customer, visit = table.get("customer_id", empty), pd.Series(1, index=table.index)
    if "created" in table:
        known = table["created"][(customer != "") & table["created"].notna()].sort_values(kind="stable")
        visit.loc[known.index] = known.groupby(customer[known.index]).cumcount() + 1
    person = pd.to_numeric(table.get("requires_human", pd.Series(0, index=table.index)), errors="coerce")
    return pd.DataFrame(
        {
            "signals": [len([s for s in cell.split(";") if s]) for cell in signals],
            "unfamiliar": (table["customer_type"] == "unfamiliar").to_numpy(),
            "visit": visit.to_numpy(),
            "person": (person == 1).to_numpy(),
        },
        index=table.index,
    )


def _why(rank: int, row: object, table: pd.DataFrame, facts: pd.DataFrame, lang: str) -> str:
    taxonomy = read_taxonomy()
    signals = str(table.loc[row, "risk_signals"]).split(";") if rank == 0 else []
    join = "、" if lang == "zh" else ", "
    named = join.join(term_name(taxonomy, name.strip(), lang) for name in signals if name.strip())
    return spoken(*_REASONS[rank][1:], lang).format(signals=named, visit=facts.loc[row, "visit"])


def _beginning(text: str) -> str:
    shown = one_line(text)
    return shown if len(shown) <= _QUOTED else shown[: _QUOTED - 1] + "…"
