from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaint_typing.facts import FACTS
from complaint_typing.spoken import NOTHING, SPOKEN
from complaint_typing.workbench.cause_words import FEWEST_CUSTOMERS, FEWEST_TICKETS, EvidenceWords
from complaint_typing.workbench.common_words import is_telling, without_titled_names

SIX = list("abcdef")


def found(evidence: list[str], customers: list[str], names=(), here=None) -> list[str]:
    words = EvidenceWords(evidence, customers, names)
    return [c.words for c in words.candidates(np.ones(len(evidence), bool) if here is None else here)]


def test_a_word_needs_five_tickets_of_three_customers():
    assert found(["late parcel"] * 5, list("abcab")) == ["late parcel"]
    assert found(["late parcel"] * 4, list("abcd")) == []
    assert found(["late parcel"] * 9, list("ababababa")) == []


def test_unknown_customers_count_as_one():
    assert found(["late parcel"] * 8, [""] * 8) == []
    assert found(["late parcel"] * 6, ["", "", "", "", "a", "b"]) == ["late parcel"]


def test_the_rule_holds_for_each_group_by_itself():
    here = np.array([True] * 4 + [False] * 6)
    assert found(["late parcel"] * 10, list("abcdefghij"), here=here) == []
    assert found(["late parcel"] * 10, list("abcdefghij"), here=~here) == ["late parcel"]


def test_words_within_evidence_of_both_languages_are_counted_across_tickets():
    evidence = [
        "快递一直没到; 退款",
        "说快递没到",
        "我的快递没到呢",
        "快递没到",
        "快递没到了; wrong size",
    ] * 2
    assert found(evidence, [*SIX, "g", "h", "i", "j"])[0] == "快递没到"


def test_history_facts_are_no_causes():
    phrases = [phrase.format(n="3") for fact in FACTS for phrase in (fact.zh, fact.en)]
    assert found(["; ".join(phrases)] * 6, SIX) == []


@pytest.mark.parametrize("lang", SPOKEN)
def test_that_no_word_stands_out_is_no_cause(lang):
    assert found([NOTHING[lang]] * 6, SIX) == []


@pytest.mark.parametrize(
    "private",
    [
        "138-0013-8000",
        "ring me on 07700 900123",
        "write to chen.li@example.com",
        "11010519491231002X",
        "4111 1111 1111 1111",
    ],
)
def test_numbers_and_addresses_never_stand_among_the_words(private):
    assert not [w for w in found([private] * 6, SIX) if any(c.isdigit() or c == "@" for c in w)]
    assert "chen" not in " ".join(found([private] * 6, SIX))


@pytest.mark.parametrize(
    ("evidence", "names"),
    [
        ("Sarah at the desk", []),
        ("sarah was rude", ["Sarah Jones"]),
        ("态度差王小明", ["王小明"]),
        ("小明态度差", ["王小明"]),
        ("Mr Smith shouted", []),
        ("小杨师傅迟到", []),
        ("找李经理", []),
    ],
)
def test_people_are_not_named(evidence, names):
    words = " ".join(found([evidence] * 6, SIX, names)).casefold()
    assert not [name for name in ("sarah", "小明", "王小", "smith", "杨师", "李经") if name in words]


def test_words_that_are_clearly_commoner_here_are_marked_and_lead():
    evidence = ["router broken; refund"] * 30 + ["refund"] * 60
    words = EvidenceWords(evidence, [f"c{i}" for i in range(90)])
    leading = words.candidates(np.arange(90) < 30)
    assert [(c.words, c.tickets, c.customers, c.clearly) for c in leading] == [
        ("router broken", 30, 30, True),
        ("refund", 30, 30, False),
    ]
    assert leading[0].share_elsewhere == 0
    assert leading[1].share_here == leading[1].share_elsewhere == 1


def test_chance_is_hardly_ever_taken_for_a_cause():
    random = np.random.default_rng(0)
    vocabulary = [a + b + "ow" for a in "bcdfghjklm" for b in "aeiou"]
    marked = 0
    for _ in range(40):
        evidence = ["; ".join(random.choice(vocabulary, 3)) for _ in range(300)]
        words = EvidenceWords(evidence, [str(i) for i in range(300)])
        marked += any(c.clearly for c in words.candidates(random.random(300) < 0.3))
    assert marked <= 4


@given(st.lists(st.tuples(st.text("ab不快递没; ", max_size=8), st.sampled_from("pqrs")), max_size=25))
def test_every_candidate_keeps_the_promise(rows):
    evidence, customers = [text for text, _ in rows], [customer for _, customer in rows]
    words = EvidenceWords(evidence, customers)
    for candidate in words.candidates(np.ones(len(rows), bool)):
        having = [
            c for text, c in zip(evidence, customers, strict=True) if candidate.words in text.casefold()
        ]
        assert len(having) >= candidate.tickets >= FEWEST_TICKETS
        assert len(set(having)) >= candidate.customers >= FEWEST_CUSTOMERS


def test_common_words_and_titles():
    assert not any(map(is_telling, ("the", "of refund", "你们", "的钱", "客户")))
    assert all(map(is_telling, ("refund", "refund of fees", "退款", "打不通")))
    for plain in ("the driver left", "师傅没来", "等了两小时", "老板不在"):
        assert without_titled_names(plain) == plain
