"""The labels that labellers choose from, by id and by name, and how what they wrote is understood."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from ..errors import TableFault
from ..masking import mask
from ..model import NONE
from ..taxonomy import LANGUAGES, Taxonomy

LABEL_COLUMNS = ("customer_type", "secondary_type", "emotional_mode")
LONGEST_SHOWN = 32_000
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
        return (*self.taxonomy.types, NONE) if column == "customer_type" else self.taxonomy.types

    def name(self, id: str, lang: str) -> str:
        """Name for people."""
        return _NONE_NAME[lang] if id == NONE else self.taxonomy.name(id, lang)

    def meaning(self, id: str, lang: str) -> str:
        """Meaning in one sentence."""
        return _NONE_MEANING[lang] if id == NONE else self.taxonomy.meaning(id, lang)

    def understood(self, column: str, written: str) -> str | None:
        """The id of what was written: an id or a name in either language; None where it is neither.

        >>> from complaint_typing.taxonomy import read_taxonomy
        >>> terms = Terms(read_taxonomy())
        >>> [terms.understood("customer_type", w) for w in ("渴望尊重型", " Venting", "none", "", "angry")]
        ['respect_seeking', 'venting', 'none', '', None]
        """
        written = written.strip().casefold()
        known = {"": ""}
        for id in self.ids(column):
            known |= {id.casefold(): id, **{self.name(id, lang).casefold(): id for lang in LANGUAGES}}
        return known.get(written)

    def fault(self, row: int, column: str, written: str) -> TableFault:
        """What to tell of a label that is not understood."""
        allowed = ", ".join(self.ids(column))
        return TableFault(row, column, written, "not one of the labels", f"use one of {allowed}")


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


def same_text(a: str, b: str) -> bool:
    """Whether two texts differ in blanks at most: spreadsheets change line ends and trim.

    >>> same_text("a\\r\\nb ", "a\\nb"), same_text("a", "b")
    (True, False)
    """
    return "".join(a.split()) == "".join(b.split())


def labels_frame(rows: list[dict[str, object]]) -> pd.DataFrame:
    """Labels that came back: one row a ticket and labeller.

    Columns: ``ticket_id``, ``labeller``, ``LABEL_COLUMNS``, ``note``, ``row`` (in the file).
    """
    return pd.DataFrame(rows, columns=["ticket_id", "labeller", *LABEL_COLUMNS, "note", "row"])
