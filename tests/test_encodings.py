"""The same text comes out of every encoding, and a wrong byte never becomes a character."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from complaint_typing.encodings import UNDECODABLE, Encoding, detect_encoding
from complaint_typing.errors import BadValue

HANS = "工单编号,投诉内容\r\n1,快递丢了三天没人管，客服一直说在处理，请退款。\r\n2,营业厅的员工态度很差！\r\n"
HANT = "案件編號,內容\r\n1,訂單三天沒有出貨，客服說還在處理，請儘快退款給我。\r\n2,門市店員態度很差！\r\n"
WEST = "id,text\r\n1,The café “Zürich” charged me 20€ — déjà vu\r\n2,Señor Muñoz’s order\r\n"
PLAIN = "id,text\r\n1,No answer for three days\r\n"

CASES = [
    (HANS, "utf-8", "utf-8"),
    (HANS, "utf-8-sig", "utf-8"),
    (HANS, "gbk", "gb18030"),
    (HANS, "gb18030", "gb18030"),
    (HANS + "3,😅㐂", "gb18030", "gb18030"),
    (HANS, "utf-16", "utf-16-le"),
    (HANS, "utf-16-le", "utf-16-le"),
    (HANS, "utf-16-be", "utf-16-be"),
    (HANT, "big5", "cp950"),
    (HANT, "cp950", "cp950"),
    (HANT, "gbk", "gb18030"),
    (HANT + "3,咗嘅\r\n4,喺邊度㗎", "big5hkscs", "big5hkscs"),
    (HANT, "utf-16-le", "utf-16-le"),
    (HANT, "utf-8", "utf-8"),
    (WEST, "utf-8", "utf-8"),
    (WEST, "cp1252", "cp1252"),
    (WEST, "utf-16-be", "utf-16-be"),
    (PLAIN, "ascii", "utf-8"),
    (PLAIN, "utf-16-le", "utf-16-le"),
    (PLAIN, "utf-16-be", "utf-16-be"),
    (HANS, "utf-32", "utf-32-le"),
]


@pytest.mark.parametrize(("text", "codec", "name"), CASES)
def test_encoding_is_told_and_text_comes_back(text, codec, name):
    data = text.encode(codec)
    found = detect_encoding(data)
    assert found.name == name
    assert found.how
    assert "no encoding fits" not in found.how
    assert found.decode(data[len(found.bom) :]) == (text, True)


@pytest.mark.parametrize(
    ("text", "codec", "name"), [case for case in CASES if case[1] not in ("utf-32", "ascii")]
)
def test_a_character_cut_at_the_end_of_the_sample_does_not_mislead(text, codec, name):
    data = (text * 3).encode(codec)
    assert {detect_encoding(data[: len(data) - cut]).name for cut in range(12)} == {name}


@pytest.mark.parametrize(
    ("text", "codec"), [("是", "gbk"), ("投诉", "gbk"), ("聯絡", "big5"), ("José", "cp1252"), ("联通", "gbk")]
)
def test_one_word_is_enough_where_it_is_usual(text, codec):
    data = text.encode(codec)
    found = detect_encoding(data)
    assert found.decode(data) == (text, True)


def test_utf8_with_a_few_broken_bytes_stays_utf8():
    data = HANS.encode() + b"\xff\xd6\xd0\n"
    found = detect_encoding(data)
    assert found.name == "utf-8"
    assert "valid but for 3 bytes" in found.how


@pytest.mark.parametrize(
    ("text", "codec"),
    [("テキストのファイル", "shift_jis"), ("한국어 문장입니다", "euc-kr"), ("привет", "cp1251")],
)
def test_what_fits_nothing_is_told(text, codec):
    found = detect_encoding(text.encode(codec) * 20)
    assert "no encoding fits" in found.how


@pytest.mark.parametrize(
    ("given_name", "name"),
    [
        ("gbk", "gb18030"),
        ("GB2312", "gb18030"),
        ("big5", "cp950"),
        ("utf8", "utf-8"),
        ("latin-1", "iso8859-1"),
        ("utf-16", "utf-16-le"),
    ],
)
def test_a_given_encoding_overrides(given_name, name):
    found = detect_encoding(b"caf\xe9", given_name)
    assert (found.name, found.how) == (name, f"given as {given_name}")


def test_a_given_encoding_still_drops_its_byte_order_mark():
    assert detect_encoding(codecs.BOM_UTF8 + b"a", "utf-8").bom == codecs.BOM_UTF8
    assert detect_encoding(codecs.BOM_UTF16_BE + b"\0a", "utf-16").name == "utf-16-be"


@pytest.mark.parametrize("name", ["utf-99", "base64", "rot13", "idna", "punycode", "undefined", ""])
def test_no_encoding_is_refused(name):
    with pytest.raises(BadValue, match=r"not an encoding of text, got .*; use auto, utf-8"):
        detect_encoding(b"", name)


@pytest.mark.parametrize(
    "codec", ["utf-8", "gb18030", "cp950", "big5hkscs", "cp1252", "utf-16-le", "utf-16-be"]
)
@given(st.binary(max_size=60))
def test_any_bytes_decode_without_loss_or_invention(codec, data):
    encoding = Encoding(codec, "given")
    text, clean = encoding.decode(data)
    assert clean == (UNDECODABLE.search(text) is None)
    assert clean == (not encoding.is_damaged(text))
    try:
        strict = data.decode(codec)
    except UnicodeDecodeError:
        assert not clean
    else:
        assert (text, clean) == (strict, True)


@pytest.mark.parametrize("codec", ["utf-8", "utf-16-le", "utf-16-be", "cp1252"])
@given(st.binary(max_size=60))
def test_bytes_come_back_exactly(codec, data):
    encoding = Encoding(codec, "given")
    assert encoding.encode(encoding.decode(data)[0]) == data


@pytest.mark.parametrize("codec", ["gb18030", "cp950", "big5hkscs"])
@given(st.binary(max_size=60))
def test_sizes_come_back_exactly_in_double_byte_encodings(codec, data):
    encoding = Encoding(codec, "given")
    text = encoding.decode(data)[0]
    assume(codec == "gb18030" or "\u0304" not in text)
    assert len(encoding.encode(text)) == len(data)


@given(st.binary(max_size=200))
def test_any_bytes_have_an_answer(data):
    found = detect_encoding(data)
    assert found.name in {
        "utf-8",
        "gb18030",
        "cp950",
        "big5hkscs",
        "cp1252",
        "utf-16-le",
        "utf-16-be",
        "utf-32-le",
        "utf-32-be",
    }
