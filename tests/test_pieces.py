"""Pieces hold every row once, in order, and few characters whatever the texts."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from complaint_typing.export_history import ExportHistory
from complaint_typing.pieces import cut
from complaint_typing.tickets import TicketFile


def file_of(folder: Path, texts: list[str]) -> TicketFile:
    path = folder / "export.csv"
    rows = "".join(f"{i},{text}\n" for i, text in enumerate(texts))
    path.write_text(f"ticket_id,text\n{rows}", encoding="utf-8")
    return TicketFile.open(path, block_rows=3)


@given(st.lists(st.integers(0, 30), min_size=1, max_size=20))
def test_every_row_once_and_in_order(tmp_path_factory, lengths: list[int]) -> None:  # type: ignore[no-untyped-def]
    texts = ["x" * length for length in lengths]
    file = file_of(tmp_path_factory.mktemp("cut"), texts)
    history = ExportHistory()
    for block in file.blocks():
        history.add(block.tickets)
    pieces = list(cut(file.blocks(), history.facts(), characters=20))
    kept = [text for text in texts if text]
    assert [text for piece, _ in pieces for text in piece.tickets.text] == kept
    assert [row[1] for piece, _ in pieces for row in piece.rows] == kept
    assert sum(len(aside) for _, aside in pieces) == len(texts) - len(kept)
    done = 0
    for piece, _ in pieces:
        assert len(piece.rows) <= 1 or sum(map(len, piece.tickets.text)) <= 20
        assert piece.first_row == done + 1
        assert len(piece.facts["known"]) == len(piece.rows) == len(piece.tickets)
        done += len(piece.rows)
