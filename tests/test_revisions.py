"""A document of a git revision."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tallystick.document import Reach, get
from tallystick.document.revisions import load_at, text_at
from tallystick.errors import DocumentError

_ORDINARY = {
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.com",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.com",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}


def _git(folder: Path, *arguments: str) -> None:
    environment = {**os.environ, **_ORDINARY}
    subprocess.run(
        ["git", *arguments], cwd=folder, env=environment, check=True, capture_output=True
    )


def _document(version: str, reference: str = "") -> str:
    schema = f'{{"$ref": "{reference}"}}' if reference else "{}"
    return (
        f'{{"openapi": "3.1.0", "info": {{"title": "T", "version": "{version}"}}, "paths": {{}},'
        f' "components": {{"schemas": {{"A": {schema}}}}}}}'
    )


_OVERLAY = """{"overlay": "1.0.0", "info": {"title": "o", "version": "1"},
"actions": [{"target": "$.info", "update": {"summary": "%s"}}]}"""


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two commits: the first has the document, the second has it otherwise, with an overlay."""
    _git(tmp_path, "init", "-q", "-b", "main")
    spec = tmp_path / "spec"
    spec.mkdir()
    (spec / "api.json").write_text(_document("1", "parts/a.json#/A"))
    (spec / "parts").mkdir()
    (spec / "parts" / "a.json").write_text('{"A": {"type": "string", "title": "old"}}')
    _git(tmp_path, "add", "-A")
    _git(tmp_path, "commit", "-q", "-m", "one")
    (spec / "api.json").write_text(_document("2"))
    (spec / "over.json").write_text(_OVERLAY % "committed")
    (spec / "parts" / "a.json").write_text("gone")
    _git(tmp_path, "add", "-A")
    _git(tmp_path, "commit", "-q", "-m", "two")
    (spec / "api.json").write_text(_document("3"))
    (spec / "over.json").write_text(_OVERLAY % "edited")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _version(text: str, *overlays: str) -> object:
    return get(load_at(text, overlays).data, "#/info/version")


def test_a_file_is_read_from_the_disk(repository: Path) -> None:
    assert _version("spec/api.json") == "3"


def test_a_revision_is_read_from_git(repository: Path) -> None:
    assert _version("HEAD:spec/api.json") == "2"
    assert _version("main:spec/api.json") == "2"
    _git(repository, "add", "spec/api.json")
    assert _version(":spec/api.json") == "3"


def test_a_path_with_a_dot_counts_from_the_working_folder(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository / "spec")
    assert _version("HEAD:./api.json") == "2"
    assert _version("HEAD:spec/api.json") == "2"


def test_what_is_a_file_is_no_revision(repository: Path) -> None:
    (repository / "HEAD:x.json").write_text(_document("4"))
    assert _version("HEAD:x.json") == "4"


def test_references_lead_to_files_of_the_same_revision(repository: Path) -> None:
    document = load_at("HEAD~1:spec/api.json", (), Reach(Path("spec")))
    assert get(document.data, "#/components/schemas/A/title") == "old"
    assert "HEAD~1:spec/parts/a.json" in str(document.locate("#/components/schemas/A/title"))


@pytest.mark.parametrize("reference", ["../../a.json", "/etc/a.json", "../other/a.json"])
def test_references_stay_in_their_folder(repository: Path, reference: str) -> None:
    (repository / "spec" / "api.json").write_text(_document("5", reference))
    _git(repository, "commit", "-q", "-a", "-m", "three")
    with pytest.raises(DocumentError, match="leaves the folder"):
        load_at("HEAD:spec/api.json", (), Reach(Path("spec")))


def test_a_reference_to_no_file_says_so(repository: Path) -> None:
    (repository / "spec" / "api.json").write_text(_document("5", "parts/b.json"))
    _git(repository, "commit", "-q", "-a", "-m", "three")
    with pytest.raises(
        DocumentError, match=r"spec/parts/b\.json is no file in the revision 'HEAD'"
    ):
        load_at("HEAD:spec/api.json", (), Reach(Path("spec")))


def test_an_overlay_is_that_of_the_revision(repository: Path) -> None:
    document = load_at("HEAD:spec/api.json", ["spec/over.json"])
    assert get(document.data, "#/info/summary") == "committed"


def test_an_overlay_that_the_revision_lacks_is_not_applied(repository: Path) -> None:
    document = load_at("HEAD~1:spec/api.json", ["spec/over.json"], Reach(Path("spec")))
    assert document.data["info"] == {"title": "T", "version": "1"}


def test_an_overlay_from_elsewhere_is_read_from_the_disk(
    repository: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "over.json"
    elsewhere.write_text(_OVERLAY % "elsewhere")
    document = load_at("HEAD:spec/api.json", [elsewhere])
    assert get(document.data, "#/info/summary") == "elsewhere"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("spec/none.json", "No such file"),
        ("HEAD:spec/none.json", "is no file in the revision 'HEAD'"),
        ("HEAD:spec", "spec is a folder in the revision 'HEAD'"),
        (":none.json", "is no file in the index"),
        ("nowhere:spec/api.json", "no such git revision: 'nowhere'"),
        ("--help:spec/api.json", "no such git revision: '--help'"),
        ("HEAD:../api.json", "is outside of the repository"),
        ("HEAD:a\0b", "is no file and no git revision"),
    ],
)
def test_what_is_not_there_is_one_line(repository: Path, text: str, says: str) -> None:
    with pytest.raises(DocumentError) as told:
        load_at(text)
    assert says in str(told.value)
    assert "\n" not in str(told.value)


def test_without_git_it_says_so(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(DocumentError, match="git, which is not installed"):
        load_at("HEAD:spec/api.json")


def test_without_a_repository_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(DocumentError, match="no git repository here"):
        load_at("HEAD:spec/api.json")


def test_another_file_of_the_same_edition_is_read(repository: Path) -> None:
    (repository / "other.txt").write_text("old")
    _git(repository, "add", "-A")
    _git(repository, "commit", "-q", "-m", "other")
    (repository / "other.txt").write_text("new")
    path = repository / "other.txt"
    assert text_at("HEAD:api.json", path) == "old"
    assert text_at(str(path), path) == "new"
    assert text_at("HEAD~1:api.json", path) is None
    assert text_at("HEAD:api.json", repository / "absent.txt") is None
    with pytest.raises(DocumentError, match="no such git revision"):
        text_at("never:api.json", path)
