"""Charts of possible new types: a map of the tickets, their sizes over time, their typical words."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ...masking import mask
from ..discovery import Discovery
from ..wording import spoken
from .style import ACCENT, QUIET, SPARE_COLOURS, WIDTH, altair, empty_chart, finished

_MOST_POINTS, _TOLD = 1500, 60


def _names(found: Discovery, lang: str) -> dict[int, str]:
    names = {c.number: spoken(f"第 {c.number} 组", f"cluster {c.number}", lang) for c in found.clusters}
    return {0: spoken("其他工单", "other tickets", lang)} | names


def cluster_map(found: Discovery, lang: str = "en") -> Any:
    """Tickets where the known and the new types differ most; texts, masked, in the tooltips."""
    alt, names = altair(), _names(found, lang)
    tickets = found.tickets[found.tickets["x"].notna()].sort_values("cluster", kind="stable")
    tickets = tickets.iloc[:: max(len(tickets) // _MOST_POINTS, 1)]
    table = pd.DataFrame(
        {
            "x": tickets["x"].to_numpy(),
            "y": tickets["y"].to_numpy(),
            "cluster": tickets["cluster"].map(names).to_numpy(),
            "text": [mask(text)[:_TOLD] for text in tickets["text"]],
        }
    )
    colours = [QUIET, ACCENT, *SPARE_COLOURS][: len(names)]
    legend = alt.Legend(title=None, orient="top")
    chart = (
        alt.Chart(table)
        .mark_circle(size=26, opacity=0.6)
        .encode(
            alt.X("x:Q", axis=None),
            alt.Y("y:Q", axis=None),
            alt.Color("cluster:N", legend=legend, scale=alt.Scale(domain=[*names.values()], range=colours)),
            tooltip=["cluster", "text"],
        )
    )
    title = spoken("可能的新类型在工单中的位置", "Where the possible new types lie among the tickets", lang)
    return finished(chart.properties(width=WIDTH, height=360), title, found.said(lang))


def sizes_over_time(found: Discovery, lang: str = "en") -> Any:
    """Tickets of each cluster by month; empty where the tickets have no times."""
    alt, names = altair(), _names(found, lang)
    title = spoken("可能的新类型每月有多少工单", "Tickets of the possible new types by month", lang)
    tickets = found.tickets[found.tickets["cluster"] > 0]
    tickets = tickets.dropna(subset=["created"]) if "created" in tickets else tickets.head(0)
    if tickets.empty:
        return empty_chart(title, spoken("没有带日期的这类工单。", "No such tickets with a date.", lang))
    month = pd.to_datetime(tickets["created"]).dt.strftime("%Y-%m")
    table = pd.DataFrame({"month": month, "cluster": tickets["cluster"].map(names)})
    table = table.value_counts().rename("tickets").reset_index()
    chart = (
        alt.Chart(table)
        .mark_bar()
        .encode(
            alt.X("month:O", title=spoken("月份", "month", lang), axis=alt.Axis(labelAngle=-45)),
            alt.Y("tickets:Q", title=spoken("工单数", "tickets", lang)),
            alt.Color(
                "cluster:N",
                legend=alt.Legend(title=None, orient="top"),
                scale=alt.Scale(
                    domain=[*names.values()][1:], range=[ACCENT, *SPARE_COLOURS][: len(names) - 1]
                ),
            ),
        )
    )
    return finished(chart.properties(width=WIDTH, height=240), title)


def word_bars(words: pd.DataFrame, lang: str = "en") -> Any:
    """Typical words, as :func:`~complaint_typing.workbench.typical_words.typical_words` gives them."""
    alt = altair()
    title = spoken("这一组常说而别处少见的词", "Words of the cluster that others seldom use", lang)
    if words.empty:
        return empty_chart(title, spoken("没有这样的词。", "There are none.", lang))
    here, elsewhere = spoken("这一组", "in the cluster", lang), spoken("其他工单", "other tickets", lang)
    long = words.melt(
        id_vars=["words"], value_vars=["share_here", "share_elsewhere"], var_name="where", value_name="share"
    )
    long["where"] = long["where"].map({"share_here": here, "share_elsewhere": elsewhere})
    chart = (
        alt.Chart(long)
        .mark_bar(height=7)
        .encode(
            alt.X(
                "share:Q",
                title=spoken("含有该词的工单占比", "share of tickets with it", lang),
                axis=alt.Axis(format="%"),
            ),
            alt.Y("words:N", title=None, sort=words["words"].tolist()),
            alt.YOffset("where:N", sort=[here, elsewhere]),
            alt.Color(
                "where:N",
                legend=alt.Legend(title=None, orient="top"),
                scale=alt.Scale(domain=[here, elsewhere], range=[ACCENT, QUIET]),
            ),
        )
    )
    return finished(chart.properties(width=460, height=alt.Step(10)), title)
