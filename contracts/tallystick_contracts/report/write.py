"""The report folder: a page for people, files for machines, and what replays each finding."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tallystick.errors import OutputError
from tallystick.output import write_file
from tallystick.render.formatting import formatted

from ..findings import Cause, causes
from ..mask import Mask
from ..verdicts import Result
from .as_json import dumped, report_json, test_name, told_finding
from .har import har
from .html import report_html
from .junit import junit
from .pytest_file import pytest_file
from .sarif import sarif

FOLDER = "findings"
"""Within the report: one JSON file and one test for each finding."""


def write_report(
    result: Result, directory: Path, mask: Mask, found: Sequence[Cause] | None = None
) -> Path:
    """Write every file into ``directory``, made if need be, and return the path of the HTML file.

    Args:
        result: the run.
        directory: where; the findings of an earlier run are removed from it.
        mask: the secrets.
        found: the findings; those of ``result`` without their places if None.

    Raises:
        OutputError: the folder cannot be written; each file in it is then as it was or new.
    """
    told = causes(result) if found is None else found
    texts = report_files(result, told, mask)
    try:
        (directory / FOLDER).mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            # A server may have answered with what UTF-8 cannot hold.
            write_file(directory / name, text.encode("utf-8", "backslashreplace").decode())
        _without_old(directory / FOLDER, {Path(name).name for name in texts})
    except (OSError, OutputError) as error:
        reason = error.what if isinstance(error, OutputError) else error.strerror or str(error)
        what = f"the report cannot be written: {reason}"
        raise OutputError(what, where=str(directory), hint="name another folder") from error
    return directory / "report.html"


def report_files(result: Result, found: Sequence[Cause], mask: Mask) -> dict[str, str]:
    """The text of every file, by its path within the folder."""
    tests = _laid_out({test_name(each): pytest_file(each, result.target, mask) for each in found})
    by_id = {each.id: tests[test_name(each)] for each in found}
    files = {
        "report.html": report_html(result, mask, found, by_id),
        "report.json": report_json(result, found, mask),
        "report.sarif": sarif(result, found, mask),
        "report.har": har(result, found, mask),
        "junit.xml": junit(result, found, mask),
    }
    for cause in found:
        told = told_finding(cause, result.target, mask)
        files[f"{FOLDER}/{cause.id}.json"] = dumped(told)
    return {**files, **{f"{FOLDER}/{name}": text for name, text in tests.items()}}


def _laid_out(tests: dict[str, str]) -> dict[str, str]:
    """Tests as ruff lays them out; as they are where it cannot."""
    try:
        return formatted(tests) if tests else {}
    except (RuntimeError, OSError):
        return tests


def _without_old(folder: Path, kept: set[str]) -> None:
    """Remove the findings of an earlier run, which this one did not see: only our own names."""
    for path in (*folder.glob("*.json"), *folder.glob("test_*.py")):
        stem = path.stem.removeprefix("test_")
        ours = len(stem) == 10 and all(char in "0123456789abcdef" for char in stem)
        if ours and path.name not in kept:
            path.unlink()
