"""The labels that labellers choose from, by id and by name, and how what they wrote is understood."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from ..errors import TableFault
from ..folding import fold_text
from ..masking import mask
from ..model import NONE
from ..taxonomy import LANGUAGES, Taxonomy

LABEL_COLUMNS = ("customer_type", "secondary_type", "emotional_mode")
LONGEST_SHOWN = 32_000
_NATIONAL = ("gbk", "cp950")
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

        Width, script, case, blanks and punctuation make no difference.

        >>> from complaint_typing.taxonomy import read_taxonomy
        >>> terms = Terms(read_taxonomy())
        >>> [terms.understood("customer_type", w) for w in ("渴望尊重型", " Venting", "none", "", "angry")]
        ['respect_seeking', 'venting', 'none', '', None]
        >>> terms.understood("customer_type", "Respect-Seeking.")
        'respect_seeking'
        """
        if not written.strip():
            return ""
        named = [(name, id) for id in self.ids(column) for name in self._names(id)]
        exact = {id for name, id in named if name.casefold() == written.strip().casefold()}
        alike = exact or {id for name, id in named if _letters(name) == _letters(written)}
        return alike.pop() if len(alike) == 1 else None

    def _names(self, id: str) -> tuple[str, ...]:
        return (id, *(self.name(id, lang) for lang in LANGUAGES))

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


def _letters(text: str) -> str:
    """A name as labels are told apart: its folded letters and digits."""
    return "".join(c for c in fold_text(text) if c.isalnum())


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

    Columns: ``ticket_id``, ``labeller``, ``LABEL_COLUMNS``, ``note``, ``row`` (in the file).
    """
    return pd.DataFrame(rows, columns=["ticket_id", "labeller", *LABEL_COLUMNS, "note", "row"])
