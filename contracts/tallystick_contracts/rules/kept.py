"""Faults that were found, kept in a Hypothesis example database, so that they are tried first next time."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from hypothesis.database import DirectoryBasedExampleDatabase, ExampleDatabase

from tallystick.contract import Contract


class Kept:
    """Which groups of cases were broken before.

    Args:
        contract: by whose title they are kept, so that a changed document still knows its faults.
        folder: where, made when there is something to keep; one that cannot be written keeps
            nothing. None: nothing is kept.
    """

    def __init__(self, contract: Contract, folder: Path | None) -> None:
        self._key = f"tallystick laws: {contract.title}".encode()
        self._folder = folder
        self._database: ExampleDatabase | None = (
            None if folder is None else DirectoryBasedExampleDatabase(folder)
        )

    def groups(self) -> frozenset[str]:
        """The names of the groups in which something was broken."""
        if self._database is None:
            return frozenset()
        return frozenset(
            each.decode("utf-8", "replace") for each in self._database.fetch(self._key)
        )

    def keep(self, tried: Iterable[str], broken: frozenset[str]) -> None:
        """Remember what was broken, and forget what was tried and was not."""
        if self._database is None:
            return
        before = self.groups()
        if broken - before:
            self._ignored()
        for each in broken:
            if each not in before:
                self._database.save(self._key, each.encode())
        for each in before & set(tried) - broken:
            self._database.delete(self._key, each.encode())

    def _ignored(self) -> None:
        """Keep the folder out of version control, as pytest does with its cache."""
        if self._folder is None or self._folder.exists():
            return
        with suppress(OSError):
            self._folder.mkdir(parents=True)
            (self._folder / ".gitignore").write_text("*\n", encoding="utf-8")
