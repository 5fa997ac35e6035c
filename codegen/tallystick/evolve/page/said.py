"""A sentence as the page writes it: what stands between backticks is code."""

from __future__ import annotations

from typing import TypeAlias

Said: TypeAlias = tuple[tuple[str, bool], ...]
"""Pieces of a sentence, each with whether it is code."""


def said(sentence: str) -> Said:
    """The pieces of ``sentence``; a backtick that is not closed is one."""
    pieces = sentence.split("`")
    if len(pieces) % 2 == 0:
        pieces[-2:] = ["`".join(pieces[-2:])]
    return tuple((text, at % 2 == 1) for at, text in enumerate(pieces) if text)
