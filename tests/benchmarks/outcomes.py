"""How often 95 % intervals of effects hold the truth, over many simulated exports.

    nice python tests/benchmarks/outcomes.py [--exports 200] [--customers 1500] [--first-seed 2000]

Each export has another seed. For the comparison as it is and the weighted one, and for a world with effects
and one without: mean estimate, its spread over exports and the mean of the standard errors told, share of
intervals that hold the truth, and how often a difference is told as one.
"""

from __future__ import annotations

import argparse

import numpy as np

from complaint_typing.workbench.effects import compare
from complaint_typing.workbench.outcome_tickets import outcome_tickets
from complaint_typing.workbench.simulated_truth import true_effect
from complaint_typing.workbench.simulated_world import World
from complaint_typing.workbench.simulator import simulate

ASKED = [("any", 30), ("any", 90), ("extras", 30), ("extras", 90), ("justified", 90)]
LARGE = 40_000


def truth_of(world: World) -> dict[tuple[str, int], float]:
    """Effects of goodwill in a very large export."""
    made = simulate(LARGE, seed=999, world=world, texts=False)
    rows = outcome_tickets(made.frame, since=made.since).table["closed"].to_numpy()
    both = {asked: true_effect(made.truth[rows], "paid", *asked) for asked in ASKED}
    return {asked: with_ - without for asked, (without, with_) in both.items()}


def main() -> None:
    """Print one line for each world, outcome and kind of comparison."""
    options = argparse.ArgumentParser(description=__doc__)
    for name, default in (("exports", 200), ("customers", 1500), ("replicates", 100), ("first-seed", 2000)):
        options.add_argument(f"--{name}", type=int, default=default)
    asked = options.parse_args()
    for name, world in (("effects", World()), ("no effects", World.without_effects())):
        truth = truth_of(world)
        found: dict[tuple[str, int, bool], list[tuple[float, float, float, bool]]] = {}
        for seed in range(asked.first_seed, asked.first_seed + asked.exports):
            made = simulate(asked.customers, seed=seed, world=world, texts=False)
            tickets = outcome_tickets(made.frame, since=made.since)
            result = compare(tickets, tickets.table["paid"], days=(30, 90), replicates=asked.replicates)
            for outcome, day in ASKED:
                for weighted in (True, False):
                    row = result.row(outcome, day, weighted)
                    holds = row["low"] <= truth[outcome, day] <= row["high"]
                    told = row["told"] != "nothing"
                    line = (row["difference"], row["high"] - row["low"], holds, told)
                    found.setdefault((outcome, day, weighted), []).append(line)
        for (outcome, day, weighted), lines in found.items():
            table = np.array(lines, float)
            print(
                f"{name} | {outcome} within {day} days | {'weighted' if weighted else 'as it is'} | "
                f"truth {truth[outcome, day]:+.4f} | mean {table[:, 0].mean():+.4f} | "
                f"spread {table[:, 0].std():.4f} | error told {table[:, 1].mean() / 3.95:.4f} | "
                f"holds {table[:, 2].mean():.3f} | told as different {table[:, 3].mean():.3f}"
            )


if __name__ == "__main__":
    main()
