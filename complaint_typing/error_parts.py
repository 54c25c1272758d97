"""The parts of which error sentences are made: where, what, and values as they may be shown."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Protocol

from .masking import mask
from .tongue import Tongue

LONGEST_QUOTE = 40
LONGEST_REASON = 300
MOST_TOLD = 50


def quoted(value: object, longest: int = LONGEST_QUOTE) -> str:
    """A value as error texts may show it: one line, personal data masked, at most 40 characters or `longest`.

    What has no text, or a number of thousands of digits, is shown by its kind.

    >>> quoted("x" * 50)
    "'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…'"
    """
    try:
        text = mask(str(value)[:500])
    except Exception:  # whatever a foreign __str__ raises must not hide what is wrong
        text = type(value).__name__
    if len(text) > longest:
        text = text[: longest - 1] + "…"
    return repr(text)


def map_option(column: str, header: str) -> str:
    """The option that names a header, as it is typed.

    >>> print(map_option("text", "Case Notes"))
    --map "text=Case Notes"
    """
    pair = f"{column}={header}"
    return f'--map "{pair}"' if len(pair.split()) > 1 else f"--map {pair}"


def at(where: object, told: str, say: Tongue) -> str:
    """A sentence and where it holds."""
    return say("{0}: {1}", where, told) if where else told


def place(say: Tongue, row: int | None, column: str, path: str = "") -> str:
    """A cell, as people name it."""
    named = [path] if path else []
    named += [say("row {0}", row)] if row is not None else []
    named += [say("column {0}", column)] if column else []
    return say(", ").join(named)


def mended(reason: str, remedy: str, say: Tongue) -> str:
    """What is wrong, and what to do."""
    return say("{0}; {1}", say(reason), say(remedy))


def joined(sentences: Sequence[str], say: Tongue) -> str:
    """Sentences one after the other."""
    return reduce(lambda told, further: say("{0} {1}", told, further), sentences)


class Sayable(Protocol):
    """What has a sentence of its own."""

    def sentence(self, say: Tongue) -> str: ...


def first_faults(faults: Sequence[Sayable], say: Tongue) -> list[str]:
    """A line for each of the first fifty faults, and how many more there are."""
    more = len(faults) - MOST_TOLD
    told = [fault.sentence(say) for fault in faults[:MOST_TOLD]]
    return told + ([say("and {0} more", more)] if more > 0 else [])
