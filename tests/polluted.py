"""Polluted files of many kinds, made from one clean table, with what a careful reader gets out of each.

The kinds follow G. Vitagliano et al., "Pollock: A Data Loading Benchmark", VLDB 2023; the files are our own.
"""

from __future__ import annotations

import codecs
import gzip
import io
import zipfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

HEADER = ["ticket_id", "customer_id", "created_at", "text", "note"]
TEXTS = [
    "快递丢了三天没人管", "No answer for days, twice called", 'He said "no"', "两行\n第二行",
    "价格 a;b|c", "退款!", "Where is it?", "it's late", "第一，没有人；第二，没有钱", "-3.5 off",
]  # fmt: skip
PLAIN = ["快递丢了三天没人管", "No answer for days", "Where is my refund?", "态度很差", "late again"]

Row = list[str]


def table(n: int = 20, texts: Sequence[str] = TEXTS) -> list[Row]:
    """Clean rows."""
    return [
        [
            f"{i:03d}",
            f"C{i % 7}",
            f"2024-03-{i % 28 + 1:02d} 09:{i % 60:02d}",
            texts[i % len(texts)],
            "ok" if i % 3 else "",
        ]
        for i in range(n)
    ]


def written(
    rows: Iterable[Sequence[str]],
    mark: str = ",",
    quote: str = '"',
    end: str = "\r\n",
    all_quoted: bool = False,
) -> str:
    """Rows as delimited text."""

    def cell(text: str) -> str:
        needed = all_quoted or any(c in text for c in (mark, quote, "\n", "\r"))
        return quote + text.replace(quote, quote * 2) + quote if needed else text

    return "".join(mark.join(map(cell, row)) + end for row in rows)


@dataclass(frozen=True)
class Polluted:
    """A file, what should come out, and how many of its rows cannot but be set aside."""

    name: str
    data: bytes
    rows: list[Row]
    header: list[str] = field(default_factory=lambda: list(HEADER))
    loaded: list[Row] | None = None
    """The rows that are loaded, where others of them cannot be told for sure and are set aside."""
    foreign: int = 0
    """Rows set aside because they are none of the table."""
    refused: bool = False
    """Whether a typed error is the right answer."""
    exact: bool = True
    """Whether header and cells come out as they were."""


KINDS: dict[str, Polluted] = {}


def _add(name: str, text: str | bytes, rows: list[Row], **more: object) -> None:
    data = text.encode() if isinstance(text, str) else text
    KINDS[name] = Polluted(name, data, rows, **more)  # type: ignore[arg-type]


def _dialects() -> None:
    rows = table()
    for name, mark in (("comma", ","), ("semicolon", ";"), ("tab", "\t"), ("pipe", "|")):
        _add(name, written([HEADER, *rows], mark), rows)
        _add(f"{name}_all_quoted", written([HEADER, *rows], mark, all_quoted=True), rows)
    for name, mark in (
        ("caret", "^"),
        ("tilde", "~"),
        ("unit_separator", "\x1f"),
        ("fullwidth_comma", "，"),
        ("fullwidth_semicolon", "；"),
    ):
        _add(name, written([HEADER, *rows], mark), rows)
    for name, end in (("lf", "\n"), ("cr", "\r")):
        _add(f"line_ends_{name}", written([HEADER, *rows], end=end), rows)
    plain = table(texts=PLAIN)
    mixed = "".join(written([row], end="\n" if i % 2 else "\r\n") for i, row in enumerate([HEADER, *plain]))
    _add("line_ends_mixed", mixed, plain)
    _add("comma_blank", written([HEADER, *plain], ", "), plain)
    _add("single_quotes", written([HEADER, *rows], quote="'", all_quoted=True), rows)
    _add("single_quotes_semicolon", written([HEADER, *rows], ";", "'", all_quoted=True), rows)
    backslashed = written([HEADER, *rows]).replace('""', '\\"')
    _add("escape_backslash", backslashed, rows)
    unsure = [row for row in rows if row[3] != 'He said "no"']
    _add(
        "quotes_not_doubled",
        written([HEADER, *rows]).replace('said ""no""', 'said "no"'),
        rows,
        loaded=unsure,
    )
    _add("double_pipe", written([HEADER, *plain], "||"), plain, exact=False)
    _add("sep_line_semicolon", "sep=;\r\n" + written([HEADER, *rows], ";"), rows)
    _add("sep_line_comma", "sep=,\r\n" + written([HEADER, *rows]), rows)


def _frames() -> None:
    rows, plain = table(), table(texts=PLAIN)
    clean = written([HEADER, *rows])
    _add("no_last_line_end", clean.rstrip("\r\n"), rows)
    _add("blank_lines_at_the_end", clean + "\r\n\r\n", rows)
    _add("blank_lines_between", clean.replace("\r\n0", "\r\n\r\n0"), rows)
    _add("delimiters_only_at_the_end", clean + ",,,,\r\n" * 3, rows, foreign=3)
    _add("preamble_one_line", "Complaints of March\r\n" + clean, rows)
    _add("preamble_several", "热线工单\r\n导出日期,2024-04-01\r\n\r\n操作员,王,,,\r\n" + clean, rows)
    _add("preamble_as_wide", "导出,日期,2024-04-01,由,系统\r\n" + clean, rows)
    _add("preamble_comment", "# exported by crm\r\n# utf-8\r\n" + clean, rows)
    _add("footer_line", clean + "Total: 20 rows\r\n", rows, foreign=1)
    _add("footer_totals", clean + "合计,,,,20\r\n", rows, foreign=1)
    _add("footer_after_blank", clean + "\r\n\r\nEnd of report,,,,\r\n", rows, foreign=1)
    _add("repeated_header", written([HEADER, *rows[:10], HEADER, *rows[10:]]), rows, foreign=1)
    _add("header_only", written([HEADER]), [])
    _add("one_row", written([HEADER, rows[0]]), rows[:1])
    _add(
        "header_in_capitals",
        written([[h.upper() for h in HEADER], *rows]),
        rows,
        header=[h.upper() for h in HEADER],
    )
    spaced = [" Ticket  ID ", "Customer_Id", "created-at", "TEXT ", "Note"]
    _add("header_with_blanks", written([spaced, *rows]), rows, header=spaced)
    _add(
        "header_in_fullwidth",
        written([["Ｔｉｃｋｅｔ ＩＤ", *HEADER[1:]], *rows]),
        rows,
        header=["Ｔｉｃｋｅｔ ＩＤ", *HEADER[1:]],
    )
    _add(
        "header_repeats_a_name",
        written([[*HEADER, "note"], *([*row, "x"] for row in rows)]),
        [[*row, "x"] for row in rows],
        header=[*HEADER, "note"],
    )
    _add("header_with_an_empty_name", written([[*HEADER[:4], ""], *rows]), rows, header=[*HEADER[:4], ""])
    groups = ["工单", "客户", "", "内容", ""]
    _add("header_of_two_rows", written([groups, HEADER, *rows]), rows)
    _add("header_missing", written(rows), rows, refused=True)
    _add(
        "columns_in_other_order",
        written([row[::-1] for row in [HEADER, *rows]]),
        [row[::-1] for row in rows],
        header=HEADER[::-1],
    )
    _add(
        "extra_columns",
        written([[*HEADER, "x", "y"], *([*row, "1", ""] for row in rows)]),
        [[*row, "1", ""] for row in rows],
        header=[*HEADER, "x", "y"],
    )
    _add("one_column", "text\r\n" + "".join(f"{t}\r\n" for t in PLAIN), [[t] for t in PLAIN], header=["text"])
    commas = ["No, never", "again, and again, and so on", "a; b"]
    _add(
        "one_column_with_commas",
        "text\n" + "".join(f"{t}\n" for t in commas),
        [[t] for t in commas],
        header=["text"],
    )
    other = [["agent_id", "name", "shift", "phone"], ["A1", "Li", "day", "1"], ["A2", "Wu", "night", "2"]]
    _add("another_narrower_table", clean + "\r\n" + written(other), rows, foreign=3)
    wide = [["agent_id", "name", "branch", "shift", "phone", "mail"], ["A1", "Li", "x", "day", "1", "m"]]
    _add("another_wider_table", clean + "\r\n" + written(wide), rows, foreign=2)
    same = [
        ["ticket id", "note", "agent id", "content", "branch"],
        ["9", "x", "A1", "looks like a text", "east"],
    ]
    _add("another_table_as_wide", clean + "\r\n" + written(same), rows, foreign=2)
    _add("rows_of_nothing_but_the_id", written([HEADER, *plain, ["900"], ["901"]]), plain, foreign=2)


def _strangers() -> None:
    """Kinds that once were read wrongly without a word."""
    plain = table(texts=PLAIN)
    clean = written([HEADER, *plain])
    rule = ",".join("-" * len(name) for name in HEADER) + "\r\n"
    head, body = clean.split("\r\n", 1)
    _add("ruled_line_below_the_header", f"{head}\r\n{rule}{body}", plain)
    other = written([[f"9{i}", "C1", "2024-03-01", "客服态度太差了我要投诉", ""] for i in range(6)])
    _add("rows_of_two_encodings", clean.encode() + other.encode("gb18030"), plain, foreign=6)
    _add("header_below_the_rows", written([*plain, HEADER]), [], refused=True)
    columns = zip(HEADER, *plain[:3], strict=True)
    _add("rows_and_columns_exchanged", written(columns).replace("note,ok", "note,"), [], refused=True)
    page = (
        "<html><table><tr><td>ticket_id</td><td>text</td></tr><tr><td>1</td><td>late</td></tr></table></html>"
    )
    _add("web_page", page, [], refused=True)
    _add("xml", "<?xml version='1.0'?>\n<tickets><text>late, again</text></tickets>", [], refused=True)
    _add("packed_twice", gzip.compress(gzip.compress(clean.encode())), [], refused=True)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("export.csv", clean)
    _add("archive", packed.getvalue(), [], refused=True)


def _single_rows() -> None:
    rows, plain = table(), table(texts=PLAIN)
    clean = written([HEADER, *plain])
    lines = clean.splitlines(keepends=True)

    def one(i: int, line: str) -> str:
        return "".join([*lines[:i], line, *lines[i + 1 :]])

    rest = [row for i, row in enumerate(plain) if i != 5]
    short = [*plain[:5], [*plain[5][:4], ""], *plain[6:]]
    _add("row_short_by_one", one(6, ",".join(plain[5][:4]) + "\r\n"), short)
    _add("row_without_text", one(6, ",".join(plain[5][:3]) + "\r\n"), plain, loaded=rest)
    _add("row_with_more_fields", one(6, ",".join([*plain[5], "extra"]) + "\r\n"), plain, loaded=rest)
    _add("row_with_trailing_delimiters", one(6, ",".join([*plain[5], "", ""]) + "\r\n"), plain)
    _add("trailing_delimiter_everywhere", "".join(line.replace("\r\n", ",\r\n") for line in lines), plain)
    _add(
        "trailing_delimiter_in_rows_only",
        lines[0] + "".join(line.replace("\r\n", ",\r\n") for line in lines[1:]),
        plain,
    )
    _add("row_with_another_delimiter", one(6, ";".join(plain[5]) + "\r\n"), plain, loaded=rest)
    _add(
        "row_with_a_stray_quote_inside",
        one(6, lines[6].replace(plain[5][3], 'said "so" there')),
        [*plain[:5], [*plain[5][:3], 'said "so" there', plain[5][4]], *plain[6:]],
    )
    _add(
        "row_with_an_unclosed_quote",
        one(6, lines[6].replace(plain[5][3], '"' + plain[5][3])),
        plain,
        loaded=rest,
    )
    _add(
        "row_with_a_quote_too_many",
        one(6, lines[6].replace(plain[5][3], f'"{plain[5][3]}" more')),
        plain,
        loaded=rest,
    )
    _add("row_quoted_as_a_whole", one(6, '"' + lines[6].rstrip() + '"\r\n'), plain, loaded=rest)
    _add("unclosed_quote_in_the_last_row", clean + '999,C1,2024-03-01,"never closed', plain, foreign=1)
    _add(
        "nul_in_a_cell",
        clean.replace("late again", "late\0again"),
        [[c.replace("late again", "late\0again") for c in row] for row in plain],
    )
    _add(
        "lone_cr_in_a_cell",
        clean.replace("late again", "late\ragain"),
        [[c.replace("late again", "late\ragain") for c in row] for row in plain],
    )
    odd = table(texts=["a\u2028b", "c\x85d", "e\x0bf", "\ufeffg", "h\x1ci", "j\u00a0k"])
    _add("odd_line_separators_in_cells", written([HEADER, *odd]), odd)
    words = table(texts=["NA", "null", "None", "NaN", "TRUE", "1E5", "007", "0x1F", "1.1E+17", "2024-01-01"])
    _add("words_that_look_like_values", written([HEADER, *words]), words)
    big = [*plain[:5], [*plain[5][:3], "退款" * 60_000, ""], *plain[6:]]
    _add("one_huge_cell", written([HEADER, *big]), big)
    formulas = table(texts=["=1+1", "@x", "+1", "-a", "'quoted'"])
    _add("formulas", written([HEADER, *formulas]), formulas)
    _add(
        "newlines_in_every_text",
        written([HEADER, *table(texts=["a\r\nb\nc", "\nd", "e\n"])]),
        table(texts=["a\r\nb\nc", "\nd", "e\n"]),
    )
    _add(
        "rows_like_the_header",
        written([HEADER, *rows, ["ticket_id", "C1", "", "a text", ""]]),
        [*rows, ["ticket_id", "C1", "", "a text", ""]],
    )


def _encodings() -> None:
    rows = table()
    clean = written([HEADER, *rows])
    for codec in ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "utf-32"):
        _add(f"encoding_{codec}", clean.encode(codec), rows)
    hant = table(texts=["貨物不見了，沒有人管", "門市店員的態度很差", "請儘快退款給我"])
    _add("encoding_big5", written([HEADER, *hant]).encode("big5"), hant)
    west = table(texts=["The café charged me 20€", "Señor Muñoz’s order", "déjà vu"])
    _add("encoding_cp1252", written([HEADER, *west]).encode("cp1252"), west)
    _add("bom_twice", codecs.BOM_UTF8 + clean.encode("utf-8-sig"), rows)
    _add(
        "bom_before_each_part",
        clean.encode("utf-8-sig") + written(table(5)).encode("utf-8-sig"),
        [*rows, *([("\ufeff" if i == 0 else "") + row[0], *row[1:]] for i, row in enumerate(table(5)))],
    )
    broken = clean.encode().replace(b"Where is it?", b"Where \xff\xfe it?", 1)
    gone = next(row for row in rows if row[3] == "Where is it?")
    _add("bytes_that_cannot_be_decoded", broken, rows, loaded=[row for row in rows if row is not gone])
    _add("tab_separated_utf16_of_excel", written([HEADER, *rows], "\t").encode("utf-16"), rows)
    _add("cut_in_the_last_row", clean.encode()[:-9], rows, loaded=rows[:-1])
    _add("empty", b"", [], refused=True)
    _add("blank", b"\r\n\r\n \r\n", [], refused=True)


_dialects()
_frames()
_strangers()
_single_rows()
_encodings()


def agreement(expected: Iterable[object], found: Iterable[object]) -> tuple[float, float, float]:
    """Precision, recall and F1 of what was found, as bags."""
    wanted, got = Counter(expected), Counter(found)
    both = (wanted & got).total()
    precision = both / got.total() if got else float(not wanted)
    recall = both / wanted.total() if wanted else float(not got)
    return precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def score(file: Polluted, header: Sequence[str], rows: Sequence[Sequence[str]]) -> float:
    """The benchmark's sum, from 0 to 10: 1 for reading at all, 9 for header, records and cells."""
    cells = ([cell for row in table_ for cell in row] for table_ in (file.rows, rows))
    parts = (
        agreement(file.header, header),
        agreement(map(tuple, file.rows), map(tuple, rows)),
        agreement(*cells),
    )
    return 1 + sum(map(sum, parts))
