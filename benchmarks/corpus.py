"""Every real document of a corpus through the generator, and its package through the checkers.

    python benchmarks/corpus.py FOLDER [NAME...]

For each document: exit 0, every operation in the client, the package imports, `mypy --strict`,
pyright strict and ruff find nothing, and two runs with different hash seeds give the same bytes.
Prints a table; exits 1 if anything of that does not hold.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import yaml

METHODS = frozenset(
    {"get", "put", "post", "delete", "options", "head", "patch", "trace", "query"}
)  # fmt: skip
PACKAGE = "pkg"
LIMIT = 1200
"""Seconds that one step may take: pyright needs minutes for the largest packages."""
_COUNT = f"""
import importlib, json, pathlib, re
for name in ("models", "api", "operations", "client", "server"):
    importlib.import_module(f"{PACKAGE}.{{name}}")
from {PACKAGE} import client, operations
text = re.findall(r"\\w+", pathlib.Path(client.__file__).read_text())
names = {{id(each): name for name, each in vars(operations).items()}}
called = [each for each in operations.OPERATIONS if names[id(each)] in set(text)]
print(json.dumps([(each.method, each.path) for each in called]))
"""


@dataclass(slots=True)
class Row:
    """What came of one document."""

    name: str
    seconds: float = 0.0
    memory: int = 0
    operations: str = "-"
    approximated: int = 0
    ignored: int = 0
    type_errors: int = 0
    faults: list[str] = field(default_factory=list[str])

    def cells(self) -> list[str]:
        """The row of the table."""
        figures = (self.operations, self.approximated, self.ignored, self.type_errors)
        verdict = "; ".join(self.faults) or "ok"
        return [self.name, f"{self.seconds:.1f}", str(self.memory), *map(str, figures), verdict]


HEAD = ["document", "CPU s", "MiB", "operations", "approximated", "ignored", "type errors", ""]


def main(arguments: list[str]) -> int:
    """Run the documents of the folder, smallest first; with names: those that hold one of them."""
    folder, *names = arguments or [os.environ.get("TALLYSTICK_CORPUS", "") + "/documents"]
    found = sorted(Path(folder).glob("*.*"), key=lambda path: path.stat().st_size)
    rows: list[Row] = []
    for path in found:
        if not names or any(name in path.name for name in names):
            rows.append(judged(path))
            print("\t".join(rows[-1].cells()), file=sys.stderr, flush=True)
    print(table([HEAD, *(row.cells() for row in rows)]))
    return 0 if rows and not any(row.faults for row in rows) else 1


def judged(document: Path) -> Row:
    """Generate twice, and check what came out."""
    row = Row(document.name)
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch, "out")
        done = generated(document, out, "1", row)
        if done.returncode:
            row.faults.append(f"exit {done.returncode}: {done.stderr.strip()[-200:]}")
            return row
        generated(document, Path(scratch, "again"), "2", Row(""))
        if contents(out) != contents(Path(scratch, "again")):
            row.faults.append("other bytes with another hash seed")
        ledger(out, row)
        operations(document, out, row)
        checked(out, row)
    return row


def generated(document: Path, out: Path, seed: str, row: Row) -> subprocess.CompletedProcess[str]:
    """One run of the generator; its CPU seconds and peak memory go into ``row``."""
    command = [sys.executable, "-m", "tallystick", "generate", str(document), "-o", str(out)]
    start = os.times()
    measured = f"import resource,runpy,sys,atexit; atexit.register(lambda: print('RSS', {_PEAK}))"
    code = f"{measured}; sys.argv={[*command[2:], '--package', PACKAGE]!r}; {_RUN}"
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    done = run([sys.executable, "-c", code], document.parent, environment)
    end = os.times()
    row.seconds = end.children_user + end.children_system
    row.seconds -= start.children_user + start.children_system
    peaks = [line.split()[1] for line in done.stdout.splitlines() if line.startswith("RSS ")]
    row.memory = int(peaks[-1]) // 1024 if peaks else 0
    return done


_PEAK = "resource.getrusage(resource.RUSAGE_SELF).ru_maxrss"
_RUN = "runpy.run_module('tallystick', run_name='__main__', alter_sys=True)"


def run(
    command: list[str], folder: Path, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """One step, its output kept."""
    try:
        return subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=LIMIT,
            check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 124, "", f"not done in {LIMIT} s")


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def ledger(out: Path, row: Row) -> None:
    """How many keywords are not enforced or represented."""
    totals: dict[str, int] = json.loads((out / "ledger.json").read_text())["totals"]
    row.approximated, row.ignored = totals["approximated"], totals["ignored"]


def operations(document: Path, out: Path, row: Row) -> None:
    """The operations of the raw document against those that the imported package has."""
    text = document.read_text(encoding="utf-8")
    raw = json.loads(text) if document.suffix == ".json" else yaml.safe_load(text)
    declared = {
        (method.upper(), path)
        for path, item in raw.get("paths", {}).items()
        for method in METHODS & item.keys()
    }
    done = run([sys.executable, "-c", _COUNT], out)
    if done.returncode:
        row.faults.append(f"does not import: {done.stderr.strip()[-200:]}")
        return
    made = {(method, path) for method, path in json.loads(done.stdout)}
    row.operations = f"{len(made)}/{len(declared)}"
    if made != declared:
        row.faults.append(f"operations missing: {sorted(declared - made)[:3]}")


def checked(out: Path, row: Row) -> None:
    """What mypy, pyright and ruff say of the package."""
    (out / "pyrightconfig.json").write_text(
        json.dumps({"typeCheckingMode": "strict", "include": [PACKAGE]})
    )
    python = sys.executable
    tools = {
        "mypy": [python, "-m", "mypy", "--strict", "--no-incremental", PACKAGE],
        "pyright": [python, "-m", "pyright", "-p", ".", "--pythonpath", python],
        "ruff": [
            python,
            "-m",
            "ruff",
            "check",
            "--output-format=concise",
            "--line-length=100",
            ".",
        ],
    }
    for name, command in tools.items():
        done = run(command, out)
        if done.returncode:
            lines = [line for line in done.stdout.splitlines() if ":" in line]
            row.type_errors += sum("error" in line for line in lines) if name != "ruff" else 0
            row.faults.append(f"{name}: {(lines or [done.stderr.strip()])[0][:160]}")


def table(rows: list[list[str]]) -> str:
    """Rows as a Markdown table."""
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], "|---" * len(rows[0]) + "|", *lines[1:]])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
