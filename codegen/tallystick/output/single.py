"""One file replaced whole or not at all, in a folder that belongs to somebody else."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from tallystick.errors import OutputError
from tallystick.output.disk import mode_of, sync_folder


def write_file(path: Path, text: str, *, parents: bool = False) -> bool:
    """Make ``path`` hold ``text``; a reader sees the old file or the new one, never a part.

    Args:
        parents: make the folders that it stands in, where they are missing.

    Returns:
        False when it held that already, and nothing was written.

    Raises:
        OutputError: the folder is missing or read-only, the disk is full, or ``path`` is a link
            or a folder.
    """
    data = text.encode()
    try:
        if path.is_symlink() or path.is_dir():
            raise OutputError("not a regular file", where=str(path), hint="name another file")
        if path.is_file() and path.read_bytes() == data:
            return False
        if parents:
            path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, data)
    except OSError as error:
        raise OutputError(
            f"cannot be written: {error.strerror or error}",
            where=str(path),
            hint="what was there before is unchanged",
        ) from None
    return True


def _replace(path: Path, data: bytes) -> None:
    mode = mode_of(path)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stage:
            stage.write(data)
            stage.flush()
            os.fsync(stage.fileno())
        Path(name).chmod(0o644 if mode is None else mode)
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
    sync_folder(path.parent)
