"""What `score` shows people: how far it is, what became of the file, how to go on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table

from .cli_options import language
from .cli_show import counts, messages
from .columns import nearest_headers
from .decision import UNDETERMINED, UNFAMILIAR
from .quarantine import REASONS
from .taxonomy import read_taxonomy
from .tongue import Tongue
from .unfinished import kept_rows

if TYPE_CHECKING:
    from .batch_errors import UnfinishedWork
    from .batch_summary import BatchSummary

_WORDS = {
    "zh": {
        "reading": "阅读全部历史",
        "scoring": "评分",
        "read": "{done:,} 行",
        "done": "{done:,} / {total:,}",
        "rate": "每秒 {rate:,.0f} 行",
        "left": "还需 {left}",
        "rows": "{rows_in:,} 行读入，{rows_out:,} 行评分，{rows_quarantined:,} 行隔离",
        "time": "用时 {seconds:.1f} 秒，每秒 {rate:,.0f} 行",
        "kept": "，其中 {n:,} 行由此前中断的运行完成",
        "type": "客户类型",
        "tickets": "工单",
        "share": "占比",
        "open": "未定型（暂不能定或未见过的类型）：{n:,}（{share}）",
        "human": "须由人决定：{n:,}（{share}）",
        "read_as": "编码：{encoding}（{how}）",
        "replaced": "已丢失或无法解码的字符：{n:,}",
        "history": "另外查看了此前导出的 {n:,} 行",
        "undated": "其中 {n:,} 行没有可读的时间，不算作任何人的历史",
        "unread": "此前导出中无法使用、不算作任何人历史的行：{reasons}",
        "bad": "按缺失处理的值：{bad}；complaint-typing inspect 会列出例子",
        "repeated": "重复的工单编号：{n:,}，均保留",
        "padded": "字段少于表头、缺处按空处理的行：{n:,}",
        "absent": "没有找到这些列：{columns}；complaint-typing inspect 会列出相近的表头",
        "quarantine": "隔离：{quarantine}（{reasons}）",
        "written": "结果：{target}",
        "manifest": "清单：{manifest}",
        "stopped": "已停止：{why}",
        "asked": "按要求中止",
        "safe": "已评分的 {done:,} 行（共 {total}）保存在 {folder}，没有丢失。",
        "nothing": "尚未评分任何行。",
        "continue": "继续：",
        "unfinished": "此前的运行在评分 {done:,} 行后中断，成果保存在 {folder}。",
        "anew": "放弃并重新开始：",
    },
    "en": {
        "reading": "reading all history",
        "scoring": "scoring",
        "read": "{done:,} rows",
        "done": "{done:,} of {total:,}",
        "rate": "{rate:,.0f} rows/s",
        "left": "{left} left",
        "rows": "{rows_in:,} rows in, {rows_out:,} scored, {rows_quarantined:,} quarantined",
        "time": "{seconds:.1f} s, {rate:,.0f} rows/s",
        "kept": ", {n:,} rows of them by an earlier run that was stopped",
        "type": "customer type",
        "tickets": "tickets",
        "share": "share",
        "open": "without a type (undetermined or unfamiliar): {n:,} ({share})",
        "human": "a person decides: {n:,} ({share})",
        "read_as": "read as: {encoding} ({how})",
        "replaced": "characters lost already or not to be decoded: {n:,}",
        "history": "looked at {n:,} rows of earlier exports",
        "undated": "of these, {n:,} have no time that can be read and count as nobody's history",
        "unread": "rows of earlier exports that count as nobody's history: {reasons}",
        "bad": "values that count as missing: {bad}; complaint-typing inspect shows some",
        "repeated": "repeated ticket ids: {n:,}, all kept",
        "padded": "rows with fewer fields than the header, filled up with empty ones: {n:,}",
        "absent": "columns not found: {columns}; complaint-typing inspect shows the nearest headers",
        "quarantine": "quarantined: {quarantine} ({reasons})",
        "written": "written: {target}",
        "manifest": "manifest: {manifest}",
        "stopped": "stopped: {why}",
        "asked": "as asked",
        "safe": "{done:,} of {total} rows are scored and kept in {folder}; nothing is lost.",
        "nothing": "No rows were scored yet.",
        "continue": "Continue with:",
        "unfinished": "An earlier run was stopped after {done:,} rows; they are kept in {folder}.",
        "anew": "Or drop them and start anew with:",
    },
}
_CELLS = 24
_EIGHTHS = " ▏▎▍▌▋▊▉█"


@contextmanager
def progress(quiet: bool) -> Iterator[Callable[[int, int | None], None] | None]:
    """A bar with count, rate and time left; only on a terminal."""
    console = messages()
    if quiet or not console.is_terminal:
        yield None
        return
    say = _WORDS[language(None)]
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[told]}"))
    with Progress(*columns, console=console, transient=True) as bar:
        number = bar.add_task(say["reading"], total=None, told="")
        task = bar.tasks[0]

        def shown(done: int, total: int | None) -> None:
            if total is not None and task.total is None:
                bar.reset(number, total=total, completed=done, description=say["scoring"])
            bar.update(number, completed=done)
            told = [say["read" if total is None else "done"].format(done=done, total=total)]
            if task.speed:
                told.append(say["rate"].format(rate=task.speed))
            if task.time_remaining is not None:
                told.append(say["left"].format(left=timedelta(seconds=int(task.time_remaining))))
            bar.update(number, told=" · ".join(told))

        yield shown


def summary(found: BatchSummary, lang: str | None) -> None:
    """What became of a file, on stderr."""
    lang = language(lang)
    say, console = _WORDS[lang], messages()
    facts = found.to_dict()
    kept = say["kept"].format(n=found.rows_kept) if found.rows_kept else ""
    console.print(say["rows"].format(**facts), style="bold")
    console.print(say["time"].format(seconds=found.seconds, rate=found.rows_per_second) + kept)
    if found.rows_out:
        console.print()
        console.print(_types(found, lang, console))
        console.print()
        untyped = sum(found.types.get(name, 0) for name in (UNDETERMINED, UNFAMILIAR))
        for key, n in (("open", untyped), ("human", found.requires_human)):
            console.print(say[key].format(n=n, share=_percent(n / found.rows_out)))
    lines = _about_rows(found, lang)
    lines += ["", say["written"].format(**facts), say["manifest"].format(**facts)]
    _print(console, lines)


def _about_rows(found: BatchSummary, lang: str) -> list[str]:
    """How the file was read, and what is odd about its rows."""
    say = _WORDS[lang]
    how = Tongue(lang)(found.encoding_decided_by)
    lines = [say["read_as"].format(encoding=found.encoding, how=how)]
    if found.replaced:
        lines.append(say["replaced"].format(n=found.replaced))
    if found.history_rows:
        lines.append(say["history"].format(n=found.history_rows))
    if found.history_undated:
        lines.append(say["undated"].format(n=found.history_undated))
    if found.history_quarantined:
        lines.append(say["unread"].format(reasons=_reasons(found.history_quarantined, lang)))
    if absent := nearest_headers(dict.fromkeys(found.columns, 0), ()):
        lines.append(say["absent"].format(columns=", ".join(absent)))
    if found.padded_rows:
        lines.append(say["padded"].format(n=found.padded_rows))
    if found.bad_values:
        lines.append(say["bad"].format(bad=counts(found.bad_values)))
    if found.repeated_ticket_ids:
        lines.append(say["repeated"].format(n=found.repeated_ticket_ids))
    if found.quarantine:
        reasons = _reasons(found.quarantine_reasons, lang)
        lines.append(say["quarantine"].format(quarantine=found.quarantine, reasons=reasons))
    return lines


def stopped(error: BaseException, target: str, command: str, lang: str | None) -> None:
    """That a run ended before its end, what is kept and how to continue, on stderr.

    Parameters
    ----------
    error : KeyboardInterrupt or ScoringStopped
    target : str
        The scored file that is not there yet.
    command : str
        That continues the run.
    lang : str, optional
    """
    lang = language(lang)
    say, console = _WORDS[lang], messages()
    why = Tongue(lang)(getattr(error, "reason", say["asked"]))
    folder, done, total = kept_rows(target)
    safe = say["safe"].format(done=done, total=f"{total:,}", folder=folder) if done else say["nothing"]
    _print(console, [say["stopped"].format(why=why), safe, say["continue"], f"  {command}"])


def unfinished(error: UnfinishedWork, resume: str, restart: str, lang: str | None) -> None:
    """That an earlier run left rows, and the commands to choose from, on stderr."""
    say, console = _WORDS[language(lang)], messages()
    told = say["unfinished"].format(done=error.rows_done, folder=error.folder)
    _print(console, [told, say["continue"], f"  {resume}", say["anew"], f"  {restart}"])


def _reasons(counted: Mapping[str, int], lang: str) -> str:
    return counts({REASONS[name][0 if lang == "zh" else 1]: n for name, n in counted.items()})


def _print(console: Console, lines: Sequence[str]) -> None:
    for line in lines:
        console.print(line, soft_wrap=True)


def _types(found: BatchSummary, lang: str, console: Console) -> Table:
    """Types with their shares; what is no type comes last."""
    say, taxonomy = _WORDS[lang], read_taxonomy()
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(say["type"])
    table.add_column(say["tickets"], justify="right")
    table.add_column(say["share"], justify="right")
    table.add_column("")
    longest = max(found.types.values())
    for name in sorted(found.types, key=lambda name: name in (UNDETERMINED, UNFAMILIAR)):
        n = found.types[name]
        bar = _bar(n / longest, console)
        table.add_row(taxonomy.name_or_id(name, lang), f"{n:,}", _percent(n / found.rows_out), bar)
    return table


def _bar(share: float, console: Console) -> str:
    """A part of the longest bar, in blocks, or in signs where a terminal has no blocks."""
    if not console.encoding.lower().startswith("utf"):
        return "#" * max(1, round(share * _CELLS))
    whole, rest = divmod(max(1, round(share * _CELLS * 8)), 8)
    return _EIGHTHS[8] * whole + (_EIGHTHS[rest] if rest else "")


def _percent(share: float) -> str:
    return f"{share:.1%}" if 0 < share < 0.01 else f"{share:.0%}"
