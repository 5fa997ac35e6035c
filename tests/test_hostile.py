"""Hostile documents: each is refused with one clear line, or gives code that does no harm.

Each runs in a process of its own, with limits of memory and time, which notes every try to reach
the network, to run something or to write outside (``hostile/child.py``).
"""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from corpora import CORPUS, needs_corpus
from hostile.documents import DOCUMENTS
from hostile.texts import READ, TEXTS, placed, placements

EVERY = os.environ.get("TALLYSTICK_HOSTILE") == "every"
CHILD = Path(__file__).parent / "hostile" / "child.py"
Run = Callable[[Path], dict[str, Any]]


@pytest.fixture(scope="module")
def child() -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, str(CHILD)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


@pytest.fixture
def run(child: subprocess.Popen[str], tmp_path: Path) -> Run:
    def run(spec: Path) -> dict[str, Any]:
        assert child.stdin is not None
        assert child.stdout is not None
        job = {"spec": str(spec), "output": str(tmp_path / "out"), "package": "pkg"}
        child.stdin.write(json.dumps(job) + "\n")
        child.stdin.flush()
        done: dict[str, Any] = json.loads(child.stdout.readline())
        return done

    return run


def check(done: dict[str, Any], must: str, folder: Path) -> None:
    """What holds for every document, whatever came of it."""
    assert done["tried"] == ""
    assert "Traceback" not in done["err"], done["err"]
    assert done["code"] in {"generate": (0,), "reject": (2,), "either": (0, 2)}[must], done
    assert done["cpu"] < 60
    assert done["memory"] < 1024
    assert not list(folder.rglob("*MARKER*"))
    assert not Path("MARKER").exists()
    if done["code"]:
        refused(done, folder)
    else:
        harmless(folder / "out")


def refused(done: dict[str, Any], folder: Path) -> None:
    """One line, safe to print, and nothing written."""
    line: str = done["err"]
    assert line.startswith("tallystick: ")
    assert line.count("\n") == 1
    assert line[:-1].isprintable()
    assert len(line) < 2000
    assert done["out"] == ""
    assert not (folder / "out").exists()


def harmless(out: Path) -> None:
    """No name that runs something, nothing that hides, and names that every file system keeps."""
    files = [path for path in out.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    folded = {str(path.relative_to(out)).casefold() for path in files}
    assert len(folded) == len(files)
    for path in files:
        text = path.read_text(encoding="utf-8")
        assert not [char for char in text if not (char.isprintable() or char == "\n")], path
        if path.suffix == ".py" and "runtime" not in path.parts:
            names = {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}
            assert not names & {"__import__", "eval", "exec", "compile", "open", "os"}, path


@pytest.mark.parametrize(("position", "name"), list(placements(EVERY)))
def test_hostile_text_at_any_position_stays_text(
    position: str, name: str, run: Run, tmp_path: Path
) -> None:
    spec = tmp_path / "openapi.json"
    spec.write_text(json.dumps(placed(position, TEXTS[name])))
    check(run(spec), "generate" if position in READ else "either", tmp_path)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_hostile_document_is_refused_in_one_line_or_harmless(
    name: str, run: Run, tmp_path: Path
) -> None:
    content, must = DOCUMENTS[name]
    spec = tmp_path / name
    spec.write_bytes(content if isinstance(content, bytes) else content.encode())
    check(run(spec), must, tmp_path)


def corpus() -> list[Any]:
    if CORPUS is None:
        return [pytest.param({}, marks=needs_corpus)]
    listed = json.loads((CORPUS / "hostile" / "index.json").read_text())
    return [pytest.param(each, id=each["id"]) for each in listed]


@pytest.mark.parametrize("entry", corpus())
def test_a_document_of_the_corpus_meets_its_expectation(
    entry: dict[str, str], run: Run, tmp_path: Path
) -> None:
    check(run((CORPUS or Path()) / "hostile" / entry["file"]), entry["must"], tmp_path)
