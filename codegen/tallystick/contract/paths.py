"""Path templates as patterns of the paths that they match (OpenAPI 3.1, 4.8.8)."""

from __future__ import annotations

import re
from functools import lru_cache

_PARAMETER = re.compile(r"\{[^{}]*\}")


@lru_cache(maxsize=4096)
def template(path: str) -> re.Pattern[str]:
    """A path template as a pattern whose groups are its parameters, percent-encoded, in order."""
    return re.compile("([^/]+)".join(re.escape(each) for each in _PARAMETER.split(path)))
