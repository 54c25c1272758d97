"""A model folder comes back as it was saved, or is refused with a reason; nothing in it ever runs."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import shutil
import sys
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaint_typing.artifact import CARD, MANIFEST, as_stored, load_model, save_model
from complaint_typing.classifier import facts_of
from complaint_typing.errors import ArtifactError

ARRAYS = ("keys", "weights", "history", "bias")
FILES = (MANIFEST, *(f"{name}.npy" for name in ARRAYS))


@pytest.fixture(scope="module")
def saved(model, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("artifact") / "model"
    save_model(replace(model, info={"n_tickets": 3, "note": "退款"}), folder, card="# 模型\n")
    return folder


@pytest.fixture
def copy(saved, tmp_path) -> Path:
    return Path(shutil.copytree(saved, tmp_path / "copy"))


def rewritten(folder: Path, **changes) -> Path:
    """The folder of someone who knows how digests are made: all of them fit, whatever stands in it."""
    manifest = json.loads((folder / MANIFEST).read_bytes())
    del manifest["digest"]
    manifest["arrays"] = {n: hashlib.sha256((folder / f"{n}.npy").read_bytes()).hexdigest() for n in ARRAYS}
    manifest.update(changes)
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    (folder / MANIFEST).write_text(json.dumps(manifest | {"digest": digest}), encoding="utf-8")
    return folder


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
        {"gated": ()},
        {"usual_known_share": 0.25},
        {"view_scale": (1.0, 0.5)},
    ],
)
def test_other_content_has_another_version(model, saved, tmp_path, change):
    other = save_model(replace(load_model(saved), **change), tmp_path / "other")
    assert other.version != load_model(saved).version


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


@pytest.mark.parametrize("name", FILES)
def test_a_folder_in_place_of_a_file_is_no_file(copy, name):
    (copy / name).unlink()
    (copy / name).mkdir()
    with pytest.raises(ArtifactError, match=f"{name} is missing"):
        load_model(copy)


@pytest.mark.parametrize("name", FILES)
def test_links_are_not_followed(copy, name, tmp_path):
    (copy / name).rename(tmp_path / "elsewhere")
    (copy / name).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ArtifactError, match=f"{name} is a link"):
        load_model(copy)


def test_a_linked_folder_is_not_followed(copy, tmp_path):
    (tmp_path / "link").symlink_to(copy)
    with pytest.raises(ArtifactError, match="is a link"):
        load_model(tmp_path / "link")


def places(length: int) -> list[int]:
    """Every byte of the beginning and the end, and some between."""
    between = range(0, length, max(1, length // 60))
    return sorted({*range(min(length, 130)), *between, *range(length - 20, length)})


@pytest.mark.parametrize("name", FILES)
def test_every_altered_byte_is_noticed(copy, name):
    raw = (copy / name).read_bytes()
    for place in places(len(raw)):
        for flip in (1, 0x80):
            damaged = bytearray(raw)
            damaged[place] ^= flip
            (copy / name).write_bytes(damaged)
            with pytest.raises(ArtifactError, match=r"altered|cannot be read|has protocol"):
                load_model(copy)


@pytest.mark.parametrize("name", FILES)
def test_every_truncation_is_noticed(copy, name):
    raw = (copy / name).read_bytes()
    for length in places(len(raw.rstrip(b"\n") if name == MANIFEST else raw)):
        (copy / name).write_bytes(raw[:length])
        with pytest.raises(ArtifactError, match=r"altered|cannot be read"):
            load_model(copy)
    (copy / name).write_bytes(raw + b"\n0")
    with pytest.raises(ArtifactError, match=r"altered|cannot be read"):
        load_model(copy)


class Trap:
    """Unpickling it creates a file."""

    def __init__(self, path: Path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


@pytest.fixture
def imports_and_calls():
    """Audit events that would show code of the folder at work."""
    seen, listening = [], [True]
    watched = ("pickle.find_class", "os.mkdir", "exec", "compile", "os.system", "subprocess.Popen", "import")
    sys.addaudithook(lambda event, _: seen.append(event) if listening[0] and event in watched else None)
    yield seen
    listening[0] = False


@pytest.mark.parametrize("name", ARRAYS)
def test_a_pickle_under_another_name_does_not_run(copy, name, tmp_path, imports_and_calls):
    trap = tmp_path / "trap"
    objects = np.array([Trap(trap)], dtype=object)
    np.save(copy / "objects.npy", objects, allow_pickle=True)
    for raw in (pickle.dumps(Trap(trap)), (copy / "objects.npy").read_bytes()):
        (copy / f"{name}.npy").write_bytes(raw)
        rewritten(copy)
        imports_and_calls.clear()
        with pytest.raises(ArtifactError, match=f"{name}.npy is (no array|not of the expected kind)"):
            load_model(copy)
        assert "pickle.find_class" not in imports_and_calls
        assert not trap.exists()


def header(descr: object, shape: object, extra: str = "", fortran: bool = False) -> bytes:
    text = f"{{'descr': {descr!r}, 'fortran_order': {fortran}, 'shape': {shape}, {extra}}}"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text.encode("latin-1")


LIES = [
    header("<u4", f"({10**18},)") + bytes(40),
    header("<u4", f"({2**62}, {2**62})") + bytes(40),
    header("<u4", "(0, 10)"),
    header("<u4", f"(0, {10**30})"),
    header("<u4", "(-1, -10)") + bytes(40),
    header("<u4", "(-10,)") + bytes(40),
    header("<u4", "(2,)") + bytes(9),
    header("<u4", "()") + bytes(4),
    header("<u4", "(True,)") + bytes(4),
    header("<u4", "'10'") + bytes(40),
    header("<u4", "(10,)", "'more': 1") + bytes(40),
    header("<u4", "(2, 5)", fortran=True) + bytes(40),
    header("<u4", "(10,"),
    header("<u4", "(" * 300 + "10,"),
    header("<u4", "(10,)", "'''"),
    header(">u4", "(10,)") + bytes(40),
    header("|O", "(1,)") + bytes(8),
    header([("a", "<u4")], "(10,)") + bytes(40),
    header("nonsense", "(10,)") + bytes(40),
    b"\x93NUMPY\x01\x00\xff\xff{",
    b"\x93NUMPY\x02\x00\xff\xff\xff\xff{",
    b"\x93NUMPY\x09\x00",
    b"\x93NUMPY",
    b"",
]


@pytest.mark.parametrize("name", ARRAYS)
@pytest.mark.parametrize("lie", LIES, ids=range(len(LIES)))
def test_headers_that_lie_are_refused_before_anything_is_allocated(copy, name, lie):
    (copy / f"{name}.npy").write_bytes(lie)
    with pytest.raises(ArtifactError, match=rf"{name}.npy is|^model \S+: {name} has"):
        load_model(rewritten(copy))


@given(st.binary(max_size=80), st.sampled_from([b"", b"\x93NUMPY\x01\x00", header("<u4", "(10,)")[:40]]))
def test_any_bytes_are_refused(saved, tmp_path_factory, tail, start):
    folder = tmp_path_factory.mktemp("any") / "model"
    shutil.copytree(saved, folder)
    (folder / "keys.npy").write_bytes(start + tail)
    with pytest.raises(ArtifactError, match=r"keys.npy is|keys has"):
        load_model(rewritten(folder))
    shutil.rmtree(folder)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("name", ARRAYS[1:])
def test_values_that_are_not_finite_are_refused(copy, name, value):
    array = np.load(copy / f"{name}.npy")
    array.flat[-1] = value
    np.save(copy / f"{name}.npy", array)
    with pytest.raises(ArtifactError, match=f"{name}.npy holds values that are not finite"):
        load_model(rewritten(copy))


@pytest.mark.parametrize("name", ARRAYS)
def test_arrays_of_another_shape_are_refused(copy, name):
    array = np.load(copy / f"{name}.npy")
    for other in (array[:-1], array[None], array.reshape(-1)[:0]):
        np.save(copy / f"{name}.npy", other)
        with pytest.raises(ArtifactError, match=r"\S+ has \(.* where \(.* is expected"):
            load_model(rewritten(copy))


@pytest.mark.parametrize("protocol", [2, 99, 1e999, -1e999, 0, None, "1", "newest", [1]])
def test_another_protocol_is_refused(copy, protocol):
    with pytest.raises(ArtifactError, match=r"protocol|cannot be read"):
        load_model(rewritten(copy, protocol=protocol))


def test_a_newer_protocol_says_what_to_do_whatever_else_it_changed(copy):
    with pytest.raises(ArtifactError, match="it has protocol 2, this version reads up to 1; upgrade"):
        load_model(rewritten(copy, protocol=2))
    (copy / MANIFEST).write_text('{"protocol": 3, "tables": []}')
    with pytest.raises(ArtifactError, match="it has protocol 3, this version reads up to 1; upgrade"):
        load_model(copy)


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_too_large_is_not_read_at_all(copy, name):
    """A sparse file: it claims a gigabyte and occupies none."""
    os.truncate(copy / name, (1 << 30) + 1)
    with pytest.raises(ArtifactError, match=f"{name} is larger than any that this version writes"):
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
        [1, 2, 3],
    ],
    "signal_thresholds": [[], [0.5, 0.5], [float("nan")], None, ["high"]],
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


def test_names_in_the_manifest_lead_nowhere(copy, tmp_path):
    """Arrays are read under their own names; a path in the manifest is no place to look."""
    digests = json.loads((copy / MANIFEST).read_bytes())["arrays"]
    rewritten(copy, arrays=digests | {"../outside": digests["keys"]})
    (copy / "keys.npy").rename(tmp_path / "outside.npy")
    with pytest.raises(ArtifactError, match=r"keys.npy is missing"):
        load_model(copy)


def test_the_error_knows_the_folder_and_the_reason(tmp_path):
    with pytest.raises(ArtifactError, match=r"manifest.json is missing") as caught:
        load_model(tmp_path / "no such model")
    assert caught.value.path == str(tmp_path / "no such model")
    assert caught.value.reason == "manifest.json is missing"
