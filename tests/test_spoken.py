"""A ticket in Traditional characters is answered in Traditional characters, through every door."""

from __future__ import annotations

import csv
from collections.abc import Iterator

import pandas as pd
import pytest
from click.testing import CliRunner
from opencc import OpenCC

from complaint_typing import Conversation, check_reply, chinese_script, load, read_scored, spoken
from complaint_typing.cli import cli
from complaint_typing.facts import FACTS
from complaint_typing.playbook import read_playbook
from complaint_typing.resources import data_path
from complaint_typing.spoken import SPOKEN, Spoken, one_of, traditional

REVIEWS = data_path("examples") / "zh_hant_reviews.csv"
RUDE = "你們的櫃員當著大家的面笑我，我要經理出來給我道歉，不然我就找記者"
PAST = [
    {"created_at": f"2026-0{n}-03", "resolved_at": f"2026-0{n}-05", "fault_found": "no", "compensation": 50}
    for n in (1, 2, 3)
]
CACHES = (chinese_script.listed, chinese_script._weights, spoken._words, spoken.traditional)
OUR_CHOICE = str.maketrans({"賬": "帳", "臺": "台", "迴": "回", "隻": "只", "箇": "個", "“": "「", "”": "」"})

OUR_WORDS = {"借回訪": "藉回訪", "復看": "複看", "宣佈": "宣布", "不準": "不准"}


@pytest.fixture(scope="module")
def advisor():
    return load()


def chinese_texts() -> Iterator[str]:
    for name in ("playbook", "policy", "taxonomy", "reply_rules", "risk_rules"):
        with data_path(f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                yield from (cell for column, cell in row.items() if column.endswith("_zh") and cell)
    yield from (fact.zh for fact in FACTS)


def test_all_that_ships_reads_as_a_dictionary_of_phrases_makes_it() -> None:
    taiwan = OpenCC("s2tw")
    texts = list(chinese_texts())
    assert len(texts) > 500
    other = []
    for text in texts:
        expected = taiwan.convert(text).translate(OUR_CHOICE)
        for theirs, ours in OUR_WORDS.items():
            expected = expected.replace(theirs, ours)
        if traditional(text) != expected:
            other.append((traditional(text), expected))
    assert other == []


def test_what_is_traditional_already_stays() -> None:
    for text in chinese_texts():
        assert traditional(traditional(text)) == traditional(text)
    with REVIEWS.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            assert traditional(row["評論內容"]) == row["評論內容"]


@pytest.mark.parametrize(
    ("simplified", "expected"),
    [
        ("头发、发货、台风、平台", "頭髮、發貨、颱風、平台"),
        ("以后、皇后；公里、家里", "以後、皇后；公里、家裡"),
        ("只是一只猫", "只是一隻貓"),
        ("除了解决账单，尽快回复", "除了解決帳單，儘快回覆"),
        ("联系、关系、系统", "聯繫、關係、系統"),
        ("干净、干部、干预", "乾淨、幹部、干預"),
        ("{n}件前诉未办结", "{n}件前訴未辦結"),
        ("经理发现问题后会处理发票，为了解决问题", "經理發現問題後會處理發票，為了解決問題"),
        ("后面包装破损，恢复制度，办理发卡", "後面包裝破損，恢復制度，辦理發卡"),
        ("钱退到卡里，卡里面没有；不准打断客户", "錢退到卡裡，卡裡面沒有；不准打斷客戶"),
        ("里長請稍候，经理會回電", "里長請稍候，經理會回電"),
        ("", ""),
        ("Where is my refund? 1,234.50", "Where is my refund? 1,234.50"),
    ],
)
def test_words_decide_where_a_character_has_several_forms(simplified: str, expected: str) -> None:
    assert traditional(simplified) == expected


def test_without_the_table_texts_stay_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as gone:
        gone.setattr(chinese_script, "packaged", lambda name: None)
        for cached in CACHES:
            cached.cache_clear()
        assert traditional("请稍候") == "请稍候"
    for cached in CACHES:
        cached.cache_clear()
    assert traditional("请稍候") == "請稍候"


def test_texts_of_no_known_language_are_none() -> None:
    with pytest.raises(KeyError):
        Spoken(zh="好", en="good")["fr"]
    assert one_of("zh-Hant", ("办好", "记下"), ()) == ("辦好", "記下")


def is_traditional(text: str) -> bool:
    return text == traditional(text) and text != OpenCC("t2s").convert(text)


def test_an_answer_is_traditional_throughout(advisor) -> None:
    advice = advisor.advise(text=RUDE, history=PAST, customer_id="7", created_at="2026-04-01")
    assert advice.language == "zh-Hant"
    assert is_traditional(advice.render())
    assert is_traditional(advisor.explain(text=RUDE, history=PAST, created_at="2026-04-01").render())
    assert all(map(is_traditional, (advice.strategy, advice.next_step, advice.rationale, *advice.warnings)))
    assert advice.questions == tuple(map(traditional, advice.questions))
    assert len({advice.render(lang) for lang in SPOKEN}) == 3


def test_all_strategies_steps_and_reasons_have_their_traditional_form(advisor) -> None:
    book = read_playbook()
    for strategy in book.values():
        assert book.by_name()[traditional(strategy.name_zh)] is strategy
        for step in strategy.steps:
            for part in ("purpose", "do", "dont", "say"):
                assert step.text(part, "zh-Hant") == traditional(step.text(part, "zh"))
    for rule in advisor.policy.rules:
        assert rule.text("rationale", "zh-Hant") == traditional(rule.text("rationale", "zh"))


def test_a_talk_and_a_draft_are_answered_in_the_same_characters(advisor) -> None:
    talk = Conversation(advisor)
    turn = talk.add("customer", "你們這群騙子！約好的師傅等到下午沒人來，電話也不接！")
    assert turn.language == "zh-Hant"
    assert all(map(is_traditional, (turn.render(), turn.say(), turn.why())))
    findings = check_reply("抱歉，但是這是規定。", advisor.advise(text=RUDE))
    assert {is_traditional(finding.text) for finding in findings} == {True}


def test_a_table_and_one_ticket_agree_and_the_wish_goes_before_the_script(advisor) -> None:
    table = pd.DataFrame({"text": [RUDE, OpenCC("t2s").convert(RUDE)]})
    told = advisor.score(table)
    assert told["next_step"].map(is_traditional).tolist() == [True, False]
    for lang in ("zh", "zh-Hant", "en"):
        scored = advisor.score(table, lang=lang)
        for row, text in enumerate(table["text"]):
            one = advisor.advise(text=text, lang=lang)
            assert (scored["strategy"][row], scored["next_step"][row]) == (one.strategy, one.next_step)
            assert scored["evidence"][row] == "; ".join(one.evidence)
    assert advisor.advise(text=RUDE, language="zh-Hans").language == "zh"
    assert advisor.advise(text="退款", language="zh-Hant").strategy == traditional("恢复原状")


def test_an_export_is_answered_in_its_characters(tmp_path) -> None:
    target = tmp_path / "scored.csv"
    done = CliRunner().invoke(cli, ["score", str(REVIEWS), "-o", str(target), "--quiet"])
    assert done.exit_code in (0, 1), done.output
    scored = read_scored(target)
    assert scored["next_step"][scored["評論內容"].map(is_traditional)].map(is_traditional).all()
    again = CliRunner().invoke(
        cli, ["score", str(REVIEWS), "-o", str(tmp_path / "s.csv"), "--quiet", "--lang", "zh"]
    )
    assert again.exit_code == done.exit_code, again.output
    simplified = read_scored(tmp_path / "s.csv")
    assert simplified["strategy"].map(is_traditional).sum() == 0


def test_a_policy_that_is_traditional_in_part_is_told_in_one_script(advisor, tmp_path) -> None:
    folder = tmp_path / "policy"
    advisor.policy.export(folder)
    rows = (folder / "policy.csv").read_text(encoding="utf-8-sig")
    (folder / "policy.csv").write_text(OpenCC("s2tw").convert(rows), encoding="utf-8-sig")
    half = load(policy=folder)
    advice = half.advise(text=RUDE, created_at="2026-04-01")
    assert advice.warnings
    assert advice.next_step.startswith("".join(advice.warnings))
    assert is_traditional(advice.next_step)


def test_messages_follow_the_first_variable_that_says_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    from complaint_typing.cli_options import language

    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(
        "complaint_typing.cli_options.setlocale", lambda category: "Chinese (Simplified)_China.936"
    )
    assert language(None) == "zh"
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    assert (language(None), language("zh-Hant"), language("en")) == ("en", "zh", "en")
    monkeypatch.setenv("LC_ALL", "zh_TW.UTF-8")
    assert language(None) == "zh"
    monkeypatch.setenv("LC_MESSAGES", "en_GB.UTF-8")
    assert language(None) == "zh"
    monkeypatch.setenv("LC_ALL", "")
    assert language(None) == "en"
