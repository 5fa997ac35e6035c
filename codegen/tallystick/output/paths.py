"""The rules for planned paths: relative, portable, distinct, and never through a symbolic link."""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from tallystick.errors import OutputError

MANIFEST = ".tallystick-manifest.json"
LOCK = ".tallystick-lock"
STAGE = ".tallystick-stage"

# Device names that Windows reserves in every folder, with any extension.
_DEVICE = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(\..*)?", re.IGNORECASE
)
_FORBIDDEN = set('\\:*?"<>|')


def refuse_bad_paths(paths: Iterable[str]) -> None:
    """Raise OutputError unless all paths are safe, portable, and distinct on every file system.

    Two paths that differ only in case or Unicode normalisation are one file on some systems.
    """
    planned = set(paths)
    seen: dict[str, str] = {}
    for path in sorted(planned):
        refuse_bad_path(path)
        for name in (*ancestors(path), path):
            other = seen.setdefault(_folded(name), name)
            if other != name:
                what = f"planned paths {other!r} and {name!r} are one name on some file systems"
                raise OutputError(what, hint="rename one of them")
    for path in planned:
        for folder in ancestors(path):
            if folder in planned:
                raise OutputError(f"planned path {folder!r} is both a file and a folder")


def refuse_bad_path(path: str) -> None:
    """Raise OutputError unless ``path`` is a relative POSIX path that every system can hold."""
    parts = path.split("/")
    problem = next((text for part in parts if (text := _problem(part))), None)
    if parts[0].casefold() in {MANIFEST, LOCK, STAGE}:
        problem = "is a name that the writer keeps for itself"
    if problem:
        raise OutputError(f"planned path {path!r} {problem}", hint="plan another name")


def _problem(part: str) -> str | None:
    if part in {"", ".", ".."}:
        return "is absolute or has an empty, '.' or '..' part"
    if not part.isprintable() or _FORBIDDEN & set(part):
        return "has a character that not every file system can hold"
    if part[-1] in ". ":
        return "has a part that ends in a dot or a space"
    if _DEVICE.fullmatch(part):
        return "has a device name of Windows as a part"
    return None


def _folded(path: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def ancestors(path: str) -> Iterator[str]:
    """The folders above a relative path, outermost first: ``a/b/c`` gives ``a``, ``a/b``."""
    for at, char in enumerate(path):
        if char == "/":
            yield path[:at]


def kind(root: Path, path: str) -> int | None:
    """The file type (``stat.S_IFMT``) of ``root/path``, None where there is nothing.

    Raises OutputError when the path or a folder on the way is a symbolic link.
    """
    found: int | None = None
    for name in (*ancestors(path), path):
        try:
            found = stat.S_IFMT(os.lstat(root / name).st_mode)
        except (FileNotFoundError, NotADirectoryError):
            return None
        if found == stat.S_IFLNK:
            what = f"{root / name} is a symbolic link, and output never goes through one"
            raise OutputError(what, hint="replace the link by a real file or folder")
    return found


def read(root: Path, path: str) -> bytes | None:
    """The bytes of the regular file ``root/path``, None where there is no regular file."""
    if kind(root, path) != stat.S_IFREG:
        return None
    descriptor = os.open(root / path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    with open(descriptor, "rb") as file:
        return file.read()
