"""Labelling in Label Studio: tasks and the labelling interface go out, annotations come back checked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import pandas as pd

from ..atomic import write_atomic
from ..errors import TableFault, UnreadableInput
from ..label_terms import Terms
from ..taxonomy import Taxonomy, checked_language, read_taxonomy
from .errors import LabellingError
from .label_terms import FILLED, LABEL_COLUMNS, checked_tickets, labels_frame, same_text, shown_text

_ASKED = {
    "zh": ("用哪种接待方式能了结这起投诉？", "次要类型（可不选）", "情绪模式（可不选）", "备注"),
    "en": (
        "Which handling would end this complaint?",
        "Secondary type (optional)",
        "Emotional mode (optional)",
        "Note",
    ),
}


def label_studio_config(lang: str = "zh", taxonomy: Taxonomy | None = None) -> str:
    """The labelling interface of a project, as Label Studio's settings take it (XML).

    Results hold the names that are shown; what comes back is understood in both languages.

    >>> print(label_studio_config("en").splitlines()[3])
      <Choices name="customer_type" toName="text" choice="single" required="true" showInline="false">
    """
    terms, asked = Terms(taxonomy or read_taxonomy()), _ASKED[checked_language(lang)]
    lines = ["<View>", '  <Text name="text" value="$text"/>']
    for column, question in zip(LABEL_COLUMNS, asked, strict=False):
        required = ' required="true"' if column == "customer_type" else ""
        lines.append(f"  <Header value={quoteattr(question)}/>")
        lines.append(
            f'  <Choices name="{column}" toName="text" choice="single"{required} showInline="false">'
        )
        for id in terms.ids(column):
            name, hint = quoteattr(terms.name(id, lang)), quoteattr(terms.meaning(id, lang))
            lines.append(f"    <Choice value={name} hint={hint}/>")
        lines.append("  </Choices>")
    lines.append(f"  <Header value={quoteattr(asked[-1])}/>")
    lines.append('  <TextArea name="note" toName="text" rows="2" maxSubmissions="1"/>')
    return "\n".join([*lines, "</View>", ""])


def write_label_studio(
    tickets: pd.DataFrame,
    path: str | Path,
    lang: str = "zh",
    masked: bool = True,
    model_version: str = "",
    taxonomy: Taxonomy | None = None,
) -> None:
    """Write tickets as tasks for Label Studio's import (JSON).

    Where `tickets` has ``top_type`` and ``p_top``, as a queue has, each task carries the model's opinion as a
    prediction. Label Studio shows it to labellers when the project says so; blind labels are worth more.

    Parameters
    ----------
    tickets : DataFrame
        With ``ticket_id`` and ``text``.
    path : path
    lang : str
        As in :func:`label_studio_config`.
    masked : bool
        Whether personal data in the texts is masked.
    model_version : str
        What the predictions are filed under.
    taxonomy : Taxonomy, optional

    Raises
    ------
    MissingColumns, BadValue
        As :func:`~complaint_typing.workbench.label_terms.checked_tickets`.
    """
    checked_language(lang)
    terms = Terms(taxonomy or read_taxonomy())
    tasks: list[dict[str, Any]] = [
        {"data": {"ticket_id": key, "text": shown_text(text, masked)}}
        for key, text in checked_tickets(tickets)
    ]
    if {"top_type", "p_top"} <= {*tickets.columns}:
        for task, name, p in zip(tasks, tickets["top_type"], tickets["p_top"], strict=True):
            if name in terms.ids("customer_type"):
                task["predictions"] = [_prediction(terms.name(name, lang), float(p), model_version)]
    write_atomic(path, json.dumps(tasks, ensure_ascii=False, indent=1) + "\n")


def _prediction(name: str, p: float, model_version: str) -> dict[str, Any]:
    result = {
        "from_name": "customer_type",
        "to_name": "text",
        "type": "choices",
        "value": {"choices": [name]},
    }
    return {"model_version": model_version or "model", "score": round(p, 4), "result": [result]}


def read_label_studio(
    path: str | Path, tickets: pd.DataFrame, masked: bool = True, taxonomy: Taxonomy | None = None
) -> pd.DataFrame:
    """Read an export of Label Studio, JSON or JSON-MIN, and check it against what went out.

    Skipped tasks and empty annotations are no labels, and neither are predictions. Several annotators give
    several rows. One annotator's second annotation of a task is a fault where it says something else.

    Parameters
    ----------
    path : path
    tickets : DataFrame
        What went out.
    masked : bool
        As it went out.
    taxonomy : Taxonomy, optional

    Returns
    -------
    DataFrame
        See :func:`~complaint_typing.workbench.label_terms.labels_frame`; ``labeller`` is the annotator's
        number, or the e-mail address up to its @; people whose addresses begin alike are numbered:
        ``li.wei (1)``, ``li.wei (2)``.

    Raises
    ------
    UnreadableInput
        When it is no such export.
    LabellingError
        Unknown labels, unknown tickets, changed texts, double annotations: all of them.
    """
    sent, terms = dict(checked_tickets(tickets)), Terms(taxonomy or read_taxonomy())
    faults: list[TableFault] = []
    found: dict[tuple[str, str], dict[str, object]] = {}
    annotations = _annotations(path)
    short = _short_names({who for _, _, who, _ in annotations})
    for row, data, who, written in annotations:
        labeller = short[who]
        key = str(data.get("ticket_id", ""))
        faults += _task_faults(key, data, row, sent, masked)
        labels: dict[str, str | None] = {}
        for column in LABEL_COLUMNS:
            labels[column] = terms.understood(column, written.get(column, ""))
            if labels[column] is None:
                faults.append(terms.fault(row, column, written[column]))
        new: dict[str, object] = {
            "ticket_id": key,
            "labeller": labeller,
            **labels,
            "note": written.get("note", ""),
            "row": row,
        }
        old = found.setdefault((key, labeller), new)
        if any(old[column] != new[column] for column in LABEL_COLUMNS):
            remedy = "delete one of them in Label Studio"
            faults.append(
                TableFault(row, "ticket_id", key, "annotated twice by one person, differently", remedy)
            )
    if faults:
        raise LabellingError(path, list(dict.fromkeys(faults)))
    return labels_frame([row for row in found.values() if row["customer_type"]])


def _task_faults(
    key: str, data: dict[str, Any], row: int, sent: dict[str, str], masked: bool
) -> list[TableFault]:
    if key not in sent:
        return [TableFault(row, "ticket_id", key, "not a ticket that went out", "read with the tickets sent")]
    if not same_text(str(data.get("text", "")), shown_text(sent[key], masked)):
        return [
            TableFault(row, "text", str(data.get("text", "")), "not the text that went out", "import again")
        ]
    return []


def _annotations(path: str | Path) -> list[tuple[int, dict[str, Any], str, dict[str, str]]]:
    """Number of the task, its data, who annotated, and what was written in each column."""
    found = []
    for row, task in enumerate(_tasks(path), start=1):
        done = task.get("annotations", task.get("completions"))
        if done is None:
            found.append(
                (row, task, _who(task.get("annotator")), {c: _min_value(task.get(c)) for c in FILLED})
            )
            continue
        for each in done:
            written = _written(each.get("result") or [])
            if written and not (each.get("was_cancelled") or each.get("skipped")):
                found.append((row, task.get("data", {}), _who(each.get("completed_by")), written))
    return found


def _tasks(path: str | Path) -> list[dict[str, Any]]:
    remedy = "export the project as JSON or JSON-MIN"
    try:
        tasks = json.loads(Path(path).read_bytes())
    except OSError as error:
        raise UnreadableInput(path, error.strerror or "cannot be opened", "check its path") from None
    except (ValueError, RecursionError):
        raise UnreadableInput(path, "it is no JSON", remedy) from None
    tasks = [tasks] if isinstance(tasks, dict) else tasks
    if not isinstance(tasks, list) or not all(map(_is_task, tasks)):
        raise UnreadableInput(path, "it is no list of tasks", remedy)
    return tasks


def _is_task(task: Any) -> bool:
    """Whether this is a task, with annotations in the form of Label Studio where it has some."""
    if not isinstance(task, dict) or not isinstance(task.get("data", {}), dict):
        return False
    done = task.get("annotations", task.get("completions")) or []
    if not isinstance(done, list) or not all(isinstance(each, dict) for each in done):
        return False
    results = [each.get("result") or [] for each in done]
    parts = [part for result in results if isinstance(result, list) for part in result]
    return all(isinstance(result, list) for result in results) and all(
        isinstance(part, dict) and isinstance(part.get("value", {}), dict) for part in parts
    )


def _who(annotator: Any) -> str:
    """Name or number of an annotator, from the forms in which the versions of Label Studio write it."""
    if isinstance(annotator, dict):
        annotator = annotator.get("email") or annotator.get("id")
    return "" if annotator is None else str(annotator)


def _short_names(annotators: set[str]) -> dict[str, str]:
    """Annotator -> what stands before the @, with a number where several would share it."""
    alike: dict[str, list[str]] = {}
    for who in sorted(annotators):
        alike.setdefault(who.split("@")[0], []).append(who)
    return {
        who: f"{name} ({place})" if len(those) > 1 else name
        for name, those in alike.items()
        for place, who in enumerate(those, start=1)
    }


def _written(result: list[Any]) -> dict[str, str]:
    """What was chosen or written in each column of the interface."""
    return {
        part["from_name"]: _min_value(part.get("value")) for part in result if part.get("from_name") in FILLED
    }


def _min_value(value: Any) -> str:
    """One choice or text, as JSON-MIN writes it; several are joined, and so no label."""
    if isinstance(value, dict):
        value = value.get("choices", value.get("text"))
    if isinstance(value, list):
        return ";".join(str(each) for each in value)
    return "" if value is None else str(value)
