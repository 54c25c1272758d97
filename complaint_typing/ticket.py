"""One ticket's fields, checked as those of a table are."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import tzinfo
from typing import Any, NamedTuple

from .column_values import read_column, read_times
from .columns import NO_TIME, TICKET_COLUMNS, guesses
from .errors import AmbiguousDates, BadValue
from .text_limit import judged_part
from .ticket_table import join_texts
from .ticket_texts import MissingWords, text_of
from .times import parse_time

_MOST_GUESSED = 100
_KINDS = {column.name: column.kind for column in TICKET_COLUMNS}


class Ticket(NamedTuple):
    """What is judged of one ticket; see :class:`~complaint_typing.ticket_table.Tickets`."""

    text: str
    created_at: int
    category: str
    language: str
    agent_reply: str
    satisfaction: int


def read_ticket(given: Mapping[str, Any], tz: str | tzinfo = "UTC", date_order: str | None = None) -> Ticket:
    """Check the fields of one ticket; one whose `created_at` is missing or blank is written now.

    Parameters
    ----------
    given : mapping
    tz : str or tzinfo
        Zone of times that name none.
    date_order : {"dmy", "mdy"}, optional
        Order of dates with the year last, where the date itself does not tell.

    Raises
    ------
    MissingWords
        When there is neither `text` nor `subject`.
    BadValue
        When there is no text, a text is something else, or `created_at` is no time.
    AmbiguousDates
        When `created_at` does not tell whether its day or its month comes first.

    >>> read_ticket({"text": "Where is it?", "subject": "Parcel", "created_at": "2026-01-01"})
    Ticket(text='Parcel\\nWhere is it?', created_at=1767225600, category='', language='', agent_reply='',
    satisfaction=0)
    """
    if "text" not in given and "subject" not in given:
        names = [*map(str, given)]
        raise MissingWords(["text"], names, {"text": guesses("text", names[:_MOST_GUESSED])})
    subject, words = _text(given, "subject"), _text(given, "text")
    text = judged_part(join_texts([subject], [words])[0])
    if not text or text.isspace():
        raise BadValue(None, "text", given.get("text", ""), "a text", "give the words of the ticket")
    category, language = (_read(given, name) if name in given else "" for name in ("category", "language"))
    score = _read(given, "satisfaction") if "satisfaction" in given else 0
    return Ticket(
        text,
        _written_at(given, tz, date_order),
        category,
        language,
        _read(given, "agent_reply") if "agent_reply" in given else "",
        int(score or 0),
    )


def _text(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name, "")
    return value if value.__class__ is str else text_of(value, name)


def _read(given: Mapping[str, Any], name: str) -> Any:
    return read_column(_KINDS[name], [given[name]])[0][0]


def _written_at(given: Mapping[str, Any], tz: str | tzinfo, date_order: str | None) -> int:
    value = given.get("created_at")
    if value is None or (value.__class__ is str and not value):
        return int(time.time())
    try:
        seconds = parse_time(value, tz, date_order)
    except AmbiguousDates:
        columns = {name: [given[name]] for name in ("created_at", "resolved_at") if name in given}
        return int(read_times(columns, tz, None)["created_at"][0][0])
    except BadValue:
        raise BadValue(None, "created_at", value, "a time", "write it as 2026-12-31 09:30") from None
    return int(time.time()) if seconds == NO_TIME else seconds
