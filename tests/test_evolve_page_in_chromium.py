"""The page of a comparison in a real browser: filters, keys, links, looks, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from chromium import (
    CONTRAST,
    LOST,
    NAMELESS,
    TWICE,
    Browser,
    Locator,
    Page,
    expect,
    focused,
    focuses,
    launched,
    opened,
    paper,
    visible,
)
from compared import comparison, view
from tallystick.evolve.page import page
from test_evolve_page import hostile

CARDS = ".changes .card"
INSIDE = f"{CARDS} .sides"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as chromium:
        yield chromium


@pytest.fixture(scope="module")
def diff(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("compared")
    path = folder / "diff.html"
    path.write_text(page(view(folder)), encoding="utf-8")
    return path


def sentences(page: Page) -> Locator:
    return page.locator(".says").filter(visible=True)


def test_without_javascript_all_can_be_read_and_a_link_opens_its_change(
    browser: Browser, diff: Path, tmp_path: Path
) -> None:
    name = comparison(tmp_path).changes[2].id
    with opened(browser, diff, script=False, anchor=f"#{name}") as page:
        visible(page, f"{CARDS} > summary", 6)
        visible(page, "form.filter, .theme, dialog", 0)
        expect(page.locator(f"#{name} .sides")).to_be_visible()
        visible(page, INSIDE, 1)
        page.locator(f"{CARDS} > summary").first.click()
        visible(page, INSIDE, 2)
        expect(page.locator(".witness:visible")).to_contain_text("will be refused")
        page.locator("#notes summary").click()
        expect(page.locator("#notes li")).to_be_visible()
        page.locator(".counts-of td a").first.click()
        expect(page).to_have_url(re.compile("#content$"))


def test_changes_are_filtered_by_reader_severity_and_text(browser: Browser, diff: Path) -> None:
    with opened(browser, diff) as page:
        reader, severity = page.locator("[name=reader]"), page.locator("[name=severity]")
        severity.select_option("breaking")
        expect(sentences(page)).to_have_count(4)
        reader.select_option("hand-written client")
        expect(sentences(page)).to_have_count(3)
        reader.select_option("server")
        expect(sentences(page)).to_have_count(0)
        visible(page, ".changes h2", 0)
        severity.select_option("")
        expect(sentences(page)).to_have_text(["A thing without a colour is black, no longer grey"])
        expect(page.locator(".filter output")).to_have_text("1 of 6 changes shown")
        page.keyboard.press("Escape")
        expect(page.locator("[data-hidden]")).to_have_count(0)
        page.locator("[name=text]").fill("BROKEN get")
        expect(sentences(page)).to_have_text(["A state may be 'broken' as well"])
        visible(page, ".python tbody tr", 0)


def test_the_matrix_is_the_filter(browser: Browser, diff: Path) -> None:
    with opened(browser, diff) as page:
        page.get_by_label("2 risky for hand-written client").click()
        expect(sentences(page)).to_have_count(2)
        expect(page.locator("[name=reader]")).to_have_value("hand-written client")
        expect(page.locator("[aria-current]")).to_have_text(re.compile(r"^\s*!\s*2\s*$"))
        page.get_by_role("link", name="clients or servers", exact=True).click()
        expect(sentences(page)).to_have_count(6)


def test_keys_go_through_the_changes_open_them_search_and_help(
    browser: Browser, diff: Path
) -> None:
    with opened(browser, diff) as page:
        page.keyboard.press("j")
        first = focused(page)
        page.keyboard.press("j")
        focuses(page, "A state may be")
        page.keyboard.press("k")
        assert focused(page) == first
        page.keyboard.press("Enter")
        visible(page, INSIDE, 1)
        page.keyboard.press("e")
        visible(page, INSIDE, 6)
        page.keyboard.press("/")
        page.keyboard.type("jek?")  # which are keys elsewhere
        expect(page.locator("[name=text]")).to_have_value("jek?")
        visible(page, f"{CARDS}, dialog", 0)
        page.keyboard.press("Escape")
        page.keyboard.press("?")
        expect(page.locator("dialog")).to_contain_text("next and previous change")
        page.keyboard.press("Escape")
        visible(page, CARDS, 6)


def test_a_link_to_a_change_that_is_filtered_out_shows_it(browser: Browser, diff: Path) -> None:
    with opened(browser, diff) as page:
        page.locator("[name=text]").fill("grey")
        page.locator(".because a").first.click()
        expect(page.locator(INSIDE).first).to_be_visible()
        focuses(page, "at most 32 characters")
        for asked in (LOST, NAMELESS, TWICE):
            assert page.evaluate(asked) == []


def test_both_documents_stand_side_by_side_and_one_above_the_other_where_it_is_narrow(
    browser: Browser, diff: Path
) -> None:
    boxes = """() => { const row = document.querySelector('.row.changed');
        return [...row.querySelectorAll('del, ins')].map((each) => each.getBoundingClientRect().top) }"""
    for width, beside in ((1400, True), (420, False)):
        with opened(browser, diff, width=width) as page:
            page.keyboard.press("e")
            old, new = page.evaluate(boxes)
            assert (old == new) is beside
            page.evaluate(
                "document.querySelectorAll('details').forEach((each) => each.open = true)"
            )
            assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_text_stands_out_from_what_is_behind_it(
    browser: Browser, diff: Path, dark: bool
) -> None:
    with opened(browser, diff, dark=dark) as page:
        assert paper(page) == ("rgb(21, 24, 28)" if dark else "rgb(247, 246, 242)")
        page.evaluate("document.querySelectorAll('details').forEach((each) => each.open = true)")
        assert page.evaluate(CONTRAST) == []


def test_in_print_changes_are_open_and_nothing_is_to_be_pressed(
    browser: Browser, diff: Path
) -> None:
    with opened(browser, diff, dark=True) as page:
        page.emulate_media(media="print")
        visible(page, INSIDE, 6)
        expect(page.locator("#notes li")).to_be_visible()
        visible(page, "button, input, select, nav", 0)
        assert paper(page) == "rgb(255, 255, 255)"


def test_nothing_that_a_document_says_runs(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "hostile.html"
    path.write_text(hostile(tmp_path), encoding="utf-8")
    with opened(browser, path) as page:
        page.keyboard.press("e")
        visible(page, INSIDE, 6)
        expect(page.locator("h1")).to_contain_text("<script>")
        expect(page.locator(".sides").first).to_contain_text("<img src=x")
        assert page.evaluate("window.owned") is None
        expect(page.locator("img")).to_have_count(0)
