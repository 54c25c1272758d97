"""What the page says in words: numbers that pandas counts, days, amounts, and what a screen reader hears.

    python -m pytest tests/tier2/test_report_words.py

Needs what `test_report_page.py` needs.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from report_pages import FRAME, TODAY, choose, figures, opened, table
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.ui import Select

from complaint_typing.workbench.page import write_page


def test_follow_ups_that_are_all_long_overdue_are_drawn(browser: WebDriver, tmp_path: Path) -> None:
    old = FRAME.assign(created_at="2025-01-07").drop(columns="resolved_at", errors="ignore")
    write_page(old, tmp_path / "old.html", TODAY, "en")
    opened(browser, tmp_path / "old.html")
    found = browser.find_element(By.CSS_SELECTOR, "[data-sentence=due_counts] b[data-figure=overdue]")
    overdue = int(found.get_attribute("data-value") or 0)
    told = [text.text for text in browser.find_elements(By.CSS_SELECTOR, "#chart-due .chart svg text")]
    assert overdue > 1000
    assert {f"{overdue:,}", "Overdue"} <= set(told)
    assert browser.find_elements(By.CSS_SELECTOR, "[data-sentence=due_no_day]") == []


def test_the_days_around_today_stand_beside_all_that_is_overdue(browser: WebDriver, folder: Path) -> None:
    opened(browser, folder / "en.html")
    overdue = browser.find_element(By.CSS_SELECTOR, "[data-sentence=due_counts] [data-figure=overdue]").text
    drawn = [text.text for text in browser.find_elements(By.CSS_SELECTOR, "#chart-due .chart svg text")]
    assert overdue in drawn
    assert "2 Dec" in drawn
    undated = next(row[1] for row in table(browser, "chart-due") if row[0] == "No date")
    assert figures(browser, "due_no_day")["n"] == float(undated)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_screen_reader_hears_each_charts_name_and_no_marks(
    browser: WebDriver, folder: Path, lang: str
) -> None:
    opened(browser, folder / f"{lang}.html")
    shown = "figure:not([hidden])"
    charts = browser.find_elements(By.CSS_SELECTOR, f"{shown} .chart")
    told = [c.get_attribute("aria-label") or "" for c in charts if c.is_displayed()]
    assert len(set(told)) == len(told) >= 11
    assert all(("Chart: " if lang == "en" else "图：") in name for name in told)
    assert {c.get_attribute("role") for c in charts} == {"img"}
    assert "Vega" not in "".join(told)
    assert browser.find_elements(By.CSS_SELECTOR, ".chart svg [aria-label]") == []
    for part in ("summary", ".table[role=region]"):
        places = browser.find_elements(By.CSS_SELECTOR, f"{shown} details:not([hidden]) {part}")
        names = [place.get_attribute("aria-label") or "" for place in places]
        assert len(set(names)) == len(names) == len(told)


def test_an_amount_without_a_currency_says_so_beside_others(browser: WebDriver, tmp_path: Path) -> None:
    def paid(currency: list[str]) -> str:
        few = FRAME.head(4).assign(compensation=10.0, currency=currency, customer_id=list("abcd"))
        frame = pd.concat([few] * 5).assign(customer_id=[str(i) for i in range(20)])
        opened(browser, write_page(frame, tmp_path / "page.html", TODAY, "en"))
        return browser.find_element(By.CSS_SELECTOR, "[data-sentence=goodwill_paid] b:last-child").text

    assert paid(["CNY", "CNY", "EUR", ""]) == "100 CNY, 50 EUR, 50 in no named currency"
    assert browser.find_elements(By.CSS_SELECTOR, "[data-sentence=goodwill_rare]") == []
    assert paid([""] * 4) == "200"


def test_amounts_in_a_rare_currency_are_told_to_be_left_out(browser: WebDriver, tmp_path: Path) -> None:
    rare = FRAME.index[FRAME["compensation"] > 0][:4]
    frame = FRAME.assign(currency="GBP")
    frame.loc[rare, ["currency", "compensation"]] = ["EUR", 5000]
    opened(browser, write_page(frame, tmp_path / "page.html", TODAY, "en"))
    told = browser.find_element(By.CSS_SELECTOR, "[data-sentence=goodwill_paid]").text
    assert f": {frame['compensation'].drop(rare).sum():,} GBP." in told
    assert figures(browser, "goodwill_rare") == {"n": 4}


def test_the_rate_of_all_counts_small_groups_and_tickets_without_one(
    browser: WebDriver, tmp_path: Path
) -> None:
    towns = np.repeat([f"Town {i:02d}" for i in range(60)], 100)
    rated = FRAME.assign(branch=np.where(np.arange(6000) < 300, "", towns), strategy_id="restore")
    rated.loc[4000:, "fault_found"] = "yes"
    opened(browser, write_page(rated, tmp_path / "page.html", TODAY, "en"))
    known = rated[rated["fault_found"] != ""]
    for by in ("branch", "channel"):
        told = browser.find_element(By.CSS_SELECTOR, f"#chart-{by} b[data-figure=overall]")
        value = float(told.get_attribute("data-value") or "nan")
        assert value == pytest.approx((known["fault_found"] == "yes").mean())
    assert figures(browser, "places_unnamed") == {"n": 300}
    choose(browser, branch="Other")
    assert [row[0] for row in table(browser, "chart-branch")] == ["Other"]


def test_working_days_of_a_colleague_are_counted_once(
    browser: WebDriver, folder: Path, tmp_path: Path
) -> None:
    opened(browser, folder / "en.html")
    dated = FRAME[FRAME["created_at"] != ""]
    days = len(dated[["agent_id", "created_at"]].drop_duplicates())
    attacks = (dated["emotional_mode"] == "attack").sum()
    assert figures(browser, "care_days") == pytest.approx({"days": days / attacks})
    calm = dated[dated["created_at"] <= "2025-01-08"].assign(emotional_mode="rational")
    calm.iloc[0, calm.columns.get_loc("emotional_mode")] = "attack"
    opened(browser, write_page(calm, tmp_path / "page.html", TODAY, "en"))
    days = len(calm[["agent_id", "created_at"]].drop_duplicates())
    assert days > calm["created_at"].nunique() == 2
    assert figures(browser, "care_days_few") == {"days": days, "attacks": 1}
    assert browser.find_elements(By.CSS_SELECTOR, "[data-sentence=care_days]") == []
    axis = browser.find_elements(By.CSS_SELECTOR, "#chart-care .role-axis-label text")
    assert [text.text for text in axis if text.text in ("0", "1", "2")] == ["0", "1"]


@pytest.mark.parametrize(
    "lang, one, two, whole",
    [
        ("en", "4–10 Aug 2025", "4 Aug 2025 – 18 Jan 2026", ["30 Jul 2025", "18 Jan 2026"]),
        ("zh", "2025年8月4日–10日", "2025年8月4日 – 2026年1月18日", ["2025年7月30日", "2026年1月18日"]),
    ],
)
def test_a_week_is_told_by_its_days(
    browser: WebDriver, tmp_path: Path, lang: str, one: str, two: str, whole: list[str]
) -> None:
    days = np.resize(pd.date_range("2025-07-30", "2025-12-20").strftime("%Y-%m-%d"), 6000)
    days = np.where(np.arange(6000) < 20, "2026-01-18", days)
    opened(browser, write_page(FRAME.assign(created_at=days), tmp_path / "page.html", TODAY, lang))
    ends = [
        Select(browser.find_element(By.ID, f"filter-{end}")).first_selected_option for end in ("from", "to")
    ]
    assert [end.text for end in ends] == whole
    second = {
        end: Select(browser.find_element(By.ID, f"filter-{end}")).options[1].text for end in ("from", "to")
    }
    choose(browser, **{"from": second["from"]})
    assert two in browser.find_element(By.ID, "showing").text
    choose(browser, to=second["to"])
    assert one in browser.find_element(By.ID, "showing").text
    rows = pd.Series(days).between("2025-08-04", "2025-08-10")
    assert figures(browser, "head_counts")["tickets"] == rows.sum()
    assert [row[0] for row in table(browser, "chart-trend")] == [one]
    period = [b.text for b in browser.find_elements(By.CSS_SELECTOR, "[data-sentence=head_period] b")]
    assert period == ([second["from"], second["to"]])


def test_the_largest_group_and_all_that_tie_are_told(browser: WebDriver, tmp_path: Path) -> None:
    def top(types: list[str]) -> str:
        frame = FRAME.head(len(types) * 20).assign(customer_type=np.repeat(types, 20))
        opened(browser, write_page(frame, tmp_path / "page.html", TODAY, "en"))
        return browser.find_element(By.CSS_SELECTOR, "[data-say=top]").text

    many = top(["unfamiliar"] * 6 + ["venting"] * 2 + ["high_energy", "respect_seeking"])
    assert "40% are decided." in many
    assert "60% are of no type that is known: a person reads them" in many
    assert "undetermined" not in many
    assert ": Venting (20%), Respect seeking (10%), High energy (10%)." in many
    assert ": Venting (50%)." in top(["venting", "undetermined"])
    tied = ["resolution_seeking", "high_energy", "respect_seeking", "venting", "improvement_seeking"]
    assert "most often" not in top(tied)
    assert ": Venting (29%)." in top([*tied, "venting", "companionship_seeking"])


def test_tickets_are_no_customers_where_none_is_known(browser: WebDriver, tmp_path: Path) -> None:
    bare = FRAME.drop(columns="customer_id")
    opened(browser, write_page(bare, tmp_path / "page.html", TODAY, "en"))
    assert figures(browser, "head_tickets") == {"tickets": len(bare)}
    text = browser.find_element(By.TAG_NAME, "main").text
    assert "from 6,000 customers" not in text
    assert "No word is shared by enough customers." not in text
    some = FRAME["customer_id"].where(np.arange(len(FRAME)) >= 7, "")
    opened(browser, write_page(FRAME.assign(customer_id=some), tmp_path / "page.html", TODAY, "en"))
    assert figures(browser, "head_unknown") == {"unknown": 7}
