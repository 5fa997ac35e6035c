"""Completion: the protocol between a shell and the command, and what there is to choose from."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from command_line import Line
from tallystick.cli import tallystick
from tallystick_contracts.rules.catalogue import catalogue
from tallystick_contracts.sandbox import FAULTS

HEAVY = {"hypothesis", "jinja2", "pydantic", "rich", "schemathesis", "starlette", "yaml"}
FLOORS = {"tallystick.contract", "tallystick.document", "tallystick_contracts.rules"}


class Shell:
    """A shell that asks for the ways to go on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch, self._capsys = monkeypatch, capsys

    def __call__(self, *words: str) -> dict[str, str]:
        """What is offered for the last word, and what is said of it; asked as fish asks."""
        self._monkeypatch.setenv("_TALLYSTICK_COMPLETE", "fish_complete")
        self._monkeypatch.setenv("COMP_WORDS", " ".join(("tallystick", *words)))
        self._monkeypatch.setenv("COMP_CWORD", words[-1])
        with pytest.raises(SystemExit) as ended:
            tallystick(prog_name="tallystick", standalone_mode=False)
        assert ended.value.code == 0
        lines = self._capsys.readouterr().out.splitlines()
        found = [line.partition(",")[2].partition("\t") for line in lines if line]
        return {name: said for name, _, said in found}


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(monkeypatch, capsys)


def test_verbs_are_offered_also_those_of_other_distributions(shell: Shell) -> None:
    assert {"assemble", "completion", "diff", "generate", "lint", "serve", "test"} <= set(shell(""))
    assert set(shell("gen")) == {"generate"}
    assert shell("lint")["lint"].startswith("Check a document's structure")


def test_options_and_their_choices_are_offered(shell: Shell) -> None:
    assert set(shell("test", "--w")) == {"--without", "--workers"}
    assert set(shell("diff", "--format", "")) >= {"text", "json", "markdown"}
    assert set(shell("completion", "")) == {"bash", "fish", "zsh"}


@pytest.mark.parametrize(
    "words",
    [
        ("test", "--rules"),
        ("test", "http://127.0.0.1", "--without"),
        ("run", "--without"),
        ("rules",),
    ],
)
def test_every_rule_is_offered_with_its_promise(shell: Shell, words: tuple[str, ...]) -> None:
    rules = catalogue()
    assert shell(*words, "") == {name: rule.promise for name, rule in rules.items()}
    assert set(shell(*words, "null_")) == {name for name in rules if name.startswith("null_")}


def test_every_fault_is_offered_with_its_sentence(shell: Shell) -> None:
    assert shell("serve", "--fault", "") == {name: f.sentence for name, f in FAULTS.items()}


@pytest.mark.parametrize(
    "words", [("lint", "a"), ("generate", "--overlay", "a"), ("test", "--spec", "a"), ("diff", "a")]
)
def test_files_are_left_to_the_shell(shell: Shell, words: tuple[str, ...]) -> None:
    assert shell(*words) == {"a": ""}


@pytest.mark.parametrize(
    ("name", "has"), [("bash", "complete "), ("zsh", "#compdef tallystick"), ("fish", "complete ")]
)
def test_the_script_of_each_shell_is_printed(
    capsys: pytest.CaptureFixture[str], name: str, has: str
) -> None:
    line = Line(capsys)
    assert line("completion", name) == 0
    assert has in line.out
    assert f"_TALLYSTICK_COMPLETE={name}_complete" in line.out


@pytest.fixture
def command(tmp_path: Path) -> dict[str, str]:
    """An environment with the command on its path, as an installation puts it there."""
    script = tmp_path / "tallystick"
    script.write_text(f"#!{sys.executable}\nfrom tallystick.__main__ import main\n\nmain()\n")
    script.chmod(0o755)
    paths = os.pathsep.join(each for each in sys.path if each)
    return {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "PYTHONPATH": paths}


def told(words: list[str], env: dict[str, str]) -> str:
    done = subprocess.run(words, check=False, env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
def test_bash_completes(command: dict[str, str]) -> None:
    script = """
        eval "$(tallystick completion bash)"
        COMP_WORDS=(tallystick serve --fault null_as_) COMP_CWORD=3
        _tallystick_completion tallystick
        echo "${COMPREPLY[@]}"
    """
    assert told(["bash", "--norc", "-c", script], command).split() == [
        "null_as_empty",
        "null_as_word",
    ]


def imported(words: list[str], env: dict[str, str]) -> set[str]:
    """The modules that the command has imported when it ends."""
    code = (
        f"import sys; sys.argv = ['tallystick', *{words}]\n"
        "from tallystick.cli import tallystick\n"
        "try: tallystick()\n"
        "finally: print('MODULES', *sys.modules)"
    )
    return set(told([sys.executable, "-c", code], env).partition("MODULES")[2].split())


def test_nothing_heavy_is_imported_to_complete_or_to_help(command: dict[str, str]) -> None:
    """A key was pressed: what takes longer than the command's own version is not there to be had."""
    asked = {"_TALLYSTICK_COMPLETE": "bash_complete", "COMP_CWORD": "3"}
    for words in ("", "test --rules null", "serve --fault null", "upgrade --", "replay --"):
        found = imported([], {**command, **asked, "COMP_WORDS": f"tallystick {words}"})
        assert "click" in found
        assert not found & (HEAVY | FLOORS)
    assert not imported(["--help"], command) & (HEAVY | FLOORS)
