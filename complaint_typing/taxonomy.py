"""The terms of the trade as data, with names and meanings, and the reader of tables that people edit."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from .errors import BadOption, BadValue, PolicyError, TableFault
from .lazily import lazily
from .resources import data_path
from .spoken import SPOKEN, one_of

LANGUAGES = ("zh", "en")
KINDS = ("type", "outcome", "mode", "signal", "goodwill", "relation_state", "role")


@dataclass(frozen=True)
class Table:
    """A small CSV table as people edit it: stripped cells, spreadsheet row numbers, blank rows left out."""

    path: Path
    header: tuple[str, ...]
    numbered_rows: tuple[tuple[int, Mapping[str, str]], ...]

    def __iter__(self) -> Iterator[tuple[int, Mapping[str, str]]]:
        return iter(self.numbered_rows)


@dataclass(frozen=True)
class Term:
    """One row of `taxonomy.csv`."""

    kind: str
    id: str
    name_zh: str
    name_en: str
    meaning_zh: str
    meaning_en: str
    source: str


@dataclass(frozen=True)
class Taxonomy:
    """All terms, in the order of the table (for roles the order says who is called in the graver case).

    >>> taxonomy = read_taxonomy()
    >>> len(taxonomy.types), taxonomy.types[0], taxonomy.modes
    (9, 'resolution_seeking', ('attack', 'emotional', 'rational'))
    >>> taxonomy.name("respect_seeking", "zh")
    '渴望尊重型'
    """

    terms: tuple[Term, ...]

    @lazily
    def _by_id(self) -> dict[str, Term]:
        return {term.id: term for term in self.terms}

    @lazily
    def types(self) -> tuple[str, ...]:
        """Ids of the customer types."""
        return self.ids("type")

    @lazily
    def modes(self) -> tuple[str, ...]:
        """Ids of the emotional modes."""
        return self.ids("mode")

    @lazily
    def signals(self) -> tuple[str, ...]:
        """Ids of the risk signals."""
        return self.ids("signal")

    def ids(self, kind: str) -> tuple[str, ...]:
        """Ids of one kind, in the order of the table.

        >>> read_taxonomy().ids("outcome")
        ('undetermined', 'unfamiliar')
        """
        return self._by_kind.get(kind, ())

    @lazily
    def _by_kind(self) -> dict[str, tuple[str, ...]]:
        kinds = dict.fromkeys(term.kind for term in self.terms)
        return {kind: tuple(term.id for term in self.terms if term.kind == kind) for kind in kinds}

    def term(self, id: str) -> Term:
        """The term with this id.

        Raises
        ------
        BadValue
            When no term has it.

        >>> read_taxonomy().term("grumpy")
        Traceback (most recent call last):
            ...
        complaint_typing.errors.BadValue: column id: not a term of the taxonomy, got 'grumpy'; ...
        """
        if id not in self._by_id:
            remedy = "add it to taxonomy.csv or correct the id"
            raise BadValue(None, "id", id, "a term of the taxonomy", remedy)
        return self._by_id[id]

    def name(self, id: str, lang: str) -> str:
        """Name of a term for people in `lang`, one of `SPOKEN`; raises `BadOption` for any other."""
        term = self.term(id)
        return in_language(lang, term.name_zh, term.name_en)

    def name_or_id(self, id: str, lang: str) -> str:
        """Name of a term for people; of what is no term, such as a type of somebody's own, its id.

        >>> read_taxonomy().name_or_id("my_type", "en")
        'my_type'
        """
        return self.name(id, lang) if id in self._by_id else id

    def meaning(self, id: str, lang: str) -> str:
        """Meaning of a term in one sentence in `lang`, one of `SPOKEN`; raises `BadOption` for any other."""
        term = self.term(id)
        return in_language(lang, term.meaning_zh, term.meaning_en)


def spoken_language(lang: str) -> str:
    """`lang` itself when what is said about a ticket can be said in it.

    >>> spoken_language("fr")
    Traceback (most recent call last):
        ...
    complaint_typing.errors.BadOption: lang: not a language of the texts, got 'fr'; use zh, zh-Hant or en
    """
    if not (isinstance(lang, str) and lang in SPOKEN):
        raise BadOption("lang", lang, "a language of the texts", "use zh, zh-Hant or en")
    return lang


def in_language(lang: str, zh: str, en: str) -> str:
    """The one of two texts that is in `lang`, one of `SPOKEN`; raises `BadOption` for any other.

    >>> in_language("zh-Hant", "退款", "refund"), in_language("en", "退款", "refund")
    ('退款', 'refund')
    """
    return one_of(spoken_language(lang), zh, en)


def checked_language(lang: str) -> str:
    """`lang` itself when pages, tables and pictures exist in it.

    >>> checked_language("fr")
    Traceback (most recent call last):
        ...
    complaint_typing.errors.BadOption: lang: not a language of the texts, got 'fr'; use zh or en
    """
    if not (isinstance(lang, str) and lang in LANGUAGES):
        raise BadOption("lang", lang, "a language of the texts", "use zh or en")
    return lang


def language_or(lang: str | None, own: str) -> str:
    """The language asked for, checked; where none was, the one of what is told.

    >>> language_or("zh", "en"), language_or(None, "en")
    ('zh', 'en')
    """
    return own if lang is None else spoken_language(lang)


def read_taxonomy(path: str | Path | None = None) -> Taxonomy:
    """Read a taxonomy table.

    Parameters
    ----------
    path : path, optional
        A file with the columns of `Term`; the one that ships with the library when left out.

    Raises
    ------
    PolicyError
        With every fault of the table: an empty cell, an unknown kind, a repeated id, a kind without terms.

    >>> read_taxonomy().meaning("at_ease", "en")
    'Both sides at ease, and the customer is satisfied.'
    """
    names = tuple(field.name for field in fields(Term))
    table = read_table(data_path("taxonomy.csv") if path is None else path, names)
    faults = empty_cells(table, names) + repeated(table, "id")
    for number, row in table:
        if row["kind"] and row["kind"] not in KINDS:
            remedy = f"use one of {', '.join(KINDS)}"
            faults.append(TableFault(number, "kind", row["kind"], "unknown kind", remedy))
    present = {row["kind"] for _, row in table}
    faults += [
        TableFault(None, "kind", kind, "no term of this kind", "copy its rows from the shipped taxonomy.csv")
        for kind in KINDS
        if kind not in present
    ]
    if faults:
        raise PolicyError(table.path, faults)
    return Taxonomy(tuple(Term(*(row[name] for name in names)) for _, row in table))


def empty_cells(table: Table, columns: Sequence[str]) -> list[TableFault]:
    """A fault for each empty cell in columns that must be filled."""
    return [
        TableFault(number, column, "", "empty", "fill it in or remove the row")
        for number, row in table
        for column in columns
        if not row[column]
    ]


def repeated(table: Table, column: str) -> list[TableFault]:
    """A fault for each value that an earlier row of the column has already."""
    first: dict[str, int] = {}
    faults = []
    for number, row in table:
        value = row[column]
        if value and first.setdefault(value, number) != number:
            what = f"already given in row {first[value]}"
            faults.append(TableFault(number, column, value, what, "give each row its own"))
    return faults


def read_table(path: str | Path, columns: Sequence[str]) -> Table:
    """Read a table that people edit in a spreadsheet.

    UTF-8 with or without BOM, or GB18030; separated by commas, semicolons or tabs; blanks around cells are
    trimmed, blank rows and columns without a header are left out, further columns are kept.

    Parameters
    ----------
    path : path
        The file.
    columns : sequence of str
        Headers that must be there, in any order.

    Raises
    ------
    PolicyError
        When the file is missing or unreadable, a header is missing or repeated, or a row has too many cells.

    >>> read_table(data_path("taxonomy.csv"), ["kind", "weight"])
    Traceback (most recent call last):
        ...
    complaint_typing.errors.PolicyError: ...taxonomy.csv: 1 fault
      row 1, column weight: header missing; ...
    """
    path = Path(path)
    records = _records(path)
    header = records[0] if records else []
    faults = [
        TableFault(1, column, "", "header missing", "restore it, or export the shipped tables to compare")
        for column in columns
        if column not in header
    ] + [
        TableFault(1, name, name, "header given twice", "remove one of the two columns")
        for name in dict.fromkeys(header)
        if name and header.count(name) > 1
    ]
    used = [i for i, name in enumerate(header) if name]
    unnamed = [i for i, name in enumerate(header) if not name]
    rows = []
    for number, record in enumerate(records[1:], start=2):
        if not any(record):
            continue
        cells = record + [""] * (len(header) - len(record))
        surplus = [cell for cell in (*(cells[i] for i in unnamed), *cells[len(header) :]) if cell]
        if surplus:
            remedy = "put texts that contain the separator in double quotes"
            faults.append(TableFault(number, "", surplus[0], "more cells than headers", remedy))
        rows.append((number, {header[i]: cells[i] for i in used}))
    if faults:
        raise PolicyError(path, faults)
    return Table(path, tuple(header[i] for i in used), tuple(rows))


def write_taxonomy(path: str | Path, taxonomy: Taxonomy) -> None:
    """Write a taxonomy as `read_taxonomy` reads it."""
    rows = tuple(enumerate(map(vars, taxonomy.terms), start=2))
    write_table(path, Table(Path(path), tuple(field.name for field in fields(Term)), rows))


def write_table(path: str | Path, table: Table) -> None:
    """Write a table as spreadsheets like it: UTF-8 with BOM, commas, CRLF."""
    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(table.header)
        writer.writerows([row[name] for name in table.header] for _, row in table)


def _records(path: Path) -> list[list[str]]:
    try:
        text = _decoded(path.read_bytes()).replace("\r\n", "\n")
        first_line = text.partition("\n")[0]
        separator = max(",;\t", key=first_line.count)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        return [[cell.strip() for cell in record] for record in reader]
    except OSError as error:
        reason = f"cannot be opened ({error.strerror})"
        remedy = "check the folder, or export the shipped tables into it"
    except UnicodeDecodeError:
        reason, remedy = "neither UTF-8 nor GB18030", "save it as 'CSV UTF-8'"
    except csv.Error as error:
        reason, remedy = f"not a CSV table ({error})", "look for a missing double quote and save it again"
    raise PolicyError(path, [TableFault(None, "", "", reason, remedy)])


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030")
