"""Imports only go down; no file grows too long."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import complaint_typing

PACKAGE = Path(complaint_typing.__file__).parent
FLOORS: tuple[tuple[str, ...], ...] = (
    (
        "aliases",
        "atomic",
        "batch_summary",
        "common_characters",
        "control_characters",
        "cue_tree",
        "customer_cues",
        "data_folder",
        "decision",
        "dialects",
        "facts",
        "formula_guard",
        "garbage",
        "iso_times",
        "kept_memory",
        "lazily",
        "lookup",
        "masking",
        "missing",
        "read_only",
        "relation",
        "side_by_side",
        "stacking",
        "store_forks",
        "ticket_sample",
        "time_patterns",
        "word_runs",
        "workbench.common_words",
        "workbench.distances",
        "workbench.known_and_new",
        "workbench.page_cubes",
        "workbench.plots.png",
        "workbench.rates",
        "workbench.resampling",
        "workbench.simulated_world",
        "workbench.weighting",
        "workers",
    ),
    ("chinese_script", "tongue"),
    ("spoken",),
    ("error_parts", "missing_facts", "text_limit", "workbench.terms"),
    (
        "agent_cues",
        "cell_bytes",
        "cells",
        "claim_dates",
        "errors",
        "priors",
        "repeated",
        "weight_units",
        "workbench.trend",
        "workbench.typical_words",
    ),
    ("paths", "workbench.needed_columns"),
    (
        "absent_headers",
        "array_files",
        "batch_errors",
        "batch_plan",
        "cli_options",
        "cluster_errors",
        "encodings",
        "evaluation",
        "json_whole",
        "lines",
        "quarantine",
        "resources",
        "store_tables",
        "ticket_texts",
        "times",
        "workbench.agreement",
        "workbench.cause_words",
        "workbench.errors",
        "workbench.thresholds",
    ),
    (
        "advice_contract",
        "columns",
        "folding",
        "records",
        "rows",
        "sampling",
        "taxonomy",
        "time_forms",
        "unfinished",
        "workbench.capacity",
        "workbench.page_font",
        "workbench.paired",
        "workbench.simulated_texts",
    ),
    (
        "cli_language",
        "column_values",
        "compare_page",
        "conversation_cues",
        "counterparts",
        "delimited",
        "folding_one",
        "json_rows",
        "languages",
        "ngrams",
        "parquet_rows",
        "phrases",
        "playbook",
        "policy_domain",
        "reply_text",
        "scored_header",
        "signal_cues",
        "workbench.diversity",
        "workbench.plots.style",
        "workbench.return_kinds",
        "workbench.scripts",
        "workbench.wording",
        "workbooks",
    ),
    (
        "advice",
        "cluster_dates",
        "deescalation",
        "features",
        "gram_sums",
        "kernel_grams",
        "policy_rules",
        "policy_words",
        "reply_phrases",
        "scored_csv",
        "screening",
        "sources",
        "ticket_table",
        "transcripts",
        "workbench.page_groups",
        "workbench.plots.page",
        "workbench.plots.shares",
        "workbench.simulated_truth",
        "workbench.simulator",
    ),
    (
        "gate",
        "kernel_cues",
        "kernel_fold",
        "kernel_phrases",
        "kernel_sums",
        "kernel_words",
        "past_tickets",
        "policy_explain",
        "policy_review",
        "reply_rules",
        "scored_json",
        "ticket",
        "ticket_fields",
        "ticket_log",
        "tickets",
        "turn",
        "workbench.table_languages",
        "workbench.telling",
        "workbench.ticket_space",
    ),
    (
        "history_files",
        "inspection",
        "kernel_one",
        "policy",
        "reply_check",
        "scored_parquet",
        "scored_workbook",
        "store_rows",
        "two_passes",
        "window_counts",
        "workbench.candidates",
        "workbench.sample_export",
    ),
    (
        "history",
        "kernel",
        "past_facts",
        "policy_diff",
        "scored_forms",
    ),
    (
        "customer_history",
        "export_history",
        "fast",
        "policy_impact",
        "scored",
    ),
    (
        "cue_search",
        "given_history",
        "model",
        "policy_show",
        "store",
        "workbench.care_tickets",
    ),
    (
        "adaptation",
        "attribution",
        "class_labels",
        "cue_fitting",
        "emotional_modes",
        "evidence",
        "gate_told",
        "label_terms",
        "model_card",
        "model_settings",
        "one_cues",
        "own_terms",
        "place_sums",
        "plain_danger",
        "risk_signals",
        "self_test",
        "shared_arrays",
        "workbench.chosen",
        "workbench.cues",
        "workbench.drift_checks",
        "workbench.label_terms",
        "workbench.learning_curve",
        "workbench.page_events",
        "workbench.parity",
        "workbench.plots.evaluation",
        "workbench.pool",
        "workbench.provenance",
        "workbench.refusals",
    ),
    (
        "artifact",
        "cli_show",
        "estimator_html",
        "explanation",
        "export_priors",
        "indifference",
        "mode_fitting",
        "one_signals",
        "one_text",
        "policy_draft",
        "workbench.causes",
        "workbench.drift_words",
        "workbench.exposure",
        "workbench.fairness",
        "workbench.labelling_sheet",
        "workbench.plots.decisions",
        "workbench.shortcuts",
    ),
    (
        "audit_pages",
        "cli_batch",
        "cli_input",
        "cli_inspect",
        "cli_policy",
        "cli_priors",
        "fitting",
        "scoring",
        "workbench.followups",
        "workbench.label_studio",
        "workbench.labelling",
        "workbench.plots.audits",
    ),
    (
        "estimator_data",
        "estimator_settings",
        "frames",
        "gate_fitting",
        "labels",
        "out_of_fold",
        "single",
        "workbench.page_data",
        "workbench.remedies",
    ),
    (
        "calibration",
        "cluster_priors",
        "people_first",
        "table_priors",
        "workbench.care",
        "workbench.judged",
        "workbench.left_out",
        "workbench.page",
    ),
    (
        "advisor",
        "classifier",
        "cli_care",
        "cli_report",
        "validation",
        "workbench.guards",
        "workbench.label_errors",
        "workbench.stopping",
    ),
    (
        "cli_reply",
        "cluster",
        "conversation",
        "handle",
        "measured",
        "model_report",
        "pieces",
        "workbench.comparison",
        "workbench.export_table",
        "workbench.plots.labelling",
    ),
    (
        "batch_run",
        "cli_compare",
        "cli_talk",
        "model_show",
        "training",
        "workbench.discovery",
        "workbench.drift",
        "workbench.first_look",
    ),
    (
        "batch",
        "cli_audit",
        "cli_model",
        "workbench.new_types",
        "workbench.plots.discovery",
        "workbench.plots.drift",
        "workbench.plots.first_look",
    ),
    (
        "cli_score",
        "workbench.outcome_tickets",
    ),
    (
        "cli",
        "workbench.return_visits",
    ),
    ("workbench.effects",),
    ("workbench.outcome_words",),
    ("workbench.goodwill",),
    (
        "workbench.outcomes",
        "workbench.plots.outcomes",
    ),
)
LONGEST_FILE = 400


FLOOR_OF = {name: number for number, names in enumerate(FLOORS) for name in names}


def _modules() -> dict[str, Path]:
    return {
        ".".join(path.relative_to(PACKAGE).with_suffix("").parts): path
        for path in sorted(PACKAGE.rglob("*.py"))
        if not path.stem.startswith("__")
    }


def _imports(module: str) -> set[str]:
    """Modules of this package that a module imports, lazy imports included, type-only ones not."""
    tree = ast.parse(_modules()[module].read_text(encoding="utf-8"))
    skipped = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level and id(node) not in skipped:
            inside = module.split(".")[: -node.level] + (node.module.split(".") if node.module else [])
            found |= {".".join(inside)} | {".".join([*inside, alias.name]) for alias in node.names}
    return found & set(_modules())


@pytest.mark.parametrize("module", _modules())
def test_imports_only_go_down(module: str) -> None:
    above = {name: FLOOR_OF[name] for name in _imports(module) if FLOOR_OF[name] >= FLOOR_OF[module]}
    assert not above, f"{module} (floor {FLOOR_OF[module]}) imports from its own floor or above"


def test_every_module_has_one_floor() -> None:
    assert sorted(FLOOR_OF) == sorted(_modules())
    assert len(FLOOR_OF) == sum(map(len, FLOORS))


def test_files_stay_short() -> None:
    root = PACKAGE.parent
    files = [*PACKAGE.rglob("*.py"), *(root / "tests").rglob("*.py")] if (root / "tests").is_dir() else []
    long = {
        path.name: n
        for path in files
        if (n := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    }
    assert not long
