"""Questions are asked only about what a ticket does not tell, in its language."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaint_typing import load, spoken
from complaint_typing.missing_facts import _WORDS_ZH, FACTS_TO_KNOW, QUESTIONS, missing_facts, questions

TELLING = {
    "what": ["宽带断了又断", "the soup was cold and the waiter rude"],
    "when": [
        "昨天的事",
        "上週五",
        "3月2日",
        "2026-03-02",
        "两个星期了",
        "半夜",
        "last Friday night",
        "on the 3rd",
        "at 9am",
    ],
    "where": [
        "在西门店",
        "你們櫃檯",
        "打了热线",
        "app里",
        "單號 114223344",
        "服务员不理人",
        "卸载又装了一遍",
        "at your Leeds branch",
        "in Tampa",
        "on the phone",
        "reinstalled it",
        "the waiter was rude",
    ],
    "how_bad": [
        "多扣了30元",
        "家里有老人",
        "影響上班",
        "跑了三趟",
        "厂子倒闭了",
        "房子被拆",
        "走投無路",
        "$12 gone",
        "I missed work",
        "my daughter cried",
        "cost 2,400",
        "we are homeless now",
        "still grieving",
        "facing eviction",
    ],
}
SAYINGS = st.sampled_from([saying for sayings in TELLING.values() for saying in sayings])
TEXTS = st.lists(
    SAYINGS | st.sampled_from(["太差了", "worst ever", "骗子！", "😀", "网速慢得像蜗牛"]), max_size=4
)


def test_nothing_told_everything_is_asked() -> None:
    assert missing_facts("") == FACTS_TO_KNOW
    assert missing_facts("你们太差劲了！！") == missing_facts("Worst company ever!!") == FACTS_TO_KNOW


@pytest.mark.parametrize("fact, saying", [(fact, saying) for fact in TELLING for saying in TELLING[fact]])
def test_what_is_told_is_not_asked(fact: str, saying: str) -> None:
    assert fact not in missing_facts(saying)
    assert fact not in missing_facts(f"你们太差劲了！\n{saying}\nWorst company ever")


@pytest.mark.parametrize(
    "text, lacking",
    [
        ("汉堡是冷的，薯条是软的", ("when", "where", "how_bad")),
        ("周五在西门店，汉堡是冷的", ("how_bad",)),
        ("Your driver was rude to me", ("when", "how_bad")),
        ("charged 40 pounds at the Leeds branch", ("when",)),
        ("退钱！", FACTS_TO_KNOW),
        ("I want a refund NOW", ("what", "where", "how_bad")),
    ],
)
def test_what_is_not_told_is_asked(text: str, lacking: tuple[str, ...]) -> None:
    assert missing_facts(text) == lacking


def test_traditional_characters_tell_the_same() -> None:
    pairs = [
        ("上周在门店排队，没人处理，损失五块钱", "上週在門店排隊，沒人處理，損失五塊錢"),
        ("厨房漏水，孩子摔伤", "廚房漏水，孩子摔傷"),
        ("太烂了，垃圾", "太爛了，垃圾"),
        ("电脑没有用。", "電腦沒有用。"),
        ("升级以后按钮没了", "升級以後按鈕沒了"),
        ("苹果的蓝牙连不上，我快崩溃了", "蘋果的藍牙連不上，我快崩潰了"),
        ("婴儿哭了，很担心", "嬰兒哭了，很擔心"),
        ("这周第二回", "這周第二回"),
    ]
    for simplified, traditional in pairs:
        assert missing_facts(simplified) == missing_facts(traditional)


def test_every_listed_word_tells_the_same_in_traditional_characters() -> None:
    for fact, listed in _WORDS_ZH.items():
        for word in listed.split():
            assert fact not in missing_facts(f"好 {word}")
            assert fact not in missing_facts(f"好 {spoken.traditional(word)}"), word
    assert "when" not in missing_facts("這週") + missing_facts("這周")


@given(parts=TEXTS, more=SAYINGS)
def test_telling_more_never_adds_a_question(parts: list[str], more: str) -> None:
    text = "\n".join(parts)
    assert {*missing_facts(f"{text}\n{more}")} <= {*missing_facts(text)}


@given(text=st.text(max_size=300), lang=st.sampled_from(["zh", "en"]))
def test_any_text_gets_its_questions_in_order(text: str, lang: str) -> None:
    lacking = missing_facts(text)
    assert list(lacking) == [fact for fact in FACTS_TO_KNOW if fact in lacking]
    assert questions(text, lang) == tuple(QUESTIONS[lang][fact] for fact in lacking)


@pytest.mark.parametrize("fact", FACTS_TO_KNOW)
def test_every_question_stands_in_both_languages_and_asks_one_thing(fact: str) -> None:
    zh, en = QUESTIONS["zh"][fact], QUESTIONS["en"][fact]
    assert re.search("[一-鿿]", zh)
    assert en.isascii()
    assert zh.count("？") == en.count("?") == 1


def test_a_strategy_asks_only_what_it_wants_to_know() -> None:
    assert questions("难吃", "zh", ("when",)) == (QUESTIONS["zh"]["when"],)
    assert questions("难吃", "zh", ()) == ()


def test_advice_carries_the_questions_of_its_strategy_in_the_tickets_language() -> None:
    advisor = load()
    rude = advisor.advise(text="店员当众嘲笑我，我要经理道歉")
    assert rude.strategy_id == "honour"
    assert rude.questions == (QUESTIONS["zh"]["when"],)
    assert all(question in rude.render() for question in rude.questions)
    assert rude.to_dict()["questions"] == list(rude.questions)
    english = advisor.advise(text="My router is dead, please send a new one")
    assert english.questions[0] == QUESTIONS["en"]["when"]
    chatting = advisor.policy.playbook["keep_company"]
    assert chatting.asks == ()


def test_under_attack_the_questions_wait_until_it_is_calm() -> None:
    attack = load().advise(text="你们这帮骗子，全是垃圾，滚出来！")
    assert attack.emotional_mode == "attack"
    assert "等客户平静下来再问清" in attack.render("zh")
    assert "once it is calm" in attack.render("en")
