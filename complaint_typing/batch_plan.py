"""What a run over files begins with: digests, versions and options; where one differs, it is another run."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from . import __version__
from .errors import UnreadableInput

_READ_BYTES = 1 << 20


def file_digest(path: str | Path) -> dict[str, Any]:
    """Base name, size in bytes and SHA-256 of a file.

    Raises
    ------
    UnreadableInput
        When it cannot be read.

    >>> file_digest("no_such_file.csv")
    Traceback (most recent call last):
        ...
    complaint_typing.errors.UnreadableInput: no_such_file.csv: No such file or directory; check its path ...
    """
    digest, size = hashlib.sha256(), 0
    try:
        with open(path, "rb") as file:
            while data := file.read(_READ_BYTES):
                digest.update(data)
                size += len(data)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UnreadableInput(path, reason, "check its path and the permission to read it") from error
    return {"name": Path(path).name, "bytes": size, "sha256": digest.hexdigest()}


def plan_of(
    inputs: Sequence[str | Path],
    versions: tuple[str, str],
    options: Mapping[str, Any],
) -> dict[str, Any]:
    """Everything that the bytes of a scored file depend on.

    Parameters
    ----------
    inputs : sequence of path
        The export and the earlier ones; their contents count, not their names.
    versions : (str, str)
        Of the model and of the policy.
    options : mapping of str to JSON value
        As they were given.
    """
    return {
        "input": file_digest(inputs[0]),
        "history": [file_digest(path) for path in inputs[1:]],
        "model": versions[0],
        "policy": versions[1],
        "complaint_typing": __version__,
        "numpy": np.__version__,
        "options": dict(options),
    }


def differences(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """What is not the same in two plans, in words.

    >>> then = {"input": {"name": "a.csv", "sha256": "12"}, "model": "m1", "options": {"tz": "UTC"}}
    >>> differences(then, then | {"input": {"name": "b.csv", "sha256": "12"}})
    []
    >>> differences(then, {"input": {"name": "a.csv", "sha256": "34"}, "model": "m2", "options": {}})
    ['input a.csv', 'model (m1 then, m2 now)', 'option tz (UTC then, nothing now)']
    """
    before, after = dict(_leaves(then)), dict(_leaves(now))
    changed = [place for place in {**before, **after} if before.get(place) != after.get(place)]
    said = [_in_words(place, then, before.get(place), after.get(place)) for place in changed]
    return list(dict.fromkeys(said))


def _leaves(plan: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Every single value of a plan with its place; the names of files do not matter."""
    if isinstance(plan, Mapping):
        for key, value in plan.items():
            if key != "name":
                yield from _leaves(value, (*place, key))
    elif isinstance(plan, list | tuple):
        yield (*place, "number"), len(plan)
        for i, value in enumerate(plan):
            yield from _leaves(value, (*place, i))
    else:
        yield place, plan


def _in_words(place: tuple[Any, ...], then: Mapping[str, Any], before: Any, after: Any) -> str:
    if place[0] == "input":
        return f"input {then['input'].get('name', '')}"
    if place[0] == "history":
        return "history files"
    name = f"option {place[1]}" if place[0] == "options" else str(place[0])
    old, new = ("nothing" if value in (None, "") else value for value in (before, after))
    return f"{name} ({old} then, {new} now)"
