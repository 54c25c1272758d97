"""Charts are legible with Chinese labels wherever they are opened."""

from __future__ import annotations

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from complaint_typing.errors import MissingExtra
from complaint_typing.resources import data_path
from complaint_typing.taxonomy import read_taxonomy
from complaint_typing.workbench.plots import style

FONT_FILE = data_path("fonts") / "NotoSansCJKsc-subset.otf"


def test_the_font_has_every_character_that_the_product_says() -> None:
    known = set(TTFont(FONT_FILE).getBestCmap())
    names = "".join(term.name_zh + term.meaning_zh for term in read_taxonomy().terms)
    tables = "".join(
        (data_path(name)).read_text(encoding="utf-8-sig") for name in ("policy.csv", "playbook.csv")
    )
    assert {c for c in names + tables if ord(c) not in known and not c.isspace()} == set()


def test_chinese_labels_are_drawn_with_glyphs_and_not_with_boxes(tmp_path: Path) -> None:
    """Two words that differ only in characters give different pictures."""
    alt = style.altair()

    def picture(word: str) -> bytes:
        chart = alt.Chart({"values": [{"n": 1, "name": word}]}).mark_bar().encode(x="n:Q", y="name:N")
        style.save_chart(style.finished(chart, word), tmp_path / "chart.png")
        return (tmp_path / "chart.png").read_bytes()

    assert picture("渴望尊重") != picture("物质补偿")
    assert picture("渴望尊重") == picture("渴望尊重")


def test_html_needs_no_network(tmp_path: Path) -> None:
    alt = style.altair()
    chart = alt.Chart({"values": [{"n": 1}]}).mark_bar().encode(x="n:Q")
    style.save_chart(style.finished(chart, "一"), tmp_path / "chart.html")
    page = (tmp_path / "chart.html").read_text(encoding="utf-8")
    assert "<script src=" not in page
    assert '@font-face{font-family:"Noto Sans CJK SC";src:url(data:font/woff2' in page
    assert len(page) < 1_500_000


def test_a_missing_library_names_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "vl_convert", None)
    style.altair.cache_clear()
    with pytest.raises(MissingExtra, match=r"vl-convert.*complaint-typing\[workbench\]"):
        style.altair()
    style.altair.cache_clear()


def test_every_shipped_type_has_a_colour_of_its_own() -> None:
    taxonomy = read_taxonomy()
    chosen = style.colours([*taxonomy.types, *taxonomy.ids("outcome")])
    assert set(chosen) == set(style.COLOURS)
    assert len(set(chosen.values())) == len(chosen)
