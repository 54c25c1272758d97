"""Charts of a drift report: every check against its floor, and the categories or numbers behind one."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ...errors import BadOption
from ...taxonomy import checked_language
from ..drift import DRIFT, NO_DRIFT, TOO_FEW, Drift
from ..drift_words import category_name, check_name, headline
from .style import ACCENT, ALARM, QUIET, altair, finished

_VERDICTS = (DRIFT, TOO_FEW, NO_DRIFT)
_COLOURS = [ALARM, "#b59a2e", QUIET]
_SHOWN = 12
_SAID = {
    "zh": {
        "title": "前后两批工单：哪些变了，变了多少",
        "distance": "相差（点）与区间（线）；竖线是关心的限度",
        DRIFT: "有变化",
        NO_DRIFT: "没有变化",
        TOO_FEW: "看不准",
        "moved": "{check}：前后占比",
        "numbers": "{check}：不超过某个值的工单占比",
        "share": "占工单的比例",
        "before": "之前",
        "after": "之后",
        "counts": "之前 {before} 条，之后 {after} 条",
    },
    "en": {
        "title": "What changed between the two exports, and how far",
        "distance": "distance (dot) and interval (line); the tick is the floor that matters",
        DRIFT: "drift",
        NO_DRIFT: "no drift",
        TOO_FEW: "too few to tell",
        "moved": "{check}: shares before and after",
        "numbers": "{check}: share of tickets up to a value",
        "share": "share of tickets",
        "before": "before",
        "after": "after",
        "counts": "{before} tickets before, {after} after",
    },
}


def drift_chart(report: Drift, lang: str = "en") -> Any:
    """Every check as a line: the distance with its interval, its floor, and the verdict as colour.

    Parameters
    ----------
    report : Drift
    lang : {"en", "zh"}
    """
    alt, say = altair(), _SAID[checked_language(lang)]
    order = report.rows["verdict"].map(_VERDICTS.index)
    table = report.rows.assign(order=order).sort_values(
        ["order", "low", "distance"], ascending=[True, False, False]
    )
    table["name"] = [check_name(check, lang) for check in table["check"]]
    table["said"] = table["verdict"].map(say)
    y = alt.Y("name:N", sort=table["name"].tolist(), title=None)
    x = alt.X("distance:Q", title=say["distance"], scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%"))
    scale = alt.Scale(domain=[say[verdict] for verdict in _VERDICTS], range=_COLOURS)
    colour = alt.Color("said:N", scale=scale, title=None, legend=alt.Legend(orient="top"))
    base = alt.Chart(table)
    lines = base.mark_rule(strokeWidth=5, opacity=0.4).encode(
        x=alt.X("low:Q"), x2="high:Q", y=y, color=colour
    )
    dots = base.mark_circle(size=90, opacity=1).encode(x=x, y=y, color=colour)
    floors = base.mark_tick(thickness=2, size=18, color="black").encode(x="floor:Q", y=y)
    chart = (lines + dots + floors).properties(width=420, height=alt.Step(26))
    rows = table.to_dict("records")
    return finished(chart, say["title"], headline(rows, report.left_out, lang, names=False))


def moved_chart(report: Drift, check: str = "customer_type", lang: str = "en") -> Any:
    """The shares of a check's categories before and after, most moved first.

    Parameters
    ----------
    report : Drift
    check : str
        One of categories: ``customer_type``, ``emotional_mode``, ``language``, ``channel``.
    lang : {"en", "zh"}

    Raises
    ------
    BadOption
        When the report has no categories of such a check.
    """
    alt, say = altair(), _SAID[checked_language(lang)]
    table = _of(report.shares, check)
    table = table.sort_values("difference", key=abs, ascending=False).head(_SHOWN)
    table["name"] = [category_name(check, name, lang) for name in table["name"]]
    points = table.melt(["name"], ["before", "after"], "side", "share")
    points["side"] = points["side"].map(say)
    y = alt.Y("name:N", sort=table["name"].tolist(), title=None)
    x = alt.X("share:Q", title=say["share"], axis=alt.Axis(format="%"))
    lines = alt.Chart(table).mark_rule(strokeWidth=3, color="#ccc").encode(x="before:Q", x2="after:Q", y=y)
    dots = alt.Chart(points).mark_circle(size=110, opacity=1).encode(x=x, y=y, color=_sides(alt, say))
    chart = (lines + dots).properties(width=420, height=alt.Step(26))
    return finished(chart, _title(say["moved"], check_name(check, lang)), _counts(report, check, say))


def numbers_chart(report: Drift, check: str = "confidence", lang: str = "en") -> Any:
    """The share of tickets up to each value, before and after; where the lines part, the tickets changed.

    Parameters
    ----------
    report : Drift
    check : str
        One of numbers: ``confidence``, ``novelty``, ``wording``, ``length``.
    lang : {"en", "zh"}

    Raises
    ------
    BadOption
        When the report has no numbers of such a check.
    """
    alt, say = altair(), _SAID[checked_language(lang)]
    table = _of(report.numbers, check).melt(["at"], ["before", "after"], "side", "share")
    table["side"] = table["side"].map(say)
    name = check_name(check, lang)
    chart = (
        alt.Chart(table)
        .mark_line(strokeWidth=2)
        .encode(
            x=alt.X("at:Q", title=name, scale=alt.Scale(zero=False), axis=alt.Axis(labelOverlap=True)),
            y=alt.Y("share:Q", title=say["share"], axis=alt.Axis(format="%")),
            color=_sides(alt, say),
        )
        .properties(width=480, height=240)
    )
    return finished(chart, _title(say["numbers"], name), _counts(report, check, say))


def _title(form: str, check: str) -> str:
    return form.format(check=check[:1].upper() + check[1:])


def _sides(alt: Any, say: dict[str, str]) -> Any:
    scale = alt.Scale(domain=[say["before"], say["after"]], range=[QUIET, ACCENT])
    return alt.Color("side:N", scale=scale, title=None, legend=alt.Legend(orient="top"))


def _of(table: pd.DataFrame, check: str) -> pd.DataFrame:
    found = table[table["check"] == check]
    if found.empty:
        names = ", ".join(table["check"].unique()) or "none: too few tickets"
        raise BadOption("check", check, "a check that this chart shows", f"use {names}")
    return found.copy()


def _counts(report: Drift, check: str, say: dict[str, str]) -> str:
    row = report.rows.set_index("check").loc[check]
    counts = {"before": row["tickets_before"], "after": row["tickets_after"]}
    return f"{say['counts'].format(**counts)} · {say[row['verdict']]}"
