"""The report folder: ``report.html`` and ``result.json``, each replaced whole."""

from __future__ import annotations

from pathlib import Path

from tallystick.errors import OutputError
from tallystick.output import write_file

from ..verdicts import Result
from .as_json import result_json
from .html import report_html
from .mask import Mask


def write_report(result: Result, directory: Path, mask: Mask) -> Path:
    """Write both files into ``directory``, made if need be, and return the path of the HTML file.

    Raises:
        OutputError: the folder cannot be written; each file in it is then as it was or new.
    """
    texts = {"result.json": result_json(result, mask), "report.html": report_html(result, mask)}
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            # A server may have answered with what UTF-8 cannot hold.
            write_file(directory / name, text.encode("utf-8", "backslashreplace").decode())
    except (OSError, OutputError) as error:
        reason = error.what if isinstance(error, OutputError) else error.strerror or str(error)
        what = f"the report cannot be written: {reason}"
        raise OutputError(what, where=str(directory), hint="name another folder") from error
    return directory / "report.html"
