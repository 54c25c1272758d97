"""Every JSON object is a row, exactly; what is none is set aside with its bytes."""

from __future__ import annotations

import gzip
import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from complaint_typing import json_rows, lines
from complaint_typing.columns import header_score
from complaint_typing.encodings import Encoding
from complaint_typing.errors import UnreadableInput
from complaint_typing.json_rows import looks_like_json, open_json
from complaint_typing.json_whole import begins_object
from complaint_typing.rows import JsonText
from complaint_typing.sampling import sampled
from complaint_typing.tickets import TicketFile


def opened(place):
    return open_json(place, *sampled(place))


def read(place, block_rows=2000):
    file, rows, faults = opened(place), [], []
    for block in file.blocks(block_rows):
        assert len(block.rows) == len(block.numbers) == len(block.spans)
        rows += block.rows
        faults += block.faults
    assert sorted(f.row_number for f in faults) == [f.row_number for f in faults]
    return file.header, rows, faults


def export(tmp_path, text, codec="utf-8", name="tickets.jsonl"):
    place = tmp_path / name
    place.write_bytes(text.encode(codec, "surrogatepass"))
    return place


SCALARS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"])), st.integers(), st.booleans(), st.none(),
    st.floats(allow_nan=False, allow_infinity=False),
)  # fmt: skip
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text("ab投"), inner), max_leaves=5
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(st.dictionaries(st.sampled_from(["id", "标签"]), VALUES, min_size=1), min_size=1, max_size=6),
    st.booleans(), st.booleans(), st.integers(1, 4),
)  # fmt: skip
def test_every_value_comes_back(tmp_path, objects, as_array, ascii_only, block_rows):
    if as_array:
        text = json.dumps(objects, ensure_ascii=ascii_only, indent=1)
    else:
        text = "\n".join(json.dumps(o, ensure_ascii=ascii_only) for o in objects)
    header, rows, faults = read(export(tmp_path, text), block_rows)
    assert (len(rows), faults) == (len(objects), [])
    for row, given_object in zip(rows, objects, strict=True):
        for key, cell in zip(header, row, strict=True):
            value = given_object.get(key)
            if isinstance(value, str):
                assert (cell, type(cell)) == (value, str)
            elif value is None:
                assert (cell, type(cell)) == ("", JsonText)
            else:
                assert (json.loads(cell), type(cell)) == (value, JsonText)


def test_numbers_stay_as_they_are_written(tmp_path):
    rows = read(export(tmp_path, '{"id": 1.1E+17, "text": [1.50, {"n": 12345678901234567890}], "x": NaN}\n'))[
        1
    ]
    assert rows == [["1.1E+17", '[1.50, {"n": 12345678901234567890}]', "NaN"]]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
def test_encodings_line_ends_and_gzip(tmp_path, codec, end):
    text = end.join(
        json.dumps({"编号": f"{i}", "内容": "快递丢了，没人管"}, ensure_ascii=False) for i in range(50)
    )
    expected = (("编号", "内容"), [[f"{i}", "快递丢了，没人管"] for i in range(50)], [])
    assert read(export(tmp_path, text, codec)) == expected
    (tmp_path / "packed.jsonl.gz").write_bytes(gzip.compress(text.encode(codec)))
    assert read(tmp_path / "packed.jsonl.gz") == expected


BROKEN = [
    ('{"id": 2, "text": "b"', "not_json"),
    ('{"id": 2} trailing', "not_json"),
    ("[1, 2]", "not_an_object"),
    ('"text"', "not_an_object"),
    ('{"id": 2, "id": 3}', "repeated_key"),
    ('{"id": 2, "text": "\\ud83d"}', "half_character"),
    ("[" * 100_000, "not_json"),
    ('{"id": {"a": 1, "a": 2}, "text": oops}', "not_json"),
    ('{"text": "b", "id": ' + "[" * 400 + "]" * 400 + "}", "too_deep"),
    ('{"text": "b", "id": ' + '{"a": ' * 100 + "1" + "}" * 101, "too_deep"),
]


@pytest.mark.parametrize(("line", "reason"), BROKEN)
def test_what_is_no_object_is_set_aside_with_place_and_bytes(tmp_path, line, reason):
    place = export(tmp_path, '{"id": 1, "text": "a"}\n\n' + line + '\n{"id": 3, "text": "c"}\n')
    _, rows, faults = read(place)
    assert rows == [["1", "a"], ["3", "c"]]
    ((fault),) = faults
    assert (fault.row_number, fault.line, fault.reason) == (2, 3, reason)
    assert place.read_bytes()[fault.byte_offset :].startswith(fault.raw)
    assert fault.raw == line.encode() + b"\n"


def test_a_mark_in_the_midst_of_files_that_were_put_together_is_no_fault(tmp_path):
    _, rows, faults = read(export(tmp_path, '\ufeff{"id": 1, "text": "a"}\n\ufeff{"id": 2, "text": "b"}'))
    assert (rows, faults) == ([["1", "a"], ["2", "b"]], [])


def test_undecodable_bytes_set_one_line_aside(tmp_path):
    place = tmp_path / "a.jsonl"
    lines_ = [json.dumps({"text": f"没人管 {i}"}, ensure_ascii=False).encode() for i in range(60)]
    lines_[7] = lines_[7].replace("管".encode(), b"\xff\xfe")
    place.write_bytes(b"\n".join(lines_))
    _, rows, faults = read(place)
    assert len(rows) == 59
    assert [(f.row_number, f.reason, f.raw) for f in faults] == [(8, "undecodable_bytes", lines_[7] + b"\n")]


def test_a_file_cut_anywhere_loses_at_most_its_last_row(tmp_path):
    whole = "".join(
        json.dumps({"id": i, "text": "快递丢了"}, ensure_ascii=False) + "\n" for i in range(20)
    ).encode()
    for cut in range(1, 65):
        (tmp_path / "a.jsonl").write_bytes(whole[:-cut])
        _, rows, faults = read(tmp_path / "a.jsonl")
        assert rows == [[str(i), "快递丢了"] for i in range(len(rows))]
        assert len(rows) + len(faults) == whole[:-cut].count(b"{")


def test_a_broken_array_is_read_as_far_as_it_goes(tmp_path):
    place = export(tmp_path, '[{"text": "a"},\n {"text": "b"},\n {"text": "c", oops}, {"text": "d"}]')
    _, rows, faults = read(place)
    assert rows == [["a"], ["b"]]
    assert [(f.row_number, f.line, f.reason) for f in faults] == [(3, 3, "not_json")]
    assert place.read_bytes()[faults[0].byte_offset :] == faults[0].raw
    assert read(export(tmp_path, '[{"text": "a"}] [{"text": "b"}]'))[2][0].raw == b'[{"text": "b"}]'
    for end in (', {"text": "b"}', ", ", ",\n"):
        assert [f.reason for f in read(export(tmp_path, '[{"text": "a"}' + end))[2]] == ["cut_off"]


@pytest.mark.parametrize("text", ["", "\n\n", '{\n "tickets": 1\n}', "[]", "[1, 2]", "nothing of the kind"])
def test_no_object_at_all_is_a_typed_error(tmp_path, text):
    with pytest.raises(UnreadableInput, match="no JSON object is found"):
        opened(export(tmp_path, text))


def test_endless_keys_are_refused(tmp_path):
    text = "\n".join(json.dumps({f"key {i}": 1}) for i in range(2100))
    with pytest.raises(UnreadableInput, match="more than 2000 different keys"):
        opened(export(tmp_path, text))


def test_buffer_edges_at_every_byte(tmp_path, monkeypatch):
    place = export(tmp_path, '{"id": "1", "text": "快\\r\\n递😅"}\r\n{"id": "2", "text": "é"}\r\n')
    file = open_json(place, Encoding("utf-8", "given"), "{")
    for size in range(1, 60):
        monkeypatch.setattr(lines, "CHUNK_BYTES", size)
        assert [block.rows for block in file.blocks(1)] == [[["1", "快\r\n递😅"]], [["2", "é"]]], size


def test_long_files_are_not_held_in_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(lines, "LONGEST_RECORD", 5_000)
    monkeypatch.setattr(lines, "CHUNK_BYTES", 1_000)
    monkeypatch.setattr(lines, "MOST_KEPT", 3_000)
    place = export(tmp_path, "".join(json.dumps({"text": f"no answer {i}"}) + "\n" for i in range(2_000)))
    sizes = [len(block) for block in opened(place).blocks()]
    assert sum(sizes) == 2_000
    assert max(sizes) < 300


@pytest.mark.parametrize("name", ["a.jsonl", "a.NDJSON", "a.json.gz"])
def test_json_is_known_by_its_name(name):
    assert looks_like_json(name, "anything")


WRAPPED = [
    '{"tickets": [{"id": "1", "text": "Late"}, {"id": "2", "text": "Lost"}]}',
    '{\n "n": 2,\n "data": [\n  {"id": "1", "text": "Late"},\n  {"id": "2", "text": "Lost"}\n ]}',
]


@pytest.mark.parametrize("text", WRAPPED)
def test_a_list_of_tickets_inside_one_object_is_read(tmp_path, text):
    place = tmp_path / "a.json"
    place.write_text(text, encoding="utf-8")
    file = TicketFile.open(place)
    assert [block.rows for block in file.blocks()] == [[["1", "Late"], ["2", "Lost"]]]
    assert "array of objects under" in file.layout


def test_one_ticket_with_a_list_of_objects_stays_one_ticket(tmp_path):
    place = tmp_path / "a.jsonl"
    place.write_text('{"id": "1", "text": "Late", "comments": [{"body": "no answer"}]}', encoding="utf-8")
    assert [b.tickets.text for b in TicketFile.open(place).blocks()] == [["Late"]]


@pytest.mark.parametrize("inner", ['["Late", "Lost"]', '{"0": "Late", "1": "Lost"}'])
def test_columns_that_stand_in_lists_are_refused_with_a_remedy(tmp_path, inner):
    place = tmp_path / "a.json"
    place.write_text(f'{{"id": ["1", "2"], "text": {inner}}}', encoding="utf-8")
    with pytest.raises(UnreadableInput, match=r"columns stand in lists \('id', 'text'\).*records"):
        TicketFile.open(place)


@pytest.mark.parametrize(
    "text", [WRAPPED[0][:-3], '{"tickets": [{"text": "Late"}], "tickets": [{"text": "Lost"}]}']
)
def test_an_object_that_is_cut_off_or_has_a_list_twice_is_no_list(tmp_path, text):
    place = tmp_path / "a.json"
    place.write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableInput, match="no JSON object"):
        TicketFile.open(place)


BROKEN = [
    '{"id": "1", "text": "cut\n{"id": "2", "te\n',
    '{"id": 1 "text": "no comma"}\nno object\n',
    "no object\n\n[1, 2]\n",
    '{"id": "1", "text": "Late"}}\n{"id": {"2": 2}\n',
]


@pytest.mark.parametrize("beginning", BROKEN)
def test_a_long_file_that_begins_with_broken_lines_is_not_held_in_memory(tmp_path, monkeypatch, beginning):
    monkeypatch.setattr(lines, "LONGEST_RECORD", 5_000)
    monkeypatch.setattr(lines, "CHUNK_BYTES", 1_000)
    monkeypatch.setattr(lines, "MOST_KEPT", 3_000)
    monkeypatch.setattr(json_rows, "_whole_text", None)
    rest = [json.dumps({"id": str(i), "text": f"no answer {i}"}) + "\n" for i in range(1_000)]
    place = export(tmp_path, beginning + "".join(rest))
    file = open_json(place, Encoding("utf-8", "given"), beginning, header_score)
    blocks = [*file.blocks()]
    assert [row for block in blocks for row in block.rows][-1] == ["999", "no answer 999"]
    assert (file.inside, len(blocks) > 3, blocks[0].faults[0].row_number) == (None, True, 1)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=True) | st.text(alphabet='a"\\\n{}[],: 快', max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(st.text(max_size=3), JSON, max_size=4), st.sampled_from([None, 1]), st.booleans())
def test_one_object_is_known_however_it_is_laid_out(made, indent, as_ascii):
    written = json.dumps(made, indent=indent, ensure_ascii=as_ascii)
    assert begins_object(written.splitlines(keepends=True) if indent else [written])
    assert begins_object(re.findall("[^\n]*\n|[^\n]+", written))
    assert not begins_object([written, "{"])


def test_places_in_an_array_are_exact_in_all_blocks(tmp_path):
    items = [
        ["5", '{"text": "没人管", "id": 1}', '{"text": "", "id": "二"}', "null"][i % 4] for i in range(50)
    ]
    place = export(tmp_path, "\ufeff[" + ",\n".join(items) + "]")
    file = TicketFile.open(place, block_rows=7)
    aside = [row for block in file.blocks() for row in block.quarantined]
    whole, starts = place.read_bytes(), range(1, 51)
    assert [row.row_number for row in aside] == [n for n in starts if n % 4 != 2]
    for row in aside:
        assert row.raw.decode() == items[row.row_number - 1]
        assert whole[row.byte_offset :].startswith(row.raw)
        assert row.line == whole[: row.byte_offset].count(b"\n") + 1
