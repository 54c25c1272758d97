"""Estimated shares are charted beside the model's own before anything is adapted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from complaint_typing.errors import BadValue
from complaint_typing.priors import PriorEstimate, estimate_priors
from complaint_typing.workbench.plots.shares import shares_chart, shares_table
from complaint_typing.workbench.plots.style import save_chart

TYPES = ("venting", "high_energy", "my_own")
SOURCE = np.array([0.6, 0.3, 0.1])


def estimate(n: int = 60) -> PriorEstimate:
    p = np.random.default_rng(3).dirichlet([6, 1, 1], size=n)
    groups = ["letter"] * 40 + ["chat"] * (n - 40)
    return estimate_priors(p, TYPES, SOURCE, groups=groups, by="channel")


def test_the_table_has_what_the_estimate_has() -> None:
    found = estimate()
    table = shares_table(found).set_index("type")
    for name in ("seen", "low", "high", "used"):
        assert table.loc[list(TYPES), name].to_numpy() == pytest.approx(getattr(found.whole, name), abs=1e-4)
    assert table.loc[list(TYPES), "source"].to_numpy() == pytest.approx(SOURCE)
    assert table["seen"].is_monotonic_decreasing
    letters = shares_table(found.to_dict(), "letter").set_index("type")
    assert letters.loc[list(TYPES), "seen"].to_numpy() == pytest.approx(found.groups["letter"].seen, abs=1e-4)


@pytest.mark.parametrize(("lang", "chance"), [("zh", "纯属偶然"), ("en", "chance alone")])
def test_the_chart_says_whether_there_is_reason_to_adapt(lang: str, chance: str, tmp_path: Path) -> None:
    found = estimate()
    shifted = replace(found, whole=replace(found.whole, p_value=0.001))
    at_rest = replace(found, whole=replace(found.whole, p_value=0.5))
    lost = replace(found, whole=replace(found.whole, converged=False))
    told = [shares_chart(one, lang).to_dict()["title"]["subtitle"] for one in (at_rest, shifted, lost)]
    assert [chance in subtitle for subtitle in told] == [True, False, False]
    assert len(set(told)) == 3
    chart = shares_chart(found, lang, group="letter")
    assert "channel = letter" in chart.to_dict()["title"]["subtitle"]
    save_chart(chart, tmp_path / "shares.svg")
    assert "my_own" in (tmp_path / "shares.svg").read_text(encoding="utf-8")


def test_a_group_that_is_not_there_is_named() -> None:
    with pytest.raises(BadValue, match=r"'email'; use one of: "):
        shares_chart(estimate(), group="email")
