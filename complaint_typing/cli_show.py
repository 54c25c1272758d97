"""What the command line shows people: that it is busy, figures and tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click
from rich.progress import Progress, SpinnerColumn, TextColumn
from rich.table import Column, Table

from .cli_options import language, plain_console
from .model_card import SHOWN_FIGURES, interval

if TYPE_CHECKING:
    from rich.console import Console

    from .policy_show import Grid

_WORDS = {
    "zh": {"train": "训练", "evaluate": "评估", "compare": "比较", "report": "制作报告"},
    "en": {
        "train": "training",
        "evaluate": "evaluating",
        "compare": "comparing",
        "report": "making the page",
    },
}

_NARROWEST_COLUMN = 9
_FEW = {
    "zh": "警告：以下类型的训练工单不足 {least} 件：{told}；这些类型很难认出，概率也靠不住，请多标注一些",
    "en": "warning: fewer than {least} training tickets of {told}; such types are hardly recognised, and "
    "their probabilities mean little: label more of them",
}

_FIGURES = {
    "zh": {
        "title": "{title}：{n} 条工单",
        "figure": "指标",
        "value": "数值（95% 区间）",
        "accuracy": "准确率（最可能的类型）",
        "macro_f1": "宏 F1",
        "accuracy_lenient": "准确率（第二种读法也算对）",
        "top2_accuracy": "前两位中有正确类型",
        "expected_calibration_error": "校准误差",
        "coverage": "定类率",
        "precision_when_decided": "定类准确率",
        "unfamiliar": "识别“未见过的类型”的 AUROC（{n} 条）",
        "mode": "情绪模式的宏 F1",
        "signal": "信号 {name} 的 F1（{n} 条）",
        "types": "类型|工单|精确率|召回率|F1",
        "adapted": "{title}，按占比调整后",
    },
    "en": {
        **SHOWN_FIGURES,
        "title": "{title}: {n} tickets",
        "figure": "figure",
        "value": "value (95 % interval)",
        "unfamiliar": "AUROC of unfamiliar ({n} texts)",
        "mode": "macro-F1 of the emotional mode",
        "signal": "F1 of the signal {name} ({n} tickets)",
        "types": "type|tickets|precision|recall|F1",
        "adapted": "{title}, priors adapted",
    },
}
_ASIDE = {
    "zh": {
        "unusable": "无法读取或没有文字、未使用的行：{n:,}",
        "repeated": "重复的工单编号：{n:,}，均保留，各计一次；若分在两个语料集里，指标会偏高",
        "bad_values": "按缺失处理的值：{n}",
    },
    "en": {
        "unusable": "rows that could not be read or had no text, left out: {n:,}",
        "repeated": "repeated ticket ids: {n:,}, all kept; if in two collections, they flatter the figures",
        "bad_values": "values that count as missing: {n}",
    },
}


def messages() -> Console:
    """Where messages for people go: stderr."""
    return plain_console(to_stdout=False)


@contextmanager
def waiting(verb: str, quiet: bool) -> Iterator[None]:
    """A spinner with the time elapsed; only on a terminal."""
    console = messages()
    if quiet or not console.is_terminal:
        yield
        return
    with Progress(SpinnerColumn(), TextColumn("{task.description}"), console=console, transient=True) as bar:
        bar.add_task(_WORDS[language(None)][verb], total=None)
        yield


def counts(counted: Mapping[str, int]) -> str:
    """How often each thing was counted, in one line."""
    return ", ".join(f"{name} {count:,}" for name, count in counted.items())


def figures(found: Mapping[str, Any], title: str, lang: str, to_stdout: bool = False) -> None:
    """Measured figures with their intervals, and each type by itself."""
    say = _FIGURES[lang]
    console = plain_console(to_stdout)
    table = Table(say["figure"], say["value"], title=say["title"].format(title=title, n=found["n"]))
    for name in SHOWN_FIGURES:
        if found.get(name):
            table.add_row(say[name], interval(found[name]))
    if found.get("unfamiliar_auroc") is not None:
        table.add_row(say["unfamiliar"].format(n=found["n_none"]), f"{found['unfamiliar_auroc']:.3f}")
    if "mode_macro_f1" in found:
        table.add_row(say["mode"], f"{found['mode_macro_f1']:.3f}")
    for name, signal in found.get("signal_f1", {}).items():
        table.add_row(say["signal"].format(name=name, n=signal["n"]), f"{signal['f1']:.3f}")
    console.print(table)
    types = Table(*say["types"].split("|"))
    for name, row in found["per_type"].items():
        shown = ("" if row[k] is None else f"{row[k]:.2f}" for k in ("precision", "recall", "f1"))
        types.add_row(name, str(row["n"]), *shown)
    console.print(types)


def adapted(found: Mapping[str, Any], title: str, lang: str) -> None:
    """The same figures after adapting to the shares of the types."""
    figures(found, _FIGURES[lang]["adapted"].format(title=title), lang, to_stdout=True)


def grid(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    title: str = "",
    lines: bool = True,
    width: int = 240,
) -> None:
    """A table on stdout, `width` characters wide when it is not a terminal.

    On a terminal too narrow for so many columns each row is a list of what it holds.
    """
    console = plain_console(width=width)
    if console.width < _NARROWEST_COLUMN * len(header):
        told = (
            "\n  ".join(f"{name}: {cell}" for name, cell in zip(header, row, strict=True) if cell)
            for row in rows
        )
        console.print("\n".join(filter(None, [title, *told])), soft_wrap=True)
        return
    table = Table(*(Column(name, overflow="fold") for name in header), title=title or None, show_lines=lines)
    for row in rows:
        table.add_row(*row)
    console.print(table)


def grids(several: Iterable[Grid]) -> None:
    """Grids on stdout, each below its title; one without rows is all told by that."""
    for each in several:
        click.echo(each.title)
        if each.rows:
            grid(each.header, each.rows)


def few_tickets(few: Mapping[str, int], least: int, lang: str) -> None:
    """Warn on stderr of types that a model was trained on with very few tickets."""
    told = ", ".join(f"{name} {n}" for name, n in few.items())
    messages().print(_FEW[lang].format(told=told, least=least), soft_wrap=True)


def set_aside(told: Mapping[Any, Any], lang: str) -> int:
    """Say on stderr what of labelled files was not used.

    Parameters
    ----------
    told : mapping
        ``unusable`` and ``repeated`` rows, and ``bad_values`` by column, as ``attrs`` of
        :func:`~complaint_typing.labels.read_labelled`; what is not there is none.
    lang : str

    Returns
    -------
    int
        The exit status: 1 where rows were left out, else 0.
    """
    for name, text in _ASIDE[lang].items():
        if n := told.get(name):
            messages().print(text.format(n=counts(n) if isinstance(n, dict) else n), soft_wrap=True)
    return 1 if told.get("unusable") else 0
