"""Pictures of outcomes: who came back when, which strategy did what, and whether groups were comparable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ...playbook import read_playbook
from ...taxonomy import read_taxonomy
from ..effects import SHARES
from ..goodwill import GoodwillAnswer
from ..outcome_words import name_of
from ..return_kinds import KINDS
from ..weighting import BALANCED, Weighting
from ..wording import spoken, term_name, type_names
from .style import ACCENT, ALARM, QUIET, SPARE_COLOURS, WIDTH, altair, colours, empty_chart, finished

_ARMS = {"treated": "#e08e2b", "control": ACCENT}
_KIND_COLOURS = {"justified": "#5d9c45", "extras": "#e08e2b", "other": QUIET}
_SHARES = ("any", *KINDS, "asking", *SHARES)
_PLAIN_MINUS = "replace(datum.label, '\u2212', '-')"
_TICKS = (0, 30, 60, 90, 120, 150, 180, 270, 365)


def names_of(ids: Sequence[str], by: str, lang: str) -> dict[str, str]:
    """What a person reads for types, strategies or other ids."""
    if by == "customer_type":
        return type_names(ids, lang)
    if by == "strategy":
        playbook = read_playbook()
        return {id: playbook[id].name(lang) if id in playbook else id for id in ids}
    return {id: name_of(id, lang) for id in ids}


def return_chart(curves: pd.DataFrame, by: str, lang: str = "en", most: int = 6) -> Any:
    """Curves of those who came back, with 95 % bands and the numbers still followed below.

    Parameters
    ----------
    curves : DataFrame
        From :func:`~complaint_typing.workbench.return_visits.return_curves` with `by` as its one group.
    by : str
    lang : {"zh", "en"}
    most : int, default 6
        Groups shown: those with the most tickets.

    >>> share = {"day": [1, 2], "share": [0.1, 0.2], "low": [0, 0.1], "high": [0.2, 0.3], "at_risk": [20, 9]}
    >>> curves = pd.DataFrame(share | {"customer_type": "venting", "kind": "any", "tickets": 25})
    >>> type(return_chart(curves, "customer_type", "zh")).__name__
    'VConcatChart'
    """
    of_any = curves[curves["kind"] == "any"]
    sizes = of_any.groupby(by)["tickets"].max().sort_values(ascending=False)
    shown = list(sizes.index[:most])
    names = names_of(shown, by, lang)
    palette = colours(shown) if by == "customer_type" else dict(zip(shown, SPARE_COLOURS, strict=False))
    table = of_any[of_any[by].isin(shown)]
    table = table.assign(group=table[by].map(names))
    title = spoken("办结之后，客户多久又来？", "How soon do customers come back once resolved?", lang)
    if not shown:
        return _too_few(title, lang)
    note = spoken(
        "阴影：95%区间；下方：仍在观察的件数", "Bands: 95 % intervals; below: tickets still followed", lang
    )
    note += _smaller(curves, len(sizes) - len(shown), lang)
    return finished(_with_numbers(table, {names[id]: palette[id] for id in shown}, lang), title, note)


def _smaller(curves: pd.DataFrame, cut: int, lang: str) -> str:
    """How many groups a chart leaves out: those that it cuts, and those too small for any curve."""
    n = cut + curves.attrs.get("without_curve", 0)
    return spoken(f"；未画的较小组：{n}", f"; smaller groups not shown: {n}", lang) if n else ""


def _too_few(title: str, lang: str) -> Any:
    return empty_chart(title, spoken("工单太少，没有可画的。", "Too few tickets: nothing to draw.", lang))


def _with_numbers(table: pd.DataFrame, palette: Mapping[str, str], lang: str) -> Any:
    """Curves above, numbers at risk below, on one axis of days."""
    alt = altair()
    most = int(table["day"].max())
    ticks = [day for day in _TICKS if day <= most]
    colour = alt.Color(
        "group:N",
        title=None,
        scale=alt.Scale(domain=list(palette), range=list(palette.values())),
        legend=alt.Legend(orient="top", columns=3, symbolType="stroke", symbolOpacity=1, symbolStrokeWidth=3),
    )
    scale = alt.Scale(domain=[0, most], nice=False)
    day = alt.X(
        "day:Q",
        title=spoken("办结后天数", "days after resolution", lang),
        scale=scale,
        axis=alt.Axis(values=ticks),
    )
    came = spoken("又来的比例", "share that came back", lang)
    base = alt.Chart(table).encode(x=day, color=colour)
    band = base.mark_area(opacity=0.14, interpolate="step-after").encode(
        y=alt.Y("low:Q", title=came, axis=alt.Axis(format="%")), y2="high:Q"
    )
    line = base.mark_line(interpolate="step-after", strokeWidth=2).encode(y=alt.Y("share:Q", title=came))
    below = table[table["day"].isin(ticks)]
    numbers = (
        alt.Chart(below)
        .mark_text(fontSize=11)
        .encode(
            x=alt.X("day:Q", scale=scale, axis=None),
            y=alt.Y(
                "group:N",
                title=None,
                sort=list(palette),
                axis=alt.Axis(ticks=False, domain=False, labelPadding=20),
            ),
            text="at_risk:Q",
            color=colour,
        )
    )
    above = (band + line).properties(width=WIDTH, height=260)
    return alt.vconcat(above, numbers.properties(width=WIDTH, height=18 * len(palette)), spacing=6)


def kinds_chart(curves: pd.DataFrame, by: str, lang: str = "en", most: int = 6) -> Any:
    """What for they came back, as areas on top of each other, one small picture for each group.

    Parameters
    ----------
    curves : DataFrame
        From :func:`~complaint_typing.workbench.return_visits.return_curves` with ``kinds=True``.
    by : str
    lang : {"zh", "en"}
    most : int, default 6
    """
    alt = altair()
    title = spoken("他们为什么又来？", "What do they come back for?", lang)
    if curves.empty:
        return _too_few(title, lang)
    if not (curves["share"] > 0).any():
        return empty_chart(title, spoken("没有人再来。", "Nobody came back.", lang))
    sizes = curves.groupby(by)["tickets"].max().sort_values(ascending=False)
    names = names_of(list(sizes.index[:most]), by, lang)
    kinds = names_of(KINDS, "kind", lang)
    table = curves[curves[by].isin(list(names))]
    table = table.assign(group=table[by].map(names), what=table["kind"].map(kinds))
    table = table.assign(order=table["kind"].map({kind: i for i, kind in enumerate(KINDS)}))
    colour = alt.Color(
        "what:N",
        title=None,
        scale=alt.Scale(domain=list(kinds.values()), range=[_KIND_COLOURS[k] for k in KINDS]),
        legend=alt.Legend(orient="top"),
    )
    chart = (
        alt.Chart(table)
        .mark_area(interpolate="step-after", opacity=0.85)
        .encode(
            x=alt.X(
                "day:Q", title=spoken("办结后天数", "days after resolution", lang), axis=alt.Axis(tickCount=4)
            ),
            y=alt.Y(
                "share:Q", title=spoken("又来的比例", "share that came back", lang), axis=alt.Axis(format="%")
            ),
            color=colour,
            order="order:O",
        )
        .properties(width=170, height=120)
        .facet(alt.Facet("group:N", title=None, sort=list(names.values())), columns=3)
    )
    note = spoken(
        "三种再来互相排斥，相加为再来的总比例",
        "Kinds exclude each other and add up to all who came back",
        lang,
    )
    return finished(chart, title, note + _smaller(curves, len(sizes) - len(names), lang))


def strategy_chart(table: pd.DataFrame, measure: str, lang: str = "en") -> Any:
    """One measure of every strategy of every type, with 95 % intervals; rows with few customers are hollow.

    Parameters
    ----------
    table : DataFrame
        From :func:`~complaint_typing.workbench.outcomes.strategy_table`.
    measure : str
        One of its measures.
    lang : {"zh", "en"}
    """
    alt = altair()
    rows = table[table["measure"] == measure]
    what = _within(measure, rows["day"], lang)
    title = spoken(f"各类客户、各种策略之后：{what}", f"After each strategy, by type: {what}", lang)
    if rows.empty:
        return _too_few(title, lang)
    types = names_of(sorted(set(rows["customer_type"])), "customer_type", lang)
    strategies = names_of(sorted(set(rows["strategy"])), "strategy", lang)
    rows = rows.assign(
        type=rows["customer_type"].map(types),
        name=rows["strategy"].map(strategies),
        few=rows["told"] == "too_few",
        colour=rows["customer_type"].map(colours(list(types))),
        n=[f"n={n}" for n in rows["cases"]],
    )
    share = measure in _SHARES
    axis = alt.Axis(format="%" if share else "")
    y = alt.Y("name:N", title=None, sort=alt.EncodingSortField("estimate", order="descending"))
    base = alt.Chart(rows).encode(y=y, color=alt.Color("colour:N", scale=None))
    scale = alt.Scale(zero=share, nice=True)
    line = base.mark_rule(strokeWidth=2).encode(
        x=alt.X("low:Q", scale=scale, title=what, axis=axis), x2="high:Q"
    )
    dots = base.mark_point(size=60, filled=True).encode(
        x="estimate:Q", fillOpacity=alt.condition("datum.few", alt.value(0), alt.value(1))
    )
    count = base.mark_text(align="left", dx=6, fontSize=10).encode(
        x="high:Q", text="n:N", color=alt.value("#777")
    )
    chart = (
        alt.layer(line, dots, count)
        .properties(width=330, height={"step": 20})
        .facet(
            row=alt.Row(
                "type:N",
                title=None,
                header=alt.Header(labelAngle=0, labelAlign="left", labelFontWeight="bold", labelLimit=150),
            )
        )
        .resolve_scale(y="independent")
    )
    note = spoken(
        "横线：95%区间，小样本已向同类平均收缩；空心：客户太少。谁得到哪种策略并非随机",
        "Lines: 95 % intervals, drawn to the type's mean where few; hollow: too few. No experiment",
        lang,
    )
    return finished(chart, title, note)


def _within(outcome: str, day: pd.Series, lang: str) -> str:
    """Name of an outcome with its day, where it has one."""
    name, days = name_of(outcome, lang), int(day.max()) if len(day) else 0
    return spoken(f"{days}天内{name}", f"{name} within {days} days", lang) if days else name


def balance_chart(weighting: Weighting, lang: str = "en") -> Any:
    """Standardised differences of what was known before, before and after weighting (a love plot)."""
    alt = altair()
    table = weighting.balance.copy()
    table["name"] = [
        f"{name_of(c, lang)}: {_level(c, level, lang)}"
        for c, level in zip(table["covariate"], table["level"], strict=True)
    ]
    worst = table.assign(size=table["before"].abs()).nlargest(20, "size")
    before, after = spoken("拉平前", "before", lang), spoken("拉平后", "after", lang)
    long = pd.concat(
        [worst.assign(d=worst["before"], when=before), worst.assign(d=worst["after"], when=after)]
    )
    y = alt.Y("name:N", title=None, sort=list(worst["name"]))
    dots = (
        alt.Chart(long)
        .mark_point(size=55, filled=True)
        .encode(
            x=alt.X(
                "d:Q",
                title=spoken("标准化均值差", "standardised mean difference", lang),
                axis=alt.Axis(labelExpr=_PLAIN_MINUS),
            ),
            y=y,
            color=alt.Color(
                "when:N",
                title=None,
                scale=alt.Scale(domain=[before, after], range=["#e08e2b", ACCENT]),
                legend=alt.Legend(orient="top"),
            ),
        )
    )
    line = alt.Chart(worst).mark_rule(color="#ddd").encode(x="before:Q", x2="after:Q", y=y)
    limits = alt.Chart(pd.DataFrame({"d": [-BALANCED, BALANCED]})).mark_rule(strokeDash=[4, 3], color="#999")
    chart = (limits.encode(x="d:Q") + line + dots).properties(width=380, height={"step": 17})
    title = spoken("拉平之后，两组在事前情况上一样吗？", "Are the groups alike once weighted?", lang)
    known = weighting.effective
    note = spoken(
        f"虚线：±0.1；加权后相当于{known['treated']:.0f}位与{known['control']:.0f}位客户",
        f"Dashed: ±0.1; weighted, worth {known['treated']:.0f} and {known['control']:.0f} customers",
        lang,
    )
    return finished(chart, title, note)


def _level(covariate: str, level: str, lang: str) -> str:
    if level == "(rare)":
        return spoken("（少见）", "(rare)", lang)
    if covariate in ("customer_type", "emotional_mode"):
        return term_name(read_taxonomy(), level, lang)
    return level or spoken("（空）", "(empty)", lang)


def goodwill_chart(answer: GoodwillAnswer, lang: str = "en", kind: str = "any") -> Any:
    """Who came back after goodwill and without it: made comparable on the left, as they are on the right.

    Parameters
    ----------
    answer : GoodwillAnswer
    lang : {"zh", "en"}
    kind : {"any", "extras", "justified"}
    """
    alt = altair()
    table = answer.comparison.curves
    table = table[table["kind"] == kind]
    arms = {name: name_of(name, lang) for name in _ARMS}
    panels = {True: spoken("拉平后", "made comparable", lang), False: spoken("不拉平", "as they are", lang)}
    table = table.assign(arm=table["arm"].map(arms), panel=table["weighted"].map(panels))
    base = alt.Chart(table).encode(
        x=alt.X(
            "day:Q", title=spoken("办结后天数", "days after resolution", lang), axis=alt.Axis(tickCount=6)
        ),
        color=alt.Color(
            "arm:N",
            title=None,
            scale=alt.Scale(domain=list(arms.values()), range=list(_ARMS.values())),
            legend=alt.Legend(orient="top", symbolType="stroke", symbolOpacity=1, symbolStrokeWidth=3),
        ),
    )
    y = alt.Y("low:Q", title=name_of(kind, lang), axis=alt.Axis(format="%"))
    band = base.mark_area(opacity=0.15, interpolate="step-after").encode(y=y, y2="high:Q")
    line = base.mark_line(interpolate="step-after", strokeWidth=2).encode(y="share:Q")
    chart = (
        alt.layer(band, line)
        .properties(width=270, height=240)
        .facet(column=alt.Column("panel:N", title=None, sort=list(panels.values())))
    )
    title = spoken("给了补偿的，是不是来得更多？", "Does goodwill breed returns?", lang)
    return finished(chart, title, _verdict(answer, kind, lang))


def _verdict(answer: GoodwillAnswer, kind: str, lang: str) -> str:
    if not len(answer.comparison.effects):
        return spoken("有一组没有客户", "one of the groups has no customer", lang)
    row = answer.comparison.row(kind, answer.day)
    if row["told"] == "no_overlap":
        return spoken("两组无法拉平，不下结论", "The groups cannot be made alike: no answer", lang)
    if row["told"] == "too_few":
        return spoken("太少，无法判断", "Too few to tell", lang)
    d, low, high = (f"{100 * row[name]:+.1f}" for name in ("difference", "low", "high"))
    return spoken(
        f"拉平后{answer.day}天内相差{d}个百分点（95%区间{low}至{high}）；阴影：95%区间",
        f"Comparable tickets differ by {d} points within {answer.day} days (95 % interval {low} to {high})",
        lang,
    )


def effects_chart(effects: pd.DataFrame, outcome: str, lang: str = "en") -> Any:
    """Differences that groups of tickets make in one outcome, with 95 % intervals.

    Parameters
    ----------
    effects : DataFrame
        From :func:`~complaint_typing.workbench.outcomes.strategy_effects`, or the `by_type` of an answer.
    outcome : str
    lang : {"zh", "en"}
    """
    alt = altair()
    asked = effects[effects["outcome"] == outcome]
    rows = asked[asked["difference"].notna()]
    what = _within(outcome, asked["day"], lang)
    title = spoken(f"与情况相近的其他投诉相比：{what}", f"Against comparable tickets: {what}", lang)
    if rows.empty:
        return _too_few(title, lang)
    types = names_of(sorted(set(rows["customer_type"])), "customer_type", lang)
    label = rows["customer_type"].map(types)
    if "strategy" in rows:
        label = label + ": " + rows["strategy"].map(names_of(sorted(set(rows["strategy"])), "strategy", lang))
    rows = rows.assign(label=label, colour=rows["told"].map({"nothing": QUIET}).fillna(ALARM))
    axis = alt.Axis(format="+%" if outcome in _SHARES else "+", labelExpr=_PLAIN_MINUS)
    x = alt.X("low:Q", title=spoken(f"差别：{what}", f"difference: {what}", lang), axis=axis)
    y = alt.Y("label:N", title=None, sort=alt.EncodingSortField("difference", order="descending"))
    base = alt.Chart(rows).encode(y=y, color=alt.Color("colour:N", scale=None))
    zero = alt.Chart(pd.DataFrame({"x": [0]})).mark_rule(color="#999").encode(x="x:Q")
    lines = base.mark_rule(strokeWidth=2).encode(x=x, x2="high:Q")
    dots = base.mark_point(size=60, filled=True).encode(x="difference:Q")
    chart = (zero + lines + dots).properties(width=400, height={"step": 22})
    told = len(asked) - len(rows)
    note = spoken(
        f"红色：95%区间不含零；太少或无法拉平而未画：{told}组",
        f"Red: the 95 % interval excludes zero; too few or not comparable: {told}",
        lang,
    )
    return finished(chart, title, note)
