"""Text of a document on a line of a log, where it is only text."""

from __future__ import annotations

import re

from tallystick.errors import printable

_COMMAND = re.compile(r"(?<![^ ]):(?=:)|#(?=#\w*\[)")
"""What the logs of CI services take for commands of theirs: ``::error::``, ``##vso[``, ``##[``."""


def tame(text: str) -> str:
    """``text`` with invisible characters as escapes, and no command to a terminal or a CI service."""
    return _COMMAND.sub(lambda found: f"\\x{ord(found[0]):02x}", printable(text))
