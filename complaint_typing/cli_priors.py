"""The command `priors`, and how estimated shares of the types are shown before they are used."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from .taxonomy import read_taxonomy

_WIDTH = 120
_WORDS = {
    "zh": {
        "whole": "全部工单",
        "group": "{by} = {group}",
        "said": "{title}：{tickets:.0f} 件参与估计；与模型原有占比相差 {distance:.0%}",
        "chance": "纯属偶然也会有这样大的差别（p = {p:.2f}），可以不调整",
        "shift": "不像是偶然（p = {p:.2g}）",
        "not_converged": "估计没有收敛，不要使用",
        "head": ("客户类型", "模型原有", "所见（95% 区间）", "用于调整"),
        "note": "“所见”的区间涵盖偶然，以及同一来源文字的相似；“用于调整”向模型原有占比收拢。",
    },
    "en": {
        "whole": "all tickets",
        "group": "{by} = {group}",
        "said": "{title}: {tickets:.0f} tickets speak; {distance:.0%} away from the model's own shares",
        "chance": "chance alone may look like this (p = {p:.2f}): no need to adapt",
        "shift": "hardly chance (p = {p:.2g})",
        "not_converged": "the estimate has not converged: do not use it",
        "head": ("customer type", "model's own", "seen (95 % interval)", "used to adapt"),
        "note": "Intervals allow for chance and for texts of one origin being alike; what is used is drawn "
        "towards the model's own shares.",
    },
}
_CHANCE = 0.05


def show_priors(found: Mapping[str, Any], lang: str | None, to_stdout: bool = True) -> None:
    """Estimated shares, before and after, with intervals; one table for the whole and for each group.

    Parameters
    ----------
    found : mapping
        As :meth:`~complaint_typing.priors.PriorEstimate.to_dict` gives it.
    lang : str or None
        ``zh`` or ``en``; that of the environment by default.
    to_stdout : bool
        Otherwise to stderr.
    """
    lang = lang or ("zh" if os.environ.get("LANG", "").lower().startswith("zh") else "en")
    say: dict[str, Any] = _WORDS[lang]
    terminal = sys.stdout.isatty() if to_stdout else sys.stderr.isatty()
    console = Console(
        stderr=not to_stdout, highlight=False, markup=False, emoji=False, width=None if terminal else _WIDTH
    )
    parts = {say["whole"]: found["whole"]}
    for group, shares in found["groups"].items():
        parts[say["group"].format(by=found["by"], group=group or '""')] = shares
    for title, shares in parts.items():
        console.print(_said(title, shares, say))
        console.print(_table(found["source"], shares, say, lang))
    console.print(say["note"])


def _said(title: str, shares: Mapping[str, Any], say: Mapping[str, str]) -> Text:
    key = "shift" if shares["p_value"] < _CHANCE else "chance"
    key = key if shares["converged"] else "not_converged"
    head = say["said"].format(title=title, **shares)
    return Text(f"{head}. {say[key].format(p=max(shares['p_value'], 0.001))}".replace("。.", "。"))


def _table(
    source: Mapping[str, float], shares: Mapping[str, Any], say: Mapping[str, Any], lang: str
) -> Table:
    taxonomy = read_taxonomy()
    known = {term.id for term in taxonomy.terms}
    table = Table(*say["head"])
    for name, before in sorted(source.items(), key=lambda row: -shares["used"][row[0]]):
        shown = taxonomy.name(name, lang) if name in known else name
        seen = f"{shares['seen'][name]:.1%} ({shares['low'][name]:.1%}–{shares['high'][name]:.1%})"
        table.add_row(Text(shown), f"{before:.1%}", seen, f"{shares['used'][name]:.1%}")
    return table
