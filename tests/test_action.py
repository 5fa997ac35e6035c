"""action.yml, as it is published: its steps run in order in a repository with two branches."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from action_runner import Done, Runner
from git_project import PAGE, Project

ROOT = Path(__file__).parent.parent
ACTION = ROOT / "action.yml"
GUIDE = ROOT / "docs" / "github-action.md"
KEY = "a key of 100% secrets"
PINNED = re.compile(r"[\w-]+/[\w./-]+@[0-9a-f]{40}")
FRESH, SOUND, CHANGED, KEPT, TOLD = (
    "The package is that of the document",
    "The document is sound",
    "What changed",
    "The server keeps the contract",
    "Findings to code scanning",
)
APP = """\
import os
from pathlib import Path

from tallystick.contract import build
from tallystick.document import load
from tallystick_contracts.sandbox import sandbox

contract = build(load(Path("api/openapi.yaml")))
app = sandbox(contract, key=os.environ["SERVER_KEY"], faults=os.environ.get("FAULT", "").split())
"""

PIP = ["pip", "install", "--quiet", "--disable-pip-version-check"]
# What it is told to note is not run.
PYTHON = """\
#!/bin/sh
case " $NOTE " in
*" $2 "*) shift; printf '%s\\0' "$@" >>"$NOTED"; printf '\\0\\n' >>"$NOTED" ;;
*) exec '{python}' "$@" ;;
esac
"""

pytestmark = pytest.mark.skipif(
    None in (shutil.which("git"), shutil.which("bash")), reason="there is no git, or no bash"
)


class Repository:
    """A project with a branch ``main`` and one that proposes a change, and a clone of that."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.origin = Project(folder / "origin", folder)
        self.origin.write("app.py", APP)
        self.origin.commit("A server")
        self.origin.git("switch", "-q", "-c", "change")
        self.noted = folder / "noted"
        (folder / "bin").mkdir()
        python = folder / "bin" / "python"
        python.write_text(PYTHON.format(python=sys.executable))
        python.chmod(0o755)

    def run(self, inputs: dict[str, str], note: str = "pip", **environment: str) -> Done:
        """The action on a checkout of the change, which has no history, as a runner makes it.

        Args:
            note: the modules that are not run; with which words they were called is noted.
        """
        self.noted.unlink(missing_ok=True)
        checkout = self.folder / "checkout"
        shutil.rmtree(checkout, ignore_errors=True)
        shutil.rmtree(self.folder / "temp", ignore_errors=True)
        url = f"file://{self.origin.root}"
        self.origin.git("clone", "-q", "--depth=1", "--branch=change", url, str(checkout))
        env = self.origin.environment | {"SERVER_KEY": KEY} | environment
        env |= {"NOTE": note, "NOTED": str(self.noted)}
        env["PATH"] = f"{self.folder / 'bin'}:{env['PATH']}"
        return Runner(ACTION, checkout, self.folder / "temp", env)(inputs, base_ref="main")

    def calls(self) -> list[list[str]]:
        """The words of each call of a module that was not run."""
        text = self.noted.read_text(encoding="utf-8")
        return [each.split("\0") for each in text.split("\0\0\n")[:-1]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    return Repository(tmp_path_factory.mktemp("action"))


@pytest.fixture
def repository(made: Repository) -> Repository:
    made.origin.git("reset", "-q", "--hard", "main")
    return made


def test_a_sound_change_passes_every_step(repository: Repository) -> None:
    repository.origin.write("api/pages/boxes.yaml", PAGE.replace("1.0.0", "1.0.1"))
    repository.origin.make()
    repository.origin.commit("The next edition")
    inputs = {
        "server": "app:app",
        "key": KEY,
        "arguments": "--rules=wrong_credentials_*\n\n--seed=2",
    }
    done = repository.run(inputs)
    assert done.failed == set(), {each: step.log for each, step in done.steps.items()}
    assert done.names == ["Python", "Install", FRESH, SOUND, CHANGED, KEPT, TOLD]
    assert repository.calls() == [[*PIP, f"{ROOT}[contracts]"]]
    assert done.outputs["compatible"] == "true"
    assert done.outputs["comment"].strip() == done.summary.strip() != ""
    assert Path(done.outputs["comment-file"]).read_text() == done.summary
    assert Path(done.outputs["sarif-file"]).parent == Path(done.outputs["report"])
    assert done.steps[TOLD].given["sarif_file"] == done.outputs["sarif-file"]


def test_a_bad_change_fails_each_step_and_every_step_is_run(repository: Repository) -> None:
    worse = PAGE.replace("size: {type: integer}", "size: {type: string, default: 1}")
    repository.origin.write("api/openapi.yaml", worse)
    repository.origin.commit("A change that nothing was made from")
    inputs = {
        "server": "app:app",
        "key": KEY,
        "arguments": "--rules=wrong_credentials_are_refused",
        "sarif-file": "out/findings.sarif",
        "comment-file": "out/comment.md",
        "upload-sarif": "false",
    }
    done = repository.run(inputs, FAULT="any_key_accepted")
    assert done.failed == {FRESH, SOUND, CHANGED, KEPT}
    assert TOLD not in done.steps
    assert "stale: " in done.steps[FRESH].log
    assert "default-refused" in done.steps[SOUND].log
    assert done.outputs["compatible"] == "false"
    assert "/size" in done.outputs["comment"]
    checkout = repository.folder / "checkout"
    assert Path(done.outputs["sarif-file"]) == checkout / "out" / "findings.sarif"
    assert Path(done.outputs["comment-file"]) == checkout / "out" / "comment.md"
    assert KEY not in "".join(step.log for step in done.steps.values())
    assert done.steps[KEPT].commands == [("add-mask", KEY.replace("%", "%25"))]


def test_nothing_is_compared_or_tested_unless_asked_for(repository: Repository) -> None:
    inputs = {"base": "", "lint": "false", "python-version": "", "extras": ""}
    done = repository.run(inputs, note="pip tallystick")
    assert done.names == ["Install", FRESH]
    assert repository.calls()[0][-1] == str(ROOT)
    assert repository.calls()[1] == ["tallystick", "generate", "--check"]
    assert set(done.outputs.values()) == {""}


def test_inputs_win_over_the_configuration(repository: Repository) -> None:
    repository.origin.write("more/file", "")
    repository.origin.commit("A folder")
    inputs = {
        "working-directory": "more",
        "spec": "../api/openapi.yaml",
        "overlays": "first one.yaml\r\n\nsecond.yaml\n",
        "output": "out",
        "package": "crates",
        "fail-on": "risky",
        "comment-file": "a file.md",
        "server": "http://127.0.0.1:1",
        "budget": "2m",
        "arguments": "--read-only\n--header=A: b c\n",
        "report": "a folder",
    }
    repository.run(inputs, note="pip tallystick")
    overlays = ["--overlay=first one.yaml", "--overlay=second.yaml"]
    spec = ["--", "../api/openapi.yaml"]
    assert repository.calls()[1:] == [
        ["tallystick", "generate", "--check", *overlays, "--output=out", "--package=crates", *spec],
        ["tallystick", "lint", *overlays, *spec],
        [
            *("tallystick", "diff", "--format=markdown", "--fail-on=risky", *overlays),
            *("--output=a file.md", "--", "origin/main:./../api/openapi.yaml", spec[1]),
        ],
        [
            *("tallystick", "test", "--budget=2m", "--report=a folder", *overlays),
            *(f"--spec={spec[1]}", "--read-only", "--header=A: b c", "--", "http://127.0.0.1:1"),
        ],
    ]


def test_a_document_that_the_base_does_not_have_is_new(repository: Repository) -> None:
    repository.origin.write("new.yaml", PAGE)
    repository.origin.commit("Another document")
    done = repository.run({"spec": "new.yaml"}, note="pip tallystick")
    assert (
        done.outputs["comment"].strip()
        == "The document is new: the base has none to compare it with."
    )
    assert done.outputs["compatible"] == "true"


@pytest.mark.parametrize("base", ["-x", "a b", "a:refs/heads/main", "nowhere", "$(touch hit)"])
def test_a_base_that_is_none_is_told(repository: Repository, base: str) -> None:
    done = repository.run({"base": base}, note="pip tallystick")
    assert done.failed == {CHANGED}
    assert "tallystick action: base: " in done.steps[CHANGED].log


HOSTILE = "\"; touch hit; \"'; touch hit; '$(touch hit)`touch hit`; touch hit #\\"


def test_no_input_is_taken_as_a_script_or_an_option(repository: Repository) -> None:
    names = ["spec", "overlays", "output", "package", "fail-on", "server", "key", "budget"]
    inputs = dict.fromkeys([*names, "arguments", "report"], HOSTILE)
    repository.run(inputs, note="pip tallystick")
    words = [word for call in repository.calls() for word in call]
    assert [word for word in words if word.endswith(HOSTILE)]
    assert not [word for word in words if "touch" in word and not word.endswith(HOSTILE)]
    repository.run({**inputs, "spec": "--version", "server": "--help"}, note="pip tallystick")
    assert all(call.index("--") < len(call) - 1 for call in repository.calls()[1:])
    lines = {"comment-file": "a\nb=c", "report": "a\nb=c", "server": "app:app"}
    done = repository.run(lines, note="pip tallystick")
    assert done.failed == {CHANGED, KEPT}
    assert "has more than one line" in done.steps[KEPT].log
    done = repository.run({"extras": HOSTILE}, note="pip tallystick")
    assert done.names == ["Python", "Install"]
    assert not list(repository.folder.rglob("hit"))


def test_what_a_document_says_is_no_command_to_the_runner(repository: Repository) -> None:
    named = PAGE.replace("get_box", '"::error::x\\n::add-mask::size\\n::set-env name=A::b"')
    repository.origin.write("api/openapi.yaml", named)
    repository.origin.commit("Commands")
    done = repository.run({"base": "", "generate": "false"})
    assert done.names[-1] == SOUND
    assert "::" in done.steps[SOUND].log
    assert [step.commands for step in done.steps.values() if step.commands] == []


def runs(node: Any) -> list[str]:
    """The text of every ``run`` below a node."""
    if isinstance(node, dict):
        own = [text for key, text in node.items() if key == "run"]
        return own + [text for each in node.values() for text in runs(each)]
    return [text for each in node for text in runs(each)] if isinstance(node, list) else []


def uses(node: Any) -> list[str]:
    """Every action that is used below a node."""
    if isinstance(node, dict):
        own = [text for key, text in node.items() if key == "uses"]
        return own + [text for each in node.values() for text in uses(each)]
    return [text for each in node for text in uses(each)] if isinstance(node, list) else []


def workflows() -> list[str]:
    """The workflows that the guide shows."""
    text = GUIDE.read_text(encoding="utf-8")
    return [each for each in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL) if "jobs:" in each]


def checked(*words: object) -> None:
    done = subprocess.run(
        [*map(str, words)], check=False, cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_action_fits_the_schema_of_actions_and_the_guide_that_of_workflows(
    tmp_path: Path,
) -> None:
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema"]
    checked(*check, "vendor.github-actions", ACTION)
    files = []
    for number, text in enumerate(workflows()):
        files.append(tmp_path / f"workflow-{number}.yml")
        files[-1].write_text(text, encoding="utf-8")
    assert files
    checked(*check, "vendor.github-workflows", *files)


def test_no_expression_stands_in_a_script_and_every_action_is_pinned() -> None:
    ours = yaml.safe_load(ACTION.read_text(encoding="utf-8"))
    for document in (ours, *map(yaml.safe_load, workflows())):
        assert runs(document) or document is not ours
        assert all("${{" not in text for text in runs(document))
        for text in uses(document):
            assert PINNED.fullmatch(text) or text.startswith("OWNER/tallystick@")


def test_the_linter_of_actions_finds_nothing(tmp_path: Path) -> None:
    zizmor = Path(sys.executable).with_name("zizmor")
    if not zizmor.is_file():
        pytest.skip("zizmor is not installed beside this Python")
    places = [tmp_path / "action.yml"]
    shutil.copy(ACTION, places[0])
    for number, text in enumerate(workflows()):
        places.append(tmp_path / ".github" / "workflows" / f"{number}.yml")
        places[-1].parent.mkdir(parents=True, exist_ok=True)
        places[-1].write_text(text, encoding="utf-8")
    checked(zizmor, "--offline", "--quiet", "--no-progress", *places)


def test_the_guide_has_every_input_and_output() -> None:
    ours = yaml.safe_load(ACTION.read_text(encoding="utf-8"))
    rows = re.findall(r"^\| `([\w-]+)` \|", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    assert rows == [*ours["inputs"], *ours["outputs"]]
