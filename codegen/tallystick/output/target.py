"""The directory that is written to: its real place, and its parents while they are needed."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from tallystick.errors import OutputError


def resolved(directory: str | Path) -> Path:
    """The real, absolute place of ``directory``; OutputError when it is not a folder.

    Links above and in the name that the caller gave are the caller's choice and are followed;
    links below it never are.
    """
    root = Path(os.path.realpath(directory))
    if "\0" in str(directory):
        raise OutputError("the output folder's name holds a NUL character")
    for place in (root, *root.parents):
        if place.is_dir():
            return root
        if os.path.lexists(place):
            raise OutputError(f"{place} is not a folder", hint="choose another output folder")
    return root


@contextmanager
def parent_of(root: Path) -> Generator[None]:
    """Make the folders above ``root``; those made are removed again if nothing came into them."""
    missing = [place for place in root.parents if not place.exists()]
    try:
        for place in reversed(missing):
            with suppress(FileExistsError):
                os.mkdir(place)
        yield
    finally:
        for place in missing:
            with suppress(OSError):
                os.rmdir(place)
