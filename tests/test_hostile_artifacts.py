"""A hostile model folder is refused quickly, with a typed error, and nothing in it ever runs."""

from __future__ import annotations

import ast
import json
import os
import pickle
import shutil
import sys
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from model_folders import ARRAYS, FILES, header, rewritten
from test_floors import _imports, _modules

from complaint_typing.artifact import MANIFEST, load_model
from complaint_typing.errors import ArtifactError

READ_MODES = ("r", "rb", None)
RUNS_CODE = ("exec", "compile", "import", "pickle.", "marshal.", "code.", "function.", "ctypes.")
REACHES_OUT = ("subprocess.", "socket.", "shutil.", "os.")
LOUD = RUNS_CODE + REACHES_OUT


class Listener:
    """Audit events that would show a folder's contents at work; only those of a `with` block are kept."""

    def __init__(self) -> None:
        self.events: list[tuple[str, tuple[object, ...]]] | None = None
        sys.addaudithook(self._heard)

    def _heard(self, event: str, args: tuple[object, ...]) -> None:
        if self.events is not None and (event == "open" or event.startswith(LOUD)):
            self.events.append((event, args))

    @contextmanager
    def silent_but_for(self, folder: Path) -> Iterator[list[str]]:
        """Nothing may happen but that the folder's own files are opened for reading; yields their names."""
        names: list[str] = []
        self.events = []
        try:
            yield names
        finally:
            events, self.events = self.events, None
        for event, args in events:
            assert event == "open", (event, args)
            assert args[1] in READ_MODES, args
            if not isinstance(args[0], int):
                path = Path(os.fsdecode(str(args[0])))
                assert path.parent == folder
                names.append(path.name)


@pytest.fixture(scope="module")
def audit() -> Listener:
    return Listener()


@contextmanager
def little_memory() -> Iterator[None]:
    """The block allocates next to nothing, whatever a header claims."""
    tracemalloc.start()
    try:
        yield
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 2**20


class Trap:
    """Unpickling it creates a folder."""

    def __init__(self, path: Path):
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (str(self.path),)


def test_loading_an_honest_folder_opens_its_files_and_does_nothing_else(copy, audit):
    load_model(copy)
    with audit.silent_but_for(copy) as opened:
        load_model(copy)
    assert set(opened) == set(FILES)


@pytest.mark.parametrize("name", FILES)
def test_a_pickle_under_another_name_does_not_run(copy, name, tmp_path, audit):
    trap = tmp_path / "trap"
    objects = np.array([Trap(trap)], dtype=object)
    np.save(copy / "objects.npy", objects, allow_pickle=True)
    for raw in (pickle.dumps(Trap(trap)), (copy / "objects.npy").read_bytes()):
        (copy / name).write_bytes(raw)
        if name != MANIFEST:
            rewritten(copy)
        said = rf"{name} (is no array|cannot be read|has \d+ bytes)"
        with audit.silent_but_for(copy), pytest.raises(ArtifactError, match=said):
            load_model(copy)
        assert not trap.exists()


def test_files_that_do_not_belong_to_a_model_are_never_opened(copy, audit, tmp_path):
    trap = tmp_path / "trap"
    for name in ("model.pkl", "__init__.py", "manifest.yaml", "weights.npz", "sitecustomize.py"):
        (copy / name).write_bytes(pickle.dumps(Trap(trap)))
    with audit.silent_but_for(copy) as opened:
        load_model(copy)
    assert set(opened) == set(FILES)
    assert not trap.exists()


LIES = [
    header("<u4", f"({10**18},)") + bytes(40),
    header("<u4", f"({10**11},)") + bytes(40),
    header("<u4", f"({2**62}, {2**62})") + bytes(40),
    header("<f2", f"({10**11}, {10**11})") + bytes(40),
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
    header("<u4", "__import__('os').getcwd()") + bytes(40),
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
def test_headers_that_lie_are_refused_before_anything_is_allocated(copy, name, lie, audit):
    (copy / f"{name}.npy").write_bytes(lie)
    rewritten(copy)
    said = rf"{name}.npy is|^model \S+: {name} has|weights.npy has \d+ bytes"
    with little_memory(), audit.silent_but_for(copy), pytest.raises(ArtifactError, match=said):
        load_model(copy)


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


@pytest.mark.parametrize("name", ["history", "bias"])
def test_values_that_overflow_when_they_are_added_are_refused(copy, name):
    np.save(copy / f"{name}.npy", np.full_like(np.load(copy / f"{name}.npy"), -3e38))
    with pytest.raises(
        ArtifactError, match=f"{name}.npy holds values that are not finite, or beyond 1,000,000"
    ):
        load_model(rewritten(copy))


def test_a_manifest_that_says_something_twice_is_refused(copy):
    text = (copy / MANIFEST).read_text(encoding="utf-8")
    (copy / MANIFEST).write_text('{"types": ["x"],' + text[1:], encoding="utf-8")
    with pytest.raises(ArtifactError, match="a key stands in it twice"):
        load_model(copy)


@pytest.mark.parametrize("name", ARRAYS)
def test_arrays_of_another_shape_are_refused(copy, name):
    array = np.load(copy / f"{name}.npy")
    for other in (array[:-1], array[None], array.reshape(-1)[:0]):
        np.save(copy / f"{name}.npy", other)
        with pytest.raises(ArtifactError, match=r"has \(.* where \(.* is expected|npy (is no array|has \d+)"):
            load_model(rewritten(copy))


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("size", [1 << 30, 1 << 40])
def test_a_file_that_claims_gigabytes_is_not_read_at_all(copy, name, size):
    """A sparse file, more than a thousand times what it occupies on the disk."""
    with open(copy / name, "r+b") as file:
        file.truncate(size)
    said = rf"{name} has {size} bytes where \d+ at most are expected"
    with little_memory(), pytest.raises(ArtifactError, match=said):
        load_model(copy)


def test_shapes_follow_from_the_names_and_the_keys_alone(copy):
    """Consistent lies of manifest and header do not buy more memory than names and keys pay for."""
    n_keys, wide = np.load(copy / "keys.npy").size, 4096
    head = header("<f2", f"({n_keys}, {wide})")
    with open(copy / "weights.npy", "wb") as file:
        file.write(head)
        file.truncate(len(head) + 2 * n_keys * wide)
    with pytest.raises(ArtifactError, match=r"weights.npy has \d+ bytes where \d+ at most are expected"):
        load_model(rewritten(copy))


def test_keys_of_zeros_are_refused_before_the_weights_that_they_would_pay_for(copy, audit):
    n_keys, wide = 1 << 20, np.load(copy / "weights.npy").shape[1]
    (copy / "keys.npy").write_bytes(header("<u4", f"({n_keys},)") + bytes(4 * n_keys))
    with open(copy / "weights.npy", "wb") as file:
        file.write(header("<f2", f"({n_keys}, {wide})"))
        file.truncate(file.tell() + 2 * n_keys * wide)
    rewritten(copy)
    with audit.silent_but_for(copy) as opened, pytest.raises(ArtifactError, match="an n-gram more than once"):
        load_model(copy)
    assert set(opened) == {MANIFEST, "keys.npy"}


@pytest.mark.parametrize("name", ["keys", "weights"])
def test_what_was_never_written_is_not_read(copy, name):
    """Digests fit and the size is right, but most of the file stands nowhere on the disk."""
    path = copy / f"{name}.npy"
    size = path.stat().st_size
    os.truncate(path, 128)
    os.truncate(path, size)
    rewritten(copy)
    with little_memory(), pytest.raises(ArtifactError, match=f"{name}.npy is sparse, a part of it was never"):
        load_model(copy)


@pytest.mark.parametrize("name", ["a\0b", "x" * 5000, "m/" + "x" * 300])
def test_names_that_no_folder_can_have_are_refused(name):
    with pytest.raises(ArtifactError, match=r"manifest.json (cannot be opened|is missing)"):
        load_model(name)


def test_more_names_than_any_model_has_are_refused(copy):
    with pytest.raises(ArtifactError, match="too many"):
        load_model(rewritten(copy, types=[f"t{i}" for i in range(5000)]))


@pytest.mark.parametrize("name", FILES)
def test_links_are_not_followed(copy, name, tmp_path):
    (copy / name).rename(tmp_path / "elsewhere")
    (copy / name).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ArtifactError, match=f"{name} is a link"):
        load_model(copy)


def test_a_linked_folder_is_not_followed(copy, tmp_path):
    (tmp_path / "link").symlink_to(copy)
    with pytest.raises(ArtifactError, match="the folder is a link; name the folder that it leads to"):
        load_model(tmp_path / "link")


@pytest.mark.parametrize("name", FILES)
def test_a_folder_or_a_pipe_in_place_of_a_file_does_not_hang(copy, name):
    (copy / name).unlink()
    (copy / name).mkdir()
    with pytest.raises(ArtifactError, match=f"{name} is no plain file|{name} cannot be opened"):
        load_model(copy)
    (copy / name).rmdir()
    os.mkfifo(copy / name)
    with pytest.raises(ArtifactError, match=f"{name} is no plain file"):
        load_model(copy)


def places(length: int, dense: int = 260) -> list[int]:
    """Every byte of the beginning and the end, and some between; all of a short file."""
    between = range(0, length, max(1, length // 60))
    return sorted({*range(min(length, dense)), *between, *range(max(length - 20, 0), length)})


@pytest.mark.parametrize("name", FILES)
def test_every_altered_byte_is_noticed(copy, name):
    raw = (copy / name).read_bytes()
    with open(copy / name, "r+b", buffering=0) as file:
        for place in range(len(raw)) if name == MANIFEST else places(len(raw)):
            file.seek(place)
            file.write(bytes([raw[place] ^ 1 << place % 8]))
            with pytest.raises(ArtifactError, match=r"altered|cannot be read|has protocol"):
                load_model(copy)
            file.seek(place)
            file.write(raw[place : place + 1])
    load_model(copy)


@pytest.mark.parametrize("name", FILES)
def test_every_truncation_is_noticed(copy, name):
    raw = (copy / name).read_bytes()
    (copy / name).write_bytes(raw + b"\n0")
    with pytest.raises(ArtifactError, match=r"altered|cannot be read"):
        load_model(copy)
    n = len(raw.rstrip(b"\n")) if name == MANIFEST else len(raw)
    for length in reversed(range(n) if name == MANIFEST else places(n)):
        os.truncate(copy / name, length)
        with pytest.raises(ArtifactError, match=r"altered|cannot be read|has protocol"):
            load_model(copy)


@pytest.mark.parametrize("outside", ["../outside", "/etc/passwd", "keys/../../outside", "..\\outside"])
def test_names_in_the_manifest_lead_nowhere(copy, tmp_path, outside, audit):
    """Arrays are read under their own names; a path in the manifest is no place to look."""
    digests = json.loads((copy / MANIFEST).read_bytes())["arrays"]
    rewritten(copy, arrays=digests | {outside: digests["keys"]})
    (copy / "keys.npy").rename(tmp_path / "outside.npy")
    with audit.silent_but_for(copy), pytest.raises(ArtifactError, match=r"keys.npy is missing"):
        load_model(copy)


FORBIDDEN_MODULES = {
    "pickle",
    "joblib",
    "marshal",
    "shelve",
    "dill",
    "cloudpickle",
    "yaml",
    "importlib",
    "runpy",
}
FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__"}


def load_path() -> set[str]:
    """Modules of this package that loading a model reaches."""
    reached, waiting = set[str](), ["artifact"]
    while waiting:
        module = waiting.pop()
        if module not in reached:
            reached.add(module)
            waiting += _imports(module)
    return reached


@pytest.mark.parametrize("module", sorted(load_path()))
def test_the_load_path_knows_no_way_to_run_code(module):
    tree = ast.parse(_modules()[module].read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
            assert not {name.split(".")[0] for name in names} & FORBIDDEN_MODULES, names
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            assert called not in FORBIDDEN_CALLS, called
            assert called not in ("np.load", "numpy.load", "np.lib.format.read_array"), called
        if isinstance(node, ast.keyword) and node.arg == "allow_pickle":
            assert ast.unparse(node.value) == "False"


def test_the_load_path_is_the_one_that_is_searched():
    assert {"artifact", "array_files", "model", "lookup", "decision", "stacking"} <= load_path()
