from __future__ import annotations

import base64
import hashlib
import io
import re
from html.parser import HTMLParser

import pandas as pd
import pytest
from click.testing import CliRunner
from fontTools.ttLib import TTFont
from page_frames import SECRETS, data_of, page_frame

from complaint_typing.cli import cli
from complaint_typing.errors import BadValue, MissingExtra, MissingScoredColumns, UnreadableInput
from complaint_typing.resources import data_path
from complaint_typing.workbench.care_tickets import care_tickets
from complaint_typing.workbench.page import page, page_texts, write_page
from complaint_typing.workbench.page_data import page_data
from complaint_typing.workbench.page_font import embedded_font

TODAY = "2025-12-01"


@pytest.fixture(scope="module")
def pages():
    frame = page_frame()
    return {lang: page(frame, TODAY, lang) for lang in ("zh", "en")}


class _Outline(HTMLParser):
    """Tags and attributes outside the scripts."""

    def __init__(self):
        super().__init__()
        self.tags = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


def outline(text):
    parser = _Outline()
    parser.feed(text)
    return parser.tags


@pytest.mark.parametrize("lang, html_lang", [("zh", "zh-Hans"), ("en", "en")])
def test_the_page_is_whole_in_each_language(pages, lang, html_lang):
    tags, texts = outline(pages[lang]), page_texts(lang)
    assert ("html", {"lang": html_lang}) in tags
    assert [tag for tag, _ in tags].count("h1") == 1
    for id in ("types", "trend", "places", "care", "goodwill", "due", "new", "signals"):
        assert f'<h2 id="h-{id}">{texts[id]}</h2>' in pages[lang]
    assert all(texts.values())


def test_every_control_has_a_label_and_every_chart_a_table(pages):
    tags = outline(pages["en"])
    labelled = {attrs["for"] for tag, attrs in tags if tag == "label"}
    assert {attrs["id"] for tag, attrs in tags if tag == "select"} == labelled
    charts = [attrs for tag, attrs in tags if tag == "div" and attrs.get("class") == "chart"]
    tables = [attrs for tag, attrs in tags if tag == "div" and attrs.get("class") == "table"]
    assert len(charts) == len(tables) == 14
    assert {attrs["role"] for attrs in charts} == {"img"}


def test_nothing_is_fetched_and_only_the_pages_own_scripts_run(pages):
    tags = outline(pages["zh"])
    assert [attrs for _, attrs in tags if {"src", "href", "onclick", "onload"} & set(attrs)] == []
    policy = next(a["content"] for tag, a in tags if a.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; ")
    assert "'unsafe-inline'" not in policy.partition("style-src")[0]
    assert "http" not in policy
    scripts = re.findall(r"<script>(.*?)</script>", pages["zh"], re.S)
    digests = [base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in scripts]
    assert len(scripts) == 5
    assert [d for d in digests if f"'sha256-{d}'" not in policy] == []


def test_hostile_names_stay_data(pages):
    assert "</script><b>" not in pages["zh"]
    assert "</script><b>x</b>" in data_of(pages["zh"])["names"]["branch"]
    assert [tag for tag, _ in outline(pages["zh"]) if tag == "b"] == []


def test_no_text_no_id_and_no_rare_name_is_on_the_page(pages):
    for text in pages.values():
        assert [secret for secret in SECRETS if secret in text] == []


def words_of(frame):
    items = page_data(care_tickets(frame), TODAY, "zh")["items"]
    return [item["name"] for item in items if item["kind"].startswith("word_")]


def test_typical_words_are_shared_by_five_customers():
    frame = page_frame(400, customers=400)
    few = frame["customer_type"].eq("undetermined")
    frame.loc[few, "evidence"] = "帮我修好"
    rare = frame.index[few][:4]
    frame.loc[rare, "evidence"] = "水表倒转"
    frame.loc[rare, "customer_id"] = ["w", "x", "y", "y"]
    assert [words for words in words_of(frame) if "水表" in words] == []
    frame.loc[frame.index[few][:8], "evidence"] = "水表倒转"
    frame.loc[frame.index[few][:8], "customer_id"] = list("abcdefgh")
    assert "水表倒转" in words_of(frame)


def test_the_embedded_font_draws_every_character_of_the_page(pages):
    found = re.search(r"url\(data:font/woff2;base64,([^)]*)\)", pages["zh"])
    known = set(TTFont(io.BytesIO(base64.b64decode(found[1]))).getBestCmap())
    bundled = set(TTFont(data_path("fonts") / "NotoSansCJKsc-subset.otf").getBestCmap())
    data = data_of(pages["zh"])
    said = "".join([*data["texts"].values(), *data["names"]["branch"], *data["names"]["type"], "年月季"])
    assert {c for c in said if ord(c) in bundled} - {chr(c) for c in known} == set()
    assert {c for c in said if ord(c) not in bundled} == set()


def test_the_font_is_cut_to_the_text():
    short, long = (embedded_font("".join(map(chr, range(0x4E00, 0x4E00 + n)))) for n in (20, 200))
    assert len(short) < 30_000
    assert len(long) > 1.5 * len(short)


def test_size_hardly_grows_with_the_number_of_tickets(pages):
    sizes = [len(text.encode()) for text in (pages["zh"], page(page_frame(8000), TODAY))]
    assert sizes[1] < 1_600_000
    assert sizes[1] - sizes[0] < 180_000


def test_an_unscored_file_is_to_be_scored_first():
    with pytest.raises(MissingScoredColumns, match=r"Score the file first \(complaint-typing score\)"):
        page(pd.DataFrame({"text": ["慢"], "branch": ["城东"]}), TODAY)


def test_a_file_without_rows_is_told():
    with pytest.raises(UnreadableInput, match="there are no rows; score an export that has some"):
        page(page_frame().iloc[:0], TODAY)


def test_bad_arguments_are_told(tmp_path):
    with pytest.raises(BadValue, match="today: not a date"):
        page(page_frame(10), "soon")
    with pytest.raises(BadValue, match="lang: not a language"):
        page(page_frame(10), TODAY, "fr")
    with pytest.raises(BadValue, match="not another file than the scored one"):
        write_page(tmp_path / "a.csv", tmp_path / "." / "a.csv", TODAY)


def test_a_missing_library_names_its_extra(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "brotli", None)
    with pytest.raises(MissingExtra, match=r"brotli.*complaint-typing\[workbench\]"):
        embedded_font("一")


def test_parts_whose_columns_are_missing_say_so():
    kept = ["customer_type", "top_type", "emotional_mode", "strategy_id", "requires_human"]
    found = data_of(page(page_frame(60)[kept], TODAY))
    assert found["missing"]["trend"] == ["created_at"]
    assert found["missing"]["goodwill"] == ["compensation"]
    assert found["periods"]["starts"] == []
    assert "due" not in found["cubes"]
    assert sum(found["cubes"]["types"]["sums"]["n"]) == 60


def test_the_command_scores_to_page_and_tells_what_was_put_aside(tmp_path):
    runner, scored, target = CliRunner(), tmp_path / "scored.csv", tmp_path / "report.html"
    export = tmp_path / "export.csv"
    export.write_text("编号,正文,网点\n1,排队太久,城东\n2,多扣了钱,城东\n3,,城东\n", encoding="utf-8")
    assert runner.invoke(cli, ["score", str(export), "-o", str(scored), "--quiet"]).exit_code == 1
    found = runner.invoke(cli, ["report", str(scored), "-o", str(target)], env={"LANG": "zh_CN.UTF-8"})
    assert (found.exit_code, found.stdout, found.stderr) == (0, f"{target}\n", "")
    data = data_of(target.read_text(encoding="utf-8"))
    assert (data["lang"], data["whole"]["tickets"], data["whole"]["quarantined"]) == ("zh", 2, 1)
    refused = runner.invoke(cli, ["report", str(export), "-o", str(tmp_path / "b.html"), "--lang", "en"])
    assert refused.exit_code == 2
    assert "core the file first" in refused.stderr
    assert not (tmp_path / "b.html").exists()
