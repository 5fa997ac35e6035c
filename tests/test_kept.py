"""Found faults are kept and tried first the next time."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tallystick.contract import Contract, build
from tallystick.document import load
from tallystick_contracts.rules import Case
from tallystick_contracts.rules.groups import name_of
from tallystick_contracts.rules.kept import Kept
from tallystick_contracts.run import plan, run
from tallystick_contracts.sandbox import sandbox
from tallystick_contracts.target import in_process
from tallystick_contracts.verdicts import Law, Result

SPEC = Path(__file__).parent.parent / "spec"
KEY = "sesame-open-7"


@cache
def vendored() -> Contract:
    return build(load(SPEC / "openapi.yaml", [SPEC / "overlay.yaml"]))


def some() -> list[Case]:
    """Few cases, creates only, so that none waits for an update."""
    creates = [each for each in plan(vendored()) if each.spot.operation.method == "POST"]
    return [each for each in creates if each.rule.law is Law.DEFAULTS]


def tried(
    folder: Path | None, *faults: str, said: list[str] | None = None, workers: int = 1
) -> Result:
    app = sandbox(vendored(), key=KEY, faults=faults)
    target = in_process(vendored(), app, key=KEY, poll_budget=0.15)
    labels = [] if said is None else said
    try:
        return run(
            vendored(),
            target,
            cases=some(),
            database=folder,
            workers=workers,
            on_progress=lambda done, total, label: labels.append(label),
        )
    finally:
        target.close()


def test_what_was_broken_is_tried_first_the_next_time(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    broken = tried(folder, "zero_as_absent").broken
    assert broken
    assert (folder / ".gitignore").read_text() == "*\n"
    said: list[str] = []
    tried(folder, "zero_as_absent", said=said)
    cases = {case.label: name_of(case) for case in some()}
    first = [cases[label] for label in said if label in cases][: len(said) // 100 + 1]
    assert set(first) <= Kept(vendored(), folder).groups()


def test_what_is_mended_is_forgotten(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    tried(folder, "zero_as_absent")
    assert Kept(vendored(), folder).groups()
    tried(folder)
    assert Kept(vendored(), folder).groups() == frozenset()


def test_a_server_without_faults_leaves_no_folder(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    assert tried(folder).broken == ()
    assert not folder.exists()


def test_a_folder_that_cannot_be_written_keeps_nothing_and_harms_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    kept = Kept(vendored(), tmp_path / "file" / "kept")
    kept.keep({"a"}, frozenset({"a"}))
    assert kept.groups() == frozenset()


def test_only_what_was_tried_is_forgotten(tmp_path: Path) -> None:
    kept = Kept(vendored(), tmp_path)
    kept.keep({"a", "b"}, frozenset({"a"}))
    assert kept.groups() == {"a"}
    kept.keep({"b"}, frozenset())
    assert kept.groups() == {"a"}


def test_nothing_is_kept_without_a_folder() -> None:
    kept = Kept(vendored(), None)
    kept.keep({"a"}, frozenset({"a"}))
    assert kept.groups() == frozenset()
