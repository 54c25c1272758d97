"""Phrases carry a ticket over a signal's threshold, alike in a block, alone, and in the plain computation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from complaint_typing.artifact import load_model
from complaint_typing.cue_fitting import cue_hits, with_cues
from complaint_typing.cue_search import search_for
from complaint_typing.folding import fold_texts
from complaint_typing.resources import data_path
from complaint_typing.risk_signals import lowered, reported
from complaint_typing.signal_cues import cue_text, signal_cues

MODEL = load_model(data_path("model"))
KEYS = sorted({key for cues in signal_cues().values() for cue in cues for key in cue.keys})
PIECES = [
    *KEYS,
    "我要投诉",
    "please help",
    "叫你们经理来",
    "I want to speak to your manager",
    "以后再也不来了",
    "。",
    ", ",
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=6).map("".join)


@given(st.lists(st.tuples(TEXTS, st.floats(0, 1)), min_size=1, max_size=8))
@settings(max_examples=60)
def test_reported_is_what_the_plain_computation_says(tickets):
    texts = [text for text, _ in tickets]
    p = np.repeat(np.array([[q] for _, q in tickets], dtype=np.float32), len(MODEL.signals), axis=1)
    plain = with_cues(MODEL, p, cue_hits(MODEL.signals, texts))
    limits = np.array(MODEL.signal_thresholds)
    clear = np.abs(plain - limits) > 1e-6
    flags = reported(MODEL, p, texts)
    assert np.array_equal(flags[clear], (plain >= limits)[clear])
    alone = np.vstack([reported(MODEL, p[i : i + 1], texts[i : i + 1]) for i in range(len(texts))])
    assert np.array_equal(flags, alone)


@given(TEXTS)
def test_the_search_misses_no_key(text):
    search, _, cues = search_for(tuple(signal_cues()))
    (flags,) = search.may_hold(fold_texts([text])).tolist()
    held = {n for n, cue in enumerate(cues) if any(key in cue_text(text) for key in cue.keys)}
    assert held <= {n for n, may in enumerate(flags) if may}


def test_keys_are_written_as_texts_are_read():
    assert [key for key in KEYS if cue_text(key) != key] == []


@pytest.mark.parametrize(
    ("signal", "says", "says_not"),
    [
        ("senior", "I want to speak to your manager now", "the manager was friendly"),
        ("senior", "叫你们经理来跟我说", "经理人很好"),
        ("churn", "I am switching to another provider", "another coffee please"),
        ("churn", "以后再也不来了，换一家", "今天来了两次"),
        ("regulator", "我已经打12315投诉了", "单号是七位数"),
        ("regulator", "I will report you to the ombudsman", "I will report the fault tomorrow"),
        ("legal", "再不退钱就找律师起诉", "退钱就好"),
        ("legal", "see you in court", "the tennis club is closed"),
        ("media", "不解决我就找记者曝光", "我想问账单"),
        ("media", "I am going to post this on social media", "the page is slow"),
    ],
)
def test_phrases_of_each_signal(signal, says, says_not):
    def held(text: str) -> bool:
        return any(cue.found_in(cue_text(text)) for cue in signal_cues()[signal])

    assert held(says)
    assert not held(says_not)


def test_traditional_and_wide_characters_are_read_alike():
    assert [cue_text(t) for t in ("我要找１２３１５起訴", "我要找12315起诉")] == ["我要找12315起诉"] * 2


def test_a_model_without_weights_for_phrases_reports_what_the_ngrams_say():
    plain = replace(MODEL, cue_weights=())
    p = np.array([[limit, limit - 1e-3][i % 2] for i, limit in enumerate(MODEL.signal_thresholds)])[None]
    flags = reported(plain, p.astype(np.float32), ["I want to speak to your manager"])
    assert flags[0].tolist() == [i % 2 == 0 for i in range(len(MODEL.signals))]


def test_an_unreachable_threshold_stays_unreachable():
    assert float(lowered(1.1, 5.0)) == pytest.approx(1.1)
