import re

import pytest

from complaint_typing.errors import PolicyError
from complaint_typing.missing_facts import FACTS_TO_KNOW
from complaint_typing.playbook import read_playbook
from complaint_typing.resources import data_path

PLAYBOOK = read_playbook()
STEPS = [pytest.param(s, step, id=f"{s.id}-{step.number}") for s in PLAYBOOK.values() for step in s.steps]
HEADER = "strategy_id,strategy_zh,strategy_en,adverse,step,purpose_zh,purpose_en,do_zh,do_en"
HEADER += ",dont_zh,dont_en,say_zh,say_en,source"


def own(tmp_path, *rows):
    (tmp_path / "playbook.csv").write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    return tmp_path


def row(strategy="s", zh="名", en="name", adverse="0", step="1", dont=("", ""), say=("", ""), source="a.txt"):
    return ",".join([strategy, zh, en, adverse, step, "目", "p", "做", "do", *dont, *say, source])


def test_every_strategy_has_four_to_eight_steps():
    assert 14 <= len(PLAYBOOK) <= 18
    assert all(4 <= len(strategy.steps) <= 8 for strategy in PLAYBOOK.values())
    for strategy in PLAYBOOK.values():
        assert [step.number for step in strategy.steps] == list(range(1, len(strategy.steps) + 1))


@pytest.mark.parametrize("strategy, step", STEPS)
def test_every_step_is_written_in_both_languages_and_names_its_articles(strategy, step):
    for part in ("purpose", "do", "dont", "say"):
        assert re.search("[\u4e00-\u9fff]", step.text(part, "zh"))
        assert step.text(part, "en").isascii()
    assert all(re.fullmatch(r"00[0-4]_[0-9a-f]{16}\.txt", name) for name in step.source.split(";"))


@pytest.mark.parametrize("id", [id for id in PLAYBOOK if id != "boundary"])
def test_the_apology_comes_first_without_but_or_because(id):
    first = PLAYBOOK[id].steps[0]
    assert re.search("抱歉|道歉", first.say_zh)
    assert re.search("sorry|apologise", first.say_en)
    assert not re.search("但是|不过|因为|可是|其实", first.say_zh)
    assert not re.search(r"\b(but|because|however|though)\b", first.say_en)


@pytest.mark.parametrize("strategy, step", STEPS)
def test_sample_phrases_tell_no_particular_customers_story(strategy, step):
    zh = "扣|退款|续费|套餐|流量|手机|窗口|网点|订单|上周|公交"
    en = r"\b(refund|payment|renewal|card|phone|plan|bill|desk|order|bus|broken)\b"
    assert not re.search(zh, step.say_zh)
    assert not re.search(en, step.say_en, re.IGNORECASE)


def test_who_asks_for_nothing_is_thanked_before_any_apology():
    first = PLAYBOOK["read_as_new"].steps[0]
    assert first.say_zh.index("谢谢") < first.say_zh.index("抱歉")
    assert first.say_en.index("Thank") < first.say_en.index("sorry")


def test_a_boundary_is_first_read_by_a_person_and_then_begins_with_courtesy():
    reader, courtesy = PLAYBOOK["boundary"].steps[:2]
    assert "person" in reader.purpose_en
    assert "sorry" in courtesy.say_en


@pytest.mark.parametrize("id", [id for id, strategy in PLAYBOOK.items() if not strategy.adverse])
def test_the_follow_up_asks_its_last_question(id):
    assert any("anything else" in step.do_en and "还有" in step.do_zh for step in PLAYBOOK[id].steps)


def test_goodwill_is_offered_only_after_the_problem_itself_is_solved():
    steps = PLAYBOOK["goodwill_after_fix"].steps
    solved = next(step.number for step in steps if "problem itself is solved" in step.do_en)
    checked = next(step.number for step in steps if "screening" in step.do_en)
    offered = [step.number for step in steps if "[goodwill]" in step.say_en or "[心意补偿]" in step.say_zh]
    assert solved < checked < min(offered)


@pytest.mark.parametrize("id", [id for id in PLAYBOOK if id != "goodwill_after_fix"])
def test_no_other_strategy_offers_goodwill(id):
    assert not any("心意补偿" in step.say_zh or "goodwill" in step.say_en for step in PLAYBOOK[id].steps)


def test_the_refusal_ladder_keeps_its_order_and_ends_with_telling_the_superior():
    rungs = [
        "facts",
        "expectations",
        "Soothe",
        "reason",
        "amends",
        "superior or expert",
        "End the call",
        "Tell the",
    ]
    for rung, step in zip(rungs, PLAYBOOK["refusal"].steps, strict=True):
        assert rung in step.purpose_en


def test_calming_waits_for_two_agreements_before_anything_is_proposed():
    purposes = [step.purpose_en for step in PLAYBOOK["deescalate"].steps]
    first, second = (next(i for i, p in enumerate(purposes) if f"{n} yes" in p) for n in ("first", "second"))
    assert first < second < next(i for i, p in enumerate(purposes) if "choices" in p)


def test_adverse_strategies_are_those_that_turn_down():
    assert {id for id, strategy in PLAYBOOK.items() if strategy.adverse} == {"refusal", "boundary"}


@pytest.mark.parametrize(
    "rows, place, message",
    [
        ([row(adverse="yes")], (2, "adverse"), "not a switch"),
        ([row(step="0")], (2, "step"), "not a step number"),
        ([row(), row(step="3")], (3, "step"), "step 2 of strategy s expected"),
        ([row(), row()], (3, "step"), "step 2 of strategy s expected"),
        ([row(), row(step="2", en="other")], (3, "strategy_en"), "differs from row 2"),
        ([row(), row(step="2", adverse="1")], (3, "adverse"), "differs from row 2"),
        ([row(say=("说", ""))], (2, "say_en"), "empty while say_zh is not"),
        ([row(dont=("", "no"))], (2, "dont_zh"), "empty while dont_en is not"),
        ([row(source="")], (2, "source"), "empty"),
        ([row(zh="")], (2, "strategy_zh"), "empty"),
    ],
)
def test_faults_name_the_cell(tmp_path, rows, place, message):
    with pytest.raises(PolicyError, match=message) as caught:
        read_playbook(own(tmp_path, *rows))
    assert [(fault.row, fault.column) for fault in caught.value.faults] == [place]


def test_all_faults_are_told_at_once(tmp_path):
    with pytest.raises(PolicyError, match="3 faults") as caught:
        read_playbook(own(tmp_path, row(source=""), row(step="x"), row(step="2", say=("说", ""))))
    assert [fault.row for fault in caught.value.faults] == [2, 3, 4]


def test_rows_may_stand_in_any_order_and_dont_and_say_may_be_empty(tmp_path):
    playbook = read_playbook(own(tmp_path, row(step="2", dont=("别", "no")), row("t"), row(step="1")))
    assert [step.dont_en for step in playbook["s"].steps] == ["", "no"]
    assert list(playbook) == ["s", "t"]


def test_excel_in_gb18030_loses_nothing(tmp_path):
    text = data_path("playbook.csv").read_text("utf-8-sig")
    (tmp_path / "playbook.csv").write_bytes(text.encode("gb18030"))
    assert dict(read_playbook(tmp_path)) == dict(PLAYBOOK)


def test_a_strategy_says_which_facts_it_wants_to_know(tmp_path):
    assert PLAYBOOK["restore"].asks == FACTS_TO_KNOW
    assert PLAYBOOK["let_vent"].asks == ("when", "where")
    assert PLAYBOOK["keep_company"].asks == ()
    cells = [
        f"{row(name)},{asks}" for name, asks in (("s", " where ; what"), ("t", ""), ("u", "none"), ("v", "*"))
    ]
    (tmp_path / "playbook.csv").write_text("\n".join([f"{HEADER},asks", *cells]), encoding="utf-8")
    playbook = read_playbook(tmp_path)
    assert [playbook[name].asks for name in "stuv"] == [("what", "where"), FACTS_TO_KNOW, (), FACTS_TO_KNOW]


def test_an_unknown_fact_and_steps_that_disagree_are_named(tmp_path):
    cells = [f"{row()},when;who", f"{row(step='2')},where"]
    (tmp_path / "playbook.csv").write_text("\n".join([f"{HEADER},asks", *cells]), encoding="utf-8")
    with pytest.raises(PolicyError, match="row 2, column asks: unknown fact 'who', got 'when;who'") as caught:
        read_playbook(tmp_path)
    assert "row 3, column asks: differs from row 2 of the same strategy" in str(caught.value)


def test_facts_given_in_any_row_hold_for_the_strategy_and_those_that_disagree_are_named(tmp_path):
    cells = [f"{row()},", f"{row(step='2')},where", f"{row(step='3')},"]
    (tmp_path / "playbook.csv").write_text("\n".join([f"{HEADER},asks", *cells]), encoding="utf-8")
    assert read_playbook(tmp_path)["s"].asks == ("where",)
    cells[2] += "when"
    (tmp_path / "playbook.csv").write_text("\n".join([f"{HEADER},asks", *cells]), encoding="utf-8")
    with pytest.raises(PolicyError, match="row 4, column asks: differs from row 3 of the same strategy"):
        read_playbook(tmp_path)
