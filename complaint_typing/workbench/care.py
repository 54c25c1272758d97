"""Care and prevention from a scored file: causes, remedies, follow-ups and exposure, together."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, tzinfo
from os import PathLike
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from ..atomic import atomic_writer
from ..errors import MissingScoredColumns, TargetExists
from ..formula_guard import guard_row
from .care_tickets import GROUPINGS, Scored, care_tickets
from .causes import MEASURES, causes, grouping
from .exposure import Exposure, exposure
from .followups import as_day, follow_ups
from .refusals import DEFINITION_EN, DEFINITION_ZH
from .remedies import REPORTED, cause_report
from .wording import markdown, spoken

_Part = TypeVar("_Part")
_LISTED_ALWAYS = ("customer_type", "emotional_mode", "strategy_id")


@dataclass(frozen=True)
class Care:
    """What the care room found in a scored file.

    Attributes
    ----------
    causes : dict of str to DataFrame
        Grouping -> :func:`~complaint_typing.workbench.causes.causes`.
    reports : dict of str to str
        Grouping -> :func:`~complaint_typing.workbench.remedies.cause_report`.
    follow_ups : DataFrame or None
        From :func:`~complaint_typing.workbench.followups.follow_ups`.
    exposure : Exposure or None
        From :func:`~complaint_typing.workbench.exposure.exposure`.
    not_done : dict of str to list of str
        Part that could not be made -> columns that it lacks.
    bad_values : dict of str to int
        Values that counted as missing, by column.
    """

    causes: Mapping[str, pd.DataFrame]
    reports: Mapping[str, str]
    follow_ups: pd.DataFrame | None
    exposure: Exposure | None
    not_done: Mapping[str, list[str]]
    bad_values: Mapping[str, int]

    def write(self, directory: str | PathLike[str], lang: str | None = None) -> list[Path]:
        """Write the tables as CSV (UTF-8 with BOM, formula guard) and the texts as Markdown.

        Parameters
        ----------
        directory : path
            Made when it is not there.
        lang : {"zh", "en"}, optional
            Of the texts; both by default.

        Raises
        ------
        TargetExists
            When a file is there already: the team may have written in it. Nothing is written then.

        Returns
        -------
        list of Path
        """
        folder = Path(directory)
        contents = {folder / name: text for name, text in self._files(lang).items()}
        for path in contents:
            if path.exists():
                raise TargetExists(path)
        folder.mkdir(parents=True, exist_ok=True)
        for path, text in contents.items():
            with atomic_writer(path) as file:
                file.write(text.encode("utf-8"))
        return list(contents)

    def _files(self, lang: str | None) -> dict[str, str]:
        """File name -> content."""
        tables = {f"causes_{by}": table for by, table in self.causes.items()}
        if self.follow_ups is not None:
            tables["follow_ups"] = self.follow_ups
        files = {}
        if self.exposure is not None:
            tables |= {"exposure_months": self.exposure.months, "exposure_agents": self.exposure.agents}
            files["exposure.md"] = exposure_text(self.exposure, lang)
        files |= {f"causes_and_remedies_{by}.md": text for by, text in self.reports.items()}
        files["how_to_read.md"] = _how_to_read(lang)
        return {f"{name}.csv": _csv(table) for name, table in tables.items()} | files


def care(
    scored: Scored,
    today: str | date,
    by: str | None = None,
    lang: str | None = None,
    *,
    policy: str | Path | None = None,
    answers: pd.DataFrame | None = None,
    mapping: Mapping[str, str] | None = None,
    tz: str | tzinfo = "UTC",
    date_order: str | None = None,
) -> Care:
    """Everything the care room can tell from a scored file.

    Parameters
    ----------
    scored : DataFrame, path or CareTickets
        As :func:`~complaint_typing.scored.read_scored` returns it, or the file itself.
    today : str or date
        Of the reports; follow-ups due before it are overdue.
    by : {"category", "branch", "agent"}, optional
        One grouping; by default every one that the file has.
    lang : {"zh", "en"}, optional
        Of texts; both by default.
    policy : path, optional
        Folder with taxonomy and playbook; what ships by default.
    answers : DataFrame, optional
        Answered follow-ups, from :func:`~complaint_typing.workbench.followups.read_answers`.
    mapping, tz, date_order
        See :func:`~complaint_typing.workbench.care_tickets.care_tickets`.

    Returns
    -------
    Care
        Parts whose columns are missing are named in `not_done`.

    Raises
    ------
    MissingScoredColumns
        When the column of `by` or a scored column is missing; it names them all.
    UnreadableInput, AmbiguousDates, BadValue
        When the file, its dates or an argument cannot be read.

    >>> frame = pd.DataFrame({"branch": ["Leeds"] * 6, "created_at": "2025-03-01"})
    >>> frame = frame.assign(ticket_id=list("abcdef"), customer_type="venting", emotional_mode="attack")
    >>> frame = frame.assign(strategy_id="let_vent", evidence="")
    >>> found = care(frame, today="2025-04-01")
    >>> list(found.causes), found.not_done["follow_ups"]
    (['branch'], ['follow_up_days', 'strategy', 'next_step'])
    >>> care(frame, today="2025-04-01", by="agent")
    Traceback (most recent call last):
        ...
    complaint_typing.errors.MissingScoredColumns: needed and not found: agent_id. ...
    """
    tickets, today = care_tickets(scored, mapping, tz, date_order), as_day(today)
    tickets.need([*([grouping(by)] if by else []), *_LISTED_ALWAYS])
    lacking: dict[str, list[str]] = {}

    def part(name: str, make: Callable[..., _Part], *args: Any, **kwargs: Any) -> _Part | None:
        try:
            return make(*args, **kwargs)
        except MissingScoredColumns as error:
            lacking[name] = error.missing
            return None

    tables: dict[str, pd.DataFrame] = {}
    reports: dict[str, str] = {}
    asked = {"today": today, "lang": lang, "policy": policy}
    for name in [by] if by else GROUPINGS:
        table = part(f"causes_{name}", causes, tickets, name, policy)
        if table is None:
            continue
        tables[name] = table
        if name in REPORTED and (text := part(f"report_{name}", cause_report, tickets, name, **asked)):
            reports[name] = text
    return Care(
        causes=tables,
        reports=reports,
        follow_ups=part("follow_ups", follow_ups, tickets, today, lang, answers, policy),
        exposure=part("exposure", exposure, tickets, policy),
        not_done=lacking,
        bad_values=tickets.bad_values,
    )


def exposure_text(found: Exposure, lang: str | None = None) -> str:
    """What to do for whom, as Markdown: agents in alphabetical order, only those who need it now.

    >>> from types import SimpleNamespace
    >>> agents = pd.DataFrame({"suggestion_zh": ["", "安娜：…"], "suggestion_en": ["", "Anna …"]})
    >>> print(exposure_text(SimpleNamespace(agents=agents), "en").splitlines()[-1])
    - Anna …
    """
    title = spoken("关心与认可", "Care and recognition", lang)
    note = spoken(
        "客服是桥梁，不是靶子。下面只说谁现在需要减压、谈心或表扬，按姓名排列，不排名次，也不作考核。",
        "The people who answer are a bridge and no target. This says only who needs relief, a talk or praise "
        "now; in alphabetical order, no ranking, and not for appraisal.",
        lang,
    )
    rows = found.agents.to_dict("records")
    said = [spoken(row["suggestion_zh"], row["suggestion_en"], lang) for row in rows if row["suggestion_zh"]]
    none = spoken("目前没有人明显高于全组。", "Nobody is clearly above the team at present.", lang)
    lines = [f"- {markdown(sentence)}" for sentence in said] or [f"- {none}"]
    return "\n".join([f"# {title}", "", note, "", *lines]) + "\n"


def _how_to_read(lang: str | None) -> str:
    """What the columns of the tables mean."""
    lines = [f"# {spoken('怎样读这些表', 'How to read the tables', lang)}", ""]
    lines += [
        f"- `{m.id}`: {spoken(f'{m.zh}，占{m.of_zh}', f'{m.en}, of {m.of_en}', lang)}" for m in MEASURES
    ]
    shrunk = spoken(
        "`rate`、`low`、`high`：按小样本收缩后的估计和95%区间；`flag` 只在区间不含总体率 `overall` 时才有。",
        "`rate`, `low`, `high`: the estimate, shrunk where numbers are small, with its 95 % interval; `flag` "
        "stands only where the interval excludes the overall rate (`overall`).",
        lang,
    )
    counted = spoken(DEFINITION_ZH, DEFINITION_EN, lang)
    return "\n".join([*lines, f"- {shrunk}", f"- `not_counted`: {counted}"]) + "\n"


def _csv(table: pd.DataFrame) -> str:
    """A table as spreadsheets like it, kept from starting formulas; days without a time, numbers short."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(table.columns)
    columns = [_cells(table[name]) for name in table.columns]
    writer.writerows(guard_row(row) for row in zip(*columns, strict=True))
    return "\ufeff" + target.getvalue()


def _cells(column: pd.Series) -> list[str]:
    if column.dtype.kind == "M":
        return column.dt.strftime("%Y-%m-%d").fillna("").tolist()
    if column.dtype.kind == "f":
        return ["" if value != value else f"{value:.4f}" for value in column.tolist()]
    if column.dtype.kind == "b":
        return column.astype("int64").astype(str).tolist()
    return column.astype(str).tolist()
