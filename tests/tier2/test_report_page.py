"""The page in a real browser: what it says is what pandas counts, it fetches nothing, fits and prints.

    python -m pytest tests/tier2/test_report_page.py

Needs chromium and chromedriver on the path, and selenium.
"""

from __future__ import annotations

import base64
import io
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from report_pages import FRAME, TODAY, choose, drawn, figures, opened, table
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver

from complaint_typing.workbench.page import write_page
from complaint_typing.workbench.rates import share_interval, shrink

WIDTHS = [(1280, False), (390, True)]
MONTH = pd.to_datetime(FRAME["created_at"], errors="coerce").dt.strftime("%Y-%m")


@pytest.mark.parametrize("width, phone", WIDTHS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_opens_without_errors_requests_or_sideways_scrolling(
    browser: WebDriver, folder: Path, lang: str, width: int, phone: bool
) -> None:
    browser.get_log("performance")
    browser.get_log("browser")
    opened(browser, folder / f"{lang}.html", width, phone)
    assert [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"] == []
    events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    asked = [e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"]
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    wide, inner = browser.execute_script("return [document.documentElement.scrollWidth, innerWidth]")
    assert wide == inner == width
    out = browser.execute_script(
        "return [...document.querySelectorAll('.chart svg')]"
        ".filter(s => s.getBoundingClientRect().right > innerWidth).length"
    )
    assert out == 0
    assert len(browser.find_elements(By.CSS_SELECTOR, ".chart svg")) >= 11


@pytest.mark.parametrize(
    "choice",
    [
        {},
        {"branch": "Leeds"},
        {"from": "Mar 2025", "to": "Jun 2025"},
        {"from": "May 2025", "to": "May 2025", "branch": "城东营业厅", "channel": "app"},
        {"branch": "</script><b>x</b>"},
    ],
)
def test_what_it_says_is_what_pandas_counts(browser: WebDriver, folder: Path, choice: dict[str, str]) -> None:
    opened(browser, folder / "en.html")
    choose(browser, **choice)
    rows = FRAME
    if "from" in choice:
        first, last = (pd.to_datetime(choice[end]).strftime("%Y-%m") for end in ("from", "to"))
        rows = rows[MONTH.between(first, last)]
    for name in ("branch", "channel"):
        rows = rows if name not in choice else rows[rows[name] == choice[name]]
    n, types = len(rows), rows["customer_type"]
    assert n > 50
    assert figures(browser, "head_counts") == {"tickets": n, "customers": rows["customer_id"].nunique()}
    human = (rows["requires_human"] == 1).sum()
    assert figures(browser, "head_human") == pytest.approx({"human": human, "share": human / n})
    decided = (~types.isin(["undetermined", "unfamiliar"])).mean()
    assert figures(browser, "head_decided") == pytest.approx({"decided": decided})
    attacks = (rows["emotional_mode"] == "attack").sum()
    assert figures(browser, "care_attacks") == pytest.approx({"attacks": attacks, "share": attacks / n})
    counts = types.value_counts()
    assert sorted(int(row[1].replace(",", "")) for row in table(browser, "chart-types")) == sorted(counts)
    media = int(rows["risk_signals"].str.contains("media").sum())
    assert dict(row[:2] for row in table(browser, "chart-signals"))["Media exposure"] == f"{media:,}"
    bills = (rows["category"] == "bill") & rows["fault_found"].isin(["yes", "no"])
    told = next(row for row in table(browser, "chart-category") if row[0] == "bill")
    faults = int((bills & (rows["fault_found"] == "yes")).sum())
    assert told[3:] == [f"{faults:,}", f"{int(bills.sum()):,}"]
    paid = rows["compensation"] > 0
    told_paid = figures_of_goodwill(browser)
    assert told_paid == pytest.approx((paid.sum(), paid.mean()))


def figures_of_goodwill(browser: WebDriver) -> tuple[float, float]:
    sentence = browser.find_elements(By.CSS_SELECTOR, "[data-sentence=goodwill_paid] b")
    paid, share = (float(b.get_attribute("data-value") or "nan") for b in sentence[:2])
    return paid, share


def test_everything_is_shown_again_and_the_filter_is_told(browser: WebDriver, folder: Path) -> None:
    opened(browser, folder / "zh.html")
    choose(browser, branch="Leeds", **{"from": "2025年3月"})
    assert (
        browser.find_element(By.ID, "showing").text == "当前范围：2025年3月 – 2025年12月；Leeds；全部渠道。"
    )
    browser.find_element(By.CSS_SELECTOR, "button[type=reset]").send_keys(Keys.ENTER)
    drawn(browser)
    assert figures(browser, "head_counts")["tickets"] == len(FRAME)


def test_the_filter_works_by_keyboard(browser: WebDriver, folder: Path) -> None:
    opened(browser, folder / "en.html")
    browser.find_element(By.ID, "filter-from").send_keys(Keys.TAB)
    browser.switch_to.active_element.send_keys(Keys.TAB)
    branch = browser.switch_to.active_element
    assert branch.get_attribute("id") == "filter-branch"
    branch.send_keys(Keys.ARROW_DOWN)
    drawn(browser)
    first = FRAME["branch"].value_counts().drop("").index[0]
    assert figures(browser, "head_counts")["tickets"] == (FRAME["branch"] == first).sum()


@pytest.mark.parametrize("seed", range(8))
def test_rates_in_the_browser_are_those_of_python(browser: WebDriver, folder: Path, seed: int) -> None:
    if "en.html" not in browser.current_url:
        opened(browser, folder / "en.html")
    r = np.random.default_rng(seed)
    cases = r.integers(0, 10 ** r.integers(1, 5), r.integers(1, 30))
    events = r.binomial(cases, r.beta(2, 5, len(cases)))
    found = browser.execute_script("return Rates.shrink(...arguments)", events.tolist(), cases.tolist())
    expected = shrink(events, cases)
    seen = cases > 0
    for name, values in (("rate", expected.estimate), ("low", expected.low), ("high", expected.high)):
        told = np.array([f[name] for f in found], dtype=float)
        np.testing.assert_allclose(told[seen], values[seen], atol=2e-5)
    assert [f["flag"] for f in found] == expected.flags
    pair = int(events.max()), int(cases.max())
    assert browser.execute_script("return Rates.shareInterval(...arguments)", *pair) == pytest.approx(
        share_interval(*pair), abs=1e-7
    )


def test_chinese_is_drawn_with_the_pages_own_glyphs(browser: WebDriver, folder: Path) -> None:
    """With the page's font two characters look different, and unlike the box of a missing one."""
    opened(browser, folder / "zh.html")
    script = """
        const drawn = (text) => {
          const canvas = document.createElement("canvas"), pen = canvas.getContext("2d");
          canvas.width = canvas.height = 60;
          pen.font = '40px "Noto Sans CJK SC"';
          pen.fillText(text, 5, 45);
          return canvas.toDataURL();
        };
        const font = '16px "Noto Sans CJK SC"';
        return [document.fonts.check(font, "渴望尊重"), [..."渴望尊重\\u{f0000}"].map(drawn)];
    """
    known, pictures = browser.execute_script(script)
    assert known
    assert [
        font["status"]
        for font in browser.execute_script("return [...document.fonts].map(f => ({status: f.status}))")
    ] == ["loaded"]
    assert len(set(pictures)) == 5


def test_it_prints_on_a4_with_its_filter_and_whole_charts(browser: WebDriver, folder: Path) -> None:
    opened(browser, folder / "en.html")
    choose(browser, branch="Leeds")
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        hidden = browser.execute_script("return getComputedStyle(document.getElementById('filter')).display")
        shown = browser.find_element(By.ID, "showing").is_displayed()
        uncut = browser.execute_script(
            "return [...document.querySelectorAll('figure')]"
            ".every(f => getComputedStyle(f).breakInside === 'avoid')"
        )
        together = browser.execute_script(
            "return [...document.querySelectorAll('main section:not(.top)')].every(section => {"
            "const head = section.querySelector('.head'), style = getComputedStyle(head);"
            "return head.querySelector('h2') && head.querySelector('[data-say]')"
            " && style.breakInside === 'avoid' && style.breakAfter === 'avoid'; })"
        )
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert (hidden, shown, uncut, together) == ("none", True, True, True)
    made = browser.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True, "printBackground": True})
    pdf = io.BytesIO(base64.b64decode(made["data"])).getvalue()
    assert pdf.startswith(b"%PDF")
    assert 3 <= pdf.count(b"/Type /Page\n") <= 12
    assert b"/MediaBox [0 0 594.95996 841.91998]" in pdf or b"/MediaBox [0 0 595" in pdf


def test_a_hostile_name_runs_nothing(browser: WebDriver, folder: Path) -> None:
    opened(browser, folder / "en.html")
    choose(browser, branch="</script><b>x</b>")
    assert (
        browser.execute_script(
            "return [...document.querySelectorAll('b')].filter(b => !b.dataset.figure).length"
        )
        == 0
    )
    assert "</script><b>x</b>" in browser.find_element(By.ID, "showing").text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_on_a_phone_no_word_of_a_chart_is_cut(browser: WebDriver, folder: Path, lang: str) -> None:
    opened(browser, folder / f"{lang}.html", 390, True)
    cut = browser.execute_script(
        "return [...document.querySelectorAll('.chart svg text')].filter(t => t.textContent.trim() && "
        "t.getBoundingClientRect().right > t.closest('svg').getBoundingClientRect().right + 1)"
        ".map(t => t.textContent)"
    )
    assert cut == []


def test_what_cannot_be_drawn_is_told(browser: WebDriver, tmp_path: Path) -> None:
    def told(frame: pd.DataFrame) -> set[str]:
        opened(browser, write_page(frame, tmp_path / "page.html", TODAY, "en"))
        said = browser.find_elements(By.CSS_SELECTOR, "[data-sentence]")
        return {p.get_attribute("data-sentence") or "" for p in said if p.is_displayed()}

    assert {"too_few", "goodwill_counted"} <= told(FRAME[FRAME["compensation"] > 0].head(3))
    assert "trend_undated" in told(FRAME.assign(created_at="").head(100))
    ends = FRAME[
        FRAME["created_at"].between("2025-01-01", "2025-01-31") | (FRAME["created_at"] > "2025-11-15")
    ]
    assert "trend_gap" in told(ends)
    towns = np.repeat([f"Town {i:02d}" for i in range(60)], 100)
    assert "places_pooled" in told(FRAME.assign(branch=towns))
    pooled = browser.find_element(By.CSS_SELECTOR, "#chart-branch [data-sentence=places_pooled] b")
    drawn = table(browser, "chart-branch")
    assert len(drawn) == 40
    assert pooled.get_attribute("data-value") == "2000"


def test_what_a_file_lacks_is_told_once_in_words(browser: WebDriver, tmp_path: Path) -> None:
    columns = ["text", "customer_type", "top_type", "emotional_mode", "strategy_id", "requires_human"]
    bare = FRAME[FRAME["customer_type"] == "venting"].reindex(columns=columns)
    opened(browser, write_page(bare, tmp_path / "en.html", TODAY, "en"))
    lacking = {p.text for p in browser.find_elements(By.CSS_SELECTOR, "[data-sentence=lacking]")}
    assert "Not shown: the trend. Columns that the file lacks: time of writing (created_at)." in lacking
    for part in ("rates by category, rates by branch, rates by channel", "goodwill paid, who wrote again"):
        assert sum(part in told for told in lacking) == 1
    assert len(lacking) == 7
    assert browser.find_element(By.ID, "showing").text == "Shown here: Whole period."
    assert not browser.find_element(By.ID, "filter").is_displayed()
    assert not browser.find_element(By.ID, "measure").is_displayed()
    assert "All are decided." in browser.find_element(By.ID, "top").text
    opened(browser, write_page(bare.assign(branch="Leeds"), tmp_path / "zh.html", TODAY, "zh"))
    assert browser.find_element(By.ID, "showing").text == "当前范围：全部时间；全部网点。"
    told = browser.find_element(By.CSS_SELECTOR, "[data-say=places] [data-sentence=lacking]").text
    assert told == "没有列出各类别的比率、各渠道的比率。文件缺少的列：类别（category）、渠道（channel）。"


def test_a_choice_without_tickets_has_no_shares(browser: WebDriver, tmp_path: Path) -> None:
    channel = FRAME["channel"].where(FRAME["branch"] != "Leeds", "phone")
    opened(browser, write_page(FRAME.assign(channel=channel), tmp_path / "page.html", TODAY, "en"))
    choose(browser, branch="Leeds", channel="web")
    text = browser.find_element(By.TAG_NAME, "main").text
    assert text.count("There are no tickets in this choice.") >= 2
    assert "0% decided" not in text
    assert "0%" not in browser.find_element(By.CSS_SELECTOR, "[data-say=new]").text
