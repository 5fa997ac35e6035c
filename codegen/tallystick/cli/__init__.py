"""The verbs on a document, one file each. The only place in this floor that prints.

Each verb imports what it needs when it runs: `--help` needs no validator, `lint` no template.
"""

import click

from . import assemble, completion, diff, generate, lint
from .assemble import assembled_files
from .chosen import needed, the_overlays, the_reach, the_spec
from .generate import is_lax, stale_text
from .lint import counted, findings_in, findings_of
from .options import PathType, overlay_option, root_option, spec_argument
from .paths import current, shown
from .running import run
from .verbs import Verbs

__all__ = [
    "PathType",
    "assembled_files",
    "counted",
    "current",
    "findings_in",
    "findings_of",
    "is_lax",
    "needed",
    "overlay_option",
    "root_option",
    "run",
    "shown",
    "spec_argument",
    "stale_text",
    "tallystick",
    "the_overlays",
    "the_reach",
    "the_spec",
]


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tallystick")
def tallystick() -> None:
    """One OpenAPI document: a typed client, server stubs, and proof that they fit."""


for _verb in (assemble.assemble, completion.completion, diff.diff, generate.generate, lint.lint):
    tallystick.add_command(_verb)
