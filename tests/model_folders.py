"""Model folders for tests, and what a person who knows how they are made could do to them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from complaint_typing.artifact import MANIFEST

ARRAYS = ("keys", "weights", "history", "bias")
FILES = (MANIFEST, *(f"{name}.npy" for name in ARRAYS))


def rewritten(folder: Path, **changes: Any) -> Path:
    """The folder of someone who knows how digests are made: all of them fit, whatever stands in it."""
    manifest = json.loads((folder / MANIFEST).read_bytes())
    del manifest["digest"]
    manifest["arrays"] = {n: hashlib.sha256((folder / f"{n}.npy").read_bytes()).hexdigest() for n in ARRAYS}
    manifest.update(changes)
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    (folder / MANIFEST).write_text(json.dumps(manifest | {"digest": digest}), encoding="utf-8")
    return folder


def header(descr: object, shape: object, extra: str = "", fortran: bool = False) -> bytes:
    """The header of an array file that claims something."""
    text = f"{{'descr': {descr!r}, 'fortran_order': {fortran}, 'shape': {shape}, {extra}}}\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text.encode("latin-1")
