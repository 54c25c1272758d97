"""The fields of one ticket, from a mapping and keywords; what was meant as an option is no field."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from .columns import TICKET_COLUMNS
from .errors import BadOption

_CONTRACT = frozenset(column.name for column in TICKET_COLUMNS)
_OPTIONS = ("history", "lang", "tz", "date_order")
_MEANT = (*_OPTIONS, "customer_id", "created_at", "text")
_OTHER_NAMES = {"timezone": "tz", "time_zone": "tz"}


def fields_of(ticket: Any, keywords: Mapping[str, Any]) -> dict[str, Any]:
    """The ticket's fields; those that the contract does not know pass, unless something else was meant.

    Parameters
    ----------
    ticket : mapping or None
    keywords : mapping of str to object
        They go before those of the mapping.

    Raises
    ------
    BadOption
        When `ticket` is no mapping or has an option among its fields, or a keyword is nearly the name of an
        option or of a field that matters.

    >>> fields_of({"text": "refund", "plan": "gold"}, {"channel": "web"})
    {'text': 'refund', 'plan': 'gold', 'channel': 'web'}
    >>> fields_of(None, {"text": "refund", "histroy": []})
    Traceback (most recent call last):
        ...
    complaint_typing.errors.BadOption: histroy: not an option or a field of the contract, got 'list'; ...
    """
    if ticket is not None and not isinstance(ticket, Mapping):
        remedy = "write advise(text=...), or give a mapping of its fields"
        raise BadOption("ticket", type(ticket).__name__, "a mapping", remedy)
    for name in keywords:
        if name not in _CONTRACT and (meant := _meant(name)):
            expected = "an option or a field of the contract"
            raise BadOption(name, type(keywords[name]).__name__, expected, f"write {meant}")
    if not ticket:
        return dict(keywords)
    for name in _OPTIONS:
        if ticket.get(name) is not None:
            remedy = f"give it beside the ticket: advise(ticket, {name}=...)"
            raise BadOption(name, type(ticket[name]).__name__, "a field of the contract", remedy)
    return {**ticket, **keywords}


@lru_cache(maxsize=1024)
def _meant(name: str) -> str:
    """What a keyword is nearly the name of; "" for others."""
    name = name.lower()
    return _OTHER_NAMES.get(name) or next((meant for meant in _MEANT if _mistyped(name, meant)), "")


def _mistyped(name: str, meant: str) -> bool:
    """Whether letters changed places, or one is missing."""
    swapped = name != meant and sorted(name) == sorted(meant)
    return swapped or name in {meant[:i] + meant[i + 1 :] for i in range(len(meant))}
