"""The command line shows an estimate before anything is adapted to it, in both languages."""

from __future__ import annotations

import json

from click.testing import CliRunner, Result

from complaint_typing.cli import cli
from complaint_typing.resources import data_path

LABELLED = data_path("training") / "G26.csv"


def run(*arguments: object, **env: str) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments], env=env)


def test_evaluate_shows_the_figures_before_and_after() -> None:
    done = run("evaluate", LABELLED, "--adapt-priors", "--by", "channel", LANG="en_GB.UTF-8")
    assert done.exit_code == 0, done.stderr
    assert done.stdout.count("expected calibration error") == 2
    assert done.stdout.index("model's own") < done.stdout.index("priors adapted")
    found = json.loads(run("evaluate", LABELLED, "--adapt-priors", "--json").stdout)
    assert found["adapted"]["n"] == found["n"]
    assert found["priors"]["groups"] == {}


def test_options_that_do_not_go_together_are_refused() -> None:
    assert run("evaluate", LABELLED, "--by", "channel").exit_code == 2
    assert run("evaluate", LABELLED, "--adapt-priors", "--out-of-fold", "genre").exit_code == 2
    missing = run("evaluate", LABELLED, "--adapt-priors", "--by", "no_such")
    assert missing.exit_code == 2
    assert "no column found for: no_such" in missing.stderr
