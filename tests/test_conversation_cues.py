"""Cues of a talk in both languages: what counts, and what only looks like it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaint_typing.agent_cues import AGENT
from complaint_typing.conversation_cues import (
    ATTACK,
    CUE_NAMES,
    agent_cues,
    customer_cues,
    is_short,
    same_words,
)
from complaint_typing.customer_cues import CUSTOMER


def kinds(found):
    return {cue.kind for cue in found}


@pytest.mark.parametrize(
    "kind, text",
    [
        ("insult", "你们这群骗子"),
        ("insult", "你們這群騙子"),
        ("insult", "垃圾公司，黑心！"),
        ("insult", "滚！"),
        ("insult", "You people are useless"),
        ("insult", "A bunch of complete idiots"),
        ("insult", "SHUT UP"),
        ("insult", "你們這家爛公司"),
        ("insult", "你們這群吸血鬼"),
        ("threat", "你给我等着！"),
        ("threat", "让你们吃不了兜着走"),
        ("threat", "You'll regret this"),
        ("contempt", "会不会说人话"),
        ("contempt", "少跟我来这套"),
        ("contempt", "Are you even listening?"),
        ("contempt", "Save your apologies"),
        ("ultimatum", "再不处理我就直接去曝光"),
        ("ultimatum", "最后一次警告"),
        ("ultimatum", "Last warning."),
        ("upset", "等得我都快崩溃了"),
        ("upset", "太让人失望了"),
        ("upset", "I'm so frustrated"),
        ("upset", "你让我别激动？"),
        ("upset", "Don't tell me to calm down."),
        ("outcry", "怎么又没来？！？"),
        ("press", "快点"),
        ("press", "Just do it"),
        ("assent", "对。"),
        ("assent", "嗯，是这样"),
        ("assent", "沒錯"),
        ("assent", "能不急吗"),
        ("assent", "Yes, exactly"),
        ("assent", "That's right."),
        ("assent", "對啦。"),
        ("assent", "對阿，就是三次"),
        ("assent", "係呀"),
        ("assent", "那肯定啊"),
        ("assent", "换谁谁不愤怒"),
        ("assent", "可不是嗎，氣到睡不著"),
        ("assent", "你總算聽懂了"),
        ("assent", "Spot on."),
        ("assent", "Absolutely"),
        ("correct", "不对，是周二"),
        ("correct", "No, it was Tuesday"),
        ("refuse", "不接受"),
        ("refuse", "That's not good enough"),
        ("refuse", "那怎么行"),
        ("refuse", "五天太久了"),
        ("refuse", "免談"),
        ("refuse", "Five days? No."),
        ("refuse", "Nope"),
        ("refuse", "Absolutely not."),
        ("accept", "好的，那我等你们电话"),
        ("accept", "OK, that works"),
        ("accept", "可以喔"),
        ("accept", "Alright then"),
        ("accept", "Yes please"),
        ("thank", "谢谢"),
        ("close", "没有别的事了"),
        ("close", "No thanks, that's all"),
        ("close", "那先這樣"),
        ("tell", "约好周一上午来装空调，等到下午都没有人来"),
        ("tell", "The parcel was thrown over my fence and the vase broke"),
    ],
)
def test_what_a_customer_shows(kind, text):
    assert kind in kinds(customer_cues(text))


@pytest.mark.parametrize(
    "kind, text",
    [
        ("insult", "他当着大家的面说我是白痴"),
        ("insult", "The driver called me an idiot"),
        ("insult", "楼道里的垃圾三天没人清运"),
        ("insult", "我被骗子骗了，想报案"),
        ("threat", "我在家等着师傅上门"),
        ("upset", "我没生气，就是问问"),
        ("upset", "I'm afraid the link does not open"),
        ("assent", "对不起，我记错了"),
        ("assent", "对了，还有一件事"),
        ("assent", "是吗？"),
        ("assent", "对你们很不满"),
        ("assent", "Right now!"),
        ("assent", "Absolutely not."),
        ("assent", "系统又坏了"),
        ("assent", "对面那家店"),
        ("assent", "Yes, but that's not what I said"),
        ("refuse", "不要了，谢谢"),
        ("refuse", "No problem."),
        ("refuse", "我家小区没门禁"),
        ("accept", "你好"),
        ("accept", "什么时候可以处理好"),
        ("accept", "那怎么行"),
        ("accept", "Please do something!"),
        ("tell", "退钱！马上退钱！"),
    ],
)
def test_what_only_looks_like_it(kind, text):
    assert kind not in kinds(customer_cues(text))


@pytest.mark.parametrize(
    "kind, text",
    [
        ("apology", "非常抱歉"),
        ("apology", "I do apologise"),
        ("invite", "您慢慢说，我听着"),
        ("invite", "Tell me what happened"),
        ("restate", "我复述一遍：周一约的，没人来"),
        ("restate", "So you're saying nobody came?"),
        ("restate", "我整理一下：週一訂的，週三才到"),
        ("feeling", "您一定很着急"),
        ("feeling", "That must have been upsetting"),
        ("feeling", "換作是我也會很火大"),
        ("feeling", "You must be furious"),
        ("feeling", "That must be unbearable on top of a loss."),
        ("why", "今天就得通，不能再拖"),
        ("why", "I can see why it can't wait"),
        ("why", "這筆錢對您來說很急著用，對嗎？"),
        ("ask", "请问是哪个订单？"),
        ("wish", "您希望怎么处理？"),
        ("wish", "What would you like us to do?"),
        ("offer", "我现在就给您退款"),
        ("offer", "I'll send someone within two hours"),
        ("prevent", "您先把总阀关上，以免漏水"),
        ("prevent", "In the meantime please keep the receipt"),
        ("hush", "请您先冷静一下"),
        ("hush", "Please calm down"),
        ("hush", "There is no need to raise your voice"),
    ],
)
def test_what_an_agent_does(kind, text):
    assert kind in kinds(agent_cues(text))


@pytest.mark.parametrize(
    "kind, text",
    [
        ("feeling", "您先不要着急"),
        ("feeling", "Please don't get upset"),
        ("feeling", "That must be the courier's number"),
        ("feeling", "You must be sure of the date"),
        ("offer", "请问有什么可以帮您处理的？"),
        ("offer", "我这边没办法修改"),
        ("ask", "您心里很着急，是吗？"),
    ],
)
def test_what_an_agent_does_not_do(kind, text):
    assert kind not in kinds(agent_cues(text))


@pytest.mark.parametrize(
    "text, said, restates",
    [
        ("洗衣机周一送到，门是坏的，对吧？", "洗衣机是周一送到的，一开箱门就是坏的", True),
        ("是这个订单，对吧？", "洗衣机是周一送到的，一开箱门就是坏的", False),
        ("好，五通電話，其他都對，是嗎？", "打了四通電話\n不對啦，是打了五通", True),
        (
            "The washer came Monday with a broken door, is that right?",
            "The washer came on Monday, broken door",
            True,
        ),
        ("You are Mr Hill, is that right?", "The washer came on Monday, broken door", False),
    ],
)
def test_a_checking_question_says_back_only_the_customers_own_words(text, said, restates):
    assert ("restate" in kinds(agent_cues(text, said))) == restates


def test_every_sample_phrase_of_calming_does_what_its_step_is_for():
    from complaint_typing.playbook import read_playbook

    expected = {
        1: {"apology", "invite"},
        3: {"restate"},
        4: {"feeling"},
        5: {"why"},
        6: {"offer"},
        7: {"prevent"},
    }
    for step in read_playbook()["deescalate"].steps:
        for say in (step.say_zh, step.say_en):
            assert expected.get(step.number, set()) <= kinds(agent_cues(say)), say


@given(
    st.text(max_size=40)
    | st.lists(st.sampled_from(["對", "，", "骗子", "ＯＫ", " ", "😤", "!"])).map("".join)
)
def test_places_are_those_of_the_words_as_written(text):
    for found, table in ((customer_cues(text), CUSTOMER), (agent_cues(text), AGENT)):
        for cue in found:
            assert text[cue.start : cue.end] == cue.words != ""
            assert cue.kind in {*table, "tell", "ask"}
        assert len(kinds(found)) == len(found)


def test_every_kind_is_named():
    assert {*CUSTOMER, *AGENT, *ATTACK} - {"check"} <= {*CUE_NAMES}


@pytest.mark.parametrize(
    "text, short", [("", True), ("[图片]", True), ("退钱！快点！", True), ("为什么到现在还没人来", False)]
)
def test_short_turns(text, short):
    assert is_short(text) == short


def test_the_same_words():
    assert same_words("REFUND!!", "refund.")
    assert not same_words("退钱", "退货")
    assert not same_words("？", "！")
