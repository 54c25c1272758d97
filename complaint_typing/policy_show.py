"""Explanations, differences and their impact as grids for people, in Chinese and English."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from .policy import PolicyTable
from .policy_diff import OutputChange, PolicyDiff, RowChange
from .policy_explain import Explanation
from .policy_impact import Impact, TicketChange
from .policy_rules import ANSWERS, Outcome
from .policy_words import box_in_words, column_name, listed, output_in_words, value_name
from .taxonomy import LANGUAGES, checked_language

MOST_TICKETS_NAMED = 12
_WORDS = {
    "zh": {
        "applies": "适用规则 {id}",
        "asked": "条件 | 这一单 | 规则要求",
        "any": "任意（不看）",
        "answer": "结论",
        "answers": "项目 | 内容",
        "fired": "生效的规则",
        "near": "只差一个条件的规则：{n} 条",
        "near_header": "规则 | 差在 | 这一单 | 规则要求 | 策略",
        "diff": "{old} → {new}：{all} 种组合中 {changed} 种的结论有变",
        "rows": "表格中的改动：{n} 行",
        "rows_header": "表格 | 行 | 改动 | 列 | 原来 | 现在",
        "added": "新增",
        "removed": "删去",
        "changed": "修改",
        "outputs": "结论的改动：{n} 处",
        "outputs_header": "项目 | 原来 | 现在 | 哪些组合 | 组合数",
        "one_sided": "只有一方认识的值（不参与比较）",
        "one_sided_header": "条件 | 值",
        "impact": "{tickets} 件工单中 {sure} 件的结论有变，另有 {perhaps} 件可能有变",
        "impact_header": "原规则 | 新规则 | 变的是 | 确定 | 件数 | 哪些工单",
        "unread": "{n} 件的类型、情绪或筛查不为两份策略共知，未比较",
        "otherwise": "{n} 件是用别的策略版本评分的，原规则是推算的",
        "row": "第 {n} 行",
        "more": "等共 {n} 件",
        "sure": "是",
        "perhaps": "可能",
    },
    "en": {
        "applies": "Row {id} applies",
        "asked": "Condition | This case | The row asks for",
        "any": "any (not read)",
        "answer": "Its answer",
        "answers": "Part | Content",
        "fired": "Rules that fired",
        "near": "Rows that miss in one condition only: {n}",
        "near_header": "Rule | Misses in | This case | The row asks for | Strategy",
        "diff": "{old} → {new}: {changed} of {all} combinations are answered otherwise",
        "rows": "Changes in the tables: {n} rows",
        "rows_header": "Table | Row | Change | Column | Before | Now",
        "added": "added",
        "removed": "removed",
        "changed": "changed",
        "outputs": "Changes of answers: {n}",
        "outputs_header": "Part | Before | Now | Where | Combinations",
        "one_sided": "Values that only one of the two knows (not compared)",
        "one_sided_header": "Condition | Values",
        "impact": "{sure} of {tickets} tickets are answered otherwise, {perhaps} more perhaps",
        "impact_header": "Old rules | New rules | What changes | Certain | Tickets | Which",
        "unread": "{n} have a type, mood or screening that one of the policies does not know: not compared",
        "otherwise": "{n} were scored with another version of the policy: their old rule is inferred",
        "row": "row {n}",
        "more": "... {n} in all",
        "sure": "yes",
        "perhaps": "perhaps",
    },
}


class Grid(NamedTuple):
    """A title, and a table below it; no header where the title says all."""

    title: str
    header: list[str]
    rows: list[list[str]]


def _header(words: Mapping[str, str], key: str) -> list[str]:
    return words[key].split(" | ")


def explanation_grids(policy: PolicyTable, told: Explanation, outcome: Outcome, lang: str) -> list[Grid]:
    """The row that applies, its answer, and the rows that almost matched.

    Parameters
    ----------
    policy : PolicyTable
    told : Explanation
        As `PolicyTable.explain` gives it.
    outcome : Outcome
        The same row with the risk rules that fired.
    lang : str
        "zh" or "en".
    """
    words, known = _WORDS[checked_language(lang)], policy.conditions
    asked = [
        [
            column_name(name, lang),
            value_name(told.values[name], policy.taxonomy, lang),
            _asks(policy, told, name, lang),
        ]
        for name in known
    ]
    near = [
        [
            miss.rule.rule_id,
            column_name(miss.condition, lang),
            value_name(miss.value, policy.taxonomy, lang),
            listed(miss.allowed, known[miss.condition], policy.taxonomy, lang),
            policy.playbook[miss.rule.strategy_id].name(lang),
        ]
        for miss in told.near
    ]
    return [
        Grid(words["applies"].format(id=told.rule.rule_id), _header(words, "asked"), asked),
        Grid(words["answer"], _header(words, "answers"), _answers(policy, told, outcome, lang)),
        Grid(words["near"].format(n=len(near)), _header(words, "near_header"), near),
    ]


def _asks(policy: PolicyTable, told: Explanation, name: str, lang: str) -> str:
    if name not in told.read:
        return _WORDS[lang]["any"]
    return listed(told.rule.conditions[name], policy.conditions[name], policy.taxonomy, lang)


def _answers(policy: PolicyTable, told: Explanation, outcome: Outcome, lang: str) -> list[list[str]]:
    said = {name: getattr(outcome, name) for name in ANSWERS if name != "next_step"}
    said |= {"next_step": outcome.next_step(lang), "rationale": told.rule.text("rationale", lang)}
    said["source"] = "; ".join(outcome.sources)
    rows = [
        [column_name(name, lang), output_in_words(name, said[name], policy.playbook, policy.taxonomy, lang)]
        for name in (*ANSWERS, "rationale", "source")
    ]
    return [*rows, [_WORDS[lang]["fired"], "; ".join(outcome.rule_ids)]]


def diff_grids(difference: PolicyDiff, old: PolicyTable, new: PolicyTable, lang: str) -> list[Grid]:
    """Rows that changed, and the combinations that are answered otherwise; `lang` is "zh" or "en"."""
    words = _WORDS[checked_language(lang)]
    title = words["diff"].format(
        old=difference.old_version,
        new=difference.new_version,
        all=difference.combinations,
        changed=difference.changed,
    )
    rows = [cells for change in difference.rows for cells in _row_cells(change, words)]
    outputs = [
        [
            column_name(change.output, lang),
            *_before_and_now(change, old, new, lang),
            "\n".join(box_in_words(box, difference.conditions, new.taxonomy, lang) for box in change.boxes),
            str(change.combinations),
        ]
        for change in difference.outputs
    ]
    grids = [
        Grid(title, [], []),
        Grid(words["rows"].format(n=len(difference.rows)), _header(words, "rows_header"), rows),
        Grid(words["outputs"].format(n=len(outputs)), _header(words, "outputs_header"), outputs),
    ]
    if difference.one_sided:
        one_sided = [
            [column_name(name, lang), ", ".join(found)] for name, found in difference.one_sided.items()
        ]
        grids.append(Grid(words["one_sided"], _header(words, "one_sided_header"), one_sided))
    return grids


def _before_and_now(change: OutputChange, old: PolicyTable, new: PolicyTable, lang: str) -> list[str]:
    """Both answers in `lang`, or in the other language when only that text changed."""
    for language in (lang, *LANGUAGES):
        before = output_in_words(change.output, change.old, old.playbook, old.taxonomy, language)
        now = output_in_words(change.output, change.new, new.playbook, new.taxonomy, language)
        if before != now:
            break
    return [before, now]


def _row_cells(change: RowChange, words: Mapping[str, str]) -> Iterable[list[str]]:
    if not change.cells:
        yield [change.table, change.id, words[change.kind], "", "", ""]
    for column, (before, now) in change.cells.items():
        yield [change.table, change.id, words[change.kind], column, before, now]


def impact_grids(found: Impact, lang: str) -> list[Grid]:
    """Which tickets change, those with the same old and new rules together; `lang` is "zh" or "en"."""
    words = _WORDS[checked_language(lang)]
    sure = sum(change.certain for change in found.changes)
    title = words["impact"].format(tickets=found.tickets, sure=sure, perhaps=len(found.changes) - sure)
    groups: dict[tuple[object, ...], list[TicketChange]] = {}
    for change in found.changes:
        key = (change.old_rules, change.new_rules, change.outputs, change.certain)
        groups.setdefault(key, []).append(change)
    rows = [_group_cells(changes, words, lang) for changes in groups.values()]
    notes = [("unread", found.unread), ("otherwise", found.scored_otherwise)]
    return [
        Grid(title, _header(words, "impact_header"), rows),
        *(Grid(words[key].format(n=n), [], []) for key, n in notes if n),
    ]


def _group_cells(changes: list[TicketChange], words: Mapping[str, str], lang: str) -> list[str]:
    first = changes[0]
    named = [change.ticket_id or words["row"].format(n=change.row) for change in changes[:MOST_TICKETS_NAMED]]
    if len(changes) > len(named):
        named.append(words["more"].format(n=len(changes)))
    return [
        "; ".join(first.old_rules),
        "; ".join(first.new_rules),
        ", ".join(column_name(name, lang) for name in first.outputs),
        words["sure" if first.certain else "perhaps"],
        str(len(changes)),
        ", ".join(named),
    ]
