"""What a drift report says in words, in Chinese or English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..taxonomy import checked_language, read_taxonomy
from .drift_checks import CHECKS, FEWEST_CUSTOMERS, FEWEST_TICKETS, FEWEST_WEEKS, OTHERS
from .wording import spoken, term_name

_CHECKS = {check.id: check for check in CHECKS}
_PERCENT = {"confidence", "novelty", "wording"}
_TOLD = {"customer_type", "emotional_mode"}
_SAID = {
    "zh": {
        "drifted": "{n} 项有变化：{names}。",
        "count": "{of} 项里有 {n} 项变了。",
        "calm": "没有发现够大的变化。",
        "unclear": "{n} 项数据太少，看不准。",
        "nothing told": "数据太少，看不出有没有变化。",
        "left_out": "缺列而没有看：{names}。",
        "drift": "{name}：有变化。相差 {distance}，至少 {low}，超过关心的限度 {floor}。{what}",
        "no drift": "{name}：没有变化。相差 {distance}；达到 {seen} 的变化会被看出来。{what}",
        "too few to tell": "{name}：看不准。相差 {distance}，光凭偶然就可到 {chance}，限度是 {floor}。{what}",
        "fewer": "{name}：看不准。每边至少要 {tickets} 条工单、{customers} 位客户。",
        "fewer_weeks": "{name}：看不准。每边至少要 {weeks} 个整周。",
        "moved": "变得最多的是“{moved}”：{before} → {after}。",
        "went": "{before} → {after}。",
        "median": "中位数 {before} → {after}。",
        "wording": "只凭用词就能这样清楚地分出前后。",
    },
    "en": {
        "drifted": "{n} of these drifted: {names}.",
        "count": "{n} of {of} drifted.",
        "calm": "Nothing drifted far enough to matter.",
        "unclear": "{n} cannot be told from so few tickets.",
        "nothing told": "Whether anything drifted cannot be told from so few tickets.",
        "left_out": "Not looked at, for want of a column: {names}.",
        "drift": "{name}: drift. A distance of {distance}, at least {low}; {floor} matters. {what}",
        "no drift": "{name}: no drift. A distance of {distance}; one of {seen} would have shown. {what}",
        "too few to tell": "{name}: too few to tell. A distance of {distance}; chance alone "
        "reaches {chance}, and {floor} would matter. {what}",
        "fewer": "{name}: too few to tell. Each side needs {tickets} tickets of {customers} customers.",
        "fewer_weeks": "{name}: too few to tell. Each side needs {weeks} whole weeks.",
        "moved": "Most moved “{moved}”: {before} → {after}.",
        "went": "{before} → {after}.",
        "median": "Median {before} → {after}.",
        "wording": "So well do words alone tell after from before.",
    },
}


def check_name(check: str, lang: str) -> str:
    """The name of a check.

    >>> check_name("novelty", "zh")
    '模型不认识的字串占比'
    """
    return spoken(_CHECKS[check].zh, _CHECKS[check].en, lang)


def category_name(check: str, name: str, lang: str) -> str:
    """The name of a category within a check.

    >>> category_name("customer_type", "venting", "en"), category_name("channel", "", "en")
    ('Venting', 'not given')
    """
    if name in ("", OTHERS):
        return spoken("未填", "not given", lang) if not name else spoken("其他", "others", lang)
    return term_name(read_taxonomy(), name, lang) if check in _TOLD else name


def headline(
    rows: Sequence[Mapping[str, Any]], left_out: Mapping[str, str], lang: str, names: bool = True
) -> str:
    """What drifted, by name or in number, what cannot be told and what was not looked at."""
    say, join = _SAID[checked_language(lang)], "、" if lang == "zh" else ", "
    named = [check_name(row["check"], lang) for row in rows if row["verdict"] == "drift"]
    unclear = sum(row["verdict"] == "too few to tell" for row in rows)
    told = say["drifted"] if names else say["count"]
    if unclear == len(rows):
        parts = [say["nothing told"]]
    else:
        parts = [told.format(n=len(named), of=len(rows), names=join.join(named)) if named else say["calm"]]
        parts += [say["unclear"].format(n=unclear)] if unclear else []
    if left_out:
        parts.append(say["left_out"].format(names=join.join(check_name(name, lang) for name in left_out)))
    return ("" if lang == "zh" else " ").join(parts)


def sentence(row: Mapping[str, Any], lang: str) -> str:
    """One check in a sentence or two.

    >>> row = {"check": "decided", "kind": "share", "before": 0.7, "after": 0.5, "moved": "", "distance": 0.2}
    >>> sentence(row | {"chance": 0.05, "low": 0.15, "floor": 0.05, "verdict": "drift"}, "en")
    'share decided: drift. A distance of 20 %, at least 15 %; 5 % matters. 70 % → 50 %.'
    """
    say, name = _SAID[checked_language(lang)], check_name(row["check"], lang)
    if row["distance"] != row["distance"]:
        fewest = {"tickets": FEWEST_TICKETS, "customers": FEWEST_CUSTOMERS, "weeks": FEWEST_WEEKS}
        return say["fewer_weeks" if row["kind"] == "rate" else "fewer"].format(name=name, **fewest)
    shares = {key: percent(row[key]) for key in ("distance", "low", "chance", "floor")}
    seen = percent(row["floor"] + row["chance"])
    return say[row["verdict"]].format(name=name, what=_what(row, lang), seen=seen, **shares)


def percent(share: float) -> str:
    """A share for people.

    >>> percent(0.123), percent(0.0123)
    ('12 %', '1.2 %')
    """
    digits = 1 if share < 0.1 and round(share * 100, 1) % 1 else 0
    return f"{share:.{digits}%}".replace("%", " %")


def _what(row: Mapping[str, Any], lang: str) -> str:
    say, kind = _SAID[lang], row["kind"]
    if row["check"] == "wording":
        return say["wording"] if row["verdict"] == "drift" else ""
    as_share = kind in ("share", "shares") or row["check"] in _PERCENT
    before, after = (percent(row[key]) if as_share else f"{row[key]:,.0f}" for key in ("before", "after"))
    told = say["moved" if kind == "shares" else "median" if kind == "number" else "went"]
    return told.format(moved=category_name(row["check"], row["moved"], lang), before=before, after=after)
