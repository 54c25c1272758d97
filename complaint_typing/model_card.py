"""The model card: what a model was trained on, how good it is where measured, and what it is not for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .errors import ArtifactError
from .model import Model
from .resources import data_path

_HEAD = """# Model card: complaint_typing

{n_tickets} labelled tickets of {n_collections} collection{s}, {n_ngrams} n-grams, {n_outputs} outputs.
The collections that ship are synthetic: composed text by text with language models and labelled by them, no
real customers.

**For**: routing and preparing the handling of complaints in Chinese and English; a person stays responsible.
**Not for**: judging, scoring or refusing people without a human decision; hiring, credit or insurance;
texts that are no complaints; other languages.
"""
_COMPOSED = """
## Limits

- Data and labels are synthetic, author and labeller one language model: real tickets are untidier, and every
  figure above is higher than in the field. Label a few hundred of your own tickets before you trust any.
- Confidence is calibrated on composed ordinary mail; on real texts it is too high.
- Risk signals are the weakest part; `safety`, `media` and `legal` are rare.
"""
_OWN = """
## Limits

- Training measures on the files that it is given, each ticket judged by weights that had not seen it. Keep
  some labelled tickets of a later time back, and judge the model by them too.
- Types and signals with few tickets are recognised badly, and confidence is only as good as the tickets that
  it was calibrated on.
"""
_LIMITS = """\
- Fairness was measured by swapping mentions in composed tickets; manners of speech that go with a group were
  not.
- No dialects of the mainland, and no languages besides Chinese and English.
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
PAIRS = 8
_ODD = (AttributeError, IndexError, KeyError, TypeError, ValueError)
_LAST = {"genre": 1, "brands": 2, "channels": 3, "all": 4}


def interval(figure: Mapping[str, float]) -> str:
    """A figure with its interval.

    >>> interval({"value": 0.8123, "low": 0.8, "high": 0.82})
    '0.812 (0.800-0.820)'
    """
    return f"{figure['value']:.3f} ({figure['low']:.3f}-{figure['high']:.3f})"


def model_card(model: Model) -> str:
    """The card as Markdown, written from the model's ``info`` alone; what was not measured is left out.

    Raises
    ------
    ArtifactError
        When ``info`` is not as training writes it.
    """
    try:
        return _card(model, model.info)
    except _ODD as fault:
        reason = f"what it says of its training is not as this version writes it ({fault!r})"
        raise ArtifactError(model.version, reason) from None


def _card(model: Model, info: Mapping[str, Any]) -> str:
    counts = {name: info.get(name, "?") for name in ("n_tickets", "n_collections", "n_ngrams")}
    s = "" if counts["n_collections"] == 1 else "s"
    sections = [_HEAD.format(n_outputs=len(model.bias), s=s, **counts)]
    if info.get("figures"):
        sections += [_quality(info), _types(info["figures"]), _pairs(info["figures"])]
    sections += [_part(name, rows) for name, rows in _in_order(info.get("parts", {})) if rows]
    written: dict[str, Callable[[Any], str]] = {
        "operating_points": _operating_points,
        "people_first": _people_first,
        "fairness": _fairness,
        "parity": _parity,
        "shortcuts": _shortcuts,
    }
    sections += [write(info[name]) for name, write in written.items() if info.get(name)]
    limits = (_COMPOSED if _is_shipped_corpus(info) else _OWN) + _LIMITS
    return "\n".join([*sections, limits]).replace("\n\n\n", "\n\n")


def _is_shipped_corpus(info: Mapping[str, Any]) -> bool:
    """Whether nothing else was trained on, by the names of the files."""
    shipped = {path.name for path in data_path("training").glob("*.csv")}
    return bool(info.get("data")) and {*info["data"]} <= shipped


def _in_order(parts: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Parts in the order of a card, whatever order they are kept in: a manifest sorts names."""
    return sorted(parts.items(), key=lambda part: (_LAST.get(part[0], 0), part[0]))


def _quality(info: Mapping[str, Any]) -> str:
    figures, left_out = info["figures"], info.get("left_out", "collection")
    rows: list[Sequence[object]] = [
        (text, interval(figures[name])) for name, text in SHOWN_FIGURES.items() if figures.get(name)
    ]
    rows += [
        (f"F1 of the signal `{name}` ({signal['n']} tickets)", signal["f1"])
        for name, signal in figures.get("signal_f1", {}).items()
    ]
    if "mode_macro_f1" in figures:
        rows.append(("macro-F1 of the emotional mode", figures["mode_macro_f1"]))
    if figures.get("unfamiliar_auroc") is not None:
        rows.append(("AUROC of `unfamiliar`", figures["unfamiliar_auroc"]))
    seen = "tickets" if left_out == "ticket" else f"tickets of {left_out}s"
    text = (
        f"Figures on {seen} that the weights had not seen ({figures['n']} tickets), with 95 % intervals "
        f"over\n{info.get('drawn', 'collection')}s:"
    )
    return f"{text}\n\n{_table('figure | value', rows)}"


def _types(figures: Mapping[str, Any]) -> str:
    rows = [
        (f"`{name}`", t["n"], t["precision"], t["recall"], t["f1"]) for name, t in figures["per_type"].items()
    ]
    return _table("type | tickets | precision | recall | F1", rows)


def _pairs(figures: Mapping[str, Any]) -> str:
    """The types that are most often taken for another."""
    found = [
        (n, truth, said)
        for truth, row in figures.get("confusion", {}).items()
        for said, n in row.items()
        if truth != said
    ]
    rows = [(f"`{truth}`", f"`{said}`", n) for n, truth, said in sorted(found, reverse=True)[:PAIRS]]
    return _table("labelled | typed | tickets", rows) if rows else ""


def _part(name: str, parts: Mapping[str, Any]) -> str:
    rows = [(part, p["n"], p["accuracy"], p["macro_f1"]) for part, p in parts.items()]
    return _table(f"{name} | tickets | accuracy | macro-F1", rows)


def _operating_points(points: Sequence[Mapping[str, Any]]) -> str:
    keys = ("stated", "tickets", "n", "threshold", "coverage", "precision")
    table = _table(
        "stated precision | tickets | n | threshold | coverage | precision",
        [[p[k] for k in keys] for p in points],
    )
    return f"## What is decided\n\n{table}"


def _people_first(found: Mapping[str, Any]) -> str:
    hard = found["hard_negatives"]
    return f"""## People first

Types that only a documented history opens, out of fold in all that was learned, the rule under an open gate
included: {found["typed"]} tickets typed so, precision {_shown(found["precision"])}, recall \
{_shown(found["recall"])} of {found["labelled"]}.
Typed so under a closed gate: {found["closed_typed"]}. Of {hard["tickets"]} tickets of customers who return \
with reason
(faults not fixed, claims that were proven), {hard["open_gate"]} stand under an open gate and \
{hard["typed"]} were typed so.
"""


def _fairness(found: Mapping[str, Any]) -> str:
    groups = [(g["by"], g["name"], g["tickets"], g["moved"]) for g in found["groups"]]
    return f"""## Fairness

Only the person mentioned swapped (age, gender, job, name, region) in {found["tickets"]} composed tickets, \
{found["texts"]} texts:
the type moves in {found["moved"]} tickets ({100 * found["share"]:.2f} %).

{_table("by | value | tickets | moved", groups)}"""


def _parity(found: Sequence[Mapping[str, Any]]) -> str:
    rows = [
        (p["conversion"].replace("_", " "), p["changed"], p["same_type"], p["within"], p["largest_shift"])
        for p in found
    ]
    head = "written as | changed | same type | probabilities within 0.02 | largest shift"
    return f"## Parity\n\nThe training texts in the other script and width.\n\n{_table(head, rows)}"


def _shortcuts(found: Mapping[str, Any]) -> str:
    rows = [(name, row["touched"], row["moved"]) for name, row in _in_order(found)]
    return (
        "## Shortcuts\n\nTraining texts with such a cue, and in how many hiding it moves the type.\n\n"
        + _table("hidden | texts with one | type moves", rows)
    )


def _table(head: str, rows: Sequence[Sequence[object]]) -> str:
    names = head.split(" | ")
    lines = [f"| {' | '.join(line)} |" for line in (names, *([_shown(cell) for cell in row] for row in rows))]
    return "\n".join([lines[0], "|" + "---|" * len(names), *lines[1:]]) + "\n"


def _shown(value: object) -> str:
    if value is None:
        return ""
    return f"{value:.3f}" if isinstance(value, float) else str(value)
