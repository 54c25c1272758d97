"""A browser for the tests of the page, and the page in both languages."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from selenium.webdriver.remote.webdriver import WebDriver


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from report_pages import FRAME, TODAY

    from complaint_typing.workbench.page import write_page

    place = tmp_path_factory.mktemp("pages")
    for lang in ("zh", "en"):
        write_page(FRAME, place / f"{lang}.html", TODAY, lang)
    return place


@pytest.fixture(scope="session")
def browser() -> Iterator[WebDriver]:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"):
        options.add_argument(argument)
    options.binary_location = shutil.which("chromium") or shutil.which("google-chrome") or ""
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    running = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver") or ""))
    yield running
    running.quit()
