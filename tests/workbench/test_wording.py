from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaint_typing.errors import BadValue
from complaint_typing.workbench.wording import markdown, markdown_table, one_line, spoken


def test_texts_are_spoken_in_one_language_or_both():
    assert (spoken("甲", "a", "zh"), spoken("甲", "a", "en"), spoken("甲", "a")) == ("甲", "a", "甲 / a")
    with pytest.raises(BadValue, match="use zh or en"):
        spoken("甲", "a", "fr")


@given(st.text(max_size=40))
def test_a_cell_never_breaks_its_table(text):
    row = markdown_table(["head"], [[markdown(text)]]).split("\n")
    assert len(row) == 3
    assert row[2].replace("\\\\", "").replace("\\|", "").count("|") == 2
    assert one_line(text).isprintable()


def test_cells_are_masked():
    assert "13800138000" not in markdown("East 13800138000")
