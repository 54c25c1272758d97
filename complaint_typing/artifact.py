"""Saves and loads a model: a folder of plain arrays and a JSON manifest, with no code in it."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .array_files import read_array, read_bytes
from .atomic import atomic_directory
from .control_characters import escaped
from .decision import Thresholds
from .errors import ArtifactError, BadOption, TargetExists, UnwritableTarget
from .json_whole import unrepeated
from .lookup import all_distinct
from .model import Model
from .model_settings import settings_of
from .paths import path_of
from .resources import data_path
from .self_test import SELF_TEST, self_test_of
from .stacking import STACKED_NAMES

PROTOCOL = 5  # 2: gate_weights; 3: cue_weights; 4: thresholds by type; 5: mode_weights
MANIFEST, CARD = "manifest.json", "MODEL_CARD.md"
_STORED = {"keys": np.uint32, "weights": np.float16, "history": np.float32, "bias": np.float32}
PARTS = (MANIFEST, *(f"{name}.npy" for name in _STORED))
_LARGEST_MANIFEST, _LARGEST_ARRAY = 1 << 20, 1 << 28
_MOST_NGRAMS = 1 << 22
_SPARE_OUTPUTS = 2
_UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError)


def save_model(model: Model, directory: str | Path, card: str = "") -> Model:
    """Write a model folder, whole or not at all, and return the model as it will be loaded.

    Weights are stored in half precision; the version is made of the contents, so the same training
    gives the same version. Beside the arrays stands what the model makes of a few texts, for `model verify`.

    Parameters
    ----------
    model : Model
    directory : str or Path
        Replaced when it holds a model; any other folder must be empty.
    card : str
        Markdown for people, kept beside the arrays and no part of the version.

    Raises
    ------
    ArtifactError
        When the model could not be loaded again, for example for a weight that is not finite, or for a lost
        abuse gate; what stood in the folder before stays.
    TargetExists, UnwritableTarget
        When the folder holds something else than a model, or the folder around it is not there.
    """
    check_target(directory)
    with np.errstate(over="ignore"):
        stored = {name: _npy(getattr(model, name).astype(dtype)) for name, dtype in _STORED.items()}
    manifest = {
        "protocol": PROTOCOL,
        "types": model.types,
        "modes": model.modes,
        "signals": model.signals,
        "gated": model.gated,
        "asks_from": model.asks_from,
        "gate_weights": model.gate_weights,
        "stacked": STACKED_NAMES,
        "view_scale": model.view_scale,
        "temperature": model.temperature,
        "thresholds": _stated(model.thresholds),
        "signal_thresholds": model.signal_thresholds,
        "cue_weights": model.cue_weights,
        "cue_floors": model.cue_floors,
        "mode_weights": model.mode_weights,
        "usual_known_share": model.usual_known_share,
        "info": dict(model.info),
        "arrays": {name: hashlib.sha256(raw).hexdigest() for name, raw in stored.items()},
    }
    digest = hashlib.sha256(_json(manifest)).hexdigest()
    with atomic_directory(directory) as folder:
        for name, raw in stored.items():
            (folder / f"{name}.npy").write_bytes(raw)
        if card:
            (folder / CARD).write_text(card, encoding="utf-8")
        (folder / MANIFEST).write_bytes(_json(manifest | {"digest": digest}))
        loaded = load_model(folder)
        (folder / SELF_TEST).write_bytes(self_test_of(loaded))
        return loaded


def check_target(directory: str | Path) -> None:
    """Refuse a place where a model may not be written.

    Raises
    ------
    TargetExists
        When something else than a model stands there.
    UnwritableTarget
        When the folder around it is not there.
    """
    there = Path(directory)
    if not there.absolute().parent.is_dir():
        raise UnwritableTarget(there, "the folder is not there")
    if there.exists() and not (there / MANIFEST).is_file() and (not there.is_dir() or any(there.iterdir())):
        raise TargetExists(there)


def load_model(directory: str | Path | None = None, *, to_compare: bool = False) -> Model:
    """Read a model folder; every byte is checked against the manifest's digests before it is used.

    How many bytes each file may have follows from the manifest and is checked before anything is read.

    Parameters
    ----------
    directory : str or Path, optional
        The folder itself, no link to it; the model that ships when left out.
    to_compare : bool, default False
        Whether to read a model without the abuse gate, too: a comparison says that it is lost.

    Raises
    ------
    ArtifactError
        When a file is missing, altered, a link, of another shape than the manifest implies, holds values
        that are not finite, or was written by a newer version; when all of its types are gated, or one has
        the name of another answer; or when the model knows `repeat_abuser` and does not bind it to the
        abuse gate.
    BadOption
        When `directory` is no path.

    >>> load_model("no_such_folder")
    Traceback (most recent call last):
        ...
    complaint_typing.errors.ArtifactError: model no_such_folder: manifest.json is missing; ...
    """
    if directory is None:
        directory = data_path("model")
    if directory == "":
        raise BadOption("model", "", "a folder", "leave it out for the model that ships")
    folder = Path(directory) if isinstance(directory, str) else path_of(directory, "model")
    manifest = read_manifest(folder)
    try:
        settings = settings_of(manifest)
        stacked, digests = tuple(manifest["stacked"]), dict(manifest["arrays"])
    except _UNREADABLE as fault:
        why = escaped(str(fault))
        raise ArtifactError(folder, f"the manifest is not as this version writes it ({why})") from None
    arrays: dict[str, Any] = _arrays(folder, settings, digests)
    _check_shapes(folder, settings, arrays, stacked)
    arrays["weights"] = arrays["weights"].astype(np.float32)
    try:
        model = Model(**settings, **arrays, version=version_of(manifest))
    except ValueError as fault:
        raise ArtifactError(folder, str(fault)) from None
    if not to_compare:
        model.require_gate(folder)
    return model


def as_stored(model: Model) -> Model:
    """The model with its weights rounded as they are stored, so that fitting and loading agree exactly."""
    return replace(model, weights=model.weights.astype(_STORED["weights"]).astype(np.float32))


def _json(content: dict[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _npy(array: NDArray[Any]) -> bytes:
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, np.ascontiguousarray(array), version=(1, 0), allow_pickle=False)
    return buffer.getvalue()


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a model folder, its digest checked; what it says is not.

    Raises
    ------
    ArtifactError
        When it is missing, altered, no manifest, or of a newer protocol.
    """
    raw = read_bytes(folder, MANIFEST, _LARGEST_MANIFEST)
    try:
        manifest = json.loads(raw, object_pairs_hook=unrepeated)
        _check_protocol(folder, manifest["protocol"])
        digest, _ = manifest.pop("digest"), manifest["arrays"].keys()
        altered = hashlib.sha256(_json(manifest)).hexdigest() != digest
    except _UNREADABLE as fault:
        raise ArtifactError(folder, f"{MANIFEST} cannot be read ({fault})") from None
    if altered:
        raise ArtifactError(folder, f"{MANIFEST} was altered")
    return manifest | {"digest": digest}


def version_of(manifest: dict[str, Any]) -> str:
    """The version of a model, made of its manifest and so of all its contents."""
    return f"model-{manifest['digest'][:10]}"


def _check_protocol(folder: Path, protocol: object) -> None:
    if not isinstance(protocol, int) or protocol < 1:
        raise ValueError("its protocol is no number")
    if protocol > PROTOCOL:
        raise ArtifactError(
            folder,
            f"it has protocol {protocol}, this version reads up to {PROTOCOL}",
            "upgrade complaint-typing",
        )


def _stated(thresholds: Thresholds) -> dict[str, Any]:
    """Thresholds as the manifest has them; without those by type, earlier versions can read it."""
    return {name: value for name, value in asdict(thresholds).items() if value != ()}


def _arrays(folder: Path, settings: dict[str, Any], digests: dict[str, Any]) -> dict[str, Any]:
    """The arrays; the number of n-grams is that of the keys, all else follows from it and the names.

    Keys that are alike are refused before the weights are read, so that a file of zeros buys no memory.
    """

    def read(name: str, n_values: int) -> NDArray[Any]:
        dtype = np.dtype(_STORED[name])
        largest = min(n_values * dtype.itemsize, _LARGEST_ARRAY)
        return read_array(folder, name, dtype, digests.get(name), largest)

    n_types, n_outputs = len(settings["types"]), _n_outputs(settings)
    keys = read("keys", _MOST_NGRAMS)
    if not all_distinct(keys):
        raise ArtifactError(folder, "keys.npy holds an n-gram more than once")
    return {
        "keys": keys,
        "weights": read("weights", keys.size * (n_outputs + 1)),
        "history": read("history", len(STACKED_NAMES) * n_types),
        "bias": read("bias", n_outputs),
    }


def _n_outputs(settings: dict[str, Any]) -> int:
    return sum(len(settings[name]) for name in ("types", "modes", "signals")) + _SPARE_OUTPUTS


def _check_shapes(
    folder: Path, settings: dict[str, Any], arrays: dict[str, Any], stacked: tuple[Any, ...]
) -> None:
    n_types, n_outputs = len(settings["types"]), _n_outputs(settings)
    n_features = arrays["keys"].size
    expected = {
        "keys": (arrays["keys"].shape, (n_features,)),
        "weights": (arrays["weights"].shape, (n_features, n_outputs + 1)),
        "history": (arrays["history"].shape, (len(STACKED_NAMES), n_types)),
        "bias": (arrays["bias"].shape, (n_outputs,)),
        "stacked": (stacked, STACKED_NAMES),
        "signal_thresholds": (len(settings["signal_thresholds"]), len(settings["signals"])),
    }
    for name, (got, wanted) in expected.items():
        if got != wanted:
            raise ArtifactError(folder, f"{name} has {got} where {wanted} is expected")
