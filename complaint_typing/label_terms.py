"""Which labels a taxonomy allows, how what people wrote is understood, and what is wrong with the rest."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from .decision import NONE
from .errors import BadLabels, LabelFault, TableFault
from .folding import fold_text
from .taxonomy import LANGUAGES, Taxonomy

_COLUMNS = ("customer_type", "corrected_type", "secondary_type", "emotional_mode", "risk_signals")
_NONE_NAME = {"zh": "不是投诉", "en": "No complaint"}
_NONE_MEANING = {
    "zh": "感谢、广告、乱码、与投诉无关的内容。",
    "en": "Thanks, advertising, gibberish, nothing to do with a complaint.",
}


@dataclass(frozen=True)
class Terms:
    """What the label columns may hold.

    Parameters
    ----------
    taxonomy : Taxonomy
    """

    taxonomy: Taxonomy

    def ids(self, column: str) -> tuple[str, ...]:
        """Ids that a label column may hold; ``none`` is a type that no complaint has."""
        if column == "emotional_mode":
            return self.taxonomy.modes
        if column == "risk_signals":
            return self.taxonomy.signals
        return self.taxonomy.types if column == "secondary_type" else (*self.taxonomy.types, NONE)

    def name(self, id: str, lang: str) -> str:
        """Name for people."""
        return _NONE_NAME[lang] if id == NONE else self.taxonomy.name(id, lang)

    def meaning(self, id: str, lang: str) -> str:
        """Meaning in one sentence."""
        return _NONE_MEANING[lang] if id == NONE else self.taxonomy.meaning(id, lang)

    def understood(self, column: str, written: str) -> str | None:
        """The id of what was written: an id or a name in either language; None where it is neither.

        Width, script, case, blanks and punctuation make no difference.

        >>> from complaint_typing.taxonomy import read_taxonomy
        >>> terms = Terms(read_taxonomy())
        >>> [terms.understood("customer_type", w) for w in ("渴望尊重型", " Venting", "none", "", "angry")]
        ['respect_seeking', 'venting', 'none', '', None]
        >>> terms.understood("customer_type", "Respect-Seeking.")
        'respect_seeking'
        """
        if written in self.ids(column):
            return written
        if not written.strip():
            return ""
        named = [(name, id) for id in self.ids(column) for name in self._names(id)]
        exact = {id for name, id in named if name.casefold() == written.strip().casefold()}
        alike = exact or {id for name, id in named if _letters(name) == _letters(written)}
        return alike.pop() if len(alike) == 1 else None

    def written_as_ids(self, column: str, cell: str) -> str:
        """A cell with every label that is understood as its id; risk signals are joined by ``;``.

        >>> from complaint_typing.taxonomy import read_taxonomy
        >>> terms = Terms(read_taxonomy())
        >>> terms.written_as_ids("risk_signals", "Legal action； media"), terms.written_as_ids("x", "vent")
        ('legal;media', 'vent')
        >>> terms.written_as_ids("risk_signals", '["legal", "media"]')
        'legal;media'
        """
        if column != "risk_signals":
            return _or_itself(self.understood(column, cell), cell)
        labels = [_or_itself(self.understood(column, label), label) for label in _several(cell)]
        return ";".join(filter(None, labels))

    def _names(self, id: str) -> tuple[str, ...]:
        return (id, *(self.name(id, lang) for lang in LANGUAGES))

    def fault(self, row: int, column: str, written: str) -> TableFault:
        """What to tell of a label that is not understood."""
        allowed = ", ".join(self.ids(column))
        return TableFault(row, column, written, "not one of the labels", f"use one of {allowed}")


def _letters(text: str) -> str:
    """A name as labels are told apart: its folded letters and digits."""
    return "".join(c for c in fold_text(text) if c.isalnum())


def _several(cell: str) -> list[str]:
    """The labels of a cell: joined by a semicolon, or an array as JSON has it."""
    if cell.startswith("["):
        try:
            return [str(label) for label in json.loads(cell)]
        except ValueError:
            pass
    return re.split("[;；]", cell)


def _or_itself(id: str | None, written: str) -> str:
    return written if id is None else id


def allowed_labels(taxonomy: Taxonomy) -> dict[str, set[str]]:
    """What the label columns may hold."""
    return {column: {*Terms(taxonomy).ids(column), ""} for column in _COLUMNS}


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
