"""A model, its checks and what another would change as grids for people, in Chinese and English."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from .control_characters import escaped
from .model_report import Check, ModelDiff
from .policy_show import Grid
from .taxonomy import Taxonomy, checked_language
from .tongue import Tongue

_WORDS = {
    "zh": {
        "model": "模型 {version}",
        "model_header": "项目 | 内容",
        "protocol": "格式版本",
        "trained": "训练工单 / 集合",
        "ngrams": "字符组合",
        "bytes": "大小",
        "temperature": "温度",
        "thresholds.decide": "达到此把握才定类型",
        "thresholds.sure": "达到此把握为高",
        "thresholds.unfamiliar": "达到此生疏度为未见过的类型",
        "thresholds.by_type": "各类型自己的门槛（依类型次序）",
        "types": "类型",
        "types_header": "代号 | 名称 | 训练工单",
        "signals": "风险信号",
        "signals_header": "代号 | 名称 | 报告阈值",
        "data": "训练数据",
        "data_header": "文件 | SHA-256",
        "checks": "检查 {folder}",
        "checks_header": "检查 | 结果 | 说明",
        "sound": "通过",
        "fault": "有问题",
        "files": "文件",
        "self-test": "自测文本",
        "policy": "策略",
        "diff": "{old} → {new}：{n} 件工单中 {share:.1%} 的结论有变，最可能类型有变的 {top:.1%}",
        "means": "平均把握 {old:.3f} → {new:.3f}；字符组合 {a} → {b}，共有 {both}",
        "names": "类型、情绪和信号的增减",
        "names_header": "改动 | 代号",
        "added": "新增",
        "removed": "删去",
        "changed": "设置的改动：{n} 处",
        "bias": "各类型的起点（对数几率）",
        "pair_header": "项目 | 原来 | 现在",
        "sides": "结论有变的工单",
        "sides_header": "原来 | 现在 | 件数",
    },
    "en": {
        "model": "Model {version}",
        "model_header": "What | Value",
        "protocol": "protocol",
        "trained": "training tickets / collections",
        "ngrams": "n-grams",
        "bytes": "size",
        "temperature": "temperature",
        "thresholds.decide": "a type is decided from this confidence",
        "thresholds.sure": "confidence is high from",
        "thresholds.unfamiliar": "unfamiliar from this strangeness",
        "thresholds.by_type": "decided from, type by type",
        "types": "Types",
        "types_header": "Id | Name | Training tickets",
        "signals": "Risk signals",
        "signals_header": "Id | Name | Reported from",
        "data": "Training data",
        "data_header": "File | SHA-256",
        "checks": "Checks of {folder}",
        "checks_header": "Check | Result | Found",
        "sound": "sound",
        "fault": "FAULT",
        "files": "files",
        "self-test": "self-test",
        "policy": "policy",
        "diff": "{old} → {new}: {n} tickets, {share:.1%} decided otherwise, {top:.1%} nearest another type",
        "means": "mean confidence {old:.3f} → {new:.3f}; n-grams {a} → {b}, {both} in both",
        "names": "Types, modes and signals",
        "names_header": "Change | Id",
        "added": "added",
        "removed": "removed",
        "changed": "Settings that change: {n}",
        "bias": "Starting log-odds of the types",
        "pair_header": "What | Before | Now",
        "sides": "Tickets that change sides",
        "sides_header": "Before | Now | Tickets",
    },
}


def model_grids(found: Mapping[str, Any], taxonomy: Taxonomy, lang: str) -> list[Grid]:
    """What :func:`~complaint_typing.model_report.describe` found, for people."""
    say, info, named = _words(lang), found["info"], partial(taxonomy.name_or_id, lang=lang)
    numbers = {
        "protocol": found["protocol"],
        "trained": f"{info.get('n_tickets', '')} / {info.get('n_collections', '')}",
        "ngrams": info.get("n_ngrams", ""),
        "bytes": f"{sum(found['bytes'].values()) / 1e6:.1f} MB",
        "temperature": found["temperature"],
        **{f"thresholds.{name}": _shown(value) for name, value in found["thresholds"].items()},
    }
    counts, signals = _table(info, "types"), found["signal_thresholds"]
    grids = [
        _grid(say, "model", [(say[name], value) for name, value in numbers.items()], **found),
        _grid(say, "types", [(n, named(n), counts.get(n, "")) for n in found["types"]]),
        _grid(say, "signals", [(n, named(n), f"{at:.3f}") for n, at in signals.items()]),
    ]
    data = _table(info, "data")
    return [*grids, _grid(say, "data", list(data.items()))] if data else grids


def check_grids(checks: Sequence[Check], folder: str, lang: str) -> list[Grid]:
    """What :func:`~complaint_typing.model_report.verify` found, for people."""
    say = _words(lang)
    told = Tongue(lang)
    rows = [(say[c.name], say["sound" if c.sound else "fault"], told(c.found)) for c in checks]
    return [_grid(say, "checks", rows, folder=folder)]


def model_diff_grids(diff: ModelDiff, taxonomy: Taxonomy, lang: str) -> list[Grid]:
    """What :func:`~complaint_typing.model_report.diff` found, for people."""
    say, named = _words(lang), partial(taxonomy.name_or_id, lang=lang)
    title = say["diff"].format(
        old=diff.old_version,
        new=diff.new_version,
        n=diff.tickets,
        share=diff.share_changed,
        top=diff.top_changed,
    )
    (a, b, both), (before, now) = diff.ngrams, diff.mean_confidence
    grids = [Grid(title, [], []), Grid(say["means"].format(old=before, new=now, a=a, b=b, both=both), [], [])]
    names: list[tuple[Any, ...]] = [
        (say[kind], name)
        for kind, groups in (("added", diff.added), ("removed", diff.removed))
        for group in groups.values()
        for name in group
    ]
    sides: list[tuple[Any, ...]] = [(named(one), named(two), n) for (one, two), n in diff.sides.items()]
    bias = [(named(n), f"{one:.3f}", f"{two:.3f}") for n, (one, two) in diff.bias.items()]
    changed = [(path, _shown(one), _shown(two)) for path, (one, two) in diff.changed.items()]
    tables = (("names", names), ("sides", sides), ("changed", changed), ("bias", bias))
    return grids + [_grid(say, name, rows, n=len(rows)) for name, rows in tables if rows]


def _words(lang: str) -> Mapping[str, str]:
    return _WORDS[checked_language(lang)]


def _table(info: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """What training noted; nothing where a stranger's manifest has something else there."""
    noted = info.get(name)
    return noted if isinstance(noted, Mapping) else {}


def _grid(say: Mapping[str, str], name: str, rows: Iterable[Iterable[Any]], **facts: Any) -> Grid:
    header = say.get(f"{name}_header", say["pair_header"])
    return Grid(
        escaped(say[name].format(**facts)),
        header.split(" | "),
        [[escaped(str(cell)) for cell in row] for row in rows],
    )


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(_shown(item) for item in value)
    return "–" if value is None else f"{value:.4g}" if isinstance(value, float) else str(value)[:16]
