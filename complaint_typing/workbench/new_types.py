"""From a cluster to a type: a sheet of labels to confirm, and a policy that knows the type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from os import PathLike
from pathlib import Path

import pandas as pd

from .. import cells
from ..errors import BadOption, BadValue, PolicyError, TableFault, TargetExists
from ..formula_guard import guard, unguard_exact
from ..policy import TABLES, PolicyTable
from ..resources import data_path
from ..taxonomy import Table, Term, read_table, read_taxonomy, write_table
from ..ticket_table import join_texts
from .discovery import Discovery
from .errors import LabellingError
from .label_terms import same_text, shown_text
from .needed_columns import need_columns

SUGGESTED, NEAR = "suggested", "near"
ANSWERS = {"yes": True, "y": True, "1": True, "是": True, "no": False, "n": False, "0": False, "否": False}
_SHEET = ("row", "text", "suggestion", "closeness", "confirmed")
_TERM_FIELDS = tuple(field.name for field in fields(Term))


@dataclass(frozen=True)
class CandidateType:
    """A cluster that an analyst named: its term for the taxonomy, and the sheet to confirm.

    Attributes
    ----------
    term : Term
    sheet : DataFrame
        `row` (place in the export, from 0), `text`, `suggestion` (``suggested`` members, closest
        first, then ``near`` ones outside), `closeness`, and `confirmed` for yes or no (是 or 否), empty.
    """

    term: Term
    sheet: pd.DataFrame


def name_candidate(
    found: Discovery,
    cluster: int | Sequence[int],
    id: str,
    name_zh: str,
    name_en: str,
    meaning_zh: str,
    meaning_en: str,
    near: int = 20,
) -> CandidateType:
    """Name a cluster; it becomes a candidate for a type.

    Parameters
    ----------
    found : Discovery
    cluster : int or sequence of int
        Its number, from 1; of several that are one type, all.
    id, name_zh, name_en, meaning_zh, meaning_en : str
        As a row of `taxonomy.csv`; the meaning says in a sentence what the customer wants.
    near : int
        How many tickets just outside the cluster to judge as well.

    Raises
    ------
    BadOption
        When there is no such cluster, or the id is taken or is no identifier.
    """
    chosen = [cluster] if isinstance(cluster, int) else list(cluster)
    if not chosen or not {*chosen} <= {c.number for c in found.clusters}:
        raise BadOption("cluster", cluster, "a cluster that was found", "use a number of found.clusters")
    if not id.isascii() or not id.isidentifier() or id != id.lower():
        raise BadOption("id", id, "a name of small letters", "write it like venting or my_type")
    if id in {term.id for term in read_taxonomy().terms}:
        raise BadOption("id", id, "a new id", "choose one that the taxonomy does not have")
    tickets = found.tickets.sort_values("closeness", ascending=False, kind="stable")
    members = tickets[tickets["cluster"].isin(chosen)].assign(suggestion=SUGGESTED)
    outside = tickets[tickets["cluster"] == 0].head(near).assign(suggestion=NEAR)
    sheet = pd.concat([members, outside]).rename_axis("row").reset_index().assign(confirmed="")
    term = Term("type", id, name_zh, name_en, meaning_zh, meaning_en, "discovery")
    return CandidateType(term, sheet[list(_SHEET)])


def write_sheet(candidate: CandidateType, path: str | PathLike[str]) -> Path:
    """Write the sheet as CSV for a spreadsheet; personal data are masked in it.

    Raises
    ------
    TargetExists
        When the file is there: it may hold somebody's answers.
    """
    path = Path(path)
    if path.exists():
        raise TargetExists(path)
    rows = [
        (i, {name: _cell(name, row[name]) for name in _SHEET})
        for i, (_, row) in enumerate(candidate.sheet.iterrows(), start=2)
    ]
    write_table(path, Table(path, _SHEET, tuple(rows)))
    return path


def _cell(name: str, value: object) -> str:
    if name == "closeness":
        return f"{value:.2f}"
    return guard(shown_text(str(value))) if name == "text" else str(value)


def read_sheet(path: str | Path) -> pd.DataFrame:
    """Read the answers of a sheet back.

    Returns
    -------
    DataFrame
        `row` (place in the export, from 0), `text` (as it was shown) and `confirmed` (bool) of the rows that
        were answered; the index has their numbers in the file (the header is row 1).

    Raises
    ------
    PolicyError
        When it is no CSV table with these columns.
    BadValue
        When an answer is neither yes nor no, a `row` is no number, or no answer was given.

    >>> read_sheet("no_such_sheet.csv")
    Traceback (most recent call last):
        ...
    complaint_typing.errors.PolicyError: no_such_sheet.csv: 1 fault
      cannot be opened (No such file or directory); ...
    """
    answers: dict[int, tuple[int, str, bool]] = {}
    for number, row in read_table(path, ("row", "text", "confirmed")):
        said = row["confirmed"].strip().casefold()
        if said and said not in ANSWERS:
            raise BadValue(
                number, "confirmed", said, "yes or no", "write yes or no (是 or 否), or leave it empty"
            )
        if said and not (row["row"].isascii() and row["row"].isdigit()):
            raise BadValue(
                number, "row", row["row"], "a row of the export", "restore this cell, or write a new sheet"
            )
        if said:
            (text,) = unguard_exact([row["text"]])
            answers[number] = int(row["row"]), text, ANSWERS[said]
    if not answers:
        raise BadValue(None, "confirmed", "", "an answer", "write yes or no (是 or 否) in some of the rows")
    return pd.DataFrame.from_dict(answers, orient="index", columns=["row", "text", "confirmed"])


def confirmed_labels(export: pd.DataFrame, answers: pd.DataFrame, candidate: CandidateType) -> pd.DataFrame:
    """The confirmed tickets of an export, labelled with the new type, to train on beside the known ones.

    Parameters
    ----------
    export : DataFrame
        The one in which the type was discovered, row for row.
    answers : DataFrame
        As :func:`read_sheet` gives them.
    candidate : CandidateType

    Raises
    ------
    MissingColumns
        When the export has no text.
    LabellingError
        When texts of the sheet are not those of the export's rows: the answers belong to another export.

    >>> term = Term("type", "asks", "询问型", "Asking", "想弄明白。", "Wants to understand.", "discovery")
    >>> answers = pd.DataFrame({"row": [0], "text": ["Why so?"], "confirmed": [True]}, index=[2])
    >>> candidate = CandidateType(term, answers)
    >>> confirmed_labels(pd.DataFrame({"text": ["Why so?"]}), answers, candidate).values.tolist()
    [['Why so?', 'asks']]
    >>> confirmed_labels(pd.DataFrame({"text": ["Too late"]}), answers, candidate)
    Traceback (most recent call last):
        ...
    complaint_typing.workbench.errors.LabellingError: asks: 1 fault; nothing was taken over
      row 2, column text: not the text of this row of the export, got 'Why so?'; ...
    """
    need_columns(export, ["text"])
    given = {name: cells.texts(export[name].tolist()) for name in ("subject", "text") if name in export}
    texts = join_texts(given.get("subject"), given["text"])
    faults = [
        TableFault(
            number,
            "text",
            text,
            "not the text of this row of the export",
            "use the export that this sheet was made from, or write a new sheet",
        )
        for number, row, text in zip(answers.index, answers["row"], answers["text"], strict=True)
        if row >= len(texts) or not same_text(text, shown_text(texts[row]))
    ]
    if faults:
        raise LabellingError(candidate.term.id, faults)
    rows = answers.loc[answers["confirmed"], "row"]
    return pd.DataFrame({"text": [texts[row] for row in rows], "customer_type": candidate.term.id})


def add_type(directory: str | PathLike[str], term: Term, like: str = "undetermined") -> PolicyTable:
    """Add a type to the taxonomy and policy of a folder, and prove the table complete.

    The new type is handled as `like` is, until a team lead edits its rows: rows for that one alone are copied
    for the new type, and rows that serve several types take it in. By default it is asked what they want.

    Parameters
    ----------
    directory : path
        Written by ``complaint-typing policy export``; an empty or missing one gets the shipped tables.
    term : Term
        Of the kind ``type``.
    like : str
        A type, ``undetermined`` or ``unfamiliar``.

    Returns
    -------
    PolicyTable
        Read from the folder, so proved complete and unambiguous.

    Raises
    ------
    BadOption
        When the id is in the taxonomy already, or `like` is not.
    PolicyError
        When the folder's tables have faults, before or after; it is left as it was then.
    """
    folder = Path(directory)
    if not any((folder / name).exists() for name in TABLES):
        PolicyTable.read().export(folder)
    own = folder / "taxonomy.csv"
    taxonomy = read_table(own if own.exists() else data_path("taxonomy.csv"), _TERM_FIELDS)
    policy = PolicyTable.read(folder)
    if term.id in {t.id for t in policy.taxonomy.terms}:
        raise BadOption("id", term.id, "a new id", "choose one that the taxonomy does not have")
    if like not in policy.conditions["customer_type"]:
        known = ", ".join(policy.conditions["customer_type"])
        raise BadOption("like", like, "a type of the policy", f"use one of {known}")
    before = {path: path.read_bytes() for path in (own, folder / "policy.csv") if path.exists()}
    write_table(own, _with_term(taxonomy, term))
    write_table(folder / "policy.csv", _with_rows(policy.tables["policy.csv"], term.id, like))
    try:
        return PolicyTable.read(folder)
    except PolicyError:
        own.unlink()
        for path, content in before.items():
            path.write_bytes(content)
        raise


def _with_term(taxonomy: Table, term: Term) -> Table:
    """The taxonomy with a term behind the last of its kind."""
    rows = [dict(row) for _, row in taxonomy]
    last = max(i for i, row in enumerate(rows) if row["kind"] == term.kind)
    rows.insert(last + 1, dict.fromkeys(taxonomy.header, "") | asdict(term))
    return _table(taxonomy, rows)


def _with_rows(policy: Table, id: str, like: str) -> Table:
    """The policy with rows for a type: those of `like` alone copied, those of several widened."""
    rows: list[dict[str, str]] = []
    for _, row in policy:
        types = [cell.strip() for cell in row["customer_type"].split(";")]
        rows.append(dict(row))
        if types == [like]:
            own = {"rule_id": f"{row['rule_id']}-{id}", "customer_type": id, "source": "discovery"}
            rows.append(dict(row) | own)
        elif like in types:
            rows[-1]["customer_type"] = ";".join([*types, id])
    return _table(policy, rows)


def _table(like: Table, rows: Sequence[dict[str, str]]) -> Table:
    return Table(like.path, like.header, tuple(enumerate(rows, start=2)))
