"""``tallystick diff``: which documents it compares, what it prints and writes, its exit codes.

What a comparison finds is given here: it is tested where it is made.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema_rs
import pytest

from command_line import Line
from comparisons import NEW, OLD, gardens
from tallystick.contract import Contract
from tallystick.evolve import Change, Comparison
from tallystick.evolve.show import schema

SPEC = "openapi: 3.1.0\ninfo: {{title: T, version: '{}'}}\npaths: {{}}\n"
OVERLAY = (
    "overlay: 1.0.0\ninfo: {{title: O, version: '1'}}\n"
    "actions: [{{target: $.info, update: {{summary: '{}'}}}}]\n"
)
TABLE = "[tool.tallystick]\nspec = 'api/spec.yaml'\noverlays = ['api/overlay.yaml']\n"


@pytest.fixture
def line(capsys: pytest.CaptureFixture[str]) -> Line:
    return Line(capsys)


class Found:
    """What a comparison finds, and which contracts it was given."""

    def __init__(self) -> None:
        self.changes: tuple[Change, ...] = ()
        self.notes: tuple[Change, ...] = ()
        self.asked: list[tuple[Contract, Contract, int]] = []

    def compare(self, old: Contract, new: Contract, tries: int = 200) -> Comparison:
        self.asked.append((old, new, tries))
        return Comparison(old, new, self.changes, self.notes)

    @property
    def ends(self) -> tuple[str, str]:
        """Version and summary of the two documents: ``2 new``."""
        infos = [each.document.data["info"] for each in self.asked[-1][:2]]
        told = [f"{each['version']} {each.get('summary', '')}".strip() for each in infos]  # type: ignore
        return told[0], told[1]


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> Found:
    made = Found()
    monkeypatch.setattr("tallystick.evolve.compare.compare", made.compare)
    return made


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a configured document: committed as 1 (old), then 2 (new), now 3 (now)."""
    folder = tmp_path / "project"
    (folder / "api").mkdir(parents=True)
    monkeypatch.chdir(folder)
    (folder / "pyproject.toml").write_text(TABLE)
    git(folder, "init", "-q", "-b", "main")
    for version, summary in (("1", "old"), ("2", "new"), ("3", "now")):
        (folder / "api" / "spec.yaml").write_text(SPEC.format(version))
        (folder / "api" / "overlay.yaml").write_text(OVERLAY.format(summary))
        if version != "3":
            git(folder, "add", "-A")
            git(folder, "commit", "-q", "-m", version)
            git(folder, "tag", f"v{version}")
    return folder


def git(folder: Path, *arguments: str) -> None:
    ordinary = {
        f"GIT_{who}_{what}": "a@example.com"
        for who in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }
    alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(
        ["git", *arguments], cwd=folder, env={**os.environ, **ordinary, **alone}, check=True
    )


# --- which documents --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "ends"),
    [
        ((), ("2 new", "3 now")),
        (("v1",), ("1 old", "3 now")),
        (("v1", "HEAD"), ("1 old", "2 new")),
        (("HEAD~1:api/spec.yaml",), ("1 old", "3 now")),
        (("v1:./api/spec.yaml", "api/spec.yaml"), ("1 old", "3 now")),
        ((":api/spec.yaml",), ("2 new", "3 now")),
    ],
)
def test_the_configured_document_is_compared_with_its_past(
    line: Line, found: Found, project: Path, words: tuple[str, ...], ends: tuple[str, str]
) -> None:
    assert line("diff", *words) == 0, line.err
    assert found.ends == ends


def test_it_is_the_same_from_a_folder_within(
    line: Line, found: Found, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "docs").mkdir()
    monkeypatch.chdir(project / "docs")
    assert line("diff", "v1") == 0, line.err
    assert found.ends == ("1 old", "3 now")


def test_other_documents_have_the_overlays_that_are_given(
    line: Line, found: Found, project: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(SPEC.format("0"))
    overlay = tmp_path / "overlay.yaml"
    overlay.write_text(OVERLAY.format("mine"))
    assert line("diff", other) == 0
    assert found.ends == ("0", "3 now")
    assert line("diff", other, "api/spec.yaml", "--overlay", overlay) == 0
    assert found.ends == ("0 mine", "3 mine")
    assert line("diff", other, other, "--old-overlay", overlay) == 0
    assert found.ends == ("0 mine", "0")
    assert line("diff", other, other, "--new-overlay", overlay) == 0
    assert found.ends == ("0", "0 mine")


def test_a_file_is_a_file_though_its_name_could_be_a_revision(
    line: Line, found: Found, project: Path
) -> None:
    (project / "v1").write_text(SPEC.format("file"))
    assert line("diff", "v1") == 0
    assert found.ends == ("file", "3 now")


def test_places_are_named_from_where_the_command_runs(
    line: Line, found: Found, project: Path
) -> None:
    assert line("diff", "v1") == 0
    assert line.out.splitlines()[1] == "v1:api/spec.yaml (T 1) -> api/spec.yaml (T 3): 0 changes"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("absent.yaml",), "absent.yaml"),
        (("no-such-revision",), "no-such-revision"),
        (("v1:absent.yaml",), "absent.yaml is no file in the revision 'v1'"),
        (("--overlay", "absent.yaml"), "absent.yaml"),
        (("api/overlay.yaml",), "openapi"),
    ],
)
def test_what_is_not_there_is_one_line(
    line: Line, project: Path, words: tuple[str, ...], says: str
) -> None:
    assert line("diff", *words) == 2
    assert says in line.refused()
    assert line.out == ""


def test_without_a_configured_document_two_are_to_be_named(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert line("diff") == 2
    assert "no document named; give OLD and NEW" in line.refused()


# --- the package ------------------------------------------------------------------------------


def test_the_packages_of_the_configured_document_are_compared(
    line: Line, found: Found, project: Path
) -> None:
    found.notes = gardens().notes
    told = ("diff", "v1", "--format", "json")
    assert line(*told) == 0
    assert "package" not in json.loads(line.out)
    (project / "pyproject.toml").write_text(f"{TABLE}package = 'example'\n")
    assert line(*told) == 0
    data = json.loads(line.out)
    assert data["release"] == {
        "wire": "patch",
        "package": "patch",
        "because": [gardens().notes[0].id],
    }
    assert data["package"] == []
    assert line(*told, "--no-python") == 0
    assert "package" not in json.loads(line.out)


def test_the_old_package_has_the_names_that_its_revision_froze(
    line: Line, found: Found, project: Path
) -> None:
    (project / "pyproject.toml").write_text(f"{TABLE}package = 'example'\noutput = 'made'\n")
    (project / "made").mkdir()
    (project / "made" / "names.lock").write_text("no lock")
    git(project, "add", "-A")
    git(project, "commit", "-q", "-m", "locked")
    (project / "made" / "names.lock").unlink()
    assert line("diff", "v1", "--python") == 0
    assert line("diff", "HEAD", "--python") == 2
    assert "names.lock" in line.refused()


def test_what_no_package_can_be_made_of_is_an_error_only_if_one_was_asked_for(
    line: Line, found: Found, project: Path
) -> None:
    (project / "pyproject.toml").write_text(f"{TABLE}package = 'class'\n")
    assert line("diff") == 0
    assert line.err.startswith("the packages are not compared: 'class' is no name")
    assert line("diff", "--python") == 2
    assert "'class' is no name" in line.refused()


def test_two_gardens_are_compared_whole(line: Line) -> None:
    assert line("diff", OLD, NEW, "--python", "--format", "json", "--all") == 1
    data = json.loads(line.out)
    jsonschema_rs.validator_for(schema()).validate(data)
    kinds = {each["kind"] for each in data["changes"]}
    assert {"operation-removed", "member-required", "null-admitted", "default-changed"} <= kinds
    assert {"client.plants.delete", "client.plants.water"} <= {
        each["name"] for each in data["package"]
    }
    assert (data["release"]["wire"], data["release"]["package"]) == ("major", "major")


# --- exit codes -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ((), 1),
        (("--fail-on", "never"), 0),
        (("--reader", "server"), 1),
    ],
)
def test_breaking_changes_fail_unless_they_may(
    line: Line, found: Found, options: tuple[str, ...], code: int
) -> None:
    found.changes = gardens().changes
    assert line("diff", OLD, NEW, *options) == code
    assert line.out.startswith("breaking: typed client 7 breaking, 1 risky; ")
    assert line.err == ""


def test_what_only_a_server_has_to_follow_fails_for_the_server_alone(
    line: Line, found: Found
) -> None:
    found.changes = gardens().changes[-1:]
    assert line("diff", OLD, NEW) == 0
    assert line("diff", OLD, NEW, "--fail-on", "any") == 1
    assert line("diff", OLD, NEW, "--reader", "all") == 1
    assert line("diff", OLD, NEW, "--reader", "typed") == 0


def test_the_tries_are_handed_on(line: Line, found: Found) -> None:
    assert line("diff", OLD, NEW, "--tries", "7") == 0
    assert found.asked[0][2] == 7


# --- what is written --------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["text", "json", "markdown", "html"])
def test_every_format_goes_to_a_file_as_to_standard_output(
    line: Line, found: Found, tmp_path: Path, form: str
) -> None:
    found.changes, found.notes = gardens().changes, gardens().notes
    assert line("diff", OLD, NEW, "--format", form) == 1
    shown = line.out
    assert line("diff", OLD, NEW, "--format", form, "-o", tmp_path / "diff") == 1
    assert (tmp_path / "diff").read_text(encoding="utf-8") == shown
    assert line.out == f"{tmp_path / 'diff'}: {VERDICT}\n"


VERDICT = (
    "breaking: typed client 7 breaking, 1 risky; "
    "hand-written client 6 breaking, 2 risky; server 8 breaking, 1 risky"
)


def test_standard_output_is_nothing_but_the_json(line: Line, found: Found) -> None:
    found.notes = gardens().notes
    assert line("diff", OLD, NEW, "--format", "json", "--all") == 0
    assert json.loads(line.out)["notes"][0]["kind"] == "description-changed"


def test_a_folder_that_takes_no_file_is_told_in_one_line(
    line: Line, found: Found, tmp_path: Path
) -> None:
    found.changes = gardens().changes
    (tmp_path / "file").write_text("")
    for output in (tmp_path / "absent" / "diff", tmp_path / "file" / "diff", tmp_path):
        assert line("diff", OLD, NEW, "-o", output) == 2
        assert str(output) in line.refused()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_told_in_one_line(line: Line, found: Found, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert line("diff", OLD, NEW, "-o", tmp_path / "diff") == 2
    assert "cannot be written" in line.refused()


PIPED = """
import sys
import tallystick.evolve.compare as module
from comparisons import gardens
from tallystick.cli import run, tallystick
module.compare = lambda old, new, tries: gardens()
words = ["diff", sys.argv[1], sys.argv[2], "--format", "json", "--all"]
sys.stdin.read()
sys.exit(run(lambda: tallystick(words, standalone_mode=False)))
"""


def test_a_reader_that_goes_away_ends_it_quietly() -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((*sys.path, str(OLD.parents[1])))}
    child = subprocess.Popen(
        [sys.executable, "-c", PIPED, OLD, NEW],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    )
    assert child.stdout is not None
    child.stdout.close()
    child.stdout = None
    _, errors = child.communicate()
    assert (child.returncode, errors) == (141, b"")
