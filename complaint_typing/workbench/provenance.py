"""Which labelled tickets a model has learned from, as far as it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..errors import ArtifactError
from ..masking import mask
from ..model import Model


@dataclass(frozen=True, eq=False)
class Learned:
    """Which tickets a model has learned from.

    Attributes
    ----------
    says : bool
        Whether the model says what it was trained on; otherwise nothing is known, not "none".
    same_file : ndarray of bool of shape (n_tickets,)
        The ticket stands in a file that was trained on, byte for byte.
    same_name : ndarray of bool of shape (n_tickets,)
        Its collection has the name of one that was trained on, in another file: perhaps it was.
    """

    says: bool
    same_file: NDArray[np.bool_]
    same_name: NDArray[np.bool_]

    @property
    def any(self) -> NDArray[np.bool_]:
        """Learned from for sure or perhaps."""
        return self.same_file | self.same_name

    def to_dict(self) -> dict[str, Any]:
        """Counts, ready for JSON."""
        return {
            "says": self.says,
            "same_file": int(self.same_file.sum()),
            "same_name": int(self.same_name.sum()),
        }


def learned(model: Model, tickets: pd.DataFrame, files: Sequence[str | Path] | None = None) -> Learned:
    """Which of these tickets a model has learned from, as far as files and names of collections tell.

    A model holds no texts, so a file that was both renamed and saved anew is not recognised; and tickets kept
    back from training count as perhaps learned where their collection has the name of one trained on.

    Parameters
    ----------
    model : Model
        Its ``info`` holds the digests of the files it was trained on (``data``), and the collections where
        :func:`noted` has put them.
    tickets : DataFrame
    files : sequence of path, optional
        The file of each ticket.

    Raises
    ------
    ArtifactError
        When ``info`` is not as training writes it.

    >>> from ..artifact import load_model
    >>> from ..resources import data_path
    >>> shipped, file = load_model(data_path("model")), data_path("training") / "G1.csv"
    >>> tickets = pd.DataFrame({"text": ["…", "…"], "collection": ["mine", "G2"]})
    >>> learned(shipped, tickets, [file, file]).to_dict()
    {'says': True, 'same_file': 2, 'same_name': 0}
    >>> learned(shipped, tickets).same_name.tolist()
    [False, True]
    """
    trained, collections = model.info.get("data") or {}, model.info.get("collections") or []
    if not isinstance(trained, Mapping) or not isinstance(collections, list | tuple):
        raise ArtifactError(model.version, "what it says of its files is not as training writes it")
    names = {*map(str, collections), *(mask(Path(name).stem) for name in trained)}
    same_file = np.zeros(len(tickets), dtype=bool)
    if files is not None:
        paths = [str(file) for file in files]
        known = {
            path for path in set(paths) if sha256(Path(path).read_bytes()).hexdigest() in trained.values()
        }
        same_file = np.array([path in known for path in paths], dtype=bool)
    same_name = np.zeros(len(tickets), dtype=bool)
    if "collection" in tickets.columns:
        same_name = tickets["collection"].astype(str).map(mask).isin(names).to_numpy() & ~same_file
    return Learned(bool(names), same_file, same_name)


def noted(model: Model, tickets: pd.DataFrame) -> Model:
    """The model with what it was trained on in its ``info``: tickets, their types and collections.

    Training by `complaint-typing train` notes more by itself; this is for a model fitted in a notebook.

    Parameters
    ----------
    model : Model
    tickets : DataFrame
        What it was fitted on; ``collection`` where there is one.
    """
    counts = tickets["customer_type"].value_counts().sort_index()
    collections = sorted(map(mask, {*tickets["collection"].astype(str)})) if "collection" in tickets else []
    info = {
        **model.info,
        "n_tickets": len(tickets),
        "n_collections": len(collections),
        "n_ngrams": len(model.keys),
        "types": {str(name): int(n) for name, n in counts.items()},
        "collections": collections,
    }
    return replace(model, info=info)
