"""What the commands read beside files: a text piped in, and one customer's rows of an export."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from .cli_options import Reading
from .encodings import detect_encoding
from .errors import BadValue, MissingColumns

if TYPE_CHECKING:
    import pandas as pd

    from .customer_history import CustomerHistory


def decoded(raw: bytes) -> str:
    """A text of whatever encoding, found as for files.

    >>> decoded("退款还没到，麻烦查一下".encode("gb18030"))
    '退款还没到，麻烦查一下'
    """
    encoding = detect_encoding(raw)
    return encoding.decode(raw[len(encoding.bom) :])[0]


def read_past(
    history: str | None, customer: str | None, reading: Reading
) -> list[dict[str, Any]] | CustomerHistory:
    """The customer's earlier tickets, from a file.

    Raises
    ------
    UsageError
        When a customer is named and no file.
    """
    from .customer_history import CustomerHistory
    from .tickets import read_frame

    if history:
        return customer_records(read_frame(history, **reading), customer) or CustomerHistory()
    if customer is not None:
        raise click.UsageError("--customer goes with --history")
    return []


def customer_records(frame: pd.DataFrame, customer: str | None) -> list[dict[str, Any]]:
    """The rows of one customer, as mappings.

    Parameters
    ----------
    frame : DataFrame
        As :func:`~complaint_typing.tickets.read_frame` returns it.
    customer : str or None
        Needed where the file has several.

    Returns
    -------
    list of dict
        Where the customer named has none, a note on stderr says so.

    Raises
    ------
    MissingColumns
        When a customer is named and the file has no ``customer_id``.
    BadValue
        When none is named and the file has several.
    """
    if customer is None:
        if "customer_id" in frame.columns and frame["customer_id"].nunique() > 1:
            found = f"{frame['customer_id'].nunique()} customers"
            raise BadValue(None, "customer_id", found, "one customer", "say which with --customer")
        return frame.to_dict("records")
    if "customer_id" not in frame.columns:
        from .tickets import headers_of

        raise MissingColumns(["customer_id"], headers_of(frame))
    theirs = frame[frame["customer_id"] == customer].to_dict("records")
    if not theirs:
        n = frame["customer_id"].nunique()
        has = f"{n} customer{'' if n == 1 else 's'}"
        said = f"no ticket of this customer in the history, which has {has}: judged as somebody new"
        click.echo(f"note: {said}. Ids are compared as texts, sign by sign: 007 is not 7.", err=True)
    return theirs
