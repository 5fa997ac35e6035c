"""Several folders and single files replaced together: all of them, or none."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tallystick.errors import OutputError
from tallystick.output.disk import is_there
from tallystick.output.exchange import recover_exchange
from tallystick.output.journal import recover_in_place, write_in_place
from tallystick.output.lock import locked
from tallystick.output.paths import LOCK, MANIFEST, STAGE, kind, read, refuse_bad_path
from tallystick.output.plan import Change, Plan, planned
from tallystick.output.target import resolved
from tallystick.output.writing import lock_file, told


@dataclass(frozen=True, slots=True)
class Together:
    """What is to stand where.

    Attributes:
        root: the folder that all of it is below; what is needed on the way is kept there. It is
            to be the same every time: what a killed run began is looked for in it.
        trees: by folder, the files that ``write`` would write there.
        files: single files in folders that belong to somebody else; None for no file.
    """

    root: Path
    trees: Mapping[Path, Mapping[str, str]] = field(default_factory=dict[Path, Mapping[str, str]])
    files: Mapping[Path, bytes | None] = field(default_factory=dict[Path, bytes | None])


@dataclass(frozen=True, slots=True)
class Replaced:
    """What changed: paths below ``root``, POSIX, the manifests left out."""

    root: Path
    written: tuple[str, ...]
    deleted: tuple[str, ...]


def preview(wanted: Together, *, force: bool = False) -> Replaced:
    """What ``write_together`` would change; writes nothing.

    Raises:
        OutputError: as ``write_together`` before it writes.
    """
    with told(wanted.root):
        return _summary(_plan(wanted, force=force))


def write_together(wanted: Together, *, force: bool = False, wait: float = 10.0) -> Replaced:
    """Make every folder and file hold what is wanted, or leave all of them as they are.

    All new contents are on the disk before the first file is touched; then files are renamed one
    by one under one journal (see ``journal``). An error, a full disk, and Ctrl-C put back what
    stood there. A run that is killed while it renames is ended by the next one.

    Args:
        force: as for ``write``, of the folders.
        wait: seconds to wait for another run at the same place.

    Raises:
        OutputError: as ``write``; also if something is not below the root, or wanted twice.
    """
    with told(wanted.root), ExitStack() as locks:
        root = resolved(wanted.root)
        # The root stays the folder that it is, so its lock can be inside.
        for lock in (root / LOCK, *(lock_file(resolved(folder)) for folder in wanted.trees)):
            locks.enter_context(locked(lock, wait))
        for folder in map(resolved, wanted.trees):
            recover_exchange(folder)
            if folder.is_dir():
                recover_in_place(folder, force=force)
        recover_in_place(root, force=force)
        plan = _plan(wanted, force=force)
        if plan.changes:
            write_in_place(plan)
        return _summary(plan)


def finish_together(root: Path, *, force: bool = False, wait: float = 10.0) -> bool:
    """End what a killed run began below ``root``; whether there was something.

    Raises:
        OutputError: another run holds the lock, or a file was edited since, unless ``force``.
    """
    with told(root):
        place = resolved(root)
        if not is_there(place / STAGE):
            return False
        with locked(place / LOCK, wait):
            recover_in_place(place, force=force)
        return True


def _plan(wanted: Together, *, force: bool) -> Plan:
    root = resolved(wanted.root)
    if not root.is_dir() or root == Path(root.anchor):
        what = f"{root} cannot hold what is replaced together"
        raise OutputError(what, hint="keep the documents and the output below one folder")
    changes = [*_of_trees(wanted, root, force=force), *_of_files(wanted, root)]
    paths = [change.path for change in changes]
    twice = sorted({path for path in paths if paths.count(path) > 1})
    if twice:
        raise OutputError(f"{root / twice[0]} is wanted twice", hint="choose another folder")
    for path in paths:
        if path != MANIFEST:
            refuse_bad_path(path)
    return Plan(root, tuple(changes), 0)


def _of_trees(wanted: Together, root: Path, *, force: bool) -> Iterator[Change]:
    for folder, tree in wanted.trees.items():
        place = resolved(folder)
        for change in planned(tree, place, force=force).changes:
            yield Change(_below(root, place / change.path), change.old, change.new)


def _of_files(wanted: Together, root: Path) -> Iterator[Change]:
    for file, new in wanted.files.items():
        path = _below(root, resolved(file.parent) / file.name)
        if kind(root, path) not in {None, stat.S_IFREG}:
            raise OutputError(f"{file} is not a regular file", hint="move it, or name another")
        if (old := read(root, path)) != new:
            yield Change(path, old, new)


def _below(root: Path, place: Path) -> str:
    if not place.is_relative_to(root):
        what = f"{place} is not below {root}, and cannot be replaced together with the rest"
        raise OutputError(what, hint="keep the documents and the output below one folder")
    return place.relative_to(root).as_posix()


def _summary(plan: Plan) -> Replaced:
    changes = [change for change in plan.changes if os.path.basename(change.path) != MANIFEST]
    written = tuple(change.path for change in changes if change.new is not None)
    deleted = tuple(change.path for change in changes if change.new is None)
    return Replaced(plan.root, written, deleted)
