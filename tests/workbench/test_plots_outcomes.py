"""Charts of outcomes say in both languages what they show, and draw what the tables hold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from complaint_typing.resources import data_path
from complaint_typing.workbench.goodwill import goodwill_and_returns
from complaint_typing.workbench.outcome_tickets import outcome_tickets
from complaint_typing.workbench.outcomes import strategy_effects, strategy_table
from complaint_typing.workbench.plots import outcomes as plots
from complaint_typing.workbench.plots.style import save_chart
from complaint_typing.workbench.return_visits import return_curves
from complaint_typing.workbench.simulator import simulate


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    export = simulate(700, seed=6, texts=False)
    tickets = outcome_tickets(export.frame, since=export.since)
    return {
        "curves": return_curves(tickets, ["customer_type"], days=30),
        "kinds": return_curves(tickets, ["customer_type"], days=30, kinds=True),
        "table": strategy_table(tickets),
        "answer": goodwill_and_returns(tickets, replicates=10),
        "effects": strategy_effects(tickets, types=["resolution_seeking"], replicates=20),
        "few": goodwill_and_returns(outcome_tickets(simulate(40, seed=1, texts=False).frame), replicates=20),
    }


CHARTS: dict[str, tuple[Any, str, str]] = {
    "returns": (
        lambda m, lang: plots.return_chart(m["curves"], "customer_type", lang),
        "实质解决型",
        "Venting",
    ),
    "kinds": (lambda m, lang: plots.kinds_chart(m["kinds"], "customer_type", lang), "额外要求", "for extras"),
    "strategies": (lambda m, lang: plots.strategy_chart(m["table"], "any", lang), "恢复原状", "Put it right"),
    "scores": (
        lambda m, lang: plots.strategy_chart(m["table"], "satisfaction", lang),
        "满意度",
        "satisfaction",
    ),
    "balance": (
        lambda m, lang: plots.balance_chart(m["answer"].comparison.weighting, lang),
        "渠道",
        "channel",
    ),
    "goodwill": (lambda m, lang: plots.goodwill_chart(m["answer"], lang), "拉平后", "made comparable"),
    "refused": (lambda m, lang: plots.goodwill_chart(m["few"], lang), "不下结论", "no answer"),
    "effects": (
        lambda m, lang: plots.effects_chart(m["effects"], "any", lang),
        "讲清楚",
        "Clear explanation",
    ),
    "by_type": (
        lambda m, lang: plots.effects_chart(m["answer"].by_type, "extras", lang),
        "90天内",
        "90 days",
    ),
}


@pytest.mark.parametrize("name", CHARTS)
def test_charts_speak_both_languages(made: dict[str, Any], name: str) -> None:
    draw, zh, en = CHARTS[name]
    told = {
        lang: json.dumps(draw(made, lang).to_dict(validate=False), ensure_ascii=False)
        for lang in ("zh", "en")
    }
    assert zh in told["zh"]
    assert en in told["en"]
    assert not any("\u4e00" <= c <= "\u9fff" for c in told["en"])


def test_an_export_with_few_tickets_gives_empty_charts_and_no_error(tmp_path: Path) -> None:
    tickets = outcome_tickets(data_path("examples") / "zh_hotline.csv", since="auto")
    assert len(tickets.closed) > 0
    curves = return_curves(tickets, ["customer_type"])
    kinds = return_curves(tickets, ["customer_type"], kinds=True)
    answer = goodwill_and_returns(tickets, replicates=10)
    for chart in (
        plots.return_chart(curves, "customer_type", "zh"),
        plots.kinds_chart(kinds, "customer_type", "zh"),
        plots.goodwill_chart(answer, "zh"),
        plots.balance_chart(answer.comparison.weighting, "zh"),
        plots.effects_chart(answer.by_type, "extras", "zh"),
    ):
        assert chart.to_dict()["title"]["text"]
        save_chart(chart, tmp_path / "chart.png")
    assert answer.sentence("zh").startswith("无法判断")


def test_groups_beyond_the_largest_are_counted(made: dict[str, Any]) -> None:
    groups = made["curves"]["customer_type"].nunique()
    chart = plots.return_chart(made["curves"], "customer_type", "en", most=2)
    assert f"not shown: {groups - 2}" in chart.to_dict()["title"]["subtitle"]


def test_groups_too_small_for_a_curve_are_counted_too(made: dict[str, Any]) -> None:
    frame = simulate(700, seed=6, texts=False).frame
    rare = frame["customer_type"].mask(frame.index < 4, "my_type").mask(frame.index < 2, "another_type")
    tickets = outcome_tickets(frame.assign(customer_type=rare))
    groups = tickets.closed["customer_type"].nunique()
    for kinds, draw in ((False, plots.return_chart), (True, plots.kinds_chart)):
        curves = return_curves(tickets, ["customer_type"], days=30, kinds=kinds)
        assert curves["customer_type"].nunique() <= groups - 2
        for lang, said in (("en", "not shown"), ("zh", "较小组")):
            told = draw(curves, "customer_type", lang, most=3).to_dict()["title"]["subtitle"]
            assert said in told
            assert told.endswith(f"{groups - 3}")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_measure_that_the_table_lacks_is_told(made: dict[str, Any], lang: str) -> None:
    table = made["table"]
    chart = plots.strategy_chart(table[table["measure"] != "any"], "any", lang)
    said = {"zh": "工单太少，没有可画的。", "en": "Too few tickets: nothing to draw."}
    assert said[lang] in json.dumps(chart.to_dict(), ensure_ascii=False)


PLANTED = ("+1 415-555-0177", "jane.planted@example.org", "13800138000")


def test_names_of_the_export_are_masked_in_every_chart_and_table() -> None:
    frame = simulate(400, seed=6, texts=False).frame
    causes = frame["category"].unique()
    frame["category"] = frame["category"].replace({causes[0]: f"Staff {PLANTED[1]}"})
    done = frame["strategy_done"]
    frame["strategy_done"] = done.replace({done[done != ""].unique()[0]: f"call back {PLANTED[0]}"})
    frame["channel"] = frame["channel"].replace({frame["channel"].iloc[0]: f"热线 {PLANTED[2]}"})
    tickets = outcome_tickets(frame)
    answer = goodwill_and_returns(tickets, replicates=2, by_type=False)
    table, effects = strategy_table(tickets), strategy_effects(tickets, ["venting"], replicates=2)
    shown = [
        table.to_csv(),
        effects.to_csv(),
        json.dumps(answer.to_dict(), ensure_ascii=False),
        json.dumps(plots.strategy_chart(table, "reopened").to_dict(), ensure_ascii=False),
        json.dumps(plots.effects_chart(effects, "any").to_dict(), ensure_ascii=False),
        json.dumps(plots.balance_chart(answer.comparison.weighting).to_dict(), ensure_ascii=False),
    ]
    assert "call back [phone …77]" in shown[0]
    assert "Staff [email …rg]" in set(answer.comparison.weighting.balance["level"])
    assert not [name for name in PLANTED for told in shown if name in told]


def test_nobody_came_back_is_told(made: dict[str, Any]) -> None:
    chart = plots.kinds_chart(made["kinds"].assign(share=0.0), "customer_type", "en")
    assert "Nobody came back." in json.dumps(chart.to_dict())
