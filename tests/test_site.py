"""The documentation site: it is built without a warning and without a network, and no link is broken."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

pytest.importorskip("sphinx", reason="the documentation group is not installed")

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
BUILD = """
import socket, sys
def refuse(*_): raise OSError("the site is built without a network")
socket.socket.connect = socket.getaddrinfo = refuse
from sphinx.cmd.build import main
sys.exit(main(sys.argv[1:]))
"""
LOADED = {"script": "src", "img": "src", "source": "src", "iframe": "src", "link": "href"}
STYLED = re.compile(r"(?:@import\s+[\"']|url\(\s*[\"']?)(?!data:|#)([^)\"']+)")


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


def build(folder: Path) -> None:
    """Build the site; a warning is an error."""
    words = ["-W", "--keep-going", "-q", "-b", "html", str(DOCS), str(folder)]
    done = subprocess.run(
        [sys.executable, "-c", BUILD, *words], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr


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


def test_the_site_has_every_page_no_broken_link_and_loads_nothing_from_elsewhere(
    tmp_path: Path,
) -> None:
    """One test, since with several workers each would build the site again."""
    build(tmp_path)
    pages = sorted(tmp_path.rglob("*.html"))
    told = {each.relative_to(DOCS).with_suffix(".html") for each in DOCS.rglob("*.md")}
    assert told <= {each.relative_to(tmp_path) for each in pages}
    found = {
        page.name: [*filter(None, (broken(page, x) for x in built(page).links))] for page in pages
    }
    assert {name: each for name, each in found.items() if each} == {}
    loaded = [(page, each) for page in pages for each in built(page).loads]
    styled = [(sheet, each) for sheet in tmp_path.rglob("*.css") for each in named_by(sheet)]
    assert [x for x in (*loaded, *styled) if not is_beside(*x)] == []


def named_by(sheet: Path) -> list[str]:
    """What a style sheet loads."""
    return STYLED.findall(sheet.read_text(encoding="utf-8"))


def is_beside(file: Path, loaded: str) -> bool:
    """Whether what a file loads is a file of the site."""
    parts = urlsplit(loaded)
    return not parts.scheme and not parts.netloc and (file.parent / parts.path).is_file()


def test_a_broken_link_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text('<p id="here"></p><a href="#here"></a>', encoding="utf-8")
    assert broken(page, "#here") is None
    assert broken(page, "page.html#there") == "page.html#there: there is no such anchor"
    assert broken(page, "other.html") == "other.html: there is no such page"


def test_what_is_loaded_from_elsewhere_is_seen(tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.css"
    sheet.write_text('@import "https://example.com/a.css"; b {background: url(b.png)}', "utf-8")
    (tmp_path / "b.png").touch()
    assert [is_beside(sheet, each) for each in named_by(sheet)] == [False, True]
