import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaint_typing.errors import BadValue, PolicyError
from complaint_typing.resources import data_path
from complaint_typing.taxonomy import KINDS, read_table, read_taxonomy, write_table

TAXONOMY = read_taxonomy()
NAMES_ZH = (
    "实质解决型 物质补偿型 渴望尊重型 精力旺盛型 重复滥诉型 困惑求解型 倾诉陪伴型 情绪宣泄型 服务改进型"
)
CELLS = st.text(st.characters(exclude_characters="\r\0", exclude_categories=["Cs"]), max_size=12).map(
    str.strip
)


@pytest.fixture
def shipped_text():
    return data_path("taxonomy.csv").read_text("utf-8-sig")


def write(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return path


def test_types_are_the_nine_of_the_guide_in_its_order():
    assert TAXONOMY.types == (
        "resolution_seeking",
        "compensation_seeking",
        "respect_seeking",
        "high_energy",
        "repeat_abuser",
        "clarification_seeking",
        "companionship_seeking",
        "venting",
        "improvement_seeking",
    )
    assert [TAXONOMY.name(id, "zh") for id in TAXONOMY.types] == NAMES_ZH.split()


def test_vocabularies_of_the_contract():
    assert TAXONOMY.ids("outcome") == ("undetermined", "unfamiliar")
    assert TAXONOMY.modes == ("attack", "emotional", "rational")
    assert TAXONOMY.signals == ("media", "regulator", "legal", "senior", "churn", "group", "safety")
    assert TAXONOMY.ids("goodwill") == ("clear", "review", "decline", "unknown")
    states = ("at_ease", "courtesy_not_accepted", "hidden_dissatisfaction", "open_tension")
    assert TAXONOMY.ids("relation_state") == states


def test_every_term_names_its_articles_and_both_languages():
    for term in TAXONOMY.terms:
        assert all(re.fullmatch(r"00[0-4]_[0-9a-f]{16}\.txt", name) for name in term.source.split(";")), term
        for text in (term.name_zh, term.meaning_zh):
            assert re.search("[\u4e00-\u9fff]", text), term
        for text in (term.name_en, term.meaning_en):
            assert text.isascii(), term


def test_safety_outranks_every_other_role():
    assert TAXONOMY.ids("role")[-1] == "safety_officer"


def test_unknown_id_and_language_are_refused():
    with pytest.raises(BadValue, match="not a term of the taxonomy, got 'grumpy'"):
        TAXONOMY.name("grumpy", "en")
    with pytest.raises(BadValue, match="not a language of the texts, got 'de'"):
        TAXONOMY.meaning("venting", "de")


@pytest.mark.parametrize(
    "change, encoding",
    [
        (lambda text: text, "utf-8-sig"),
        (lambda text: text, "utf-8"),
        (lambda text: text, "gb18030"),
        (lambda text: text.replace("\r\n", "\n"), "utf-8"),
        (lambda text: text.replace("\nmode,", "\n  mode ,"), "utf-8"),
        (lambda text: text.replace("\r\nmode,attack", "\r\n\r\n,,,,,,\r\nmode,attack"), "utf-8"),
    ],
)
def test_encodings_blanks_and_empty_rows_change_nothing(tmp_path, shipped_text, change, encoding):
    changed = write(tmp_path / "taxonomy.csv", change(shipped_text), encoding)
    assert read_taxonomy(changed) == TAXONOMY


@pytest.mark.parametrize("separator", [";", "\t"])
def test_other_separators_of_spreadsheets_are_read(tmp_path, separator):
    path = write(tmp_path / "t.csv", f'a{separator}b\n"x{separator}y"{separator}2\n')
    assert list(read_table(path, ["a", "b"])) == [(2, {"a": f"x{separator}y", "b": "2"})]


def test_all_faults_of_a_table_are_told_at_once(tmp_path, shipped_text):
    broken = shipped_text.replace("type,venting", "tpye,venting").replace("mode,attack", "mode,rational")
    with pytest.raises(PolicyError, match="2 faults") as caught:
        read_taxonomy(write(tmp_path / "taxonomy.csv", broken))
    places = {(fault.column, fault.value) for fault in caught.value.faults}
    assert places == {("kind", "tpye"), ("id", "rational")}
    assert all(fault.remedy for fault in caught.value.faults)


def test_a_kind_without_terms_is_refused(tmp_path):
    rows = "".join(f"{kind},{kind},n,n,m,m,s\n" for kind in KINDS if kind != "role")
    text = "kind,id,name_zh,name_en,meaning_zh,meaning_en,source\n" + rows
    with pytest.raises(PolicyError, match="column kind: no term of this kind, got 'role'"):
        read_taxonomy(write(tmp_path / "taxonomy.csv", text))


@pytest.mark.parametrize(
    "text, message",
    [
        ("", "row 1, column a: header missing"),
        ("a,a\n1,2\n", "row 1, column a: header given twice"),
        ("a,b\n1,2,3\n", "row 2: more cells than headers, got '3'"),
        ('a,b\n"1,2\n', "not a CSV table"),
        ("a,b\n1,2\n\n\n3,4,5\n", "row 5: more cells than headers"),
    ],
)
def test_unreadable_tables_name_the_place(tmp_path, text, message):
    with pytest.raises(PolicyError, match=re.escape(message)):
        read_table(write(tmp_path / "t.csv", text), ["a"])


def test_neither_encoding(tmp_path):
    (tmp_path / "t.csv").write_bytes(b"a,b\n\xff\xff\xff,1\n")
    with pytest.raises(PolicyError, match="neither UTF-8 nor GB18030; save it as 'CSV UTF-8'"):
        read_table(tmp_path / "t.csv", ["a"])


def test_missing_file(tmp_path):
    with pytest.raises(PolicyError, match="cannot be opened"):
        read_table(tmp_path / "none.csv", ["a"])


def test_columns_without_header_are_ignored_and_further_columns_kept(tmp_path):
    path = write(tmp_path / "t.csv", "a,note,\nx,mine,\n")
    table = read_table(path, ["a"])
    assert table.header == ("a", "note")
    assert list(table) == [(2, {"a": "x", "note": "mine"})]


@given(rows=st.lists(st.tuples(CELLS, CELLS).filter(any), max_size=4))
def test_written_tables_read_back_unharmed(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("table")
    numbered = tuple((n, {"first": a, "second": b}) for n, (a, b) in enumerate(rows, start=2))
    empty = read_table(write(folder / "empty.csv", "first,second\n"), ["first"])
    write_table(folder / "t.csv", type(empty)(folder / "t.csv", empty.header, numbered))
    assert tuple(read_table(folder / "t.csv", ["first"])) == numbered
