"""Items kept in a SQLite file: what was acknowledged outlives the process, however it ends."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from tallystick.errors import UsageError

from .memory import Memory
from .records import Item, Version

_SCHEMA = """
CREATE TABLE IF NOT EXISTS contract (digest TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS item (
    number INTEGER PRIMARY KEY,
    collection TEXT NOT NULL,
    parents TEXT NOT NULL,
    key TEXT NOT NULL,
    versions TEXT NOT NULL,
    UNIQUE (collection, parents, key)
);
"""
_PUT = """
INSERT INTO item (collection, parents, key, versions) VALUES (?, ?, ?, ?)
ON CONFLICT (collection, parents, key) DO UPDATE SET versions = excluded.versions
"""
_ALL = "SELECT collection, parents, key, versions FROM item ORDER BY number"


class File(Memory):
    """A store in a file of one contract; one process at a time, which reads from memory."""

    def __init__(self, path: Path, digest: str) -> None:
        """Open the file, or make it.

        Raises:
            UsageError: it cannot be used: no SQLite file, another contract's, in use, not writable.
        """
        self._connection: sqlite3.Connection | None = None
        try:
            self._connection = _opened(path)
            _claim(self._connection, path, digest)
            super().__init__(_items(self._connection))
        except (sqlite3.Error, ValueError, KeyError, TypeError) as error:
            self.close()
            raise _unusable(path, str(error)) from None
        except UsageError:
            self.close()
            raise

    def commit(self, changes: tuple[Item, ...]) -> None:
        """Put items into the file, flushed to the disk, then into memory."""
        if self._connection is not None and changes:
            with self._connection:
                self._connection.executemany(_PUT, map(_row, changes))
        super().commit(changes)

    def close(self) -> None:
        """Close the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _opened(path: Path) -> sqlite3.Connection:
    # One sandbox may be served by a thread that did not make it; the lock keeps them apart.
    connection = sqlite3.connect(path, timeout=0.5, check_same_thread=False)
    try:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.executescript(_SCHEMA)
        connection.execute("BEGIN IMMEDIATE")
        connection.commit()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _claim(connection: sqlite3.Connection, path: Path, digest: str) -> None:
    row = connection.execute("SELECT digest FROM contract").fetchone()
    if row is None:
        with connection:
            connection.execute("INSERT INTO contract VALUES (?)", (digest,))
    elif row[0] != digest:
        raise UsageError(
            "the state file belongs to another contract",
            where=str(path),
            hint="name another file, or remove this one",
        )


def _items(connection: sqlite3.Connection) -> Iterator[Item]:
    for collection, parents, key, versions in connection.execute(_ALL):
        states = tuple(Version(float(since), dict(value)) for since, value in json.loads(versions))
        yield Item(collection, tuple(json.loads(parents)), key, states)


def _row(item: Item) -> tuple[str, str, str, str]:
    versions = [[each.since, each.value] for each in item.versions]
    return (item.collection, json.dumps(item.parents), item.key, json.dumps(versions))


def _unusable(path: Path, reason: str) -> UsageError:
    return UsageError(
        f"the state file cannot be used: {reason}",
        where=str(path),
        hint="name a file that tallystick made, that no other process uses, or a new one",
    )
