"""The report folder: ``report.html`` and ``result.json``, each replaced whole."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from tallystick.errors import OutputError

from ..verdicts import Result
from .as_json import result_json
from .html import report_html
from .mask import Mask


def write_report(result: Result, directory: Path, mask: Mask) -> Path:
    """Write both files into ``directory``, made if need be, and return the path of the HTML file.

    Raises:
        OutputError: the folder cannot be written; the files in it are then as they were.
    """
    texts = {"result.json": result_json(result, mask), "report.html": report_html(result, mask)}
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            _replace(directory / name, text)
    except OSError as error:
        what = f"the report cannot be written: {error.strerror or error}"
        raise OutputError(what, where=str(directory), hint="name another folder") from error
    return directory / "report.html"


def _replace(path: Path, text: str) -> None:
    """Put a whole file in the place of ``path``, or leave it as it is."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
