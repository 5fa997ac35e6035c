"""The comparison of a planned tree with a directory, without writing: what differs, and how."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tallystick.errors import OutputError, printable
from tallystick.output.manifest import digest, manifest_bytes, owned
from tallystick.output.paths import MANIFEST, read
from tallystick.output.plan import encoded
from tallystick.output.target import resolved


@dataclass(frozen=True, slots=True)
class Difference:
    """One file that is not as planned.

    Attributes:
        path: relative to the directory, POSIX.
        kind: ``missing`` is planned and not there; ``differs`` has other bytes than planned;
            ``stale`` was written by an earlier run and is no longer planned.
        diff: a unified diff from the file there to the planned one, whole; one line of digests
            when the file there is not text.
    """

    path: str
    kind: Literal["missing", "differs", "stale"]
    diff: str


def check(tree: Mapping[str, str], directory: str | Path) -> tuple[Difference, ...]:
    """How ``directory`` differs from what ``write(tree, directory)`` makes of it; writes nothing.

    Empty exactly when ``write`` has nothing to do: the manifest is compared as every other file.
    Files that are not ours are not looked at, unless their path is planned.

    Raises:
        OutputError: a planned path cannot be used, a symbolic link stands in the way, a file
            cannot be read, or the manifest is damaged.
    """
    files = encoded(tree)
    try:
        root = resolved(directory)
        return tuple(_differences(files, root))
    except OSError as error:
        raise OutputError(f"cannot read {error.filename or directory}: {error.strerror}") from error


def difference_text(differences: Iterable[Difference]) -> str:
    """The differences for a terminal: one line a file, then its diff; control characters escaped."""
    lines: list[str] = []
    for difference in differences:
        lines.append(f"{difference.kind}: {difference.path}")
        lines += difference.diff.removesuffix("\n").split("\n") if difference.diff else []
    return "".join(f"{_shown(line)}\n" for line in lines)


def _shown(line: str) -> str:
    return "\t".join(printable(part) for part in line.split("\t"))


def _differences(files: Mapping[str, bytes], root: Path) -> Iterator[Difference]:
    for path in sorted(frozenset(owned(root) or {}) - frozenset(files)):
        if (old := read(root, path)) is not None:
            yield Difference(path, "stale", _diff(path, old, None))
    for path, new in (*files.items(), (MANIFEST, manifest_bytes(files))):
        old = read(root, path)
        if old != new:
            yield Difference(path, "missing" if old is None else "differs", _diff(path, old, new))


def _diff(path: str, old: bytes | None, new: bytes | None) -> str:
    names = (
        "/dev/null" if old is None else f"a/{path}",
        "/dev/null" if new is None else f"b/{path}",
    )
    try:
        before, after = _lines(old), _lines(new)
    except UnicodeDecodeError:
        before = after = None
    if before is None or after is None:
        return f"Binary files {names[0]} ({_sha(old)}) and {names[1]} ({_sha(new)}) differ\n"
    return "".join(difflib.unified_diff(before, after, *names))


def _sha(data: bytes | None) -> str:
    return "none" if data is None else f"sha256 {digest(data)}"


def _lines(data: bytes | None) -> list[str] | None:
    """The lines with their ends; None for binary data. Only a line feed ends a line, as in diff."""
    if data is None or data == b"":
        return []
    if b"\0" in data:
        return None
    *whole, last = data.decode().split("\n")
    lines = [f"{line}\n" for line in whole]
    return [*lines, f"{last}\n\\ No newline at end of file\n"] if last else lines
