"""The command `care`: causes, remedies, follow-ups and the exposure of the team, from a scored file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import click

from .cli_options import POLICY, TODAY, Reading, language, scored_options
from .cli_show import grid

if TYPE_CHECKING:
    import pandas as pd

    from .workbench.care import Care
    from .workbench.exposure import Exposure

_LANGS = ("zh", "en")
_ROWS_SHOWN = 20
_WIDTH = 160
_TITLES = {
    "category": ("原因，按类别", "causes by category"),
    "branch": ("原因，按网点", "causes by branch"),
    "agent": ("原因，按员工（按名称排列，不排名次）", "causes by agent (alphabetical, no ranking)"),
}
_HEAD = (
    ("组", "group"),
    ("工单", "tickets"),
    ("按规矩拒绝，不计", "refusals by the rules, not counted"),
    ("指标", "rate of"),
    ("计入的工单", "tickets counted"),
    ("估计（95%）", "estimate (95 %)"),
    ("总体", "overall"),
    ("标记", "mark"),
)
_DUE_HEAD = (
    ("状态", "status"),
    ("日期", "due"),
    ("工单", "ticket"),
    ("策略", "strategy"),
    ("下一步", "next step"),
    ("重开", "reopen"),
)
_STATUS = {
    "reopen": ("重开", "reopen"),
    "overdue": ("逾期", "overdue"),
    "today": ("今天", "today"),
    "upcoming": ("未到期", "upcoming"),
    "undated": ("无日期", "undated"),
}
_EXPOSED_HEAD = (
    ("员工", "agent"),
    ("在岗日", "working days"),
    ("攻击性来诉", "attacks"),
    ("每日（95%）", "per day (95 %)"),
    ("全组平常", "usual in the team"),
)
_MONTHS_SHOWN = 6
_PARTS = {
    **{f"causes_{by}": titles for by, titles in _TITLES.items()},
    "report_category": ("原因与对策，按类别", "causes and remedies by category"),
    "report_branch": ("原因与对策，按网点", "causes and remedies by branch"),
    "follow_ups": ("回访清单", "follow-ups"),
    "exposure": ("遭遇攻击的情况", "exposure to attacks"),
}
_NOTES = {
    "zh": ("{name}：没有做，文件缺少 {columns}", "{name}：{n} 个值按缺失处理"),
    "en": ("{name}: not made, the file has no {columns}", "{name}: {n} values count as missing"),
}


@click.command("care")
@click.argument("scored", type=click.Path(exists=True, dir_okay=False))
@click.option(
    "--by",
    type=click.Choice(["category", "branch", "agent"]),
    help="Tell causes apart by this; default: all there are.",
)
@TODAY
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Language; files have both by default.")
@click.option(
    "-o", "--output", "directory", type=click.Path(file_okay=False), help="Folder for CSV and Markdown."
)
@click.option(
    "--answers",
    type=click.Path(exists=True, dir_okay=False),
    help="A follow-up list that the team has filled in.",
)
@POLICY
@scored_options
def care_command(
    scored: str,
    by: str | None,
    today: str | None,
    lang: str | None,
    directory: str | None,
    answers: str | None,
    policy: str | None,
    reading: Reading,
) -> None:
    """Show where complaints come from, what is due, and who needs care, from a SCORED file.

    Causes by category, branch and agent with 95 % intervals, the cause-and-remedy report, the follow-up list,
    and each agent's exposure to attacks; on the terminal, or as CSV and Markdown in a folder.

    \b
    Examples:
      complaint-typing care scored.csv
      complaint-typing care scored.csv --by branch --today 2025-06-30 --lang zh
      complaint-typing care scored.csv -o care_june
      complaint-typing care scored.csv --answers care_june/follow_ups.csv -o care_july
    """
    from .times import zone_of
    from .workbench.care import care
    from .workbench.followups import read_answers

    found = care(
        scored,
        today or datetime.now(zone_of(reading["tz"])).date(),
        by,
        lang if directory else language(lang),
        policy=policy,
        answers=read_answers(answers) if answers else None,
        **reading,
    )
    if directory:
        for path in found.write(directory, lang):
            click.echo(str(path))
    else:
        _print(found, language(lang))
    not_made, bad = _NOTES[language(lang)]
    for name, columns in found.not_done.items():
        part = _PARTS[name][_LANGS.index(language(lang))]
        click.echo(not_made.format(name=part, columns=", ".join(columns)), err=True)
    for name, count in found.bad_values.items():
        click.echo(bad.format(name=name, n=count), err=True)


def _print(found: Care, lang: str) -> None:
    from .workbench.care import exposure_text
    from .workbench.refusals import DEFINITION_EN, DEFINITION_ZH

    place = _LANGS.index(lang)
    for by, table in found.causes.items():
        _show(_TITLES[by][place], [head[place] for head in _HEAD], _cause_rows(table, place))
    if found.causes:
        click.echo((DEFINITION_ZH, DEFINITION_EN)[place] + "\n")
    if found.follow_ups is not None:
        _show_due(found.follow_ups, place)
    if found.exposure is not None:
        title = (
            "遭遇攻击的情况（关心与认可，不排名次）",
            "exposure to attacks (care and recognition, no ranking)",
        )
        months = sorted(set(found.exposure.months["month"]))[-_MONTHS_SHOWN:]
        _show(
            title[place],
            [*(head[place] for head in _EXPOSED_HEAD), *months],
            _exposed_rows(found.exposure, months),
        )
        click.echo(("各月：攻击性来诉/在岗日。", "Months: attacks/working days.")[place] + "\n")
        click.echo(exposure_text(found.exposure, lang))
    for text in found.reports.values():
        click.echo(text)


def _cause_rows(table: pd.DataFrame, place: int) -> list[list[str]]:
    """A row for each group and measure; the group's name and counts only once."""
    from .workbench.causes import MEASURES
    from .workbench.remedies import FLAG_NAMES

    names = {m.id: (m.zh, m.en)[place] for m in MEASURES}
    rows, last = [], None
    for row in table.to_dict("records"):
        first = row["group"] != last
        last = row["group"]
        shown = f"{row['rate']:.0%} ({row['low']:.0%}–{row['high']:.0%})" if row["cases"] else "–"
        head = [row["group"], str(row["tickets"]), str(row["not_counted"])] if first else ["", "", ""]
        overall = f"{row['overall']:.0%}" if row["overall"] == row["overall"] else "–"
        mark = FLAG_NAMES[row["flag"]][place]
        rows.append([*head, names[row["measure"]], str(row["cases"]), shown, overall, mark])
    return rows


def _show_due(due: pd.DataFrame, place: int) -> None:
    from .workbench.followups import QUESTIONS_EN, QUESTIONS_ZH, REOPEN_EN, REOPEN_ZH

    shown = due.head(_ROWS_SHOWN).assign(due=due["due"].dt.strftime("%Y-%m-%d").fillna(""))
    rows = [
        [
            _STATUS[row["status"]][place],
            row["due"],
            row["ticket_id"] or f"#{row['row']}",
            row["strategy"],
            row["next_step"],
            _STATUS["reopen"][place] if row["reopen"] else "",
        ]
        for row in shown.to_dict("records")
    ]
    counts = due["status"].value_counts()
    told = ", ".join(f"{_STATUS[name][place]} {counts[name]}" for name in _STATUS if name in counts)
    title = ("回访清单", "follow-ups")[place] + (f" ({told})" if told else "")
    _show(title, [head[place] for head in _DUE_HEAD], rows)
    more = len(due) - len(shown)
    if more:
        click.echo((f"另有 {more} 件；用 -o 写出全部。", f"{more} more; -o writes them all.")[place])
    click.echo(("".join(QUESTIONS_ZH), " ".join(QUESTIONS_EN))[place])
    click.echo((REOPEN_ZH, REOPEN_EN)[place] + "\n")


def _exposed_rows(found: Exposure, months: Sequence[str]) -> list[list[str]]:
    """A row for each agent: all months together, and the last ones by themselves."""
    by_month = {
        (row["agent"], row["month"]): f"{row['attacks']}/{row['working_days']}"
        for row in found.months.to_dict("records")
    }
    return [
        [
            row["agent"],
            str(row["working_days"]),
            str(row["attacks"]),
            f"{row['per_day']:.2f} ({row['low']:.2f}–{row['high']:.2f})",
            f"{row['expected']:.1f}",
            *(by_month.get((row["agent"], month), "") for month in months),
        ]
        for row in found.agents.to_dict("records")
    ]


def _show(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table on stdout; cells are shown without control characters."""
    shown = [["".join(c if c.isprintable() else " " for c in cell) for cell in row] for row in rows]
    grid(header, shown, title, lines=False, width=_WIDTH)
