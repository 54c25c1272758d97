"""A model folder comes back as it was saved, or is refused with a reason; nothing in it ever runs."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from model_folders import FILES, rewritten

from complaint_typing import Advisor, AdvisorHandle, PolicyTable, load
from complaint_typing.artifact import CARD, MANIFEST, PROTOCOL, as_stored, load_model, save_model
from complaint_typing.errors import ArtifactError
from complaint_typing.gate import GATE_FACTS
from complaint_typing.own_terms import taxonomy_of
from complaint_typing.ticket_texts import facts_of


def contents(model) -> dict[str, object]:
    return {f.name: getattr(model, f.name) for f in fields(model) if f.name != "version"}


def assert_same(one, other):
    for (name, a), b in zip(contents(one).items(), contents(other).values(), strict=True):
        if isinstance(a, np.ndarray):
            assert (a.dtype, a.tobytes()) == (b.dtype, b.tobytes()), name
        else:
            assert a == b, name


def test_what_is_loaded_is_what_was_saved(model, saved, corpus):
    loaded = load_model(saved)
    assert_same(loaded, replace(model, info=loaded.info))
    assert loaded.info == {"n_tickets": 3, "note": "退款"}
    texts = corpus["text"].tolist()
    for a, b in zip(model.score(texts, facts_of(corpus)), loaded.score(texts, facts_of(corpus)), strict=True):
        assert a.tobytes() == b.tobytes()


def test_saving_returns_the_model_as_it_will_be_loaded(model, tmp_path):
    returned = save_model(model, tmp_path / "m")
    assert_same(returned, load_model(tmp_path / "m"))
    assert returned.version == load_model(tmp_path / "m").version != model.version


def test_weights_are_rounded_once(model, tmp_path):
    rough = replace(model, weights=model.weights + np.float32(1e-5) * np.pi)
    rounded = as_stored(rough)
    assert not np.array_equal(rounded.weights, rough.weights)
    assert_same(as_stored(rounded), rounded)
    assert_same(save_model(rough, tmp_path / "m"), rounded)


def test_the_same_content_has_the_same_version_and_bytes(model, saved, tmp_path):
    again = save_model(load_model(saved), tmp_path / "again", card="another card")
    assert again.version == load_model(saved).version
    for name in FILES:
        assert (tmp_path / "again" / name).read_bytes() == (saved / name).read_bytes()


@pytest.mark.parametrize(
    "change",
    [
        {"temperature": 1.5},
        {"info": {"n_tickets": 4}},
        {"gated": ("repeat_abuser", "venting")},
        {"gate_weights": (1.0, -2.0, *[0.5] * len(GATE_FACTS))},
        {"usual_known_share": 0.25},
        {"view_scale": (1.0, 0.5)},
    ],
)
def test_other_content_has_another_version(model, saved, tmp_path, change):
    other = save_model(replace(load_model(saved), **change), tmp_path / "other")
    assert other.version != load_model(saved).version


def test_nobody_is_judged_by_a_model_without_the_abuse_gate(copy, model, tmp_path):
    rewritten(copy, gated=[])
    with pytest.raises(
        ArtifactError, match="types people as repeat_abuser without the abuse gate; train again"
    ):
        load(copy)
    with pytest.raises(ArtifactError, match="without the abuse gate"):
        load_model(copy)
    free = load_model(copy, to_compare=True)
    assert free.gated == ()
    with pytest.raises(ArtifactError, match="without the abuse gate"):
        Advisor(free, PolicyTable.read())
    with pytest.raises(ArtifactError, match="without the abuse gate"):
        AdvisorHandle().swap(model=copy)
    with pytest.raises(ArtifactError, match="without the abuse gate"):
        save_model(replace(model, gated=()), tmp_path / "never")
    assert not (tmp_path / "never").exists()


def test_types_that_need_no_history_need_no_gate(copy, model):
    others = [name.replace("repeat_abuser", "asks_twice") for name in model.types]
    assert load_model(rewritten(copy, types=others, gated=[])).gated == ()


def test_the_card_is_kept_beside_the_arrays_and_is_no_part_of_the_version(saved, copy):
    assert (saved / CARD).read_text(encoding="utf-8") == "# 模型\n"
    (copy / CARD).write_text("changed", encoding="utf-8")
    assert load_model(copy).version == load_model(saved).version


def test_a_model_that_cannot_be_stored_leaves_the_old_one_in_place(model, copy):
    before = load_model(copy).version
    for weights in (model.weights * np.float32(np.nan), np.full_like(model.weights, 1e9)):
        with pytest.raises(ArtifactError, match=r"weights.* not finite"):
            save_model(replace(model, weights=weights), copy)
        assert load_model(copy).version == before


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(copy, name):
    (copy / name).unlink()
    with pytest.raises(ArtifactError, match=f"{name} is missing; train again"):
        load_model(copy)


@pytest.mark.parametrize("protocol", [PROTOCOL + 1, 99, 1e999, -1e999, 0, None, "1", "newest", [1]])
def test_another_protocol_is_refused(copy, protocol):
    with pytest.raises(ArtifactError, match=r"protocol|cannot be read"):
        load_model(rewritten(copy, protocol=protocol))


def test_a_newer_protocol_says_what_to_do_whatever_else_it_changed(copy):
    with pytest.raises(
        ArtifactError, match=f"it has protocol {PROTOCOL + 1}, this version reads up to {PROTOCOL}; upgrade"
    ):
        load_model(rewritten(copy, protocol=PROTOCOL + 1))
    (copy / MANIFEST).write_text(f'{{"protocol": {PROTOCOL + 1}, "tables": []}}')
    with pytest.raises(
        ArtifactError, match=f"it has protocol {PROTOCOL + 1}, this version reads up to {PROTOCOL}; upgrade"
    ):
        load_model(copy)


NUMBERS = {
    "temperature": [0, -1.0, float("nan"), float("inf"), "warm", None, [1], 10**400],
    "usual_known_share": [0, -1.0, float("nan"), float("inf"), None, 10**400],
    "view_scale": [[1.0], [1.0, 0.3, 0.1], [1.0, float("nan")], [], None, "ab", 1.0],
    "thresholds": [
        None,
        {},
        {"decide": 0.1},
        {"decide": float("nan"), "sure": 1, "unfamiliar": 1},
        {"decide": 0.1, "sure": 0.2, "unfamiliar": 0.3, "more": 1},
        {"decide": 0.1, "sure": 0.2, "unfamiliar": 0.3, "by_type": [0.5]},
        {"decide": 0.1, "sure": 0.2, "unfamiliar": 0.3, "by_type": 0.5},
        {"decide": 0.1, "sure": 0.2, "unfamiliar": 0.3, "by_type": [float("nan")] * 5},
        [1, 2, 3],
    ],
    "signal_thresholds": [[], [0.5, 0.5], [float("nan")], None, ["high"]],
    "cue_floors": [None, [0.5, 0.5], [float("nan")] * 9, 3],
    "cue_weights": [None, 3, {}, [1.0], [["high"]], [[float("nan")]], [[-1.0]], [[1.0] * 99], [[1.0]] * 9],
    "gate_weights": [None, [1.0], [float("nan")] * 9, ["high"] * 9, 3],
}
NAMES = {
    "types": [
        [],
        None,
        "abcde",
        [1, 2, 3, 4, 5],
        ["a", "a", "b", "c", "d"],
        [["a"], "b", "c", "d", "e"],
        {"a": 1},
        5,
    ],
    "modes": [[], None, "abc", [None] * 3, ["a", "a", "b"]],
    "signals": [[], None, "a", [1], ["a", "b"]],
    "gated": [None, 3, [1], "repeat_abuser"],
    "stacked": [[], None, 5, ["tickets_30d"]],
    "info": [None, [], "trained"],
    "arrays": [None, [], {}, {"keys": 1}, "keys"],
}
WRONG = [(name, value) for name, values in (NUMBERS | NAMES).items() for value in values]


@pytest.mark.parametrize(("name", "value"), WRONG, ids=[f"{name}={str(value)[:24]}" for name, value in WRONG])
def test_a_manifest_that_makes_no_sense_is_refused(copy, name, value):
    with pytest.raises(ArtifactError, match=r"^model \S+: .*; (train again|upgrade)"):
        load_model(rewritten(copy, **{name: value}))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"{" * 100_000,
        b"[" * 100_000,
        b'{"protocol": 1}',
        b'{"protocol": 1, "digest": null}',
        b'{"protocol": ' + b"9" * 5000 + b', "digest": ""}',
        b'{"protocol": 1, "digest": "", "types": ["\\ud800"]}',
        b" " * 1000,
    ],
    ids=lambda raw: f"{len(raw)} {raw[:20]!r}",
)
def test_a_manifest_that_is_none_is_refused(copy, raw):
    (copy / MANIFEST).write_bytes(raw)
    with pytest.raises(ArtifactError, match=rf"{MANIFEST} (cannot be read|was altered)"):
        load_model(copy)


def test_the_error_knows_the_folder_and_the_reason(tmp_path):
    with pytest.raises(ArtifactError, match=r"manifest.json is missing") as caught:
        load_model(tmp_path / "no such model")
    assert caught.value.path == str(tmp_path / "no such model")
    assert caught.value.reason == "manifest.json is missing"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (lambda model: {"gated": model.types}, "all of its types are gated, at least one must be free"),
        (lambda model: {"types": ["repeat_abuser"]}, "all of its types are gated"),
        (lambda model: {"gated": ["repeat_abuser", "nobody"]}, "gated names what is no type"),
        (lambda model: {"types": ["undetermined", *model.types[1:]]}, "undetermined is an answer of its own"),
        (lambda model: {"types": [*model.types[:-1], "unfamiliar"]}, "unfamiliar is an answer of its own"),
        (lambda model: {"modes": [*model.modes[:-1], "none"]}, "none is an answer of its own"),
        (lambda model: {"signals": ["none"]}, "none is an answer of its own"),
        (lambda model: {"types": ["my\x1b[31m", *model.types[1:]]}, "names hold control characters"),
        (lambda model: {"modes": ["two\nlines", *model.modes[1:]]}, "names hold control characters"),
    ],
)
def test_names_that_no_ticket_could_be_answered_with_are_refused(copy, model, changes, told):
    with pytest.raises(ArtifactError, match=told):
        load_model(rewritten(copy, **changes(model)), to_compare=True)


def test_a_model_whose_types_are_all_gated_is_not_saved(model, tmp_path):
    with pytest.raises(ArtifactError, match="at least one must be free"):
        save_model(replace(model, gated=model.types), tmp_path / "never")
    assert not (tmp_path / "never").exists()


def test_a_setting_of_a_strange_name_is_told_without_orders_to_the_terminal(copy, model):
    limits = {"decide": 0.1, "sure": 0.2, "unfamiliar": 0.3, "more\x1b[31m": 1}
    with pytest.raises(ArtifactError, match=r"more\\x1b\[31m"):
        load_model(rewritten(copy, thresholds=limits))


def test_terms_that_give_orders_to_the_terminal_are_refused(model):
    term = {"kind": "type", "id": model.types[0], "name_zh": "名", "name_en": "N\x1b[2J"}
    term |= {"meaning_zh": "义", "meaning_en": "M", "source": "own"}
    sound = replace(model, info={"terms": [term | {"name_en": "N"}]})
    assert taxonomy_of(sound).name(model.types[0], "en") == "N"
    with pytest.raises(ArtifactError, match="are no rows of a taxonomy"):
        taxonomy_of(replace(model, info={"terms": [term]}))
