"""Charts of labelling: why the queue holds what it holds, agreement, quality of labels, when to stop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ...decision import NONE
from ...label_terms import Terms
from ...taxonomy import checked_language, read_taxonomy
from ..agreement import ALL
from ..labelling import SHARES
from ..stopping import StopAdvice
from ..wording import type_names
from . import style

_BINS = 20
_WORDS = {
    "zh": {
        "tickets": "工单",
        "top_type": "模型认为最可能的类型",
        "reason": "为什么选它",
        "unsure": "拿不准",
        "new_words": "措辞陌生",
        "rare_type": "可能是少见类型",
        "sample": "随机抽取",
        "queue": "下一批标注的工单：为什么选它们",
        "queue_sub": "{n} 条；各类型都有份，少见类型不会挨饿",
        "all": "全部",
        "kappa": "一致程度（0 为碰巧，1 为完全一致）",
        "agreement": "标注者在哪些类型上看法一致",
        "agreement_sub": "横线为 95% 区间；括号内是有人标为该类的工单数",
        "quality": "标签可信度（模型未读该客户的工单）",
        "labels": "标签",
        "verdict": "判断",
        "likely": "很可能标错",
        "fine": "未见问题",
        "errors": "从左边开始重读：模型最不信的标签",
        "errors_sub": "{n} 条标签，{k} 条很可能标错；从最左边读起，直到看着都对为止；标签少时可信度普遍偏低",
        "size": "已有标签数",
        "successive": "与上一个模型的一致程度",
        "stop": "再标注还会改变模型吗",
        "stop_sub": "虚线 {enough:.2f}：最近 {window} 次平均达到它就可以停",
    },
    "en": {
        "tickets": "tickets",
        "top_type": "most probable type",
        "reason": "why it was chosen",
        "unsure": "model is torn",
        "new_words": "new words",
        "rare_type": "perhaps a rare type",
        "sample": "random sample",
        "queue": "What to label next, and why",
        "queue_sub": "{n} tickets; every type has its turn, so that rare ones are not starved",
        "all": "all types",
        "kappa": "agreement (0 is chance, 1 is full agreement)",
        "agreement": "On which types labellers agree",
        "agreement_sub": "lines are 95 % intervals; in brackets the tickets where someone says the type",
        "quality": "credibility of the label (by a model that read nothing of the customer)",
        "labels": "labels",
        "verdict": "verdict",
        "likely": "probably wrong",
        "fine": "no sign of error",
        "errors": "Read again from the left: the labels that the model believes least",
        "errors_sub": "{n} labels, {k} probably wrong; few labels make all of them look less credible",
        "size": "labels so far",
        "successive": "agreement with the model before (kappa)",
        "stop": "Do more labels still change the model?",
        "stop_sub": "dashed: {enough:.2f}; stop when the mean of the last {window} reaches it",
    },
}


def queue_reasons(queue: pd.DataFrame, lang: str = "en") -> Any:
    """How many tickets of a queue stand for each reason, by their most probable type.

    Parameters
    ----------
    queue : DataFrame
        As :func:`~complaint_typing.workbench.labelling.queue` gives it.
    lang : str
    """
    alt, say = style.altair(), _WORDS[checked_language(lang)]
    names = type_names(queue["top_type"].unique(), lang)
    data = queue.groupby(["top_type", "reason"]).size().rename("n").reset_index()
    data = data.assign(
        type=data["top_type"].map(names),
        why=data["reason"].map(say),
        place=data["reason"].map({reason: place for place, reason in enumerate(SHARES)}),
    )
    order = [names[name] for name in queue["top_type"].value_counts().index]
    palette = [style.ACCENT, "#e08e2b", "#8d5fa8", style.QUIET]
    chart = (
        alt.Chart(data)
        .mark_bar()
        .encode(
            x=alt.X("n:Q", title=say["tickets"], axis=alt.Axis(tickMinStep=1)),
            y=alt.Y("type:N", sort=order, title=None),
            color=alt.Color(
                "why:N",
                title=say["reason"],
                sort=[say[reason] for reason in SHARES],
                scale=alt.Scale(domain=[say[reason] for reason in SHARES], range=palette),
                legend=alt.Legend(orient="bottom"),
            ),
            order=alt.Order("place:Q"),
        )
        .properties(width=style.WIDTH - 80, height=26 * len(order))
    )
    return style.finished(chart, say["queue"], say["queue_sub"].format(n=len(queue)))


def agreement_by_type(table: pd.DataFrame, lang: str = "en") -> Any:
    """Agreement in all and of each type, with intervals; the types on which people agree least last.

    Parameters
    ----------
    table : DataFrame
        As :func:`~complaint_typing.workbench.agreement.agreement` gives it.
    lang : str
    """
    alt, say = style.altair(), _WORDS[checked_language(lang)]
    no_ticket = Terms(read_taxonomy()).name(NONE, lang)
    names = {**type_names(table["type"], lang), ALL: say["all"], NONE: no_ticket}
    data = table.sort_values("kappa", ascending=False, kind="stable")
    data = pd.concat([data[data["type"] == ALL], data[data["type"] != ALL]])
    data = data.assign(
        label=[f"{names[name]} ({n})" for name, n in zip(data["type"], data["tickets"], strict=True)],
        whole=data["type"] == ALL,
    )
    lowest = min(0.0, float(np.nanmin(data["low"])))
    base = alt.Chart(data).encode(
        y=alt.Y("label:N", sort=data["label"].tolist(), title=None),
        color=alt.condition("datum.whole", alt.value("#222"), alt.value(style.ACCENT)),
    )
    scale = alt.Scale(domain=[lowest, 1.0])
    lines = base.mark_rule(strokeWidth=2).encode(
        x=alt.X("low:Q", title=say["kappa"], scale=scale), x2="high:Q"
    )
    points = base.mark_point(filled=True, size=70, opacity=1).encode(x=alt.X("kappa:Q", scale=scale))
    chart = (lines + points).properties(width=style.WIDTH - 100, height=26 * len(data))
    return style.finished(chart, say["agreement"], say["agreement_sub"])


def label_quality(errors: pd.DataFrame, lang: str = "en") -> Any:
    """How credible the labels are, those that are probably wrong in another colour.

    The scale is the quick model's, which is careful: with few labels even good ones stay low.

    Parameters
    ----------
    errors : DataFrame
        As :func:`~complaint_typing.workbench.label_errors.label_errors` gives it.
    lang : str
    """
    alt, say = style.altair(), _WORDS[checked_language(lang)]
    known = errors[errors["label_quality"].notna()]
    place = np.minimum((known["label_quality"] * _BINS).astype(int), _BINS - 1)
    data = known.assign(place=place).groupby(["place", "likely_error"]).size().rename("n").reset_index()
    data = data.assign(
        begin=data["place"] / _BINS,
        end=(data["place"] + 1) / _BINS,
        verdict=np.where(data["likely_error"], say["likely"], say["fine"]),
    )
    chart = (
        alt.Chart(data)
        .mark_bar(stroke="white", strokeWidth=0.5)
        .encode(
            x=alt.X("begin:Q", title=say["quality"], scale=alt.Scale(domain=[0, 1]), bin="binned"),
            x2="end:Q",
            y=alt.Y("n:Q", title=say["labels"], stack="zero"),
            color=alt.Color(
                "verdict:N",
                title=None,
                scale=alt.Scale(domain=[say["likely"], say["fine"]], range=[style.ALARM, style.QUIET]),
                legend=alt.Legend(orient="bottom"),
            ),
            order=alt.Order("likely_error:N", sort="descending"),
        )
        .properties(width=style.WIDTH, height=240)
    )
    told = say["errors_sub"].format(n=len(known), k=int(known["likely_error"].sum()))
    return style.finished(chart, say["errors"], told)


def stopping_curve(advice: StopAdvice, sizes: Sequence[int], lang: str = "en") -> Any:
    """Agreement between successive models, with the line from which labelling may stop.

    Parameters
    ----------
    advice : StopAdvice
    sizes : sequence of int
        How many labels each model had, one more than there are agreements.
    lang : str
    """
    alt, say = style.altair(), _WORDS[checked_language(lang)]
    data = pd.DataFrame({"labels": list(sizes)[1:], "kappa": advice.agreements})
    low = min(0.9, float(data["kappa"].min())) - 0.02
    x = alt.X("labels:Q", title=say["size"], scale=alt.Scale(domain=[0, max(sizes)]))
    y = alt.Y("kappa:Q", title=say["successive"], scale=alt.Scale(domain=[max(low, -1), 1.0], nice=False))
    line = alt.Chart(data).mark_line(point=alt.OverlayMarkDef(size=60), color=style.ACCENT).encode(x=x, y=y)
    rule = alt.Chart(pd.DataFrame({"kappa": [advice.enough]})).mark_rule(strokeDash=[6, 4], color="#777")
    chart = (rule.encode(y=y) + line).properties(width=style.WIDTH, height=240)
    told = say["stop_sub"].format(enough=advice.enough, window=advice.window)
    return style.finished(chart, say["stop"], told)
