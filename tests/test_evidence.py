"""Evidence quotes the ticket, strongest first, and never a long number, a link or anyone's data."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_ngrams import plain_hash

from complaint_typing.evidence import evidence_facts, fact_phrase
from complaint_typing.facts import FACTS
from complaint_typing.folding import fold_texts
from complaint_typing.masking import find_personal_data
from complaint_typing.model import Model
from complaint_typing.phrases import LONGEST_PHRASE, PHRASES, strongest_phrases
from complaint_typing.place_sums import place_sums
from complaint_typing.stacking import STACKED_NAMES, stack
from complaint_typing.ticket_texts import facts_of
from complaint_typing.word_runs import word_runs

PLANTED = [
    "13800138000",
    "138-0013-8000",
    "１３８００１３８０００",
    "11010519491231002X",
    "qzx@example.com",
    "https://qzx.example/qzx13800138000?q=1",
    "www.qzx.example/a",
    "@qzx_2291",
    "订单20260101998877",
    "5,000,000",
]
WORDS = [
    "退款",
    "请",
    "please ",
    " voucher ",
    "。",
    "！",
    " ",
    "\n\n",
    "　",
    "don't ",
    "é",
    "7",
    "😀",
    "\ud800",
    "2.5",
]


def told(model: Model, texts: list[str], type_: int = 0) -> list[list[str]]:
    block = fold_texts(texts)
    looked = model.look_up(block)
    factors = model.weigh_sums(model.sums_of(looked), facts_of(texts)).factors
    places = place_sums(model, looked, np.full(len(texts), type_))
    return strongest_phrases(
        texts, block, lambda *may: word_runs(block.padded, block.bounds, *may, places, factors)
    )


def weighing(model: Model, characters: dict[str, float]) -> Model:
    """A model that knows these characters alone, each with its weight for the first type."""
    keys = np.array([plain_hash(character, 0) for character in characters], dtype=np.uint32)
    weights = np.zeros((len(keys), model.weights.shape[1]), dtype=np.float32)
    weights[:, 0], weights[:, -1] = list(characters.values()), 1
    return replace(model, keys=keys, weights=weights)


@pytest.fixture(scope="module")
def talkative(model: Model) -> Model:
    """Every n-gram it knows speaks for the first type, so that everything quotable is quoted."""
    weights = model.weights.copy()
    weights[:, 0], weights[:, 1:-1] = 5, 0
    return replace(model, weights=weights)


PARTS = st.sampled_from(WORDS) | st.sampled_from(PLANTED).map("请{}".format)
TEXTS = st.lists(st.lists(PARTS, max_size=8).map("".join), min_size=1, max_size=5)


@given(TEXTS)
def test_phrases_are_quoted_and_nothing_private_is_among_them(talkative, texts):
    for text, phrases in zip(texts, told(talkative, texts), strict=True):
        assert len(phrases) == len(set(phrases)) <= PHRASES
        for phrase in phrases:
            assert 0 < sum(1 + (char >= "⺀") for char in phrase) <= LONGEST_PHRASE
            assert "".join(phrase.split()) in "".join(text.split())
            assert not re.search(r"\d{4}|\d\D{1,5}\d|qzx|example|@|://", phrase)
            assert not find_personal_data(phrase)


def test_the_word_inside_a_phone_number_is_not_quoted(model):
    assert told(weighing(model, {"转": 9}), ["电话010-62345678转123", "请转经理"]) == [[], ["请转经理"]]


@pytest.mark.parametrize("planted", PLANTED)
def test_nothing_private_is_quoted_between_words_that_weigh_most(model, planted):
    speaks = weighing(model, {"退": 3, "款": 3, "q": 9, "x": 9, "0": 9})
    (phrases,) = told(speaks, [f"我要退款{planted}退款"])
    assert phrases in (["我要退款"], ["我要退款订单"])


@pytest.mark.parametrize(
    "text", ["", " \n", "。！？", "😀😀", "12345678", "13800138000", "https://a.example", "\ud800"]
)
def test_where_nothing_can_be_quoted_there_is_no_evidence(talkative, text):
    assert told(talkative, [text, "please"]) == [[], ["please"]]


def test_a_chinese_phrase_is_its_clause_or_as_much_of_it_as_fits(model):
    speaks = weighing(model, {"赔": 9})
    short, longer = "我今天就要你们赔我钱", "去年冬天在北边那家店里买的东西用了三天坏了要赔我钱"
    assert told(speaks, [f"三天了。{short}！"]) == [[short]]
    assert told(speaks, [f"第2345天{longer}"]) == [[longer[1:]]]
    middle = f"第2345天{longer}吧我说了一遍又一遍真的没有一个人肯听"
    assert told(speaks, [middle]) == [["买的东西用了三天坏了要赔我钱吧我说了一遍又一遍"]]
    assert told(speaks, [f"太失望了 {short} 再见"]) == [[short]]
    assert told(speaks, ["please 赔 now"]) == [["please 赔 now"]]


def test_phrases_come_strongest_first_and_three_at_most(model):
    speaks = weighing(model, {"甲": 3, "乙": 4, "丙": 6, "丁": 3.5, "戊": 5})
    assert told(speaks, ["甲甲，天地，乙乙，天地，丙丙，天地，丁丁，天地，戊戊"]) == [
        ["丙丙", "戊戊", "乙乙"]
    ]


def test_neighbours_join_within_a_clause_for_context(model):
    speaks = weighing(model, {"甲": 4, "乙": 4, "丙": 1, "丁": -4})
    assert told(speaks, ["天甲乙，甲丙，丙，甲丁乙地"]) == [["天甲乙", "甲丙", "甲丁乙地"]]


def test_one_character_is_quoted_with_its_neighbours(model):
    speaks = weighing(model, {"甲": 4, "乙": 2.5})
    assert told(speaks, ["天甲地", "天乙乙，甲", "甲乙，乙甲乙"]) == [["天甲地"], ["天乙乙"], ["乙甲乙"]]


def test_long_phrases_end_with_a_whole_word(talkative):
    one, other = told(talkative, ["I want a voucher on top for all of my trouble and time", "voucher" * 9])
    assert one == ["I want a voucher on top for all of my trouble"]
    assert other == [("voucher" * 9)[:LONGEST_PHRASE]]


def test_a_chinese_character_takes_two_columns_of_a_phrase(talkative):
    assert told(talkative, ["请" * 30, "请请" + "l" * 50]) == [["请" * 24], ["请请" + "l" * 44]]


def test_an_english_clause_may_have_twice_as_many_letters(model):
    speaks = weighing(model, {"q": 9})
    assert told(speaks, ["quite", "queer", "so"]) == [["quite"], ["queer"], []]
    assert told(speaks, ["all is quite late\nMary Wong"])[0][0] == "all is quite late"
    assert told(speaks, ["hm, why so queer again? ok"]) == [["why so queer again"]]
    assert told(speaks, ["hm, what a day and why is this so queer, again"]) == [
        ["what a day and why is this so queer"]
    ]
    longer = "it was such a long and very tedious talk about a very queer quay"
    assert told(speaks, [f"{longer} at me"]) == [["very tedious talk about a very queer quay at me"]]
    assert (
        told(speaks, [f"{longer} at me {longer}"])[0][0] == "talk about a very queer quay at me it was such"
    )


def test_a_short_number_is_quoted_where_it_is_far_from_others(model):
    speaks = weighing(model, {"块": 9, "k": 9, "0": 9})
    assert told(speaks, ["上个月多扣了10块话费", "my 4k lamp", "in 2 weeks and 3 lks"]) == [
        ["上个月多扣了10块话费"],
        ["my 4k lamp"],
        ["in 2 weeks and 3 lks"],
    ]
    hidden = ["XXXX123块", "acct xx12 块", "微信@138 001块", "见https://a.example 12块"]
    assert told(speaks, hidden) == [["块"], ["块"], ["块"], ["块"]]
    apart = ["付了1200块钱", "付了1,2块钱", "138-001块", "１３８ ００１块", "10", "3!"]
    assert told(speaks, apart) == [["块钱"], ["块钱"], ["块"], ["块"], [], []]


def test_dates_are_quoted_whole(model):
    speaks = weighing(model, {"块": 9})
    dates = ["2026年7月10日晚上8点30分少了3块", "12月5日到1月6日扣了9块", "8月3號扣了9塊"]
    assert told(speaks, dates) == [[date] for date in dates]
    assert told(speaks, ["1380年0013块", "138块，月底0013 8000"]) == [["块"], ["块"]]


def test_words_are_quoted_whole_and_joined_over_blanks_but_not_over_a_line_break(model):
    speaks = weighing(model, {"x": 4, "w": 4})
    assert told(speaks, ["give me   extra weeks"]) == [["give me extra weeks"]]
    lines = [["give me extra", "weeks or nothing"]] * 2
    assert told(speaks, ["give me extra\nweeks or nothing", "give me extra \r\n weeks or nothing"]) == lines
    assert told(speaks, ["give me extra\rweeks or nothing", "give me extra\u2028weeks or nothing"]) == lines


def test_marks_that_hide_a_word_are_no_word(model):
    speaks = weighing(model, {"x": 9, "w": 4})
    assert told(speaks, ["We XXXX owe XX", "XXXX XXXX", "xx, tax x"]) == [["We", "owe"], [], ["tax x"]]


def test_evidence_is_what_speaks_for_this_type_against_the_others(model, corpus):
    text = "宽带坏了三天。请退还多扣的费用。"
    said = {name: "".join(told(model, [text], i)[0]) for i, name in enumerate(model.types)}
    assert "退还" in said["resolution_seeking"]
    assert "退还" not in said["venting"]


def test_what_the_last_sentence_says_is_quoted_from_there(model):
    """Only n-grams of the last sentence weigh: none of them may be laid over the beginning."""
    views = model.views(fold_texts(["I want a voucher"]))
    weights = np.zeros_like(model.weights)
    weights[:, -1] = 1
    weights[views[1].row, 0] = 5
    last_only = replace(model, weights=weights, view_scale=(0.0, 1.0))
    text = "Xxxxxxx yyyyyyy zzzzzz. I want a voucher"
    assert told(last_only, ["前一条。", text]) == [[], ["I want a voucher"]]


@given(TEXTS)
def test_each_ticket_has_its_own_evidence(talkative, texts):
    assert told(talkative, texts) == [told(talkative, [text])[0] for text in texts]


def facts_told(model, weights, past, lang="en"):
    table = np.zeros_like(model.history)
    for name, weight in weights.items():
        table[STACKED_NAMES.index(name), 0] = weight
    facts = dict(facts_of([""])) | {name: np.array([value]) for name, value in past.items()}
    return evidence_facts(replace(model, history=table), facts, stack(facts), np.array([0]), [lang])[0]


def test_facts_come_strongest_first_in_the_language_of_the_ticket(model):
    weights = {"open": 1.0, "goodwill_365d": 5.0, "goodwill_amount_365d": 0.5, "days_since_last": 2.0}
    past = {"open": 2, "goodwill_365d": 3, "goodwill_amount_365d": 1234.5, "days_since_last": 3.2}
    assert facts_told(model, weights, past) == [
        "3 goodwill payments in a year",
        "last ticket 3 days ago",
        "1234.50 goodwill paid in a year",
    ]
    assert facts_told(model, weights, past, "zh") == [
        "一年内3次善意补偿",
        "距上次来诉3天",
        "一年内善意补偿共1234.50",
    ]


def test_facts_that_hardly_weigh_or_speak_against_are_not_told(model):
    past = {"open": 1, "goodwill_365d": 1, "tickets_30d": 1}
    assert facts_told(model, {"open": 0.1, "goodwill_365d": -4, "tickets_30d": 2}, past) == [
        "1 earlier tickets in 30 days"
    ]


def test_nothing_is_told_of_an_unknown_past(model):
    assert facts_told(model, dict.fromkeys(STACKED_NAMES, 9), {}) == []


def test_an_event_that_never_happened_is_not_told(model):
    told_facts = facts_told(model, dict.fromkeys(STACKED_NAMES, 9), {"open": 1})
    assert told_facts == ["1 earlier tickets still open"]


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.name)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_fact_has_a_phrase(fact, lang):
    phrase = fact_phrase(fact.name, 12.0, lang)
    assert "{" not in phrase
    assert ("12" in phrase) == (fact.kind != "flag")
