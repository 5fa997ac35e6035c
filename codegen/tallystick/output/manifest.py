"""The manifest: which files of a directory are ours, and the SHA-256 of what we wrote."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from tallystick.errors import OutputError
from tallystick.output.paths import MANIFEST, read, refuse_bad_path


def digest(data: bytes) -> str:
    """The SHA-256 of ``data`` in lower-case hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def manifest_bytes(files: Mapping[str, bytes]) -> bytes:
    """The manifest for ``files``: the same bytes for the same files, whatever their order."""
    hashes = {path: digest(data) for path, data in files.items()}
    text = json.dumps({"files": hashes, "version": 1}, indent=2, sort_keys=True, ensure_ascii=False)
    return f"{text}\n".encode()


def owned(root: Path, *, force: bool = False) -> dict[str, str] | None:
    """What the manifest in ``root`` says is ours: path -> SHA-256; None when there is no manifest.

    A manifest that cannot be understood raises OutputError; with ``force`` it counts as none.
    """
    data = read(root, MANIFEST)
    if data is None:
        return None
    try:
        return _parsed(data)
    except (ValueError, TypeError, RecursionError, OutputError) as error:
        if force:
            return None
        what = f"{root / MANIFEST} is not a manifest that this version wrote"
        raise OutputError(what, hint="restore it, or delete it and write again") from error


def _parsed(data: bytes) -> dict[str, str]:
    value: object = json.loads(data)
    if not isinstance(value, dict) or cast("dict[str, object]", value).get("version") != 1:
        raise ValueError("unknown version")
    files = cast("dict[str, object]", value).get("files")
    if not isinstance(files, dict):
        raise TypeError("no files")
    hashes = {path: str(sha) for path, sha in cast("dict[str, object]", files).items()}
    for path in hashes:
        refuse_bad_path(path)  # the manifest may come from a stranger's repository
    return hashes
