"""Which labels a taxonomy allows, and what is wrong with one that it does not."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping

from .errors import BadLabels, LabelFault
from .model import NONE
from .taxonomy import Taxonomy


def allowed_labels(taxonomy: Taxonomy) -> dict[str, set[str]]:
    """What the label columns may hold."""
    return {
        "customer_type": {*taxonomy.types, NONE, ""},
        "corrected_type": {*taxonomy.types, NONE, ""},
        "secondary_type": {*taxonomy.types, ""},
        "emotional_mode": {*taxonomy.modes, ""},
        "risk_signals": {*taxonomy.signals, ""},
    }


def term_fault(path: str, row: int, column: str, value: str, terms: Collection[str]) -> LabelFault | None:
    """What is wrong with a label, with the nearest allowed one; None when it is allowed.

    >>> print(term_fault("may.csv", 7, "customer_type", "vent", {"venting", ""}))
    may.csv, row 7, column customer_type: not a term of the taxonomy, got 'vent'; perhaps venting
    """
    if value in terms:
        return None
    near = difflib.get_close_matches(value.strip().lower(), [*filter(None, terms)], n=1, cutoff=0.5)
    return LabelFault(path, row, column, value, "a term of the taxonomy", near[0] if near else "")


def check_labels(columns: Mapping[str, Iterable[Collection[str]]], taxonomy: Taxonomy) -> None:
    """Raise BadLabels with every label of these columns that the taxonomy lacks.

    Parameters
    ----------
    columns : mapping of str to iterable of collections of str
        The labels of each ticket, by column.
    taxonomy : Taxonomy
    """
    allowed, faults = allowed_labels(taxonomy), []
    for column, tickets in columns.items():
        for row, labels in enumerate(tickets, start=1):
            found = (term_fault("labels", row, column, label, allowed[column]) for label in labels)
            faults += [fault for fault in found if fault]
    if faults:
        named = {fault.column for fault in faults}
        raise BadLabels(faults, {c: sorted(allowed[c] - {""}) for c in columns if c in named})
