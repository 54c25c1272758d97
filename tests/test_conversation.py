"""Talks turn by turn: composed dialogues with the stage after each turn, and what a turn tells."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaint_typing import conversation
from complaint_typing.advisor import Advisor, load
from complaint_typing.conversation import Conversation
from complaint_typing.errors import BadValue
from complaint_typing.policy import PolicyTable
from complaint_typing.taxonomy import read_table, read_taxonomy, write_table

BOTH = ("facts", "feeling")


@pytest.fixture(scope="module")
def advisor(model):
    return Advisor(model, PolicyTable.read())


@pytest.fixture
def by_words_alone(monkeypatch):
    """Stages by words alone, so that the dialogues below hold for any model."""
    monkeypatch.setattr(conversation, "MODEL_SAYS", 2.0)


# (who, words, stage after it, what is missing after it, step of `deescalate` that comes next or 0)
DIALOGUES = {
    "earned, zh": [
        ("c", "你们这群骗子！退钱！", "attack", BOTH, 1),
        ("a", "让您气成这样，抱歉。您从头说，我在这儿听。", "attack", BOTH, 2),
        ("c", "约的周一上午来装，我请了一天假，等到下午没人来。", "emotional", BOTH, 3),
        ("a", "我重复一遍：约的周一上午，您等到下午没人来。这样对不对？", "emotional", BOTH, 3),
        ("c", "对。", "emotional", ("feeling",), 4),
        ("a", "请了一天假白等一场，心里一定很着急，是吗？", "emotional", ("feeling",), 4),
        ("c", "能不急吗。", "emotional", (), 5),
        ("a", "家里等着用，今天就得装上，不能再拖，是这个意思吧？", "emotional", (), 6),
        ("c", "家里有八十岁的老人，没热水洗不了澡。", "rational", (), 0),
        ("a", "我打算这样：现在派人，两小时内到；或者明天一早第一家，您看呢？", "rational", (), 0),
        ("c", "不行，明天太晚了，就今天。", "rational", (), 0),
        ("c", "好的，谢谢。", "rational", (), 0),
    ],
    "earned, en": [
        ("c", "You people are useless. Liars!", "attack", BOTH, 1),
        ("a", "I'm sorry. Please tell me what happened, I'm listening.", "attack", BOTH, 2),
        (
            "c",
            "The parcel was thrown over my fence on Tuesday and the vase is in pieces.",
            "emotional",
            BOTH,
            3,
        ),
        (
            "a",
            "Let me repeat it: it was thrown over the fence on Tuesday and broke. Correct?",
            "emotional",
            BOTH,
            3,
        ),
        ("c", "Yes, that's right.", "emotional", ("feeling",), 4),
        ("a", "That must have been upsetting.", "emotional", ("feeling",), 4),
        ("c", "It was.", "emotional", (), 5),
        ("a", "I can see why it matters to you so much.", "emotional", (), 6),
        ("c", "It was meant for my mother's birthday on Saturday.", "rational", (), 0),
        ("a", "I'll send a new one by courier, or would you prefer the money back?", "rational", (), 0),
        ("c", "No, that's not good enough, Friday at the latest.", "rational", (), 0),
    ],
    "not earned: a voucher too early, then another attack": [
        ("c", "骗子公司，垃圾！", "attack", BOTH, 1),
        ("a", "抱歉，您先说说怎么回事。", "attack", BOTH, 2),
        ("c", "上周三下的单，说是现货，到今天还没发出来。", "emotional", BOTH, 3),
        ("a", "我们可以给您一张十元的券，您看可以吗？", "emotional", BOTH, 3),
        ("c", "不要，没用。", "attack", BOTH, 3),
        ("a", "我复述一遍：上周三下的单，说是现货，到今天还没发，对吗？", "attack", BOTH, 3),
        ("c", "对。", "emotional", ("feeling",), 4),
        ("a", "等了这么多天，您心里很失望，是吗？", "emotional", ("feeling",), 4),
        ("c", "废话！你们就是一群强盗！", "attack", BOTH, 3),
    ],
    "not earned: reason falls back to feeling": [
        ("c", "Are you stupid? Last warning.", "attack", BOTH, 1),
        ("a", "I'm sorry, go on.", "attack", BOTH, 2),
        ("c", "The boiler has been dead since Monday and we have a baby in the house.", "emotional", BOTH, 3),
        ("c", "The engineer came on Tuesday and left without a word.", "rational", BOTH, 3),
        ("a", "We can offer you a discount.", "rational", BOTH, 3),
        ("c", "I don't want that, it's no deal.", "emotional", BOTH, 3),
    ],
    "the customer corrects: no agreement, no fall": [
        ("c", "你们算什么东西！约好周一来，没人来，我白等一天！", "attack", BOTH, 1),
        ("a", "抱歉。我复述一遍：约的是周二，对吗？", "attack", BOTH, 3),
        ("c", "不对，是周一。", "attack", BOTH, 3),
        ("a", "是我记错了。我再重复一遍：约的周一，没人来，您等了一天，对吗？", "attack", BOTH, 3),
        ("c", "是的。", "emotional", ("feeling",), 4),
    ],
    "who only presses is invited to tell, zh": [
        ("c", "退钱！", "rational", (), 0),
        ("a", "请问是哪个订单？", "rational", (), 0),
        ("c", "快点！", "emotional", (), 2),
        ("a", "是今天早上的事，还是昨天就开始了？", "emotional", (), 2),
        ("c", "赶紧退！", "emotional", (), 2),
        ("a", "您慢慢说，我在记。", "emotional", (), 2),
        ("c", "昨天下午买的电饭锅，插上电就冒烟，不敢再用了。", "rational", (), 0),
    ],
    "who only presses is invited to tell, en": [
        ("c", "Refund now!", "rational", (), 0),
        ("a", "Which order is it, please?", "rational", (), 0),
        ("c", "REFUND NOW", "emotional", (), 2),
    ],
    "abuse that goes on: the line is kept": [
        ("c", "滚！", "attack", BOTH, 1),
        ("a", "抱歉，您说，我听着。", "attack", BOTH, 2),
        ("c", "一群废物！", "attack", BOTH, 2),
        ("a", "我在听，您慢慢说。", "attack", BOTH, 2),
        ("c", "闭嘴，让你们领导滚出来！", "attack", BOTH, 8),
    ],
    "feeling without attack owes no agreements": [
        ("c", "等了五天还没到，我真的很着急，孩子等着用。", "emotional", (), 0),
        ("a", "让您久等，抱歉。", "emotional", (), 5),
        ("c", "周六孩子过生日，周五之前一定要到。", "rational", (), 0),
    ],
    "new feeling after both agreements": [
        ("c", "你們這群騙子！禮拜一約好沒人來！", "attack", BOTH, 1),
        ("a", "抱歉。我重复一遍：约的周一，没人来，对吗？", "attack", BOTH, 3),
        ("c", "對。", "emotional", ("feeling",), 4),
        ("a", "您心里很失望，是吗？", "emotional", ("feeling",), 4),
        ("c", "是的。", "emotional", (), 5),
        ("c", "那你們禮拜二上午十點來一趟，我在家等。", "rational", (), 0),
        ("c", "想起來還是太過分了，我真的很委屈！", "emotional", ("feeling",), 4),
    ],
    "calm all along": [
        ("c", "您好，请问这个月的账单为什么多了十五元？", "rational", (), 0),
        ("a", "您好，我帮您查一下，是来电名片的费用。", "rational", (), 0),
        ("c", "哦，对，是我自己开的，谢谢。", "rational", (), 0),
        ("c", "没有别的事了", "rational", (), 0),
    ],
}


@pytest.mark.usefixtures("by_words_alone")
@pytest.mark.parametrize("turns", DIALOGUES.values(), ids=DIALOGUES)
def test_composed_dialogues(advisor, turns):
    talk = Conversation(advisor)
    for who, text, stage, missing, step in turns:
        turn = talk.add("customer" if who == "c" else "agent", text)
        assert (turn.stage, turn.missing, turn.earned) == (stage, missing, not missing), text
        calming = turn.step if turn.strategy_id == "deescalate" else 0
        assert calming == step, text
        assert turn.advice.emotional_mode == stage


def test_a_turn_says_which_words_moved_it(advisor):
    turn = Conversation(advisor).add("customer", "今天第三次了，你们这群骗子！")
    insult = next(cue for cue in turn.cues if cue.kind == "insult")
    assert turn.text[insult.start : insult.end] == insult.words == "这群骗子"
    assert "辱骂“这群骗子”" in turn.why("zh")
    assert "insult “这群骗子”" in turn.why("en")


@pytest.mark.parametrize("mode", ["attack", "emotional"])
def test_a_turn_says_which_probability_moved_it(advisor, monkeypatch, mode):
    text = "You have had three weeks for this and nothing at all has happened."
    modes = np.array([[0.9 if name == mode else 0.05 for name in advisor.model.modes]], dtype=np.float32)
    score = type(advisor.model).score
    monkeypatch.setattr(
        type(advisor.model), "score", lambda self, *given: score(self, *given)._replace(modes=modes)
    )
    turn = Conversation(advisor).add("customer", text)
    assert (turn.stage, turn.cues[-1].kind) == (mode, f"model_{mode}")
    assert turn.cues[-1].probability == pytest.approx(0.9)
    assert "90%" in turn.why()
    assert Conversation(advisor).add("customer", "Still nothing.").stage == "rational"


def test_the_type_follows_the_talk_and_the_recent_words_weigh_more(advisor):
    talk = Conversation(advisor)
    first = talk.add("customer", "上个月的账单不对。请退还多扣的费用。")
    assert first.advice.top_type == "resolution_seeking"
    talk.add("agent", "已经给您退了。")
    for _ in range(2):
        last = talk.add("customer", "那你们给我送点礼品补偿一下，我费了这么多工夫。")
    assert last.advice.top_type == "compensation_seeking"
    changed = [turn.type_before for turn in talk.turns if turn.type_before]
    assert changed
    both = "\n".join(turn.text for turn in talk.turns if turn.role == "customer")
    alone = advisor.advise(text=both).probabilities["compensation_seeking"]
    assert last.advice.probabilities["compensation_seeking"] > alone
    assert sum(last.advice.probabilities.values()) == pytest.approx(1, abs=1e-5)


def test_who_is_lonely_has_company_and_no_urgent_matter():
    talk = Conversation(load())
    talk.add("customer", "姑娘你别急着挂，我就是想跟人说说话。老伴走了，屋里就我一个人。")
    talk.add("agent", "您慢慢说，我听着呢。")
    turn = talk.add("customer", "一想起老伴我就难受，晚上一个人睡不着，就想找人说说话。")
    assert (turn.stage, turn.customer_type) == ("emotional", "companionship_seeking")
    assert turn.strategy_id == "keep_company"


def test_danger_and_threats_are_told_when_they_come_up():
    talk = Conversation(load())
    first = talk.add("customer", "再不处理我就从你们楼上跳下去。")
    talk.add("agent", "您慢慢说，我听着。")
    second = talk.add("customer", "我还要找记者曝光你们。")
    assert [len(turn.alerts) for turn in talk.turns] == [1, 0, 1]
    assert "  风险：人身安全\n  注意：人身安全第一" in first.render()
    assert "上报：安全负责人 · 今天就回访 · 须由人决定" in first.render()
    assert "公共关系" in second.alerts[0] in second.to_dict()["alerts"]


def test_mere_answers_do_not_change_the_type(advisor):
    talk = Conversation(advisor)
    told = talk.add("customer", "上个月的账单不对。请退还多扣的费用。")
    talk.add("agent", "您是说多扣了费用，对吗？")
    for answer in ("对。", "好的，谢谢", "没有别的事了"):
        assert talk.add("customer", answer).advice.probabilities == told.advice.probabilities


@pytest.mark.parametrize("greeting", ["你好", "[链接]", "Hello"])
def test_a_greeting_is_not_an_unfamiliar_type(advisor, greeting):
    assert Conversation(advisor).add("customer", greeting).customer_type != "unfamiliar"


def test_the_history_closes_or_opens_the_abuse_gate_as_for_a_ticket(advisor):
    past = [
        {
            "created_at": f"2026-0{month}-01",
            "resolved_at": f"2026-0{month}-02",
            "fault_found": "no",
            "compensation": 20,
        }
        for month in (1, 2, 3, 4)
    ]
    words = "老规矩，再送我一个月。"
    new = Conversation(advisor).add("customer", words, "2026-05-01")
    known = Conversation(advisor, past).add("customer", words, "2026-05-01")
    assert new.advice.probabilities["repeat_abuser"] == 0
    assert known.advice.probabilities["repeat_abuser"] > 0
    before = Conversation(advisor, past).add("customer", words, "2025-12-01")
    assert before.advice.probabilities["repeat_abuser"] == 0


def test_phrases_are_in_the_customers_language_or_the_one_asked_for(advisor):
    en, zh = "You are all liars!", "你们这群骗子！"
    assert "sorry" in Conversation(advisor).add("customer", en).say()
    assert "抱歉" in Conversation(advisor).add("customer", zh).say()
    assert "sorry" in Conversation(advisor, lang="en").add("customer", zh).say()
    assert "抱歉" in Conversation(advisor).add("customer", en).say("zh")


def test_before_the_customer_speaks_nothing_is_guessed(advisor):
    turn = Conversation(advisor).add("agent", "您好，请问有什么可以帮您？")
    assert (turn.stage, turn.customer_type, turn.strategy_id, turn.step) == ("", "", "", 0)
    assert (turn.advice, turn.say(), turn.language) == (None, "", "zh")
    assert "还没有开口" in turn.render()
    assert "has not spoken" in turn.render("en")


def test_the_page_shows_stage_reason_type_and_next_step_and_masks_personal_data(advisor):
    talk = Conversation(advisor)
    page = talk.add("customer", "你们这群骗子！打我13812345678，退钱！").render()
    assert "13812345678" not in page
    for part in ("攻击模式", "还缺", "辱骂", "类型：", "下一步 [先降温 1]", "例如说：", "不要："):
        assert part in page
    asked = talk.add("agent", "抱歉。我重复一遍：要退钱，对不对？")
    assert asked.waiting_for == "facts"
    assert "先停下" in asked.render()
    assert "wait for the yes to the facts" in asked.render("en")
    hushed = talk.add("agent", "请您冷静，我们可以给您一张券。")
    assert hushed.moves == ("too_early", "hushed")


def test_turns_are_ready_for_json(advisor):
    talk = Conversation(advisor)
    talk.add("agent", "Hello!")
    talk.add("customer", "Nobody listens to me, I want an apology. Liars!", at="2026-05-01 10:00")
    first, second = (json.loads(json.dumps(turn.to_dict())) for turn in talk.turns)
    assert first.keys() == second.keys()
    assert first["customer_type"] == "" != second["customer_type"]
    assert second["at"] == 1777629600
    assert second["stage"] in read_taxonomy().modes
    assert {"kind", "start", "end", "words", "probability"} == second["cues"][0].keys()


@pytest.mark.parametrize(
    "given, sentence",
    [
        ({"role": "boss", "text": "hi"}, "role: not a role of a talk, got 'boss'; use customer or agent"),
        ({"role": "agent", "text": " \n"}, "leave out turns without words"),
        ({"role": "agent", "text": "hi", "at": "soon"}, "at: not a time, got 'soon'"),
    ],
)
def test_what_is_no_turn_is_refused_and_leaves_the_talk_as_it_was(advisor, given, sentence):
    talk = Conversation(advisor)
    with pytest.raises(BadValue, match=sentence):
        talk.add(**given)
    assert talk.turns == ()


def test_a_language_without_texts_is_refused(advisor):
    with pytest.raises(BadValue, match="use zh, zh-Hant or en"):
        Conversation(advisor, lang="fr")


def test_a_playbook_without_the_way_is_refused(advisor, tmp_path):
    advisor.policy.export(tmp_path)
    rows = read_table(tmp_path / "playbook.csv", ["strategy_id", "step"])
    kept = [(n, row) for n, row in rows if row["strategy_id"] != "deescalate" or int(row["step"]) <= 4]
    write_table(tmp_path / "playbook.csv", replace(rows, numbered_rows=tuple(kept)))
    short = Advisor(advisor.model, PolicyTable.read(tmp_path))
    with pytest.raises(BadValue, match="not the 8 steps of deescalate, got '4 steps'; copy the rows"):
        Conversation(short)


WORDS = st.sampled_from(
    [
        ("customer", "你们这群骗子！"),
        ("customer", "对。"),
        ("customer", "不要，没用。"),
        ("customer", "上周三下的单，到今天还没发货。"),
        ("customer", "我真的很委屈"),
        ("customer", "退钱！"),
        ("customer", "Thank you, that's all."),
        ("agent", "抱歉，您慢慢说。"),
        ("agent", "我重复一遍：上周三下的单，没发货，对吗？"),
        ("agent", "您心里很着急，是吗？"),
        ("agent", "We can offer you a voucher."),
    ]
)


@given(turns=st.lists(WORDS, max_size=8), cut=st.integers(0, 8))
def test_the_same_turns_give_the_same_result_and_later_ones_change_nothing(model, turns, cut):
    shared = Advisor(model, PolicyTable.read())
    whole, again, begun = Conversation(shared), Conversation(shared), Conversation(shared)
    for turn in turns:
        whole.add(*turn)
    for turn in turns:
        again.add(*turn)
    for turn in turns[:cut]:
        begun.add(*turn)
    assert whole.turns == again.turns
    assert begun.turns == whole.turns[:cut]
    assert [turn.number for turn in whole.turns] == list(range(1, len(turns) + 1))


def test_half_characters_of_a_turn_are_replaced(advisor):
    turn = Conversation(advisor).add("customer", "Where is my refund \ud83d?")
    assert turn.text == "Where is my refund \ufffd?"
    assert json.dumps(turn.to_dict(), ensure_ascii=False).encode()
