"""What a comparison of two large documents costs, beside loading them.

    python benchmarks/diff.py DOCUMENT.json ...

Each document against a copy of it with thirty edits, spread over its schemas, parameters and
operations; CPU seconds, the cheaper of two runs: of loading both (read, lifted, made a contract), of
``compare``, and of ``tallystick diff`` as a command, start-up included.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tallystick.contract import build
from tallystick.document import copy_of, load, schemas
from tallystick.evolve.compare import compare

EDITS = 30
METHODS = ("get", "post", "put", "patch", "delete")


def edited(data: Any) -> Any:
    """A copy with thirty edits: two out of three in schemas, the others of operations."""
    made: Any = copy_of(data)
    objects = [each for _, each in schemas(made) if each.get("properties")]
    step = max(1, len(objects) * 3 // (EDITS * 2))
    for number, schema in enumerate(objects[::step][: EDITS * 2 // 3]):
        _SCHEMA_EDITS[number % len(_SCHEMA_EDITS)](schema)
    operations = [
        item[method] for item in made["paths"].values() for method in METHODS if method in item
    ]
    step = max(1, len(operations) * 3 // EDITS)
    for number, operation in enumerate(operations[::step][: EDITS // 3]):
        if number % 2:
            operation["responses"]["418"] = {"description": "no coffee"}
        else:
            added = {"name": "brew", "in": "query", "required": True, "schema": {"type": "string"}}
            operation["parameters"] = [*operation.get("parameters", []), added]
    return made


def _required(schema: Any) -> None:
    schema["required"] = list(schema["properties"])


def _optional(schema: Any) -> None:
    schema.pop("required", None)


def _closed(schema: Any) -> None:
    schema["additionalProperties"] = False


def _more(schema: Any) -> None:
    schema["properties"]["brewed_at"] = {"type": "string", "format": "date-time"}


def _fewer(schema: Any) -> None:
    for name in _plain(schema):
        del schema["properties"][name]
        if name in schema.get("required", ()):
            schema["required"].remove(name)


def _retyped(schema: Any) -> None:
    for name in _plain(schema):
        schema["properties"][name] = {"type": "boolean"}


def _plain(schema: Any) -> list[str]:
    """The first member of one type with nothing below it, to which no reference leads."""
    every = schema["properties"].items()
    return [name for name, each in every if each.get("type") in ("string", "integer")][:1]


_SCHEMA_EDITS: tuple[Callable[[Any], None], ...] = (
    _required,
    _optional,
    _closed,
    _more,
    _fewer,
    _retyped,
)


def cheaper(run: Callable[[], object]) -> float:
    """CPU seconds of this process, the less of two runs."""
    spent: list[float] = []
    for _ in range(2):
        start = time.process_time()
        run()
        spent.append(time.process_time() - start)
    return min(spent)


def command(old: Path, new: Path) -> float:
    """CPU seconds of the command, the less of two runs."""
    spent: list[float] = []
    for _ in range(2):
        start = resource.getrusage(resource.RUSAGE_CHILDREN)
        line = [sys.executable, "-m", "tallystick", "diff", str(old), str(new)]
        subprocess.run(line, stdout=subprocess.DEVNULL, check=False)
        end = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(end.ru_utime + end.ru_stime - start.ru_utime - start.ru_stime)
    return min(spent)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("documents", nargs="+", type=Path)
    print(
        "document: loading both, comparing, tallystick diff (CPU s); comparing / loading; changes"
    )
    for path in parser.parse_args().documents:
        with tempfile.TemporaryDirectory() as folder:
            other = Path(folder) / "edited.json"
            other.write_text(json.dumps(edited(load(path).vendored)), "utf-8")
            old, new = build(load(path)), build(load(other))
            loading = cheaper(lambda a=path, b=other: (build(load(a)), build(load(b))))  # type: ignore[misc]
            comparing = cheaper(lambda a=old, b=new: compare(a, b))  # type: ignore[misc]
            whole = command(path, other)
            count = len(compare(old, new).changes)
        ratio = comparing / loading
        print(f"{path.stem}: {loading:.2f} {comparing:.2f} {whole:.2f}; {ratio:.2f}; {count}")


if __name__ == "__main__":
    main()
