"""A chart of the shares of types seen in unlabelled tickets beside the model's own, before it is adapted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ...errors import BadOption
from ...priors import PriorEstimate
from ...taxonomy import checked_language, read_taxonomy
from ..wording import term_name
from .style import ACCENT, altair, finished

_CHANCE = 0.05
_COLOURS, _SHAPES = [ACCENT, "#4d525a", "#e08e2b"], ["circle", "diamond", "triangle-up"]
_SAID = {
    "zh": {
        "title": "这批工单里各类客户的占比，与模型原有占比相比",
        "share": "占比",
        "source": "模型原有",
        "seen": "这批所见（95% 区间）",
        "used": "将用于调整",
        "tickets": "{n:.0f} 条工单参与估计，与模型原有占比相差 {distance:.0%}；",
        "chance": "纯属偶然也会有这样大的差别（p = {p:.2f}）：可以不调整",
        "shift": "不像是偶然（p = {p:.2g}）",
        "not_converged": "估计没有收敛：不要使用",
    },
    "en": {
        "title": "Shares of the types in these tickets, beside the model's own",
        "share": "share of tickets",
        "source": "model's own",
        "seen": "seen here (95 % interval)",
        "used": "used to adapt",
        "tickets": "{n:.0f} tickets speak, {distance:.0%} away from the model's own shares; ",
        "chance": "chance alone may look like this (p = {p:.2f}): no need to adapt",
        "shift": "hardly chance (p = {p:.2g})",
        "not_converged": "the estimate has not converged: do not use it",
    },
}


def shares_table(estimate: PriorEstimate | Mapping[str, Any], group: str | None = None) -> pd.DataFrame:
    """An estimate as a table.

    Parameters
    ----------
    estimate : PriorEstimate or mapping
        Or what its ``to_dict`` gave, as a table scored with ``adapt_priors`` keeps in ``attrs["priors"]``.
    group : str, optional
        One of its groups; all tickets by default.

    Returns
    -------
    DataFrame
        A row a type, most seen first: `type`, `source` (model's own share), `seen`, `low`, `high`, `used`.

    Raises
    ------
    BadOption
        When there is no such group.

    >>> import numpy as np
    >>> from complaint_typing.priors import estimate_priors
    >>> p = np.tile([[0.9, 0.1], [0.8, 0.2]], (40, 1))
    >>> found = estimate_priors(p, ("venting", "high_energy"), np.array([0.5, 0.5]))
    >>> shares_table(found)["type"].tolist()
    ['venting', 'high_energy']
    >>> shares_table(found, "letters")
    Traceback (most recent call last):
        ...
    complaint_typing.errors.BadOption: group: not a group of the estimate, got 'letters'; ...
    """
    told, shares = _told(estimate, group)
    columns = {name: shares[name] for name in ("seen", "low", "high", "used")}
    table = pd.DataFrame({"source": told["source"], **columns}).rename_axis("type").reset_index()
    return table.sort_values("seen", ascending=False, kind="stable", ignore_index=True)


def shares_chart(
    estimate: PriorEstimate | Mapping[str, Any], lang: str = "en", group: str | None = None
) -> Any:
    """What is seen with its interval, the model's own share and what would be used, a line a type.

    Parameters
    ----------
    estimate, group
        As for :func:`shares_table`.
    lang : {"en", "zh"}

    Raises
    ------
    BadOption
        When there is no such group.
    """
    alt, say = altair(), _SAID[checked_language(lang)]
    told, shares = _told(estimate, group)
    table, taxonomy = shares_table(told, group), read_taxonomy()
    table["name"] = [term_name(taxonomy, name, lang) for name in table["type"]]
    kinds = [say["seen"], say["source"], say["used"]]
    points = table.melt(["name"], ["seen", "source", "used"], "kind", "share")
    points["kind"] = points["kind"].map({name: say[name] for name in ("seen", "source", "used")})
    y = alt.Y("name:N", sort=table["name"].tolist(), title=None)
    x = alt.X("share:Q", title=say["share"], axis=alt.Axis(format="%"))
    lines = (
        alt.Chart(table)
        .mark_rule(strokeWidth=5, color=ACCENT, opacity=0.35)
        .encode(x=alt.X("low:Q", title=say["share"]), x2="high:Q", y=y)
    )
    legend = alt.Legend(orient="top", title=None, symbolOpacity=1)
    marks = (
        alt.Chart(points)
        .mark_point(filled=True, size=90, opacity=1)
        .encode(
            x=x,
            y=y,
            color=alt.Color(
                "kind:N", scale=alt.Scale(domain=kinds, range=_COLOURS), legend=legend, sort=kinds
            ),
            shape=alt.Shape(
                "kind:N", scale=alt.Scale(domain=kinds, range=_SHAPES), legend=legend, sort=kinds
            ),
        )
    )
    chart = (lines + marks).properties(width=460, height=alt.Step(30))
    return finished(chart, say["title"], _subtitle(told, shares, group, say))


def _told(
    estimate: PriorEstimate | Mapping[str, Any], group: str | None
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    told = estimate.to_dict() if isinstance(estimate, PriorEstimate) else estimate
    if group is None:
        return told, told["whole"]
    if group not in told["groups"]:
        names = ", ".join(told["groups"]) or "none: no group has twenty tickets"
        raise BadOption("group", group, "a group of the estimate", f"use one of: {names}")
    return told, told["groups"][group]


def _subtitle(
    told: Mapping[str, Any], shares: Mapping[str, Any], group: str | None, say: Mapping[str, str]
) -> str:
    verdict = "shift" if shares["p_value"] < _CHANCE else "chance"
    verdict = say[verdict if shares["converged"] else "not_converged"].format(p=max(shares["p_value"], 0.001))
    where = "" if group is None else f"{told['by']} = {group}: "
    return where + say["tickets"].format(n=shares["tickets"], distance=shares["distance"]) + verdict
