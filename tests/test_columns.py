"""The column contract, and that every vendor's header finds its column or is asked for."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaint_typing.aliases import ALIASES, normalised
from complaint_typing.columns import (
    LABEL_COLUMNS,
    OUTCOME_COLUMNS,
    SCORED_COLUMNS,
    TICKET_COLUMNS,
    also_matching,
    header_score,
    map_headers,
)
from complaint_typing.errors import BadValue, MissingColumns

EXPORTS = {
    "zendesk": (
        "Id,Requester ID,Created at,Subject,Description,Status,Satisfaction Score,Ticket form",
        "ticket_id,customer_id,created_at,subject,text,,satisfaction,",
    ),
    "freshdesk": (
        "Ticket ID,Subject,Description,Contact ID,Created time,Source,Type,Agent,Resolved time,Tags",
        "ticket_id,subject,text,customer_id,created_at,channel,category,agent_id,resolved_at,",
    ),
    "salesforce": (
        "Case Number,Contact ID,Date/Time Opened,Subject,Description,Case Origin,Date/Time Closed,Case Owner",
        "ticket_id,customer_id,created_at,subject,text,channel,resolved_at,agent_id",
    ),
    "intercom": (
        "Conversation ID,User ID,Conversation started at,Message body,CSAT,Teammate assigned ID",
        "ticket_id,customer_id,created_at,text,satisfaction,agent_id",
    ),
    "regulator": (
        "Date received,Product,Issue,Consumer complaint narrative,Complaint ID",
        "created_at,,,text,ticket_id",
    ),
    "zh_portal": (
        "工单编号,受理时间,客户编号,投诉对象,投诉内容,处理结果,备注",
        "ticket_id,created_at,customer_id,,text,,",
    ),
    "zh_letters": (
        "留言编号,留言用户,留言主题,留言时间,留言详情,答复意见",
        "ticket_id,customer_id,subject,created_at,text,agent_reply",
    ),
    "zh_hotline": (
        "工单号,客户号,投诉渠道,业务类型,来电时间,工单内容,办结时间,是否有责,补偿金额,满意度,是否重开,退款",
        "ticket_id,customer_id,channel,category,created_at,text,resolved_at,fault_found,compensation,"
        "satisfaction,reopened,",
    ),
    "zh_hant": (
        "案件編號,會員代號,內容,星等,建立時間,標題,滿意度,門市",
        "ticket_id,customer_id,text,,created_at,subject,satisfaction,branch",
    ),
}


@pytest.mark.parametrize("vendor", EXPORTS)
def test_headers_of_vendors_are_known(vendor):
    headers, columns = (line.split(",") for line in EXPORTS[vendor])
    assert map_headers(headers) == {c: i for i, c in enumerate(columns) if c}


def test_scored_columns_are_the_contract_in_its_order():
    names = " ".join(c.name for c in SCORED_COLUMNS)
    assert names == (
        "customer_type confidence top_type secondary_type emotional_mode risk_signals goodwill "
        "relation_state strategy_id strategy next_step escalate_to follow_up_days requires_human "
        "evidence policy_rule model_version policy_version"
    )
    may_be_empty = {c.name for c in SCORED_COLUMNS if c.may_be_empty}
    assert may_be_empty == {
        "secondary_type",
        "risk_signals",
        "relation_state",
        "escalate_to",
        "follow_up_days",
    }


def test_required_and_expected_columns():
    needs = {c.name: c.need for c in TICKET_COLUMNS}
    assert {n for n in needs if needs[n] == "required"} == {"text", "subject"}
    assert {n for n in needs if needs[n] == "expected"} == {"ticket_id", "customer_id", "created_at"}
    assert set(OUTCOME_COLUMNS) <= set(needs)


@pytest.mark.parametrize("column", [*TICKET_COLUMNS, *LABEL_COLUMNS, *SCORED_COLUMNS], ids=lambda c: c.name)
def test_every_column_is_explained_in_both_languages(column):
    assert re.search("[\u4e00-\u9fff]", column.zh)
    assert re.search("[a-z]", column.en)
    assert not re.search("[\u4e00-\u9fff]", column.en)


def test_every_ticket_column_has_aliases_and_no_alias_serves_two():
    assert {c.name for c in TICKET_COLUMNS} <= set(ALIASES)
    assert set(ALIASES) <= {c.name for c in (*TICKET_COLUMNS, *LABEL_COLUMNS)}
    forms = [(normalised(a), column) for column, aliases in ALIASES.items() for a in aliases]
    assert len({form for form, _ in forms}) == len(set(forms))
    assert all(aliases[0] == column for column, aliases in ALIASES.items())


@pytest.mark.parametrize("word", ["refund", "退款", "退款金额", "退款金額", "Refund amount", "refunded"])
def test_refunds_are_never_goodwill(word):
    assert map_headers(["text", word]) == {"text": 0}
    assert not any(word in alias.casefold() for alias in ALIASES["compensation"])


@pytest.mark.parametrize(
    "header",
    ["Created At", "created_at", "CREATED-AT", "ｃｒｅａｔｅｄ　ａｔ", " created.at\n", "\ufeffcreated at"],
)
def test_spelling_of_a_header_does_not_matter(header):
    assert map_headers([header, "text"])["created_at"] == 0


def test_the_contract_name_wins_then_the_better_known_alias_then_the_left_one():
    assert map_headers(["Description", "text"])["text"] == 1
    assert map_headers(["编号", "工单编号", "text"])["ticket_id"] == 1
    assert map_headers(["text", "text"])["text"] == 0
    assert also_matching(["Description", "text", "text"], {"text": 1}) == {"text": ["Description", "text"]}


def test_overrides_win_and_free_the_header_for_nothing_else():
    assert map_headers(["Description", "Memo"], {"text": "memo"}) == {"text": 1}
    assert map_headers(["text", "Description"], {"subject": "text"}) == {"text": 1, "subject": 0}


def test_missing_text_names_headers_and_guesses():
    with pytest.raises(
        MissingColumns, match=r"no column found for: text\. .*'投诉内溶'.* --map text=投诉内溶"
    ) as told:
        map_headers(["工单编号", "投诉内溶"])
    assert told.value.found == ["工单编号", "投诉内溶"]
    assert told.value.guesses == {"text": ["投诉内溶"]}


def test_all_wrong_overrides_are_named_at_once():
    with pytest.raises(MissingColumns, match="no column found for: text, created_at") as told:
        map_headers(["id", "content", "when it came"], {"text": "contents", "created_at": "nowhere"})
    assert told.value.missing == ["text", "created_at"]
    assert told.value.guesses["text"] == ["content"]


def test_an_override_of_an_unknown_column_is_refused():
    with pytest.raises(BadValue, match=r"not a column of the contract, got 'txt'; use one of text, subject"):
        map_headers(["a"], {"txt": "a"})


def test_empty_headers_are_a_missing_text():
    with pytest.raises(MissingColumns, match="Headers found: none"):
        map_headers([])


@given(st.lists(st.one_of(st.text(max_size=12), st.sampled_from([a for al in ALIASES.values() for a in al]))))
def test_any_headers_map_each_to_one_column_or_ask(headers):
    try:
        mapping = map_headers(headers)
    except MissingColumns:
        assert header_score(headers) < 100
        return
    assert len(set(mapping.values())) == len(mapping)
    assert header_score(headers) >= 100
    assert all(normalised(headers[i]) in map(normalised, ALIASES[c]) for c, i in mapping.items())


def test_header_score_counts_columns_and_overrides():
    assert header_score(["Id", "客户编号"]) == 2
    assert header_score(["Id", "memo"], {"text": "Memo"}) == 102
