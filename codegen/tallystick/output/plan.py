"""What a write would change in a directory, decided and refused before anything is touched."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tallystick.errors import OutputError
from tallystick.output.manifest import digest, manifest_bytes, owned
from tallystick.output.paths import MANIFEST, ancestors, kind, read, refuse_bad_paths


@dataclass(frozen=True, slots=True)
class Change:
    """One file before and after; None is "no file"."""

    path: str
    old: bytes | None
    new: bytes | None


@dataclass(frozen=True, slots=True)
class Plan:
    """All changes to one directory, the manifest last, and the number of files left alone."""

    root: Path
    changes: tuple[Change, ...]
    unchanged: int


def encoded(tree: Mapping[str, str]) -> dict[str, bytes]:
    """The files of ``tree`` in UTF-8; OutputError for bad paths and text that UTF-8 cannot hold."""
    refuse_bad_paths(tree)
    files: dict[str, bytes] = {}
    for path in sorted(tree):
        try:
            files[path] = tree[path].encode()
        except UnicodeEncodeError as error:
            what = f"the planned text of {path!r} has a lone surrogate at character {error.start}"
            raise OutputError(what) from None
    return files


def planned(tree: Mapping[str, str], root: Path, *, force: bool) -> Plan:
    """The changes that make ``root`` hold ``tree``.

    Raises OutputError for hand-edited files of ours, foreign files in the way (``force`` overrides
    both, save that a foreign file in ``/``, the home folder or a repository's root is never
    overwritten), and symbolic links, foreign folders and special files in the way (always).
    """
    files = encoded(tree)
    ours = owned(root, force=force) or {}
    stale = frozenset(ours) - frozenset(files)
    changes = tuple(_changes(root, files, sorted(stale)))
    _refuse_obstacles(root, files, stale)
    _refuse_edits(root, changes, ours, force=force)
    count = sum(change.path in files for change in changes)
    return Plan(root, changes, len(files) - count)


def _changes(root: Path, files: Mapping[str, bytes], stale: list[str]) -> Iterator[Change]:
    for path in stale:
        if (old := read(root, path)) is not None:
            yield Change(path, old, None)
    for path, new in (*files.items(), (MANIFEST, manifest_bytes(files))):
        if (old := read(root, path)) != new:
            yield Change(path, old, new)


def _refuse_obstacles(root: Path, files: Mapping[str, bytes], stale: frozenset[str]) -> None:
    leaving = {folder for path in stale for folder in ancestors(path)}
    for path in (*files, MANIFEST):
        for name in ancestors(path):
            if kind(root, name) not in {None, stat.S_IFDIR} and name not in stale:
                raise _in_the_way(root / name, "is not a folder")
        found = kind(root, path)
        if found not in {None, stat.S_IFREG, stat.S_IFDIR}:
            raise _in_the_way(root / path, "is not a regular file")
        if found == stat.S_IFDIR and not _all_leave(root, path, stale, leaving):
            raise _in_the_way(root / path, "is a folder that holds other files")


def _in_the_way(place: Path, what: str) -> OutputError:
    return OutputError(
        f"{place} {what} and is in the way", hint="move it, or choose another folder"
    )


def _all_leave(root: Path, folder: str, stale: frozenset[str], leaving: set[str]) -> bool:
    """Whether ``folder`` holds nothing but files that this write deletes."""
    if folder not in leaving:
        return False
    for entry in os.scandir(root / folder):
        name = f"{folder}/{entry.name}"
        if entry.is_dir(follow_symlinks=False):
            if not _all_leave(root, name, stale, leaving):
                return False
        elif name not in stale:
            return False
    return True


def _refuse_edits(
    root: Path, changes: tuple[Change, ...], ours: Mapping[str, str], *, force: bool
) -> None:
    present = [(c.path, c.old) for c in changes if c.old is not None and c.path != MANIFEST]
    edited = [path for path, old in present if path in ours and ours[path] != digest(old)]
    foreign = [path for path, _ in present if path not in ours]
    if foreign and (not force or is_protected(root)):
        what = f"{root} holds files that were not written by this tool: {', '.join(foreign)}"
        raise OutputError(what, hint=f"move them away, or choose another folder{_or_force(root)}")
    if edited and not force:
        what = f"{root} holds generated files that were edited by hand: {', '.join(edited)}"
        raise OutputError(what, hint="move the edits elsewhere and restore the files, or use force")


def _or_force(root: Path) -> str:
    return "" if is_protected(root) else ", or use force to overwrite them"


def is_protected(root: Path) -> bool:
    """Whether ``root`` is ``/``, the home folder or the root of a repository."""
    home = Path(os.path.realpath(os.path.expanduser("~")))
    return root in {Path(root.anchor), home} or (root / ".git").exists()
