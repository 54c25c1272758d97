"""Nothing is lost, doubled or changed where a read buffer ends, wherever an oddity stands around it."""

from __future__ import annotations

import gzip

import pytest

from complaint_typing import lines
from complaint_typing.columns import header_score
from complaint_typing.delimited import open_delimited

BUFFER = 192
ODDITIES = {
    "quoted CRLF": '"a\r\nb"',
    "quoted CR": '"a\rb"',
    "lone CR": "a\rb",
    "quoted LF": '"\n"',
    "doubled quote": '"a""b"',
    "escaped quote": r'"a \"b\" c"',
    "undoubled quotes": '"a "b" c"',
    "NUL": "a\0b",
    "two bytes": "é",
    "three bytes": "快",
    "four bytes": "😅",
    "four bytes in GB18030": "㐂",
    "byte order mark": "\ufeff",
    "separator of lines in Unicode": "\u2028",
    "empty quotes": '""',
    "quoted delimiters": '",,"',
    "many line ends": '"\r\n\r\n\r\n"',
}
CODECS = ("utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "gb18030")
HEAD = "ticket_id,text,note\r\n"


def plain(oddity: str) -> str:
    """What the oddity means."""
    cell = oddity[1:-1] if oddity.startswith('"') else oddity
    return cell.replace('\\"', '"').replace('""', '"') if len(cell) > 1 else cell


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("oddity", ODDITIES)
def test_around_every_edge(tmp_path, monkeypatch, oddity, codec):
    monkeypatch.setattr(lines, "CHUNK_BYTES", BUFFER)
    cell, name = ODDITIES[oddity], codec.removesuffix("-sig")
    unit = len("a".encode(name))
    start = len((HEAD + "1,").encode(name)) + 3 * (codec == "utf-8-sig")
    place = tmp_path / "export.csv"
    for edge in (BUFFER, 2 * BUFFER):
        for shift in range(-4, 5):
            n = (edge + shift * unit - start) // unit
            rest = [["2", "快递", "x"], ["3", "no answer", ""]]
            text = (
                HEAD + f"1,{'x' * n}{cell},y\r\n"
                if not cell.startswith('"')
                else HEAD + f"1{'x' * n},{cell},y\r\n"
            )
            text += "".join(",".join(row) + "\r\n" for row in rest)
            place.write_bytes(text.encode(codec))
            blocks = list(open_delimited(place, header_score, encoding=name).blocks())
            first = (
                ["1", "x" * n + cell, "y"] if not cell.startswith('"') else ["1" + "x" * n, plain(cell), "y"]
            )
            assert [row for block in blocks for row in block.rows] == [first, *rest], (edge, shift)
            assert not any(block.faults for block in blocks)


@pytest.mark.parametrize("codec", CODECS)
def test_faults_have_their_bytes_around_every_edge(tmp_path, monkeypatch, codec):
    monkeypatch.setattr(lines, "CHUNK_BYTES", BUFFER)
    place, name = tmp_path / "export.csv", codec.removesuffix("-sig")
    for n in range(60, 120):
        broken = f'1{"x" * n},"快" more,y\r\n2,{"y" * n},a,b,😅\r\n'
        data = (HEAD + broken + "3,no answer,\r\n").encode(codec)
        place.write_bytes(gzip.compress(data))
        blocks = list(open_delimited(place, header_score, encoding=name).blocks())
        faults = [fault for block in blocks for fault in block.faults]
        assert b"".join(fault.raw for fault in faults) == broken.encode(name)
        assert all(data[fault.byte_offset :].startswith(fault.raw) for fault in faults)
        assert [row for block in blocks for row in block.rows] == [["3", "no answer", ""]]


def test_half_a_character_and_a_digit_at_the_end_of_a_buffer_make_no_row_twice(tmp_path, monkeypatch):
    monkeypatch.setattr(lines, "CHUNK_BYTES", BUFFER)
    place = tmp_path / "export.csv"
    rows = [f"{i},快递丢了没人管,x".encode("gb18030") for i in range(60)]
    for cut in range(60):
        damaged = [row + b"\xd65" * (i == cut) for i, row in enumerate(rows)]
        place.write_bytes(b"ticket_id,text,note\n" + b"".join(row + b"\n" for row in damaged))
        file = open_delimited(place, header_score, encoding="gb18030")
        read = [row[0] for block in file.blocks() for row in block.rows]
        assert read == [str(i) for i in range(60) if i != cut or str(i) in read]


def test_half_a_character_of_utf_7_is_read_as_it_stands(tmp_path):
    place = tmp_path / "export.csv"
    place.write_bytes(b"ticket_id,text\n1,hello +2AA- there\n2,ok\n")
    (block,) = open_delimited(place, header_score, encoding="utf-7").blocks()
    assert block.rows == [["1", "hello \ud800 there"], ["2", "ok"]]


def test_rows_behind_one_huge_cell_are_not_read_one_by_one(tmp_path):
    place = tmp_path / "export.csv"
    short = "".join(f"{i},late again,y\n" for i in range(3_000))
    place.write_text(f'ticket_id,text,note\nx,"{"lorem ipsum " * 720_000}",y\n{short}', encoding="utf-8")
    file = open_delimited(place, header_score)
    sizes = [len(block.rows) for block in file.blocks()]
    assert sum(sizes) == 3_001
    assert len(sizes) < 10
    assert [len(block.rows) for block in file.blocks(1)] == [1] * 3_001


@pytest.mark.parametrize("text", ["no answer", "no\nanswer", "no " * 300])
def test_no_more_than_some_buffers_are_kept_wherever_rows_end(tmp_path, monkeypatch, text):
    monkeypatch.setattr(lines, "CHUNK_BYTES", 1_000)
    monkeypatch.setattr(lines, "MOST_KEPT", 3_000)
    place = tmp_path / "export.csv"
    place.write_text("ticket_id,text\n" + "".join(f'{i},"{text}"\n' for i in range(300)), encoding="utf-8")
    blocks = [*open_delimited(place, header_score).blocks()]
    assert [row[0] for block in blocks for row in block.rows] == [str(i) for i in range(300)]
    assert max(sum(len("".join(row)) for row in block.rows) for block in blocks) < 6_000
