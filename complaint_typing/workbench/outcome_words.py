"""What a comparison of outcomes says and does not say, in Chinese and English."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..taxonomy import checked_language
from .effects import Comparison

NAMES = {
    "customer_type": ("客户类型", "customer type"),
    "emotional_mode": ("情绪模式", "emotional mode"),
    "channel": ("渠道", "channel"),
    "category": ("投诉原因", "cause"),
    "earlier_tickets": ("一年内前诉次数", "earlier tickets within a year"),
    "goodwill_before": ("一年内已获补偿", "goodwill within the year before"),
    "unproven_before": ("一年内未证实的投诉", "unproven tickets within the year before"),
    "half_year": ("半年度", "half-year"),
    "any": ("再来", "came back"),
    "extras": ("为额外要求再来", "came back for extras"),
    "justified": ("因属实问题再来", "came back with a proven fault"),
    "other": ("因其他原因再来", "came back for another reason"),
    "asking": ("再来者中要额外好处的", "of those who came back, asked for extras"),
    "reopened": ("被重开", "reopened"),
    "satisfaction": ("满意度（1-5）", "satisfaction (1-5)"),
    "goodwill": ("每件善意补偿", "goodwill per ticket"),
    "resolved_in_time": ("30天内办结", "resolved within 30 days"),
    "treated": ("给了补偿", "goodwill paid"),
    "control": ("没给补偿", "not paid"),
}
"""Covariate, outcome or group -> its names, Chinese and English."""
_REASONS = {
    "few_customers": ("有一组客户太少", "one of the groups has too few customers"),
    "few_effective": ("可比的客户太少", "too few customers are comparable"),
    "unbalanced": ("两组在事前情况上无法拉平", "the groups cannot be made alike in what was known before"),
    "little_overlap": (
        "多数投诉几乎只有一种处理方式，结论只涉及其余的",
        "most tickets could hardly have been handled the other way; the answer is about the rest",
    ),
    "nothing_known": ("没有任何事前信息可用来拉平", "nothing was known before that could make them alike"),
}


def name_of(id: str, lang: str) -> str:
    """Name of a covariate, outcome or group; the id itself where it has none.

    >>> name_of("asking", "zh"), name_of("own_column", "en")
    ('再来者中要额外好处的', 'own_column')
    """
    return NAMES[id][_place(lang)] if id in NAMES else id


def reasons_text(reasons: Sequence[str], lang: str) -> str:
    """Why a comparison is refused or to be read with caution.

    >>> reasons_text(["few_customers"], "en")
    'one of the groups has too few customers'
    """
    return ("；" if lang == "zh" else "; ").join(_REASONS[name][_place(lang)] for name in reasons)


def assumptions(covariates: Sequence[str], lang: str = "en") -> list[str]:
    """What has to hold for a weighted difference to be the doing of the handling.

    >>> assumptions(["channel"], "zh")[0]
    '除了渠道，没有别的因素既影响怎样处理、又影响客户以后来不来。凡是没有记录的（例如客户当时逼得多紧），都可能推翻结论。'
    """
    names = [name_of(name, lang) for name in covariates]
    if _place(lang) == 0:
        known = f"除了{'、'.join(names)}，" if names else ""
        return [
            f"{known}没有别的因素既影响怎样处理、又影响客户以后来不来。凡是没有记录的（例如客户当时逼得多紧），都可能推翻结论。",
            "结论只涉及两种处理都有可能的投诉；几乎总是或几乎从不这样处理的，权重接近零。",
            "导出截止时还没再来的，只算观察到那一天；前提是早期与晚期的投诉在其余方面相似。",
            "一位客户的处理不影响另一位客户；同一客户的各件投诉一起抽样。",
            "类型和情绪模式取自客户写下的话，早于处理；是否属实要到处理后才知道，因此不用来拉平。",
        ]
    known = f" beside {', '.join(names)}" if names else ""
    return [
        f"Nothing{known} moved both the handling and whether customers returned. Whatever was not recorded, "
        "such as how hard a customer pressed, may overturn the answer.",
        "The answer is about tickets where either handling was possible; those that are nearly always or "
        "nearly never handled so weigh next to nothing.",
        "Who had not returned when the export ends counts as far as seen; early and late tickets are taken "
        "to be alike otherwise.",
        "How one customer is handled does not change what another does; all tickets of a customer are drawn "
        "together.",
        "Type and mode come from what customers wrote, before anything was done. Whether a fault was found "
        "is known only after, so it makes nobody alike.",
    ]


def answer_text(found: Comparison, day: int, n_tickets: int, n_paid: int, lang: str = "en") -> str:
    """The answer to the question about goodwill, and its limits."""
    zh = _place(lang) == 0
    w = found.weighting
    if w.verdict == "refused":
        why = reasons_text(w.reasons, lang)
        if zh:
            return (
                f"无法判断善意补偿是否招来再次来访：{why}（{n_tickets}件可跟踪的投诉中{n_paid}件给了补偿）。"
            )
        return (
            f"Whether goodwill breeds returns cannot be told: {why} "
            f"(goodwill was paid in {n_paid} of {n_tickets} followed tickets)."
        )
    parts = [_told(found.row(name, day), name, day, zh) for name in ("any", "extras")]
    naive = found.row("any", day, weighted=False)
    parts.append(_naive(naive, zh))
    if w.verdict == "caution":
        why = reasons_text(w.reasons, lang)
        parts.append(f"请谨慎看待：{why}。" if zh else f"Read with caution: {why}.")
    parts.append(
        "这不是随机试验：没有记录的因素仍可能是真正的原因，结论只涉及给与不给都有可能的投诉。"
        if zh
        else "This was no experiment: what was not recorded may still be the reason, and the answer is only "
        "about tickets where paying and not paying were both possible."
    )
    return ("" if zh else " ").join(filter(None, parts))


def _told(row: dict[str, Any], outcome: str, day: int, zh: bool) -> str:
    """One outcome in a sentence."""
    what = NAMES[outcome][0 if zh else 1]
    if row["told"] == "too_few":
        return (
            f"{day}天内{what}：太少，无法判断。" if zh else f"Who {what} within {day} days: too few to tell."
        )
    paid, rest = _percent(row["treated"]), _percent(row["control"])
    low, high, d = (f"{100 * row[name]:+.1f}" for name in ("low", "high", "difference"))
    ends = {
        "more": ("给了补偿的来得更多", "more often after goodwill"),
        "less": ("给了补偿的来得更少", "less often after goodwill"),
        "nothing": (
            "看不出差别，但也不能排除区间以内的差别",
            "no difference shown, though one within the interval remains possible",
        ),
    }
    end = ends[row["told"]][0 if zh else 1]
    if zh:
        return (
            f"给了补偿的客户{day}天内有{paid}{what}，情况相近而没给的有{rest}："
            f"相差{d}个百分点（95%区间{low}至{high}），{end}。"
        )
    return (
        f"Within {day} days {paid} {what} after goodwill, and {rest} of comparable tickets without it: "
        f"{d} points (95 % interval {low} to {high}), {end}."
    )


def _naive(row: dict[str, Any], zh: bool) -> str:
    """The difference of the groups as they are."""
    if row["told"] == "too_few":
        return ""
    d = f"{100 * row['difference']:+.1f}"
    if zh:
        return f"不拉平直接比，相差{d}个百分点，其中包含补偿原本给了谁的影响。"
    return f"As they are, the groups differ by {d} points, which includes who was given goodwill at all."


def _percent(share: float) -> str:
    return f"{100 * share:.1f}%"


def _place(lang: str) -> int:
    return 0 if checked_language(lang) == "zh" else 1
