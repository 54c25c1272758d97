"""The model card: what a model was trained on, how good it is where measured, and what it is not for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .model import Model

_HEAD = """# Model card: complaint_typing

{n_tickets} labelled tickets of {n_collections} collections, {n_ngrams} n-grams, {n_outputs} outputs.
The collections that ship (G1-G39, N1, N2) are synthetic: composed text by text with language models
and labelled by them, no real customers.

**For**: routing and preparing the handling of complaints in Chinese and English; a person stays responsible.
**Not for**: judging, scoring or refusing people without a human decision; hiring, credit or insurance;
texts that are no complaints; other languages.

Figures on tickets of collections that the weights had not seen ({n} tickets), with 95 % intervals over
collections:

| figure | value |
|---|---|
{figures}

| type | tickets | precision | recall | F1 |
|---|---|---|---|---|
{types}
"""
_PEOPLE = """
## People first

Types that only a documented history opens, out of fold in all that was learned, the rule under an open gate
included: {n[typed]} tickets typed so, precision {precision}, recall {recall} of {n[labelled]}.
Typed so under a closed gate: {n[closed_typed]}. Of {tickets} tickets of customers who return with reason
(faults not fixed, claims that were proven), {open_gate} stand under an open gate and {typed} were typed so.
"""
SHOWN_FIGURES = {
    "accuracy": "accuracy of the top type",
    "macro_f1": "macro-F1",
    "accuracy_lenient": "accuracy, second readings accepted",
    "top2_accuracy": "right type among the top two",
    "expected_calibration_error": "expected calibration error",
    "coverage": "coverage (share decided)",
    "precision_when_decided": "precision when decided",
}


def interval(figure: dict[str, float]) -> str:
    """A figure with its interval.

    >>> interval({"value": 0.8123, "low": 0.8, "high": 0.82})
    '0.812 (0.800-0.820)'
    """
    return f"{figure['value']:.3f} ({figure['low']:.3f}-{figure['high']:.3f})"


def model_card(model: Model, figures: dict[str, Any]) -> str:
    """The card as Markdown; only figures that were measured stand in it."""
    rows = [
        f"| {text} | {interval(figures[name])} |" for name, text in SHOWN_FIGURES.items() if figures.get(name)
    ]
    rows += [
        f"| F1 of the signal `{name}` ({signal['n']} tickets) | {signal['f1']:.3f} |"
        for name, signal in figures.get("signal_f1", {}).items()
    ]
    if "mode_macro_f1" in figures:
        rows.append(f"| macro-F1 of the emotional mode | {figures['mode_macro_f1']:.3f} |")
    types = [
        f"| `{name}` | {t['n']} | {_shown(t['precision'])} | {_shown(t['recall'])} | {_shown(t['f1'])} |"
        for name, t in figures["per_type"].items()
    ]
    card = _HEAD.format(
        n=figures["n"],
        n_outputs=len(model.bias),
        figures="\n".join(rows),
        types="\n".join(types),
        **{name: model.info[name] for name in ("n_tickets", "n_collections", "n_ngrams")},
    )
    return card + _people_first(model.info.get("people_first"))


def _people_first(found: Mapping[str, Any] | None) -> str:
    """Who is called an abuser, if that was measured."""
    if not found:
        return ""
    return _PEOPLE.format(
        precision=_shown(found["precision"]),
        recall=_shown(found["recall"]),
        **found["hard_negatives"],
        n=found,
    )


def _shown(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
