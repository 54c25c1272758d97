"""How well a type hidden from training is found again: python tests/benchmarks/discovery.py [SEED...]

For each seed the collections are divided, three fifths to learn from without the hidden type; of the others
an export of 2,500 tickets is drawn that holds 6 to 15 % of the type, scored by a quick model (the least sure
35 % are undetermined), and searched: one to three minutes a case. ``nothing`` hides no type, and whatever is
found there is a false alarm. With ``--types a,b`` other types are hidden, and with ``--model`` the product's
own model gives the verdicts, which takes minutes more a case. With ``--verdicts FILE`` it scores the Chinese
tickets of the first case and writes a file such as `data/new_types/verdicts.csv`, which was made so from the
corpus of its day; nothing is searched then.
"""

from __future__ import annotations

import argparse

import numpy as np
import pandas as pd

from complaint_typing.advisor import Advisor
from complaint_typing.calibration import fit_calibrated
from complaint_typing.fitting import Recipe
from complaint_typing.labels import labelled_frame, read_labelled
from complaint_typing.policy import PolicyTable
from complaint_typing.resources import data_path
from complaint_typing.taxonomy import read_taxonomy
from complaint_typing.workbench.discovery import Discovery, discover
from complaint_typing.workbench.left_out import second_opinion

NOTHING = "nothing"
HIDDEN = ("clarification_seeking", "companionship_seeking", "improvement_seeking", "venting", NOTHING)
N_TICKETS, SHARES, DOUBTFUL = 2500, (0.06, 0.15), 0.35


def divided(tickets: pd.DataFrame, hidden: str, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Labelled tickets without the type, and all tickets of the other collections."""
    rng = np.random.default_rng(seed)
    collections = rng.permutation(np.unique(tickets["collection"]))
    learned = tickets["collection"].isin(collections[: int(len(collections) * 0.6)])
    known = tickets[learned & (tickets["customer_type"] != hidden)].reset_index(drop=True)
    return known, tickets[~learned & (tickets["customer_type"] != "none")]


def drawn(others: pd.DataFrame, hidden: str, seed: int) -> pd.DataFrame:
    """An export with a likely share of the type."""
    there = others["customer_type"] == hidden
    share = float(np.clip(there.mean(), *SHARES)) if there.any() else 0.0
    n_there = min(int(there.sum()), round(share * N_TICKETS))
    n_rest = round(n_there * (1 - share) / share) if n_there else N_TICKETS
    rest = others[~there].sample(min(n_rest, int((~there).sum())), random_state=seed)
    export = pd.concat([others[there].sample(n_there, random_state=seed), rest])
    return export.sort_index().reset_index(drop=True)


def by_model(known: pd.DataFrame, export: pd.DataFrame) -> pd.DataFrame:
    """The export scored by the product's own model, trained on the labelled tickets."""
    model, _ = fit_calibrated(labelled_frame(known, read_taxonomy()), Recipe(), n_folds=2)
    plain = export[["ticket_id", "customer_id", "created_at", "text"]]
    return Advisor(model, PolicyTable.read()).score(plain)


def quickly(known: pd.DataFrame, export: pd.DataFrame) -> pd.DataFrame:
    """The export scored by a quick model of the labelled tickets; the least sure are undetermined."""
    told = second_opinion(export, known)
    sure, top = told.max(axis=1), told.idxmax(axis=1)
    said = top.where(sure >= sure.quantile(DOUBTFUL), "undetermined")
    plain = export[["ticket_id", "customer_id", "created_at", "text"]]
    return plain.assign(customer_type=said, confidence=sure, top_type=top)


def found_again(tickets: pd.DataFrame, hidden: str, seed: int, model: bool) -> str:
    """A row of the table for one type and division."""
    known, others = divided(tickets, hidden, seed)
    export = drawn(others, hidden, seed)
    known = known[known["customer_type"] != "none"]
    scored = by_model(known, export) if model else quickly(known, export)
    return f"| {hidden} | {seed} | {_cells(discover(scored, known), (export['customer_type'] == hidden))} |"


def _cells(found: Discovery, there: pd.Series) -> str:
    number, hidden = found.tickets["cluster"].to_numpy(), there.to_numpy()
    groups = [number == c.number for c in found.clusters]
    each = ", ".join(
        f"{g.sum()} ({hidden[g].mean():.2f}, {g[hidden].mean():.2f})" if hidden.any() else f"{g.sum()}"
        for g in groups
    )
    right = np.isin(number, [i for i, g in enumerate(groups, 1) if hidden[g].mean() > 0.5])
    union = f"{hidden[right].mean():.2f} | {right[hidden].mean():.2f}" if right.any() else "|"
    return f"{hidden.sum()} of {len(hidden)} | {found.tried:.1f} | {each or 'none'} | {union}"


def write_verdicts(tickets: pd.DataFrame, path: str) -> None:
    """What the notebook on new types opens with: the verdicts on the Chinese tickets of the first case."""
    known, others = divided(tickets, HIDDEN[0], 0)
    export = others.sample(N_TICKETS, random_state=0).sort_index().reset_index(drop=True)
    scored = by_model(known, export)[export["language"].str.startswith("zh")]
    columns = ["ticket_id", "customer_type", "confidence", "top_type"]
    scored[columns].round(4).to_csv(path, index=False)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    arguments.add_argument("seeds", nargs="*", type=int, default=[1])
    arguments.add_argument("--types", default=",".join(HIDDEN))
    arguments.add_argument("--model", action="store_true")
    arguments.add_argument("--verdicts")
    asked, everything = arguments.parse_args(), read_labelled([data_path("training")])
    if asked.verdicts:
        write_verdicts(everything, asked.verdicts)
    else:
        print("| hidden | seed | tickets | evidence | groups (purity, recall) | purity together | recall |")
        print("|---|---|---|---|---|---|---|")
        for number in asked.seeds:
            for name in asked.types.split(","):
                print(found_again(everything, name, number, asked.model), flush=True)
