"""A page that is one file: its style and its script inside, and a policy that admits no other."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from jinja2 import Environment

from tallystick.jinja import html_environment

_PARTS = ("tallystick.webpage", "parts")


@dataclass(frozen=True, slots=True)
class Inline:
    """What stands inside a page beside its text; all of it ours."""

    style: str
    script: str
    policy: str
    """For the ``Content-Security-Policy`` of the page (CSP 3)."""


@cache
def templates(package: str) -> Environment:
    """The templates in the folder ``template`` of ``package``, and those all pages share."""
    return html_environment((package, "template"), _PARTS)


@cache
def inline(package: str, styles: Sequence[str], scripts: Sequence[str]) -> Inline:
    """One style sheet and one script out of these files, and a policy that lets in only them.

    A file is that of the folder ``template`` of ``package``, else the one all pages share. The
    policy names both by their hash: nothing is loaded, and nothing else runs.
    """
    style = "\n" + "".join(_text(package, name) for name in styles)
    parts = "".join(_text(package, name) for name in scripts)
    script = f'\n"use strict";\n(() => {{\n{parts}}})();\n'
    policy = (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    return Inline(style, script, policy)


def _text(package: str, name: str) -> str:
    places = (files(where) / folder / name for where, folder in ((package, "template"), _PARTS))
    return next(each for each in places if each.is_file()).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    """A source expression of a content security policy for an inline element."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
