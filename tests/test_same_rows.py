"""The same thousand rows in every encoding, with every line end, plain and packed; and cut off anywhere."""

from __future__ import annotations

import gzip

import pytest

from complaint_typing.tickets import TicketFile

HANS = ["快递丢了，没人管", "投诉\r\n两次了", "007", 'a "b", c', "退款还没到，客服一直说在处理"]
HANT = ["貨物不見了，沒人管", "投訴\r\n兩次了", "007", 'a "b", c', "訂單三天沒有出貨，客服說還在處理"]
SIMPLIFIED = ["工单编号", "客户编号", "受理时间", "投诉内容"]
TRADITIONAL = ["案件編號", "客戶編號", "受理時間", "內容"]
HOW = {
    "utf-8": "valid", "utf-8-sig": "byte order mark", "utf-16": "byte order mark",
    "utf-16-le": "usual characters", "utf-16-be": "usual characters", "utf-16-be-sig": "byte order mark",
    "gbk": "frequency", "gb18030": "frequency", "big5": "frequency", "cp950": "frequency",
}  # fmt: skip


def table(codec):
    texts, header = (HANT, TRADITIONAL) if codec in ("big5", "cp950") else (HANS, SIMPLIFIED)
    rare = ["㐂😅"] if codec == "gb18030" else ["😅é"] if codec.startswith("utf") else ["x"]
    rows = [[f"{i:04d}", f"C{i % 99}", "2024-03-05", (texts + rare)[i % 6]] for i in range(1000)]
    return header, rows


def encoded(codec, end):
    header, rows = table(codec)
    text = "".join(
        ",".join('"' + cell.replace('"', '""') + '"' for cell in row) + end for row in [header, *rows]
    )
    return text.encode(codec) if not codec.endswith("be-sig") else b"\xfe\xff" + text.encode("utf-16-be")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("codec", HOW)
def test_every_encoding_and_line_end_plain_and_packed(tmp_path, codec, end):
    data = encoded(codec, end)
    for content in (data, gzip.compress(data, 1)):
        (tmp_path / "export").write_bytes(content)
        file = TicketFile.open(tmp_path / "export")
        rows = [row for block in file.blocks() for row in block.rows]
        assert (list(file.header), rows) == table(codec)
        assert HOW[codec] in file.encoding.how
        assert (file.report.replaced, file.report.quarantined) == (0, {})


@pytest.mark.parametrize("codec", HOW)
def test_cut_at_each_of_the_last_bytes_no_character_is_wrong(tmp_path, codec):
    header, rows = table(codec)
    last = [[*row[:3], row[3].translate(dict.fromkeys(map(ord, '\r\n",')))] for row in rows[:24]]
    text = "\r\n".join(",".join(row) for row in [header, *last]) + "\r\n"
    data = text.encode(codec) if not codec.endswith("be-sig") else b"\xfe\xff" + text.encode("utf-16-be")
    for cut in range(1, 65):
        (tmp_path / "export").write_bytes(data[:-cut])
        file = TicketFile.open(tmp_path / "export")
        found = [row for block in file.blocks() for row in block.rows]
        whole = [row for row in found if row in last]
        assert whole == last[: len(whole)]
        assert len(found) - len(whole) <= 1
        for row in found[len(whole) :]:
            assert row[:3] == last[len(whole)][:3]
            assert last[len(whole)][3].startswith(row[3])
        assert file.report.rows_in in (22, 23, 24)


def test_a_packed_file_that_is_cut_is_an_error_or_whole(tmp_path):
    data = gzip.compress(encoded("utf-8", "\n"))
    for cut in range(1, 65):
        (tmp_path / "export.gz").write_bytes(data[:-cut])
        with pytest.raises(ValueError, match="its compression is damaged"):
            list(TicketFile.open(tmp_path / "export.gz").blocks())
