"""Golden models: of every release a small real one, with what it answered then. Adds the one of this release.

Run ``python tests/golden_models.py`` in the clone of a release, before it is published, and commit the files;
with a name behind it for a protocol that comes between two releases.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np
from golden_tickets import golden_tickets
from numpy.typing import NDArray

from complaint_typing import __version__
from complaint_typing.artifact import load_model
from complaint_typing.decision import UNDETERMINED, UNFAMILIAR, decide
from complaint_typing.fitting import Recipe
from complaint_typing.history import facts_of_log
from complaint_typing.model import Model
from complaint_typing.resources import data_path
from complaint_typing.ticket_table import tickets_from_columns
from complaint_typing.training import train

GOLDEN = Path(__file__).parent / "data" / "golden"
ANSWERS = "answers.csv"
_COLLECTIONS = (*(f"G{n}" for n in range(1, 40, 2)), "N1", "N2")
_SMALL = Recipe(min_groups=11)


def said(model: Model) -> tuple[list[str], NDArray[np.float32]]:
    """What a model makes of the golden tickets: decided types, and everything it gives a probability."""
    tickets, _ = tickets_from_columns(golden_tickets())
    scores = model.score(tickets.text, facts_of_log(tickets))
    decision = decide(scores.types, scores.strangeness, model.thresholds)
    names = (*model.types, UNDETERMINED, UNFAMILIAR)
    numbers = (scores.types, scores.modes, scores.signals, scores.strangeness[:, None])
    return [names[code] for code in decision.outcome.tolist()], np.concatenate(numbers, axis=1)


def recorded(folder: Path) -> tuple[list[str], NDArray[np.float32]]:
    """What the golden model of a folder answered when it was made."""
    with open(folder / ANSWERS, encoding="utf-8", newline="") as file:
        _, *rows = csv.reader(file)
    return [row[0] for row in rows], np.array([row[1:] for row in rows], dtype=np.float32)


def record(folder: Path) -> None:
    """Write the answers of the golden model of a folder."""
    model = load_model(folder / "model")
    types, numbers = said(model)
    with open(folder / ANSWERS, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["customer_type", *model.types, *model.modes, *model.signals, "strangeness"])
        writer.writerows([kind, *(f"{p:.7g}" for p in row)] for kind, row in zip(types, numbers, strict=True))


def main() -> None:
    """Train a small model on a part of the corpus, and record its answers, under the version's name."""
    folder = GOLDEN / (sys.argv[1] if len(sys.argv) > 1 else __version__)
    if folder.exists():
        sys.exit(f"{folder} is there: raise the version first, a golden model is never made anew")
    folder.mkdir(parents=True)
    train([data_path("training") / f"{name}.csv" for name in _COLLECTIONS], folder / "model", _SMALL)
    record(folder)


if __name__ == "__main__":
    main()
