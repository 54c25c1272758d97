"""Charts of how good typing is: confusion, reliability, precision against coverage, learning curve."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ...decision import NONE
from ...taxonomy import checked_language
from ..wording import type_names
from . import style

_BINS = 10
_WORDS = {
    "zh": {
        "labelled": "标注的类型",
        "said": "判断的类型",
        "share": "占该类",
        "tickets": "工单",
        "confusion": "标注为某类的工单，被判成了什么",
        "confusion_sub": "{n} 条；格内是条数，颜色是占该行的比例",
        "confidence": "把握（模型自称）",
        "accuracy": "实际判对",
        "reliability": "说有几成把握，就对几成吗？",
        "reliability_sub": "{n} 条；校准误差 {ece:.3f}；点在线上最好，点越大工单越多",
        "coverage": "定下类型的比例（从最有把握的算起）",
        "precision": "定下的有多少判对",
        "curve": "定得越多，错得越多：看拐点在哪里",
        "curve_sub": "{n} 条；阴影为 95% 区间",
        "chosen": "门槛 {at:.2f}：定下 {coverage:.0%}，判对 {precision:.0%}",
        "learned": "学习用的工单",
        "macro_f1": "宏 F1",
        "learning": "再多标注一些，还会更好吗？",
        "learning_sub": "留出的客户或语料集；阴影从最差一份到最好一份",
        "on_left_out": "没读过的",
        "on_training": "读过的",
    },
    "en": {
        "labelled": "labelled as",
        "said": "typed as",
        "share": "share of the label",
        "tickets": "tickets",
        "confusion": "What became of the tickets of each type",
        "confusion_sub": "{n} tickets; cells count tickets, the colour is their share of the row",
        "confidence": "confidence (as the model says)",
        "accuracy": "share that is right",
        "reliability": "Is 80 % sure right 80 % of the time?",
        "reliability_sub": "{n} tickets; calibration error {ece:.3f}; on the line is best, larger dots "
        "are more tickets",
        "coverage": "share decided (surest first)",
        "precision": "share of decisions that are right",
        "curve": "The more is decided, the more is wrong: look for the bend",
        "curve_sub": "{n} tickets; the band is the 95 % interval",
        "chosen": "from {at:.2f}: {coverage:.0%} decided, {precision:.0%} right",
        "learned": "tickets learned from",
        "macro_f1": "macro-F1",
        "learning": "Would more labels help?",
        "learning_sub": "on left-out customers or collections; the band runs from the worst part to the best",
        "on_left_out": "not read before",
        "on_training": "learned from",
    },
}


def confusion(judged: pd.DataFrame, lang: str = "en") -> Any:
    """Labels against top types, each row in shares of the label, with the counts in the cells.

    Parameters
    ----------
    judged : DataFrame
        ``customer_type`` and ``top_type``; rows labelled ``none`` or not at all are left out.
    lang : str
        ``zh`` or ``en``.
    """
    alt, say = style.altair(), _WORDS[checked_language(lang)]
    rows = judged[~judged["customer_type"].isin(["", NONE])]
    counts = rows.groupby(["customer_type", "top_type"]).size().rename("n").reset_index()
    total = rows["customer_type"].value_counts()
    types = total.index.tolist()
    types += [name for name in sorted(set(counts["top_type"])) if name not in types]
    names = type_names(types, lang)
    data = counts.assign(
        share=counts["n"] / counts["customer_type"].map(total),
        labelled=counts["customer_type"].map(names),
        said=counts["top_type"].map(names),
    )
    order = [names[name] for name in types]
    base = alt.Chart(data).encode(
        x=alt.X("said:N", sort=order, title=say["said"], axis=alt.Axis(labelAngle=-40, grid=False)),
        y=alt.Y("labelled:N", sort=order, title=say["labelled"]),
    )
    cells = base.mark_rect().encode(
        color=alt.Color(
            "share:Q",
            scale=alt.Scale(scheme="blues", domain=[0, 1]),
            legend=alt.Legend(title=say["share"], format=".0%"),
        ),
        tooltip=[
            alt.Tooltip("labelled:N", title=say["labelled"]),
            alt.Tooltip("said:N", title=say["said"]),
            alt.Tooltip("n:Q", title=say["tickets"]),
            alt.Tooltip("share:Q", title=say["share"], format=".0%"),
        ],
    )
    white = alt.condition("datum.share > 0.55", alt.value("white"), alt.value("#333"))
    chart = (cells + base.mark_text(fontSize=11).encode(text="n:Q", color=white)).properties(
        width=44 * len(order), height=34 * len(order)
    )
    return style.finished(chart, say["confusion"], say["confusion_sub"].format(n=len(rows)))


def reliability(judged: pd.DataFrame, lang: str = "en") -> Any:
    """Confidence against the share that is right, in ten bins with their counts.

    Parameters
    ----------
    judged : DataFrame
        ``confidence`` and ``right``, of tickets the model has not read.
    lang : str
    """
    alt, say = style.altair(), _WORDS[checked_language(lang)]
    table = reliability_table(judged)
    ece = float((table["tickets"] * (table["confidence"] - table["right"]).abs()).sum() / max(len(judged), 1))
    share = alt.Scale(domain=[0, 1])
    axis = alt.Axis(format=".0%")
    line = alt.Chart({"values": [{"x": 0, "y": 0}, {"x": 1, "y": 1}]}).mark_line(
        color=style.QUIET, strokeDash=[4, 4]
    )
    line = line.encode(x=alt.X("x:Q", scale=share), y=alt.Y("y:Q", scale=share))
    base = alt.Chart(table).encode(
        x=alt.X("confidence:Q", scale=share, axis=axis, title=say["confidence"]),
        y=alt.Y("right:Q", scale=share, axis=axis, title=say["accuracy"]),
    )
    dots = base.mark_circle(color=style.ACCENT, opacity=0.75).encode(
        size=alt.Size("tickets:Q", scale=alt.Scale(range=[30, 700], domainMin=0), legend=None),
        tooltip=[alt.Tooltip("tickets:Q", title=say["tickets"])],
    )
    bars = base.mark_rule(color=style.ACCENT, opacity=0.5).encode(y="low:Q", y2="high:Q")
    counts = base.mark_text(dx=20, dy=10, fontSize=11, color="#555").encode(text="tickets:Q")
    chart = (line + bars + dots + counts).properties(width=style.WIDTH - 140, height=style.WIDTH - 180)
    return style.finished(chart, say["reliability"], say["reliability_sub"].format(n=len(judged), ece=ece))


def reliability_table(judged: pd.DataFrame) -> pd.DataFrame:
    """Mean confidence and share right of each bin of a tenth.

    Returns
    -------
    DataFrame
        ``confidence``, ``right``, ``tickets``, and ``low`` and ``high``, the 95 % interval of the share
        (Wilson, 1927).

    >>> reliability_table(pd.DataFrame({"confidence": [0.82, 0.88], "right": [True, False]})).round(2)
       confidence  right  tickets   low  high
    0        0.85    0.5        2  0.09  0.91
    """
    bins = np.minimum((judged["confidence"].to_numpy(dtype=float) * _BINS).astype(int), _BINS - 1)
    found = judged.assign(right=judged["right"].astype(float)).groupby(bins)
    table = found.agg(
        confidence=("confidence", "mean"), right=("right", "mean"), tickets=("right", "size")
    ).reset_index(drop=True)
    p, n, z = table["right"], table["tickets"], 1.96
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    reach = z / (1 + z * z / n) * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return table.assign(low=middle - reach, high=middle + reach)


def precision_coverage(curve: pd.DataFrame, chosen: Any = None, lang: str = "en") -> Any:
    """Precision against coverage, with the chosen threshold marked.

    Parameters
    ----------
    curve : DataFrame
        As :func:`~complaint_typing.workbench.thresholds.precision_curve` gives it.
    chosen : Choice, optional
        As :func:`~complaint_typing.workbench.thresholds.threshold_for_precision` gives it.
    lang : str
    """
    alt, say = style.altair(), _WORDS[checked_language(lang)]
    lowest = min(float(np.nanmin(curve["low"])), chosen.wanted if chosen else 1.0)
    scale = alt.Scale(domain=[max(0.0, np.floor(lowest * 10) / 10), 1])
    x = alt.X(
        "coverage:Q", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format=".0%"), title=say["coverage"]
    )
    base = alt.Chart(curve).encode(x=x)
    axis = alt.Axis(format=".0%")
    chart = base.mark_area(color=style.ACCENT, opacity=0.18).encode(
        y=alt.Y("low:Q", scale=scale, axis=axis, title=say["precision"]), y2="high:Q"
    ) + base.mark_line(color=style.ACCENT).encode(y=alt.Y("precision:Q", scale=scale))
    if chosen is not None:
        chart += _marked(chosen, scale, say)
    n = int((curve["decided"] / curve["coverage"]).median())
    return style.finished(
        chart.properties(width=style.WIDTH, height=300), say["curve"], say["curve_sub"].format(n=n)
    )


def _marked(chosen: Any, scale: Any, say: dict[str, str]) -> Any:
    """The chosen threshold with its words beside it, where the curve does not run, and what was wanted."""
    alt = style.altair()
    text = say["chosen"].format(at=chosen.threshold, coverage=chosen.coverage, precision=chosen.precision)
    wanted = alt.Chart({"values": [{"wanted": chosen.wanted}]}).mark_rule(
        color=style.ALARM, strokeDash=[3, 3], opacity=0.6
    )
    point = {"coverage": chosen.coverage, "precision": chosen.precision, "text": text}
    base = alt.Chart({"values": [point]}).encode(x="coverage:Q", y=alt.Y("precision:Q", scale=scale))
    to_the_left = chosen.coverage > 0.5
    beside = (
        {"align": "right", "dx": -12, "dy": 16} if to_the_left else {"align": "left", "dx": 12, "dy": -16}
    )
    dot = base.mark_point(filled=True, size=110, color=style.ALARM, opacity=1)
    label = base.mark_text(**beside, color=style.ALARM, fontSize=12).encode(text="text:N")
    return wanted.encode(y=alt.Y("wanted:Q", scale=scale)) + dot + label


def learning_curve(curve: pd.DataFrame, lang: str = "en") -> Any:
    """Macro-F1 by the number of tickets learned from, on tickets not read and on those learned from.

    Parameters
    ----------
    curve : DataFrame
        As :func:`~complaint_typing.workbench.learning_curve.learning_curve` gives it.
    lang : str
    """
    alt, say = style.altair(), _WORDS[checked_language(lang)]
    lines = curve.melt("tickets", ["macro_f1", "on_training"], "measure", "score")
    names = {"macro_f1": say["on_left_out"], "on_training": say["on_training"]}
    lines = lines.assign(measure=lines["measure"].map(names))
    axis = alt.Axis(values=curve["tickets"].tolist(), grid=False)
    most = alt.Scale(domain=[0, 1.08 * float(curve["tickets"].max())], nice=False)
    x = alt.X("tickets:Q", title=say["learned"], axis=axis, scale=most)
    y = alt.Y("score:Q", scale=alt.Scale(domain=[0, 1]), title=say["macro_f1"])
    colour = alt.Color(
        "measure:N",
        scale=alt.Scale(domain=list(names.values()), range=[style.ACCENT, style.QUIET]),
        legend=alt.Legend(title=None, orient="bottom-right"),
    )
    band = (
        alt.Chart(curve)
        .mark_area(color=style.ACCENT, opacity=0.18)
        .encode(x=x, y=alt.Y("low:Q", title=say["macro_f1"]), y2="high:Q")
    )
    drawn = alt.Chart(lines).mark_line(point=True).encode(x=x, y=y, color=colour)
    marked = lines[lines["measure"] == say["on_left_out"]]
    told = alt.Chart(marked).mark_text(dy=-12, color=style.ACCENT, fontSize=12)
    told = told.encode(x=x, y=y, text=alt.Text("score:Q", format=".2f"))
    chart = (band + drawn + told).properties(width=style.WIDTH, height=280)
    return style.finished(chart, say["learning"], say["learning_sub"])
