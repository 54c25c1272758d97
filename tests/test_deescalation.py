"""The way from attack to reason: stages move only as the rules say, whatever is said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaint_typing.conversation_cues import ATTACK, CUE_NAMES, Cue
from complaint_typing.deescalation import MOVES, STAGES, Stand, answered, heard, next_step
from complaint_typing.playbook import read_playbook

CUSTOMERS = [
    *ATTACK,
    "model_attack",
    "upset",
    "outcry",
    "press",
    "assent",
    "correct",
    "refuse",
    "accept",
    "tell",
]
AGENTS = ["apology", "invite", "restate", "feeling", "why", "ask", "wish", "offer", "prevent", "hush"]
TEXTS = [
    "退钱！",
    "快点",
    "嗯",
    "约好周一上午来装，等到下午没有人来",
    "Just do it",
    "It was thrown over my fence on Tuesday",
]


def cues(*kinds):
    return tuple(Cue(kind) for kind in kinds)


TURNS = st.lists(
    st.tuples(st.just("customer"), st.sets(st.sampled_from(CUSTOMERS), max_size=3), st.sampled_from(TEXTS))
    | st.tuples(st.just("agent"), st.sets(st.sampled_from(AGENTS), max_size=3), st.just("")),
    max_size=14,
)


def followed(turns):
    """Each turn with the stand before and after it, and its moves."""
    stand, steps = Stand(), []
    for role, kinds, text in turns:
        shown = cues(*sorted(kinds))
        now, moves = heard(stand, text, shown) if role == "customer" else answered(stand, shown)
        steps.append((role, kinds, stand, now, moves))
        stand = now
    return steps


def place(stand):
    return STAGES.index(stand.stage)


@given(TURNS)
def test_a_stage_rises_one_step_at_a_time_and_only_by_the_customer(turns):
    for role, _, before, now, _ in followed(turns):
        if before.stage:
            assert place(now) - place(before) <= (1 if role == "customer" else 0)
        if role == "agent":
            assert (now.stage, now.agreed) == (before.stage, before.agreed)


@given(TURNS)
def test_an_attack_leads_to_attack_and_voids_both_agreements(turns):
    for role, kinds, _, now, _ in followed(turns):
        if role == "customer" and kinds & {*ATTACK, "model_attack"}:
            assert (now.stage, now.missing, now.earned) == ("attack", ("facts", "feeling"), False)


@given(TURNS)
def test_an_agreement_is_a_yes_to_what_the_agent_asked(turns):
    for role, kinds, before, now, moves in followed(turns):
        gained = now.agreed - before.agreed
        if gained:
            assert role == "customer"
            assert "assent" in kinds
            assert "correct" not in kinds
            assert gained < {"facts", "feeling"}
            assert gained <= before.asked
            assert moves[0] == f"agrees_{next(iter(gained))}"


@given(TURNS)
def test_stages_fall_for_a_reason(turns):
    for _, kinds, before, now, moves in followed(turns):
        if before.stage and place(now) < place(before):
            assert {"attacks", "upset", "not_earned", "silent"} & {*moves}
            if "not_earned" in moves:
                assert before.missing
                assert place(before) - place(now) == 1
                assert now.silent or (before.offered and "refuse" in kinds)


@given(TURNS)
def test_an_earned_stage_is_not_lost_by_turning_an_offer_down(turns):
    for role, kinds, before, now, _ in followed(turns):
        calm = not kinds & {*ATTACK, "model_attack", "upset", "outcry"} and not now.silent
        if role == "customer" and before.stage and before.earned and calm:
            assert place(now) >= place(before)


@given(TURNS)
def test_who_never_attacked_owes_nothing(turns):
    attacked = False
    for role, kinds, _, now, _ in followed(turns):
        attacked |= role == "customer" and bool(kinds & {*ATTACK, "model_attack"})
        assert now.attacked == attacked
        assert now.earned or attacked


@given(TURNS)
def test_the_same_turns_give_the_same_stands_and_every_move_has_a_sentence(turns):
    steps = followed(turns)
    assert steps == followed(turns)
    assert {move for *_, moves in steps for move in moves} <= {*MOVES}
    assert all(zh and en for zh, en in MOVES.values())


@given(TURNS)
def test_every_step_exists_and_none_is_skipped_before_the_agreements(turns):
    for _, _, _, now, _ in followed(turns):
        step = next_step(now)
        assert 0 <= step <= len(read_playbook()["deescalate"].steps)
        if now.missing:
            assert step not in (5, 6, 7)
            assert step or now.settled


RAGE = Stand("attack", "attack", attacked=True)


@pytest.mark.parametrize(
    "stand, step",
    [
        (Stand(), 0),
        (Stand("rational"), 0),
        (Stand("emotional", "emotional"), 0),
        (Stand("emotional", "emotional", done=frozenset({"apology"})), 5),
        (RAGE, 1),
        (Stand("attack", "attack", attacked=True, done=frozenset({"apology"})), 2),
        (Stand("attack", "attack", attacked=True, told=True, done=frozenset({"apology"})), 3),
        (Stand("attack", "attack", attacked=True, attacks=3, done=frozenset({"apology"})), 8),
        (
            Stand(
                "emotional",
                "attack",
                frozenset({"facts"}),
                attacked=True,
                told=True,
                done=frozenset({"invite"}),
            ),
            4,
        ),
        (Stand("rational", "attack", attacked=True, settled=True), 0),
        (Stand("rational", silent=True), 2),
    ],
)
def test_the_next_step(stand, step):
    assert next_step(stand) == step


def test_the_first_yes_counts_for_the_facts_when_both_were_asked_at_once():
    asked, _ = answered(RAGE, cues("restate", "feeling"))
    now, moves = heard(asked, "对。", cues("assent"))
    assert now.missing == ("feeling",)
    assert moves == ("agrees_facts", "calmer")


def test_an_apology_counts_once_but_a_new_attack_asks_for_a_new_invitation():
    invited, _ = answered(RAGE, cues("invite"))
    calmer, _ = heard(invited, TEXTS[3], cues("tell"))
    again, _ = heard(calmer, TEXTS[3], cues("insult"))
    assert next_step(again) == 1
    sorry, _ = answered(again, cues("apology"))
    calmer, _ = heard(sorry, TEXTS[3], cues("tell"))
    third, _ = heard(calmer, TEXTS[3], cues("insult"))
    assert next_step(third) == 3


def test_every_cue_has_a_name_in_both_languages():
    assert all(zh and en for zh, en in CUE_NAMES.values())
