"""A file that is sent or received as a part of a multipart body."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class File:
    """The bytes of a file, with what its sender says about it.

    The name is the sender's word: never open a path made of it.
    """

    content: bytes = field(repr=False)
    name: str | None = None
    """The file name; None sends none."""
    media_type: str | None = None
    """None sends the first that the document declares, else ``application/octet-stream``."""
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    """Further header fields of the part, by name; received ones by lower-case name."""
