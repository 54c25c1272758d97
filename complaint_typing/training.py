"""Labelled tickets to an artifact and its model card."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from .artifact import check_target, save_model
from .calibration import fit_calibrated
from .fitting import Labelled, Recipe
from .labels import hands_of, labelled_files, labelled_frame, read_labelled, weighed
from .masking import mask
from .measured import measure
from .model import Model
from .model_card import model_card
from .own_terms import carried, taxonomy_from
from .taxonomy import Taxonomy, read_taxonomy
from .workbench.resampling import units_to_draw

FEW_TICKETS = 30
"""With fewer of a type, its words are learned by heart and its probabilities mean little."""
MOST_COLLECTIONS = 1_000
"""More that are not named as their files are not noted."""


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
        The model folder; replaced when it is there. Anything else there is refused before training begins.
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
    check_target(directory)
    terms = taxonomy_from(taxonomy) or read_taxonomy()
    read = read_labelled(paths, terms, **reading)
    tickets = weighed(read)
    data = labelled_frame(tickets, terms)
    model, out_of_fold = fit_calibrated(data, recipe or Recipe(), jobs=jobs)
    figures, measured = measure(model, out_of_fold, data, tickets)
    noted = _info(model, data, tickets, labelled_files(paths)) | _rest(tickets, read.attrs)
    model = replace(model, info=noted | measured | carried(model, terms))
    return save_model(model, directory, model_card(model)), figures


def _info(model: Model, data: Labelled, tickets: pd.DataFrame, files: Sequence[Path]) -> dict[str, Any]:
    names, counts = np.unique(data.types, return_counts=True)
    noted = {
        **model.info,
        "n_tickets": len(tickets),
        "n_collections": tickets["collection"].nunique(),
        "n_ngrams": len(model.keys),
        "types": {str(name): int(count) for name, count in zip(names, counts, strict=True)},
        "data": {name: sha256(file.read_bytes()).hexdigest() for name, file in _named(files).items()},
    }
    others = {*tickets["collection"]} - {file.stem for file in files}
    if 0 < len(others) <= MOST_COLLECTIONS:
        noted["collections"] = sorted(map(mask, others))
    return noted


def _rest(tickets: pd.DataFrame, read: Mapping[Any, Any]) -> dict[str, Any]:
    """What is worth noting only where it is unlike the corpus that ships."""
    told = {
        "left_out": (hands_of(tickets)[0], "collection"),
        "drawn": (units_to_draw(tickets).kind, "collection"),
        "unusable": (read["unusable"], 0),
        "repeated": (read["repeated"], 0),
        "bad_values": (read["bad_values"], {}),
    }
    return {name: value for name, (value, usual) in told.items() if value != usual}


def _named(files: Sequence[Path]) -> dict[str, Path]:
    """Files by their names, each with as many folders before it as tell it from the others."""
    paths = [Path(os.path.abspath(file)) for file in files]

    def name(path: Path) -> str:
        depth = 1
        while sum(other.parts[-depth:] == path.parts[-depth:] for other in paths) > 1:
            depth += 1
        return "/".join(path.parts[-depth:])

    return {name(path): path for path in paths}
