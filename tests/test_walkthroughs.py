"""The tutorial and the how-to guides, followed word by word: no command and no snippet of them lies."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest
import yaml

from walkthrough import Block, Reader, blocks

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = [DOCS / "tutorial.md", *sorted((DOCS / "how-to").glob("*.md"))]
NAMES = [each.relative_to(DOCS).as_posix() for each in PAGES]
INSTALLING = re.compile(r"-m venv |pip install |activate$")
"""Not typed by the tests, which have an environment: they must stand in the README as they are here."""


def is_typed(block: Block) -> bool:
    return not any(INSTALLING.search(command) for command, _ in block.commands())


def free_port() -> str:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return str(listening.getsockname()[1])


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_a_page_can_be_followed(page: Path, tmp_path: Path) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    with Reader(folder, {"8000": free_port()}) as reader:
        for block in filter(is_typed, blocks(page)):
            reader.follow(block)


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_nothing_on_a_page_is_only_to_be_looked_at(page: Path) -> None:
    of_it = blocks(page)
    typed = " ".join(command for each in of_it for command, _ in each.commands())
    for block in of_it:
        assert block.file or block.language in ("console", "diff"), block.text
        if block.language == "python":
            assert block.file is not None
            assert re.search(rf"\b{Path(block.file).stem}\b", typed), f"{block.file} is never run"


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_installing_is_as_in_the_readme(page: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for block in blocks(page):
        if not is_typed(block):
            for command, printed in block.commands():
                assert command in readme
                assert not printed


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_the_steps_of_a_workflow_are_commands_of_the_page(page: Path) -> None:
    of_it = blocks(page)
    typed = {command for each in of_it for command, _ in each.commands()}
    for block in of_it:
        if block.file is not None and block.file.startswith(".github/"):
            ran = re.findall(r"run: (tallystick .*)", block.text)
            assert ran
            assert yaml.safe_load(block.text)["jobs"]
            assert set(ran) <= typed


@pytest.mark.parametrize(
    "lie",
    [
        Block("console", "$ echo one\ntwo\n"),
        Block("console", "$ echo one\n"),
        Block("console", "$ false\n"),
        Block("console", "$ false\n$ echo $?\n0\n"),
        Block("diff", "--- held.yaml\n-never: there\n"),
    ],
    ids=["another text", "a text more", "a failure", "another exit code", "another file"],
)
def test_a_page_that_lies_is_caught(lie: Block, tmp_path: Path) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    with Reader(folder, {}) as reader:
        reader.follow(Block("yaml", "# held.yaml\nit: is\n"))
        with pytest.raises(AssertionError):
            reader.follow(lie)


def test_a_page_that_tells_the_truth_is_followed(tmp_path: Path) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    with Reader(folder, {"8000": "8001"}) as reader:
        reader.follow(Block("yaml", "# held.yaml\nport: 8000\nit: is\n"))
        reader.follow(Block("diff", "--- held.yaml\n-it: is\n+it: was\n"))
        reader.follow(Block("console", "$ cat held.yaml\n...\nport: 8000\nit: was\n"))
        reader.follow(Block("console", "$ false\n$ echo $?\n1\n$ echo 3.5 s\n0.1 s\n"))
