"""What is to be released, from the changes of the wire and those of the package."""

from __future__ import annotations

from pathlib import Path

import pytest

from tallystick.contract import Contract, build
from tallystick.document import load
from tallystick.evolve import (
    KINDS,
    Change,
    Comparison,
    Direction,
    Level,
    PythonChange,
    Severity,
    severities,
)
from tallystick.evolve.release.verdict import verdict
from tallystick.evolve.release.version import next_version


@pytest.fixture(scope="module")
def contract(tmp_path_factory: pytest.TempPathFactory) -> Contract:
    path: Path = tmp_path_factory.mktemp("verdict") / "api.json"
    path.write_text('{"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {}}')
    return build(load(path, []))


def change(kind: str, direction: Direction = "request") -> Change:
    whom = severities(KINDS[kind], direction)
    return Change(kind, direction, "#/a", "#/a", (), whom, "It changed.", "structure")


def of_python(severity: Severity) -> PythonChange:
    return PythonChange("changed", "models.Thing.size", "str", "Integer", severity, "It changed.")


@pytest.mark.parametrize(
    ("kind", "direction", "wire", "package"),
    [
        ("member-required", "request", "major", "major"),
        ("bound-narrowed", "both", "major", "major"),
        ("null-admitted", "response", "major", "patch"),
        ("enum-value-added", "response", "major", "patch"),
        ("bound-widened", "request", "minor", "patch"),
        ("enum-value-removed", "response", "minor", "patch"),
        ("default-changed", "request", "minor", "minor"),
        ("security-added", "request", "major", "major"),
        ("operation-added", "request", "minor", "patch"),
        ("operation-deprecated", "request", "minor", "minor"),
        ("operation-id-changed", "both", "minor", "patch"),
        ("security-scheme-changed", "request", "major", "minor"),
        ("description-changed", "both", "patch", "patch"),
        ("server-changed", "both", "major", "patch"),
        ("parameter-style-changed", "request", "major", "patch"),
    ],
)
def test_one_change_of_the_wire_decides(
    kind: str, direction: Direction, wire: Level, package: Level, contract: Contract
) -> None:
    found = verdict(Comparison(contract, contract, (change(kind, direction),)), ())
    assert (found.wire, found.package) == (wire, package)


@pytest.mark.parametrize(
    ("severity", "package"),
    [("breaking", "major"), ("risky", "minor"), ("compatible", "minor")],
)
def test_one_change_of_a_name_decides(
    severity: Severity, package: Level, contract: Contract
) -> None:
    found = verdict(Comparison(contract, contract, ()), (of_python(severity),))
    assert (found.wire, found.package) == ("none", package)
    assert found.because == (of_python(severity),)


def test_every_kind_has_a_verdict(contract: Contract) -> None:
    for kind in KINDS:
        for direction in ("request", "response", "both"):
            found = verdict(Comparison(contract, contract, (change(kind, direction),)), ())
            assert found.wire != "none"
            assert found.package != "none"


def test_texts_are_a_patch_and_nothing_is_nothing(contract: Contract) -> None:
    texts = Comparison(contract, contract, (), notes=(change("description-changed", "both"),))
    assert verdict(texts, ()).wire == verdict(texts, ()).package == "patch"
    nothing = Comparison(contract, contract, ())
    assert verdict(nothing, ()).package == "patch", "the files differ"
    same = verdict(nothing, (), same_files=True)
    assert (same.wire, same.package, same.because) == ("none", "none", ())


def test_the_worst_decides_and_is_named_once(contract: Contract) -> None:
    worst, other = change("member-required"), change("bound-widened")
    broken = of_python("breaking")
    both = Comparison(contract, contract, (other, worst))
    found = verdict(both, (of_python("compatible"), broken))
    assert (found.wire, found.package) == ("major", "major")
    assert found.because == (worst, broken)


def test_without_a_package_it_is_taken_to_change_as_the_wire_does(contract: Contract) -> None:
    found = verdict(Comparison(contract, contract, (change("null-admitted", "response"),)))
    assert (found.wire, found.package) == ("major", "major")


@pytest.mark.parametrize(
    ("current", "major", "minor", "patch"),
    [
        ("1.2.3", "2.0.0", "1.3.0", "1.2.4"),
        ("1.0", "2.0.0", "1.1.0", "1.0.1"),
        ("0.4.2", "0.5.0", "0.4.3", "0.4.3"),
        ("0", "0.1.0", "0.0.1", "0.0.1"),
        ("2.1.3.4", "3.0.0", "2.2.0", "2.1.4"),
    ],
)
def test_the_version_that_comes_next(current: str, major: str, minor: str, patch: str) -> None:
    assert next_version(current, "major") == major
    assert next_version(current, "minor") == minor
    assert next_version(current, "patch") == patch
    assert next_version(current, "none") == current
