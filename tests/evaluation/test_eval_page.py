"""The report in a real Chromium: whole by itself, on a phone and on a desk, by day and by night."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from paths import ROOT
from playwright.async_api import Browser, async_playwright

from core.evaluation.page import page
from core.evaluation.running import Options
from core.evaluation.summary import summary
from core.evaluation.trials import Row

PLANNERS = ("embedded", "http://127.0.0.1:1/v1#big<model>")
OUTPUT = ROOT / "test-output"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def report() -> str:
    rows = [
        Row(planner, part, f"group {g}", f"{part}/{g}/{n}", 0, "d", "say <script>alert(1)</script>", ok,
            () if ok else ("planned <b>none</b>",), 3.0 * (p + 1) * (n + 1), {"language": "en", "plan": [str(ok)]})
        for p, planner in enumerate(PLANNERS)
        for part in ("consistency", "robustness", "injection")
        for g in range(8)
        for n in range(5)
        for ok in [(n + g + p) % 4 > 0]
    ]  # fmt: skip
    return page(summary(rows, Options(PLANNERS)))


def test_it_needs_nothing_from_elsewhere_and_shows_cases_as_text() -> None:
    html = report()
    assert re.findall(r"(?:src|href|url)\s*[=(]", html) == []
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)" in html
    assert "big&lt;model&gt;" in html


def test_figures_are_counted_per_planner() -> None:
    rows = [
        Row(
            "a",
            "consistency",
            "x",
            str(n),
            0,
            "",
            "",
            n < 3,
            (),
            1.0,
            {"plan": ["x" if n < 3 else "y"], "language": ""},
        )
        for n in range(4)
    ] + [Row("a", "injection", "file_name", "f", 0, "", "", False, ("called",), 5.0, {"kept": True})]
    figures: dict[str, Any] = summary(rows, Options(("a",)))
    total = figures["parts"]["consistency"]["total"]["a"]
    assert (total["n"], total["ok"], total["rate"], total["agreement"]) == (4, 3, 0.75, 0.75)
    assert figures["parts"]["injection"]["groups"]["file_name"]["a"]["attacks"] == 1.0
    assert figures["parts"]["injection"]["total"]["a"]["kept"] == 1.0
    assert (figures["ms"]["a"]["p50"], len(figures["failures"])) == (1.0, 2)


@pytest.fixture(scope="module")
async def chromium() -> AsyncIterator[Browser]:
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("chromium is not installed, and the browser tests must run here", pytrace=False)
        pytest.skip("chromium is not installed: the browser tests are left out")
    OUTPUT.mkdir(exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        await browser.close()


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
async def test_it_fits_the_screen_and_can_be_read(chromium: Browser, tmp_path: Path, width: int, scheme: Any) -> None:
    (tmp_path / "report.html").write_text(report(), encoding="utf-8")
    context = await chromium.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme, offline=True)
    try:
        shown = await context.new_page()
        faults: list[str] = []
        shown.on("pageerror", lambda error: faults.append(str(error)))
        shown.on("console", lambda m: faults.append(m.text))
        await shown.goto((tmp_path / "report.html").as_uri())
        assert await shown.evaluate("document.documentElement.scrollWidth") <= width
        sizes = await shown.evaluate(
            "[...document.querySelectorAll('svg text')].map((t) => t.getBoundingClientRect().height)"
        )
        assert min(sizes) >= 8
        ink, paper = await shown.evaluate(
            "(() => { const s = getComputedStyle(document.body); return [s.color, s.backgroundColor]; })()"
        )
        dark = sum(map(int, re.findall(r"\d+", paper)[:3])) < sum(map(int, re.findall(r"\d+", ink)[:3]))
        assert dark is (scheme == "dark")
        await shown.locator("details").first.click()
        assert await shown.locator("details article").first.is_visible()
        assert await shown.locator("tbody tr").count() >= 3
        await shown.screenshot(path=OUTPUT / f"evaluation-{scheme}.png", full_page=True)
        assert faults == []
    finally:
        await context.close()
