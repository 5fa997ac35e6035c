"""What an upgrade releases: the comparison, the verdict, and the package as its next version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tallystick.evolve.compare import compare
from tallystick.evolve.python.api import python_changes
from tallystick.evolve.release.changelog import changelog_entry
from tallystick.evolve.release.changelog_file import with_entry
from tallystick.evolve.release.verdict import verdict
from tallystick.evolve.release.version import next_version
from tallystick.evolve.show import View
from tallystick.generate import Generated, released


@dataclass(frozen=True, slots=True)
class Release:
    """What comes of two packages."""

    view: View
    """The comparison, as it is shown."""
    files: Mapping[str, str]
    """The files of the new package, as its next version."""
    before: str
    """The version of the package now."""
    after: str
    """The next one; the same where nothing is to be released."""
    entry: str
    """The entry of the CHANGELOG; none where nothing is to be released."""

    def changelog(self, text: str | None) -> str | None:
        """A CHANGELOG with the entry.

        Args:
            text: what it holds; None if there is none.
        """
        return with_entry(text, self.entry) if self.entry else text


def release(old: Generated, new: Generated) -> Release:
    """What is to be released of ``new``, which takes the place of ``old``."""
    comparison = compare(old.contract, new.contract)
    changes = python_changes(old.files, new.files)
    found = verdict(comparison, changes, same_files=old.files == new.files)
    view = View(comparison, package=changes, release=found, folder=Path.cwd())
    version = next_version(old.version, found.package)
    today = datetime.now(UTC).date()
    entry = changelog_entry(version, today, comparison, changes, found)
    files = released(new, version).files
    none = found.package == "none"
    return Release(view, files, old.version, version, "" if none else entry)
