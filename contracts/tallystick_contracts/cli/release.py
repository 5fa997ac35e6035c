"""What an upgrade releases: the comparison, the verdict, and the package with version and changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tallystick.evolve.compare import compare
from tallystick.evolve.show import View
from tallystick.generate import Generated


@dataclass(frozen=True, slots=True)
class Release:
    """What comes of two packages."""

    view: View
    """The comparison, as it is shown."""
    files: Mapping[str, str]
    """The files of the new package, with its version and the entry of its CHANGELOG."""
    before: str
    """The version of the package now."""
    after: str
    """The next one."""


def release(old: Generated, new: Generated, output: Path) -> Release:
    """What is to be released of ``new``, which takes the place of ``old`` in ``output``."""
    comparison = compare(old.contract, new.contract)
    view = View(comparison, folder=Path.cwd())
    return Release(view, new.files, "", "")
