"""A comparison as one self-contained HTML page; everything from a document is escaped."""

from __future__ import annotations

from tallystick.webpage import inline, templates

from ..show.view import View
from .layout import layout

_HERE = "tallystick.evolve.page"
_STYLES = ("base.css", "tables.css", "cards.css", "changes.css", "narrow.css", "print.css")
_SCRIPTS = ("theme.js", "search.js", "filter.js", "cards.js", "keys.js")


def page(view: View) -> str:
    """The comparison as HTML text; ``page.html#ID`` leads to the change with this id.

    It loads nothing from anywhere, its policy admits only the one style sheet and the one script
    inside it, and all of it can be read without JavaScript.

    Args:
        view: the comparison, whom its verdict is about, and whether the notes are told; what
            changed in the package and what is to be released, where somebody looked.
    """
    template = templates(_HERE).get_template("changes.html.jinja")
    return template.render(page=layout(view), inline=inline(_HERE, _STYLES, _SCRIPTS))


__all__ = ["page"]
