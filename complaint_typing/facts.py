"""The history facts: what is known of a customer's past at the moment a ticket is written."""

from __future__ import annotations

from dataclasses import dataclass

DAY = 86_400
FACTS_VERSION = 1
"""Counts up whenever a fact is defined otherwise, so that what was kept can tell what it was made for."""


@dataclass(frozen=True)
class Fact:
    """One history column: its name, its kind (flag, count, money or days), and a phrase about it.

    ``{n}`` in a phrase stands for the value.
    """

    name: str
    kind: str
    zh: str
    en: str


FACTS: tuple[Fact, ...] = (
    Fact("known", "flag", "客户与时间已知", "customer and time are known"),
    Fact("has_outcomes", "flag", "有处理结果记录", "outcomes are recorded"),
    Fact("tickets_7d", "count", "7天内{n}件前诉", "{n} earlier tickets in 7 days"),
    Fact("tickets_30d", "count", "30天内{n}件前诉", "{n} earlier tickets in 30 days"),
    Fact("tickets_90d", "count", "90天内{n}件前诉", "{n} earlier tickets in 90 days"),
    Fact("tickets_365d", "count", "一年内{n}件前诉", "{n} earlier tickets in a year"),
    Fact("open", "count", "{n}件前诉未办结", "{n} earlier tickets still open"),
    Fact("resolved_365d", "count", "一年内{n}件已办结", "{n} resolved in a year"),
    Fact("justified_365d", "count", "一年内{n}件属实", "{n} found justified in a year"),
    Fact("unproven_365d", "count", "一年内{n}件不属实或无法证实", "{n} found unproven in a year"),
    Fact("goodwill_365d", "count", "一年内{n}次善意补偿", "{n} goodwill payments in a year"),
    Fact("goodwill_amount_365d", "money", "一年内善意补偿共{n}", "{n} goodwill paid in a year"),
    Fact(
        "visits_after_goodwill_365d",
        "count",
        "一年内{n}次在善意补偿后30天内再来",
        "{n} tickets within 30 days after a goodwill payment in a year",
    ),
    Fact("reopened_365d", "count", "一年内{n}件被重开", "{n} reopened in a year"),
    Fact("dissatisfied_365d", "count", "一年内{n}次不满意评价", "{n} low satisfaction scores in a year"),
    Fact(
        "same_fault_open", "count", "同类问题{n}件未解决或重开", "{n} of the same category open or reopened"
    ),
    Fact(
        "same_fault_resolved_7d",
        "count",
        "同类前诉7天内刚办结{n}件",
        "{n} of the same category resolved within the last 7 days",
    ),
    Fact("days_since_last", "days", "距上次来诉{n}天", "last ticket {n} days ago"),
    Fact(
        "days_since_first",
        "days",
        "一年内最早的前诉在{n}天前",
        "first ticket of the last year {n} days ago",
    ),
    Fact("days_since_goodwill", "days", "距上次善意补偿{n}天", "last goodwill {n} days ago"),
)
FACT_NAMES: tuple[str, ...] = tuple(fact.name for fact in FACTS)
HISTORY_COLUMNS: tuple[str, ...] = tuple("history_" + name for name in FACT_NAMES)
