"""Standard output for long texts: no encoding and no reader that goes away makes it fail."""

from __future__ import annotations

import os
import sys

import click

PIPE_CLOSED = 141
"""The exit code of a command whose reader went away: 128 and the number of SIGPIPE."""


def put(text: str) -> None:
    """Print ``text``, which ends its last line itself; what the encoding lacks stands as escapes.

    Raises:
        SystemExit: whoever read it went away. Click would end with 1, which says something else.
    """
    encoding = sys.stdout.encoding
    try:
        click.echo(text.encode(encoding, "backslashreplace").decode(encoding), nl=False)
    except BrokenPipeError:
        # What is still buffered would fail once more when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(PIPE_CLOSED)
