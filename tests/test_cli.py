"""The verbs on a document: what they print, their exit codes, and bad input in one line."""

from __future__ import annotations

import gc
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from command_line import Line
from tallystick.config import configuration
from tallystick.errors import UsageError

ROOT = Path(__file__).parent.parent
SMALL = ROOT / "tests" / "cases" / "presence" / "openapi.yaml"


@pytest.fixture
def line(capsys: pytest.CaptureFixture[str]) -> Line:
    return Line(capsys)


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Path:
    """The repository's root, where the vendored contract is configured."""
    monkeypatch.chdir(ROOT)
    return ROOT


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with no configuration."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_vendored_document_is_what_its_pages_make(line: Line, here: Path) -> None:
    assert line("assemble", "--check") == 0
    assert line.out == "up to date: spec/openapi.yaml\n"


def test_a_stale_document_is_shown_as_a_diff(line: Line, here: Path, tmp_path: Path) -> None:
    stale = tmp_path / "openapi.yaml"
    stale.write_text((here / "spec" / "openapi.yaml").read_text().replace("Baseten", "Someone"))
    assert line("assemble", here / "spec" / "pages", "-o", stale, "--check") == 1
    assert "-  description: REST API for management of Someone resources\n" in line.out
    assert "+  description: REST API for management of Baseten resources\n" in line.out
    assert "stale" in line.refused()


def test_assemble_writes_the_document_and_its_lock(line: Line, here: Path, tmp_path: Path) -> None:
    made = tmp_path / "api.yaml"
    assert line("assemble", "spec/pages", "-o", made) == 0
    assert made.read_bytes() == (here / "spec" / "openapi.yaml").read_bytes()
    lock = tmp_path / "vendor.lock"
    assert lock.read_bytes() == (here / "spec" / "vendor.lock").read_bytes()
    assert line("assemble", "spec/pages", "-o", made) == 0
    assert line.out.startswith("up to date")


def test_assemble_needs_pages_and_an_output(line: Line, empty: Path) -> None:
    assert line("assemble") == 2
    assert "tallystick assemble PAGES... -o FILE" in line.refused()


def test_pages_without_a_fragment_are_refused(line: Line, empty: Path) -> None:
    (empty / "page.md").write_text("# Nothing here\n")
    assert line("assemble", "page.md", "-o", "x.yaml") == 2
    assert "no page holds an OpenAPI fragment" in line.refused()
    assert not (empty / "x.yaml").exists()


def test_lint_of_the_vendored_contract_finds_traps_and_no_error(line: Line, here: Path) -> None:
    assert line("lint") == 0
    assert " warning reset-trap " in line.out
    assert " error " not in line.out
    assert line.err.startswith("spec/openapi.yaml: 0 errors, ")


def test_lint_fails_on_an_error(line: Line, empty: Path) -> None:
    text = SMALL.read_text().replace("default: 0", "default: zero")
    (empty / "bad.yaml").write_text(text)
    assert line("lint", "bad.yaml") == 1
    assert "bad.yaml:" in line.out
    assert " error default-refused " in line.out


@pytest.mark.parametrize("verb", ["lint", "generate", "serve"])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"", "nothing where a mapping is expected"),
        (b"[1, 2]", "list"),
        (b"openapi: 3.1.0\ninfo: {", "not YAML"),
        (b"\xff\xfe\xfd", "f.yaml"),
        (b"swagger: '2.0'\n", "Swagger 2.0"),
        (b"{}", "openapi"),
    ],
)
def test_bad_input_is_one_line_and_exit_2(
    line: Line, empty: Path, verb: str, text: bytes, expected: str
) -> None:
    (empty / "f.yaml").write_bytes(text)
    more = ["-o", "out", "--package", "p"] if verb == "generate" else []
    assert line(verb, "f.yaml", *more) == 2
    assert expected in line.refused()
    assert not (empty / "out").exists()


@pytest.mark.parametrize("verb", ["lint", "generate", "serve", "run"])
def test_a_missing_document_is_one_line(line: Line, empty: Path, verb: str) -> None:
    more = ["-o", "out", "--package", "p"] if verb == "generate" else []
    assert line(verb, "missing.yaml", *more) == 2
    assert "missing.yaml" in line.refused()


def test_no_document_named_and_none_configured(line: Line, empty: Path) -> None:
    assert line("lint") == 2
    assert "no document named" in line.refused()


def test_generate_writes_checks_and_shows_what_differs(line: Line, empty: Path) -> None:
    arguments = ["generate", SMALL, "-o", "out", "--package", "boxes"]
    assert line(*arguments) == 0
    assert (empty / "out" / "boxes" / "models.py").is_file()
    assert line(*arguments, "--check") == 0
    models = empty / "out" / "boxes" / "models.py"
    models.write_text(models.read_text() + "# mine\n")
    assert line(*arguments, "--check") == 1
    assert "-# mine" in line.out
    assert "boxes/models.py" in line.err
    assert line(*arguments) == 2
    assert "boxes/models.py" in line.refused()
    assert line(*arguments, "--force") == 0
    assert "# mine" not in models.read_text()


def test_generate_leaves_the_files_of_others_alone(line: Line, empty: Path) -> None:
    arguments = ["generate", SMALL, "-o", "out", "--package", "boxes"]
    assert line(*arguments) == 0
    mine = empty / "out" / "boxes" / "mine.py"
    mine.write_text("x = 1\n")
    (empty / "out" / "boxes" / "api.py").unlink()
    assert line(*arguments) == 0
    assert mine.read_text() == "x = 1\n"
    assert (empty / "out" / "boxes" / "api.py").is_file()


def test_generate_needs_to_know_where(line: Line, empty: Path) -> None:
    assert line("generate", SMALL) == 2
    assert "-o DIR" in line.refused()


@pytest.mark.parametrize("name", ["not-a-name", "class", "../up", "a.b", "", "json\n"])
def test_a_package_must_have_a_name_that_can_be_imported(
    line: Line, empty: Path, name: str
) -> None:
    assert line("generate", SMALL, "-o", "out", "--package", name) == 2
    assert "package" in line.refused()
    assert not (empty / "out").exists()


def test_a_document_with_errors_is_not_generated_half(line: Line, empty: Path) -> None:
    shutil.copy(ROOT / "tests/cases/refused-dangling-ref/openapi.yaml", empty / "f.yaml")
    assert line("generate", "f.yaml", "-o", "out", "--package", "p") == 2
    assert "f.yaml:11:24:" in line.refused()
    assert not (empty / "out").exists()


def test_an_unknown_verb_is_told_with_usage(line: Line, empty: Path) -> None:
    assert line("frobnicate") == 2
    assert "No such command 'frobnicate'" in line.err


def test_help_names_every_verb(line: Line, empty: Path) -> None:
    assert line("--help") == 0
    for verb in ("assemble", "generate", "lint", "run", "serve", "test"):
        assert f"  {verb} " in line.out


def test_settings_come_from_the_nearest_project_file(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.tallystick]\nspec = "api.yaml"\n')
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    (below / "pyproject.toml").write_text("[project]\nname = 'other'\n")
    assert configuration(below).spec == tmp_path / "api.yaml"


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ('specs = "a"', "there is no setting tool.tallystick.specs"),
        ("spec = 1", "tool.tallystick.spec must be text"),
        ('overlays = "a"', "tool.tallystick.overlays must be a list"),
        ("spec = ", "cannot be read as TOML"),
    ],
)
def test_bad_settings_are_refused_in_one_line(tmp_path: Path, table: str, expected: str) -> None:
    (tmp_path / "pyproject.toml").write_text(f"[tool.tallystick]\n{table}\n")
    with pytest.raises(UsageError, match=expected):
        configuration(tmp_path)


def test_a_lock_of_names_that_is_no_text_is_one_line(line: Line, empty: Path) -> None:
    (empty / "out").mkdir()
    (empty / "out" / "names.lock").write_bytes(b"\xff")
    assert line("generate", SMALL, "-o", "out", "--package", "boxes") == 2
    assert "not a lock of names" in line.refused()


def test_a_stale_document_that_is_no_text_is_stale(line: Line, here: Path, tmp_path: Path) -> None:
    (tmp_path / "out.yaml").write_bytes(b"\xff\xfe")
    assert line("assemble", "spec/pages", "-o", tmp_path / "out.yaml", "--check") == 1
    assert "stale" in line.refused()


def test_assemble_makes_the_folder_that_it_is_asked_for(
    line: Line, here: Path, tmp_path: Path
) -> None:
    assert line("assemble", "spec/pages", "-o", tmp_path / "new" / "deep" / "api.yaml") == 0
    assert (tmp_path / "new" / "deep" / "vendor.lock").is_file()


def loaded(code: str) -> frozenset[str]:
    """The modules that a new interpreter has loaded after ``code``."""
    script = f"{code}\nimport sys; print(*sys.modules, file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return frozenset(done.stderr.split())


def test_a_verb_loads_only_what_it_needs() -> None:
    slow = {"jinja2", "jsonschema_rs", "pydantic", "tallystick_contracts", "yaml"}
    assert not loaded("import tallystick.cli") & (slow | {"importlib.metadata", "rich"})
    lint = loaded(
        "from tallystick.cli import run, tallystick; "
        f"run(lambda: tallystick(['lint', {str(SMALL)!r}], standalone_mode=False))"
    )
    assert "jsonschema_rs" in lint
    assert not lint & {"jinja2", "openapi_spec_validator", "requests", "tallystick.render"}


def test_a_folder_for_references_is_given_by_flag_or_configuration(line: Line, empty: Path) -> None:
    head = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\n"
    uri = "https://a.example/a.yaml"
    refs = f"components: {{schemas: {{A: {{$ref: ../a.yaml}}, B: {{$ref: '{uri}'}}}}}}\n"
    (empty / "apis").mkdir()
    (empty / "apis/api.yaml").write_text(head + refs)
    (empty / "a.yaml").write_text("type: string\n")
    table = f"[tool.tallystick]\nspec = 'apis/api.yaml'\nref-files = {{'{uri}' = 'a.yaml'}}\n"
    (empty / "pyproject.toml").write_text(table)
    wanted = ("generate", "-o", "out", "--package", "example")
    assert line(*wanted) == 2
    assert line(*wanted, "--ref-root", ".") == 0
    assert line("lint", "--ref-root", ".") == 0
    (empty / "pyproject.toml").write_text(table + "ref-root = '.'\n")
    assert line(*wanted, "--check") == 0


def test_the_collector_rests_only_while_a_package_is_made(line: Line, empty: Path) -> None:
    assert line("generate", SMALL, "-o", "out", "--package", "boxes") == 0
    assert gc.isenabled()
    assert line("generate", empty / "absent.yaml", "-o", "out", "--package", "boxes") == 2
    assert gc.isenabled()
