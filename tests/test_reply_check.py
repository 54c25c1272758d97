"""Drafts are ``held`` (written before any rule, never read while rules were written), ``dev``, or ``later``.

The later ones were written in six batches after the rules and served to widen them once each was measured.
"""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reply_drafts import PLAYBOOK, TAXONOMY, advice_for, expected, read_drafts, situation

from complaint_typing.errors import BadValue, PolicyError
from complaint_typing.policy import PolicyTable
from complaint_typing.reply_check import check_reply
from complaint_typing.reply_rules import read_reply_rules
from complaint_typing.resources import data_path
from complaint_typing.text_limit import LONGEST_TEXT

DRAFTS = read_drafts("reply_drafts.csv")
EXEMPLARY = {(r["customer_type"], r["language"]): r["draft"] for r in read_drafts("exemplary_replies.csv")}
POLICY = PolicyTable.read()
TYPES = (*TAXONOMY.types, *TAXONOMY.ids("outcome"))
RULES = read_reply_rules().rules
UNTYPED = situation(customer_type="undetermined", strategy_id="ask_purpose")
SITUATIONS = [
    situation(escalate_to="team_lead", follow_up_days="3"),
    situation(customer_type="compensation_seeking", strategy_id="goodwill_after_fix", goodwill_cap="50"),
    situation(customer_type="repeat_abuser", strategy_id="boundary", goodwill="decline"),
    situation(customer_type="high_energy", strategy_id="patience", escalate_to="specialist"),
    situation(customer_type="improvement_seeking", strategy_id="improve", escalate_to="process_owner"),
]
PIECES = st.sampled_from(
    sorted({piece for row in DRAFTS for piece in re.split("(?<=[，。,.!])", row["draft"])})
)


def ids(draft, advice):
    return [finding.id for finding in check_reply(draft, advice)]


def marked(draft, advice, id):
    found = next(finding for finding in check_reply(draft, advice) if finding.id == id)
    return draft[found.start : found.end]


def precision_and_recall(split):
    hits = extra = missed = 0
    for row in DRAFTS:
        if row["split"] == split:
            wanted, found = expected(row), set(ids(row["draft"], advice_for(row)))
            hits, extra, missed = (
                hits + len(wanted & found),
                extra + len(found - wanted),
                missed + len(wanted - found),
            )
    return hits / (hits + extra), hits / (hits + missed)


def test_the_drafts_are_many_varied_and_halved():
    halves = Counter(row["split"] for row in DRAFTS)
    assert len(DRAFTS) >= 150
    assert halves["held"] == halves["dev"]
    assert sum(not expected(row) for row in DRAFTS) >= len(DRAFTS) / 4
    assert {row["language"] for row in DRAFTS} == {"zh-Hans", "zh-Hant", "en"}
    assert {row["customer_type"] for row in DRAFTS} == {*TYPES}
    assert len({row["draft"] for row in DRAFTS}) == len(DRAFTS)


@pytest.mark.parametrize("split, unknown", [("held", {"shut_off"}), ("dev", set())])
def test_every_finding_that_a_half_could_know_is_expected_there(split, unknown):
    told = {id for row in DRAFTS if row["split"] == split for id in expected(row)}
    assert told == {r.id for r in RULES} - unknown


@pytest.mark.parametrize("type_", TYPES)
def test_what_shuts_the_customer_off_is_marked_for_every_type(type_):
    assert "shut_off" in ids("抱歉。这是公司规定，我也没有办法。", situation(customer_type=type_))


@pytest.mark.parametrize("split", ["held", "dev", "later"])
def test_precision_is_at_least_nine_tenths_and_recall_eight_tenths(split):
    precision, recall = precision_and_recall(split)
    assert precision >= 0.9
    assert recall >= 0.8


@pytest.mark.parametrize("type_, lang", EXEMPLARY)
def test_an_exemplary_draft_of_every_type_has_no_finding(type_, lang):
    abuser = type_ == "repeat_abuser"
    rule = POLICY.decide_one(
        customer_type=type_,
        emotional_mode="rational",
        goodwill="decline" if abuser else "clear",
        confidence="high",
        earlier_tickets="many" if abuser else "none",
        same_fault_open="no",
        justified_before="no",
    )
    names = ("strategy_id", "goodwill_cap", "escalate_to", "follow_up_days")
    given = {name: "" if getattr(rule, name) is None else str(getattr(rule, name)) for name in names}
    goodwill = "decline" if abuser else "clear"
    assert ids(EXEMPLARY[type_, lang], situation(customer_type=type_, goodwill=goodwill, **given)) == []


def test_there_is_an_exemplary_draft_for_every_type_and_language():
    assert {*EXEMPLARY} == {(type_, lang) for type_ in TYPES for lang in ("zh", "en")}


@given(st.text(st.characters(codec=None)) | st.lists(PIECES | st.text(max_size=5), max_size=8).map("".join))
def test_any_text_gives_findings_within_the_draft_each_once(draft):
    for advice in SITUATIONS:
        found = check_reply(draft, advice)
        assert all(0 <= finding.start <= finding.end <= len(draft) for finding in found)
        assert len({finding.id for finding in found}) == len(found)
        assert [finding.start for finding in found] == sorted(finding.start for finding in found)
        assert check_reply(draft, advice) == found


def test_a_long_draft_is_read_to_its_end():
    draft = "抱歉。" + "一" * 9_000 + "9" * 9_000 + "a" * 9_000 + "，您要冷静一下。"
    assert marked(draft, situation(), "told_to_calm") == "冷静一下"


@pytest.mark.parametrize("strategy", PLAYBOOK.values(), ids=lambda strategy: strategy.id)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_phrase_of_the_playbook_has_words_at_fault(strategy, lang):
    at_fault = {"apology_turned", "fault_admitted"} | {rule.id for rule in RULES if rule.when == "present"}
    for step in strategy.steps:
        found = ids(step.text("say", lang), situation(customer_type="high_energy", strategy_id="patience"))
        assert not at_fault & set(found), step


@pytest.mark.parametrize(
    "draft, id, words",
    [
        ("很抱歉让您久等，不过这几天人手不够。", "apology_turned", "不过"),
        ("I'm sorry for the wait. However, it is Monday.", "apology_turned", "however"),
        ("抱歉，這都是我們的錯。", "fault_admitted", "是我們的錯"),
        ("您放心，我们保证全额退款。", "beyond_authority", "保证全额"),
        ("Sorry. You should have read the label.", "blame_customer", "you should have read"),
        ("抱歉，这个不归我们管。", "blame_others", "不归我们管"),
        ("請您冷靜一點。", "told_to_calm", "冷靜一點"),
        ("“請您冷靜一點。”", "told_to_calm", "冷靜一點"),
        ("我们“保证全额退款”，您放心。", "beyond_authority", "保证全额"),
        ("抱歉。您每个月都来要东西。", "blame_customer", "您每个月都"),
        ("That's your fault.", "blame_customer", "that's your fault"),
        ("Rules are rules.", "shut_off", "rules are rules"),
        ("规定就是规定。", "shut_off", "规定就是规定"),
        ("这是公司规定，我也没有办法。", "shut_off", "这是公司规定，我也没有办法"),
        ("没办法，系统就是这样。", "shut_off", "没办法，系统就是这样"),
        (
            "Sorry. That's our policy and there is nothing I can do.",
            "shut_off",
            "that's our policy and there is nothing i can do",
        ),
    ],
)
def test_the_words_at_fault_are_marked(draft, id, words):
    assert marked(draft, situation(), id).lower() == words.lower()


def test_what_is_missing_is_marked_where_it_belongs():
    draft = "我明天查。"
    found = {f.id: (f.start, f.end) for f in check_reply(draft, situation(follow_up_days="2"))}
    assert found == {"apology_missing": (0, 0), "no_follow_up": (5, 5)}


@pytest.mark.parametrize(
    "draft",
    [
        "抱歉，这不是您的错，我先查。",
        "抱歉，我没法保证全额退款，我先查。",
        "抱歉，现在还不清楚是不是我们的错，我先查。",
        "Sorry. I don't know whether it was our fault; I'm checking.",
        "Sorry that you had to ring twice because nobody answered. I'm checking it now.",
        "I'm sorry. The cooling-off period is 14 days, and I've put it in writing just now.",
        "柜员对您说“您自己没看清楚，冷静一下”，让您受委屈了，抱歉。我先查。",
        "您提到櫃員叫您「冷靜一點」，真的很抱歉，我先查。",
        "I'm sorry you were told to \"calm down\". I'm checking it now.",
        "抱歉，这是公司规定，我也没办法直接退现金，因为要防冒领；我先查您的卡号。",
        "抱歉，系统就是这样一级一级报的，我先查报到哪里了。",
        "I'm sorry. That's our policy because a card can be stolen. I'm checking it now.",
    ],
)
def test_what_only_sounds_alike_is_left_alone(draft):
    assert ids(draft, UNTYPED) == []


def test_traditional_characters_are_read_like_simplified():
    traditional, simplified = "對不起，但是您應該自己檢查過。", "对不起，但是您应该自己检查过。"
    assert ids(traditional, situation()) == ids(simplified, situation())
    assert "apology_turned" in ids(traditional, situation())


def test_a_fault_that_was_found_may_be_owned():
    assert "fault_admitted" in ids("抱歉，是我们的错。我去查。", situation())
    assert "fault_admitted" not in ids("抱歉。流水查过了，是我们的错，现在就退。", situation())


GIFT = "抱歉。少的{}今天已经退回。另外送您一张60元的代金券。"
COMPENSATION = {"customer_type": "compensation_seeking", "strategy_id": "goodwill_after_fix"}


@pytest.mark.parametrize(
    "changes, id",
    [
        (COMPENSATION | {"goodwill_cap": "100"}, None),
        (COMPENSATION | {"goodwill_cap": "50"}, "goodwill_above_cap"),
        (COMPENSATION | {"goodwill_cap": "100", "goodwill": "review"}, "goodwill_not_cleared"),
        (COMPENSATION | {"goodwill_cap": "100", "goodwill": "unknown"}, "goodwill_not_cleared"),
        (COMPENSATION, "goodwill_not_cleared"),
        ({"customer_type": "respect_seeking", "strategy_id": "honour"}, "goodwill_wrong_type"),
        ({"customer_type": "repeat_abuser", "goodwill": "clear"}, "goodwill_not_cleared"),
        ({"goodwill": "decline"}, "goodwill_not_cleared"),
    ],
)
def test_goodwill_depends_on_type_screening_and_cap(changes, id):
    found = [name for name in ids(GIFT.format("500元"), situation(**changes)) if name.startswith("goodwill")]
    assert found == ([id] if id else [])


def test_goodwill_before_the_problem_is_solved_is_marked():
    advice = situation(**COMPENSATION, goodwill_cap="100")
    assert marked("抱歉，先送您一张60元的券，问题我再查。", advice, "goodwill_before_fix") == "送您一张"


@pytest.mark.parametrize(
    "role, someone",
    [("team_lead", "主管"), ("senior_manager", "总监"), ("specialist", "专员"), ("process_owner", "部")],
)
def test_the_one_who_is_called_in_has_to_be_named(role, someone):
    draft = "抱歉，我已经登记，{}会一起看，明天给您回话。"
    assert ids(draft.format("网络" + someone), situation(escalate_to=role)) == []
    assert ids(draft.format("我"), situation(escalate_to=role)) == ["no_escalation"]


@pytest.mark.parametrize("role", ["public_relations", "legal_counsel"])
def test_the_customer_is_not_told_of_roles_that_work_inside(role):
    assert ids("抱歉，我已经登记，明天给您回话。", situation(escalate_to=role)) == []


def test_sentences_come_in_the_language_asked_for():
    draft = "抱歉，但是没办法。"
    for finding in check_reply(draft, situation(), lang="en"):
        assert finding.text.isascii()
    assert all(re.search("[\u4e00-\u9fff]", finding.text) for finding in check_reply(draft, situation()))
    with pytest.raises(BadValue, match="use zh, zh-Hant or en"):
        check_reply(draft, situation(), lang="fr")


def test_a_team_lead_can_forbid_a_word_without_a_programmer(tmp_path):
    rules = data_path("reply_rules.csv").read_text("utf-8").rstrip("\n")
    cues = data_path("reply_cues.csv").read_text("utf-8").rstrip("\n")
    row = "our_word,present,dear,*,,不要叫亲。,No endearments.,team.txt"
    (tmp_path / "reply_rules.csv").write_text(f"{rules}\n{row}\n", "utf-8-sig")
    (tmp_path / "reply_cues.csv").write_text(f"{cues}\ndear,zh,亲(爱的)?,亲自\n", "gb18030")
    draft, advice = "亲爱的，抱歉，我亲自查。", UNTYPED
    found = check_reply(draft, advice, policy=tmp_path)
    assert [(f.id, draft[f.start : f.end], f.source) for f in found] == [("our_word", "亲爱的", "team.txt")]
    assert check_reply(draft, advice) == []


def test_a_fault_in_ones_own_table_is_named(tmp_path):
    rules = data_path("reply_rules.csv").read_text("utf-8")
    (tmp_path / "reply_rules.csv").write_text(rules.replace("present,guarantee", "present,vow"), "utf-8")
    with pytest.raises(PolicyError, match="no such cue, got 'vow'"):
        check_reply("抱歉", situation(), policy=tmp_path)


def test_of_a_very_long_draft_the_beginning_and_the_end_are_read():
    around = "x" * LONGEST_TEXT
    for draft, is_read in (
        (f"请您冷静一下。{around}{around}", True),
        (f"{around}。请您冷静一下。{around}", False),
        (f"{around}{around}。请您冷静一下。", True),
    ):
        assert ("told_to_calm" in {finding.id for finding in check_reply(draft, UNTYPED)}) == is_read


def test_what_is_found_at_the_end_of_a_very_long_draft_is_marked_there():
    draft = "x" * 50_000 + "。请您冷静一下。"
    marked = {f.id: draft[f.start : f.end] for f in check_reply(draft, UNTYPED)}
    assert marked["told_to_calm"] == "冷静一下"
