"""Notebooks run on tickets of strangers: few columns, a vendor's headers, own types, nothing to find."""

from __future__ import annotations

import sys
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from complaint_typing.artifact import load_model
from complaint_typing.policy import PolicyTable
from complaint_typing.resources import data_path
from complaint_typing.taxonomy import Term
from complaint_typing.workbench.new_types import add_type
from complaint_typing.workbench.simulator import simulate

sys.path.insert(0, str(Path(__file__).parent.parent))
from notebook_runs import pictures, printed, run


@pytest.fixture
def own(tmp_path: Path) -> pd.DataFrame:
    labelled = pd.read_csv(data_path("training") / "G12.csv", dtype=str).head(200)
    own = labelled[["ticket_id", "text", "customer_type"]].rename(columns={"text": "正文"})
    own.to_csv(tmp_path / "own.csv", index=False, sep=";", encoding="gb18030")
    own.drop(columns="customer_type").to_excel(tmp_path / "unlabelled.xlsx", index=False)
    return own


@pytest.fixture
def vendors(tmp_path: Path) -> str:
    """A mapping to the headers of a vendor, who writes none of the usual ones."""
    headers = {"text": "订单备注", "created_at": "下单", "channel": "入口", "resolved_at": "完结"}
    tickets = pd.read_csv(data_path("training") / "G1.csv", dtype=str)[[*headers, "customer_id"]]
    tickets.rename(columns=headers).to_csv(tmp_path / "vendor.csv", index=False, encoding="utf-16", sep="\t")
    return repr(headers)


def test_retrain(tmp_path: Path, own: pd.DataFrame) -> None:
    outputs, _ = run("03_retrain", tmp_path, instead="'own.csv'")
    assert pictures(outputs) == 5
    assert printed(outputs, "stderr") == ""
    assert "No dates: name a dated export" in printed(outputs)
    assert (tmp_path / "my_model").is_dir()


def test_audit(tmp_path: Path, own: pd.DataFrame) -> None:
    outputs, _ = run("04_audit", tmp_path, instead="'own.csv'")
    assert pictures(outputs) == 7
    assert printed(outputs, "stderr") == ""


def test_what_an_export_lacks_is_told_and_the_rest_runs(tmp_path: Path, own: pd.DataFrame) -> None:
    outputs, _ = run("04_audit", tmp_path, instead="'unlabelled.xlsx'")
    assert "no column found for: customer_type" in printed(outputs)
    assert "Without labels sections 1 and 2 stay empty" in printed(outputs)
    assert pictures(outputs) == 5
    assert printed(outputs, "stderr") == ""
    own.drop(columns="customer_type").assign(客户类型="VIP").to_csv(tmp_path / "vip.csv", index=False)
    outputs, _ = run("04_audit", tmp_path, instead="'vip.csv'")
    assert "not a term of the taxonomy, got 'VIP'" in printed(outputs)
    assert pictures(outputs) == 5
    own.head(8).to_csv(tmp_path / "few.csv", index=False)
    outputs, _ = run("04_audit", tmp_path, instead="'few.csv'")
    assert "8 tickets, 8 labelled" in printed(outputs)
    outputs, _ = run("06_outcomes", tmp_path, instead="'unlabelled.xlsx'")
    assert "needed and not found: customer_id, created_at, resolved_at" in printed(outputs)
    assert "nobody can be followed" in printed(outputs)
    assert pictures(outputs) == 2


def test_label(tmp_path: Path, own: pd.DataFrame) -> None:
    outputs, _ = run("02_label", tmp_path, instead="'unlabelled.xlsx'")
    assert "The sheets wait for their labels" in printed(outputs)
    assert "Labels of two types are needed" in printed(outputs)
    assert pictures(outputs) == 1
    truth = dict(zip(own["ticket_id"], own["customer_type"], strict=True))
    for number, person in enumerate(("anna", "bo")):
        book = openpyxl.load_workbook(tmp_path / f"unlabelled_{person}.xlsx")
        for place, row in enumerate(book["labels"].iter_rows(min_row=2)):
            row[2].value = "venting" if number and place % 9 == 0 else truth[row[0].value]
        book.save(tmp_path / f"unlabelled_{person}.xlsx")
    outputs, _ = run("02_label", tmp_path, instead="'unlabelled.xlsx'")
    assert "tickets to discuss" in printed(outputs)
    assert pictures(outputs) == 4
    assert len(pd.read_csv(tmp_path / "my_labels.csv")) > 60


def test_nothing_new(tmp_path: Path, own: pd.DataFrame) -> None:
    outputs, _ = run("05_new_types", tmp_path, instead="'own.csv'")
    assert "Nothing new found" in printed(outputs)
    assert not any("Empty DataFrame" in output.get("data", {}).get("text/plain", "") for output in outputs)
    assert pictures(outputs) == 0
    assert not (tmp_path / "confirm.csv").exists()


def test_headers_that_no_alias_knows(tmp_path: Path, vendors: str) -> None:
    outputs, _ = run("01_first_look", tmp_path, instead="'vendor.csv'", mapping=vendors)
    assert pictures(outputs) == 4
    outputs, _ = run("06_outcomes", tmp_path, instead="'vendor.csv'", mapping=vendors)
    assert pictures(outputs) == 2
    assert "No column strategy_done among: 订单备注" in printed(outputs)
    assert "No column compensation" in printed(outputs)
    assert printed(outputs, "stderr") == ""


def test_figures_of_few_customers_are_left_blank(tmp_path: Path) -> None:
    simulate(200, seed=1, texts=False).write(tmp_path / "small.csv")
    outputs, _ = run("06_outcomes", tmp_path, instead="'small.csv'")
    tables = [output["data"]["text/html"] for output in outputs if "text/html" in output.get("data", {})]
    wide = next(table for table in tables if "goodwill CNY" in table)
    saved = pd.read_csv(tmp_path / "strategies.csv")
    cells = saved.groupby(["customer_type", "strategy"]).ngroups * saved["measure"].nunique()
    few = saved["told"] == "too_few"
    assert few.any()
    assert wide.count("<td></td>") == cells - (saved["estimate"].notna() & ~few).sum()


def test_types_of_ones_own(tmp_path: Path, own: pd.DataFrame) -> None:
    renamed = {"venting": "angry", "resolution_seeking": "fix_it"}
    own = own[own["customer_type"].isin(renamed)]
    own.assign(customer_type=own["customer_type"].map(renamed)).to_csv(tmp_path / "renamed.csv", index=False)
    PolicyTable.read().export(tmp_path / "my_policy")
    for name in renamed.values():
        add_type(tmp_path / "my_policy", Term("type", name, name, name, name, name, "own"))
    outputs, _ = run("03_retrain", tmp_path, instead="'renamed.csv'", policy="'my_policy'")
    assert load_model(tmp_path / "my_model").types == ("angry", "fix_it")
    assert printed(outputs, "stderr") == ""
