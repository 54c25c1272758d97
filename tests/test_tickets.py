"""Every row of an export is a ticket or quarantined with its reason; nothing is lost, nothing guessed."""

from __future__ import annotations

import base64
import csv
import gzip
import io

import numpy as np
import pytest
from scored_files import ScoredWriter

from complaint_typing.columns import NO_TIME, SCORED_COLUMNS
from complaint_typing.errors import AmbiguousDates, BadValue, MissingColumns, UnreadableInput
from complaint_typing.quarantine import quarantine_head, quarantine_line
from complaint_typing.scored import read_scored
from complaint_typing.tickets import TicketFile, read_frame


def export(tmp_path, text, codec="utf-8", name="export.csv"):
    place = tmp_path / name
    place.write_bytes(text.encode(codec))
    return place


def everything(file):
    rows, quarantined = [], []
    for block in file.blocks():
        assert len(block.rows) == len(block.row_numbers) == len(block.tickets)
        assert all(len(row) == len(block.header) for row in block.rows)
        rows += zip(block.row_numbers, block.rows, strict=True)
        quarantined += block.quarantined
    report = file.report
    assert report.rows_in == report.rows_out + sum(report.quarantined.values())
    assert (report.rows_out, sum(report.quarantined.values())) == (len(rows), len(quarantined))
    return rows, quarantined


HOTLINE = (
    "热线工单导出\r\n导出日期,2024-04-01\r\n工单编号,客户编号,受理时间,投诉内容,是否有责,补偿金额,片区\r\n"
    '007,C1,2024/3/5 9:30,"快递丢了,没人管",否,¥50,东\r\n'
    "008,C1,2024/3/6 10:00,还没退款,有责,,西\r\n"
    "009,C2,不详,,,,\r\n"
    "008,,2024/3/7,又来电话,maybe,-3,南\r\n"
    "010,C3,2024/3/8,a,b,c,d,e\r\n"
)


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
def test_an_export_is_understood_as_a_whole(tmp_path, codec):
    file = TicketFile.open(export(tmp_path, HOTLINE, codec), tz="Asia/Shanghai")
    assert file.delimiter == ","
    assert file.header[3] == "投诉内容"
    assert file.mapping == {
        "text": 3,
        "ticket_id": 0,
        "customer_id": 1,
        "created_at": 2,
        "fault_found": 4,
        "compensation": 5,
    }
    assert file.unmapped == ["片区"]
    rows, quarantined = everything(file)
    assert [n for n, _ in rows] == [1, 2, 4]
    assert rows[0][1] == ["007", "C1", "2024/3/5 9:30", "快递丢了,没人管", "否", "¥50", "东"]
    assert [(q.row_number, q.line, q.reason) for q in quarantined] == [
        (3, 6, "no_text"),
        (5, 8, "too_many_fields"),
    ]
    assert file.report.repeated_ticket_ids == 1
    assert {name: bad.count for name, bad in file.report.bad_values.items()} == {
        "fault_found": 1,
        "compensation": 1,
    }
    assert file.report.bad_values["fault_found"].examples == [(4, 5)]


def test_two_passes_give_the_same_and_a_new_report(tmp_path):
    file = TicketFile.open(export(tmp_path, HOTLINE))
    assert everything(file) == everything(file)


def test_quarantined_bytes_are_those_of_the_file(tmp_path):
    place = export(tmp_path, HOTLINE, "gb18030")
    for row in everything(TicketFile.open(place))[1]:
        assert place.read_bytes()[row.byte_offset : row.byte_offset + len(row.raw)] == row.raw
        assert row.raw.decode("gb18030") == row.text


def test_quarantine_file_can_be_read_and_the_bytes_recovered(tmp_path):
    rows = everything(TicketFile.open(export(tmp_path, "id,text\n1,\n=cmd,a,b\n", "utf-8")))[1]
    (tmp_path / "q.csv").write_bytes(quarantine_head() + b"".join(map(quarantine_line, rows)))
    table = list(csv.DictReader(io.StringIO((tmp_path / "q.csv").read_text("utf-8-sig"), newline="")))
    assert [row["reason"] for row in table] == ["no_text", "too_many_fields"]
    assert [row["reason_zh"] for row in table] == ["没有投诉正文", "字段多于表头"]
    assert [base64.b64decode(row["raw_base64"]) for row in table] == [row.raw for row in rows]
    assert table[1]["text"].startswith("'=cmd")
    assert table[1]["row_number"] == "2"


def test_names_given_by_hand_and_missing_ones(tmp_path):
    place = export(tmp_path, "nr,memo,when\n1,a,2024-03-05\n")
    file = TicketFile.open(place, mapping={"text": "memo", "created_at": "when"})
    assert file.mapping == {"text": 1, "created_at": 2}
    with pytest.raises(
        MissingColumns, match=r"no column found for: text. Headers found: 'nr', 'memo', 'when'"
    ):
        TicketFile.open(place)
    with pytest.raises(MissingColumns, match="no column found for: text"):
        TicketFile.open(place, mapping={"text": "nowhere"})


def test_a_header_known_only_by_hand_is_found_below_a_preamble(tmp_path):
    place = export(tmp_path, "report,of,today\n\nnr,memo\n1,a\n")
    assert TicketFile.open(place, mapping={"text": "memo"}).header == ("nr", "memo")


def test_further_columns_for_the_same_are_told(tmp_path):
    file = TicketFile.open(export(tmp_path, "text,Description,text\na,b,c\n"))
    assert file.mapping == {"text": 0}
    assert file.shadowed == {"text": ["Description", "text"]}
    assert everything(file)[0] == [(1, ["a", "b", "c"])]


def dates(n, first, last):
    return "id,text,created at\n" + "".join(f"{i},a,{first}\n" for i in range(n)) + f"{n},a,{last}\n"


def test_the_whole_file_decides_the_order_of_day_and_month(tmp_path):
    for block_rows in (10, 5000):
        file = TicketFile.open(
            export(tmp_path, dates(100, "03/05/2024", "25/12/2024")), block_rows=block_rows
        )
        times = np.concatenate([block.tickets.created_at for block in file.blocks()])
        assert set(times[:100].tolist()) == {1714694400}


def test_an_open_order_is_an_error_before_any_row_is_read(tmp_path):
    place = export(tmp_path, dates(100, "03/05/2024", "04/05/2024"))
    with pytest.raises(AmbiguousDates, match='say date_order="dmy"'):
        TicketFile.open(place)
    file = TicketFile.open(place, date_order="mdy")
    assert next(file.blocks()).tickets.created_at[0] == 1709596800


def test_an_open_order_that_shows_late_is_an_error_too(tmp_path):
    file = TicketFile.open(export(tmp_path, dates(100, "2024-03-05", "04/05/2024")), block_rows=10)
    with pytest.raises(AmbiguousDates, match="04/05/2024"):
        list(file.blocks())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"tz": "Mars"}, "not a time zone"),
        ({"encoding": "klingon"}, "not an encoding"),
        ({"date_order": "ymd"}, "not an order"),
    ],
)
def test_arguments_that_make_no_sense_are_refused(tmp_path, options, message):
    with pytest.raises(BadValue, match=message):
        TicketFile.open(export(tmp_path, HOTLINE), **options)


def test_texts_and_ids_are_never_read_as_something_else(tmp_path):
    place = export(tmp_path, "id,customer id,text\n007,1.1E+17,NA\n0x1F,null,null\n1e5,NaN,None\nTrue,-,1\n")
    (block,) = TicketFile.open(place).blocks()
    assert block.tickets.ticket_id == ["007", "0x1F", "1e5", "True"]
    assert [row[1] for row in block.rows] == ["1.1E+17", "null", "NaN", "-"]
    assert block.tickets.customer_id == [""] * 4, "none of these tells one customer from another"
    assert block.tickets.text == ["NA", "null", "None", "1"]


def test_a_header_without_rows_is_no_error(tmp_path):
    file = TicketFile.open(export(tmp_path, "id,text,created at\n"))
    assert everything(file) == ([], [])


def test_an_export_whose_rows_all_lack_text(tmp_path):
    rows, quarantined = everything(TicketFile.open(export(tmp_path, "id,text\n1,\n2, \n,\n")))
    assert (rows, [q.row_number for q in quarantined]) == ([], [1, 2, 3])


def test_compressed_and_missing_files(tmp_path):
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(HOTLINE.encode()))
    assert len(everything(TicketFile.open(tmp_path / "a.csv.gz"))[0]) == 3
    with pytest.raises(UnreadableInput, match="No such file"):
        TicketFile.open(tmp_path / "none.csv")


def score(place, source):
    file = TicketFile.open(source)
    with ScoredWriter(place, file.header, proba_types=["a", "b"]) as writer:
        for block in file.blocks():
            columns = {c.name: ["venting"] * len(block.rows) for c in SCORED_COLUMNS}
            columns |= {"confidence": [0.5] * len(block.rows)}
            columns |= {"requires_human": [0] * len(block.rows), "follow_up_days": [1] * len(block.rows)}
            writer.write(block.rows, columns, np.full((len(block.rows), 2), 0.5))


def test_a_scored_file_is_scored_again_as_if_for_the_first_time(tmp_path):
    text = "Id,Description,=note,customer_type\n1,=1+1,'tis,respect_seeking\n2,''x,-3.5,\n"
    score(tmp_path / "one.csv", export(tmp_path, text))
    again = TicketFile.open(tmp_path / "one.csv")
    assert again.header[:4] == ("Id", "Description", "=note", "customer_type")
    assert again.mapping["customer_type"] == 3
    assert again.unmapped == ["=note"]
    (block,) = again.blocks()
    assert block.tickets.text == ["=1+1", "''x"]
    score(tmp_path / "two.csv", tmp_path / "one.csv")
    assert (tmp_path / "two.csv").read_bytes() == (tmp_path / "one.csv").read_bytes()
    assert read_scored(tmp_path / "two.csv")["Description"].tolist() == ["=1+1", "''x"]


def test_verdicts_of_an_earlier_scoring_are_never_labels(tmp_path):
    score(tmp_path / "one.csv", export(tmp_path, "Id,Description\n1,a\n"))
    assert "customer_type" not in TicketFile.open(tmp_path / "one.csv").mapping
    assert list(read_frame(tmp_path / "one.csv").columns) == ["ticket_id", "text"]


def test_a_frame_has_contract_names_times_in_utc_and_all_other_columns(tmp_path):
    frame = read_frame(export(tmp_path, HOTLINE), tz="Asia/Shanghai")
    names = ["ticket_id", "customer_id", "created_at", "text", "fault_found", "compensation", "片区"]
    assert list(frame.columns) == names
    assert frame["created_at"].tolist() == [
        "2024-03-05T01:30:00Z",
        "2024-03-06T02:00:00Z",
        "2024-03-06T16:00:00Z",
    ]
    assert frame["ticket_id"].tolist() == ["007", "008", "008"]
    assert frame.attrs["quarantined"] == 2


def test_a_frame_never_has_a_name_twice(tmp_path):
    frame = read_frame(export(tmp_path, "Description,text,a,a,created at\nx,y,1,2,soon\n"))
    assert list(frame.columns) == ["Description", "text", "a", "a_2", "created_at"]
    assert frame["created_at"].tolist() == [""]


def test_times_of_a_file_without_any_are_missing(tmp_path):
    (block,) = TicketFile.open(export(tmp_path, "text\nhello\n")).blocks()
    assert block.tickets.created_at.tolist() == [NO_TIME]
    assert not block.tickets.has_outcomes
