"""Hidden cues are gone and nothing else; what leans on them, or on one genre, is named."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from complaint_typing.artifact import load_model
from complaint_typing.errors import MissingColumns
from complaint_typing.folding import fold_texts
from complaint_typing.resources import data_path
from complaint_typing.ticket_texts import facts_of
from complaint_typing.workbench.cues import lonely_cues
from complaint_typing.workbench.shortcuts import (
    HIDING,
    audit_shortcuts,
    hidden_moves,
    hide_all,
    hide_brands,
    hide_channels,
    hide_handles,
    hide_numbers,
)


@pytest.mark.parametrize(
    ("hide", "text", "left"),
    [
        (hide_handles, "@acme_help my bag", " my bag"),
        (hide_handles, "write to me", "write to me"),
        (hide_numbers, "单号1234567890，退50元", "单号，退50元"),
        (hide_numbers, "case CS-20240101 of 2024, 12 days", "case  of 2024, 12 days"),
        (hide_brands, "我在京东买的，not jdAmazonia but amazon", "我在买的，not jdAmazonia but "),
        (hide_channels, "打了12345和热线，by email", "打了和，by "),
        (hide_all, "@x 京东12345 order 99887766", "   order "),
    ],
)
def test_a_cue_is_hidden_and_nothing_else(hide, text, left):
    assert hide(text).split() == left.split()


def tickets(corpus):
    half = corpus[corpus["customer_type"] != "none"].reset_index(drop=True)
    tagged = np.where(half["customer_type"] == "venting", "@acme ", "") + half["text"]
    return half.assign(text=tagged, genre=np.where(half.index % 2, "tweet", "form"))


def test_a_model_that_leans_on_handles_is_found_out(corpus):
    shipped, found = load_model(data_path("model")), tickets(corpus)
    plain = audit_shortcuts(shipped, found)
    assert [m.hidden for m in plain.masked if m.group == "all"] == list(HIDING)
    assert {m.group for m in plain.masked} == {"all", "tweet", "form"}
    assert [m for m in plain.masked if m.hidden == "brands" and m.touched] == []
    at, blank = (set(shipped.views(fold_texts([text]))[0].row.tolist()) for text in ("@", ""))
    weights, venting = shipped.weights.copy(), shipped.types.index("venting")
    weights[:, venting] = -5
    weights[list(at - blank), venting] = 5000
    leaning = audit_shortcuts(replace(shipped, weights=weights), found)
    assert ("handles", "all") in [(m.hidden, m.group) for m in leaning.notable]
    handles = next(m for m in leaning.masked if (m.hidden, m.group) == ("handles", "all"))
    assert handles.touched == (found["customer_type"] == "venting").sum()
    assert handles.moved > 0
    assert leaning.loss(handles) == pytest.approx(leaning.masked[0].accuracy - handles.accuracy)
    told = leaning.to_dict()
    assert ["handles", "all"] in told["notable"]


def test_moves_are_counted_without_labels(model):
    texts = ["@acme 宽带坏了三天。", "宽带坏了三天。"]
    assert hidden_moves(model, texts, facts_of(texts), "handles") == {"touched": 1, "moved": 0}
    assert hidden_moves(model, texts, facts_of(texts), "brands") == {"touched": 0, "moved": 0}


def test_labels_are_needed(model, corpus):
    with pytest.raises(MissingColumns, match="no column found for: customer_type"):
        audit_shortcuts(model, corpus[["text"]])


def test_a_cue_of_one_genre_is_named_with_what_it_speaks_for(model):
    texts = ["老规矩，再送我一个月。"] * 10 + ["宽带坏了三天。"] * 10 + ["我在你们店里买的灯不亮。"] * 10
    groups = np.repeat(["chat", "form", "letter"], 10)
    place = model.types.index("venting")
    weights = model.weights.copy()
    hits = model.views(fold_texts(["老规矩"]))[0]
    weights[hits.row, place] += 50
    found = lonely_cues(replace(model, weights=weights), texts, groups)
    assert found[0].group == "chat"
    assert found[0].type == "venting"
    assert set(found[0].text) <= set("老规矩,再送 ")
    assert (found[0].share, found[0].tickets) == (1.0, 10)
    assert lonely_cues(model, texts, np.repeat(["chat", "form"], [20, 10])) == [
        cue for cue in lonely_cues(model, texts, np.repeat(["chat", "form"], [20, 10])) if cue.group == "form"
    ]
    for cue in found:
        assert len(cue.text.strip()) >= 2
        assert not any(cue.text in other.text for other in found if other is not cue)


def test_personal_data_in_a_genre_is_masked_and_genres_stay_apart(model, corpus):
    tickets = corpus.head(200).copy()
    phones = ["138-0013-8000", "138-0014-7000", ""]
    tickets["genre"] = tickets["collection"] = [phones[i % 3] for i in range(len(tickets))]
    report = audit_shortcuts(model, tickets)
    assert {row.group for row in report.masked} == {"all", "[phone …00]", "[phone …00] #2"}
    assert "138-00" not in str(report.to_dict())
