"""Files as strangers make them: every row comes out exactly or is told, whatever is wrong with the file."""

from __future__ import annotations

import pytest
from polluted import KINDS, Polluted, score

from complaint_typing import score_csv
from complaint_typing.errors import InputError
from complaint_typing.tickets import TicketFile


def written(tmp_path, file):
    place = tmp_path / "export.csv"
    place.write_bytes(file.data)
    return place


def loaded(place):
    file, rows, aside = TicketFile.open(place), [], []
    for block in file.blocks():
        rows += block.rows
        aside += block.quarantined
        assert len(block.tickets) == len(block.rows)
    return file, rows, aside


READABLE = [file for file in KINDS.values() if not file.refused]
REFUSED = [file for file in KINDS.values() if file.refused]


def test_there_are_enough_kinds():
    assert len(KINDS) >= 80


@pytest.mark.parametrize("file", READABLE, ids=lambda file: file.name)
def test_rows_are_exact_or_told(tmp_path, file: Polluted):
    place = written(tmp_path, file)
    found, rows, aside = loaded(place)
    expected = file.rows if file.loaded is None else file.loaded
    assert len(rows) == len(expected)
    if file.exact:
        assert (list(found.header), rows) == (file.header, expected)
    assert len(aside) == len(file.rows) - len(expected) + file.foreign
    report = found.report
    assert report.rows_in == report.rows_out + sum(report.quarantined.values()) == len(rows) + len(aside)
    for row in aside:
        assert row.raw
        assert file.data[row.byte_offset :].startswith(row.raw)


@pytest.mark.parametrize("file", REFUSED, ids=lambda file: file.name)
def test_what_is_no_table_with_a_header_is_a_typed_error(tmp_path, file: Polluted):
    with pytest.raises(InputError, match=r"no column found for: text|it is |rows as wide"):
        TicketFile.open(written(tmp_path, file))


def test_the_mean_score_over_all_kinds(tmp_path):
    scores = [score(file, *_header_and_rows(written(tmp_path, file))) for file in READABLE]
    assert sum(scores) / len(scores) >= 9.9
    assert min(scores) > 5


def _header_and_rows(place):
    file, rows, _ = loaded(place)
    return file.header, rows


@pytest.mark.parametrize(
    "name", ["another_table_as_wide", "row_with_an_unclosed_quote", "tab_separated_utf16_of_excel"]
)
def test_scoring_accounts_for_every_row_too(tmp_path, name):
    file = KINDS[name]
    summary = score_csv(written(tmp_path, file), tmp_path / "scored.csv")
    aside = len(file.rows) - len(file.rows if file.loaded is None else file.loaded) + file.foreign
    assert (summary.rows_in, summary.rows_quarantined) == (len(file.rows) + file.foreign, aside)


def test_rows_after_another_table_are_rows_again(tmp_path):
    text = "ticket_id,text,note\n1,a,\n\nagent,name\nA1,Li\nA2,Wu\n\n2,b,x\n\n"
    text += "ticket_id,note,text\n3,x,y\nticket_id,text,note\n4,c,\n"
    (tmp_path / "a.csv").write_text(text)
    _, rows, aside = loaded(tmp_path / "a.csv")
    assert rows == [["1", "a", ""], ["2", "b", "x"], ["4", "c", ""]]
    assert [row.reason for row in aside] == ["another_table"] * 5 + ["repeated_header"]


def test_short_rows_and_footers_behind_blank_lines_are_no_other_table(tmp_path):
    (tmp_path / "a.csv").write_text("ticket_id,text,note\n\n1,no answer\n\n2,late\n\nlast,one,more\n3,c,d\n")
    assert loaded(tmp_path / "a.csv")[1] == [
        ["1", "no answer", ""],
        ["2", "late", ""],
        ["last", "one", "more"],
        ["3", "c", "d"],
    ]
