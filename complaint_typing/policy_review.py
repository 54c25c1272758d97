"""What the owner of a policy looks at: the readable grid, and findings about rows that are valid but odd."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from .languages import language_of
from .playbook import Playbook
from .policy_domain import Conditions
from .policy_rules import ANSWERS, RiskRule, Rule
from .policy_words import column_name, listed, value_name
from .taxonomy import Taxonomy, checked_language


@dataclass(frozen=True)
class Finding:
    """Something in a valid policy that its owner may want to look at.

    Attributes
    ----------
    kind : str
        `strategy_never_used`, `type_without_own_row`, `rows_could_merge`, `adverse_though_justified` or
        `text_in_other_language`.
    ids : tuple of str
        The strategy, type or rules concerned.
    text_zh, text_en : str
        What was found and what could be done.
    """

    kind: str
    ids: tuple[str, ...]
    text_zh: str
    text_en: str

    def __str__(self) -> str:
        return self.text_en


def findings(
    rules: Sequence[Rule], risk_rules: Sequence[RiskRule], playbook: Playbook, taxonomy: Taxonomy
) -> list[Finding]:
    """What is valid but odd in a policy; the kinds of finding are those of `Finding`.

    >>> from complaint_typing.playbook import read_playbook
    >>> from complaint_typing.taxonomy import read_taxonomy
    >>> [finding.kind for finding in findings([], [], read_playbook(), read_taxonomy())][::20]
    ['strategy_never_used', 'type_without_own_row']
    """
    return [
        *_unused_strategies(rules, playbook),
        *_types_without_row(rules, taxonomy),
        *_mergeable(rules),
        *_adverse_though_justified(rules, playbook),
        *_other_language((rule.rule_id, rule) for rule in rules),
        *_other_language((rule.rule_id, rule) for rule in risk_rules),
        *_other_language((s.id, part) for s in playbook.values() for part in (s, *s.steps)),
    ]


def _unused_strategies(rules: Sequence[Rule], playbook: Playbook) -> Iterator[Finding]:
    used = {rule.strategy_id for rule in rules}
    for id in playbook:
        if id not in used:
            zh = f"策略 {id} 没有任何规则使用；可以删去，或给它一条规则。"
            en = f"No rule uses strategy {id}; remove it, or give it a rule."
            yield Finding("strategy_never_used", (id,), zh, en)


def _types_without_row(rules: Sequence[Rule], taxonomy: Taxonomy) -> Iterator[Finding]:
    own = {rule.conditions["customer_type"] for rule in rules}
    for id in taxonomy.types + taxonomy.ids("outcome"):
        if (id,) not in own:
            zh = f"类型 {id} 没有自己单独的规则；请确认共用的规则适合它。"
            en = f"Type {id} has no row of its own; make sure that the shared rows suit it."
            yield Finding("type_without_own_row", (id,), zh, en)


def _mergeable(rules: Sequence[Rule]) -> Iterator[Finding]:
    for one, other in combinations(rules, 2):
        if _decisions(one) == _decisions(other):
            differing = [name for name in one.conditions if one.conditions[name] != other.conditions[name]]
            if len(differing) == 1:
                zh = f"{one.rule_id} 与 {other.rule_id} 的结果相同，只差 {differing[0]}；可以合并成一条。"
                en = f"{one.rule_id} and {other.rule_id} decide the same and differ only in {differing[0]}; "
                pair = (one.rule_id, other.rule_id)
                yield Finding("rows_could_merge", pair, zh, en + "merge them.")


def _decisions(rule: Rule) -> tuple[object, ...]:
    texts = (rule.next_step_zh, rule.next_step_en)
    limits = (rule.escalate_to, rule.goodwill_cap, rule.follow_up_days, rule.requires_human)
    return rule.strategy_id, *texts, *limits


def _adverse_though_justified(rules: Sequence[Rule], playbook: Playbook) -> Iterator[Finding]:
    for rule in rules:
        if playbook[rule.strategy_id].adverse and "yes" in rule.conditions["justified_before"]:
            zh = f"{rule.rule_id} 会拒绝以前投诉属实的客户；请考虑 justified_before 只填 no。"
            en = f"{rule.rule_id} turns down customers proved right before; consider justified_before = no."
            yield Finding("adverse_though_justified", (rule.rule_id,), zh, en)


def _other_language(rows: Iterable[tuple[str, object]]) -> Iterator[Finding]:
    found: dict[str, list[str]] = {}
    for id, row in rows:
        texts = {column: text for column, text in vars(row).items() if isinstance(text, str) and text}
        for column, text in texts.items():
            if column.endswith(("_zh", "_en")) and not column.endswith(language_of(text)):
                found.setdefault(id, []).append(column)
    for id, columns in found.items():
        named = ", ".join(dict.fromkeys(columns))
        zh = f"{id} 的 {named} 不是这一栏的语言；请译成中文（_zh）或英文（_en）。"
        en = f"{named} of {id} is in the other language; write Chinese in _zh and English in _en."
        yield Finding("text_in_other_language", (id,), zh, en)


def grid(
    rules: Sequence[Rule], playbook: Playbook, taxonomy: Taxonomy, conditions: Conditions, lang: str
) -> tuple[list[str], list[list[str]]]:
    """Headers and rows of the decision table for people, in `lang` ("zh" or "en")."""
    header = [column_name(name, checked_language(lang)) for name in ("rule_id", *conditions, *ANSWERS)]
    rows = []
    for rule in rules:
        allowed = [listed(rule.conditions[name], known, taxonomy, lang) for name, known in conditions.items()]
        limits = [f"{rule.goodwill_cap:g}" if rule.goodwill_cap is not None else ""]
        limits.append("" if rule.follow_up_days is None else str(rule.follow_up_days))
        limits.append(value_name("yes", taxonomy, lang) if rule.requires_human else "")
        role = taxonomy.name(rule.escalate_to, lang) if rule.escalate_to else ""
        strategy = playbook[rule.strategy_id].name(lang)
        rows.append([rule.rule_id, *allowed, strategy, rule.text("next_step", lang), role, *limits])
    return header, rows
