"""Charts to decide by: what a new model changes type by type, and what people can keep up with."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ...taxonomy import checked_language
from ..wording import type_names
from . import style

_WORDS = {
    "zh": {
        "f1": "F1 的差（新减原）",
        "precision": "精确率的差（新减原）",
        "recall": "召回率的差（新减原）",
        "comparison": "哪些类型变好了，哪些变差了？",
        "comparison_sub": "横线为 95% 区间；碰到零线就分不出高下；括号内为工单数",
        "up": "变好",
        "same": "分不出",
        "down": "变差",
        "reviews": "每天转人工的工单（平均）",
        "measured": "其余自动定类的判对比例",
        "capacity": "人手够看多少，其余就有多准",
        "capacity_sub": "{span}；{how}",
        "span": "门槛从 {low:.2f} 到 {high:.2f}",
        "by_labels": "准确率在标注工单上量得，阴影为 95% 区间",
        "by_promise": "准确率按模型自己的把握推算，未经标注检验",
        "chosen": "每天 {n:.1f} 条（忙日 {busy:.0f} 条）：其余 {coverage:.0%} 判对 {precision:.0%}",
    },
    "en": {
        "f1": "difference in F1 (new minus old)",
        "precision": "difference in precision (new minus old)",
        "recall": "difference in recall (new minus old)",
        "comparison": "Which types got better, which worse?",
        "comparison_sub": "lines are 95 % intervals; one that touches 0 has no winner; tickets in brackets",
        "up": "better",
        "same": "no winner",
        "down": "worse",
        "reviews": "tickets a day that a person reads (mean)",
        "measured": "share right among the rest",
        "capacity": "The more people can read, the better is the rest",
        "capacity_sub": "{span}; {how}",
        "span": "thresholds from {low:.2f} to {high:.2f}",
        "by_labels": "precision measured on labelled tickets, the band is the 95 % interval",
        "by_promise": "precision as the confidences promise, not checked against labels",
        "chosen": "{n:.1f} a day ({busy:.0f} on a busy one): "
        "{precision:.0%} right among the other {coverage:.0%}",
    },
}
_HEIGHT = 300
_COLOURS = {"up": "#3a8f5c", "same": style.QUIET, "down": style.ALARM}


def comparison(per_type: pd.DataFrame, figure: str = "f1", lang: str = "en") -> Any:
    """The difference of two models with its interval, type by type.

    Parameters
    ----------
    per_type : DataFrame
        Of a :class:`~complaint_typing.workbench.comparison.Comparison`.
    figure : str
        ``f1``, ``precision`` or ``recall``.
    lang : str
        ``zh`` or ``en``.
    """
    alt, say = style.altair(), _WORDS[checked_language(lang)]
    rows = per_type[(per_type["figure"] == figure) & per_type["difference"].notna()]
    rows = rows.sort_values("n", ascending=False)
    names = type_names(rows["type"], lang)
    sign = np.select([rows["low"] > 0, rows["high"] < 0], ["up", "down"], "same")
    data = rows.assign(
        shown=[f"{names[t]} ({n})" for t, n in zip(rows["type"], rows["n"], strict=True)],
        sign=[say[s] for s in sign],
    )
    base = alt.Chart(data).encode(
        y=alt.Y("shown:N", sort=data["shown"].tolist(), title=None, axis=alt.Axis(grid=True)),
        color=alt.Color(
            "sign:N",
            scale=alt.Scale(domain=[say[s] for s in _COLOURS], range=list(_COLOURS.values())),
            legend=alt.Legend(title=None, orient="top"),
        ),
    )
    x = alt.X("difference:Q", title=say[figure], axis=alt.Axis(format="+.2f"))
    zero = alt.Chart({"values": [{"zero": 0}]}).mark_rule(color="#888").encode(x="zero:Q")
    lines = base.mark_rule(strokeWidth=2.5).encode(x=alt.X("low:Q", title=say[figure]), x2="high:Q")
    chart = zero + lines + base.mark_point(filled=True, size=90, opacity=1).encode(x=x)
    chart = chart.properties(width=style.WIDTH - 100, height=max(30 * len(data), 60))
    return style.finished(chart, say["comparison"], say["comparison_sub"])


def capacity(curve: pd.DataFrame, chosen: Any = None, lang: str = "en") -> Any:
    """Precision of what nobody reads, against the reviews a day.

    Parameters
    ----------
    curve : DataFrame
        As :func:`~complaint_typing.workbench.capacity.capacity_curve` gives it.
    chosen : Capacity, optional
        As :func:`~complaint_typing.workbench.capacity.threshold_for_capacity` gives it.
    lang : str
    """
    alt, say = style.altair(), _WORDS[checked_language(lang)]
    curve = curve[curve["precision"].notna()]
    measured = bool(curve["low"].notna().any())
    lowest = float(curve[["precision", "low"]].min().min())
    scale = alt.Scale(domain=[max(0.0, np.floor(lowest * 10) / 10), 1])
    x = alt.X("reviews_per_day:Q", title=say["reviews"])
    y = alt.Y("precision:Q", scale=scale, axis=alt.Axis(format=".0%"), title=say["measured"])
    chart = alt.Chart(curve).mark_line(color=style.ACCENT).encode(x=x, y=y)
    if measured:
        band = alt.Chart(curve).mark_area(color=style.ACCENT, opacity=0.18)
        chart = band.encode(x=x, y=alt.Y("low:Q", scale=scale, title=say["measured"]), y2="high:Q") + chart
    if chosen is not None and np.isfinite(chosen.precision):
        text = say["chosen"].format(
            n=chosen.reviews_per_day,
            busy=chosen.busy_day,
            coverage=chosen.coverage,
            precision=chosen.precision,
        )
        point = {"reviews_per_day": chosen.reviews_per_day, "precision": chosen.precision, "text": text}
        base = alt.Chart({"values": [point]})
        dot = base.mark_point(filled=True, size=110, color=style.ALARM, opacity=1).encode(x=x, y=y)
        corner = {"x": alt.value(style.WIDTH - 8), "y": alt.value(_HEIGHT - 12)}
        label = base.mark_text(align="right", color=style.ALARM, fontSize=12).encode(text="text:N", **corner)
        chart = chart + dot + label
    span = say["span"].format(low=curve["threshold"].min(), high=curve["threshold"].max())
    how = say["by_labels" if measured else "by_promise"]
    subtitle = say["capacity_sub"].format(span=span, how=how)
    return style.finished(chart.properties(width=style.WIDTH, height=_HEIGHT), say["capacity"], subtitle)
