"""A comparison as one self-contained HTML page; everything from a document is escaped."""

from __future__ import annotations

from collections.abc import Sequence

from tallystick.webpage import inline, templates

from ..python_records import PythonChange
from ..records import Comparison
from ..verdict import Verdict
from .anchors import anchor
from .layout import layout

_HERE = "tallystick.evolve.page"
_STYLES = ("base.css", "tables.css", "cards.css", "changes.css", "narrow.css", "print.css")
_SCRIPTS = ("theme.js", "search.js", "filter.js", "cards.js", "keys.js")


def page(
    comparison: Comparison,
    python: Sequence[PythonChange] | None = None,
    verdict: Verdict | None = None,
) -> str:
    """The comparison as HTML text.

    It loads nothing from anywhere, its policy admits only the one style sheet and the one script
    inside it, and all of it can be read without JavaScript.

    Args:
        comparison: every change of the contract, and the notes if they were asked for.
        python: what changed in the generated package; None if nobody looked.
        verdict: what is to be released; None if nobody said.
    """
    template = templates(_HERE).get_template("changes.html.jinja")
    return template.render(
        page=layout(comparison, python, verdict), inline=inline(_HERE, _STYLES, _SCRIPTS)
    )


__all__ = ["anchor", "page"]
