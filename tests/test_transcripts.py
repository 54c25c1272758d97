"""Transcripts in their three forms read alike, and what cannot be read is named."""

from __future__ import annotations

import csv
import gzip
import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaint_typing.errors import BadValue, UnreadableInput
from complaint_typing.transcripts import Transcript, Utterance, read_transcripts

TALKS = [
    ("7", [("customer", "退钱！"), ("agent", "您慢慢说。\n我听着。"), ("customer", "约的周一，没人来")]),
    ("8", [("agent", "Hello, how can I help?"), ("customer", 'It said "sold out", then charged me; why?')]),
]
EXPECTED = [Transcript(name, tuple(Utterance(*said) for said in turns)) for name, turns in TALKS]


def as_json_lines(path):
    rows = [{"id": n, "turns": [{"role": r, "text": t} for r, t in turns]} for n, turns in TALKS]
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")


def as_csv(path, encoding="utf-8-sig", header=("conversation_id", "role", "text"), delimiter=","):
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow(header)
        writer.writerows([name, *said] for name, turns in TALKS for said in turns)


def as_lines(path, customer, agent, colon):
    names = {"customer": customer, "agent": agent}
    talks = ["\n".join(f"{names[role]}{colon}{text}" for role, text in turns) for _, turns in TALKS]
    path.write_text("\n\n----\n\n".join(talks), encoding="utf-8")


def test_json_lines(tmp_path):
    as_json_lines(tmp_path / "chats.jsonl")
    assert read_transcripts(tmp_path / "chats.jsonl") == EXPECTED


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"encoding": "gb18030", "header": ("会话编号", "角色", "内容")},
        {"encoding": "utf-16", "delimiter": "\t"},
        {"delimiter": ";", "header": ("Chat ID", "Sender", "Message")},
        {"encoding": "utf-8", "header": ("對話編號", "說話者", "訊息")},
    ],
)
def test_delimited_files(tmp_path, options):
    as_csv(tmp_path / "chats.csv", **options)
    assert read_transcripts(tmp_path / "chats.csv") == EXPECTED


def test_rows_of_several_talks_may_alternate_and_carry_times(tmp_path):
    rows = [
        "id,role,text,time",
        "a,客户,一,2026-01-01 09:00",
        "b,User,one,",
        "a,客服,二,",
        "b,Agent,two,",
        "a,客户,,",
    ]
    (tmp_path / "chats.csv").write_text("\n".join(rows), encoding="utf-8")
    a, b = read_transcripts(tmp_path / "chats.csv")
    assert a.utterances == (Utterance("customer", "一", "2026-01-01 09:00"), Utterance("agent", "二"))
    assert [said.text for said in b.utterances] == ["one", "two"]


def test_without_an_id_all_rows_are_one_talk(tmp_path):
    (tmp_path / "chat.csv").write_text("role,text\ncustomer,one\nagent,two\n", encoding="utf-8")
    (talk,) = read_transcripts(tmp_path / "chat.csv")
    assert (talk.id, len(talk.utterances)) == ("", 2)


@pytest.mark.parametrize(
    "customer, agent, colon",
    [
        ("客户", "客服", "："),
        ("Customer", "Agent", ": "),
        ("  顧客", "坐席 12", ":"),
        ("[10:03:21] CUSTOMER", "[10:03:40] AGENT", ": "),
        ("用户A", "客服（小王）", "："),
        ("訪客", "線上客服", "："),
    ],
)
def test_plain_lines(tmp_path, customer, agent, colon):
    as_lines(tmp_path / "talk.txt", customer, agent, colon)
    said = [[(u.role, u.text) for u in talk.utterances] for talk in read_transcripts(tmp_path / "talk.txt")]
    assert said == [turns for _, turns in TALKS]


def test_times_before_the_speaker_are_kept(tmp_path):
    (tmp_path / "talk.txt").write_text("[2026-05-01 10:03] Customer: hi\n", encoding="utf-8")
    assert read_transcripts(tmp_path / "talk.txt")[0].utterances[0].at == "2026-05-01 10:03"


def test_a_colon_in_the_words_is_no_speaker(tmp_path):
    (tmp_path / "talk.txt").write_text("客户：时间：周一\n地点：三楼\n客服：好\n", encoding="utf-8")
    (talk,) = read_transcripts(tmp_path / "talk.txt")
    assert [said.text for said in talk.utterances] == ["时间：周一\n地点：三楼", "好"]


def test_gzip_is_read(tmp_path):
    as_json_lines(tmp_path / "chats.jsonl")
    (tmp_path / "chats.gz").write_bytes(gzip.compress((tmp_path / "chats.jsonl").read_bytes()))
    assert read_transcripts(tmp_path / "chats.gz") == EXPECTED


def test_turns_without_words_and_talks_without_turns_are_left_out(tmp_path):
    lines = ['{"turns": [{"role": "客户", "text": " "}]}', "", '{"turns": [{"role": "c", "text": "a"}]}']
    (tmp_path / "chats.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert read_transcripts(tmp_path / "chats.jsonl") == [Transcript("", (Utterance("customer", "a"),))]


@pytest.mark.parametrize(
    "content, error, sentence",
    [
        ("  \n", UnreadableInput, "it has no turn with words; give a file with the turns of a talk"),
        ('{"turns": []}', UnreadableInput, "it has no turn with words"),
        ("id,role,text\n1,customer, \n", UnreadableInput, "it has no turn with words"),
        ("id,role,text\n", UnreadableInput, "it has no turn with words"),
        ("hello\nthere", UnreadableInput, "line 1 names no speaker; begin each turn with Customer:"),
        ('{"turns": 3}', BadValue, "row 1, column turns: not a talk as a JSON object"),
        ('{"turns": []}\n{broken', BadValue, "row 2, column turns: not a talk as a JSON object"),
        (
            '{"turns": [{"role": "agent"}]}',
            BadValue,
            "row 1, column turns: not a turn with a role and a text",
        ),
        ('{"turns": [{"role": "boss", "text": "a"}]}', BadValue, "row 1, column role: .* got 'boss'"),
        ("role,text\ncustomer,a\nboss,b\n", BadValue, "row 2, column role: .* got 'boss'; write customer or"),
        ("role,text\ncustomer,a\nagent,b,c\n", BadValue, "row 2, .* not a readable row"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path, content, error, sentence):
    (tmp_path / "talk").write_text(content, encoding="utf-8")
    with pytest.raises(error, match=sentence):
        read_transcripts(tmp_path / "talk")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(UnreadableInput, match="no_such_talk"):
        read_transcripts(tmp_path / "no_such_talk")


def test_a_line_separator_within_words_ends_no_line(tmp_path):
    (tmp_path / "chat.jsonl").write_text('{"turns": [{"role": "c", "text": "a\u2028b"}]}\n', encoding="utf-8")
    assert read_transcripts(tmp_path / "chat.jsonl")[0].utterances[0].text == "a\u2028b"


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_in_one_sentence(tmp_path_factory, content):
    place = tmp_path_factory.mktemp("talk") / "any.txt"
    place.write_bytes(content.encode("utf-8", "surrogatepass"))
    with suppress(UnreadableInput, BadValue):
        for talk in read_transcripts(place):
            assert talk.utterances
            assert all(said.text.strip() for said in talk.utterances)
