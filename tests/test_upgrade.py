"""`tallystick upgrade`: one summary, and all of the files or none of them."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from command_line import Line
from tallystick.errors import OutputError
from tallystick.output import Together, write_together
from tallystick_contracts.cli import upgrading as verb
from tallystick_contracts.cli.edition import past
from tallystick_contracts.old_client import Uses
from tallystick_contracts.verdicts import Law, Result, Standing, Subject, Verdict

ROOT = Path(__file__).parent.parent
SMALL = ROOT / "tests" / "cases" / "presence" / "openapi.yaml"
CONFIGURED = """
[tool.tallystick]
spec = "api.yaml"
output = "made"
package = "boxes"
history = "past"
"""
BREAKING = ("optional_null: {type: [integer, 'null']}", "optional_null: {type: integer}")
FINE = (
    "optional: {type: integer, desc",
    "later: {type: integer}\n        optional: {type: integer, desc",
)

PAGE = """# {title}

```yaml get {path}
openapi: 3.1.0
info: {{title: Boxes, version: "1"}}
paths:
  {path}:
    get:
      responses:
        '200':
          description: {title}
          content: {{application/json: {{schema: {{type: {type}}}}}}}
```
"""


@pytest.fixture
def line(capsys: pytest.CaptureFixture[str]) -> Line:
    return Line(capsys)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: Line) -> Path:
    """A project with a document and its package."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text(CONFIGURED)
    shutil.copy(SMALL, tmp_path / "api.yaml")
    assert line("generate") == 0
    return tmp_path


@pytest.fixture
def untried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is sent: the suite and the old client have tests of their own."""
    nothing = Result("Boxes", "", "sandbox", 1, (), 0, 0.0)
    monkeypatch.setattr(verb, "_own", lambda *arguments: nothing)
    monkeypatch.setattr(verb, "uses", lambda *args, **more: Uses((), 0, 0.0, ()))


def edited(*edits: tuple[str, str], name: str = "new.yaml") -> Path:
    """The small document with texts replaced, outside of the project."""
    text = SMALL.read_text()
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    folder = Path.cwd().parent / "incoming"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text)
    return folder / name


def files(root: Path) -> dict[str, bytes]:
    places = (place for place in sorted(root.rglob("*")) if place.is_file())
    found = [place for place in places if not place.name.endswith("tallystick-lock")]
    return {place.relative_to(root).as_posix(): place.read_bytes() for place in found}


def test_a_new_document_is_compared_tried_and_written(line: Line, here: Path) -> None:
    before = (here / "api.yaml").read_bytes()
    new = edited(BREAKING, FINE)
    assert line("upgrade", new, "--budget", "120s") == 0, line.err
    assert (here / "api.yaml").read_bytes() == new.read_bytes()
    assert (here / "past" / "000-api.yaml").read_bytes() == before
    assert "may be null no longer" in line.out
    assert "fails      POST /boxes  boxes.create" in line.out
    assert "refused: 400 for a request that was taken before" in line.out
    assert '"optional_null":null} -> 400' in line.out
    assert "past: 000-api.yaml" in line.out
    assert "version: 1 -> 2.0.0" in line.out
    assert "## 2.0.0 - " in (here / "made" / "CHANGELOG.md").read_text()
    assert 'version = "2.0.0"' in (here / "made" / "pyproject.toml").read_text()
    assert line("generate", "--check") == 0
    assert line("upgrade", new) == 0
    assert "nothing to do" in line.out


@pytest.mark.usefixtures("untried")
def test_a_dry_run_writes_nothing_and_says_what_it_would(line: Line, here: Path) -> None:
    before = files(here)
    assert line("upgrade", edited(FINE), "--dry-run") == 0
    assert files(here) == before
    assert "nothing was written; it would be: " in line.out
    assert "models.py" in line.out


@pytest.mark.usefixtures("untried")
def test_names_stay_frozen_and_the_history_counts_on(line: Line, here: Path) -> None:
    lock = json.loads((here / "made" / "names.lock").read_text())
    assert line("upgrade", edited(FINE)) == 0
    kept = json.loads((here / "made" / "names.lock").read_text())
    digests = ("members ", "shapes")  # of the content, which changed
    names = [each for each in lock if not each.startswith(digests)]
    assert names
    assert all(lock[each].items() <= kept[each].items() for each in names)
    assert line("upgrade", edited(BREAKING)) == 0
    assert sorted(each.name for each in (here / "past").iterdir()) == [
        "000-api.yaml",
        "001-api.yaml",
    ]


def test_a_change_of_texts_alone_is_written_without_a_run(line: Line, here: Path) -> None:
    new = edited(("info:", "# A remark.\ninfo:"))
    assert line("upgrade", new, "--budget", "0s") == 0
    assert "the contract is the same" in line.out
    assert (here / "api.yaml").read_bytes() == new.read_bytes()
    assert not (here / "past").exists()


@pytest.mark.usefixtures("untried")
@pytest.mark.parametrize("level", ["breaking", "any"])
def test_a_change_that_ci_forbids_is_not_written(line: Line, here: Path, level: str) -> None:
    before = files(here)
    assert line("upgrade", edited(BREAKING), "--fail-on", level) == 1
    assert files(here) == before
    assert "nothing was written" in line.out
    assert line("upgrade", edited(FINE), "--fail-on", "breaking") == 0


@pytest.mark.usefixtures("untried")
def test_a_document_that_fails_a_lint_is_not_written(line: Line, here: Path) -> None:
    before = files(here)
    assert line("upgrade", edited(("description: The box.", "summary: 1"))) == 1
    assert "✘ lint" in line.out
    assert files(here) == before


@pytest.mark.usefixtures("untried")
def test_a_document_that_is_not_strict_is_not_written(line: Line, here: Path) -> None:
    before = files(here)
    new = edited(
        ("required: {type: integer}", "required: {type: integer, 'x-odd': 1, $comment: a}")
    )
    lax = line("upgrade", new, "--strict", "--dry-run")
    assert lax == line("generate", new, "-o", "scratch", "--package", "boxes", "--strict")
    shutil.rmtree("scratch")
    assert files(here) == before


def test_a_contract_whose_own_sandbox_breaks_it_is_not_written(
    line: Line, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject = Subject("POST /boxes", "#/paths/~1boxes/post")
    broken = Verdict("absent_stays_absent", Law.PRESENCE, subject, Standing.BROKEN, "it came back")
    result = Result("Boxes", "", "sandbox", 1, (broken,), 1, 0.0)
    monkeypatch.setattr(verb, "_own", lambda *arguments: result)
    before = files(here)
    assert line("upgrade", edited(BREAKING)) == 1
    assert "absent_stays_absent: POST /boxes: it came back" in line.out
    assert files(here) == before


def test_ctrl_c_while_it_is_tried_leaves_all_as_it_was(
    line: Line, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*arguments: object) -> Result:
        raise KeyboardInterrupt

    monkeypatch.setattr(verb, "_own", stopped)
    before = files(here)
    assert line("upgrade", edited(BREAKING)) == 130
    assert files(here) == before


@pytest.mark.usefixtures("untried")
def test_a_hand_edited_file_stops_it_before_anything_is_tried(line: Line, here: Path) -> None:
    (here / "made" / "boxes" / "models.py").write_text("# mine\n")
    before = files(here)
    assert line("upgrade", edited(BREAKING)) == 2
    assert "edited by hand" in line.refused()
    assert files(here) == before
    assert line("upgrade", edited(BREAKING), "--force") == 0


@pytest.mark.usefixtures("untried")
def test_a_failure_at_any_call_of_the_write_leaves_all_as_it_was(
    line: Line, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    caught: list[Together] = []

    def kept(wanted: Together, **more: Any) -> None:
        caught.append(wanted)
        raise KeyboardInterrupt

    monkeypatch.setattr(verb, "write_together", kept)
    assert line("upgrade", edited(BREAKING, FINE)) == 130
    before = files(here)
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)
    refused = next(at for at in range(1, 400, 3) if not fails(caught[0], at))
    assert refused > 30
    assert files(here) != before  # only the tidying up failed: all of it is in place
    assert line("generate", "--check") == 0


def fails(wanted: Together, at: int) -> bool:
    """Whether a write is refused if call number ``at`` fails; all is as it was then."""
    before = files(wanted.root)
    with pytest.MonkeyPatch.context() as patch:
        failing(at, patch)
        try:
            write_together(wanted)
        except OutputError:
            pass
        else:
            return False
    assert files(wanted.root) == before
    return True


def failing(at: int, patch: pytest.MonkeyPatch) -> None:
    """Let file system call number ``at`` fail for a full disk."""
    count = 0

    def wrapped(call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **kwargs: Any) -> Any:
            nonlocal count
            count += 1
            if count == at:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return call(*args, **kwargs)

        return counted

    for name in ("mkdir", "unlink", "rename", "replace", "link", "write", "open"):
        patch.setattr(os, name, wrapped(getattr(os, name)))


# Pages


@pytest.fixture
def of_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: Line) -> Path:
    """A project whose document is made of two pages."""
    monkeypatch.chdir(tmp_path)
    text = CONFIGURED.replace("history", 'pages = "pages"\nhistory')
    (tmp_path / "pyproject.toml").write_text(text)
    (tmp_path / "pages").mkdir()
    for name in ("a", "b"):
        page = PAGE.format(title=name.upper(), path=f"/{name}", type="integer")
        (tmp_path / "pages" / f"{name}_1.md").write_text(page)
    assert line("assemble") == 0
    assert line("generate") == 0
    return tmp_path


def page(name: str, path: str, kind: str) -> Path:
    folder = Path.cwd().parent / "incoming"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(PAGE.format(title=path[1:].upper(), path=path, type=kind))
    return folder / name


@pytest.mark.usefixtures("untried")
def test_a_new_page_takes_the_place_of_the_one_that_said_its_operation(
    line: Line, of_pages: Path
) -> None:
    assert line("upgrade", page("b_2.md", "/b", "string")) == 0, line.err
    assert sorted(each.name for each in (of_pages / "pages").iterdir()) == ["a_1.md", "b_2.md"]
    assert sorted(each.name for each in (of_pages / "past").iterdir()) == [
        "000-api.yaml",
        "000-vendor.lock",
    ]
    assert '"b_2.md"' in (of_pages / "vendor.lock").read_text()
    assert line("assemble", "--check") == 0
    assert line("generate", "--check") == 0


@pytest.mark.usefixtures("untried")
def test_pages_that_stand_there_already_are_assembled_anew(line: Line, of_pages: Path) -> None:
    assert line("upgrade") == 0
    assert "nothing to do" in line.out
    stale = PAGE.format(title="A", path="/a", type="string")
    (of_pages / "pages" / "a_1.md").write_text(stale)
    assert line("upgrade") == 0
    assert line("assemble", "--check") == 0


@pytest.mark.usefixtures("untried")
def test_pages_that_contradict_each_other_write_nothing(line: Line, of_pages: Path) -> None:
    both = page("c.md", "/b", "string"), page("d.md", "/b", "boolean")
    before = files(of_pages)
    assert line("upgrade", *both) == 2
    assert "~1b" in line.refused()
    assert files(of_pages) == before


def test_a_whole_document_is_no_page(line: Line, of_pages: Path) -> None:
    assert line("upgrade", SMALL) == 2
    assert "is made of the pages in pages" in line.refused()


@pytest.mark.parametrize(
    ("words", "said"),
    [((), "nothing new is named"), (("gone.yaml",), "gone.yaml"), (("gone",), "gone")],
)
def test_bad_input_is_one_line(line: Line, here: Path, words: tuple[str, ...], said: str) -> None:
    assert line("upgrade", *words) == 2
    assert said in line.refused()


def test_the_history_keeps_two_overlays_of_one_name(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    sources = [tmp_path / folder / "overlay.yaml" for folder in ("a", "b")]
    for each in sources:
        each.write_text(each.parent.name)
    kept = past(tmp_path / "past", [*sources, tmp_path / "gone.yaml"])
    assert sorted(kept.values(), key=str) == [b"a", b"b"]


# The vendored contract


def test_the_chain_edition_becomes_the_contract_of_today(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    stem = ROOT / "spec" / "history" / "001-chain-environments"
    (tmp_path / "notes.yaml").write_text(NOTES)
    (tmp_path / "pyproject.toml").write_text(CONFIGURED)
    shutil.copy(f"{stem}.yaml", tmp_path / "api.yaml")
    before = ("--overlay", f"{stem}.silent.yaml", "--overlay", "notes.yaml")
    assert line("generate", "api.yaml", *before, "-o", "made", "--package", "boxes") == 0
    spec = ROOT / "spec"
    old = [word.replace("--overlay", "--old-overlay") for word in before]
    new = ("--overlay", spec / "overlay.yaml", *old, "--dry-run", "--budget", "2s")
    assert line("upgrade", spec / "openapi.yaml", *new) == 0, line.err
    assert "promotion_cleanup_strategy" in line.out
    assert "[member-moved]" in line.out
    create = "POST /v1/chains/{chain_id}/environments  chains.environments.create"
    assert f"may fail   {create}" in line.out


NOTES = """
overlay: 1.0.0
info: {title: What the overlay of today says of the edition too, version: '1'}
actions:
  - target: $.components.securitySchemes.ApiKeyAuth
    update: {x-tallystick-prefix: 'Api-Key '}
  - target: $.paths.*.parameters[0]
    update: {x-tallystick-given: [pqrs2468, jklm1357]}
"""


def test_the_whole_verb_says_what_it_does(line: Line) -> None:
    assert line("upgrade", "--help") == 0
    assert "NEW left out" in line.out
