"""A result as one self-contained HTML file; everything from a server or document is escaped."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from ..verdicts import Result
from .mask import Mask
from .page import page


def report_html(result: Result, mask: Mask) -> str:
    """The report as HTML text, secrets masked; it loads nothing from anywhere."""
    return _environment().get_template("report.html.jinja").render(page=page(result, mask))


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("tallystick_contracts.report", "template"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
