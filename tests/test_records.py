"""Records come out whole; a broken one takes no neighbour with it, and the work grows with the file only."""

from __future__ import annotations

import io

import pytest

from complaint_typing.dialects import Dialect
from complaint_typing.encodings import Encoding
from complaint_typing.lines import LineReader
from complaint_typing.records import REPAIRED, RecordSplitter


def records(text, width=3, dialect=None):
    lines = LineReader(io.BytesIO(text.encode()), "test", Encoding("utf-8", "given"), cr_ends_lines=False)
    return list(RecordSplitter(lines, dialect or Dialect(), width).records(0))


def test_records_say_which_lines_they_take():
    assert records('a,b,c\n\n1,"x\ny",2\n') == [
        (["a", "b", "c"], 0, 1, ""),
        ([], 1, 2, ""),
        (["1", "x\ny", "2"], 2, 4, ""),
    ]


@pytest.mark.parametrize(
    "broken", ['1,"a" b,c\n', '1,"a,b\n', '1,"a\nmore" of it\nand more,x\n', '1,"",",x"y\n']
)
def test_neighbours_of_a_broken_record_are_untouched(broken):
    text = f"0,a,b\n{broken}2,c,d\n"
    found = records(text)
    assert [fields for fields, *_ in found if fields] == [["0", "a", "b"], ["2", "c", "d"]]
    ((_, start, end, note),) = [record for record in found if record[3]]
    assert "".join(text.splitlines(keepends=True)[start:end]) == broken
    assert note in ("stray_quote", "unclosed_quote")


def test_escapes_and_inner_quotes_are_repaired_and_noted():
    assert records(r'1,"a \"b\", c",d') == [(["1", 'a "b", c', "d"], 0, 1, REPAIRED)]
    assert records('1,"a "b" c",d\n') == [(["1", 'a "b" c', "d"], 0, 1, REPAIRED)]
    assert records("1;'a 'b' c';d\n", dialect=Dialect(";", "'")) == [(["1", "a 'b' c", "d"], 0, 1, REPAIRED)]


def test_backslashes_elsewhere_stay():
    assert records('1,"C:\\temp\\","\\\\x"\n') == [(["1", "C:\\temp\\", "\\\\x"], 0, 1, "")]
    assert records(r'1,"a \"b\" \n \\",d') == [(["1", r'a "b" \n \\', "d"], 0, 1, REPAIRED)]


@pytest.mark.parametrize("line", ['"a\n', '1,"a,x\n', '1,"a" b,x\n', '"a,b\n,"c,d\n', '1,"a\\"b,x\n'])
def test_no_line_is_tried_twice_in_a_wholly_broken_file(monkeypatch, line):
    tried = []
    attempt = RecordSplitter._attempt

    def counted(self, at, *options):
        if not options:
            tried.append(at)
        return attempt(self, at, *options)

    monkeypatch.setattr(RecordSplitter, "_attempt", counted)
    found = records("a,b,c\n" + line * 1500)
    assert sum(bool(note) for *_, note in found) >= 1499
    assert len(tried) == len(set(tried))
