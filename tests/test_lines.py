"""Lines and their bytes, wherever the buffer ends."""

from __future__ import annotations

import io
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaint_typing import lines as module
from complaint_typing.encodings import Encoding
from complaint_typing.errors import UnreadableInput
from complaint_typing.lines import LineReader, open_bytes


def reader(data, codec="utf-8", cr_ends_lines=False, bom=b""):
    return LineReader(io.BytesIO(data), "test", Encoding(codec, "given", bom), cr_ends_lines)


@given(
    st.text("a\r\n\0投", max_size=40),
    st.sampled_from(["utf-8", "utf-16-le", "utf-16-be", "gb18030"]),
    st.booleans(),
)
def test_lines_put_together_are_the_file(text, codec, cr_ends_lines):
    lines = reader(text.encode(codec), codec, cr_ends_lines)
    found = list(lines.lines_from(0))
    assert "".join(lines.restore(found)) == text
    assert lines.raw(0, len(found)) == (0 if found else -1, text.encode(codec))
    for i, line in enumerate(found):
        assert lines.raw(i, i + 1)[1] == lines.restore([line])[0].encode(codec)


@given(st.binary(max_size=60), st.sampled_from(["utf-8", "utf-16-le", "gb18030", "cp950"]))
def test_bytes_of_damaged_files_are_found_again(data, codec):
    lines = reader(data, codec)
    n = len(list(lines.lines_from(0)))
    assert b"".join(lines.raw(i, i + 1)[1] for i in range(n)) == data


def test_offsets_count_the_byte_order_mark_and_earlier_lines():
    lines = reader(b"\xef\xbb\xbfid\n\xe6\x8a\x95\nx", bom=b"\xef\xbb\xbf")
    assert list(lines.lines_from(0)) == ["id\n", "投\n", "x"]
    assert lines.raw(2, 3) == (10, b"x")
    assert lines.is_open_end(2)
    assert not lines.is_open_end(1)


def test_forgotten_lines_are_given_up(monkeypatch):
    monkeypatch.setattr(module, "CHUNK_BYTES", 8)
    lines = reader(b"12345\n" * 100)
    for n, _ in enumerate(lines.lines_from(0)):
        lines.forget(n)
        lines.record = n
        assert lines.buffered <= 16
    assert lines.raw(99, 100) == (594, b"12345\n")


def test_lines_are_full_only_where_forgetting_gives_some_up(monkeypatch):
    monkeypatch.setattr(module, "CHUNK_BYTES", 8)
    monkeypatch.setattr(module, "MOST_KEPT", 20)
    lines = reader(b"1" * 25 + b"\n" + b"2\n" * 20)  # lines 0 to 3 are read at once
    assert next(lines.lines_from(0)) == "1" * 25 + "\n"
    assert [lines.is_full(n) for n in range(6)] == [False, False, False, False, True, True]
    lines.forget(4)
    assert (lines.is_full(4), lines.buffered) == (False, 0)


def test_a_carriage_return_at_the_very_end_ends_the_line():
    assert list(reader(b"a\nb\r").lines_from(0)) == ["a\n", "b\r"]


@pytest.mark.parametrize("magic", [b"PK\x03\x04", b"%PDF"])
def test_what_is_no_text_is_not_opened(tmp_path, magic):
    (tmp_path / "a.csv").write_bytes(magic)
    with pytest.raises(UnreadableInput, match=r"a\.csv: it is a"):
        open_bytes(tmp_path / "a.csv")


def test_a_pipe_is_refused_before_anything_waits_for_it(tmp_path):
    os.mkfifo(tmp_path / "a.csv")
    for path in (tmp_path / "a.csv", os.devnull):
        with pytest.raises(UnreadableInput, match=r"it is a pipe or device, no file; .*write it to a file"):
            open_bytes(path)
