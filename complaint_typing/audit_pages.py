"""Audits as pages for people: fairness, parity and shortcuts in words and tables, in Chinese or English."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from .tongue import Tongue

if TYPE_CHECKING:
    from .workbench.fairness import FairnessReport
    from .workbench.parity import ParityReport
    from .workbench.shortcuts import ShortcutReport

_SAID = {
    "zh": {
        "passed": "通过",
        "failed": "未通过",
        "fair": "{tickets} 条工单，{texts} 种写法：只换提到的人，类型改变的有 {moved} 条（{share:.2%}），"
        "标准低于 {bar:.0%}：{verdict}",
        "fair_head": "按|值|工单|替换|改变|平均移动|最大移动",
        "attribute": "属性",
        "language": "语言",
        "largest": "移动最大的替换",
        "largest_head": "工单|原来|换成|类型|概率|换后|改变",
        "yes": "是",
        "parity": "{texts} 条文字；同一文字换写法后类型相同、概率相差不超过 {within}，"
        "标准各为 {least:.0%}：{verdict}",
        "parity_head": "换写法|有变化|类型相同|概率在限内|最大移动|结论",
        "no_phrases": "按词转换未试：pip install 'complaint-typing[parity]'",
        "short_head": "遮去|体裁|工单|含有|准确率|宏F1|类型改变",
        "short_fine": "遮去任何一种线索，各体裁准确率都没有降低 {notable:.0%} 以上：判断不靠这些线索。",
        "short_bad": "{group} 遮去{hidden}后准确率降低 {loss:.1%}：判断部分依赖这种线索，"
        "换一家公司或渠道可能不灵。",
        "cues": "几乎只出现在一个{by}里、权重又大的字串（换一个{by}就没有了，看看它说的是事情还是口气）",
        "cues_head": "字串|组|占比|工单|偏向类型|权重",
        "genre": "体裁",
        "collection": "语料集",
        "nothing": "（不遮）",
        "handles": "账号",
        "numbers": "单号",
        "brands": "品牌",
        "channels": "渠道",
        "all": "全部",
    },
    "en": {
        "passed": "passed",
        "failed": "missed",
        "fair": "{tickets} tickets in {texts} versions: with only the person mentioned swapped, the type "
        "moves in {moved} ({share:.2%}); the bar is below {bar:.0%}: {verdict}",
        "fair_head": "by|value|tickets|swaps|moved|mean shift|largest shift",
        "attribute": "attribute",
        "language": "language",
        "largest": "Swaps that moved a probability most",
        "largest_head": "ticket|written|swapped for|type|probability|after|moved",
        "yes": "yes",
        "parity": "{texts} texts; written another way the same type, and probabilities within {within}, "
        "in at least {least:.0%}: {verdict}",
        "parity_head": "written as|changed|same type|within|largest shift|verdict",
        "no_phrases": "conversion by phrases was not tried: pip install 'complaint-typing[parity]'",
        "short_head": "hidden|genre|tickets|had one|accuracy|macro-F1|type moves",
        "short_fine": "Whatever is hidden, no genre loses {notable:.0%} of accuracy or more: typing does not "
        "lean on these cues.",
        "short_bad": "{group} loses {loss:.1%} of accuracy without {hidden}: typing leans on that cue, and "
        "may not carry over to another company or channel.",
        "cues": "N-grams that weigh much and stand almost only in one {by} (elsewhere they are missing; see "
        "whether they tell the matter or only the manner)",
        "cues_head": "n-gram|group|share|tickets|speaks for|weight",
        "genre": "genre",
        "collection": "collection",
        "nothing": "(nothing)",
        "handles": "handles",
        "numbers": "numbers",
        "brands": "brands",
        "channels": "channels",
        "all": "all",
    },
}


def show_fairness(report: FairnessReport, lang: str) -> None:
    """The share that moves, by attribute and language, and the largest shifts."""
    from .workbench.fairness import MOVED_AT_MOST

    say, console = _SAID[lang], _console()
    verdict = say["passed"] if report.passed else say["failed"]
    counts = {"tickets": report.tickets, "texts": report.texts, "moved": report.moved}
    console.print(say["fair"].format(**counts, share=report.share, bar=MOVED_AT_MOST, verdict=verdict))
    rows = [
        [say[g["by"]], g["name"], g["tickets"], g["swaps"], g["moved"], g["mean_shift"], g["largest_shift"]]
        for g in report.groups
    ]
    console.print(_table(say["fair_head"], rows))
    console.print(say["largest"])
    shifts = [
        [
            s.ticket_id,
            s.before,
            s.after,
            s.type,
            s.probability_before,
            s.probability_after,
            say["yes"] if s.type_moved else "",
        ]
        for s in report.largest
    ]
    console.print(_table(say["largest_head"], shifts))


def show_parity(report: ParityReport, lang: str) -> None:
    """Each conversion with its verdict."""
    from .workbench.parity import SAME_AT_LEAST, WITHIN

    say, console = _SAID[lang], _console()
    verdict = say["passed"] if report.passed else say["failed"]
    told = {"texts": report.texts, "within": WITHIN, "least": SAME_AT_LEAST}
    console.print(say["parity"].format(**told, verdict=verdict))
    rows = [
        [
            Tongue(lang)(c.conversion),
            c.changed,
            _share(c.same_type, c.changed),
            _share(c.within, c.changed),
            c.largest_shift,
            say["passed"] if c.passed else say["failed"],
        ]
        for c in report.conversions
    ]
    console.print(_table(say["parity_head"], rows))
    if not report.phrases:
        console.print(say["no_phrases"])


def show_shortcuts(report: ShortcutReport, lang: str) -> None:
    """Scores with cues hidden, what that means, and the cues of one genre or collection alone."""
    from .workbench.shortcuts import NOTABLE

    say, console = _SAID[lang], _console()
    rows = [
        [
            say[m.hidden],
            say["all"] if m.group == "all" else m.group,
            m.tickets,
            m.touched,
            m.accuracy,
            m.macro_f1,
            m.moved,
        ]
        for m in report.masked
    ]
    console.print(_table(say["short_head"], rows))
    for row in report.notable:
        told = {"group": say["all"] if row.group == "all" else row.group, "hidden": say[row.hidden]}
        console.print(say["short_bad"].format(**told, loss=report.loss(row)))
    if not report.notable:
        console.print(say["short_fine"].format(notable=NOTABLE))
    for by, cues in report.cues.items():
        console.print("\n" + say["cues"].format(by=say[by]))
        console.print(
            _table(
                say["cues_head"],
                [[repr(c.text), c.group, f"{c.share:.0%}", c.tickets, c.type, c.weight] for c in cues],
            )
        )


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.2%}" if whole else ""


def _console() -> Console:
    return Console(highlight=False, markup=False, emoji=False, soft_wrap=True, width=120)


def _table(head: str, rows: Sequence[Sequence[object]]) -> Table:
    table = Table(*head.split("|"))
    for row in rows:
        table.add_row(*(f"{cell:.4f}" if isinstance(cell, float) else str(cell) for cell in row))
    return table
