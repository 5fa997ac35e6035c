"""What importing a generated package costs, and using one of its models.

    python benchmarks/imports.py FOLDER PACKAGE [MODEL ...]

``FOLDER`` holds the package. Each figure is the least of several new processes, in CPU seconds.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

PLAIN = "import pydantic, httpx2"
_TIMED = "import time; begun = time.process_time(); {}; print(time.process_time() - begun)"

ONE = """
from {package} import models
kind = models.{model}
try:
    kind.model_validate({{}})
except ValueError:
    pass
"""
ALL = """
from {package} import models
kinds = [getattr(models, each) for each in dir(models)]
for each in kinds:
    if hasattr(each, "model_rebuild") and each.__module__.startswith("{package}.models"):
        each.model_rebuild()
"""


def seconds(folder: Path, statement: str, *, after: str = "", times: int = 5) -> float:
    """The CPU seconds of a statement in a new process, after another one."""
    timed = _TIMED.format(f"exec({statement!r})")
    found: list[float] = []
    for _ in range(times):
        done = subprocess.run(
            [sys.executable, "-c", f"{after}\n{timed}"],
            cwd=folder,
            capture_output=True,
            check=True,
            text=True,
        )
        found.append(float(done.stdout))
    return min(found)


def main() -> None:
    """Print one line a figure, each with its ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("package")
    parser.add_argument("models", nargs="*")
    given = parser.parse_args()
    plain = seconds(given.folder, PLAIN)
    print(f"{PLAIN}: {plain:.3f} s")
    for name in ("", ".models", ".client", ".server"):
        cost = seconds(given.folder, f"import {given.package}{name}")
        print(f"import {given.package}{name}: {cost:.3f} s, {cost / plain:.2f} times that")
    all_of_them = ALL.format(package=given.package)
    every = seconds(given.folder, all_of_them, after=PLAIN, times=2)
    print(f"all models, beyond that: {every:.3f} s")
    for model in given.models:
        statement = ONE.format(package=given.package, model=model)
        one = seconds(given.folder, statement, after=PLAIN)
        print(f"first value of {model}, beyond that: {one:.3f} s, {one / every:.3f} of all")


if __name__ == "__main__":
    main()
