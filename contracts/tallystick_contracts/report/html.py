"""A result as one self-contained HTML file; everything from a server or document is escaped."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined

from ..findings import Cause
from ..verdicts import Result
from .mask import Mask
from .page import page

STYLES = ("base.css", "tables.css", "findings.css", "timeline.css", "narrow.css", "print.css")
SCRIPTS = ("theme.js", "filter.js", "findings.js", "requests.js", "keys.js")


def report_html(
    result: Result,
    mask: Mask,
    told: Sequence[Cause] | None = None,
    tests: Mapping[str, str] | None = None,
) -> str:
    """The report as HTML text, secrets masked.

    Args:
        result: the run.
        mask: the secrets.
        told: its findings, the worst first; those of ``result`` without their places if None.
        tests: by the id of a finding, the text of its pytest file.

    It loads nothing from anywhere, and its policy (CSP 3) lets run only the one script and the
    one style sheet that are written into it, by their hash.
    """
    style, script = _joined(STYLES), _script()
    policy = (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    template = _environment().get_template("report.html.jinja")
    return template.render(
        page=page(result, mask, told, tests), style=style, script=script, policy=policy
    )


def _script() -> str:
    return f'\n"use strict";\n(() => {{\n{_joined(SCRIPTS)}}})();\n'


@cache
def _joined(names: tuple[str, ...]) -> str:
    folder = files("tallystick_contracts.report") / "template"
    texts = [(folder / name).read_text(encoding="utf-8") for name in names]
    return "\n" + "".join(texts)


def _digest(text: str) -> str:
    """A source expression of a content security policy for an inline element."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("tallystick_contracts.report", "template"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
