"""How well a type hidden from training is found again: python tests/benchmarks/discovery.py [SEED...]

For each type and seed the collections are divided, three fifths to train without the type; 2,500 tickets of
the other collections are scored and searched, with the type in them and without. Minutes a case.
With `--verdicts FILE` the verdicts are written that `data/new_types/verdicts.csv` holds.
"""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd

from complaint_typing.advisor import Advisor
from complaint_typing.calibration import fit_calibrated
from complaint_typing.fitting import Recipe
from complaint_typing.labels import labelled_frame, read_labelled
from complaint_typing.model import Model
from complaint_typing.policy import PolicyTable
from complaint_typing.resources import data_path
from complaint_typing.taxonomy import read_taxonomy
from complaint_typing.workbench.discovery import Discovery, discover

HIDDEN = ("clarification_seeking", "companionship_seeking", "improvement_seeking", "venting")
N_TICKETS = 2500


def divided(
    tickets: pd.DataFrame, hidden: str, seed: int
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, Model]:
    """Labelled tickets without the type, an export with it, its verdicts, and the model that gave them."""
    rng = np.random.default_rng(seed)
    collections = rng.permutation(np.unique(tickets["collection"]))
    learned = tickets["collection"].isin(collections[: int(len(collections) * 0.6)])
    known = tickets[learned & (tickets["customer_type"] != hidden)].reset_index(drop=True)
    export = tickets[~learned & (tickets["customer_type"] != "none")]
    export = export.sample(N_TICKETS, random_state=seed).sort_index().reset_index(drop=True)
    model, _ = fit_calibrated(labelled_frame(known, read_taxonomy()), Recipe(), n_folds=2)
    plain = export[["ticket_id", "customer_id", "created_at", "text"]]
    known = known[known["customer_type"] != "none"].sample(N_TICKETS, random_state=seed)
    return known, export, Advisor(model, PolicyTable.read()).score(plain), model


def found_again(tickets: pd.DataFrame, hidden: str, seed: int) -> str:
    """A row of the table for one type and division."""
    known, export, scored, model = divided(tickets, hidden, seed)
    there = (export["customer_type"] == hidden).to_numpy()
    one, none = discover(scored, known, model, most=1), discover(scored[~there], known, model, most=1)
    return f"| {hidden} | {seed} | {_cells(one, there)} | {len(none.clusters)} ({none.tried:.2f}) |"


def write_verdicts(tickets: pd.DataFrame, path: str) -> None:
    """What the notebook on new types opens with: the verdicts on the Chinese tickets of the first case."""
    _, export, scored, _ = divided(tickets, HIDDEN[0], 0)
    scored = scored[export["language"].str.startswith("zh")]
    columns = ["ticket_id", "customer_type", "confidence", "top_type"]
    scored[columns].round(4).to_csv(path, index=False)


def _cells(found: Discovery, there: np.ndarray) -> str:
    asked = there & found.tickets["questioned"].to_numpy()
    head = f"{there.sum()} | {asked.sum() / there.sum():.2f}"
    if not found.clusters:
        return f"{head} | none ({found.tried:.2f}) | | |"
    members = (found.tickets["cluster"] == 1).to_numpy()
    figures = there[members].mean(), members[there].mean(), members[asked].mean()
    return f"{head} | {found.tried:.2f} | " + " | ".join(f"{figure:.2f}" for figure in figures)


if __name__ == "__main__":
    everything = read_labelled([data_path("training")])
    if sys.argv[1:2] == ["--verdicts"]:
        sys.exit(write_verdicts(everything, sys.argv[2]))
    print("| hidden | seed | tickets | in question | lift | purity | recall | recall in question | without |")
    print("|---|---|---|---|---|---|---|---|---|")
    for number in map(int, sys.argv[1:] or ["0"]):
        for name in HIDDEN:
            print(found_again(everything, name, number), flush=True)
