"""Every error this library raises: facts as attributes, and the sentence written from them, zh and en."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .error_parts import LONGEST_REASON, at, first_faults, joined, map_option, mended, place, quoted
from .masking import mask
from .tongue import ENGLISH, Tongue


class ComplaintTypingError(Exception):
    """Base of every error raised on purpose by this library; its repr too shows personal data masked.

    `str` is English; :meth:`render` says the same in Chinese, too.

    >>> print(BadOption("lang", "fr", "a language of the texts", "use zh or en").render("zh"))
    lang：不是支持的语言，读到 'fr'；改用 zh 或 en
    """

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"

    def __str__(self) -> str:
        return self.sentence(ENGLISH)

    def render(self, lang: str = "en") -> str:
        """The sentence for a person who reads `lang` (``zh`` or ``en``)."""
        return self.sentence(Tongue(lang))

    def sentence(self, say: Tongue) -> str:
        """What is said, in the tongue given."""
        return super().__str__()


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

    def sentence(self, say: Tongue) -> str:
        headers = ", ".join(quoted(h) for h in self.found) or say("none")
        either = say(" or ")
        near = say("; ").join(f"{c} = {either.join(map(quoted, g))}" for c, g in self.guesses.items() if g)
        column, header = next(
            ((c, mask(g[0])) for c, g in self.guesses.items() if g), (self.missing[0], say("YOUR_HEADER"))
        )
        told = [say("no column found for: {0}. Headers found: {1}.", ", ".join(self.missing), headers)]
        told += [say("Nearest guesses: {0}.", near)] if near else []
        return at(self.path, joined([*told, self._remedy(say, column, header)], say), say)

    def _remedy(self, say: Tongue, column: str, header: str) -> str:
        name_them = "Name them with --map, for example {0} (in Python: mapping={1})"
        return say(name_them, map_option(column, header), {column: header})


class MissingScoredColumns(MissingColumns):
    """Columns that a task on a scored file needs are not there; some of them only scoring appends.

    >>> print(MissingScoredColumns(["agent_id", "strategy_id"], ["text"], ["strategy_id"]))
    needed and not found: agent_id, strategy_id. Columns found: 'text'.
    Score the file first (complaint-typing score) for strategy_id. Name the header with --map, for example
    --map agent_id=YOUR_HEADER (in Python: mapping={'agent_id': 'YOUR_HEADER'})
    """

    def __init__(self, missing: Sequence[str], found: Sequence[str], scored: Sequence[str] = ()):
        super().__init__(missing, found)
        self.scored = list(scored)
        self.args = (self.missing, self.found, self.scored)

    def sentence(self, say: Tongue) -> str:
        columns = ", ".join(quoted(h) for h in self.found) or say("none")
        own = [name for name in self.missing if name not in self.scored]
        told = [say("needed and not found: {0}. Columns found: {1}.", ", ".join(self.missing), columns)]
        if self.scored:
            told.append(say("Score the file first (complaint-typing score) for {0}.", ", ".join(self.scored)))
        if own:
            name_it = "Name the header with --map, for example {0} (in Python: mapping={1})"
            header = say("YOUR_HEADER")
            told.append(say(name_it, map_option(own[0], header), {own[0]: header}))
        return joined(told, say)


class UnequalColumns(InputError):
    """Columns of one table have different lengths.

    >>> print(UnequalColumns({"text": 3, "ticket_id": 2}))
    columns differ in length: text 3, ticket_id 2; give one value per row in each
    """

    def __init__(self, lengths: Mapping[str, int]):
        self.lengths = dict(lengths)
        super().__init__(lengths)

    def sentence(self, say: Tongue) -> str:
        shown = ", ".join(f"{column} {length}" for column, length in self.lengths.items())
        return say("columns differ in length: {0}; give one value per row in each", shown)


class BadValue(InputError):
    """One value of one row is not what its column asks for.

    >>> print(BadValue(17, "created_at", "32/13/2024", "a time", "write it as 2024-12-31 09:30"))
    row 17, column created_at: not a time, got '32/13/2024'; write it as 2024-12-31 09:30
    """

    def __init__(self, row: int | None, column: str, value: object, expected: str, remedy: str):
        self.row, self.column, self.value, self.expected, self.remedy = row, column, value, expected, remedy
        super().__init__(row, column, value, expected, remedy)

    def sentence(self, say: Tongue) -> str:
        return at(place(say, self.row, self.column), self._fault(say), say)

    def _fault(self, say: Tongue) -> str:
        return say("not {0}, got {1}; {2}", say(self.expected), quoted(self.value), say(self.remedy))


class BadOption(BadValue):
    """An argument or option of a call is not what it should be.

    >>> print(BadOption("lang", "fr", "a language of the texts", "use zh or en"))
    lang: not a language of the texts, got 'fr'; use zh or en
    """

    def __init__(self, option: str, value: object, expected: str, remedy: str):
        super().__init__(None, option, value, expected, remedy)
        self.args = (option, value, expected, remedy)

    def sentence(self, say: Tongue) -> str:
        return at(self.column, self._fault(say), say)


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

    def sentence(self, say: Tongue) -> str:
        """What is said, in the tongue given."""
        told = say("not {0}, got {1}", say(self.expected), quoted(self.value))
        perhaps = say("; perhaps {0}", self.nearest) if self.nearest else ""
        return at(place(say, self.row, self.header or self.column, self.path), told + perhaps, say)

    def __str__(self) -> str:
        return self.sentence(ENGLISH)


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

    def sentence(self, say: Tongue) -> str:
        n = len(self.faults)
        several = "{0} labels are not allowed; correct them and run again"
        told = say("1 label is not allowed; correct it and run again") if n == 1 else say(several, n)
        lines = [told, *first_faults(self.faults, say)]
        lines += [say("allowed in {0}: {1}", name, ", ".join(names)) for name, names in self.allowed.items()]
        return "\n  ".join(lines)


class UnreadableInput(InputError):
    """A file cannot be read at all.

    >>> print(UnreadableInput("export.csv", "the file is empty", "export it again"))
    export.csv: the file is empty; export it again
    """

    def __init__(self, path: object, reason: str, remedy: str):
        self.path, self.reason, self.remedy = str(path), reason, remedy
        super().__init__(path, reason, remedy)

    def sentence(self, say: Tongue) -> str:
        return at(self.path, mended(self.reason, self.remedy, say), say)


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

    def sentence(self, say: Tongue) -> str:
        mixed, unclear = "some have the day first, some the month", "day and month cannot be told apart"
        why = say(mixed if self.contradictory else unclear)
        shown = say(" and ").join(map(quoted, self.examples))
        remedy = 'write 2024-12-31, or say date_order="dmy" (day first) or "mdy" (--date-order) where you can'
        told = say("{0}, as in {1}; {2}", why, shown, say(remedy))
        return at(place(say, None, self.column, self.path), told, say)


class DataNotFound(ComplaintTypingError, FileNotFoundError):
    """A file that ships with the package is not where it should be."""

    def __init__(self, name: str, looked_in: Sequence[object]):
        self.name, self.looked_in = name, [str(p) for p in looked_in]
        super().__init__(name, looked_in)

    def sentence(self, say: Tongue) -> str:
        lost = "packaged data {0} not found in {1}; install the package again"
        return say(lost, repr(self.name), ", ".join(self.looked_in))


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

    def sentence(self, say: Tongue) -> str:
        """What is said, in the tongue given."""
        what = say(self.what)
        told = say("{0}, got {1}", what, quoted(self.value)) if self.value else what
        return at(place(say, self.row, self.column), say("{0}; {1}", told, say(self.remedy)), say)

    def __str__(self) -> str:
        return self.sentence(ENGLISH)


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

    def sentence(self, say: Tongue) -> str:
        n = len(self.faults)
        head = at(self.path, say("1 fault") if n == 1 else say("{0} faults", n), say)
        return "\n  ".join([head, *(fault.sentence(say) for fault in self.faults)])


class TargetExists(InputError, FileExistsError):
    """A file would be overwritten that someone may have edited.

    >>> print(TargetExists("own/policy.csv"))
    own/policy.csv: already there and left as it is; choose another folder, or move the file away
    """

    def __init__(self, path: object):
        self.path = str(path)
        super().__init__(path)

    def sentence(self, say: Tongue) -> str:
        told = say("already there and left as it is; choose another folder, or move the file away")
        return at(self.path, told, say)


class UnwritableTarget(ComplaintTypingError, OSError):
    """A file cannot be written where it should go.

    >>> print(UnwritableTarget("no/such/scored.csv", "the folder is not there"))
    no/such/scored.csv: the folder is not there; make the folder, or choose another place
    """

    def __init__(self, path: object, reason: str, remedy: str = "make the folder, or choose another place"):
        self.path, self.reason, self.remedy = str(path), reason, remedy
        super().__init__(path, reason, remedy)

    def sentence(self, say: Tongue) -> str:
        return at(self.path, mended(self.reason, self.remedy, say), say)


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

    def sentence(self, say: Tongue) -> str:
        return at(say("model {0}", self.path), mended(self.reason, self.remedy, say), say)


class KeptHistoryError(InputError):
    """A history that was kept, in a cache or in a store, cannot be used by this version.

    >>> print(KeptHistoryError("format 9 is newer than 1", "upgrade complaint-typing"))
    kept history: format 9 is newer than 1; upgrade complaint-typing
    """

    def __init__(self, reason: str, remedy: str):
        self.reason, self.remedy = reason, remedy
        super().__init__(reason, remedy)

    def sentence(self, say: Tongue) -> str:
        return at(say("kept history"), mended(self.reason, self.remedy, say), say)


class StoreUnavailable(ComplaintTypingError, ConnectionError):
    """The database of the history store failed or cannot be reached.

    >>> print(StoreUnavailable("sqlite:///history.db", "database is locked"))
    history store sqlite:///history.db: 'database is locked'; what was not acknowledged can be given again
    once it is back, nothing counts twice
    """

    def __init__(self, url: str, reason: str):
        self.url, self.reason = url, reason
        super().__init__(url, reason)

    def sentence(self, say: Tongue) -> str:
        again = "what was not acknowledged can be given again once it is back, nothing counts twice"
        told = say("{0}; {1}", quoted(self.reason, LONGEST_REASON), say(again))
        return at(say("history store {0}", self.url), told, say)


class MissingExtra(ComplaintTypingError, ImportError):
    """A feature needs an optional dependency that is not installed.

    >>> print(MissingExtra("workbench", "altair"))
    this needs altair: pip install 'complaint-typing[workbench]'
    """

    def __init__(self, extra: str, package: str):
        self.extra, self.package = extra, package
        super().__init__(extra, package)

    def sentence(self, say: Tongue) -> str:
        return say("this needs {0}: pip install 'complaint-typing[{1}]'", self.package, self.extra)
