"""The wheels, installed into an empty folder: they run with no source tree, and have all their data."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from git_project import PAGE

ROOT = Path(__file__).parent.parent
SOURCES = {
    "tallystick": ROOT / "codegen" / "tallystick",
    "tallystick_contracts": ROOT / "contracts" / "tallystick_contracts",
    "tallystick_contracts/rule_pages": ROOT / "docs" / "rules",
}


def built(source: Path, folder: Path) -> Path:
    """The wheel of a source tree, built by its own backend, without a network."""
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        check=False,
        cwd=source,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    (wheel,) = folder.glob("*.whl")
    return wheel


class Installed:
    """A folder of installed wheels, and Pythons that see nothing else of ours.

    ``-S`` leaves out the ``.pth`` files, by which a development install names the source tree.
    """

    def __init__(self, folder: Path, place: Path) -> None:
        self.folder, self.place = folder, place
        libraries = {sysconfig.get_path(name) for name in ("purelib", "platlib")}
        kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
        self._environment = kept | {
            "PYTHONPATH": os.pathsep.join([str(folder), *libraries]),
            "PYTHONDONTWRITEBYTECODE": "1",
            "HOME": str(place),
        }
        place.mkdir()

    def install(self, wheel: Path) -> None:
        """Install a wheel as pip does, without its dependencies."""
        self.ended(
            [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"],
            *("--no-compile", "--disable-pip-version-check", "--target", self.folder, wheel),
        )

    def python(self, *words: object) -> str:
        """What a Python prints that sees the installed wheels."""
        return self.ended([sys.executable, "-S"], *words)

    def __call__(self, *words: object) -> str:
        """What a verb prints."""
        return self.python("-m", "tallystick", *words)

    def ended(self, command: list[str], *words: object) -> str:
        done = subprocess.run(
            [*command, *map(str, words)],
            check=False,
            cwd=self.place,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(ROOT, tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def tallystick(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("installed")
    made = Installed(folder / "packages", folder / "empty")
    made.install(wheel)
    (made.place / "boxes.yaml").write_text(PAGE, encoding="utf-8")
    return made


def test_the_wheel_holds_every_file_of_its_packages(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    for package, source in SOURCES.items():
        for file in source.rglob("*"):
            if file.is_file() and "__pycache__" not in file.parts:
                assert f"{package}/{file.relative_to(source).as_posix()}" in held
    for name in ("tallystick", "tallystick_contracts"):
        assert f"{name}/py.typed" in held
    packages = {name.split("/")[0] for name in held if ".dist-info/" not in name}
    assert packages == {"tallystick", "tallystick_contracts"}


def test_only_the_installed_package_is_seen(tallystick: Installed) -> None:
    script = "import tallystick, tallystick_contracts as c; print(tallystick.__file__, c.__file__)"
    files = tallystick.python("-c", script).split()
    assert all(Path(each).is_relative_to(tallystick.folder) for each in files)


def test_the_command_tells_its_version(tallystick: Installed) -> None:
    script = tallystick.folder / "bin" / "tallystick"
    assert tallystick.ended([str(script)], "--version").startswith("tallystick, version ")


def test_lint_runs(tallystick: Installed) -> None:
    tallystick("lint", "boxes.yaml")


def test_a_package_is_generated_whose_wheel_stands_alone(
    tallystick: Installed, tmp_path: Path
) -> None:
    tallystick("generate", "boxes.yaml", "-o", "client", "--package", "boxes")
    alone = Installed(tmp_path / "packages", tmp_path / "empty")
    alone.install(built(tallystick.place / "client", tmp_path))
    script = (
        "import sys, boxes.client, boxes.models, boxes.server; print(boxes.__file__);"
        "print(boxes.models.Box.model_validate_json('{\"size\": 3}').size);"
        "assert not [each for each in sys.modules if each.startswith('tallystick')]"
    )
    file, size = alone.python("-c", script).split()
    assert (Path(file).parent / "py.typed").is_file()
    assert (Path(file).is_relative_to(alone.folder), size) == (True, "3")


@pytest.mark.parametrize(("form", "has"), [("markdown", "size"), ("html", "<script")])
def test_a_comparison_is_told(tallystick: Installed, form: str, has: str) -> None:
    (tallystick.place / "next.yaml").write_text(
        PAGE.replace("size: {type", "size: {minimum: 1, type")
    )
    tallystick(
        *("diff", "boxes.yaml", "next.yaml", "--fail-on", "never"),
        *("--format", form, "-o", f"diff.{form}"),
    )
    assert has in (tallystick.place / f"diff.{form}").read_text(encoding="utf-8")


def test_names_of_rules_and_faults_are_completed(tallystick: Installed) -> None:
    script = (
        "from tallystick_contracts.cli.completing import faults_so, rules_so\n"
        "for so in (faults_so, rules_so):\n"
        "    print(len(so(None, None, '')) > 50)"
    )
    assert tallystick.python("-c", script).split() == ["True", "True"]


def test_rules_have_their_pages(tallystick: Installed) -> None:
    page = (ROOT / "docs" / "rules" / "absent_means_default.md").read_text(encoding="utf-8")
    assert tallystick("rules", "absent_means_default").startswith(page.splitlines()[0])


def test_a_run_writes_every_report(tallystick: Installed) -> None:
    tallystick(
        *("run", "boxes.yaml", "--budget", "5s", "--report", "reports"),
        *("--rules", "a_405_says_which_methods_there_are"),
    )
    reports = tallystick.place / "reports"
    names = {"report.html", "report.json", "report.sarif", "report.har", "junit.xml"}
    assert names <= {each.name for each in reports.iterdir()}
    assert "<script>" in (reports / "report.html").read_text(encoding="utf-8")
