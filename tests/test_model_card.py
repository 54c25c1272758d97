"""The model card says what the model's info says: every figure that was measured, none that was not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from complaint_typing.artifact import load_model, save_model
from complaint_typing.calibration import fit_calibrated
from complaint_typing.errors import ArtifactError
from complaint_typing.fitting import Recipe
from complaint_typing.labels import labelled_frame
from complaint_typing.measured import measure
from complaint_typing.model_card import SHOWN_FIGURES, interval, model_card
from complaint_typing.resources import data_path
from complaint_typing.taxonomy import read_taxonomy

COUNTS = {"n_tickets": 13_647, "n_collections": 26, "n_ngrams": 65_536}


@pytest.fixture(scope="module")
def measured(corpus):
    tickets = corpus.assign(language="en", genre=["form", "chat"] * (len(corpus) // 2))
    data = labelled_frame(tickets, read_taxonomy())
    model, out_of_fold = fit_calibrated(data, Recipe(), 3)
    return model, *measure(model, out_of_fold, data, tickets)


@pytest.fixture(scope="module")
def info(measured):
    return COUNTS | measured[2]


@pytest.fixture(scope="module")
def card(measured, info):
    return model_card(replace(measured[0], info=info))


def rows(card: str) -> dict[str, list[str]]:
    lines = [line.strip("| ").split(" | ") for line in card.splitlines() if line.startswith("|")]
    return {line[0]: line[1:] for line in lines}


def test_what_is_kept_is_what_was_measured(measured):
    _, figures, kept = measured
    for name in ("accuracy", "macro_f1", "expected_calibration_error"):
        assert kept["figures"][name]["value"] == pytest.approx(figures[name]["value"], abs=5e-5)
    form, chat = (kept["parts"]["genre"][name] for name in ("form", "chat"))
    assert form["n"] + chat["n"] == figures["n"]
    both = (form["n"] * form["accuracy"] + chat["n"] * chat["accuracy"]) / figures["n"]
    assert both == pytest.approx(figures["accuracy"]["value"], abs=1e-3)
    assert kept["parts"]["language"]["en"]["accuracy"] == kept["figures"]["accuracy"]["value"]
    points = [p for p in kept["operating_points"] if p["tickets"] == "all"]
    assert [p["stated"] for p in points] == [0.9, 0.95]
    assert points[0]["coverage"] >= points[1]["coverage"]


def test_every_figure_that_was_measured_stands_in_it_with_its_interval(card, info):
    figures, shown = info["figures"], rows(card)
    there = [name for name in SHOWN_FIGURES if figures.get(name)]
    assert len(there) >= 5
    for name in there:
        assert shown[SHOWN_FIGURES[name]] == [interval(figures[name])]
    assert shown["macro-F1 of the emotional mode"] == [f"{figures['mode_macro_f1']:.3f}"]
    signal = figures["signal_f1"]["senior"]
    assert shown[f"F1 of the signal `senior` ({signal['n']} tickets)"] == [f"{signal['f1']:.3f}"]


def test_every_type_part_and_audit_has_its_row(card, info):
    shown = rows(card)
    for name, type_ in info["figures"]["per_type"].items():
        told = [type_[key] for key in ("precision", "recall", "f1")]
        expected = ["" if value is None else f"{value:.3f}" for value in told]
        assert f"| `{name}` | {type_['n']} | {' | '.join(expected)} |" in card
    for part in info["parts"].values():
        for name, p in part.items():
            assert f"| {name} | {p['n']} | {p['accuracy']:.3f} | {p['macro_f1']:.3f} |" in card
    for one in info["parity"]:
        assert shown[one["conversion"].replace("_", " ")][:2] == [str(one["changed"]), str(one["same_type"])]
    for name, row in info["shortcuts"].items():
        assert f"| {name} | {row['touched']} | {row['moved']} |" in card
    assert f"the type moves in {info['fairness']['moved']} tickets" in card
    assert f"{info['people_first']['typed']} tickets typed so" in card


def test_counts_and_limits_are_told(card, measured):
    assert "13647 labelled tickets of 26 collections, 65536 n-grams" in card
    assert f"{len(measured[0].bias)} outputs" in card
    assert "synthetic" in card
    assert "no\nreal customers" in card
    assert "**Not for**" in card


def test_what_was_not_measured_is_left_out(model):
    figures = {"n": 0, "per_type": {"venting": {"n": 0, "precision": None, "recall": None, "f1": None}}}
    figures |= {"macro_f1": None, "precision_when_decided": None}
    figures["accuracy"] = {"value": 0.5, "low": 0.4, "high": 0.6}
    card = model_card(replace(model, info=COUNTS | {"figures": figures}))
    assert SHOWN_FIGURES["accuracy"] in rows(card)
    for absent in ("macro-F1", "precision when decided", "F1 of the signal", "None", "nan", "Fairness\n"):
        assert absent not in card
    assert "| `venting` | 0 |  |  |  |" in card
    bare = model_card(replace(model, info={}))
    assert "## Limits" in bare
    assert "| " not in bare


def test_the_card_of_a_loaded_model_is_the_one_that_was_written_when_it_was_trained(measured, info, tmp_path):
    trained = replace(measured[0], info=info)
    written = model_card(trained)
    assert written.index("| language |") < written.index("| genre |")
    assert written.index("| handles |") < written.index("| brands |") < written.rindex("| all |")
    assert model_card(save_model(trained, tmp_path / "model", written)) == written


@pytest.mark.parametrize("odd", [{"figures": 3}, {"parts": [1]}, {"people_first": {"a": 1}}, {"data": 3}])
def test_what_training_did_not_write_is_an_error_of_the_model(model, odd):
    with pytest.raises(ArtifactError, match="not as this version writes it"):
        model_card(replace(model, info=odd))


def test_the_page_and_the_card_in_its_folder_are_the_shipped_models_card():
    page = Path(__file__).parent.parent / "docs" / "model_card.md"
    card = model_card(load_model(data_path("model")))
    assert page.read_text(encoding="utf-8") == card
    assert (data_path("model") / "MODEL_CARD.md").read_text(encoding="utf-8") == card
