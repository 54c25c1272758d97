"""The words in which a policy is shown: names of its columns, its conditions and its answers."""

from __future__ import annotations

from collections.abc import Sequence

from .playbook import Playbook
from .policy_domain import Box, Conditions
from .spoken import one_of
from .taxonomy import Taxonomy, checked_language

_LISTED_AT_MOST = 4
_COLUMNS = {
    "rule_id": ("规则", "Rule"),
    "customer_type": ("客户类型", "Customer type"),
    "emotional_mode": ("情绪模式", "Mode"),
    "goodwill": ("补偿筛查", "Goodwill"),
    "confidence": ("把握", "Confidence"),
    "earlier_tickets": ("一年内旧单", "Earlier tickets"),
    "same_fault_open": ("同一故障仍在", "Same fault open"),
    "justified_before": ("以前属实", "Justified before"),
    "strategy_id": ("策略", "Strategy"),
    "next_step": ("下一步", "Next step"),
    "escalate_to": ("升级给", "Escalate to"),
    "goodwill_cap": ("心意上限", "Goodwill cap"),
    "follow_up_days": ("回访天数", "Follow up (days)"),
    "requires_human": ("须人工", "Needs a person"),
    "rationale": ("理由", "Reason"),
    "source": ("出处", "Source"),
}
_VALUES = {
    "high": ("高", "high"),
    "medium": ("中", "medium"),
    "low": ("低", "low"),
    "none": ("无", "none"),
    "some": ("1-2 件", "1-2"),
    "many": ("3 件以上", "3 or more"),
    "yes": ("是", "yes"),
    "no": ("否", "no"),
}


def column_name(column: str, lang: str) -> str:
    """The name of a column of the decision table, in `lang` ("zh" or "en").

    >>> column_name("same_fault_open", "zh")
    '同一故障仍在'
    """
    return one_of(checked_language(lang), *_COLUMNS[column])


def value_name(value: str, taxonomy: Taxonomy, lang: str) -> str:
    """The name of one value of a condition, in `lang` ("zh" or "en").

    >>> from complaint_typing.taxonomy import read_taxonomy
    >>> value_name("many", read_taxonomy(), "en"), value_name("attack", read_taxonomy(), "zh")
    ('3 or more', '攻击模式')
    """
    if value in _VALUES:
        return one_of(checked_language(lang), *_VALUES[value])
    return taxonomy.name(value, lang)


def listed(allowed: Sequence[str], known: Sequence[str], taxonomy: Taxonomy, lang: str) -> str:
    """Several values of a condition that knows `known`; ``*`` where all are allowed.

    >>> from complaint_typing.taxonomy import read_taxonomy
    >>> taxonomy = read_taxonomy()
    >>> listed(["high", "low"], ["high", "medium", "low"], taxonomy, "en")
    'high, low'
    >>> listed(taxonomy.types[1:], taxonomy.types, taxonomy, "en")
    'all but Resolution seeking'
    """
    if len(allowed) == len(known):
        return "*"
    if len(allowed) > _LISTED_AT_MOST:
        rest = listed([value for value in known if value not in allowed], known, taxonomy, lang)
        return one_of(lang, f"除 {rest} 外", f"all but {rest}")
    names = (value_name(value, taxonomy, lang) for value in allowed)
    return one_of(checked_language(lang), "、", ", ").join(names)


def box_in_words(box: Box, conditions: Conditions, taxonomy: Taxonomy, lang: str) -> str:
    """A product of codes for people, leaving out conditions that may have any value.

    >>> from complaint_typing.taxonomy import read_taxonomy
    >>> conditions = {"confidence": ("high", "medium", "low"), "same_fault_open": ("yes", "no")}
    >>> box_in_words(((0, 2), (0, 1)), conditions, read_taxonomy(), "zh")
    '把握：高、低'
    """
    marks = ("：", "；", "所有组合"), (": ", "; ", "everywhere")
    stop, pause, anywhere = one_of(checked_language(lang), *marks)
    parts = [
        column_name(name, lang) + stop + listed([known[code] for code in codes], known, taxonomy, lang)
        for (name, known), codes in zip(conditions.items(), box, strict=True)
        if len(codes) < len(known)
    ]
    return pause.join(parts) or anywhere


def output_in_words(output: str, value: object, playbook: Playbook, taxonomy: Taxonomy, lang: str) -> str:
    """One answer of the decision table for people; empty where it says nothing.

    Parameters
    ----------
    output : str
        A column of the decision table that answers, such as ``strategy_id``.
    value : object
        What stands there, as in `Rule`; a pair (zh, en) for texts.
    playbook, taxonomy
        Those of the policy.
    lang : str
        "zh" or "en".

    >>> from complaint_typing.playbook import read_playbook
    >>> from complaint_typing.taxonomy import read_taxonomy
    >>> known = read_playbook(), read_taxonomy()
    >>> output_in_words("escalate_to", "team_lead", *known, "zh")
    '班组长'
    >>> output_in_words("requires_human", False, *known, "en")
    'no'
    """
    if isinstance(value, tuple):
        return str(one_of(checked_language(lang), *value))
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return value_name("yes" if value else "no", taxonomy, lang)
    if isinstance(value, float):
        return f"{value:g}"
    if output == "strategy_id":
        return playbook[str(value)].name(lang)
    return taxonomy.name(str(value), lang) if output == "escalate_to" else str(value)
