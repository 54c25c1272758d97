"""What the command line shows people: progress on a terminal, summaries and tables."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Column, Table

from .model_card import SHOWN_FIGURES, interval
from .taxonomy import read_taxonomy

if TYPE_CHECKING:
    from .batch import BatchSummary

_WORDS = {
    "zh": {
        "score": "评分",
        "train": "训练",
        "evaluate": "评估",
        "rows": "{rows_in} 行读入，{rows_out} 行评分，{rows_quarantined} 行隔离，用时 {seconds:.1f} 秒",
        "type": "客户类型",
        "tickets": "工单",
        "share": "占比",
        "human": "{n} 件须由人决定",
        "read_as": "编码 {encoding}（{how}）",
        "written": "结果：{target}",
        "quarantine": "隔离：{quarantine}（{reasons}）",
        "bad": "按缺失处理的值：{bad}",
        "repeated": "{n} 个工单编号重复，均保留",
    },
    "en": {
        "score": "scoring",
        "train": "training",
        "evaluate": "evaluating",
        "rows": "{rows_in} rows in, {rows_out} scored, {rows_quarantined} quarantined, {seconds:.1f} s",
        "type": "customer type",
        "tickets": "tickets",
        "share": "share",
        "human": "{n} need a person's decision",
        "read_as": "read as {encoding} ({how})",
        "written": "written: {target}",
        "quarantine": "quarantined: {quarantine} ({reasons})",
        "bad": "values that count as missing: {bad}",
        "repeated": "{n} repeated ticket ids, all kept",
    },
}


def words(lang: str | None) -> Mapping[str, str]:
    """Messages in a language; that of the environment by default."""
    return _WORDS[lang or ("zh" if os.environ.get("LANG", "").lower().startswith("zh") else "en")]


def _messages() -> Console:
    return Console(stderr=True, highlight=False, markup=False, emoji=False)


@contextmanager
def progress(verb: str, quiet: bool) -> Iterator[Callable[[int, int | None], None] | None]:
    """A bar with count, rate and time left; only on a terminal."""
    console = _messages()
    if quiet or not console.is_terminal:
        yield None
        return
    rate = TextColumn("{task.fields[rate]}")
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        rate,
        TimeRemainingColumn(),
        console=console,
        transient=True,
    ) as bar:
        task = bar.add_task(words(None)[verb], total=None, rate="")

        def shown(done: int, total: int | None) -> None:
            speed = bar.tasks[0].speed
            bar.update(task, completed=done, total=total, rate=f"{speed:,.0f}/s" if speed else "")

        yield shown


@contextmanager
def waiting(verb: str, quiet: bool) -> Iterator[None]:
    """A spinner with the time elapsed; only on a terminal."""
    console = _messages()
    if quiet or not console.is_terminal:
        yield
        return
    with Progress(SpinnerColumn(), TextColumn("{task.description}"), console=console, transient=True) as bar:
        bar.add_task(words(None)[verb], total=None)
        yield


def batch_summary(summary: BatchSummary, lang: str | None) -> None:
    """What became of a file, on stderr."""
    say, console = words(lang), _messages()
    lang = lang or ("zh" if say is _WORDS["zh"] else "en")
    taxonomy = read_taxonomy()
    known = {term.id for term in taxonomy.terms}
    table = Table(say["type"], say["tickets"], say["share"])
    for name, count in summary.types.items():
        shown = taxonomy.name(name, lang) if name in known else name
        table.add_row(shown, f"{count:,}", f"{count / max(summary.rows_out, 1):.0%}")
    console.print(say["rows"].format(**summary.to_dict()))
    console.print(table)
    console.print(say["human"].format(n=summary.requires_human))
    console.print(say["read_as"].format(encoding=summary.encoding, how=summary.encoding_decided_by))
    if summary.bad_values:
        console.print(say["bad"].format(bad=counts(summary.bad_values)))
    if summary.repeated_ticket_ids:
        console.print(say["repeated"].format(n=summary.repeated_ticket_ids))
    if summary.quarantine:
        reasons = counts(summary.quarantine_reasons)
        console.print(
            say["quarantine"].format(quarantine=summary.quarantine, reasons=reasons), soft_wrap=True
        )
    console.print(say["written"].format(target=summary.target), soft_wrap=True)


def counts(counted: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counted.items())


def figures(found: Mapping[str, Any], title: str, to_stdout: bool = False) -> None:
    """Measured figures with their intervals, and each type by itself."""
    console = Console(stderr=not to_stdout, highlight=False, markup=False, emoji=False)
    table = Table("figure", "value (95 % interval)", title=f"{title}: {found['n']} tickets")
    for name, text in SHOWN_FIGURES.items():
        if found.get(name):
            table.add_row(text, interval(found[name]))
    if found.get("unfamiliar_auroc") is not None:
        table.add_row(f"AUROC of unfamiliar ({found['n_none']} texts)", f"{found['unfamiliar_auroc']:.3f}")
    if "mode_macro_f1" in found:
        table.add_row("macro-F1 of the emotional mode", f"{found['mode_macro_f1']:.3f}")
    for name, signal in found.get("signal_f1", {}).items():
        table.add_row(f"F1 of the signal {name} ({signal['n']} tickets)", f"{signal['f1']:.3f}")
    console.print(table)
    types = Table("type", "tickets", "precision", "recall", "F1")
    for name, row in found["per_type"].items():
        shown = ("" if row[k] is None else f"{row[k]:.2f}" for k in ("precision", "recall", "f1"))
        types.add_row(name, str(row["n"]), *shown)
    console.print(types)


def grid(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table on stdout, as wide as it needs when it is not a terminal."""
    width = None if sys.stdout.isatty() else 240
    console = Console(highlight=False, markup=False, emoji=False, width=width)
    table = Table(*(Column(name, overflow="fold") for name in header), show_lines=True)
    for row in rows:
        table.add_row(*row)
    console.print(table)
