"""Generated Python laid out by ruff: in a folder of its own, with no configuration but ours."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from ruff import find_ruff_bin  # type: ignore[import-untyped]  # pyright: ignore[reportUnknownVariableType]

_ALONE = ("--isolated", "--no-cache", "--quiet")
_STYLE = ("--line-length", "100", "--target-version", "py311")
_SORT = ("--select", "I,F401", "--fix", "--per-file-ignores", "__init__.py:F401")


def formatted(modules: Mapping[str, str]) -> dict[str, str]:
    """Modules with their imports sorted, those unused left out, and their lines laid out.

    Args:
        modules: text by path, at most one folder deep; the paths are our own or from the
            allocator of names, never a text of the document.

    Raises:
        RuntimeError: ruff cannot read one, so a template of ours is wrong.
    """
    # Two calls for all modules: to start a process for each would cost more than its work.
    with TemporaryDirectory(prefix="tallystick-") as folder:
        for name, text in modules.items():
            Path(folder, name).parent.mkdir(exist_ok=True)
            Path(folder, name).write_bytes(text.encode())
        ruff = find_ruff_bin()
        _run(folder, ruff, "check", *_SORT, *_ALONE, *_STYLE, ".")
        _run(folder, ruff, "format", *_ALONE, *_STYLE, ".")
        return {name: Path(folder, name).read_bytes().decode() for name in modules}


def _run(folder: str, *command: str) -> None:
    done = subprocess.run(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=120,
    )
    if done.returncode != 0:
        said = (done.stdout + done.stderr).decode(errors="replace")
        raise RuntimeError(f"ruff {command[1]} refuses a module: {said[:2000]}")
