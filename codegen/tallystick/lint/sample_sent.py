"""One body that a code sample sends, and whether it is sent to a given path."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..document import Json

_TEMPLATE = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True, slots=True)
class Sent:
    """A body lifted out of a sample."""

    urls: tuple[str, ...]
    """Texts of the call that may be its URL."""
    body: Json
    fault: str | None = None
    """Why the text is no JSON, though it looks like it."""


def addressed(sent: Sequence[Sent], path: str) -> Sequence[Sent]:
    """Those of ``sent`` that go to ``path``; a single one is taken to, whatever its URL.

    A sample may call other operations first, to get what it needs.
    """
    if len(sent) < 2:
        return sent
    pattern = re.compile("[^/?#]+".join(map(re.escape, _TEMPLATE.split(path))) + r"/?(?:[?#]|$)")
    return [each for each in sent if any(pattern.search(url) for url in each.urls)]
