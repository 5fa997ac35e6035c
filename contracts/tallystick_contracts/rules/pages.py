"""The page of each rule: the text of ``docs/rules``, which the wheel holds as ``rule_pages``."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, metadata
from importlib.resources import files
from pathlib import Path

from .choice import CLIENT

_LINK = re.compile(r"\[([^\]]+)\]\([^)\s]+\)")
_PACKED = files("tallystick_contracts").joinpath("rule_pages")
_CHECKOUT = Path(__file__).parents[3] / "docs" / "rules"


def page(rule: str) -> str:
    """The page of a rule as Markdown whose links are plain text; empty where there is none."""
    name = f"{rule.removesuffix(CLIENT)}.md"
    for folder in (_PACKED, _CHECKOUT):
        file = folder.joinpath(name)
        if file.is_file():
            return _LINK.sub(r"\1", file.read_text(encoding="utf-8"))
    return ""


def address(rule: str) -> str:
    """Where the page of a rule can be read: below the URL of the project, if it declares one.

    Returns:
        A URL below ``Documentation`` of the project's URLs; empty where none is declared, or the
        rule has no page.
    """
    try:
        declared = metadata("tallystick").get_all("Project-URL") or []
    except PackageNotFoundError:
        return ""
    urls = dict(each.split(", ", 1) for each in declared if ", " in each)
    url = str(urls.get("Documentation", "")).rstrip("/")
    return f"{url}/rules/{rule.removesuffix(CLIENT)}.md" if url and page(rule) else ""
