"""The hooks that .pre-commit-hooks.yaml publishes, run by pre-commit itself.

Here pre-commit installs nothing: it takes the hooks as those of the repository, with the Python of
the tests. ``nox -s hooks`` lets it install them as it does for a reader.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from git_project import PAGE, Project

ROOT = Path(__file__).parent.parent
MANIFEST = ROOT / ".pre-commit-hooks.yaml"
HOOKS = {each["id"]: each for each in yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))}
GENERATE, LINT, ASSEMBLE = (
    "tallystick-generate-check",
    "tallystick-lint",
    "tallystick-assemble-check",
)

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="there is no git")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Project:
    home = tmp_path_factory.mktemp("home")
    made = Project(home / "project", home)
    ours = [
        {
            **hook,
            "language": "system",
            "entry": hook["entry"].replace("tallystick ", f"{sys.executable} -m tallystick ", 1),
        }
        for hook in HOOKS.values()
    ]
    config = {"repos": [{"repo": "local", "hooks": ours}]}
    made.write(".pre-commit-config.yaml", yaml.safe_dump(config))
    made.commit("The hooks")
    return made


@pytest.fixture
def project(made: Project) -> Project:
    made.restore()
    return made


def outcomes(project: Project, *words: str) -> tuple[dict[str, str], str]:
    """How each hook ended, and all that pre-commit said."""
    done = pre_commit(project, "run", "--color", "never", *words)
    said = done.stdout + done.stderr
    ends = {}
    for name, hook in HOOKS.items():
        line = next(line for line in said.splitlines() if line.startswith(hook["name"]))
        ends[name] = line.removeprefix(hook["name"]).lstrip(".")
    assert done.returncode == ("Failed" in ends.values())
    return ends, said


def pre_commit(project: Project, *words: str) -> subprocess.CompletedProcess[str]:
    home = str(project.root.parent / "pre-commit")
    return project.run(sys.executable, "-m", "pre_commit", *words, PRE_COMMIT_HOME=home)


def test_the_manifest_is_one() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", "validate-manifest", str(MANIFEST)],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    assert set(HOOKS) == {GENERATE, LINT, ASSEMBLE}


def test_all_hooks_pass_on_a_sound_project_and_change_nothing(project: Project) -> None:
    ends, said = outcomes(project, "--all-files")
    assert set(ends.values()) == {"Passed"}, said
    assert project.git("status", "--porcelain") == ""


def test_a_changed_page_fails_what_is_made_from_it(project: Project) -> None:
    project.write("api/pages/boxes.yaml", PAGE.replace("size: {type: integer}", "size: {}"))
    project.git("add", "-A")
    ends, said = outcomes(project)
    assert ends[ASSEMBLE] == "Failed"
    assert "stale: api/openapi.yaml is not what the pages make" in said
    assert {ends[LINT], ends[GENERATE]} == {"Passed"}


def test_an_edited_package_fails(project: Project) -> None:
    project.write("client/boxes/client.py", "# by hand\n")
    project.git("add", "-A")
    ends, said = outcomes(project)
    assert "stale: boxes/client.py in client; run `tallystick generate`" in said
    assert ends[GENERATE] == "Failed"
    assert ends[LINT].endswith("Skipped")


def test_an_unsound_document_fails(project: Project) -> None:
    project.write("api/openapi.yaml", PAGE.replace("type: integer", "type: integer, default: a"))
    project.git("add", "-A")
    ends, said = outcomes(project)
    assert set(ends.values()) == {"Failed"}
    assert "error default-refused" in said


def test_files_that_make_no_difference_run_no_hook(project: Project) -> None:
    project.write("logo.svg", "<svg/>")
    project.git("add", "-A")
    assert all(end.endswith("Skipped") for end in outcomes(project)[0].values())
