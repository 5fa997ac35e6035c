"""Pages in a real browser: Debian's Chromium, driven headless by Playwright.

Whoever imports this is skipped where there is none.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
if CHROMIUM is None:
    pytest.skip("no chromium on PATH", allow_module_level=True)

__all__ = [
    "CONTRAST",
    "LOST",
    "NAMELESS",
    "TWICE",
    "Browser",
    "Locator",
    "Page",
    "expect",
    "focused",
    "focuses",
    "launched",
    "opened",
    "paper",
    "visible",
]


@contextmanager
def launched() -> Iterator[Browser]:
    """A browser."""
    with sync_playwright() as engine:
        # A container runs the tests as root, where Chromium has no sandbox.
        chromium = engine.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@contextmanager
def opened(
    browser: Browser,
    path: Path,
    *,
    script: bool = True,
    dark: bool = False,
    width: int = 1400,
    anchor: str = "",
) -> Iterator[Page]:
    """The page in a browser of its own; any complaint of the browser fails the test."""
    context = browser.new_context(
        java_script_enabled=script,
        color_scheme="dark" if dark else "light",
        viewport={"width": width, "height": 900},
    )
    complaints: list[str] = []
    loaded: list[str] = []
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: loaded.append(request.url))
    page.goto(path.as_uri() + anchor)
    yield page
    context.close()
    assert complaints == []
    assert {url.partition("#")[0] for url in loaded} == {path.as_uri()}


def visible(page: Page, selector: str, number: int) -> None:
    """That many can be seen, at once or soon: a browser tells of what opened when it has time."""
    expect(page.locator(selector).filter(visible=True)).to_have_count(number)


def focused(page: Page) -> str:
    text: str = page.evaluate("document.activeElement.innerText || document.activeElement.name")
    return text


def focuses(page: Page, text: str) -> None:
    """What has the focus, at once or soon, has the text."""
    page.wait_for_function("(text) => document.activeElement.innerText.includes(text)", arg=text)


def paper(page: Page) -> str:
    colour: str = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return colour


CONTRAST = """(() => {
  const part = (value) => { const c = value / 255; return c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4; };
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => .2126 * part(r) + .7152 * part(g) + .0722 * part(b);
  const behind = (each) => { for (let at = each; at; at = at.parentElement) {
    const colour = numbers(getComputedStyle(at).backgroundColor);
    if (colour.length < 4 || colour[3] === 1) return colour; } };
  const weak = [];
  for (const each of document.querySelectorAll("body *")) {
    const own = [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!own || !each.checkVisibility() || each.closest("svg, option, select")) continue;
    const [a, b] = [light(numbers(getComputedStyle(each).color)), light(behind(each))];
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) weak.push(`${each.tagName}.${each.className} ${ratio.toFixed(2)} ${each.textContent.trim().slice(0, 30)}`);
  }
  return [...new Set(weak)];
})()"""
"""The texts whose contrast is below 4.5 (WCAG 2.2, 1.4.3)."""

LOST = """[...document.querySelectorAll('a')].map((each) => each.getAttribute('href'))
    .filter((href) => !document.getElementById(href.slice(1)))"""
"""The links that lead nowhere."""

NAMELESS = """[...document.querySelectorAll('a, button, select, input')].filter((each) =>
    !(each.ariaLabel || each.innerText || each.labels?.[0]?.innerText || each.textContent)
).map((each) => each.outerHTML)"""
"""The controls that have no name."""

TWICE = """[...document.querySelectorAll('[id]')].map((each) => each.id)
    .filter((id, at, every) => every.indexOf(id) !== at)"""
"""The ids that stand twice."""
