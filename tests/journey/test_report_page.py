"""The report as a conservator reads it: in a browser, asking no host for anything, and on paper."""

from __future__ import annotations

import io
from pathlib import Path

from playwright.sync_api import Browser, Playwright
from pypdf import PdfReader
from truth import Solved
from walkthrough import AXE, CHROMIUM, QUIET


def test_the_report_reads_well_in_both_languages(solved: Solved, playwright: Playwright) -> None:
    file = solved.work / "report" / "index.html"
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
    read(browser, file, width=390, language="zh", shown="质量指标", hidden="Quality")
    printed = read(browser, file, width=1280, language="en", shown="Quality", hidden="质量指标")
    browser.close()
    pages = PdfReader(io.BytesIO(printed)).pages
    assert [round(float(side) / 72 * 25.4) for side in pages[0].mediabox[2:]] == [210, 297]
    assert "Reconstruction report" in pages[0].extract_text()


def read(browser: Browser, file: Path, *, width: int, language: str, shown: str, hidden: str) -> bytes:
    """Open the page in a language, look at it, and print it."""
    asked: list[str] = []
    told: list[str] = []
    page = browser.new_page(viewport={"width": width, "height": 844})
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: told.append(message.text))
    page.goto(f"{file.as_uri()}#{language}")
    assert [address for address in asked if not address.startswith("data:")] == [file.as_uri()]
    assert told == []
    text = page.inner_text("main")
    assert shown in text
    assert hidden not in text
    assert page.evaluate("document.documentElement.scrollWidth") == width
    wider = "[...document.querySelectorAll('.wide')].filter((one) => one.scrollWidth > one.clientWidth)"
    assert page.evaluate(f"{wider}.map((one) => one.textContent)") == []
    assert page.evaluate("[...document.images].every((picture) => picture.naturalWidth > 100)")
    page.evaluate(AXE("utf-8"))
    found = page.evaluate("async () => (await axe.run(document)).violations")
    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []
    printed = page.pdf(prefer_css_page_size=True)
    page.close()
    return printed
