"""The Markdown of this repository, as a forge shows it: every link leads to a file and a heading."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from markdown_it import MarkdownIt

ROOT = Path(__file__).parent.parent
FOLDERS = [ROOT, *(ROOT / name for name in ("benchmarks", "docs", "docs/how-to", "docs/rules"))]
FILES = sorted(file for folder in FOLDERS for file in folder.glob("*.md"))
MARKDOWN = MarkdownIt("commonmark").enable("table")


@pytest.mark.parametrize("file", FILES, ids=[str(each.relative_to(ROOT)) for each in FILES])
def test_every_link_leads_to_a_file_and_a_heading(file: Path) -> None:
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
