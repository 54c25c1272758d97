"""What the commands read beside files: a text piped in, and one customer's rows of an export."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from .cells import identities
from .cli_options import Reading, language
from .encodings import detect_encoding
from .errors import BadOption, BadValue, MissingColumns
from .tongue import Tongue

if TYPE_CHECKING:
    import pandas as pd

    from .customer_history import CustomerHistory


def decoded(raw: bytes) -> str:
    """A text of whatever encoding, found as for files.

    >>> decoded("退款还没到，麻烦查一下".encode("gb18030"))
    '退款还没到，麻烦查一下'
    """
    return detect_encoding(raw).whole_text(raw)


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
        When none is named and the file has several, or an id that names nobody (empty, ``N/A``): tickets of
        nobody are no one's history.
    """
    if "customer_id" not in frame.columns:
        if customer is None:
            return frame.to_dict("records")
        from .tickets import headers_of

        raise MissingColumns(["customer_id"], headers_of(frame))
    ids = identities(frame["customer_id"].tolist())[0]
    known = {*ids} - {""}
    if customer is None:
        if len(known) != 1 and ids:
            remedy = "say which with --customer" if known else "give a file of this customer's tickets"
            raise BadValue(None, "customer_id", f"{len(known)} customers", "one customer", remedy)
        return frame[[id != "" for id in ids]].to_dict("records")
    [named], _ = identities([customer])
    if not named:
        raise BadOption("--customer", customer, "a customer's id", "name one, or leave it and --history out")
    theirs = frame[[id == named for id in ids]].to_dict("records")
    if not theirs:
        told = (
            "note: no ticket of this customer in the history, whose customers number {0}: judged as somebody "
            "new. Ids are compared as texts, sign by sign: 007 is not 7."
        )
        click.echo(Tongue(language(None))(told, len(known)), err=True)
    return theirs
