"""The documentation site: it is built without a warning and without a network, and no link is broken.

The same files are read on a forge, so their links are followed there too.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from markdown_it import MarkdownIt

pytest.importorskip("sphinx", reason="the documentation group is not installed")

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
READ = [*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *(ROOT / "benchmarks").glob("*.md")]
BUILD = """
import socket, sys
def refuse(*_): raise OSError("the site is built without a network")
socket.socket.connect = socket.getaddrinfo = refuse
from sphinx.cmd.build import main
sys.exit(main(sys.argv[1:]))
"""
LOADED = {"script": "src", "img": "src", "source": "src", "iframe": "src", "link": "href"}
STYLED = re.compile(r"@import[^;]+;|url\(\s*[\"']?(?!data:|#)([^)\"']+)")


@dataclass
class Page(HTMLParser):
    """What a built page has and names."""

    anchors: set[str] = field(default_factory=set)
    links: set[str] = field(default_factory=set)
    loads: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = {name: value or "" for name, value in attrs}
        self.anchors.update(filter(None, (held.get("id"), held.get("name"))))
        if tag == "a" and held.get("href"):
            self.links.add(held["href"])
        loaded = held.get(LOADED.get(tag, ""))
        if loaded and held.get("rel") not in ("canonical", "search", "index"):
            self.loads.add(loaded)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built site; a warning is an error."""
    folder = tmp_path_factory.mktemp("site")
    words = ["-W", "--keep-going", "-q", "-b", "html", str(DOCS), str(folder)]
    done = subprocess.run(
        [sys.executable, "-c", BUILD, *words], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    return folder


@cache
def built(page: Path) -> Page:
    """A page of the site, read."""
    parsed = Page()
    parsed.feed(page.read_text(encoding="utf-8"))
    return parsed


def broken(page: Path, link: str) -> str | None:
    """What is wrong with a link of a built page."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return None if parts.scheme == "https" else f"{link}: neither on the site nor https"
    there = (page.parent / unquote(parts.path)).resolve() if parts.path else page
    if not there.is_file():
        return f"{link}: there is no such page"
    if parts.fragment and there.suffix == ".html":
        known = built(there).anchors
        return None if unquote(parts.fragment) in known else f"{link}: there is no such anchor"
    return None


def test_every_page_of_the_docs_is_on_the_site(site: Path) -> None:
    pages = [each.relative_to(DOCS).with_suffix(".html") for each in DOCS.rglob("*.md")]
    assert len(pages) > 100
    assert all((site / each).is_file() for each in pages)


def test_no_link_of_the_site_is_broken(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    found = {
        page.name: [*filter(None, (broken(page, x) for x in built(page).links))] for page in pages
    }
    assert {name: each for name, each in found.items() if each} == {}


def test_a_page_loads_nothing_from_elsewhere(site: Path) -> None:
    for page in site.rglob("*.html"):
        for loaded in built(page).loads:
            assert not urlsplit(loaded).scheme, (page.name, loaded)
            assert not urlsplit(loaded).netloc, (page.name, loaded)
            assert (page.parent / urlsplit(loaded).path).is_file(), (page.name, loaded)
    for sheet in site.rglob("*.css"):
        for named in STYLED.findall(sheet.read_text(encoding="utf-8")):
            assert (sheet.parent / urlsplit(named).path).is_file(), (sheet.name, named)


def test_a_broken_link_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text('<p id="here"></p><a href="#here"></a>', encoding="utf-8")
    assert broken(page, "#here") is None
    assert broken(page, "page.html#there") == "page.html#there: there is no such anchor"
    assert broken(page, "other.html") == "other.html: there is no such page"


@pytest.mark.parametrize("file", READ, ids=[str(each.relative_to(ROOT)) for each in READ])
def test_on_a_forge_every_link_leads_to_a_file_and_a_heading(file: Path) -> None:
    for link in links(file):
        parts = urlsplit(link)
        if parts.scheme:
            assert parts.scheme == "https", link
            continue
        there = (file.parent / unquote(parts.path)).resolve() if parts.path else file
        assert there.exists(), f"{link}: there is no such file"
        assert there.is_relative_to(ROOT), f"{link}: not in the repository"
        if parts.fragment and there.suffix == ".md":
            assert parts.fragment in headings(there), f"{link}: there is no such heading"


def links(file: Path) -> Iterator[str]:
    """What a Markdown file links to, images too."""
    for block in MARKDOWN.parse(file.read_text(encoding="utf-8")):
        for token in block.children or ():
            target = token.attrs.get("href" if token.type == "link_open" else "src")
            if isinstance(target, str):
                yield target


@cache
def headings(file: Path) -> frozenset[str]:
    """The anchors of its headings, as a forge makes them."""
    tokens = MARKDOWN.parse(file.read_text(encoding="utf-8"))
    seen: Counter[str] = Counter()
    found: set[str] = set()
    for before, token in pairwise(tokens):
        if before.type == "heading_open":
            said = "".join(each.content for each in token.children or ())
            slug = re.sub(r"[^\w\- ]", "", said.lower()).replace(" ", "-")
            found.add(f"{slug}-{seen[slug]}" if seen[slug] else slug)
            seen[slug] += 1
    return frozenset(found)


MARKDOWN = MarkdownIt("commonmark").enable("table")
