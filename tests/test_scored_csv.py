"""The bytes of blocks, one after the other, are the file, however the rows are cut into blocks."""

from __future__ import annotations

from pathlib import Path

import pytest
from scored_files import ScoredWriter

from complaint_typing.columns import SCORED_COLUMNS
from complaint_typing.errors import UnequalColumns
from complaint_typing.scored_forms import scored_form

ROWS = [["=1+1", "a,b"], ["退款", 'say "x"'], ["-3.5", ""], ["two\nlines", "x"], ["", "é"]]


def scored(n: int) -> dict[str, list[object]]:
    return {c.name: [0.5 if c.kind == "proba" else 1] * n for c in SCORED_COLUMNS}


@pytest.mark.parametrize("size", [1, 2, 5])
def test_any_cut_into_blocks_gives_the_same_file(tmp_path: Path, size: int) -> None:
    form = scored_form(tmp_path / "a.csv", ["text", "note"])
    blocks = [ROWS[i : i + size] for i in range(0, len(ROWS), size)]
    made = b"".join([form.head(), *(form.block(block, scored(len(block))) for block in blocks)])
    with ScoredWriter(tmp_path / "a.csv", ["text", "note"]) as writer:
        writer.write(ROWS, scored(len(ROWS)))
    assert made == (tmp_path / "a.csv").read_bytes()
    assert not form.assemble(tmp_path / "a.csv", tmp_path / "b.csv")


def test_an_odd_row_is_named_by_its_number_in_the_file() -> None:
    with pytest.raises(UnequalColumns, match="row 12"):
        scored_form("a.csv", ["text"]).block([["a"], ["b", "c"]], scored(2), first_row=11)
