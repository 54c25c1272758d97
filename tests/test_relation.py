"""The four relation states of source 004: given where the inputs tell them, never guessed."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaint_typing.advisor import load
from complaint_typing.relation import relation_state
from complaint_typing.taxonomy import read_taxonomy

MODES = read_taxonomy().modes
SCORES = st.integers(1, 5)
REPLIES = st.sampled_from(["", "  ", "抱歉，马上处理", "We apologise.", "Not our business.", "按规定办"])


@pytest.mark.parametrize(
    "mode, satisfaction, reply, state",
    [
        ("rational", 5, "", "at_ease"),
        ("emotional", 4, "您好", "at_ease"),
        ("attack", 5, "感谢您的理解", ""),
        ("rational", 3, "抱歉", ""),
        ("rational", 1, "抱歉", "hidden_dissatisfaction"),
        ("rational", 2, "", "hidden_dissatisfaction"),
        ("emotional", 2, "非常抱歉，马上处理", "courtesy_not_accepted"),
        ("emotional", 2, "對不起", "courtesy_not_accepted"),
        ("emotional", 2, "Already answered.", "open_tension"),
        ("attack", 1, "We apologise for this.", "courtesy_not_accepted"),
        ("attack", 1, "THANK YOU for writing.", "courtesy_not_accepted"),
        ("attack", 1, "This is not our business.", "open_tension"),
        ("emotional", 3, "This is not our business.", ""),
    ],
)
def test_the_four_states(mode, satisfaction, reply, state):
    assert relation_state(mode, satisfaction, reply) == state


@pytest.mark.parametrize(
    "mode, satisfaction, state",
    [
        ("rational", 0, "hidden_dissatisfaction"),
        ("rational", 3, "hidden_dissatisfaction"),
        ("rational", 4, "at_ease"),
        ("emotional", 0, ""),
        ("attack", 0, ""),
    ],
)
def test_a_calm_quick_return_hides_dissatisfaction_unless_a_score_says_otherwise(mode, satisfaction, state):
    assert relation_state(mode, satisfaction, "", quick_return=True) == state


@given(mode=st.sampled_from(MODES), reply=REPLIES)
def test_without_a_score_or_a_return_nothing_is_guessed(mode, reply):
    assert relation_state(mode, 0, reply) == ""


@given(satisfaction=SCORES, reply=REPLIES, back=st.booleans())
def test_without_a_mode_nothing_is_guessed(satisfaction, reply, back):
    assert relation_state("", satisfaction, reply, back) == ""


@given(mode=st.sampled_from(["attack", "emotional"]), satisfaction=st.integers(0, 3), back=st.booleans())
def test_without_a_reply_courtesy_and_tension_are_not_told_apart(mode, satisfaction, back):
    assert relation_state(mode, satisfaction, " ", back) == ""


@given(mode=st.sampled_from(MODES), satisfaction=st.integers(0, 5), reply=REPLIES, back=st.booleans())
def test_states_are_those_of_the_taxonomy(mode, satisfaction, reply, back):
    assert relation_state(mode, satisfaction, reply, back) in ("", *read_taxonomy().ids("relation_state"))


@given(mode=st.sampled_from(MODES), satisfaction=st.integers(1, 2), back=st.booleans())
def test_a_dissatisfied_customer_is_never_at_ease(mode, satisfaction, back):
    assert relation_state(mode, satisfaction, "thank you", back) != "at_ease"


TICKET = {
    "ticket_id": "2",
    "customer_id": "c",
    "text": "您好，空调还是不制冷，请安排师傅周四下午再来看一下，谢谢。",
    "created_at": "2026-03-10 09:00",
    "category": "aircon",
}


@pytest.mark.parametrize(
    "category, resolved_at, state",
    [
        ("aircon", "2026-03-05 12:00", "hidden_dissatisfaction"),
        ("aircon", "2026-03-01 12:00", ""),
        ("aircon", None, ""),
        ("bill", "2026-03-05 12:00", ""),
        ("", "2026-03-05 12:00", ""),
    ],
)
def test_the_advisor_sees_a_quick_return_in_the_history(category, resolved_at, state):
    earlier = {"ticket_id": "1", "created_at": "2026-02-01", "category": category, "resolved_at": resolved_at}
    advice = load().advise(TICKET, [earlier])
    assert advice.emotional_mode == "rational"
    assert advice.relation_state == state


def test_one_ticket_and_a_table_of_tickets_agree_on_the_relation():
    earlier = {**TICKET, "ticket_id": "1", "created_at": "2026-02-01", "resolved_at": "2026-03-05"}
    frame = pd.DataFrame([earlier, TICKET])
    assert load().score(frame)["relation_state"].tolist() == ["", "hidden_dissatisfaction"]
