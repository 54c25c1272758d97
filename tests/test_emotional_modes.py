"""Words move the emotional mode, alike in a block, alone, compiled, and in the plain computation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import complaint_typing as ct
from complaint_typing.artifact import load_model, save_model
from complaint_typing.cue_search import beginnings, held_cues
from complaint_typing.emotional_modes import decided_mode, decided_modes
from complaint_typing.errors import ArtifactError
from complaint_typing.fast import kernel_for, use_kernel
from complaint_typing.folding import as_text, fold_texts
from complaint_typing.mode_fitting import fit_modes
from complaint_typing.model import Scores
from complaint_typing.one_cues import CueReader
from complaint_typing.resources import data_path
from complaint_typing.signal_cues import mode_cues
from complaint_typing.taxonomy import read_taxonomy

MODEL = load_model(data_path("model"))
KEYS = sorted({key for cue in mode_cues().values() for key in cue.keys})
TEXTS = st.lists(st.sampled_from([*KEYS, "退款", " please help ", "!", "。", " ", "or", "else"]), max_size=6)
READER = CueReader(MODEL.signals)


def plainly(text: str) -> list[int]:
    """The places of the cues whose keys' beginnings stand in a folded text."""
    folded = as_text(fold_texts([text]).padded)
    cues = enumerate(mode_cues().values())
    return [n for n, cue in cues if any(begin in folded for begin in beginnings(cue.keys))]


@given(st.lists(TEXTS.map("".join), min_size=1, max_size=6))
@settings(max_examples=60)
def test_words_are_found_alike_in_a_block_compiled_and_alone(texts):
    expected = [plainly(text) for text in texts]
    for compiled in (False, True):
        use_kernel(compiled)
        held = held_cues(MODEL.signals, fold_texts(texts)).modes
        assert [np.flatnonzero(row).tolist() for row in held] == expected
    use_kernel(True)
    for kernel in (None, kernel_for(0)):
        held = [READER.held(fold_texts([text]), kernel) for text in texts]
        assert [list(READER.places_of_modes(bits)) for bits in held] == expected
    use_kernel(None)


@given(TEXTS.map("".join), st.integers(0, 2), st.floats(0.34, 1))
@settings(max_examples=60)
def test_a_mode_is_decided_alike_in_a_block_and_alone(text, mode, p):
    n = len(MODEL.types)
    modes = np.full((1, 3), (1 - p) / 2, dtype=np.float32)
    modes[0, mode] = p
    types = np.full((1, n), 1 / n, dtype=np.float32)
    held = held_cues(MODEL.signals, fold_texts([text])).modes
    scores = Scores(types, modes, np.zeros((1, 7), np.float32), np.zeros(1, np.float32))
    places = np.flatnonzero(held[0]).tolist()
    assert decided_modes(MODEL, scores, held).tolist() == [decided_mode(MODEL, modes[0], types[0], places)]


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("You lying idiots, you crooks, I will make sure you regret this!!", "attack"),
        ("你们这群骗子，不要脸的东西，等着瞧，我跟你们没完！", "attack"),
        ("您好，请问这个月的账单为什么多了两元？谢谢。", "rational"),
        ("Dear team, could you please tell me which tariff I am on? Kind regards", "rational"),
    ],
)
def test_clear_words_give_the_mode(text, mode):
    assert ct.load().advise(text=text).emotional_mode == mode


def test_a_mode_that_is_certain_stays():
    certain = np.array([[0, 1, 0]], dtype=np.float32)
    scores = Scores(np.ones((1, len(MODEL.types)), np.float32), certain, certain, certain[:, 0])
    assert decided_modes(MODEL, scores, np.ones((1, len(mode_cues())), dtype=bool)).tolist() == [1]


def test_a_model_without_weights_says_what_its_ngrams_say():
    plain, held = replace(MODEL, mode_weights=()), np.ones((1, len(mode_cues())), dtype=bool)
    modes = np.array([[0.2, 0.5, 0.3]], dtype=np.float32)
    scores = Scores(modes, modes, modes, modes[:, 0])
    assert decided_modes(plain, scores, held).tolist() == [1]
    assert decided_mode(plain, modes[0], modes[0], list(range(5))) == 1


def test_types_that_need_a_past_say_nothing_of_the_mode():
    for weights in MODEL.mode_weights:
        assert [weights[1 + place] for place in MODEL.gated_places.tolist()] == [0.0]
    assert len(MODEL.mode_weights) == len(MODEL.modes) == len(read_taxonomy().modes)


def test_weights_are_learned_where_words_tell_more_than_ngrams():
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, 600)
    held = np.column_stack([y == 1, rng.random(600) < 0.5])
    modes = rng.dirichlet([5, 5], 600).astype(np.float32)
    modes = np.where(
        (modes.argmax(1) == y)[:, None] | (rng.random(600) < 0.5)[:, None], modes, modes[:, ::-1]
    )
    scores = Scores(np.full((600, 2), 0.5, np.float32), modes, modes, modes[:, 0])
    weights = np.array(fit_modes(scores, held, y))
    assert weights[1, 3] - weights[0, 3] > 3 * abs(weights[1, 4] - weights[0, 4])
    assert fit_modes(Scores(*(part[:30] for part in scores)), held[:30], y[:30]) == ()


def test_keys_are_written_as_they_are_found():
    assert [key for key in KEYS if [key] != beginnings([key])] == []


@pytest.mark.parametrize(
    "text",
    [
        *("you lost my parcel", "my watch stopped", "you have charged me twice", "I don't know why"),
        *("it took three hours", "no staff at the desk", "the memory stick is missing", "Does anybody know"),
        *(
            "手机进水了能修吗",
            "我的機車在停車場被刮",
            "麻烦帮我查一下",
            "我等着用这笔钱",
            "小区的垃圾没人清运",
        ),
        *("空调标的是低能耗", "我儿子是智障人士，能减免吗", "我父亲眼瞎，看不到短信", "谢谢这家良心商家"),
    ],
)
def test_plain_words_are_no_words_of_anger(text):
    calm = {"polite", "pleading"}
    names = [*mode_cues()]
    assert {names[place] for place in READER.places_of_modes(READER.held(fold_texts([text])))} <= calm


@pytest.mark.parametrize(
    "weights", [((0.0,) * 40,) * 3, ((0.0,) * 3,) * 3, ((0.0,) * 10,) * 2, ((float("nan"),) * 10,) * 3]
)
def test_weights_of_another_shape_are_refused(tmp_path, weights):
    with pytest.raises(ArtifactError, match="is not as this version writes it"):
        save_model(replace(MODEL, mode_weights=weights), tmp_path / "model")
