"""The first look runs top to bottom, and its tables hold on exports with other headers and columns."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from notebook_runs import pictures, printed, run

from complaint_typing import read_scored
from complaint_typing.errors import BadValue, MissingColumns
from complaint_typing.resources import data_path
from complaint_typing.workbench.causes import causes
from complaint_typing.workbench.errors import EmptyColumn
from complaint_typing.workbench.export_table import export_table
from complaint_typing.workbench.first_look import read_first, tickets_per_customer, types_by, types_by_time
from complaint_typing.workbench.plots import first_look
from complaint_typing.workbench.plots.style import save_chart


def test_first_look(tmp_path: Path) -> None:
    (tmp_path / "bare.csv").write_text("Case,Description\n1,Where is my refund\n2,My bill is wrong\n")
    outputs, more = run("01_first_look", tmp_path, again="'bare.csv'")
    assert pictures(outputs) == 5
    assert sum("text/html" in output.get("data", {}) for output in outputs) == 1
    rows = len(pd.read_csv(tmp_path / "export.csv"))
    assert printed(outputs).startswith(f"{rows} rows in, {rows} scored, 0 quarantined")
    assert printed(outputs, "stderr") == ""
    assert "customer_type" not in pd.read_csv(tmp_path / "export.csv").columns
    assert len(read_scored(tmp_path / "scored.csv")) == 2
    assert pictures(more) == 1
    for column in ("created_at", "channel", "customer_id", "category"):
        assert f"found for: {column}" in printed(more) or f"not found: {column}" in printed(more)
    assert "'Case', 'Description'" in printed(more)


@pytest.fixture(scope="module")
def reviews() -> pd.DataFrame:
    return export_table(data_path("examples") / "zh_hant_reviews.csv")


@pytest.fixture(scope="module")
def hotline() -> pd.DataFrame:
    return export_table(data_path("examples") / "zh_hotline.csv")


def test_strangers_headers_become_the_contracts_columns(hotline: pd.DataFrame, reviews: pd.DataFrame) -> None:
    assert {"text", "channel", "customer_id", "created", "confidence"} <= {*hotline.columns}
    assert {"text", "branch"} <= {*reviews.columns}
    assert "channel" not in reviews.columns
    assert (hotline["text"].str.len() > 0).all()
    with pytest.raises(MissingColumns, match="no column found for: channel"):
        first_look.type_heat_map(reviews, "channel")


def test_a_mapping_names_what_no_alias_knows() -> None:
    frame = pd.DataFrame({"was": ["Nobody answers the phone"], "wo": ["Leeds"]})
    table = export_table(frame, mapping={"text": "was", "branch": "wo"})
    assert table.loc[0, ["text", "branch"]].tolist() == ["Nobody answers the phone", "Leeds"]


def test_a_scored_table_is_not_scored_again(hotline: pd.DataFrame) -> None:
    given = pd.DataFrame({"Description": ["x"], "customer_type": ["my_type"], "top_type": ["my_type"]})
    table = export_table(given.assign(confidence=0.25, corrected_type="venting"))
    assert table.loc[0, ["customer_type", "top_type", "confidence"]].tolist() == ["venting", "my_type", 0.25]


def test_counts_add_up(hotline: pd.DataFrame) -> None:
    by_time = types_by_time(hotline)
    assert by_time["tickets"].sum() + by_time.attrs["without_day"] == len(hotline)
    assert by_time.groupby("period")["share"].sum().to_numpy() == pytest.approx(1)
    assert by_time.attrs["unit"] == "month"
    assert types_by(hotline, "channel")["tickets"].sum() == len(hotline)
    each = tickets_per_customer(hotline)
    assert each["tickets"].sum() + each.attrs["without_customer"] == len(hotline)
    assert each["customers"].sum() == hotline.loc[hotline["customer_id"] != "", "customer_id"].nunique()


def test_what_to_read_first_has_reasons_and_no_phone_number() -> None:
    table = pd.DataFrame(
        {
            "ticket_id": list("abcdefg"),
            "customer_id": ["1", "2", "3", "3", "3", "", "4"],
            "created": pd.to_datetime(["2025-01-01"] * 4 + ["2025-02-01"] * 3),
            "text": ["call 138-0013-8000"] * 7,
            "customer_type": ["venting", "unfamiliar", *["venting"] * 5],
            "risk_signals": ["media; legal", "", "", "", "", "media", ""],
            "requires_human": [0, 0, 0, 0, 0, 0, 1],
        }
    )
    found = read_first(table, 10, "en")
    assert found["ticket_id"].tolist() == ["a", "f", "b", "e", "g"]
    assert found["why"][3] == "visit number 3"
    assert "Media" in found["why"][0]
    assert not found["text"].str.contains("8000").any()
    assert read_first(table, 2, "zh")["why"].str.startswith("有风险信号").all()
    assert len(read_first(table[["text", "customer_type"]])) == 1


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_charts_of_another_export(lang: str, reviews: pd.DataFrame, tmp_path: Path) -> None:
    rates = causes(pd.DataFrame({**reviews, "fault_found": "no"}), by="branch")
    charts = [
        first_look.types_over_time(reviews, lang),
        first_look.type_heat_map(reviews, "branch", lang),
        first_look.customers(reviews, lang),
        first_look.verdicts(reviews, lang),
        first_look.cause_rates(rates, "fault_found", lang),
    ]
    for chart in charts:
        save_chart(chart, tmp_path / "chart.svg")
        assert "</svg>" in (tmp_path / "chart.svg").read_text(encoding="utf-8")
    with pytest.raises(BadValue, match="not a measure with cases, got 'reopened'; use"):
        first_look.cause_rates(rates, "reopened", lang)


def test_an_export_without_customers_is_read_first_too() -> None:
    days = pd.to_datetime(["2025-01-01", "2025-01-02"])
    table = pd.DataFrame({"created": days, "text": ["x", "y"], "customer_type": ["venting", "unfamiliar"]})
    assert read_first(table)["text"].tolist() == ["y"]


def test_columns_that_hold_nothing_are_named_and_no_week_is_left_out() -> None:
    table = pd.DataFrame({"created": [pd.NaT] * 2, "customer_id": "", "customer_type": "venting"})
    with pytest.raises(EmptyColumn, match=r"created_at: .* in none of 2 tickets"):
        first_look.types_over_time(table)
    with pytest.raises(EmptyColumn, match=r"customer_id: .* in none of 2 tickets"):
        first_look.customers(table)
    days = pd.to_datetime(["2025-01-06", "2025-02-10"])
    drawn = first_look.types_over_time(table.assign(created=days)).to_dict()["datasets"]
    (rows,) = drawn.values()
    assert sorted(row["period"][:10] for row in rows)[1:3] == ["2025-01-13", "2025-01-20"]
    assert sum(row["tickets"] for row in rows) == 2


def test_saved_charts_hold_no_personal_data_of_a_name(tmp_path: Path) -> None:
    """Neither as a label nor in the data that a chart carries along."""
    phones = ["+1 415-555-0199", "+1 628-555-0199"]
    names = [phones[i % 2] for i in range(12)]
    table = pd.DataFrame(
        {
            "text": "the parcel is late",
            "customer_type": "venting",
            "channel": names,
            "category": "mail jane@example.org",
            "language": "ask jane@example.org",
        }
    )
    frame = table.assign(fault_found="yes", emotional_mode="rational", strategy_id="let_vent")
    charts = {
        "channel": first_look.type_heat_map(table, "channel"),
        "category": first_look.type_heat_map(table, "category"),
        "causes": first_look.cause_rates(causes(frame, "category")),
        "language": first_look.verdicts(table),
    }
    save_chart(charts["channel"], tmp_path / "chart.html")
    kept = {name: json.dumps(chart.to_dict()) for name, chart in charts.items()}
    kept["saved"] = (tmp_path / "chart.html").read_text(encoding="utf-8")
    for name, told in kept.items():
        assert ("[phone …99]" if name in ("channel", "saved") else "[email …rg]") in told.replace(
            "\\u2026", "…"
        )
        assert "555-01" not in told
        assert "jane@" not in told
    (rows,) = charts["channel"].to_dict()["datasets"].values()
    assert {row["row"] for row in rows} == {"[phone …99] (6)", "[phone …99] #2 (6)"}


def test_one_is_not_many_and_a_placeholder_is_no_customer() -> None:
    days = [f"2025-0{n + 1}-05" for n in range(4)]
    frame = pd.DataFrame({"text": "late", "customer_id": ["N/A", "ann", "ann", "ann"], "created_at": days})
    given = frame.assign(customer_type="venting", top_type="venting", confidence=0.9)
    told = first_look.customers(export_table(given)).to_dict()["title"]["subtitle"]
    assert told == "1 customer; 100% wrote more than once, in 100% of the tickets; 1 ticket names none"
    with pytest.raises(EmptyColumn, match=r"customer_id: .* in none of 4 tickets"):
        first_look.customers(export_table(given.assign(customer_id="unknown")))
