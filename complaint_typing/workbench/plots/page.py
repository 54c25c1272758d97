"""Charts of the page; the page gives them new data whenever something else is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import pandas as pd

from .style import altair, finished

Data: TypeAlias = pd.DataFrame | Any
"""A table, or altair's data that comes later."""

_MARK_COLOURS = ["#c8702b", "#3f8f7a", "#6b7280"]
_WORDS = {
    "zh": {"share": "占比", "tickets": "件", "above": "高于总体", "below": "低于总体", "same": "无明显差别"},
    "en": {
        "share": "share",
        "tickets": "tickets",
        "above": "above all",
        "below": "below all",
        "same": "no clear difference",
    },
}


def share_bars(table: Data, lang: str, title: str = "") -> Any:
    """Shares as bars, in the order of the table.

    Parameters
    ----------
    table : DataFrame
        `name`, `share`, `label` (what stands behind the bar), `colour`, `reach` (how far the scale goes,
        beyond the longest bar by the room of its label).

    >>> rows = pd.DataFrame({"name": ["a"], "share": [0.5], "label": ["50 %"], "reach": [0.6]})
    >>> share_bars(rows.assign(colour="#2f6f9f"), "en", "Types").to_dict()["title"]["text"]
    'Types'
    """
    alt = altair()
    base = alt.Chart(table, width=640, height=alt.Step(26)).encode(
        y=alt.Y("name:N", sort=None, title=None, axis=_names(alt)),
        x=alt.X("share:Q", title=None, axis=None, scale=alt.Scale(nice=False)),
        tooltip=[alt.Tooltip("name:N", title=" "), alt.Tooltip("label:N", title=_WORDS[lang]["share"])],
    )
    bars = base.mark_bar(height=16, cornerRadiusEnd=2).encode(color=alt.Color("colour:N", scale=None))
    labels = base.mark_text(align="left", dx=6, color="#444", fontSize=12).encode(text="label:N")
    room = base.mark_point(opacity=0).encode(x="reach:Q", tooltip=alt.value(None))
    return finished(bars + labels + room, title)


def _names(alt: Any) -> Any:
    """The axis of names: no line, letters as large as the page's small print."""
    return alt.Axis(ticks=False, domain=False, labelPadding=8, labelFontSize=12.5, labelColor="#23272e")


def stacked_periods(table: Data, colours: Mapping[str, str], lang: str, title: str = "") -> Any:
    """Tickets of each period, stacked by kind.

    Parameters
    ----------
    table : DataFrame
        `period` (as shown, in order), `name`, `n`, `rank` (from the bottom).
    colours : mapping of str to str
        Kind -> colour, in the order of the legend.

    >>> rows = pd.DataFrame({"period": ["2025-01"], "name": ["a"], "n": [3], "rank": [0]})
    >>> stacked_periods(rows, {"a": "#2f6f9f"}, "zh").to_dict()["encoding"]["tooltip"][2]["title"]
    '件'
    """
    return finished(_bars_of_periods(table, colours, lang).properties(width=640, height=220), title)


def _bars_of_periods(table: Data, colours: Mapping[str, str], lang: str) -> Any:
    alt = altair()
    legend = alt.Legend(orient="bottom", title=None, columns=5, symbolType="square", labelFontSize=12)
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    return (
        alt.Chart(table)
        .mark_bar()
        .encode(
            x=alt.X(
                "period:O",
                sort=None,
                title=None,
                axis=alt.Axis(
                    labelAngle=0,
                    labelOverlap="greedy",
                    labelSeparation=5,
                    labelFontSize=11,
                    ticks=False,
                ),
            ),
            y=alt.Y(
                "n:Q",
                title=None,
                axis=alt.Axis(tickCount=4, tickMinStep=1, domain=False, format=",d", labelFontSize=11),
            ),
            color=alt.Color("name:N", scale=scale, legend=legend if len(colours) > 1 else None),
            order=alt.Order("rank:Q"),
            tooltip=[
                alt.Tooltip("period:O", title=" "),
                alt.Tooltip("name:N", title=" "),
                alt.Tooltip("n:Q", title=_WORDS[lang]["tickets"], format=",d"),
            ],
        )
    )


def rates_with_intervals(table: Data, lang: str, title: str = "") -> Any:
    """Rates as dots with their 95 % intervals, and a line where the rate of all lies.

    Parameters
    ----------
    table : DataFrame
        `name`, `rate`, `low`, `high`, `overall`, `flag` (``above``, ``below``, ""), `label`.

    >>> rows = pd.DataFrame({"name": ["a"], "rate": [0.4], "low": [0.2], "high": [0.6], "overall": [0.3]})
    >>> len(rates_with_intervals(rows.assign(flag="", label="40 %"), "en").to_dict()["layer"])
    3
    """
    alt = altair()
    words = _WORDS[lang]
    said = f"datum.flag == 'below' ? '{words['below']}' : '{words['same']}'"
    said = f"datum.flag == 'above' ? '{words['above']}' : {said}"
    base = alt.Chart(table, width=640, height=alt.Step(26)).transform_calculate(mark=said)
    marks = [words["above"], words["below"], words["same"]]
    legend = alt.Legend(orient="bottom", title=None, labelFontSize=12, symbolOpacity=1)
    y = alt.Y("name:N", sort=None, title=None, axis=_names(alt))
    colour = alt.Color("mark:N", scale=alt.Scale(domain=marks, range=_MARK_COLOURS), legend=legend)
    shapes = alt.Scale(domain=marks, range=["triangle-right", "triangle-left", "circle"])
    axis = alt.Axis(format="%", tickCount=5, domain=False, labelFontSize=11)
    tips = [alt.Tooltip("name:N", title=" "), alt.Tooltip("label:N", title=words["share"])]
    x = alt.X("low:Q", title=None, axis=axis, scale=alt.Scale(zero=False))
    line = base.mark_rule(color="#444", strokeDash=[3, 3]).encode(x=alt.X("mean(overall):Q", title=None))
    ranges = base.mark_rule(strokeWidth=2, opacity=0.55).encode(
        x=x, x2="high:Q", y=y, color=colour, tooltip=tips
    )
    dots = base.mark_point(filled=True, size=70, opacity=1).encode(
        x=alt.X("rate:Q", title=None),
        y=y,
        color=colour,
        shape=alt.Shape("mark:N", scale=shapes, legend=legend),
        tooltip=tips,
    )
    return finished(line + ranges + dots, title)


def day_bars(table: Data, colours: Mapping[str, str], lang: str, title: str = "") -> Any:
    """What is due on each day, coloured by whether it is overdue; as :func:`stacked_periods`.

    Numbers stand above the bars: beside all that is overdue those of the next days are low.

    >>> rows = pd.DataFrame({"period": ["today"], "name": ["due"], "n": [3], "rank": [0]})
    >>> day_bars(rows, {"due": "#2f6f9f"}, "en").to_dict()["height"]
    180
    """
    alt = altair()
    bars = _bars_of_periods(table, colours, lang).encode(y=alt.Y("n:Q", title=None, axis=None))
    numbers = (
        alt.Chart(table)
        .transform_filter("datum.n > 0")
        .mark_text(dy=-7, color="#444", fontSize=11)
        .encode(x=alt.X("period:O", sort=None), y="n:Q", text=alt.Text("n:Q", format=",d"))
    )
    return finished((bars + numbers).properties(width=640, height=180), title)
