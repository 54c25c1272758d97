"""What a fitted estimator has learned, as a small table below scikit-learn's diagram in a notebook."""

from __future__ import annotations

from html import escape
from typing import Any

from .model import Model
from .own_terms import taxonomy_of

_ROW = '<tr><th style="text-align:left">{}</th><td style="text-align:left">{}</td></tr>'


def summary_html(model: Model, n_tickets: int) -> str:
    """Types with their shares, thresholds, signals and sizes of a model.

    Parameters
    ----------
    model : Model
    n_tickets : int
        That it was fitted on.

    >>> from .artifact import load_model
    >>> from .resources import data_path
    >>> told = summary_html(load_model(data_path("model")), 10959)
    >>> "渴望尊重型" in told, "Respect seeking" in told
    (True, True)
    """
    rows = [_ROW.format(escape(name), escape(value)) for name, value in _facts(model, n_tickets)]
    return (
        f"<details><summary>fitted on {n_tickets} tickets</summary><table>{''.join(rows)}</table></details>"
    )


def _facts(model: Model, n_tickets: int) -> list[tuple[str, str]]:
    taxonomy, at = taxonomy_of(model), model.thresholds
    shares: dict[str, Any] = dict(model.info.get("source_shares", {}))
    types = [
        f"{name} ({taxonomy.name(name, 'zh')} / {taxonomy.name(name, 'en')}): {shares.get(name, 0):.1%}"
        for name in model.types
    ]
    return [
        ("types, with their shares", "; ".join(types)),
        ("decided from confidence", f"{at.decide:.3f}, high from {at.sure:.3f}"),
        ("unfamiliar from strangeness", f"{at.unfamiliar:.3f}"),
        ("temperature", f"{model.temperature:.3f}"),
        ("emotional modes", ", ".join(model.modes)),
        ("risk signals", ", ".join(model.signals) or "none labelled"),
        ("abuse gate binds", ", ".join(set(model.gated) & set(model.types)) or "no type"),
        ("n-grams", f"{len(model.keys)}, on {n_tickets} tickets"),
    ]
