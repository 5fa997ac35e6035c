"""``tallystick lint``: what is wrong with a document, or left open by it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tallystick.errors import DocumentError

from .chosen import the_overlays, the_reach, the_spec
from .options import overlay_option, root_option, spec_argument
from .paths import shown

if TYPE_CHECKING:
    from tallystick.document import Document, Reach
    from tallystick.lint import Finding


@click.command()
@spec_argument
@overlay_option
@root_option
def lint(spec: Path | None, overlays: tuple[Path, ...], root: Path | None) -> None:
    """Check a document's structure, and what it says about null, defaults and presence."""
    from tallystick.config import configuration
    from tallystick.lint import lines

    settings = configuration(Path.cwd())
    chosen = the_spec(settings, spec)
    reach = the_reach(settings, root)
    findings = findings_of(chosen, the_overlays(settings, spec, overlays), reach)
    for line in lines(findings):
        click.echo(line)
    click.echo(f"{shown(chosen)}: {counted(findings)}", err=True)
    sys.exit(1 if any(each.severity == "error" for each in findings) else 0)


def counted(findings: Sequence[Finding]) -> str:
    """How many findings there are of each severity: ``0 errors, 1 warning, 2 infos``."""
    counts = ((kind, sum(f.severity == kind for f in findings)) for kind in _SEVERITIES)
    return ", ".join(f"{count} {kind}{'' if count == 1 else 's'}" for kind, count in counts)


_SEVERITIES = ("error", "warning", "info")


def findings_of(
    spec: Path, overlays: Sequence[Path], reach: Reach | None = None
) -> tuple[Finding, ...]:
    """The findings on a document, also on one of which no contract can be made."""
    from tallystick.document import load

    return findings_in(load(spec, overlays, reach))


def findings_in(document: Document) -> tuple[Finding, ...]:
    """The same of a document that is loaded already."""
    from tallystick.contract import build
    from tallystick.lint import lint as lint_document

    try:
        contract = build(document)
    except DocumentError as error:
        findings = lint_document(document, None)
        if not any(each.severity == "error" for each in findings):
            raise error from None
        return findings
    return lint_document(document, contract)
