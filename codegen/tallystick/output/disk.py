"""Durable file operations: files that are on the disk when the call returns, and their removal."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path

from tallystick.errors import OutputError


def put(place: Path, data: bytes, mode: int | None = None) -> None:
    """Write a new file and flush it to the disk; ``mode`` overrides the umask's permissions."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(place, flags | getattr(os, "O_BINARY", 0), 0o666)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(descriptor, view) :]
        if mode is not None:
            os.chmod(place, mode)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def mode_of(place: Path) -> int | None:
    """The permission bits of a file, None where there is none."""
    try:
        return os.lstat(place).st_mode & 0o777
    except (FileNotFoundError, NotADirectoryError):
        return None


def sync_folder(place: Path) -> None:
    """Flush the entries of a folder to the disk, where the system can do that."""
    if sys.platform == "win32":
        return
    descriptor = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def is_there(place: Path) -> bool:
    """Whether something, be it a dangling link, has this name."""
    return os.path.lexists(place)


def discard(stage: Path, *journals: str) -> None:
    """Remove a stage, its journals first: what is left of it then means nothing."""
    if stage.is_symlink():
        raise OutputError(f"{stage} is a symbolic link", hint="remove it")
    if not is_there(stage):
        return
    for name in journals:
        with suppress(FileNotFoundError):
            os.unlink(stage / name)
    sync_folder(stage)
    shutil.rmtree(stage)


def prune(root: Path, folders: set[str]) -> None:
    """Remove those of ``folders`` that are empty, innermost first."""
    for folder in sorted(folders, key=lambda name: (-name.count("/"), name)):
        with suppress(OSError):
            os.rmdir(root / folder)
