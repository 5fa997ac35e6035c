"""How Sphinx makes the documentation site: from the same Markdown files that a forge shows.

The navigation is what the list of each section of ``index.md`` links to, so that the front page, read
on a forge or on the site, is the only place that says which pages there are.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "Tallystick"
copyright = ""
language = "en"
# Quotes and dashes are shown as they are typed: here they are often part of a command.
smartquotes = False
extensions = ["myst_parser"]
exclude_patterns = ["_static"]
root_doc = "index"
source_suffix = {".md": "markdown"}

# Anchors as a forge makes them, of every heading that a link may name.
myst_heading_anchors = 4

html_theme = "furo"
html_title = "Tallystick"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_copyright = False
html_show_sphinx = False
html_last_updated_fmt = None
html_domain_indices = False
html_use_index = False
html_theme_options = {"navigation_with_keys": True, "top_of_page_buttons": []}
pygments_style = "friendly"
pygments_dark_style = "monokai"

_SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
_ITEM = re.compile(r"^- \[([^]]+)\]\(([\w/-]+)\.md\)", re.MULTILINE)


def toctree(caption: str, pages: list[tuple[str, str]]) -> str:
    """A table of contents that is only in the navigation."""
    listed = [f"{title} <{page}>" for title, page in pages]
    lines = ["```{toctree}", ":hidden:", f":caption: {caption}", "", *listed, "```"]
    return "\n\n" + "\n".join(lines) + "\n"


def navigation(text: str) -> str:
    """The tables of contents of the front page, one for each section with a list of pages."""
    parts = _SECTION.split(text)
    listed = zip(parts[1::2], (_ITEM.findall(part) for part in parts[2::2]), strict=True)
    return "".join(toctree(caption, pages) for caption, pages in listed if pages)


def place(app: Sphinx, name: str, source: list[str]) -> None:
    """Add to the front page what the navigation shows; leave the pages of single rules out of it.

    Their index leads to them. A hundred lines more in the navigation of each page would be four fifths
    of the time of a build, and in the way of readers.
    """
    if name == "index":
        source[0] += navigation(source[0])
    elif name.startswith("rules/") and name != "rules/README":
        source[0] = "---\norphan: true\n---\n" + source[0]


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the above."""
    app.connect("source-read", place)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
