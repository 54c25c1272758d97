"""Charts of the audits: suspect labels, what hidden cues cost, and what swapped mentions move."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ...taxonomy import checked_language, read_taxonomy
from ..fairness import MOVED_AT_MOST, FairnessReport
from ..shortcuts import HIDING, NOTABLE, ShortcutReport
from ..wording import one_line, term_name
from .style import ACCENT, ALARM, QUIET, altair, finished

_MOST_PAIRS = 12
_SAID: dict[str, dict[str, str]] = {
    "zh": {
        "labels": "可能标错的：标成什么，更像什么",
        "labels_note": "{n} 条标注里有 {likely} 条可疑；一条条读过再改",
        "labels_left": "只画最常见的 {shown} 种，另有 {pairs} 种（{tickets} 条）没有画出",
        "tickets": "工单数",
        "arrow": "{given} → {other}",
        "shortcuts": "遮去线索后，准确率变了几个百分点",
        "shortcuts_note": "负数：准确率下降；红色：降 {notable:.0%} 以上，判断靠的是线索而不是事情",
        "fairness": "只换提到的人，概率移动多少",
        "fairness_note": "{tickets} 条工单里 {moved} 条改了类型（{share:.1%}），标准是低于 {bar:.0%}",
        "shift": "概率移动：平均（点）到最大（线的尽头）",
        "moved_some": "有工单改了类型",
        "moved_none": "没有工单改类型",
        "swaps": "移动最大的替换",
        "probability": "该类型的概率",
        "written": "原来的写法",
        "swapped": "换了之后",
        "all": "全部",
        "nothing": "不遮",
        "handles": "账号",
        "numbers": "单号",
        "brands": "品牌",
        "channels": "渠道",
        "age": "年龄",
        "gender": "性别",
        "job": "职业",
        "name": "姓名",
        "region": "地域",
        "attribute": "按属性",
        "language": "按语言",
    },
    "en": {
        "labels": "Suspect labels: what they say, and what they look like",
        "labels_note": "{likely} of {n} labels are suspect; read each before you change it",
        "labels_left": "the {shown} commonest pairs; not shown: {pairs} more ({tickets} of the tickets)",
        "tickets": "tickets",
        "arrow": "{given} → {other}",
        "shortcuts": "Change in accuracy when a cue is hidden, in points",
        "shortcuts_note": "minus: fewer right; red: {notable:.0%} or more lost, typing leans on the cue",
        "fairness": "How far probabilities move when only the person mentioned is swapped",
        "fairness_note": "{moved} of {tickets} tickets change type ({share:.1%}); bar: below {bar:.0%}",
        "shift": "shift of a probability: mean (dot) to largest (end of the line)",
        "moved_some": "a type moves",
        "moved_none": "no type moves",
        "swaps": "The swaps that moved a probability most",
        "probability": "probability of the type",
        "written": "as written",
        "swapped": "swapped",
        "all": "all",
        "nothing": "nothing",
        "handles": "handles",
        "numbers": "numbers",
        "brands": "brands",
        "channels": "channels",
        "attribute": "by attribute",
        "language": "by language",
    },
}


def suspect_labels(errors: pd.DataFrame, lang: str = "en") -> Any:
    """The commonest pairs of a suspect label and what the ticket looks like instead.

    Parameters
    ----------
    errors : DataFrame
        From :func:`~complaint_typing.workbench.label_errors.label_errors`, or its first rows.
    lang : {"en", "zh"}
    """
    alt, say, taxonomy = altair(), _SAID[checked_language(lang)], read_taxonomy()
    likely = errors[errors["likely_error"]]
    pairs = likely.groupby(["customer_type", "suggested_type"]).size().rename("tickets").reset_index()
    pairs = pairs.sort_values("tickets", ascending=False, kind="stable")
    left, pairs = pairs.iloc[_MOST_PAIRS:], pairs.iloc[:_MOST_PAIRS].copy()
    pairs["pair"] = [
        say["arrow"].format(given=term_name(taxonomy, given, lang), other=term_name(taxonomy, other, lang))
        for given, other in zip(pairs["customer_type"], pairs["suggested_type"], strict=True)
    ]
    ticks = min(int(pairs["tickets"].max()) if len(pairs) else 1, 10)
    chart = (
        alt.Chart(pairs)
        .mark_bar(color=ACCENT, height=16)
        .encode(
            x=alt.X("tickets:Q", title=say["tickets"], axis=alt.Axis(format="d", tickCount=ticks)),
            y=alt.Y("pair:N", sort=pairs["pair"].tolist(), title=None, axis=alt.Axis(labelLimit=340)),
        )
        .properties(width=340, height=alt.Step(26))
    )
    notes = [say["labels_note"].format(n=len(errors), likely=len(likely))]
    if len(left):
        told = {"shown": _MOST_PAIRS, "pairs": len(left), "tickets": left["tickets"].sum()}
        notes.append(say["labels_left"].format(**told))
    return finished(chart, say["labels"], notes)


def shortcut_losses(report: ShortcutReport, lang: str = "en") -> Any:
    """How the accuracy on each genre changes when handles, numbers, brands or channels are hidden, in points.

    Parameters
    ----------
    report : ShortcutReport
    lang : {"en", "zh"}
    """
    alt, say = altair(), _SAID[checked_language(lang)]
    rows = [row for row in report.masked if row.hidden != "nothing"]
    table = pd.DataFrame(
        {
            "hidden": [say[row.hidden] for row in rows],
            "group": [
                f"{say['all'] if row.group == 'all' else one_line(row.group)} ({row.tickets})" for row in rows
            ],
            "change": [round(-100 * report.loss(row), 1) + 0.0 for row in rows],
            "notable": [report.loss(row) >= NOTABLE for row in rows],
        }
    )
    base = alt.Chart(table).encode(
        x=alt.X(
            "hidden:N",
            sort=[say[name] for name in HIDING],
            title=None,
            axis=alt.Axis(orient="top", labelAngle=0),
        ),
        y=alt.Y("group:N", sort=None, title=None),
    )
    fill = alt.condition("datum.notable", alt.value(ALARM), alt.value("#eef2f5"))
    ink = alt.condition("datum.notable", alt.value("white"), alt.value("#333"))
    numbers = base.mark_text(fontSize=11).encode(text=alt.Text("change:Q", format="+.1f"), color=ink)
    cells = base.mark_rect(stroke="white", strokeWidth=2).encode(color=fill)
    chart = (cells + numbers).properties(width=alt.Step(84), height=alt.Step(26))
    return finished(chart, say["shortcuts"], say["shortcuts_note"].format(notable=NOTABLE))


def fairness_shifts(report: FairnessReport, lang: str = "en") -> Any:
    """How far probabilities move under swaps, by attribute and by language.

    Parameters
    ----------
    report : FairnessReport
    lang : {"en", "zh"}
    """
    alt, say = altair(), _SAID[checked_language(lang)]
    table = pd.DataFrame(report.groups)
    table["row"] = [
        f"{say.get(name, one_line(name))} ({n})"
        for name, n in zip(table.pop("name"), table["tickets"], strict=True)
    ]
    table["said"] = [say["moved_some" if n else "moved_none"] for n in table["moved"]]
    table["side"] = table["by"].map(say)
    scale = alt.Scale(domain=[say["moved_some"], say["moved_none"]], range=[ALARM, QUIET])
    colour = alt.Color("said:N", scale=scale, title=None, legend=alt.Legend(orient="top"))
    y = alt.Y("row:N", sort="-x", title=None)
    base = alt.Chart(table)
    axis = alt.Axis(format="%", tickCount=6)
    lines = base.mark_rule(strokeWidth=4, opacity=0.5).encode(
        x=alt.X("mean_shift:Q", title=say["shift"], axis=axis), x2="largest_shift:Q", y=y, color=colour
    )
    dots = base.mark_circle(size=90, opacity=1).encode(x=alt.X("mean_shift:Q"), y=y, color=colour)
    layers = (lines + dots).properties(width=420, height=alt.Step(26))
    chart = layers.facet(
        row=alt.Row(
            "side:N", title=None, header=alt.Header(labelAngle=0, labelOrient="top", labelAnchor="start")
        )
    )
    told = {"tickets": report.tickets, "moved": report.moved, "share": report.share, "bar": MOVED_AT_MOST}
    return finished(
        chart.resolve_scale(y="independent"), say["fairness"], say["fairness_note"].format(**told)
    )


def largest_swaps(report: FairnessReport, lang: str = "en") -> Any:
    """The swaps that moved a probability most: as written, and swapped.

    Parameters
    ----------
    report : FairnessReport
    lang : {"en", "zh"}
    """
    alt, say, taxonomy = altair(), _SAID[checked_language(lang)], read_taxonomy()
    table = pd.DataFrame(
        {
            "swap": [
                f"{one_line(s.before)} → {one_line(s.after)} · {term_name(taxonomy, s.type, lang)}"
                for s in report.largest
            ],
            "before": [s.probability_before for s in report.largest],
            "after": [s.probability_after for s in report.largest],
        }
    )
    points = table.melt(["swap"], ["before", "after"], "side", "probability")
    points["side"] = points["side"].map({"before": say["written"], "after": say["swapped"]})
    y = alt.Y("swap:N", sort=table["swap"].tolist(), title=None, axis=alt.Axis(labelLimit=340))
    x = alt.X(
        "probability:Q", title=say["probability"], axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1])
    )
    scale = alt.Scale(domain=[say["written"], say["swapped"]], range=[QUIET, ACCENT])
    colour = alt.Color("side:N", scale=scale, title=None, legend=alt.Legend(orient="top"))
    lines = (
        alt.Chart(table).mark_rule(strokeWidth=3, color="#ccc").encode(x=alt.X("before:Q"), x2="after:Q", y=y)
    )
    dots = alt.Chart(points).mark_circle(size=110, opacity=1).encode(x=x, y=y, color=colour)
    return finished((lines + dots).properties(width=320, height=alt.Step(26)), say["swaps"])
