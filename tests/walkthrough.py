"""A page of the documentation followed as a reader follows it: its files written, its commands typed.

What a page must look like for that:

- A block whose first line is a comment with the name of a file is that file.
- A block ``diff`` changes the file that its head names: lines with ``-`` go, lines with ``+`` come.
- In a block ``console`` a line with ``$ `` is a command and what follows is all that it prints. ``...``
  stands for any text; seconds may differ. A command fails only where ``echo $?`` follows.
"""

from __future__ import annotations

import os
import re
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Self

from markdown_it import MarkdownIt

PATIENCE = 120.0
"""Seconds that a command may take at most, on a machine that does much else."""
_PROGRAM = """\
#!/bin/sh
PYTHONPATH="$PYTHONPATH${{PYTHONPATH:+:}}$TREE" exec "{}" {}"$@"
"""
"""Finds what the reader names and, in a development checkout, the source tree."""
_NAMED = re.compile(r"(?:# |<!-- )([\w./-]+\.\w+)(?: -->)?\n")
_SECONDS = re.compile(r"\b\d+\.\d s\b")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language, and its text."""

    language: str
    text: str

    @property
    def file(self) -> str | None:
        """The file that it is, if it is one."""
        named = _NAMED.match(self.text)
        return named[1] if named and self.language not in ("console", "diff") else None

    def commands(self) -> Iterator[tuple[str, str]]:
        """Each command with what it prints."""
        for part in re.split(r"^\$ ", self.text, flags=re.MULTILINE)[1:]:
            command, _, printed = part.partition("\n")
            yield command, printed


def blocks(page: Path) -> list[Block]:
    """The fenced blocks of a page."""
    tokens = MarkdownIt("commonmark").parse(page.read_text(encoding="utf-8"))
    return [Block(each.info, each.content) for each in tokens if each.type == "fence"]


class Reader:
    """Someone at a shell in an empty folder, who does what a page says."""

    def __init__(self, folder: Path, ports: dict[str, str]) -> None:
        self.folder, self._ports = folder, ports
        self._shell = subprocess.Popen(
            ["bash", "--norc"],
            cwd=folder,
            env=_environment(folder),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._type("kill $(jobs -p) 2>/dev/null; wait; exit")
        try:
            self._shell.wait(10)
        finally:
            self._shell.kill()

    def follow(self, block: Block) -> None:
        """Do what a block says, and see what it says one will see."""
        if block.file is not None:
            file = self.folder / block.file
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(self._here(block.text), encoding="utf-8")
        elif block.language == "diff":
            self._change(block.text)
        elif block.language == "console":
            said = [*block.commands(), ("", "")]
            for (command, printed), (after, _) in pairwise(said):
                self._do(self._here(command), self._here(printed), after.startswith("echo $?"))

    def _here(self, text: str) -> str:
        for port, free in self._ports.items():
            text = re.sub(rf"\b{port}\b", free, text)
        return text

    def _change(self, text: str) -> None:
        head, _, changed = text.partition("\n")
        file = self.folder / head.removeprefix("--- ")
        lines = changed.splitlines(keepends=True)
        before = "".join(each[1:] for each in lines if each[0] != "+")
        after = "".join(each[1:] for each in lines if each[0] != "-")
        held = file.read_text(encoding="utf-8")
        assert held.count(before) == 1, f"what is to be changed is not in {file.name}:\n{before}"
        file.write_text(held.replace(before, after), encoding="utf-8")

    def _do(self, command: str, printed: str, may_fail: bool) -> None:
        wanted = _pattern(printed)
        if command.endswith("&"):
            assert "..." not in printed, f"the whole of what is printed must be said: {command}"
            self._type(command)
            seen = self._read_until(lambda text: wanted.fullmatch(_plain(text)) is not None)
            assert wanted.fullmatch(_plain(seen)), _told(command, printed, seen)
            return
        self._type(f'{command}\n_code=$?; echo "ended: $_code"; (exit $_code)')
        seen = self._read_until(lambda text: re.search(r"ended: \d+\n$", text) is not None)
        seen, _, code = seen.rpartition("ended: ")
        assert may_fail or code == "0\n", _told(command, printed, f"{seen}exit code {code}")
        assert wanted.fullmatch(_plain(seen)), _told(command, printed, seen)

    def _type(self, text: str) -> None:
        assert self._shell.stdin is not None
        self._shell.stdin.write(f"{text}\n".encode())
        self._shell.stdin.flush()

    def _read_until(self, enough: Callable[[str], bool]) -> str:
        assert self._shell.stdout is not None
        pipe, read = self._shell.stdout.fileno(), b""
        until = time.monotonic() + PATIENCE
        while not enough(read.decode(errors="replace")) and time.monotonic() < until:
            if select.select([pipe], [], [], 0.2)[0]:
                more = os.read(pipe, 65536)
                if not more:
                    break
                read += more
        return read.decode(errors="replace")


def _environment(folder: Path) -> dict[str, str]:
    """That of a reader who has installed tallystick: ``tallystick`` and ``python`` are on the path."""
    programs = folder.with_name("programs")
    programs.mkdir()
    for name, words in (("tallystick", "-m tallystick "), ("python", "")):
        program = programs / name
        program.write_text(_PROGRAM.format(sys.executable, words), encoding="utf-8")
        program.chmod(0o755)
    kept = {name: text for name, text in os.environ.items() if not name.startswith("GIT_")}
    return kept | {
        "TREE": kept.pop("PYTHONPATH", ""),
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(programs),
        "COLUMNS": "100",
        "NO_COLOR": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        **{f"GIT_{who}_NAME": "Someone" for who in ("AUTHOR", "COMMITTER")},
        **{f"GIT_{who}_EMAIL": "someone@example.com" for who in ("AUTHOR", "COMMITTER")},
    }


def _plain(text: str) -> str:
    lines = _SECONDS.sub("N s", text).splitlines()
    return "\n".join(each.rstrip() for each in lines).strip("\n")


def _pattern(printed: str) -> re.Pattern[str]:
    return re.compile(re.escape(_plain(printed)).replace(r"\.\.\.", ".*"), re.DOTALL)


def _told(command: str, printed: str, seen: str) -> str:
    return f"$ {command}\n--- the page says\n{printed}\n--- it printed\n{seen}"
