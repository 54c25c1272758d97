"""The model card: every figure that was measured, none that was not, and the plain words on its limits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from complaint_typing.model_card import SHOWN_FIGURES, interval, model_card
from complaint_typing.validation import judge

INFO = {"n_tickets": 13_647, "n_collections": 26, "n_ngrams": 65_536}


@pytest.fixture(scope="module")
def figures(model, corpus):
    return judge(model, corpus)


@pytest.fixture(scope="module")
def card(model, figures):
    return model_card(replace(model, info=INFO), figures)


def rows(card: str) -> dict[str, list[str]]:
    lines = [line.strip("| ").split(" | ") for line in card.splitlines() if line.startswith("|")]
    return {line[0]: line[1:] for line in lines}


def test_every_figure_that_was_measured_stands_in_it_with_its_interval(card, figures):
    shown = rows(card)
    measured = [name for name in SHOWN_FIGURES if figures.get(name)]
    assert len(measured) >= 5
    for name in measured:
        assert shown[SHOWN_FIGURES[name]] == [interval(figures[name])]
    assert shown["macro-F1 of the emotional mode"] == [f"{figures['mode_macro_f1']:.3f}"]
    signal = figures["signal_f1"]["senior"]
    assert shown[f"F1 of the signal `senior` ({signal['n']} tickets)"] == [f"{signal['f1']:.3f}"]


def test_every_type_has_its_row(card, figures):
    for name, type_ in figures["per_type"].items():
        expected = [str(type_["n"]), *(f"{type_[k]:.3f}" for k in ("precision", "recall", "f1"))]
        assert rows(card)[f"`{name}`"] == expected


def test_counts_and_limits_are_told(card, model):
    assert "13647 labelled tickets of 26 collections, 65536 n-grams" in card
    assert f"{len(model.bias)} outputs" in card
    assert "synthetic" in card
    assert "no real customers" in card
    assert "**Not for**" in card


def test_what_was_not_measured_is_left_out(model, figures):
    unmeasured = {name: figures[name] for name in ("n", "per_type", "accuracy")}
    unmeasured |= {"macro_f1": None, "precision_when_decided": None}
    unmeasured["per_type"] = {"venting": {"n": 0, "precision": None, "recall": None, "f1": None}}
    card = model_card(replace(model, info=INFO), unmeasured)
    assert SHOWN_FIGURES["accuracy"] in rows(card)
    for absent in ("macro-F1", "precision when decided", "F1 of the signal", "None", "nan"):
        assert absent not in card
    assert "| `venting` | 0 |  |  |  |" in card
