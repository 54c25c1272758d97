"""The tickets that labellers see, and the labels that come back."""

from __future__ import annotations

import pandas as pd

from ..errors import BadValue
from ..masking import mask
from .needed_columns import need_columns

LABEL_COLUMNS = ("customer_type", "secondary_type", "emotional_mode")
SHOWN, FILLED = ("ticket_id", "text"), (*LABEL_COLUMNS, "note")
LONGEST_SHOWN = 32_000
_NATIONAL = ("gbk", "cp950")


def checked_tickets(tickets: pd.DataFrame) -> list[tuple[str, str]]:
    """Id and text of each ticket that goes out.

    Raises
    ------
    MissingColumns
        When there is no ``ticket_id`` or no ``text``.
    BadValue
        When a ``ticket_id`` is empty or comes twice.
    """
    need_columns(tickets, SHOWN)
    keys = tickets["ticket_id"].fillna("").astype(str).tolist()
    seen: set[str] = set()
    for row, key in enumerate(keys, start=1):
        if not key or key in seen:
            remedy = "name the tickets with workbench.pool.ticket_keys"
            raise BadValue(row, "ticket_id", key, "filled and in one row only", remedy)
        seen.add(key)
    return list(zip(keys, tickets["text"].fillna("").astype(str).tolist(), strict=True))


def shown_text(text: str, masked: bool = True) -> str:
    """A ticket's text as a labeller sees it: without control characters, never longer than a cell holds.

    >>> shown_text("call 138-0013-8091\\x07 please\\r\\nnow")
    'call [phone …91] please\\nnow'
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(c for c in text if c in "\n\t" or (c >= " " and c not in "\x7f\ufffe\uffff"))
    text = text.encode("utf-8", "replace").decode("utf-8")
    text = mask(text) if masked else text
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…"


def same_text(came: str, sent: str) -> bool:
    """Whether a text is the one that went out: spreadsheets change line ends, trim, and write ``?`` for what
    an encoding lacks.

    >>> same_text("a\\r\\nb ", "a\\nb"), same_text("a", "b"), same_text("太慢了??", "太慢了😡")
    (True, False, True)
    """
    came, sent = "".join(came.split()), "".join(sent.split())
    return came == sent or ("?" in came and any(_kept(came, e) == _kept(sent, e) for e in _NATIONAL))


def _kept(text: str, encoding: str) -> str:
    """What is left of a text in an encoding that marks the rest by ``?``."""
    return text.encode(encoding, "ignore").decode(encoding).replace("?", "")


def labels_frame(rows: list[dict[str, object]]) -> pd.DataFrame:
    """Labels that came back: one row a ticket and labeller.

    Columns: ``ticket_id``, ``labeller``, ``FILLED``, ``row`` (in the file).
    """
    return pd.DataFrame(rows, columns=["ticket_id", "labeller", *FILLED, "row"])
