"""The report page in a real browser: Debian's Chromium, driven headless by Playwright."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from chromium import (
    CONTRAST,
    LOST,
    NAMELESS,
    TWICE,
    Browser,
    expect,
    focused,
    focuses,
    launched,
    opened,
    paper,
    visible,
)
from tallystick_contracts.exchange import Answer, Entry, Log, Request, Total
from tallystick_contracts.report import Mask
from tallystick_contracts.report.html import report_html
from tallystick_contracts.verdicts import Finding, Law, Result, Standing, Step, Subject, Verdict

HOSTILE = "</script><script>window.owned=1</script><img src=x onerror=window.owned=1>\"'<!--"
THINGS, THING = "POST /things", "GET /things/{id}"


def verdict(
    standing: Standing,
    law: Law = Law.NULL,
    operation: str = THINGS,
    *,
    rule: str = "null_is_refused",
    member: str = "",
    state: str = "",
    reason: str = "",
    text: str = "",
) -> Verdict:
    request = Request("POST", f"/things/{rule}", (), json.dumps({"name": text}).encode())
    steps = (Step(request, Answer(200, (("x-text", text),), json.dumps([text]).encode())),)
    finding = Finding(f"expected {text}", f"observed {text}", steps)
    return Verdict(
        rule,
        law,
        Subject(operation, "#/paths/x", member, state),
        standing,
        reason,
        finding if standing is Standing.BROKEN else None,
    )


def log(text: str = "") -> Log:
    entries = [
        Entry(
            number,
            number * 0.01,
            0.002 * (number % 7 + 1),
            THINGS if number % 2 else THING,
            "POST" if number % 2 else "GET",
            f"/things/{number}{text}",
            (200, 201, 404, 500, 0)[number % 5],
            "null_is_refused",
            "laws",
        )
        for number in range(1, 601)
    ]
    entries.append(
        Entry(601, 6.01, 0.5, THINGS, "POST", "/things/null_is_refused", 200, "null", "laws")
    )
    return Log(tuple(entries), (Total(THINGS, 200, 301), Total(THING, 404, 300)))


def result(text: str = "plain") -> Result:
    verdicts = (
        verdict(Standing.HELD, member="/size", state="null"),
        verdict(Standing.HELD, Law.PRESENCE, member="/size/unit", state="absent"),
        verdict(Standing.BROKEN, member="/name", state="null", text=text),
        verdict(
            Standing.BROKEN,
            Law.TYPES,
            rule="types_are_kept",
            member="/size",
            state="zero",
            text="b",
        ),
        verdict(Standing.BROKEN, Law.READS, THING, rule="reads_are_true", text="zebra"),
        verdict(
            Standing.BROKEN, Law.ROUTING, text, rule=f"routes{text}", state=f"s{text}", text=text
        ),
        verdict(Standing.NOT_REACHED, Law.READS, member="/size", state="default", reason="gone"),
        verdict(Standing.NOT_APPLICABLE, Law.UPDATES, THING, reason=f"no update {text}"),
    )
    left_out = (f"the stateful phase {text}",)
    return Result("Things", "d1ge57", "in process", 7, verdicts, 601, 6.5, {}, left_out, log=log())


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as chromium:
        yield chromium


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(report_html(result(), Mask()), encoding="utf-8")
    return path


# without JavaScript


def test_without_javascript_everything_essential_is_there(browser: Browser, report: Path) -> None:
    with opened(browser, report, script=False) as page:
        expect(page.locator("h1")).to_have_text("Things")
        expect(page.locator(".outcome")).to_contain_text("4 faults found")
        visible(page, ".finding > summary", 4)
        expect(page.locator(".matrix tbody tr")).to_have_count(3)
        visible(page, ".map td.broken", 2)
        visible(page, ".strip", 3)
        expect(page.locator("#left-out li")).to_have_text("the stateful phase plain")
        visible(page, "form.filter, .theme, .copy, .every, dialog", 0)


def test_without_javascript_a_finding_opens_by_click_and_by_link(
    browser: Browser, report: Path
) -> None:
    with opened(browser, report, script=False) as page:
        page.locator(".finding > summary").first.click()
        expect(page.locator(".finding .both").first).to_be_visible()
        page.locator(".map td.broken a").first.click()
        visible(page, ".finding .both", 2)


def test_without_javascript_an_open_cell_leads_to_its_reason(
    browser: Browser, report: Path
) -> None:
    with opened(browser, report, script=False) as page:
        page.locator(".map td.not-reached a").click()
        expect(page.locator("tr:target td, tr:target th")).to_have_text(
            ["reads", "not reached", "1", "gone"]
        )
        expect(page.locator("tr:target")).to_be_visible()


# light, dark, print, narrow


def test_the_page_follows_the_system_and_the_switch_beats_it(
    browser: Browser, report: Path
) -> None:
    with opened(browser, report) as page:
        light = paper(page)
        page.keyboard.press("t")
        page.keyboard.press("t")
        expect(page.locator(".theme")).to_have_text("theme: dark")
        dark = paper(page)
        page.reload()
        assert paper(page) == dark != light
    with opened(browser, report, dark=True) as page:
        assert paper(page) == dark
        page.locator(".theme").click()
        assert paper(page) == light


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_text_stands_out_from_what_is_behind_it(
    browser: Browser, report: Path, dark: bool
) -> None:
    """WCAG 2.2, 1.4.3: a contrast of 4.5."""
    with opened(browser, report, dark=dark) as page:
        page.keyboard.press("e")
        page.evaluate("document.querySelectorAll('details').forEach((each) => each.open = true)")
        assert page.evaluate(CONTRAST) == []


def test_in_print_findings_are_open_and_nothing_is_to_be_pressed(
    browser: Browser, report: Path
) -> None:
    with opened(browser, report, dark=True) as page:
        assert page.pdf(format="A4").startswith(b"%PDF")
        visible(page, ".finding .both", 0)
        page.emulate_media(media="print")
        visible(page, ".finding .both", 4)
        visible(page, "button, input, select, nav", 0)
        assert paper(page) == "rgb(255, 255, 255)"


@pytest.mark.parametrize("width", [420, 800, 1400])
def test_the_page_itself_never_scrolls_sideways(browser: Browser, report: Path, width: int) -> None:
    with opened(browser, report, width=width) as page:
        page.keyboard.press("e")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


# filter


def test_findings_are_filtered_by_law_operation_standing_and_text(
    browser: Browser, report: Path
) -> None:
    with opened(browser, report) as page:

        def left(name: str, value: str) -> list[str]:
            page.locator(f"[name={name}]").select_option(value)
            rules = [
                each.inner_text()
                for each in page.locator(".finding .rule code").all()
                if each.is_visible()
            ]
            page.locator("button[type=reset]").click()
            expect(page.locator("[data-hidden]")).to_have_count(0)
            return rules

        assert left("law", "types") == ["types_are_kept"]
        assert left("operation", THING) == ["reads_are_true"]
        assert left("standing", "held") == []
        assert len(left("standing", "broken")) == 4
        page.locator("[name=text]").fill("observed ZEBRA")
        visible(page, ".finding", 1)
        expect(page.locator(".filter output")).to_have_text("1 of 4 findings shown")
        page.keyboard.press("Escape")
        expect(page.locator("[data-hidden]")).to_have_count(0)
        visible(page, ".finding", 4)


def test_a_filter_leaves_of_the_other_sections_what_it_speaks_of(
    browser: Browser, report: Path
) -> None:
    with opened(browser, report) as page:
        page.locator("[name=operation]").select_option(THING)
        visible(page, ".matrix tbody tr", 1)
        visible(page, ".operation", 1)
        visible(page, ".strips tbody tr", 2)  # all requests, and its own
        page.locator("[name=operation]").select_option("")
        page.locator("[name=standing]").select_option("not-reached")
        visible(page, ".map tbody tr", 1)


# keys


def test_keys_go_through_the_findings_and_open_them(browser: Browser, report: Path) -> None:
    with opened(browser, report) as page:
        page.keyboard.press("j")
        first = focused(page)
        page.keyboard.press("j")
        assert focused(page) != first
        page.keyboard.press("k")
        assert focused(page) == first
        page.keyboard.press("Enter")
        visible(page, ".finding .both", 1)
        page.keyboard.press("Enter")
        page.keyboard.press("e")
        visible(page, ".finding .both", 4)
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid"


def test_keys_search_help_and_show_all(browser: Browser, report: Path) -> None:
    with opened(browser, report) as page:
        page.keyboard.press("/")
        page.keyboard.type("jet?k")  # which are keys elsewhere
        expect(page.locator("[name=text]")).to_have_value("jet?k")
        visible(page, ".finding, dialog", 0)
        page.keyboard.press("Escape")
        page.keyboard.press("?")
        expect(page.locator("dialog")).to_be_visible()
        page.keyboard.press("j")
        page.keyboard.press("Escape")
        expect(page.locator("dialog")).to_be_hidden()
        visible(page, ".finding", 4)


def test_keys_skip_findings_that_are_filtered_out(browser: Browser, report: Path) -> None:
    with opened(browser, report) as page:
        page.locator("[name=law]").select_option("types")
        page.locator("h1").click()
        page.keyboard.press("j")
        page.keyboard.press("j")
        focuses(page, "types_are_kept")


# links


def test_a_deep_link_opens_its_finding(browser: Browser, report: Path) -> None:
    with opened(browser, report) as page:
        anchor = page.locator(".finding .inside").nth(2).get_attribute("id")
    with opened(browser, report, anchor=f"#{anchor}") as page:
        visible(page, ".finding .both", 1)
        expect(page.locator(f"#{anchor}")).to_be_visible()
        focuses(page, "reads_are_true")
        page.locator("[name=law]").select_option("types")
        page.locator("[name=law]").select_option("")
        page.locator(f'a[href="#{anchor}"]').first.click()
        expect(page.locator(f"#{anchor}")).to_be_visible()


def test_every_link_leads_to_something_and_every_control_has_a_name(
    browser: Browser, report: Path
) -> None:
    with opened(browser, report) as page:
        for asked in (LOST, NAMELESS, TWICE):
            assert page.evaluate(asked) == []


# the timeline


def test_a_click_on_a_strip_lists_what_was_sent_then(browser: Browser, report: Path) -> None:
    with opened(browser, report) as page:
        strip = page.locator(f'tr[data-operation="{THING}"] .strip')
        box = strip.bounding_box()
        assert box is not None
        strip.click(position={"x": box["width"] / 2, "y": 10})
        rows = page.locator(".every tbody tr")
        assert 5 < rows.count() < 40
        times = [float(text) for text in page.locator(".every td:nth-child(2)").all_inner_texts()]
        assert all(2.9 < each < 3.7 for each in times)
        assert all(
            "GET" in text for text in page.locator(".every td:nth-child(4)").all_inner_texts()
        )
        page.keyboard.press("Escape")
        expect(rows).to_have_count(200)
        page.locator(".more").click()
        expect(rows).to_have_count(400)


def test_the_list_of_requests_follows_the_filter_and_links_to_findings(
    browser: Browser, report: Path
) -> None:
    with opened(browser, report) as page:
        page.locator(".every > summary").click()
        page.locator("[name=text]").fill("404")
        # 120 with this status, and one whose path says so
        expect(page.locator(".every output")).to_have_text("121 of 121 shown")
        page.locator("[name=text]").fill("")
        page.locator("[name=standing]").select_option("broken")
        expect(page.locator(".every tbody tr")).to_have_count(1)
        page.locator(".every tbody a").click()
        visible(page, ".finding .both", 1)


# hostile text


def test_nothing_that_a_server_or_document_says_runs(browser: Browser, tmp_path: Path) -> None:
    run = result(HOSTILE)
    entries = tuple(
        Entry(n, n / 10, 0.1, HOSTILE, HOSTILE, f"/{HOSTILE}", 200, HOSTILE, HOSTILE)
        for n in range(1, 30)
    )
    hostile = Result(
        HOSTILE,
        HOSTILE,
        HOSTILE,
        7,
        run.verdicts,
        29,
        3.0,
        {HOSTILE: 1},
        run.left_out,
        log=Log(entries, (Total(HOSTILE, 200, 29),)),
    )
    path = tmp_path / "hostile.html"
    path.write_text(report_html(hostile, Mask()), encoding="utf-8")
    with opened(browser, path) as page:
        page.keyboard.press("e")
        page.locator(".every > summary").click()
        expect(page.locator(".every tbody tr")).to_have_count(29)
        expect(page.locator(".every tbody code").first).to_contain_text(HOSTILE)
        expect(page.locator("h1")).to_have_text(HOSTILE)
        assert page.evaluate("window.owned") is None
        expect(page.locator("img")).to_have_count(0)


def test_the_policy_lets_no_other_script_run(
    browser: Browser, report: Path, tmp_path: Path
) -> None:
    text = report.read_text(encoding="utf-8")
    path = tmp_path / "tampered.html"
    path.write_text(text.replace("</main>", "<script>window.owned=1</script></main>"))
    context = browser.new_context()
    page = context.new_page()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    page.goto(path.as_uri())
    assert page.evaluate("window.owned") is None
    assert any("Content Security Policy" in each for each in refused)
    context.close()
