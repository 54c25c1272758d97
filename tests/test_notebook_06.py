"""The notebook on outcomes runs top to bottom and leaves files that can be used."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
from notebook_runs import pictures, printed, run


def test_outcomes(tmp_path: Path) -> None:
    outputs, _ = run("06_outcomes", tmp_path)
    assert pictures(outputs) == 7
    assert printed(outputs, "stderr") == ""
    table = pd.read_csv(tmp_path / "strategies.csv")
    tables = [output["data"]["text/html"] for output in outputs if "text/html" in output.get("data", {})]
    compared = next(shown for shown in tables if "verdict" in shown)
    told = re.findall("<td>(too_few|no_overlap|nothing|more|less)</td>", compared)
    assert told == sorted(told, key=lambda word: word in ("too_few", "no_overlap"))
    assert {"too_few", "nothing"} <= {*told}
    assert {"any", "extras", "satisfaction", "goodwill CNY"} <= set(table["measure"])
    effects = pd.read_csv(tmp_path / "strategy_effects.csv").set_index(["customer_type", "outcome"])
    assert effects.loc[("resolution_seeking", "satisfaction"), "difference"] < 0
    answer = json.loads((tmp_path / "goodwill.json").read_text(encoding="utf-8"))
    extras = next(
        row
        for row in answer["effects"]
        if (row["outcome"], row["day"], row["weighted"]) == ("extras", 90, True)
    )
    assert extras["low"] < 0.043 < extras["high"]
    assert 'src="http' not in (tmp_path / "goodwill.html").read_text(encoding="utf-8")
