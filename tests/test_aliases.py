"""Headers are compared by what a reader sees in them."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaint_typing import score_csv
from complaint_typing.aliases import ALIASES, NORMALISED, normalised
from complaint_typing.columns import LABEL_COLUMNS, TICKET_COLUMNS
from complaint_typing.scored import read_scored
from complaint_typing.workbench.export_table import export_table


@given(st.text())
def test_case_width_and_blanks_do_not_matter(header):
    form = normalised(header)
    assert normalised(f"  {header}\n") == form
    assert normalised(header.replace(" ", "_")) == form


def test_every_alias_is_found_under_its_column():
    for column, names in ALIASES.items():
        for rank, name in enumerate(names):
            found_rank, found = NORMALISED[normalised(name)]
            assert found == column
            assert found_rank <= rank


def test_both_chinese_scripts_are_known_for_the_columns_that_people_name():
    pairs = [
        ("工单编号", "工單編號"),
        ("客户编号", "客戶編號"),
        ("投诉内容", "投訴內容"),
        ("受理时间", "受理時間"),
    ]
    pairs += [
        ("标题", "標題"),
        ("满意度", "滿意度"),
        ("补偿金额", "補償金額"),
        ("是否有责", "是否有責"),
        ("结案时间", "結案時間"),
    ]
    for hans, hant in pairs:
        assert NORMALISED[hans][1] == NORMALISED[hant][1]


@pytest.mark.parametrize("column", [c for c in (*TICKET_COLUMNS, *LABEL_COLUMNS) if c.name in ALIASES])
def test_the_chinese_names_that_the_documents_give_are_known(column):
    named = re.split("[；：，（ ]", column.zh)[0]
    for name in named.split("或"):
        assert NORMALISED[normalised(name)][1] == column.name


def test_both_scripts_of_the_documented_names_are_known():
    names = ("業務類別", "善意補償金額", "客服答覆", "處理人員編號", "實際採取的策略", "處理策略", "客戶類型")
    columns = ["category", "compensation", "agent_reply", "agent_id", "strategy_done", "strategy_done"]
    assert [NORMALISED[normalised(name)][1] for name in names] == [*columns, "customer_type"]


def test_what_customers_are_called_in_an_export_is_no_verdict(tmp_path):
    texts = ["快递丢了，请尽快赔给我", "店员骂人，我要她道歉", "为什么要收这笔费用？请解释一下"]
    plain = pd.DataFrame({"工单编号": ["1", "2", "3"], "投诉内容": texts})
    plain.to_csv(tmp_path / "plain.csv", index=False)
    plain.assign(客户类型="VIP", 处理策略="道歉").to_csv(tmp_path / "named.csv", index=False)
    for name in ("plain", "named"):
        score_csv(tmp_path / f"{name}.csv", tmp_path / f"{name}_scored.csv")
    scored, named = (read_scored(tmp_path / f"{name}_scored.csv") for name in ("plain", "named"))
    assert named.columns.tolist() == [
        *("工单编号", "投诉内容", "客户类型", "处理策略"),
        *scored.columns.drop(["工单编号", "投诉内容"]),
    ]
    assert named["customer_type"].tolist() == scored["customer_type"].tolist()
    table = export_table(tmp_path / "named.csv")
    assert table["customer_type"].tolist() == scored["customer_type"].tolist()
    again = export_table(tmp_path / "named_scored.csv")
    assert again["customer_type"].tolist() == scored["customer_type"].tolist()
