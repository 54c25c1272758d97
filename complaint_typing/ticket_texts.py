"""Texts and history facts from what an estimator is given: a list, an array, a column or a table."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Number
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .errors import BadValue, MissingColumns
from .facts import FACTS
from .missing import is_missing
from .text_limit import judged_part
from .tongue import Tongue

if TYPE_CHECKING:
    import pandas as pd


class MissingTexts(MissingColumns):
    """A table that was handed to an estimator has no column of texts.

    >>> print(MissingTexts(["text"], ["memo"]))
    no column found for: text. Headers found: 'memo'.
    Rename the one with the texts: frame.rename(columns={'YOUR_HEADER': 'text'})
    """

    def _remedy(self, say: Tongue, column: str, header: str) -> str:
        return say("Rename the one with the texts: frame.rename(columns={0})", {header: column})


class MissingWords(MissingColumns):
    """One ticket that was handed in has neither ``text`` nor ``subject``.

    >>> print(MissingWords(["text"], ["id", "content"], {"text": ["content"]}))
    no column found for: text. Headers found: 'id', 'content'. Nearest guesses: text = 'content'.
    Call the field with the words text: advise(text=ticket['content'])
    """

    def _remedy(self, say: Tongue, column: str, header: str) -> str:
        return say("Call the field with the words text: advise(text=ticket[{0}])", repr(header))


def text_of(value: object, name: str = "text", row: int | None = None) -> str:
    """A text as it was handed in; a number is one, and "" is a missing value.

    Raises
    ------
    BadValue
        When it is something else: its words would be those that Python writes of it.

    >>> text_of(12345), text_of(float("nan"))
    ('12345', '')
    >>> text_of(["Where is it?"], row=7)
    Traceback (most recent call last):
        ...
    complaint_typing.errors.BadValue: row 7, column text: not a text, got "['Where is it?']"; ...
    """
    if isinstance(value, str):
        return value
    if is_missing(value):
        return ""
    if isinstance(value, bool) or not isinstance(value, Number):
        raise BadValue(row, name, value, "a text", "write the text as a string")
    return str(value)


def column_of(X: Any, name: str) -> Any:
    """A column of a table, or None when it has none; sequences of texts are no table."""
    names = getattr(X, "columns", None)
    return None if names is None or name not in names else X[name]


def texts_of(X: Any) -> list[str]:
    """The texts of a table or a sequence, very long ones cut as everywhere.

    Raises
    ------
    MissingTexts
        When a table has no column ``text``.
    BadValue
        When an entry is no text.
    """
    if hasattr(X, "columns"):
        if "text" not in X.columns:
            raise MissingTexts(["text"], [str(name) for name in X.columns])
        X = X["text"]
    cells = np.asarray(X, dtype=object)
    if cells.ndim == 0:
        kind = X if isinstance(X, str | None) else f"{type(X).__module__}.{type(X).__name__}"
        raise BadValue(None, "text", kind, "a sequence of texts", "put the texts in a list")
    if cells.shape[1:] not in ((), (1,)):
        shown = cells[0].tolist() if len(cells) else f"shape {cells.shape}"
        raise BadValue(None, "text", shown, "one text a row", "hand in the column of texts alone")
    texts = cells.reshape(-1).tolist()
    for row, text in enumerate(texts, start=1):
        if not isinstance(text, str):
            raise BadValue(row, "text", text, "a text", "drop the row or write the text as a string")
    return [judged_part(text) for text in texts]


def flags_as_numbers(cells: pd.Series) -> pd.Series:
    """Cells of kept facts with their flags as 1 and 0: spreadsheets write them as TRUE and FALSE."""
    return cells.str.strip().str.lower().replace({"true": "1", "false": "0"})


def facts_of(X: Any) -> Mapping[str, NDArray[Any]]:
    """The history facts of a table's ``history_*`` columns; an unknown past where it has none.

    Raises
    ------
    BadValue
        When a column holds something else than numbers from 0 up; what is empty is not known.
    """
    n = len(X)
    facts = {}
    for fact in FACTS:
        column = column_of(X, "history_" + fact.name)
        unknown = np.nan if fact.kind == "days" else 0
        values = np.full(n, unknown, dtype=float) if column is None else _numbers(column)
        if fact.kind != "days":
            values = np.where(np.isnan(values), 0, values)
        if (bad := (values < 0) | np.isinf(values)).any():
            row = int(bad.argmax())
            remedy = "append it with add_history"
            raise BadValue(row + 1, "history_" + fact.name, values[row], "a number from 0 up", remedy)
        facts[fact.name] = values.astype(bool) if fact.kind == "flag" else values
    return facts


def _numbers(column: Any) -> NDArray[np.float64]:
    try:
        return np.asarray(column.to_numpy(dtype=float, na_value=np.nan))
    except (TypeError, ValueError):
        remedy = "append it with add_history"
        raise BadValue(None, column.name, column.iloc[0], "a column of numbers", remedy) from None
