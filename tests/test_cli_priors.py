"""The command line shows an estimate before anything is adapted to it, in both languages."""

from __future__ import annotations

import json
from pathlib import Path

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
    assert "by: not a column of the file, got 'no_such'; use one of: ticket_id, " in missing.stderr


def test_shares_are_shown_in_both_languages_and_as_json() -> None:
    source = data_path("examples") / "zh_hotline.csv"
    zh, en = (run("priors", source, "--lang", lang) for lang in ("zh", "en"))
    assert zh.exit_code == en.exit_code == 0
    assert "模型原有" in zh.stdout
    assert "实质解决型" in zh.stdout
    assert "model's own" in en.stdout
    found = json.loads(run("priors", source, "--by", "channel", "--json").stdout)
    assert found["whole"]["used"].keys() == found["source"].keys()
    assert "repeat_abuser" not in found["source"]
    assert run("priors", source, "--by", "no_such").exit_code == 2


def test_score_shows_the_estimate_on_stderr(tmp_path: Path) -> None:
    source = data_path("examples") / "zh_hotline.csv"
    done = run("score", source, "-o", tmp_path / "s.csv", "--adapt-priors", "--lang", "en", "--json")
    assert done.exit_code == 0, done.stderr
    assert "used to adapt" in done.stderr
    assert json.loads(done.stdout)["priors"]["whole"]["converged"] is True
    quiet = run("score", source, "-o", tmp_path / "s.csv", "--adapt-by", "channel", "--quiet")
    assert (quiet.stdout, quiet.stderr) == ("", "")


def test_earlier_exports_are_read_as_by_score(tmp_path: Path) -> None:
    for name, rows in (("now", "c1,2026-05-01,again\n"), ("past", "c1,2026-04-01,no light\n")):
        (tmp_path / f"{name}.csv").write_text(f"customer_id,created_at,memo\n{rows}", encoding="utf-8")
    (tmp_path / "own.csv").write_text("who,created_at,body\nc1,2026-03-01,no water\n", encoding="utf-8")
    (tmp_path / "bare.csv").write_text("text\nno light\n", encoding="utf-8")
    now, mapped = tmp_path / "now.csv", ("--map", "text=memo")
    own = (
        "--history",
        tmp_path / "own.csv",
        "--history-map",
        "text=body",
        "--history-map",
        "customer_id=who",
    )
    for verb, more in (("priors", ()), ("score", ("-o", tmp_path / "s.csv"))):
        done = run(verb, now, *more, *mapped, "--history", tmp_path / "past.csv", "--json")
        assert done.exit_code == 0, done.stderr
        done = run(verb, now, *more, *mapped, *own, "--json")
        assert done.exit_code == 0, done.stderr
        refused = run(verb, now, *more, *mapped, "--history", tmp_path / "bare.csv")
        assert refused.exit_code == 2
        assert "bare.csv: no column found for: customer_id, created_at" in refused.stderr
        assert "--history-map" in refused.stderr
