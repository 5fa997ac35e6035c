"""Each folder of `cases/` is a document and what becomes of it.

`openapi.yaml` goes in (and `overlay.yaml`, and the `names.lock` of an earlier run, where they are
there). Out come the files below `expected/`, or, where it must fail, one line: `stderr.txt`. To
accept what comes out now, run the tests with TALLYSTICK_ACCEPT=1 and read the diff.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tallystick.cli import run as run_command
from tallystick.cli import tallystick
from tallystick.generate import generate

CASES = sorted(each for each in (Path(__file__).parent / "cases").iterdir() if each.is_dir())
ACCEPT = bool(os.environ.get("TALLYSTICK_ACCEPT"))


def overlays(case: Path) -> list[Path]:
    return [each for each in [case / "overlay.yaml"] if each.is_file()]


@pytest.mark.parametrize(
    "case", [c for c in CASES if (c / "expected").is_dir()], ids=lambda c: c.name
)
def test_a_document_gives_the_expected_files(case: Path) -> None:
    lock = case / "names.lock"
    kept = lock if lock.is_file() else None
    files = generate(case / "openapi.yaml", overlays(case), package="example", lock=kept).files
    expected = {
        str(path.relative_to(case / "expected")): path
        for path in sorted((case / "expected").rglob("*"))
        if path.is_file()
    }
    assert expected, "a case without expected files shows nothing"
    for name, path in expected.items():
        if ACCEPT:
            path.write_text(files[name], encoding="utf-8")
        assert files[name] == path.read_text(encoding="utf-8"), name


@pytest.mark.parametrize(
    "case", [c for c in CASES if (c / "stderr.txt").is_file()], ids=lambda c: c.name
)
def test_a_document_is_refused_with_one_line(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(case)
    arguments = ["generate", "openapi.yaml", "-o", str(tmp_path / "out"), "--package", "example"]
    arguments += [part for each in overlays(Path()) for part in ("--overlay", str(each))]
    code = run_command(lambda: tallystick(arguments, standalone_mode=False))
    error = capsys.readouterr().err
    if ACCEPT:
        (case / "stderr.txt").write_text(error, encoding="utf-8")
    assert (code, error) == (2, (case / "stderr.txt").read_text(encoding="utf-8"))
    assert error.count("\n") == 1
    assert not (tmp_path / "out").exists()
