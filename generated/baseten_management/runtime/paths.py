"""Path templates: filled with values by the client, matched against raw paths by the server."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from .errors import UnsafeValue

_EXPRESSION = re.compile(r"\{([^{}]+)\}")
# What a path may hold as it stands (RFC 3986, 3.3); "%" only as part of an escape.
_LITERAL = "/:@!$&'()*+,;=-._~"


def fill(template: str, values: Mapping[str, str]) -> str:
    """The path of a template with escaped values; each stays within its segment.

    Raises:
        UnsafeValue: a segment with a value is empty, ``.`` or ``..``: escaping would not help,
            as both sides remove such segments (RFC 3986, 5.2.4).
    """
    filled = [_fill_segment(template, segment, values) for segment in template.split("/")]
    path = "/".join(filled)
    return path if path.startswith("/") else f"/{path}"


def _fill_segment(template: str, segment: str, values: Mapping[str, str]) -> str:
    parts = _EXPRESSION.split(segment)
    text = "".join(
        values[part] if index % 2 else quote(part, safe=_LITERAL)
        for index, part in enumerate(parts)
    )
    if len(parts) > 1 and text in ("", ".", ".."):
        raise UnsafeValue(
            f"path parameter `{parts[1]}`: is empty, '.' or '..', which would reach another path",
            path=template,
        )
    return text


@dataclass(frozen=True, slots=True)
class Template:
    """A path template that finds its values in a raw path."""

    text: str
    pattern: re.Pattern[str]
    names: tuple[str, ...]

    def match(self, raw: str) -> dict[str, str] | None:
        """The escaped values of a raw path, or None where the template does not fit."""
        found = self.pattern.fullmatch(raw)
        if found is None or any(value in ("", ".", "..") for value in found.groups()):
            return None
        return dict(zip(self.names, found.groups(), strict=True))


def template(text: str) -> Template:
    """The template of a path: a value is whatever stands between two slashes."""
    parts = _EXPRESSION.split(text if text.startswith("/") else f"/{text}")
    pattern = "".join(
        "([^/]*)" if index % 2 else re.escape(quote(part, safe=_LITERAL))
        for index, part in enumerate(parts)
    )
    return Template(text, re.compile(pattern), tuple(parts[1::2]))


def specificity(text: str) -> tuple[bool, ...]:
    """A sort key: concrete segments go before templated ones (OpenAPI 3.1, 4.8.8)."""
    return tuple("{" in segment for segment in text.split("/"))
