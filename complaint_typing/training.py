"""Labelled tickets to an artifact and its model card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from .artifact import save_model
from .calibration import fit_calibrated
from .fitting import Labelled, Recipe
from .labels import labelled_files, labelled_frame, read_labelled
from .measured import measure
from .model import Model
from .model_card import model_card
from .own_terms import carried, taxonomy_from
from .taxonomy import Taxonomy, read_taxonomy

FEW_TICKETS = 30
"""With fewer of a type, its words are learned by heart and its probabilities mean little."""


def train(
    paths: Sequence[str | Path],
    directory: str | Path,
    recipe: Recipe | None = None,
    jobs: int | None = None,
    taxonomy: str | Path | Taxonomy | None = None,
    **reading: Any,
) -> tuple[Model, dict[str, Any]]:
    """Train on labelled files and write the artifact with its model card.

    Parameters
    ----------
    paths : sequence of path
        Labelled files or folders of them.
    directory : path
        The model folder; replaced when it is there.
    recipe : Recipe, optional
    jobs : int or None
        Processes, as in joblib; the result does not depend on it.
    taxonomy : path or Taxonomy, optional
        Whose types, modes and signals the labels are; the model carries what the shipped one lacks.
    **reading
        How the files are to be read, as for :func:`~complaint_typing.labels.read_labelled`.

    Returns
    -------
    Model, dict
        The model as saved, and its figures on left-out collections.
    """
    terms = taxonomy_from(taxonomy) or read_taxonomy()
    tickets = read_labelled(paths, terms, **reading)
    data = labelled_frame(tickets, terms)
    model, out_of_fold = fit_calibrated(data, recipe or Recipe(), jobs=jobs)
    figures, measured = measure(model, out_of_fold, data, tickets)
    model = replace(model, info=_info(model, data, tickets, paths) | measured | carried(model, terms))
    return save_model(model, directory, model_card(model)), figures


def _info(model: Model, data: Labelled, tickets: pd.DataFrame, paths: Sequence[str | Path]) -> dict[str, Any]:
    names, counts = np.unique(data.types, return_counts=True)
    return {
        **model.info,
        "n_tickets": len(tickets),
        "n_collections": int(data.groups.max()) + 1,
        "n_ngrams": len(model.keys),
        "types": {str(name): int(count) for name, count in zip(names, counts, strict=True)},
        "data": _digests(labelled_files(paths)),
    }


def _digests(paths: Sequence[Path]) -> dict[str, str]:
    """SHA-256 of each file; files of one name are told apart by their folder."""
    names = [path.name for path in paths]
    return {
        path.name if names.count(path.name) == 1 else f"{path.parent.name}/{path.name}": sha256(
            path.read_bytes()
        ).hexdigest()
        for path in paths
    }
