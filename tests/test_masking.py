"""Masking: planted personal data is found, order numbers are left alone, nothing is masked twice."""

from __future__ import annotations

from random import Random

import pytest
from canaries import AROUND, CANARIES, NO_PERSON
from hypothesis import given
from hypothesis import strategies as st

from complaint_typing.masking import find_personal_data, mask

PER_KIND = 400


@pytest.mark.parametrize("kind", CANARIES)
def test_planted_personal_data_is_found(kind):
    r = Random(kind)
    missed = 0
    for _ in range(PER_KIND):
        canary = CANARIES[kind](r)
        text = r.choice(AROUND).format(canary)
        secret = "".join(filter(str.isalnum, canary))[-9:-2]
        missed += secret in "".join(filter(str.isalnum, mask(text)))
    assert missed / PER_KIND <= 0.005


@pytest.mark.parametrize("kind", NO_PERSON)
def test_order_and_tracking_numbers_are_left_alone(kind):
    r = Random(kind)
    texts = [r.choice(AROUND[4:]).format(NO_PERSON[kind](r)) for _ in range(PER_KIND)]
    assert sum(bool(find_personal_data(text)) for text in texts) / PER_KIND <= 0.01


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("回电138 0013 8091", "回电[phone …91]"),
        ("010-12345678-801找小王", "[phone …01]找小王"),
        ("139 0013 9000 138 0013 8000", "[phone …00] [phone …00]"),
        ("4111 1111 1111 1111 12/27", "[card …11] 12/27"),
        ("身份证编号110105491231002", "身份证编号[id …02]"),
        ("HKID A1234563 ok", "HKID [id …63] ok"),
        ("code A1234563 ok", "code A1234563 ok"),
        ("中文zhang@qq.com中文", "中文[email …om]中文"),
        ("+86 138 0013 8000", "[phone …00]"),
        ("座机:83123456", "座机:[phone …56]"),
        ("共83123456人次", "共83123456人次"),
        ("押金3000-5000，工资5800 6600", "押金3000-5000，工资5800 6600"),
        ("电话 2024-03-15 打过", "电话 2024-03-15 打过"),
        ("01/02/2026 4111 1111 1111 1111", "01/02/2026 [card …11]"),
        ("May 2026 4111 1111 1111 1111", "May 2026 [card …11]"),
        ("12/03/2026 138 0013 8000", "12/03/2026 [phone …00]"),
        ("12/03/2026 (212) 555-0123", "12/03/2026 [phone …23]"),
        ("12/03/2026 5678 1234", "12/03/2026 [phone …34]"),
        ("12.03.2026 0171 1234567", "12.03.2026 [phone …67]"),
        ("12-03-2026 0171 1234567", "12-03-2026 [phone …67]"),
        ("12-03-2026 020 7946 0958", "12-03-2026 [phone …58]"),
        ("01/02/2026 +44 7700 900123", "01/02/2026 [phone …23]"),
        ("ticket 88231 138 0013 8000", "ticket 88231 [phone …00]"),
        ("order 4471 07700 900123", "order 4471 [phone …23]"),
        ("parcel 9400 4111 1111 1111 1111", "parcel 9400 4111 1111 1111 1111"),
        ("waybill 9400 1118 5678 1234", "waybill 9400 1118 5678 1234"),
        ("readings 12500 5831 6622", "readings 12500 5831 6622"),
        ("123 456 789 0123", "123 456 789 0123"),
        ("@support help", "@support help"),
        ("no data here", "no data here"),
        ("", ""),
    ],
)
def test_what_is_masked_and_how(text, masked):
    assert mask(text) == masked


def test_spans_point_into_the_text_as_written():
    text = "电话１３８００１３８０００，邮箱a.b@example.com"
    assert [(kind, text[start:end]) for kind, start, end in find_personal_data(text)] == [
        ("phone", "１３８００１３８０００"),
        ("email", "a.b@example.com"),
    ]


PIECES = [
    "13800138000",
    "138",
    "0013",
    "8000",
    "-",
    " ",
    "(",
    ")",
    "+86",
    "010",
    "@",
    "a.b",
    "qq.com",
    "A123456(3)",
    "*",
    "电话",
    "X",
]
TEXTS = st.lists(
    st.one_of(st.sampled_from(PIECES), st.characters(), st.text("0123456789 -", max_size=8)), max_size=12
)


@given(TEXTS.map("".join))
def test_masking_twice_changes_nothing_and_spans_are_in_order(text):
    spans = find_personal_data(text)
    edges = [edge for span in spans for edge in (span.start, span.end)]
    assert edges == sorted(edges)
    assert all(span.start < span.end <= len(text) for span in spans)
    assert mask(mask(text)) == mask(text)


@pytest.mark.parametrize(
    "piece", ["1", "1 ", "12-", "138 ", "0755-", "@", "a@", "a.b@c.", "+1", "(0", "A1", "call 1 "]
)
def test_long_hostile_texts_come_through(piece):
    text = piece * 20_000
    assert len(mask(text)) <= len(text)


@given(st.text(alphabet="0１5 　-–.(转eＥxXｔt@＠aZé_Ａ", max_size=30))
def test_a_quick_look_loses_nothing_that_a_careful_one_finds(text):
    always_read = text + "\n" * 40 + "x@example.com"
    assert find_personal_data(text) == find_personal_data(always_read)[:-1]
