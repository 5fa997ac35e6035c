"""mypy and pyright, strict, over packages that tests make.

Every run of mypy reads and writes one cache for the whole test process, so that the libraries are
looked at once; uses of what is deprecated are always told, each problem says by its code what it is.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

_LIMIT = 300
"""Seconds after which a checker counts as hanging."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One error that a checker tells."""

    file: str
    """Relative to the folder that was checked."""
    line: int
    code: str
    message: str

    @property
    def deprecated(self) -> bool:
        """Whether it is only the use of an old name."""
        return self.code in ("deprecated", "reportDeprecated")


def mypy(factory: pytest.TempPathFactory, folder: Path, *targets: str) -> list[Problem]:
    """What ``mypy --strict`` tells of files and packages in ``folder``."""
    command = ["mypy", "--strict", "--config-file=", "--enable-error-code=deprecated"]
    command += ["-O", "json", f"--cache-dir={factory.getbasetemp() / 'mypy'}", *targets]
    done = _ran(command, folder)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    assert done.stderr == ""
    told = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert bool(told) == bool(done.returncode), done.stdout
    return [
        Problem(_below(folder, each["file"]), each["line"], each["code"] or "", each["message"])
        for each in told
        if each["severity"] == "error"
    ]


def pyright(folder: Path, *include: str, roots: Iterable[str] = ()) -> list[Problem]:
    """What pyright tells of files in ``folder``; each of ``roots`` is a place of imports."""
    settings: dict[str, Any] = {"typeCheckingMode": "strict", "include": list(include)}
    if roots:
        settings["executionEnvironments"] = [{"root": each} for each in roots]
    (folder / "pyrightconfig.json").write_text(json.dumps(settings))
    command = ["pyright", "-p", str(folder), "--pythonpath", sys.executable, "--outputjson"]
    done = _ran(command, folder)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert told["summary"]["filesAnalyzed"] > 0
    return [
        Problem(
            _below(folder, each["file"]),
            each["range"]["start"]["line"] + 1,
            each.get("rule", ""),
            each["message"],
        )
        for each in told["generalDiagnostics"]
        if each["severity"] == "error"
    ]


def lines(problems: Iterable[Problem], file: str) -> list[int]:
    """The lines of a file of which there is something to tell, each once."""
    return sorted({each.line for each in problems if each.file == file})


def serious(problems: Iterable[Problem]) -> list[Problem]:
    """What is wrong, beside the uses of old names."""
    return [each for each in problems if not each.deprecated]


def _below(folder: Path, file: str) -> str:
    path = Path(file)
    return str(path.relative_to(folder)) if path.is_absolute() else file


def _ran(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=_LIMIT,
        check=False,
    )
