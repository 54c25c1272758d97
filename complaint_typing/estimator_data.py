"""What the estimator is given to fit, checked and laid out for fitting."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .class_labels import ClassLabels, names_of
from .errors import BadValue, UnequalColumns
from .fitting import Labelled, labelled
from .label_terms import check_labels
from .model import GATED
from .screening import abuse_gate
from .taxonomy import Taxonomy
from .text_limit import judged_part
from .ticket_table import join_texts
from .ticket_texts import column_of, facts_of, text_of, texts_of


def tickets_to_fit(
    X: Any, labels: ClassLabels, beside: Mapping[str, Any], taxonomy: Taxonomy | None
) -> tuple[Labelled, NDArray[np.intp]]:
    """Texts, history and labels as fitting reads them, and which rows they are.

    Tickets of weight 0 are left out, and the others sorted, so that the order of the rows means nothing.

    Parameters
    ----------
    X : sequence of str, or DataFrame
    labels : ClassLabels
    beside : mapping of str to sequence or None
        ``sample_weight``, ``groups``, ``modes`` and ``signals``.
    taxonomy : Taxonomy or None
        Whose terms are allowed.

    Raises
    ------
    MissingColumns, UnequalColumns, BadValue, BadLabels
        As :meth:`~complaint_typing.classifier.CustomerTypeClassifier.fit`.
    """
    texts, facts = words_of(X), facts_of(X)
    _check_lengths(texts, {"customer_type": labels.names, **beside})
    weights = _weights(beside["sample_weight"], len(texts))
    kept = _rows_to_fit(weights, labels.names, texts)
    modes = None if beside["modes"] is None else names_of(beside["modes"], "emotional_mode")
    signals = None if beside["signals"] is None else list(beside["signals"])
    names = _signal_names(signals)
    if taxonomy is not None:
        _hold_against(taxonomy, labels, modes, signals)
        names = list(taxonomy.signals)
    data = labelled(
        [texts[i] for i in kept.tolist()],
        {name: values[kept] for name, values in facts.items()},
        labels.names[kept],
        None if beside["groups"] is None else [list(beside["groups"])[i] for i in kept.tolist()],
        None if modes is None else modes[kept],
        None if signals is None else [signals[i] for i in kept.tolist()],
        names,
        weights[kept],
        gated=_gated(labels, facts),
    )
    return data, kept


def words_of(X: Any) -> list[str]:
    """The texts of a table or a sequence, each below its ``subject`` where the table has one.

    A text that begins with its subject, as labelled files are read, stays as it is.

    Raises
    ------
    MissingColumns, BadValue
        As :func:`~complaint_typing.ticket_texts.texts_of`.

    >>> import pandas as pd
    >>> words_of(pd.DataFrame({"subject": ["Refund", "Late"], "text": ["Please.", "Late\\nAgain."]}))
    ['Refund\\nPlease.', 'Late\\nAgain.']
    """
    texts, column = texts_of(X), column_of(X, "subject")
    if column is None:
        return texts
    titles = [text_of(title, "subject", row) for row, title in enumerate(column, start=1)]
    above = [
        "" if f"{text}\n".startswith(f"{title}\n") else title
        for title, text in zip(titles, texts, strict=True)
    ]
    return [judged_part(text) for text in join_texts(above, texts)]


def _rows_to_fit(weights: NDArray[np.float64], names: NDArray[Any], texts: Sequence[str]) -> NDArray[np.intp]:
    """The rows that weigh anything, by type and text."""
    types = names.tolist()
    rows = sorted(np.flatnonzero(weights > 0).tolist(), key=lambda row: (types[row], texts[row]))
    return np.array(rows, dtype=np.intp)


def _check_lengths(texts: Sequence[str], columns: Mapping[str, Any]) -> None:
    """Raise UnequalColumns unless every column that was given has one entry a text."""
    lengths = {"text": len(texts)}
    for name, column in columns.items():
        if column is not None:
            lengths[name] = len(_cells(name, column))
    if len(set(lengths.values())) > 1:
        raise UnequalColumns(lengths)


def _cells(name: str, column: Any) -> Any:
    """The column itself, or as an array where it is only like one."""
    cells = column if hasattr(column, "__len__") else np.asarray(column, dtype=object)
    if not hasattr(column, "__len__") and not cells.ndim:
        raise BadValue(None, name, column, "a list with one entry a text", "put them in a list")
    return cells


def _weights(sample_weight: Any, n: int) -> NDArray[np.float64]:
    """Weights of the tickets, 1 where none are given."""
    if sample_weight is None:
        return np.ones(n)
    try:
        weights = np.asarray(sample_weight, dtype=float)
    except (TypeError, ValueError):
        weights = np.full(n, np.nan)
    if weights.ndim != 1:
        remedy = "give one number a ticket"
        raise BadValue(None, "sample_weight", weights.shape, "a column of numbers", remedy)
    bad = np.flatnonzero(~(weights >= 0) | np.isinf(weights))
    if len(bad):
        remedy = "write 1 for a ticket that counts as any other"
        value = np.asarray(sample_weight, dtype=object)[bad[0]]
        raise BadValue(int(bad[0]) + 1, "sample_weight", value, "a number from 0 up", remedy)
    if n and not weights.any():
        remedy = "write 1 for a ticket that counts as any other"
        raise BadValue(None, "sample_weight", 0, "a weight above zero for any ticket", remedy)
    return weights


def _signal_names(signals: Sequence[Collection[str]] | None) -> list[str]:
    """All signals that occur; signals joined in one text are refused."""
    for row, found in enumerate(signals or (), start=1):
        if isinstance(found, str) or not isinstance(found, Collection):
            raise BadValue(row, "risk_signals", found, "a collection of names", "split the text at its ;")
        for name in found:
            if not isinstance(name, str):
                raise BadValue(row, "risk_signals", name, "the name of a signal", "write it as a string")
    return sorted(set().union(*(signals or ())))


def _hold_against(
    taxonomy: Taxonomy,
    labels: ClassLabels,
    modes: NDArray[Any] | None,
    signals: Sequence[Collection[str]] | None,
) -> None:
    """Raise BadLabels for what the taxonomy lacks; numbers that have no name are held against nothing."""
    types = [] if labels.nameless else labels.names.tolist()
    columns: dict[str, Sequence[Collection[str]]] = {
        "customer_type": [(name,) for name in types],
        "risk_signals": signals or [],
    }
    columns["emotional_mode"] = [(name,) for name in ([] if modes is None else modes.tolist())]
    check_labels(columns, taxonomy)


def _gated(labels: ClassLabels, facts: Mapping[str, NDArray[Any]]) -> tuple[str, ...]:
    """The types that need the abuse gate open.

    Among numbers without names it is the one whose tickets are most under an open gate, if half of them
    are: nothing else tells it.
    """
    if not labels.nameless:
        return GATED
    is_open = abuse_gate(facts)
    share = [float(is_open[labels.names == name].mean()) for name in labels.types]
    place = int(np.argmax(share))
    return (labels.types[place],) if share[place] >= 0.5 else ()
