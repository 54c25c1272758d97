"""Headers are compared by what a reader sees in them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from complaint_typing.aliases import ALIASES, NORMALISED, normalised


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
