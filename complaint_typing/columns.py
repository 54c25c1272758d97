"""The column contract: which columns a ticket file has, and which ones scoring appends."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from .absent_headers import AbsentHeaders
from .aliases import ALIASES, known_as, normalised
from .dialects import TEXT_KNOWN
from .errors import BadOption, MissingColumns
from .times import NO_TIME

__all__ = [
    "ALIASES",
    "FAULT_CODES",
    "FINDING_COLUMNS",
    "LABEL_COLUMNS",
    "NO_TIME",
    "OUTCOME_COLUMNS",
    "SCORED_COLUMNS",
    "TICKET_COLUMNS",
    "Column",
    "ScoredColumn",
    "also_matching",
    "header_score",
    "is_header_again",
    "map_headers",
    "nearest_headers",
    "place_of",
]

FAULT_CODES = MappingProxyType({"no": 0, "yes": 1, "unknown": 2})
"""`fault_found` as a code; a missing finding is -1."""


@dataclass(frozen=True)
class Column:
    """One column that a ticket file may have.

    Parameters
    ----------
    name : str
        As in the contract.
    kind : str
        ``text``, ``id``, ``time``, ``money``, ``fault``, ``score``, ``flag``, ``language`` or ``label``.
    need : str
        ``required`` (`text` or `subject`, one is enough), ``expected`` or ``optional``.
    zh, en : str
        What it holds, for people.
    """

    name: str
    kind: str
    need: str
    zh: str
    en: str


@dataclass(frozen=True)
class ScoredColumn:
    """One column that scoring appends.

    Parameters
    ----------
    name : str
        As in the contract.
    kind : str
        ``text``, ``id`` (words of a fixed vocabulary), ``proba``, ``days`` or ``flag``.
    may_be_empty : bool
        Whether a row may have none; all others are always filled.
    zh, en : str
        What it holds, for people.
    """

    name: str
    kind: str
    may_be_empty: bool
    zh: str
    en: str


TICKET_COLUMNS: tuple[Column, ...] = (
    Column("text", "text", "required", "投诉正文", "what the customer wrote"),
    Column(
        "subject",
        "text",
        "required",
        "标题；与正文并存时以换行相连",
        "its title; joined to the text by a newline",
    ),
    Column("ticket_id", "id", "expected", "工单编号", "the ticket's number"),
    Column(
        "customer_id",
        "id",
        "expected",
        "客户编号；缺失时视为独立客户",
        "the customer's number; none: a customer of its own",
    ),
    Column(
        "created_at", "time", "expected", "受理时间；缺失时没有历史", "when it was written; none: no history"
    ),
    Column("channel", "id", "optional", "渠道", "how it came in"),
    Column("category", "id", "optional", "业务类别", "what it is about"),
    Column("written_by", "id", "optional", "书写者：customer 或 agent", "who wrote it: customer or agent"),
    Column("branch", "id", "optional", "网点或门店", "branch or shop"),
    Column("agent_id", "id", "optional", "处理人员编号", "who handled it"),
    Column("agent_reply", "text", "optional", "客服答复", "what the agent answered"),
    Column("strategy_done", "id", "optional", "实际采取的策略", "the strategy that was carried out"),
    Column("resolved_at", "time", "optional", "办结时间", "when it was resolved"),
    Column(
        "fault_found",
        "fault",
        "optional",
        "是否有责：yes、no、unknown",
        "fault on our side: yes, no, unknown",
    ),
    Column(
        "compensation", "money", "optional", "善意补偿金额（退款不算）", "goodwill paid (a refund is none)"
    ),
    Column("currency", "id", "optional", "币种", "its currency"),
    Column("satisfaction", "score", "optional", "满意度 1-5", "satisfaction, 1 to 5"),
    Column("reopened", "flag", "optional", "是否重开 0/1", "opened again: 0 or 1"),
    Column(
        "language", "language", "optional", "语言：zh-Hans、zh-Hant、en", "language: zh-Hans, zh-Hant, en"
    ),
    Column(
        "corrected_type",
        "label",
        "optional",
        "人工更正后的客户类型",
        "the customer type as a person corrected it",
    ),
)

OUTCOME_COLUMNS: tuple[str, ...] = (
    "agent_reply",
    "strategy_done",
    "resolved_at",
    "fault_found",
    "compensation",
    "satisfaction",
    "reopened",
)
"""Known only after a ticket was written: never a feature of that ticket, only history of later ones."""

FINDING_COLUMNS: tuple[str, ...] = ("resolved_at", "fault_found", "compensation")
"""The outcomes that screening reads: where a source has none of them, nothing is known for or against."""

LABEL_COLUMNS: tuple[Column, ...] = (
    Column("customer_type", "label", "optional", "客户类型（标注）", "customer type, as labelled"),
    Column("secondary_type", "label", "optional", "次要类型（标注）", "second type, as labelled"),
    Column("emotional_mode", "label", "optional", "情绪模式（标注）", "emotional mode, as labelled"),
    Column(
        "risk_signals",
        "label",
        "optional",
        "风险信号（标注），以分号相连",
        "risk signals, as labelled, joined by ;",
    ),
    Column(
        "weight",
        "label",
        "optional",
        "训练权重，缺省为1",
        "how much the ticket counts in training; 1 if empty",
    ),
    Column(
        "sampling",
        "label",
        "optional",
        "natural：类型占比合乎日常；designed：占比由编写者选定",
        "natural: types in the shares of ordinary mail; designed: shares chosen by the author",
    ),
    Column("collection", "label", "optional", "语料集", "the collection a ticket belongs to"),
    Column("genre", "label", "optional", "文体", "kind of text: letter, review, chat"),
    Column("industry", "label", "optional", "行业", "industry"),
)

SCORED_COLUMNS: tuple[ScoredColumn, ...] = (
    ScoredColumn(
        "customer_type",
        "id",
        False,
        "判定的客户类型，或 undetermined、unfamiliar",
        "the verdict: a type, undetermined or unfamiliar",
    ),
    ScoredColumn("confidence", "proba", False, "首位类型的概率", "probability of the top type"),
    ScoredColumn("top_type", "id", False, "首位类型", "the most probable type"),
    ScoredColumn("secondary_type", "id", True, "次要类型", "a second drive, where there is one"),
    ScoredColumn("emotional_mode", "id", False, "情绪模式", "emotional mode"),
    ScoredColumn("risk_signals", "id", True, "风险信号，以分号相连", "risk signals, joined by ;"),
    ScoredColumn(
        "goodwill",
        "id",
        False,
        "善意补偿筛查：clear、review、decline、unknown",
        "goodwill screening: clear, review, decline, unknown",
    ),
    ScoredColumn("relation_state", "id", True, "客户与我方的关系状态", "how customer and organisation stand"),
    ScoredColumn("strategy_id", "id", False, "策略编号", "the strategy's id"),
    ScoredColumn("strategy", "text", False, "策略", "the strategy"),
    ScoredColumn("next_step", "text", False, "下一步", "what to do next"),
    ScoredColumn("escalate_to", "id", True, "升级对象", "whom to bring in"),
    ScoredColumn("follow_up_days", "days", True, "几天内回访", "days until the follow-up"),
    ScoredColumn("requires_human", "flag", False, "须人工处理 0/1", "a person must decide: 0 or 1"),
    ScoredColumn("evidence", "text", False, "依据（已脱敏）", "why, in short phrases, masked"),
    ScoredColumn("policy_rule", "id", False, "所依据的规则编号", "ids of the rules applied"),
    ScoredColumn("model_version", "id", False, "模型版本", "version of the model"),
    ScoredColumn("policy_version", "id", False, "策略表版本", "version of the policy"),
)

_KNOWN = tuple(dict.fromkeys(c.name for c in (*TICKET_COLUMNS, *LABEL_COLUMNS)))


def _candidates(headers: Sequence[str]) -> dict[str, list[tuple[int, int]]]:
    """Contract column -> (rank of the alias, index of the header), best first."""
    found: dict[str, list[tuple[int, int]]] = {}
    for index, header in enumerate(headers):
        rank, column = known_as(header)
        if column:
            exact = -1 if header == column else rank
            found.setdefault(column, []).append((exact, index))
    return {column: sorted(places) for column, places in found.items()}


def _checked(overrides: Mapping[str, str] | None) -> Mapping[str, str]:
    """What was named by hand."""
    if overrides is not None and not isinstance(overrides, Mapping):
        remedy = "write mapping={'text': 'YOUR_HEADER'}"
        raise BadOption("mapping", type(overrides).__name__, "a mapping of columns to headers", remedy)
    return overrides or {}


def _overridden(headers: Sequence[str], overrides: Mapping[str, str]) -> dict[str, int]:
    """The columns that were named by hand, each with the index of its header."""
    unknown = next((c for c in overrides if c not in _KNOWN), None)
    if unknown is not None:
        remedy = f"use one of {', '.join(_KNOWN)}"
        raise BadOption("mapping", unknown, "a column of the contract", remedy)
    exact = {h: i for i, h in reversed(list(enumerate(headers)))}
    loose = {normalised(h): i for i, h in reversed(list(enumerate(headers)))}
    found = {c: exact.get(h, loose.get(normalised(h), -1)) for c, h in overrides.items()}
    missing = [c for c, index in found.items() if index < 0]
    if missing:
        near = {c: _nearest(overrides[c], headers) for c in missing}
        raise AbsentHeaders({c: overrides[c] for c in missing}, headers, near)
    return found


def _nearest(wanted: str, headers: Sequence[str]) -> list[str]:
    """At most two headers that resemble a name."""
    by_form = {normalised(h): h for h in reversed(headers) if h.strip()}
    return [by_form[m] for m in difflib.get_close_matches(normalised(wanted), by_form, n=2, cutoff=0.5)]


def guesses(column: str, headers: Sequence[str]) -> list[str]:
    """At most two headers that resemble any name of a contract column and are no name of another one."""
    scored: dict[str, float] = {}
    for header in headers:
        form = normalised(header)[:60]
        if known_as(header)[1] not in (column, ""):
            continue
        matcher = difflib.SequenceMatcher(b=form, autojunk=False)
        for alias in ALIASES[column]:
            matcher.set_seq1(normalised(alias))
            if form and matcher.real_quick_ratio() >= 0.6 and matcher.ratio() >= 0.6:
                scored[header] = max(scored.get(header, 0.0), matcher.ratio())
    return sorted(scored, key=lambda h: -scored[h])[:2]


def map_headers(headers: Sequence[str], overrides: Mapping[str, str] | None = None) -> dict[str, int]:
    """Find the contract columns among the headers of a file.

    Names are compared after NFKC, case folding and leaving out blanks, underscores, dots and hyphens.
    What `overrides` names comes first, then a header that is exactly the contract's, then the better
    known alias, then the header further left. A header serves one column at most.

    Parameters
    ----------
    headers : sequence of str
        As in the file.
    overrides : mapping of str to str, optional
        Contract column -> header of the file.

    Returns
    -------
    dict of str to int
        Contract column -> index into `headers`, for the columns that were found.

    Raises
    ------
    MissingColumns
        When there is neither `text` nor `subject`, or an override names a header that is not there.
    BadValue
        When `overrides` is no mapping, or names a column that the contract does not know.

    Examples
    --------
    >>> map_headers(["工单编号", "投诉内容", "备注"])
    {'text': 1, 'ticket_id': 0}
    >>> map_headers(["Id", "memo"], {"text": "memo"})
    {'text': 1, 'ticket_id': 0}
    >>> map_headers(["id", "descriptoin"])
    Traceback (most recent call last):
        ...
    complaint_typing.errors.MissingColumns: no column found for: text. Headers found: 'id', 'descriptoin'. ...
    """
    found = _overridden(headers, _checked(overrides))
    taken = set(found.values())
    for column, places in _candidates(headers).items():
        free = [index for _, index in places if index not in taken]
        if column not in found and free:
            found[column] = free[0]
    if "text" not in found and "subject" not in found:
        raise MissingColumns(["text"], headers, {"text": guesses("text", headers)})
    return {column: found[column] for column in _KNOWN if column in found}


def also_matching(headers: Sequence[str], mapping: Mapping[str, int]) -> dict[str, list[str]]:
    """Headers that would have served a column which another header serves already.

    >>> also_matching(["text", "Description", "text"], {"text": 0})
    {'text': ['Description', 'text']}
    """
    taken = set(mapping.values())
    others = {
        column: [headers[i] for i in sorted(i for _, i in places) if i not in taken]
        for column, places in _candidates(headers).items()
        if column in mapping
    }
    return {column: names for column, names in others.items() if names}


def nearest_headers(mapping: Mapping[str, int], unmapped: Sequence[str]) -> dict[str, list[str]]:
    """Required and expected columns that were not found, each with at most two headers that resemble them.

    >>> nearest_headers({"text": 0}, ["ticket nummer", "memo"])
    {'ticket_id': ['ticket nummer'], 'customer_id': [], 'created_at': []}
    >>> nearest_headers(dict.fromkeys(("subject", "ticket_id", "customer_id", "created_at"), 0), ["story"])
    {'text': []}
    """
    wanted = [c.name for c in TICKET_COLUMNS if c.need != "optional" and c.name not in mapping]
    return {name: guesses(name, unmapped) for name in wanted if name != "subject"}


def is_header_again(row: Sequence[str], mapping: Mapping[str, int]) -> bool:
    """Whether a row below a header names the same columns once more, such as in another language.

    >>> is_header_again(["工单编号", "投诉内容", "备注"], {"ticket_id": 0, "text": 1})
    True
    >>> is_header_again(["7", "Complaint", "n/a"], {"ticket_id": 0, "text": 1})
    False
    """
    named = {c for c, index in mapping.items() if known_as(row[index])[1] == c}
    return len(named) > 1 and not named.isdisjoint(("text", "subject"))


def header_score(headers: Sequence[str], overrides: Mapping[str, str] | None = None) -> int:
    """How much a record looks like a header: the columns known, and 100 more where a text is one of them.

    >>> header_score(["Id", "Description"]), header_score(["exported", "2024"]), header_score(["Created at"])
    (102, 0, 1)
    """
    wanted = {normalised(h): c for c, h in _checked(overrides).items()}
    columns = {wanted.get(normalised(h)) or known_as(h)[1] for h in headers} - {""}
    return len(columns) + (TEXT_KNOWN if columns & {"text", "subject"} else 0)


def place_of(column: str, header: Sequence[str], mapping: Mapping[str, int] | None = None) -> int:
    """Where the column stands by which shares of types are estimated: by its header, else its contract name.

    Parameters
    ----------
    column : str
    header : sequence of str
    mapping : mapping of str to int, optional
        Contract column -> index into `header`; by default as :func:`map_headers` finds it.

    Raises
    ------
    BadValue
        When there is no such column.

    >>> place_of("渠道", ["内容", "渠道"]), place_of("channel", ["内容", "渠道"])
    (1, 1)
    """
    if column in header:
        return header.index(column)
    places = map_headers(header) if mapping is None else mapping
    if column in places:
        return places[column]
    raise BadOption("adapt_by", column, "a column of the table", f"use one of: {', '.join(header)}")
