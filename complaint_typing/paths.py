"""Paths as they are handed in."""

from __future__ import annotations

import os
from pathlib import Path

from .errors import BadOption


def path_of(given: object, option: str) -> Path:
    """A path that a system can be asked for; what is none is refused by the name of its option.

    Raises
    ------
    BadOption
        When it is neither a text nor a path, or holds NUL or half a character.

    >>> path_of(1, "source")
    Traceback (most recent call last):
        ...
    complaint_typing.errors.BadOption: source: not a path, got 'int'; give a text or a pathlib.Path
    """
    if not isinstance(given, str | os.PathLike):
        raise BadOption(option, type(given).__name__, "a path", "give a text or a pathlib.Path")
    try:
        path = Path(given)
        if b"\0" not in os.fsencode(path):
            return path
    except (TypeError, ValueError):
        pass
    raise BadOption(option, given, "a path", "leave out NUL and half characters")
