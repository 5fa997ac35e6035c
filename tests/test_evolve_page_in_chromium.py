"""The page of a comparison in a real browser: filters, keys, links, looks, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from chromium import (
    CONTRAST,
    LOST,
    NAMELESS,
    TWICE,
    Browser,
    Page,
    expect,
    focused,
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


def sentences(page: Page) -> list[str]:
    return [each.inner_text() for each in page.locator(".says").all() if each.is_visible()]


def test_without_javascript_all_can_be_read_and_a_link_opens_its_change(
    browser: Browser, diff: Path, tmp_path: Path
) -> None:
    name = comparison(tmp_path).changes[2].id
    with opened(browser, diff, script=False, anchor=f"#{name}") as page:
        assert visible(page, f"{CARDS} > summary") == 6
        assert visible(page, "form.filter, .theme, dialog") == 0
        assert page.locator(f"#{name} .sides").is_visible()
        assert visible(page, INSIDE) == 1
        page.locator(f"{CARDS} > summary").first.click()
        assert visible(page, INSIDE) == 2
        assert "will be refused" in page.locator(".witness:visible").inner_text()
        page.locator("#notes summary").click()
        assert page.locator("#notes li").is_visible()
        page.locator(".counts-of td a").first.click()
        assert page.url.endswith("#content")


def test_changes_are_filtered_by_reader_severity_and_text(browser: Browser, diff: Path) -> None:
    with opened(browser, diff) as page:
        reader, severity = page.locator("[name=reader]"), page.locator("[name=severity]")
        severity.select_option("breaking")
        assert len(sentences(page)) == 4
        reader.select_option("hand-written client")
        assert len(sentences(page)) == 3
        reader.select_option("server")
        assert sentences(page) == []
        assert visible(page, ".changes h2") == 0
        severity.select_option("")
        assert sentences(page) == ["A thing without a colour is black, no longer grey"]
        assert page.locator(".filter output").inner_text() == "1 of 6 changes shown"
        page.keyboard.press("Escape")
        expect(page.locator("[data-hidden]")).to_have_count(0)
        page.locator("[name=text]").fill("BROKEN get")
        assert sentences(page) == ["A state may be 'broken' as well"]
        assert visible(page, ".python tbody tr") == 0


def test_the_matrix_is_the_filter(browser: Browser, diff: Path) -> None:
    with opened(browser, diff) as page:
        page.get_by_label("2 risky for hand-written client").click()
        assert len(sentences(page)) == 2
        assert page.locator("[name=reader]").input_value() == "hand-written client"
        assert page.locator("[aria-current]").inner_text().split() == ["!", "2"]
        page.get_by_role("link", name="clients or servers", exact=True).click()
        assert len(sentences(page)) == 6


def test_keys_go_through_the_changes_open_them_search_and_help(
    browser: Browser, diff: Path
) -> None:
    with opened(browser, diff) as page:
        page.keyboard.press("j")
        first = focused(page)
        page.keyboard.press("j")
        assert "A state may be" in focused(page)
        page.keyboard.press("k")
        assert focused(page) == first
        page.keyboard.press("Enter")
        assert visible(page, INSIDE) == 1
        page.keyboard.press("e")
        assert visible(page, INSIDE) == 6
        page.keyboard.press("/")
        page.keyboard.type("jek?")  # which are keys elsewhere
        assert page.locator("[name=text]").input_value() == "jek?"
        assert visible(page, f"{CARDS}, dialog") == 0
        page.keyboard.press("Escape")
        page.keyboard.press("?")
        assert "next and previous change" in page.locator("dialog").inner_text()
        page.keyboard.press("Escape")
        assert visible(page, CARDS) == 6


def test_a_link_to_a_change_that_is_filtered_out_shows_it(browser: Browser, diff: Path) -> None:
    with opened(browser, diff) as page:
        page.locator("[name=text]").fill("grey")
        page.locator(".because a").first.click()
        expect(page.locator(INSIDE).first).to_be_visible()
        assert "at most 32 characters" in focused(page)
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
        assert visible(page, INSIDE) == 6
        assert page.locator("#notes li").is_visible()
        assert visible(page, "button, input, select, nav") == 0
        assert paper(page) == "rgb(255, 255, 255)"


def test_nothing_that_a_document_says_runs(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "hostile.html"
    path.write_text(hostile(tmp_path), encoding="utf-8")
    with opened(browser, path) as page:
        page.keyboard.press("e")
        assert visible(page, INSIDE) == 6
        assert "<script>" in page.locator("h1").inner_text()
        assert "<img src=x" in page.locator(".sides").first.inner_text()
        assert page.evaluate("window.owned") is None
        assert page.locator("img").count() == 0
