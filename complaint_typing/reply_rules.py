"""What the reply check knows, from two tables: the findings with their texts, and the cues in phrases."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter

from .errors import PolicyError, TableFault
from .paths import path_of
from .reply_phrases import phrase_pattern
from .reply_text import Draft, Span
from .resources import data_path
from .taxonomy import LANGUAGES, Table, empty_cells, in_language, read_table, repeated

CODED = frozenset(
    {
        "apology_mechanical",
        "apology_turned",
        "fault_admitted",
        "no_action",
        "no_options",
        "goodwill_not_cleared",
        "goodwill_wrong_type",
        "goodwill_before_fix",
        "goodwill_above_cap",
        "no_boundary",
        "no_explanation",
        "no_change",
        "no_plan",
        "no_follow_up",
        "no_escalation",
    }
)
"""The findings that need more than whether a cue is there."""

_TABLES = ("reply_cues.csv", "reply_rules.csv")
_WHEN = ("present", "absent", "coded")
_FACTS = ("goodwill", "type", "role", "cap", "days")
_RULE_COLUMNS = ("id", "when", "cues", "types", "except_modes", "text_zh", "text_en", "source")
_FILLED = ("id", "when", "types", "text_zh", "text_en", "source")
_CUE_COLUMNS = ("cue", "language", "phrases", "unless")

Said = tuple[re.Pattern[str], "re.Pattern[str] | None"]


@dataclass(frozen=True)
class ReplyRule:
    """One row of `reply_rules.csv`: when a finding is made, for whom, and what it says.

    `when` is ``present`` (a cue is there), ``absent`` (none is), or ``coded`` (see `CODED`).
    """

    id: str
    when: str
    cues: tuple[str, ...]
    types: tuple[str, ...]
    except_modes: tuple[str, ...]
    text_zh: str
    text_en: str
    source: str

    def text(self, lang: str, **facts: object) -> str:
        """What is wrong and what to do instead in `lang`, one of `SPOKEN`."""
        return in_language(lang, self.text_zh, self.text_en).format(**facts)

    def concerns(self, customer_type: str, mode: str) -> bool:
        """Whether the rule is for such a customer in such a mode.

        >>> rule = next(rule for rule in read_reply_rules().rules if rule.id == "no_plan")
        >>> rule.concerns("resolution_seeking", "rational"), rule.concerns("resolution_seeking", "attack")
        (True, False)
        """
        return ("*" in self.types or customer_type in self.types) and mode not in self.except_modes


@dataclass(frozen=True)
class ReplyRules:
    """The rules in their order, and by name the cues: what is said, and what in its clause takes it back."""

    rules: tuple[ReplyRule, ...]
    cues: Mapping[str, tuple[Said, ...]]

    def find(self, cue: str, draft: Draft) -> list[Span]:
        """Where a cue stands in the folded text, unless its clause takes it back; sorted.

        >>> rules = read_reply_rules()
        >>> [rules.find("told_to_calm", Draft(text)) for text in ("请您冷静一下。", "冷静期七天")]
        [[(2, 6)], []]
        """
        found: list[Span] = []
        for said, unless in self.cues[cue]:
            spans = [match.span() for match in said.finditer(draft.text) if match.group()]
            if unless:
                around = {span: draft.around(span) for span in spans}
                back = {clause for clause in set(around.values()) if unless.search(draft.text, *clause)}
                spans = [span for span in spans if around[span] not in back]
            found += spans
        return sorted(found)


def read_reply_rules(directory: str | Path | None = None) -> ReplyRules:
    """Read `reply_rules.csv` and `reply_cues.csv`.

    Parameters
    ----------
    directory : path, optional
        A policy folder; where it lacks one of the files, and by default, the one that ships is read.

    Raises
    ------
    PolicyError
        When there is no such folder; and with every fault of a table: an empty cell, a repeated id, an
        unknown or missing cue, an unknown language, a phrase with open brackets, a text with an unknown
        ``{name}``.

    >>> [rule.id for rule in read_reply_rules().rules][:3]
    ['apology_missing', 'apology_mechanical', 'apology_turned']
    """
    if directory is None:
        return _shipped()
    folder = path_of(directory, "policy")
    if not folder.is_dir():
        fault = TableFault(None, "", "", "is no folder", "correct its name, or leave it out")
        raise PolicyError(directory, [fault])
    own = [folder / name for name in _TABLES]
    cue_path, rule_path = (path if path.is_file() else data_path(path.name) for path in own)
    return _read(cue_path, rule_path, {*_shipped().cues})


@cache
def _shipped() -> ReplyRules:
    cue_path, rule_path = map(data_path, _TABLES)
    return _read(cue_path, rule_path, set())


def _read(cue_path: Path, rule_path: Path, needed: set[str]) -> ReplyRules:
    cues, table = _cues(read_table(cue_path, _CUE_COLUMNS)), read_table(rule_path, _RULE_COLUMNS)
    if lacking := sorted(needed - {*cues}):
        remedy = "copy its rows from the shipped reply_cues.csv"
        raise PolicyError(cue_path, [TableFault(None, "cue", cue, "not there", remedy) for cue in lacking])
    faults = empty_cells(table, _FILLED) + repeated(table, "id")
    faults += [fault for number, row in table for fault in _row_faults(number, row, cues)]
    if faults:
        raise PolicyError(table.path, faults)
    return ReplyRules(tuple(_rule(row) for _, row in table), cues)


def _row_faults(number: int, row: Mapping[str, str], cues: Mapping[str, object]) -> list[TableFault]:
    faults = []
    if row["when"] and row["when"] not in _WHEN:
        faults.append(TableFault(number, "when", row["when"], "unknown", f"use one of {', '.join(_WHEN)}"))
    elif row["when"] == "coded" and row["id"] not in CODED:
        faults.append(TableFault(number, "id", row["id"], "not coded", "use present or absent, with cues"))
    elif row["when"] in _WHEN[:2] and not _split(row["cues"]):
        faults.append(TableFault(number, "cues", "", "empty", "name one of reply_cues.csv"))
    for cue in _split(row["cues"]):
        if cue not in cues:
            faults.append(TableFault(number, "cues", cue, "no such cue", "add it to reply_cues.csv"))
    for column in ("text_zh", "text_en"):
        if not _is_readable(row[column]):
            remedy = f"use {{name}} only for {', '.join(_FACTS)}"
            faults.append(TableFault(number, column, row[column], "unknown or open braces", remedy))
    return faults


def _is_readable(text: str) -> bool:
    try:
        return all(name in (None, *_FACTS) for _, name, _, _ in Formatter().parse(text))
    except ValueError:
        return False


def _split(cell: str) -> tuple[str, ...]:
    return tuple(filter(None, cell.split(";")))


def _rule(row: Mapping[str, str]) -> ReplyRule:
    cues, types, modes = (_split(row[name]) for name in ("cues", "types", "except_modes"))
    texts = (row[name] for name in ("text_zh", "text_en", "source"))
    return ReplyRule(row["id"], row["when"], cues, types, modes, *texts)


def _cues(table: Table) -> dict[str, tuple[Said, ...]]:
    faults = empty_cells(table, _CUE_COLUMNS[:3])
    found: dict[str, tuple[Said, ...]] = {}
    for number, row in table:
        if row["language"] not in LANGUAGES:
            faults.append(TableFault(number, "language", row["language"], "not a language", "use zh or en"))
            continue
        try:
            said, unless = (phrase_pattern(row[name], row["language"]) for name in ("phrases", "unless"))
        except re.error as error:
            what = f"unreadable phrases ({error})"
            faults.append(TableFault(number, "phrases", row["cue"], what, "close the brackets"))
            continue
        found[row["cue"]] = (*found.get(row["cue"], ()), (said, unless if row["unless"] else None))
    if faults:
        raise PolicyError(table.path, faults)
    return found
