"""Characters that a terminal obeys are shown as text, so that no file gives it orders."""

from __future__ import annotations

import re

_ORDERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def escaped(text: str) -> str:
    r"""A text with its control characters, and marks that turn the direction of writing, written out.

    Line breaks and tabs stay.

    >>> print(escaped("\x1b]0;title\x07退款\u202e"))
    \x1b]0;title\x07退款\u202e
    """
    return _ORDERS.sub(lambda found: found[0].encode("unicode_escape").decode(), text)
