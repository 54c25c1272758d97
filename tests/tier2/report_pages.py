"""A page in a real browser: opened, filtered, read."""

from __future__ import annotations

import sys
from pathlib import Path

from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.ui import Select, WebDriverWait

sys.path.append(str(Path(__file__).parent.parent / "workbench"))
from page_frames import page_frame

TODAY = "2025-12-01"
FRAME = page_frame(6000)


def drawn(browser: WebDriver) -> None:
    WebDriverWait(browser, 60).until(
        lambda b: b.execute_script("return document.body.dataset.ready") == "yes"
    )


def opened(browser: WebDriver, page: Path, width: int = 1280, phone: bool = False) -> None:
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": phone}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.get(page.as_uri())
    drawn(browser)


def choose(browser: WebDriver, **choice: str) -> None:
    for name, text in choice.items():
        Select(browser.find_element(By.ID, f"filter-{name}")).select_by_visible_text(text)
        drawn(browser)


def figures(browser: WebDriver, sentence: str) -> dict[str, float]:
    found = browser.find_elements(By.CSS_SELECTOR, f"[data-sentence={sentence}] b")
    return {b.get_attribute("data-figure"): float(b.get_attribute("data-value") or "nan") for b in found}


def table(browser: WebDriver, figure: str) -> list[list[str]]:
    script = (
        "return [...document.querySelectorAll(`#${arguments[0]} tbody tr`)]"
        ".map(tr => [...tr.cells].map(td => td.textContent))"
    )
    rows: list[list[str]] = browser.execute_script(script, figure)
    return rows
