"""Charts for a first look at an export: types over time and by channel, customers, languages, causes."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ...errors import BadOption
from ...taxonomy import checked_language, read_taxonomy
from ..causes import MEASURES
from ..errors import EmptyColumn
from ..first_look import tickets_per_customer, types_by, types_by_time, verdicts_by_language
from ..wording import counted, labels_of, one_line, spoken, type_names
from .style import ACCENT, ALARM, COLOURS, QUIET, altair, colours, finished

_MOST_GROUPS, _MOST_PERIODS = 15, 120
_SAID = {
    "zh": {
        "time": "各类客户的工单数：随时间的变化",
        "month": "月",
        "week": "周",
        "tickets": "工单数",
        "counted": "{n} 条工单",
        "without_day": "，另有 {n} 条没有时间",
        "by": "谁从哪里来：每一行里各类客户的占比",
        "by_note": "颜色越深占比越大；行名后是该行的工单数",
        "share": "占比",
        "not_given": "未填",
        "customers": "大多数客户只来一次吗？",
        "customers_x": "同一位客户的工单数",
        "customers_note": "{customers}；写过多次的客户占 {returning}，写了 {tickets} 的工单",
        "without_customer": "；{n} 条没有客户编号",
        "without_one": "；{n} 条没有客户编号",
        "customer": "位客户",
        "customers_many": "位客户",
        "verdicts": "模型在每种语言上能定下多少",
        "decided": "已定型",
        "causes": "{what}：哪里高，哪里低",
        "causes_note": "线是 95% 区间，虚线是总体 {overall:.0%}；区间不含总体的才标色",
        "rate": "比率（小数目向总体收拢）",
        "above": "高于总体",
        "below": "低于总体",
        "": "说不准",
    },
    "en": {
        "time": "Tickets of each type of customer, over time",
        "month": "month",
        "week": "week",
        "tickets": "tickets",
        "counted": "{n} tickets",
        "without_day": ", {n} more without a day",
        "by": "Who comes from where: shares of the types in each row",
        "by_note": "the darker, the larger the share; in brackets: tickets of the row",
        "share": "share",
        "not_given": "not given",
        "customers": "Do most customers write only once?",
        "customers_x": "tickets of the same customer",
        "customers_note": "{customers}; {returning} wrote more than once, in {tickets} of the tickets",
        "without_customer": "; {n} tickets name none",
        "without_one": "; {n} ticket names none",
        "customer": "customer",
        "customers_many": "customers",
        "verdicts": "How much the model decides in each language",
        "decided": "decided",
        "causes": "{what}: where it is high, and where low",
        "causes_note": "lines: 95 % intervals, coloured where they exclude the {overall:.0%} of all (dashed)",
        "rate": "rate (small numbers are drawn towards all)",
        "above": "above all",
        "below": "below all",
        "": "cannot tell",
    },
}


def types_over_time(table: pd.DataFrame, lang: str = "en") -> Any:
    """Tickets of each type by month, or by week in a short export, stacked.

    Parameters
    ----------
    table : DataFrame
        From :func:`~complaint_typing.workbench.export_table.export_table`.
    lang : {"en", "zh"}

    Raises
    ------
    MissingColumns
        When the table has no `created`.
    EmptyColumn
        When no ticket has a day.
    """
    alt, say = altair(), _SAID[checked_language(lang)]
    counts = types_by_time(table)
    if counts.empty:
        raise EmptyColumn("created_at", len(table))
    counts = _without_gaps(counts)
    order = _commonest_first(counts)
    names, unit = type_names(order, lang), counts.attrs["unit"]
    counts["name"] = counts["customer_type"].map(names)
    counts["place"] = counts["customer_type"].map(order.index)
    scale = alt.Scale(domain=list(names.values()), range=list(colours(order).values()))
    form = "%Y-%m" if unit == "month" else "%m-%d"
    chart = (
        alt.Chart(counts)
        .mark_bar()
        .encode(
            x=alt.X(
                f"yearmonth{'date' if unit == 'week' else ''}(period):O",
                title=say[unit],
                axis=alt.Axis(format=form, labelAngle=-45, labelOverlap=True),
            ),
            y=alt.Y("tickets:Q", title=say["tickets"]),
            color=alt.Color("name:N", scale=scale, sort=list(names.values()), title=None),
            order=alt.Order("place:Q"),
        )
        .properties(width=460, height=280)
    )
    subtitle = say["counted"].format(n=int(counts["tickets"].sum()))
    if counts.attrs["without_day"]:
        subtitle += say["without_day"].format(n=counts.attrs["without_day"])
    return finished(chart, say["time"], subtitle)


def type_heat_map(table: pd.DataFrame, by: str = "channel", lang: str = "en") -> Any:
    """The share of each type within each channel, or within each value of another column.

    Parameters
    ----------
    table : DataFrame
    by : str
        A column of the table, such as ``channel``, ``category``, ``branch`` or ``language``; its fifteen
        commonest values are shown.
    lang : {"en", "zh"}

    Raises
    ------
    MissingColumns
        When there is no such column.
    """
    alt, say = altair(), _SAID[checked_language(lang)]
    counts = types_by(table, by)
    groups = counts.drop_duplicates("group").nlargest(_MOST_GROUPS, "of")
    shown = labels_of(map(str, groups["group"]))
    rows = {
        g: f"{shown[str(g)] or say['not_given']} ({n})"
        for g, n in zip(groups["group"], groups["of"], strict=True)
    }
    counts = counts[counts["group"].isin(rows)]
    order = _commonest_first(counts)
    names = type_names(order, lang)
    counts = counts.assign(row=counts["group"].map(rows), name=counts["customer_type"].map(names))
    counts = counts.drop(columns="group")  # as the export has it, so not to be saved with the chart
    base = alt.Chart(counts).encode(
        x=alt.X("name:N", sort=list(names.values()), title=None, axis=alt.Axis(labelAngle=-40, orient="top")),
        y=alt.Y("row:N", sort=list(rows.values()), title=None),
    )
    cells = base.mark_rect().encode(
        color=alt.Color("share:Q", scale=alt.Scale(scheme="blues", domainMin=0), legend=None)
    )
    ink = alt.condition(f"datum.share > {0.6 * counts['share'].max()}", alt.value("white"), alt.value("#333"))
    numbers = base.mark_text(fontSize=10).encode(text=alt.Text("share:Q", format=".0%"), color=ink)
    chart = (cells + numbers).properties(width=alt.Step(42), height=alt.Step(26))
    return finished(chart, say["by"], say["by_note"])


def customers(table: pd.DataFrame, lang: str = "en") -> Any:
    """How many tickets come from customers who wrote once, twice and so on; nobody is named.

    Raises
    ------
    MissingColumns
        When the table has no `customer_id`.
    EmptyColumn
        When no ticket names a customer.
    """
    alt, say = altair(), _SAID[checked_language(lang)]
    counts = tickets_per_customer(table)
    if counts.empty:
        raise EmptyColumn("customer_id", len(table))
    counts["each"] = ["5+" if n == 5 else str(n) for n in counts["tickets_each"]]
    nouns = say["customer"], say["customers_many"]
    counts["label"] = [counted(n, *nouns) for n in counts["customers"]]
    base = alt.Chart(counts).encode(
        x=alt.X("tickets:Q", title=say["tickets"]), y=alt.Y("each:N", sort=None, title=say["customers_x"])
    )
    bars = base.mark_bar(color=ACCENT, height=20)
    labels = base.mark_text(align="left", dx=5, color="#555").encode(text="label:N")
    many = counts["tickets_each"] > 1
    n, returning = int(counts["customers"].sum()), int(counts["customers"][many].sum())
    told = {
        "customers": counted(n, *nouns),
        "returning": f"{returning / max(n, 1):.0%}",
        "tickets": f"{counts['share'][many].sum():.0%}",
    }
    subtitle = say["customers_note"].format(**told)
    if without := counts.attrs["without_customer"]:
        subtitle += say["without_one" if without == 1 else "without_customer"].format(n=without)
    return finished((bars + labels).properties(width=440, height=alt.Step(34)), say["customers"], subtitle)


def verdicts(table: pd.DataFrame, lang: str = "en") -> Any:
    """The share decided, undetermined and unfamiliar in each language.

    Raises
    ------
    MissingColumns
        When the table has no `text`.
    """
    alt, say = altair(), _SAID[checked_language(lang)]
    counts = verdicts_by_language(table)
    outcomes = {"decided": say["decided"], **type_names(sorted(read_taxonomy().ids("outcome")), lang)}
    counts["name"] = counts["verdict"].map(outcomes)
    counts["place"] = counts["verdict"].map(list(outcomes).index)
    total = counts.groupby("language")["tickets"].sum()
    counts["row"] = [f"{one_line(name)} ({total[name]})" for name in counts.pop("language")]
    scale = alt.Scale(
        domain=list(outcomes.values()),
        range=[ACCENT, *(COLOURS.get(name, QUIET) for name in list(outcomes)[1:])],
    )
    chart = (
        alt.Chart(counts)
        .mark_bar(height=20)
        .encode(
            x=alt.X("share:Q", title=say["share"], axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1])),
            y=alt.Y("row:N", title=None),
            color=alt.Color("name:N", scale=scale, title=None, legend=alt.Legend(orient="top")),
            order=alt.Order("place:Q"),
        )
        .properties(width=460, height=alt.Step(34))
    )
    return finished(chart, say["verdicts"], say["counted"].format(n=len(table)))


def cause_rates(causes: pd.DataFrame, measure: str = "fault_found", lang: str = "en") -> Any:
    """A rate by category, branch or agent, with its interval and the rate of all.

    Parameters
    ----------
    causes : DataFrame
        From :func:`~complaint_typing.workbench.causes.causes`.
    measure : str
        One of its measures.
    lang : {"en", "zh"}

    Raises
    ------
    BadOption
        When the table has no such measure.
    """
    alt, say = altair(), _SAID[checked_language(lang)]
    rows = causes[(causes["measure"] == measure) & (causes["cases"] > 0)]
    if rows.empty:
        names = ", ".join(causes["measure"].unique()) or "none: no outcomes"
        raise BadOption("measure", measure, "a measure with cases", f"use {names}")
    rows = rows.nlargest(_MOST_GROUPS, "cases").sort_values("rate", ascending=False)
    shown = labels_of(map(str, rows["group"]))
    rows = rows.assign(
        name=[f"{shown[str(g)]} ({n})" for g, n in zip(rows["group"], rows["cases"], strict=True)],
        said=rows["flag"].map(say),
    ).drop(columns="group")
    flags = ["above", "below", ""]
    scale = alt.Scale(domain=[say[flag] for flag in flags], range=[ALARM, "#5d9c45", QUIET])
    colour = alt.Color("said:N", scale=scale, title=None, legend=alt.Legend(orient="top"))
    y = alt.Y("name:N", sort=rows["name"].tolist(), title=None)
    x = alt.X("rate:Q", title=say["rate"], axis=alt.Axis(format="%"))
    base = alt.Chart(rows)
    lines = base.mark_rule(strokeWidth=4, opacity=0.5).encode(
        x=alt.X("low:Q"), x2="high:Q", y=y, color=colour
    )
    dots = base.mark_circle(size=90, opacity=1).encode(x=x, y=y, color=colour)
    whole = alt.Chart(rows.head(1)).mark_rule(strokeDash=[4, 4], color="#555").encode(x="overall:Q")
    what = next(spoken(m.zh, m.en, lang) for m in MEASURES if m.id == measure)
    title = say["causes"].format(what=what[:1].upper() + what[1:])
    chart = (lines + dots + whole).properties(width=440, height=alt.Step(26))
    return finished(chart, title, say["causes_note"].format(overall=rows["overall"].iloc[0]))


def _without_gaps(counts: pd.DataFrame) -> pd.DataFrame:
    """With a row of no tickets for each period that has none, unless there are too many to be drawn."""
    first, last = counts["period"].min(), counts["period"].max()
    every = pd.date_range(first, last, freq="W-MON" if counts.attrs["unit"] == "week" else "MS")
    lacking = every.difference(pd.DatetimeIndex(counts["period"]))
    if len(every) > _MOST_PERIODS or lacking.empty:
        return counts
    empty = pd.DataFrame({"period": lacking, "customer_type": counts["customer_type"].iloc[0]})
    filled = pd.concat([counts, empty.assign(tickets=0, share=0.0)], ignore_index=True)
    filled.attrs.update(counts.attrs)
    return filled


def _commonest_first(counts: pd.DataFrame) -> list[str]:
    """Types by their tickets; what is no type comes last."""
    outcomes = read_taxonomy().ids("outcome")
    tickets = counts.groupby("customer_type")["tickets"].sum().sort_values(ascending=False)
    return sorted((str(name) for name in tickets.index), key=lambda name: name in outcomes)
