"""The comparison of two models as a page for people, in Chinese or English."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from rich.table import Column, Table
from rich.text import Text

from .cli_options import plain_console
from .taxonomy import read_taxonomy

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

    from .workbench.comparison import Comparison
    from .workbench.guards import Guard

_SHOWN = 10
_WIDTH = 120
_WORDS: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "head": "{old}（原） → {new}（新）：{tickets} 条标注工单；区间为 95%，{drawn}",
        "none": "其中 {n} 条标注为 none，只计入定类率和定类准确率",
        "unknown": "{n} 条的标注两个模型都不认识，未计入",
        "collection": "按语料集整份重抽（{n} 份）",
        "customer": "按客户整体重抽（{n} 位）",
        "ticket": "按工单重抽（{n} 条）",
        "better": "新模型更好",
        "worse": "新模型更差",
        "mixed": "有好有坏",
        "unclear": "分不出高下：差别可能只是偶然",
        "same_file": "注意：{which}训练时读过其中 {n} 条（同一文件）。在读过的工单上，"
        "成绩只说明记得牢。请换它没读过的工单，或加 --unseen。",
        "same_name": "注意：{which}训练时用过同名的语料集，其中 {n} 条它可能读过；"
        "加 --unseen 会把同名的全部排除，包括留出未训练的。",
        "by_files": "是否读过，只凭文件和语料集的名称判断：改了名又另存过的训练文件认不出来。",
        "silent": "{which}没有记录训练数据，无法判断它是否读过这些工单。",
        "old": "原模型",
        "new": "新模型",
        "added": "新模型多出的类型：{types}。原模型不可能判对这些工单。",
        "removed": "新模型没有的类型：{types}。标注为这些的工单新模型必错。",
        "shared": "只看两个模型都认识的类型",
        "figures_head": "指标|原|新|差（95% 区间）|",
        "accuracy": "准确率",
        "macro_f1": "宏 F1",
        "expected_calibration_error": "校准误差",
        "coverage": "定类率",
        "precision_when_decided": "定类准确率",
        "types_head": "类型|工单|F1|差（95%）|精确率|差（95%）|召回率|差",
        "changed": "{right} 条由错变对，{wrong} 条由对变错（偶然得到这样悬殊的可能：{p}）；"
        "另有 {other} 条结论有变但对错不变。",
        "same": "没有一条工单的结论有变。",
        "changed_head": "工单|变化|原 → 新（把握；✓ 为对）|文字（已遮个人信息）",
        "label": "{pair}（标注：{label}）",
        "unfair": "{verdict}（但有一方读过这些工单，见上：不算公平的比较）",
        "to_wrong": "对→错",
        "to_right": "错→对",
        "both_wrong": "错→错",
        "same_type": "把握",
        "more": "另有 {n} 条；--changed 文件 写出全部",
        "guards_head": "守则|结论|依据",
        "holds": "守住",
        "falls": "失守",
        "open": "无从判断",
        "gate": "滥诉须有记录在案的历史",
        "hard_negatives": "有理由再来的客户不判为滥诉",
        "abuse_precision": "滥诉判断的精确率不降",
        "type_precision": "各类型的精确率不降",
        "fairness": "只换提到的人，类型不变",
        "gate_yes": "仍有门槛：{types}",
        "gate_no": "不再有门槛：{types}",
        "no_type": "新模型没有这样的类型",
        "hard_found": "{customers} 位客户的 {tickets} 条工单中判了 {typed} 条",
        "precision_yes": "没有超出偶然的下降（{judged} 类）",
        "precision_no": "{type}：{old:.2f} → {new:.2f}（差 {low:+.2f} 至 {high:+.2f}）",
        "too_few": "太少，未判：{types}",
        "fair_found": "{tickets} 条中原模型改变 {old_moved} 条，新模型 {new_moved} 条"
        "（标准低于 {bar:.0%}，{meets}）",
        "meets": "达到",
        "misses": "未达到",
        "speed": "速度：每条 {old:.0f} 微秒 → {new:.0f} 微秒（{ratio:.2f} 倍）",
        "passed": "守则全部守住。",
        "fallen": "有守则失守：不要替换。",
    },
    "en": {
        "head": "{old} (old) → {new} (new): {tickets} labelled tickets; 95 % intervals, {drawn}",
        "none": "{n} of them are labelled none and count only in coverage and precision when decided",
        "unknown": "{n} carry a label that neither model has, and are left out",
        "collection": "drawn by whole collections ({n})",
        "customer": "drawn by whole customers ({n})",
        "ticket": "drawn ticket by ticket ({n})",
        "better": "The new model is better",
        "worse": "The new model is worse",
        "mixed": "Better in one respect, worse in another",
        "unclear": "No winner: the difference may be chance",
        "same_file": "CAUTION: {which} was trained on {n} of these tickets (the same file). On tickets "
        "it has read, its figures tell how well it remembers. Compare on others, or add --unseen.",
        "same_name": "CAUTION: {which} was trained on collections of the same name; it may have read {n} of "
        "these tickets. --unseen leaves out all of that name, those kept back from training included.",
        "by_files": "Whether they were read is known by files and names of collections alone: a training "
        "file that was both renamed and saved anew is not recognised.",
        "silent": "{which} does not say what it was trained on: it may have read these tickets.",
        "old": "the old model",
        "new": "the new model",
        "added": "Types that only the new model has: {types}. The old one cannot be right on such tickets.",
        "removed": "Types that the new model lacks: {types}. It cannot be right on such tickets.",
        "shared": "On the types that both know",
        "figures_head": "figure|old|new|difference (95 %)|",
        "accuracy": "accuracy",
        "macro_f1": "macro-F1",
        "expected_calibration_error": "calibration error",
        "coverage": "coverage (share decided)",
        "precision_when_decided": "precision when decided",
        "types_head": "type|tickets|F1|diff. (95 %)|precision|diff. (95 %)|recall|diff.",
        "changed": "{right} tickets become right, {wrong} become wrong (so uneven by chance: {p}); "
        "{other} more are answered otherwise without a change of right and wrong.",
        "same": "No ticket is answered otherwise.",
        "changed_head": "ticket|change|old → new (confidence; ✓ is right)|text (personal data masked)",
        "label": "{pair} (label: {label})",
        "unfair": "{verdict}; but one of them has read these tickets, see above: no fair test",
        "to_wrong": "right→wrong",
        "to_right": "wrong→right",
        "both_wrong": "wrong→wrong",
        "same_type": "certainty",
        "more": "{n} more; --changed FILE writes them all",
        "guards_head": "guard|verdict|found",
        "holds": "holds",
        "falls": "FALLS",
        "open": "cannot tell",
        "gate": "abuse needs a documented history",
        "hard_negatives": "who returns with reason is no abuser",
        "abuse_precision": "precision of abuse does not fall",
        "type_precision": "no type's precision falls",
        "fairness": "who is mentioned moves no type",
        "gate_yes": "still gated: {types}",
        "gate_no": "no longer gated: {types}",
        "no_type": "the new model has no such type",
        "hard_found": "{typed} of {tickets} tickets of {customers} customers typed so",
        "precision_yes": "none falls by more than chance ({judged} judged)",
        "precision_no": "{type}: {old:.2f} → {new:.2f} (difference {low:+.2f} to {high:+.2f})",
        "too_few": "too few to judge: {types}",
        "fair_found": "of {tickets} tickets the old model moves {old_moved}, the new one {new_moved} "
        "(bar below {bar:.0%}: {meets})",
        "meets": "met",
        "misses": "missed",
        "speed": "Speed: {old:.0f} µs a ticket → {new:.0f} µs (× {ratio:.2f})",
        "passed": "All guards hold.",
        "fallen": "A guard falls: do not replace the old model.",
    },
}
_LESS_IS_BETTER = "expected_calibration_error"
_NEUTRAL = "coverage"


def show_comparison(found: Comparison, lang: str) -> None:
    """Print a comparison on stdout."""
    say, console = _WORDS[lang], plain_console(width=_WIDTH)
    name = partial(read_taxonomy().name_or_id, lang=lang)
    _head(found, say, console, name)
    console.print(_figures(found.figures, say))
    if found.shared is not None:
        console.print(say["shared"])
        console.print(_figures(found.shared, say))
    console.print(_types(found.per_type, say, name))
    _changes(found, say, console, name)
    table = Table(*say["guards_head"].split("|"))
    for guard in found.guards:
        verdict = {True: "holds", False: "falls", None: "open"}[guard.holds]
        style = {"holds": "green", "falls": "bold red", "open": "dim"}[verdict]
        table.add_row(say[guard.name], Text(say[verdict], style=style), _reason(guard, say, name))
    console.print(table)
    old, new = found.microseconds
    console.print(say["speed"].format(old=old, new=new, ratio=found.speed))
    console.print(
        Text(say["passed" if found.passed else "fallen"], style="bold green" if found.passed else "bold red")
    )


def _head(found: Comparison, say: Mapping[str, str], console: Console, name: Callable[[str], str]) -> None:
    drawn = say[found.drawn].format(n=found.units)
    told = {"old": found.old_version, "new": found.new_version, "tickets": found.tickets, "drawn": drawn}
    console.print(say["head"].format(**told))
    for key, n in (("none", found.none), ("unknown", found.unknown)):
        if n:
            console.print(say[key].format(n=n))
    for key, types in (("added", found.added), ("removed", found.removed)):
        if types:
            console.print(say[key].format(types=", ".join(map(name, types))))
    _read_before(found, say, console)
    style = {"better": "bold green", "worse": "bold red"}.get(found.verdict, "bold")
    verdict = say[found.verdict]
    if bool((found.old_learned.any != found.new_learned.any).any()):
        verdict, style = say["unfair"].format(verdict=verdict), "bold yellow"
    console.print(Text(verdict, style=style))


def _read_before(found: Comparison, say: Mapping[str, str], console: Console) -> None:
    """Which tickets the models were trained on, and how far that is known."""
    for key, read in (("old", found.old_learned), ("new", found.new_learned)):
        if not read.says:
            console.print(Text(_sentence(say["silent"].format(which=say[key])), style="yellow"))
        for how in ("same_file", "same_name"):
            n = int(getattr(read, how).sum())
            if n:
                console.print(Text(say[how].format(which=say[key], n=n), style="bold yellow"))
    if found.old_learned.says or found.new_learned.says:
        console.print(say["by_files"])


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _figures(table: pd.DataFrame, say: Mapping[str, str]) -> Table:
    shown = Table(*say["figures_head"].split("|"))
    for row in table.to_dict("records"):
        sign = _sign(row)
        good = sign * (-1 if row["figure"] == _LESS_IS_BETTER else 1)
        style = "" if row["figure"] == _NEUTRAL or not sign else "green" if good > 0 else "red"
        cells = [_number(row["old"]), _number(row["new"]), _difference(row)]
        shown.add_row(say[row["figure"]], *cells, Text({1: "▲", -1: "▼"}.get(sign, ""), style=style))
    return shown


def _types(table: pd.DataFrame, say: Mapping[str, str], name: Callable[[str], str]) -> Table:
    shown = Table(*say["types_head"].split("|"))
    most = table[table["figure"] == "f1"].sort_values("n", ascending=False)["type"]
    for id in most:
        by = {row["figure"]: row for row in table[table["type"] == id].to_dict("records")}
        cells: list[Any] = []
        for figure in ("f1", "precision", "recall"):
            row = by[figure]
            told = _signed(row["difference"], 2) if figure == "recall" else _difference(row, 2)
            cells += [f"{_number(row['old'], 2)} → {_number(row['new'], 2)}", _coloured(told, row)]
        shown.add_row(name(str(id)), str(by["f1"]["n"]), *cells)
    return shown


def _changes(found: Comparison, say: Mapping[str, str], console: Console, name: Callable[[str], str]) -> None:
    if not len(found.changed):
        console.print(say["same"])
        return
    p = "< 0.001" if found.p_value < 0.001 else f"{found.p_value:.3f}"
    other = len(found.changed) - found.to_right - found.to_wrong
    console.print(say["changed"].format(right=found.to_right, wrong=found.to_wrong, p=p, other=other))
    *titles, last = say["changed_head"].split("|")
    table = Table(
        *(Column(title, no_wrap=True) for title in titles),
        Column(last, no_wrap=True, overflow="ellipsis", ratio=1),
        expand=True,
    )
    for row in _some(found.changed).to_dict("records"):
        style = {"to_wrong": "red", "to_right": "green"}.get(row["side"], "")
        side = Text(say[row["side"]], style=style)
        table.add_row(Text(row["ticket_id"]), side, Text(_pair(row, say, name)), Text(row["text"]))
    console.print(table)
    if len(found.changed) > _SHOWN:
        console.print(say["more"].format(n=len(found.changed) - _SHOWN))


def _pair(row: Mapping[str, Any], say: Mapping[str, str], name: Callable[[str], str]) -> str:
    """What the models said, and the label where neither was right."""
    by = "decided" if row["side"] == "same_type" else "type"
    marks = {"to_wrong": ("✓", ""), "to_right": ("", "✓")}.get(row["side"], ("", ""))
    said = [
        f"{name(row[f'{which}_{by}'])}{mark} {row[f'{which}_confidence']:.2f}"
        for which, mark in zip(("old", "new"), marks, strict=True)
    ]
    pair = " → ".join(said)
    both_wrong = row["side"] == "both_wrong"
    return say["label"].format(pair=pair, label=name(row["customer_type"])) if both_wrong else pair


def _some(changed: pd.DataFrame) -> pd.DataFrame:
    """A few of each side, what was lost first."""
    lost = changed[changed["side"] == "to_wrong"].iloc[: _SHOWN // 2]
    rest = changed[changed["side"] != "to_wrong"].iloc[: _SHOWN - len(lost)]
    more = changed[changed["side"] == "to_wrong"].iloc[len(lost) : _SHOWN - len(rest)]
    shown: pd.DataFrame = changed.loc[sorted([*lost.index, *more.index, *rest.index])]
    return shown


def _reason(guard: Guard, say: Mapping[str, str], name: Callable[[str], str]) -> str:
    facts = guard.facts
    if guard.name == "gate":
        lost = facts["no_longer_gated"]
        key = "gate_no" if lost else "gate_yes" if facts["types"] else "no_type"
        return say[key].format(types=", ".join(map(name, lost or facts["types"])))
    if guard.name == "hard_negatives":
        return say["hard_found"].format(**facts) if facts else say["no_type"]
    if guard.name == "fairness":
        return say["fair_found"].format(**facts, meets=say["meets" if facts["meets_bar"] else "misses"])
    told = [say["precision_no"].format(**row | {"type": name(row["type"])}) for row in facts["fallen"]]
    if not told and facts["judged"]:
        told = [say["precision_yes"].format(judged=len(facts["judged"]))]
    if facts["too_few"]:
        told.append(say["too_few"].format(types=", ".join(map(name, facts["too_few"]))))
    return "; ".join(told) or say["no_type"]


def _sign(row: Mapping[str, Any]) -> int:
    return 1 if row["low"] > 0 else -1 if row["high"] < 0 else 0


def _coloured(text: str, row: Mapping[str, Any]) -> Text:
    return Text(text, style={1: "green", -1: "red"}.get(_sign(row), ""))


def _number(value: float, digits: int = 3) -> str:
    return "–" if value != value else f"{value:.{digits}f}"


def _signed(value: float, digits: int = 3) -> str:
    return "–" if value != value else f"{value:+.{digits}f}"


def _difference(row: Mapping[str, Any], digits: int = 3) -> str:
    difference, low, high = (_signed(row[key], digits) for key in ("difference", "low", "high"))
    return "–" if difference == "–" else f"{difference} ({low}…{high})"
