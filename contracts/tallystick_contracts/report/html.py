"""A result as one self-contained HTML file; everything from a server or document is escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tallystick.webpage import inline, templates

from ..findings import Cause
from ..mask import Mask
from ..verdicts import Result
from .page import page

_STYLES = (
    "base.css",
    "tables.css",
    "cards.css",
    "narrow.css",
    "print.css",
    "maps.css",
    "timeline.css",
)
_SCRIPTS = ("theme.js", "search.js", "filter.js", "cards.js", "requests.js", "keys.js")
_HERE = "tallystick_contracts.report"


def report_html(
    result: Result,
    mask: Mask,
    told: Sequence[Cause] | None = None,
    tests: Mapping[str, str] | None = None,
) -> str:
    """The report as HTML text, secrets masked.

    Args:
        result: the run.
        mask: the secrets.
        told: its findings, the worst first; those of ``result`` without their places if None.
        tests: by the id of a finding, the text of its pytest file.

    It loads nothing from anywhere, and its policy (CSP 3) lets run only the one script and the
    one style sheet that are written into it, by their hash.
    """
    template = templates(_HERE).get_template("report.html.jinja")
    return template.render(
        page=page(result, mask, told, tests), inline=inline(_HERE, _STYLES, _SCRIPTS)
    )
