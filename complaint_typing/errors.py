"""Every error this library raises: the facts as attributes, the sentence written from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .masking import mask

LONGEST_QUOTE = 40
MOST_TOLD = 50


def quoted(value: object) -> str:
    """A value as error texts may show it: one line, personal data masked, at most 40 characters.

    >>> quoted("x" * 50)
    "'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…'"
    """
    text = mask(str(value)[:500])
    if len(text) > LONGEST_QUOTE:
        text = text[: LONGEST_QUOTE - 1] + "…"
    return repr(text)


def map_option(column: str, header: str) -> str:
    """The option that names a header, as it is typed.

    >>> print(map_option("text", "Case Notes"))
    --map "text=Case Notes"
    """
    pair = f"{column}={header}"
    return f'--map "{pair}"' if len(pair.split()) > 1 else f"--map {pair}"


class ComplaintTypingError(Exception):
    """Base of every error raised on purpose by this library; its repr too shows personal data masked."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"


class InputError(ComplaintTypingError, ValueError):
    """Something that was handed in cannot be used as it is."""


class MissingColumns(InputError):
    """Columns that a task needs are not among the headers found.

    >>> print(MissingColumns(["text"], ["id", "txet"], {"text": ["txet"]}))
    no column found for: text. Headers found: 'id', 'txet'. Nearest guesses: text = 'txet'.
    Name them with --map, for example --map text=txet (in Python: mapping={'text': 'txet'})
    """

    def __init__(
        self,
        missing: Sequence[str],
        found: Sequence[str],
        guesses: Mapping[str, Sequence[str]] | None = None,
        path: object = None,
    ):
        self.missing, self.found, self.guesses = list(missing), list(found), dict(guesses or {})
        self.path = None if path is None else str(path)
        super().__init__(missing, found, guesses, path)

    def __str__(self) -> str:
        headers = ", ".join(quoted(h) for h in self.found) or "none"
        near = "; ".join(f"{c} = " + " or ".join(map(quoted, g)) for c, g in self.guesses.items() if g)
        column, header = next(
            ((c, mask(g[0])) for c, g in self.guesses.items() if g), (self.missing[0], "YOUR_HEADER")
        )
        where = f"{self.path}: " if self.path else ""
        return (
            f"{where}no column found for: {', '.join(self.missing)}. Headers found: {headers}."
            + (f" Nearest guesses: {near}." if near else "")
            + f" {self._remedy(column, header)}"
        )

    def _remedy(self, column: str, header: str) -> str:
        there = f"(in Python: mapping={{{column!r}: {header!r}}})"
        return f"Name them with --map, for example {map_option(column, header)} {there}"


class MissingScoredColumns(MissingColumns):
    """Columns that a task on a scored file needs are not there; some of them only scoring appends.

    >>> print(MissingScoredColumns(["agent_id", "strategy_id"], ["text"], ["strategy_id"]))
    needed and not found: agent_id, strategy_id. Columns found: 'text'.
    Score the file first (complaint-typing score) for strategy_id; name the header with --map, for example
    --map agent_id=YOUR_HEADER (in Python: mapping={'agent_id': 'YOUR_HEADER'})
    """

    def __init__(self, missing: Sequence[str], found: Sequence[str], scored: Sequence[str] = ()):
        super().__init__(missing, found)
        self.scored = list(scored)
        self.args = (self.missing, self.found, self.scored)

    def __str__(self) -> str:
        columns = ", ".join(quoted(h) for h in self.found) or "none"
        own = [name for name in self.missing if name not in self.scored]
        score = f"score the file first (complaint-typing score) for {', '.join(self.scored)}"
        remedies = [score] if self.scored else []
        if own:
            remedies.append(f"name the header with --map, for example --map {own[0]}=YOUR_HEADER")
            remedies[-1] += f" (in Python: mapping={{{own[0]!r}: 'YOUR_HEADER'}})"
        remedy = "; ".join(remedies)
        said = f"needed and not found: {', '.join(self.missing)}. Columns found: {columns}."
        return f"{said} {remedy[:1].upper()}{remedy[1:]}"


class UnequalColumns(InputError):
    """Columns of one table have different lengths.

    >>> print(UnequalColumns({"text": 3, "ticket_id": 2}))
    columns differ in length: text 3, ticket_id 2; give one value per row in each
    """

    def __init__(self, lengths: Mapping[str, int]):
        self.lengths = dict(lengths)
        super().__init__(lengths)

    def __str__(self) -> str:
        shown = ", ".join(f"{column} {length}" for column, length in self.lengths.items())
        return f"columns differ in length: {shown}; give one value per row in each"


class BadValue(InputError):
    """One value of one row is not what its column asks for.

    >>> print(BadValue(17, "created_at", "32/13/2024", "a time", "write it as 2024-12-31 09:30"))
    row 17, column created_at: not a time, got '32/13/2024'; write it as 2024-12-31 09:30
    """

    def __init__(self, row: int | None, column: str, value: object, expected: str, remedy: str):
        self.row, self.column, self.value, self.expected, self.remedy = row, column, value, expected, remedy
        super().__init__(row, column, value, expected, remedy)

    def __str__(self) -> str:
        where = f"row {self.row}, " if self.row is not None else ""
        return f"{where}column {self.column}: not {self.expected}, got {quoted(self.value)}; {self.remedy}"


class BadOption(BadValue):
    """An argument or option of a call is not what it should be.

    >>> print(BadOption("lang", "fr", "a language of the texts", "use zh or en"))
    lang: not a language of the texts, got 'fr'; use zh or en
    """

    def __init__(self, option: str, value: object, expected: str, remedy: str):
        super().__init__(None, option, value, expected, remedy)
        self.args = (option, value, expected, remedy)

    def __str__(self) -> str:
        return f"{self.column}: not {self.expected}, got {quoted(self.value)}; {self.remedy}"


@dataclass(frozen=True)
class LabelFault:
    """One label that is not allowed.

    >>> print(LabelFault("may.csv", 7, "customer_type", "vent", "a term of the taxonomy", "venting"))
    may.csv, row 7, column customer_type: not a term of the taxonomy, got 'vent'; perhaps venting
    """

    path: str
    row: int
    column: str
    value: str = field(repr=False)
    expected: str
    nearest: str = ""
    header: str = ""

    def __str__(self) -> str:
        perhaps = f"; perhaps {self.nearest}" if self.nearest else ""
        where = f"{self.path}, row {self.row}, column {self.header or self.column}"
        return f"{where}: not {self.expected}, got {quoted(self.value)}{perhaps}"


class BadLabels(InputError):
    """Labelled files hold labels that are not allowed; all of them are told at once.

    Attributes
    ----------
    faults : tuple of LabelFault
        Rows are counted from 1 below the header.
    allowed : dict of str to list of str
        What the columns with faults may hold.

    >>> faults = [LabelFault("may.csv", 7, "emotional_mode", "angry", "a term of the taxonomy")]
    >>> print(BadLabels(faults, {"emotional_mode": ["attack", "emotional", "rational"]}))
    1 label is not allowed; correct it and run again
      may.csv, row 7, column emotional_mode: not a term of the taxonomy, got 'angry'
      allowed in emotional_mode: attack, emotional, rational
    """

    def __init__(self, faults: Sequence[LabelFault], allowed: Mapping[str, Sequence[str]]):
        self.faults, self.allowed = tuple(faults), {name: list(names) for name, names in allowed.items()}
        super().__init__(faults, allowed)

    def __str__(self) -> str:
        n = len(self.faults)
        told = "1 label is not allowed; correct it" if n == 1 else f"{n} labels are not allowed; correct them"
        lines = [f"{told} and run again", *map(str, self.faults[:MOST_TOLD])]
        lines += [f"and {n - MOST_TOLD} more"] if n > MOST_TOLD else []
        lines += [f"allowed in {name}: {', '.join(names)}" for name, names in self.allowed.items()]
        return "\n  ".join(lines)


class UnreadableInput(InputError):
    """A file cannot be read at all.

    >>> print(UnreadableInput("export.csv", "the file is empty", "export it again"))
    export.csv: the file is empty; export it again
    """

    def __init__(self, path: object, reason: str, remedy: str):
        self.path, self.reason, self.remedy = str(path), reason, remedy
        super().__init__(path, reason, remedy)

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}; {self.remedy}"


class AmbiguousDates(InputError):
    """Dates such as 03/05/2024 where nothing tells whether the day or the month comes first.

    >>> print(AmbiguousDates("created_at", ["03/05/2024"]))
    column created_at: day and month cannot be told apart, as in '03/05/2024';
    write 2024-12-31, or say date_order="dmy" (day first) or "mdy" (--date-order) where you can
    """

    def __init__(self, column: str, examples: Sequence[object], contradictory: bool = False, path: str = ""):
        self.column, self.examples, self.contradictory = column, [str(e) for e in examples], contradictory
        self.path = path
        super().__init__(column, examples, contradictory, path)

    def __str__(self) -> str:
        mixed, unclear = "some have the day first, some the month", "day and month cannot be told apart"
        why = mixed if self.contradictory else unclear
        shown = " and ".join(map(quoted, self.examples))
        remedy = 'write 2024-12-31, or say date_order="dmy" (day first) or "mdy" (--date-order) where you can'
        where = f"{self.path}, " if self.path else ""
        return f"{where}column {self.column}: {why}, as in {shown}; {remedy}"


class DataNotFound(ComplaintTypingError, FileNotFoundError):
    """A file that ships with the package is not where it should be."""

    def __init__(self, name: str, looked_in: Sequence[object]):
        self.name, self.looked_in = name, [str(p) for p in looked_in]
        super().__init__(name, looked_in)

    def __str__(self) -> str:
        return (
            f"packaged data {self.name!r} not found in {', '.join(self.looked_in)}; install the package again"
        )


@dataclass(frozen=True)
class TableFault:
    """One thing wrong in a table that people edit.

    >>> print(TableFault(17, "goodwill_cap", "lots", "not a number", "write an amount or leave it empty"))
    row 17, column goodwill_cap: not a number, got 'lots'; write an amount or leave it empty
    """

    row: int | None
    column: str
    value: str = field(repr=False)
    what: str
    remedy: str

    def __str__(self) -> str:
        where = ", ".join(
            ([f"row {self.row}"] if self.row is not None else [])
            + ([f"column {self.column}"] if self.column else [])
        )
        got = f", got {quoted(self.value)}" if self.value else ""
        return (f"{where}: " if where else "") + f"{self.what}{got}; {self.remedy}"


class PolicyError(InputError):
    """A table of the taxonomy, policy, risk rules or playbook is refused, with all its faults.

    Attributes
    ----------
    path : str
        The table; row numbers of the faults are those a spreadsheet shows (the header is row 1).
    faults : tuple of TableFault
        Everything that is wrong with it.

    >>> print(PolicyError("policy.csv", [TableFault(3, "rule_id", "", "empty", "give the row an id")]))
    policy.csv: 1 fault
      row 3, column rule_id: empty; give the row an id
    """

    def __init__(self, path: object, faults: Sequence[TableFault]):
        self.path, self.faults = str(path), tuple(faults)
        super().__init__(path, faults)

    def __str__(self) -> str:
        count = f"{len(self.faults)} fault{'' if len(self.faults) == 1 else 's'}"
        return "\n  ".join([f"{self.path}: {count}", *map(str, self.faults)])


class TargetExists(InputError, FileExistsError):
    """A file would be overwritten that someone may have edited.

    >>> print(TargetExists("own/policy.csv"))
    own/policy.csv: already there and left as it is; choose another folder, or move the file away
    """

    def __init__(self, path: object):
        self.path = str(path)
        super().__init__(path)

    def __str__(self) -> str:
        return f"{self.path}: already there and left as it is; choose another folder, or move the file away"


class UnwritableTarget(ComplaintTypingError, OSError):
    """A file cannot be written where it should go.

    >>> print(UnwritableTarget("no/such/scored.csv", "the folder is not there"))
    no/such/scored.csv: the folder is not there; make the folder, or choose another place
    """

    def __init__(self, path: object, reason: str, remedy: str = "make the folder, or choose another place"):
        self.path, self.reason, self.remedy = str(path), reason, remedy
        super().__init__(path, reason, remedy)

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}; {self.remedy}"


class ArtifactError(ComplaintTypingError):
    """A model folder is damaged, foreign, or newer than this version can read.

    >>> print(ArtifactError("my_model", "manifest.json is missing"))
    model my_model: manifest.json is missing; train again, or restore the folder from its backup
    """

    def __init__(
        self, path: object, reason: str, remedy: str = "train again, or restore the folder from its backup"
    ):
        self.path, self.reason, self.remedy = str(path), reason, remedy
        super().__init__(path, reason, remedy)

    def __str__(self) -> str:
        return f"model {self.path}: {self.reason}; {self.remedy}"


class KeptHistoryError(InputError):
    """A history that was kept, in a cache or in a store, cannot be used by this version.

    >>> print(KeptHistoryError("format 9 is newer than 1", "upgrade complaint-typing"))
    kept history: format 9 is newer than 1; upgrade complaint-typing
    """

    def __init__(self, reason: str, remedy: str):
        self.reason, self.remedy = reason, remedy
        super().__init__(reason, remedy)

    def __str__(self) -> str:
        return f"kept history: {self.reason}; {self.remedy}"


class StoreUnavailable(ComplaintTypingError, ConnectionError):
    """The database of the history store failed or cannot be reached.

    >>> print(StoreUnavailable("sqlite:///history.db", "database is locked"))
    history store sqlite:///history.db: 'database is locked'; what was not acknowledged can be given again
    once it is back, nothing counts twice
    """

    def __init__(self, url: str, reason: str):
        self.url, self.reason = url, reason
        super().__init__(url, reason)

    def __str__(self) -> str:
        again = "what was not acknowledged can be given again once it is back, nothing counts twice"
        return f"history store {self.url}: {quoted(self.reason)}; {again}"


class MissingExtra(ComplaintTypingError, ImportError):
    """A feature needs an optional dependency that is not installed.

    >>> print(MissingExtra("workbench", "altair"))
    this needs altair: pip install 'complaint-typing[workbench]'
    """

    def __init__(self, extra: str, package: str):
        self.extra, self.package = extra, package
        super().__init__(extra, package)

    def __str__(self) -> str:
        return f"this needs {self.package}: pip install 'complaint-typing[{self.extra}]'"
