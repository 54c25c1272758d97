import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from policy_tables import CODES, DECIDED, DOMAIN, NAMES, POLICY, SIGNALS

from complaint_typing.errors import BadValue
from complaint_typing.policy_domain import earlier_tickets_codes

ROLES = POLICY.taxonomy.ids("role")
RULES = [pytest.param(rule, id=rule.rule_id) for rule in POLICY.rules]
ROWS = st.integers(0, len(POLICY.rules) - 1)
FLAGS = st.lists(st.booleans(), min_size=len(SIGNALS), max_size=len(SIGNALS))


def test_exactly_one_row_matches_each_combination_and_decide_finds_it():
    for values, decided in zip(DOMAIN, DECIDED, strict=True):
        matching = [
            rule.rule_id
            for rule in POLICY.rules
            if all(value in rule.conditions[name] for name, value in values.items())
        ]
        assert matching == [decided.rule_id], values


def test_every_row_decides_something():
    assert {rule.rule_id for rule in DECIDED} == {rule.rule_id for rule in POLICY.rules}


@pytest.mark.parametrize("rule", RULES)
def test_texts_are_in_both_languages_and_name_their_articles(rule):
    for part in ("next_step", "rationale"):
        assert re.search("[\u4e00-\u9fff]", rule.text(part, "zh"))
        assert rule.text(part, "en").isascii()
    assert all(re.fullmatch(r"00[0-4]_[0-9a-f]{16}\.txt", name) for name in rule.source.split(";"))


def test_a_possible_abuser_is_always_for_a_person_and_bounded_only_on_a_declining_unjustified_record():
    for values, rule in zip(DOMAIN, DECIDED, strict=True):
        if values["customer_type"] == "repeat_abuser":
            assert rule.requires_human
        if rule.strategy_id == "boundary":
            assert (values["customer_type"], values["goodwill"]) == ("repeat_abuser", "decline")
            assert values["justified_before"] == values["same_fault_open"] == "no"
            assert values["earlier_tickets"] != "none"


def test_adverse_strategies_need_a_person_and_high_confidence_and_spare_the_justified():
    for values, rule in zip(DOMAIN, DECIDED, strict=True):
        if POLICY.playbook[rule.strategy_id].adverse:
            assert rule.requires_human
            assert (values["confidence"], values["justified_before"]) == ("high", "no")
            assert values["emotional_mode"] != "attack"


def test_goodwill_only_for_those_who_want_extras_screened_and_after_the_fault_is_mended():
    for values, rule in zip(DOMAIN, DECIDED, strict=True):
        if rule.goodwill_cap is not None:
            assert values["customer_type"] == "compensation_seeking"
            assert values["goodwill"] in ("clear", "review")
            assert values["same_fault_open"] == "no"
            assert values["emotional_mode"] != "attack"
            assert rule.requires_human or values["goodwill"] == "clear"
            assert rule.strategy_id == "goodwill_after_fix"


@pytest.mark.parametrize("rule", [p for p in RULES if p.values[0].goodwill_cap is not None])
def test_next_steps_mend_first_and_give_after(rule):
    mend, give = re.search("办妥", rule.next_step_zh), re.search("心意补偿|额外部分", rule.next_step_zh)
    assert mend.start() < give.start()
    mend, give = (
        re.search("[Pp]ut (the problem|this one)", rule.next_step_en),
        re.search("goodwill|extra part", rule.next_step_en),
    )
    assert mend.start() < give.start()


@pytest.mark.parametrize("rule", [p for p in RULES if p.values[0].goodwill_cap is not None])
def test_goodwill_that_may_be_given_is_told_as_an_exception(rule):
    assert "特例" in rule.next_step_zh
    assert re.search("(told|tell it) as an exception", rule.next_step_en)


@pytest.mark.parametrize("rule", RULES)
def test_no_row_speaks_of_giving_extras_before_the_problem_itself(rule):
    mended = {
        "zh": "办妥|应得的|查实|修好|问题办好",
        "en": "(?i)put (the problem|this one)|what is owed|establish this|mend the fault|having it solved",
    }
    given = {
        "zh": "(?<!不谈)(?<!不谈任何)(?<!不给)(?<!也不给)(心意补偿|补偿|额外)(?!的不给)",
        "en": "(?i)(?<!no talk of )(?<!no )(?<!nothing )(?<!none of )(goodwill|compensation|gesture|extra)",
    }
    for lang in ("zh", "en"):
        text = rule.text("next_step", lang)
        first = re.search(given[lang], text)
        assert not first or re.search(mended[lang], text[: first.start()]), text


def test_the_same_fault_open_again_gets_an_owner_and_is_escalated():
    for values, rule in zip(DOMAIN, DECIDED, strict=True):
        if values["same_fault_open"] == "yes":
            assert rule.strategy_id == "appoint_owner"
            assert rule.escalate_to in ("process_owner", "senior_manager")


def test_an_attack_is_calmed_first_and_answered_by_a_person():
    for values, rule in zip(DOMAIN, DECIDED, strict=True):
        attack = values["emotional_mode"] == "attack"
        assert rule.next_step_zh.startswith("先降温") == attack
        assert rule.next_step_en.startswith("Calm first") == attack
        assert rule.requires_human or not attack


def test_at_medium_confidence_a_question_confirms_the_type_first():
    for values, rule in zip(DOMAIN, DECIDED, strict=True):
        calm = values["emotional_mode"] != "attack" and values["same_fault_open"] == "no"
        typed = values["customer_type"] in POLICY.taxonomy.types
        if calm and typed and values["confidence"] == "medium":
            assert "确认" in rule.next_step_zh
            assert "confirm" in rule.next_step_en.lower()


def test_undetermined_and_doubtful_customers_are_asked_for_their_purpose():
    for values, rule in zip(DOMAIN, DECIDED, strict=True):
        unsure = values["customer_type"] == "undetermined" or (
            values["confidence"] == "low" and values["customer_type"] != "unfamiliar"
        )
        if unsure and values["same_fault_open"] == "no":
            assert rule.strategy_id in ("ask_purpose", "deescalate")


def test_the_unfamiliar_is_read_by_a_person_and_recorded():
    for values, rule in zip(DOMAIN, DECIDED, strict=True):
        if values["customer_type"] == "unfamiliar":
            assert rule.requires_human
            assert "新类型" in rule.next_step_zh
            assert "possible new type" in rule.next_step_en


def test_the_shipped_policy_has_no_findings():
    assert POLICY.check() == []


# Deciding


def test_unknown_goodwill_is_read_as_review():
    codes = np.array(CODES)
    as_review = codes[codes[:, NAMES.index("goodwill")] == 1]
    as_unknown = as_review.copy()
    as_unknown[:, NAMES.index("goodwill")] = 3
    assert np.array_equal(POLICY.decide(as_unknown), POLICY.decide(as_review))
    values = DOMAIN[0]
    assert POLICY.decide_one(**values | {"goodwill": "unknown"}) == POLICY.decide_one(
        **values | {"goodwill": "review"}
    )


@given(values=st.sampled_from(DOMAIN))
def test_decide_one_agrees_with_decide(values):
    codes = [[POLICY.conditions[name].index(values[name]) for name in NAMES]]
    assert POLICY.decide_one(**values) is POLICY.rules[POLICY.decide(codes)[0]]


@pytest.mark.parametrize("bad", [-1, 99])
@pytest.mark.parametrize("position", range(len(NAMES)))
def test_codes_that_stand_for_nothing_are_refused(position, bad):
    codes = np.zeros((3, len(NAMES)), int)
    codes[1, position] = bad
    with pytest.raises(BadValue, match=f"column {NAMES[position]}: not a code from 0 to .*, got '{bad}'"):
        POLICY.decide(codes)


def test_codes_of_another_shape_are_refused():
    with pytest.raises(BadValue, match="column codes: not of shape"):
        POLICY.decide(np.zeros((3, 4), int))


def test_no_tickets_no_rows():
    assert POLICY.decide(np.zeros((0, len(NAMES)), int)).tolist() == []


def test_decide_one_refuses_unknown_names_and_gaps():
    with pytest.raises(BadValue, match="column mood: not a condition"):
        POLICY.decide_one(**DOMAIN[0], mood="bad")
    with pytest.raises(BadValue, match="column goodwill: not a value of this condition, got ''"):
        POLICY.decide_one(**{name: value for name, value in DOMAIN[0].items() if name != "goodwill"})


def test_bands_of_earlier_tickets():
    bands = [POLICY.conditions["earlier_tickets"][code] for code in earlier_tickets_codes([0, 1, 2, 3, 9])]
    assert bands == ["none", "some", "some", "many", "many"]


# Risk rules


@given(row=ROWS, flags=FLAGS)
def test_the_most_cautious_wins(row, flags):
    rule = POLICY.rules[row]
    present = [signal for signal, flag in zip(SIGNALS, flags, strict=True) if flag]
    outcome = POLICY.outcome_of(rule, present)
    fired = [risk for risk in POLICY.risk_rules if risk.signal in present]
    parts = [rule, *fired]
    assert outcome.rule_ids == tuple(part.rule_id for part in parts)
    ranks = [ROLES.index(part.escalate_to) for part in parts if part.escalate_to]
    assert (ROLES.index(outcome.escalate_to) if outcome.escalate_to else -1) == max(ranks, default=-1)
    days = [part.follow_up_days for part in parts if part.follow_up_days is not None]
    assert outcome.follow_up_days == min(days, default=None)
    assert outcome.requires_human == any(part.requires_human for part in parts)
    assert (outcome.strategy_id, outcome.goodwill_cap) == (rule.strategy_id, rule.goodwill_cap)
    for lang in ("zh", "en"):
        assert outcome.next_step(lang).endswith(rule.text("next_step", lang))
        assert all(getattr(risk, f"warning_{lang}") in outcome.next_step(lang) for risk in fired)


@given(tickets=st.lists(st.tuples(ROWS, FLAGS), min_size=1, max_size=20))
def test_many_tickets_are_combined_like_one(tickets):
    rows, flags = zip(*tickets, strict=True)
    masks = np.array(flags) @ (1 << np.arange(len(SIGNALS)))
    outcomes, index = POLICY.combine_masks(np.array(rows), masks)
    assert len(set(map(id, outcomes))) == len(outcomes)
    for position, (row, flag) in enumerate(tickets):
        present = [signal for signal, there in zip(SIGNALS, flag, strict=True) if there]
        assert outcomes[index[position]] == POLICY.outcome_of(POLICY.rules[row], present)


def test_the_gravest_warning_comes_first():
    outcome = POLICY.outcome_of(POLICY.rules[0], SIGNALS)
    safety = next(risk for risk in POLICY.risk_rules if risk.signal == "safety")
    assert outcome.warnings_en[0] == safety.warning_en
    assert outcome.next_step("zh").startswith(safety.warning_zh)


def test_every_signal_but_leaving_brings_in_a_person():
    assert {risk.signal for risk in POLICY.risk_rules if risk.requires_human} == {*SIGNALS} - {"churn"}
