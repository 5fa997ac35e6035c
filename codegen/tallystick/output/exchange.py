"""The atomic way to replace a directory: stage a whole copy beside it and swap the two names.

The copy shares every file that does not change with the directory as a hard link (same inode, same
times), holds the new files, and lacks the deleted ones. One system call then swaps the two folders,
so every reader, and a run killed at any point, sees the whole old tree or the whole new one.
Where the directory does not exist yet, one rename puts the copy in its place.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from tallystick.output.disk import discard, is_there, mode_of, put, sync_folder
from tallystick.output.paths import ancestors
from tallystick.output.plan import Plan, is_protected

SWAP = "swap.json"
# A copy of more entries than this takes too long to be worth it.
LARGEST = 5000
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2
_CANNOT = frozenset(
    {errno.EPERM, errno.EXDEV, errno.EMLINK, errno.EOPNOTSUPP, errno.ENOSYS}
    | {errno.EACCES, errno.EINVAL, errno.EBUSY, errno.EROFS}
)


class _Unfit(Exception):
    """This directory cannot be swapped; nothing has been changed."""


def stage_beside(root: Path) -> Path:
    """Where the copy of ``root`` is staged: a sibling, so on the same file system."""
    return root.parent / f".{root.name}.tallystick-stage"


def write_by_exchange(plan: Plan) -> bool:
    """Apply ``plan`` in one step; False, with nothing changed, where that is not possible.

    Not possible: no ``renameat2`` (Linux), a mount point or a folder with one inside, a parent
    folder that may not be written, no hard links, a folder too large to copy, the working
    directory (the caller's shell would be left in a deleted folder), and ``/``, the home folder
    or a repository's root.
    """
    root = plan.root
    if root.exists() and not _is_fit(root):
        return False
    stage = stage_beside(root)
    try:
        os.mkdir(stage)
        known = dict(_entries(root))  # before the copy: what comes later must count as unknown
        _Copy(plan, stage / "tree").make()
        _remember(root, stage, known)
        _commit(stage / "tree", root)
    except BaseException as error:
        if _is_committed(root, stage):
            raise  # a signal just after the swap: the next run clears the stage
        discard(stage, SWAP)
        if root.exists() and (isinstance(error, _Unfit) or _cannot(error)):
            return False
        raise
    # The new tree is in place, so nothing may fail any more: the next run clears what is left.
    with suppress(OSError):
        finish(root)
    return True


def recover_exchange(root: Path) -> None:
    """Clear what a killed run left beside ``root``: an unused copy, or the tree it replaced."""
    stage = stage_beside(root)
    if _is_committed(root, stage):
        finish(root)
    else:
        discard(stage, SWAP)


def finish(root: Path) -> None:
    """After the swap: move files that others put into the old folder meanwhile, drop the rest."""
    stage = stage_beside(root)
    sync_folder(root.parent)
    known = cast("dict[str, int]", json.loads((stage / SWAP).read_bytes())["known"])
    for path, inode in _entries(stage / "tree"):
        if known.get(path) != inode:
            _rescue(stage / "tree" / path, root / path, known.get(path))
    discard(stage, SWAP)


def _rescue(source: Path, place: Path, carried: int | None) -> None:
    """Move a late arrival into the new tree, beside what has its name unless that is outdated."""
    os.makedirs(place.parent, exist_ok=True)
    there = os.lstat(place).st_ino if is_there(place) else carried
    if there == os.lstat(source).st_ino:
        return  # it came in time to be copied
    if there != carried:
        place = place.with_name(f"{place.name}.tallystick-rescued")
    os.replace(source, place)


@dataclass(slots=True)
class _Copy:
    """A copy of a directory as ``plan`` wants it."""

    plan: Plan
    tree: Path
    changed: set[str] = field(init=False)
    emptied: set[str] = field(init=False)
    altered: set[str] = field(init=False)

    def __post_init__(self) -> None:
        changes = self.plan.changes
        self.changed = {change.path for change in changes}
        self.altered = {"", *(folder for path in self.changed for folder in ancestors(path))}
        self.emptied = {f for c in changes if c.new is None for f in ancestors(c.path)}

    def make(self) -> None:
        os.mkdir(self.tree)
        if self.plan.root.exists():
            self._carry("", self.plan.root.lstat())
        for change in self.plan.changes:
            if change.new is not None:
                place = self.tree / change.path
                os.makedirs(place.parent, exist_ok=True)
                put(place, change.new, mode_of(self.plan.root / change.path))
        for folder, _, _ in os.walk(self.tree):
            sync_folder(Path(folder))

    def _carry(self, folder: str, status: os.stat_result) -> None:
        source, target = self.plan.root / folder, self.tree / folder
        for entry in sorted(os.scandir(source), key=lambda entry: entry.name):
            path = f"{folder}/{entry.name}" if folder else entry.name
            if entry.is_dir(follow_symlinks=False):
                inner = os.lstat(source / entry.name)
                if inner.st_dev != status.st_dev:
                    raise _Unfit
                os.mkdir(self.tree / path)
                self._carry(path, inner)
            elif path not in self.changed:
                os.link(source / entry.name, target / entry.name, follow_symlinks=False)
        if folder in self.emptied and not os.listdir(target):
            os.rmdir(target)
        else:
            self._dress(folder, status)

    def _dress(self, folder: str, status: os.stat_result) -> None:
        """Give a folder the owner, mode and, when nothing in it changes, times of the original."""
        target = self.tree / folder
        made = os.lstat(target)
        if (made.st_uid, made.st_gid) != (status.st_uid, status.st_gid):
            os.chown(target, status.st_uid, status.st_gid)
        shutil.copystat(self.plan.root / folder, target)
        if folder in self.altered:
            os.utime(target)


def _is_fit(root: Path) -> bool:
    if sys.platform != "linux" or _renameat2() is None or is_protected(root):
        return False
    if os.lstat(root).st_dev != os.lstat(root.parent).st_dev or os.path.ismount(root):
        return False
    if not os.access(root.parent, os.W_OK | os.X_OK):
        return False
    try:
        here = Path.cwd()
    except FileNotFoundError:
        here = Path("/")
    entries = sum(1 for _, _ in zip(_entries(root), range(LARGEST + 1), strict=False))
    return not here.is_relative_to(root) and entries <= LARGEST


def _entries(folder: Path) -> Iterator[tuple[str, int]]:
    """Every entry below ``folder`` that is not a folder: relative path and inode number."""
    if not folder.is_dir():
        return
    for parent, folders, files in os.walk(folder):
        links = [name for name in folders if (Path(parent) / name).is_symlink()]
        for name in (*files, *links):
            place = Path(parent) / name
            yield place.relative_to(folder).as_posix(), os.lstat(place).st_ino


def _remember(root: Path, stage: Path, known: dict[str, int]) -> None:
    """Note what tells a swap that happened from one that did not, and what the old folder held."""
    status = os.lstat(stage / "tree")
    record = {"tree": [status.st_dev, status.st_ino], "known": known}
    put(stage / "swap.part", json.dumps(record).encode())
    os.replace(stage / "swap.part", stage / SWAP)
    sync_folder(stage)
    sync_folder(root.parent)


def _is_committed(root: Path, stage: Path) -> bool:
    try:
        record = json.loads((stage / SWAP).read_bytes())
        status = os.lstat(root)
        return bool(record["tree"] == [status.st_dev, status.st_ino])
    except (FileNotFoundError, NotADirectoryError, ValueError, TypeError, KeyError):
        return False


def _cannot(error: BaseException) -> bool:
    return isinstance(error, OSError) and error.errno in _CANNOT


def _commit(tree: Path, root: Path) -> None:
    if not is_there(root):
        os.rename(tree, root)
    elif not root.is_symlink():
        exchange(tree, root)
    else:
        raise _Unfit


def exchange(one: Path, other: Path) -> None:
    """Swap two names of one file system in a single step (renameat2, Linux 3.15)."""
    call = _renameat2()
    assert call is not None
    names = os.fsencode(one), os.fsencode(other)
    if call(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(other))


def _renameat2() -> ctypes._NamedFuncPointer | None:  # pyright: ignore[reportPrivateUsage]
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if call is None:
        return None
    call.argtypes = [ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint]
    call.restype = ctypes.c_int
    return cast("ctypes._NamedFuncPointer", call)  # pyright: ignore[reportPrivateUsage]
