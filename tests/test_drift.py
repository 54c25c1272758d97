"""Drift is quiet where nothing changed, loud where something did, and says so where it cannot tell."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from complaint_typing.artifact import save_model
from complaint_typing.cli import cli
from complaint_typing.errors import BadValue, MissingColumns
from complaint_typing.model import Model
from complaint_typing.policy_draft import draft_policy
from complaint_typing.resources import data_path
from complaint_typing.workbench.distances import category_gap, ordered_gap, sample
from complaint_typing.workbench.drift import DRIFT, NO_DRIFT, TOO_FEW, drift
from complaint_typing.workbench.drift_checks import CHECKS
from complaint_typing.workbench.plots.drift import drift_chart, moved_chart, numbers_chart
from complaint_typing.workbench.plots.style import save_chart

TYPES = ("resolution_seeking", "venting", "respect_seeking", "undetermined", "unfamiliar")
SHARES = (0.45, 0.25, 0.15, 0.13, 0.02)
WORDS = [
    *("parcel", "late", "router", "bill", "refund", "desk", "clerk", "queue"),
    *("phone", "letter", "again", "week", "money", "broken", "answer"),
]


def export(n: int, seed: int, shares: tuple[float, ...] = SHARES, words: list[str] = WORDS) -> pd.DataFrame:
    """A scored export of customers who come back two times on average, always with one type and channel."""
    rng = np.random.default_rng(seed)
    who = rng.integers(0, n // 2, n)
    habit = np.random.default_rng(seed + 1)
    types = habit.choice(TYPES, n // 2, p=shares)[who]
    channel = habit.choice(["web", "phone", "email"], n // 2)[who]
    text = [" ".join(rng.choice(words, rng.integers(5, 30))) for _ in range(n)]
    days = pd.Timestamp("2025-01-01") + pd.to_timedelta(rng.integers(0, 140, n), unit="D")
    return pd.DataFrame(
        {
            "customer_id": [f"{seed}-{c}" for c in who],
            "created_at": days.strftime("%Y-%m-%d"),
            "text": text,
            "channel": channel,
            "customer_type": types,
            "confidence": rng.beta(8, 2, n),
            "top_type": types,
            "emotional_mode": rng.choice(["rational", "emotional"], n),
        }
    )


def test_a_stated_script_is_no_drift_against_an_export_that_states_none() -> None:
    chinese = export(300, 1, words=["账单不对，", "要求退款。", "客服没有回电，"])
    stated = export(300, 2, words=["账单不对，", "要求退款。", "客服没有回电，"]).assign(language="zh-Hans")
    rows = drift(chinese, stated, checks=["language"]).rows
    assert rows["verdict"].tolist() == [NO_DRIFT]
    other = stated.assign(language="zh-Hant")
    assert drift(stated, other, checks=["language"]).rows["verdict"].tolist() == [DRIFT]


def of_clusters(rng: np.random.Generator, customers: int, each: int) -> tuple[np.ndarray, np.ndarray]:
    """Categories of tickets whose customers never change their mind."""
    return np.repeat(rng.choice(4, customers, p=[0.4, 0.3, 0.2, 0.1]), each), np.repeat(
        np.arange(customers), each
    )


def test_the_covariance_is_that_of_resampled_customers() -> None:
    rng = np.random.default_rng(5)
    size = rng.integers(1, 6, 300)
    code, who = np.repeat(rng.choice(3, 300), size), np.repeat(np.arange(300), size)
    code = np.where(rng.random(len(code)) < 0.3, rng.choice(3, len(code)), code)
    counts = pd.crosstab(who, code).to_numpy()
    drawn = [counts[rng.integers(0, 300, 300)].sum(axis=0) for _ in range(4_000)]
    resampled = np.cov(np.array([row / row.sum() for row in drawn]).T)
    found = sample(code, 3, who).covariance
    assert np.diag(found) == pytest.approx(np.diag(resampled), rel=0.12)
    assert found.sum() == pytest.approx(0, abs=1e-12)


def test_bounds_hold_for_customers_who_come_back() -> None:
    """Nothing differs, so a lower bound above zero is a false one; tickets by themselves would give many."""
    false, naive, n, customers = 0, 0, 40, 60
    for seed in range(n):
        rng = np.random.default_rng(seed)
        (one, who), (other, them) = of_clusters(rng, customers, 6), of_clusters(rng, customers, 6)
        pair = sample(one, 4, who), sample(other, 4, them)
        false += category_gap(*pair, 0.05).low > 0 or ordered_gap(*pair, 0.025).low > 0.05
        alone = [sample(code, 4, np.arange(len(code))) for code in (one, other)]
        naive += category_gap(alone[0], alone[1], 0.05).low > 0
    assert false <= 5
    assert naive > 0.3 * n


def test_the_lower_bound_is_below_a_true_distance() -> None:
    rng, above = np.random.default_rng(1), 0
    for _ in range(30):
        one, other = (rng.choice(3, 250, p=p) for p in ([0.5, 0.3, 0.2], [0.2, 0.3, 0.5]))
        gap = category_gap(sample(one, 3, np.arange(250)), sample(other, 3, np.arange(250)), 0.05)
        above += gap.low > 0.3
        assert gap.low > 0
    assert above <= 3


@pytest.mark.parametrize("n", [120, 1200])
def test_two_halves_of_one_export_do_not_drift(n: int, model: Model) -> None:
    whole = export(n, 1)
    half = np.random.default_rng(1).permutation(n) < n // 2
    assert not drift(whole[half], whole[~half], model).drifted


SHIFTS = {
    "customer_type": export(900, 7, shares=(0.15, 0.55, 0.15, 0.13, 0.02)),
    "unfamiliar": export(900, 8, shares=(0.35, 0.2, 0.1, 0.15, 0.2)),
    "language": export(900, 9).assign(text=lambda t: ["账单不对，要求退款"] * 400 + list(t["text"][400:])),
    "wording": export(
        900, 10, words=[*WORDS[:8], "drone", "battery", "charger", "firmware", "wing", "blade"]
    ),
    "channel": export(900, 11).assign(channel="app"),
    "confidence": export(900, 12).assign(confidence=lambda t: t["confidence"] ** 3),
    "length": export(900, 13).assign(text=lambda t: t["text"] + " " + t["text"]),
}


@pytest.mark.parametrize("check", SHIFTS)
def test_a_real_shift_is_told_where_it_is(check: str, model: Model) -> None:
    report = drift(export(900, 3), SHIFTS[check], model, checks=[check, "per_week"])
    assert report.verdict(check) == DRIFT
    assert report.verdict("per_week") == NO_DRIFT
    assert any("drift" in line for line in report.sentences("en")[:2])
    assert "有变化" in report.sentences("zh")[1]


def test_words_that_the_model_does_not_know_are_novel(model: Model) -> None:
    known = ["My parcel came late. Please refund the wrong charge. ", "The router died again. What a joke. "]
    one = export(400, 3).assign(text=known * 200)
    other = export(400, 4).assign(
        text=["Zyx qwv jkq vvzq. " + known[0], "Qqj zzx wvk jqx. " + known[1]] * 200
    )
    report = drift(one, other, model, checks=["novelty"])
    assert report.verdict("novelty") == DRIFT
    assert report.rows.loc[0, "after"] > report.rows.loc[0, "before"]


def test_a_busier_quarter_is_told_by_its_weeks(model: Model) -> None:
    one, other = export(600, 3), pd.concat([export(900, 4), export(900, 5)])
    report = drift(one, other, model, checks=["per_week"])
    assert report.verdict("per_week") == DRIFT
    assert report.rows.loc[0, ["before", "after"]].tolist() == pytest.approx([600 / 20, 1800 / 20], rel=0.03)


def test_an_export_does_not_drift_from_itself_whoever_wrote_it(model: Model) -> None:
    before = export(600, 3)
    after = before.assign(customer_id=[f"x{i}" for i in range(600)])
    assert drift(before, after, model, checks=["wording"]).rows["distance"].item() < 0.01
    moved = pd.concat([export(600, 3).iloc[300:], export(300, 4, words=[*WORDS[:8], *"abcdefgh"])])
    assert drift(before, moved.assign(customer_id=""), model, checks=["wording"]).verdict("wording") == DRIFT


def test_few_tickets_are_too_few(model: Model) -> None:
    report = drift(export(900, 3), export(20, 4), model)
    told = report.rows.set_index("check")["verdict"].drop("per_week")
    assert set(told) == {TOO_FEW}
    assert "30 tickets of 20 customers" in report.sentences("en")[2]
    assert (
        drift(export(900, 3), export(900, 4).assign(customer_id="one"), model).verdict("channel") == TOO_FEW
    )
    small = drift(export(80, 3), export(80, 4), model, checks=["customer_type"])
    assert small.verdict("customer_type") == TOO_FEW
    assert small.rows.loc[0, "chance"] > small.rows.loc[0, "floor"]


def test_nothing_is_called_calm_where_nothing_can_be_told(model: Model) -> None:
    few = export(10, 4)
    report = drift(few, few, model)
    assert report.sentences("en")[0] == "Whether anything drifted cannot be told from so few tickets."
    assert report.sentences("zh")[0] == "数据太少，看不出有没有变化。"


def test_floors_and_looks_move_the_verdict(model: Model) -> None:
    one, other = export(900, 3), export(900, 7, shares=(0.3, 0.4, 0.15, 0.13, 0.02))
    usual = drift(one, other, model, checks=["customer_type"])
    assert usual.verdict("customer_type") != NO_DRIFT
    high = drift(one, other, model, checks=["customer_type"], floors={"customer_type": 0.5})
    assert high.verdict("customer_type") == NO_DRIFT
    often = drift(one, other, model, checks=["customer_type"], looks=52)
    assert often.rows.loc[0, "chance"] > usual.rows.loc[0, "chance"]


def test_what_cannot_be_looked_at_is_said(model: Model) -> None:
    one = export(200, 3).drop(columns=["channel", "created_at"])
    report = drift(one, export(200, 4), model)
    assert report.left_out == {"channel": "channel", "per_week": "created"}
    assert "channels, tickets a week" in report.sentences("en")[0]
    with pytest.raises(MissingColumns, match="no column found for: channel"):
        drift(one, one, model, checks=["channel"])
    with pytest.raises(BadValue, match="floor of channel: not a distance, got '5'"):
        drift(one, one, model, floors={"channel": 5})
    with pytest.raises(BadValue, match="not a check, got 'chanel'"):
        drift(one, one, model, floors={"chanel": 0.1})
    with pytest.raises(BadValue, match="looks: not a number of looks, got '0'"):
        drift(one, one, model, looks=0)


def test_personal_data_in_a_category_is_masked(model: Model) -> None:
    one = export(200, 3).assign(channel="call from 138-0013-8000")
    told = json.dumps(drift(one, export(200, 4), model, checks=["channel"]).to_dict())
    assert "0013" not in told


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_charts_are_drawn_and_say_what_they_show(lang: str, model: Model, tmp_path: Path) -> None:
    report = drift(export(300, 3), SHIFTS["customer_type"], model)
    charts = [
        drift_chart(report, lang),
        moved_chart(report, "channel", lang),
        numbers_chart(report, "length", lang),
    ]
    for chart in charts:
        save_chart(chart, tmp_path / "chart.svg")
    drawn = drift_chart(report, lang).to_dict()
    names = {getattr(check, lang) for check in CHECKS}
    rows = next(iter(drawn["datasets"].values()))
    assert {row["name"] for row in rows} == names
    with pytest.raises(BadValue, match="not a check that this chart shows, got 'length'"):
        moved_chart(report, "length")


def test_the_command_ends_with_one_when_something_drifted(tmp_path: Path) -> None:
    hotline, reviews = (str(data_path("examples") / f"{name}.csv") for name in ("zh_hotline", "en_helpdesk"))
    run = CliRunner().invoke(cli, ["audit", "drift", hotline, reviews, "--lang", "zh"])
    assert run.exit_code == 1
    assert "语言：有变化" in run.output
    same = CliRunner().invoke(cli, ["audit", "drift", hotline, hotline, "--json"])
    assert same.exit_code == 0
    assert json.loads(same.output)["drifted"] is False


def test_a_model_with_types_of_its_own_is_scored_with_its_policy(model: Model, tmp_path: Path) -> None:
    own = replace(model, types=("my_type", *model.types[1:]))
    exports = []
    for seed in (1, 2):
        exports.append(tmp_path / f"{seed}.csv")
        export(60, seed)[["customer_id", "text"]].to_csv(exports[-1], index=False)
    save_model(own, tmp_path / "model")
    draft_policy(own, tmp_path / "policy")
    told = ["audit", "drift", *map(str, exports), "--model", str(tmp_path / "model")]
    assert CliRunner().invoke(cli, told).exit_code == 2
    shown = CliRunner().invoke(cli, [*told, "--policy", str(tmp_path / "policy"), "--json"])
    assert json.loads(shown.stdout)["checks"][0]["check"] == "customer_type"


def test_a_scored_file_is_taken_as_it_was_scored(model: Model, tmp_path: Path) -> None:
    """Whatever model is given, verdicts that stand in an export stay."""
    other = replace(model, types=tuple(reversed(model.types)))
    one = export(200, 3)
    for given in (model, other):
        report = drift(one, one, given, checks=["customer_type"])
        assert report.shares.set_index("name")["before"]["venting"] == pytest.approx(
            (one["customer_type"] == "venting").mean()
        )
