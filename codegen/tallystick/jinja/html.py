"""The one way from data to HTML: every text is escaped, and nothing in it is invisible."""

from __future__ import annotations

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from tallystick.errors import printable


def html_environment(*places: tuple[str, str]) -> Environment:
    """The environment of the templates in ``places``, each a package and a folder in it.

    The first place that has a template gives it. Whatever is put out is escaped, unless a
    template itself says ``safe``; control and bidirectional characters are shown as escapes.
    """
    return Environment(
        loader=ChoiceLoader([PackageLoader(*place) for place in places]),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _shown(value: object) -> object:
    """Text of one or more lines, printable; markup is what a template made itself."""
    if isinstance(value, str) and not hasattr(value, "__html__") and not value.isprintable():
        return "\n".join(printable(line) for line in value.split("\n"))
    return value
