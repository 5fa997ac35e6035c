"""The version of the generated package: the document's, until names.lock freezes another."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest

from tallystick.errors import UsageError
from tallystick.generate import Generated, generate, released
from tallystick.names import with_version

DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "t", "version": "2.1"},
    "servers": [{"url": "https://api.example"}],
    "paths": {"/pets": {"get": {"responses": {"204": {"description": ""}}}}},
}


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    path = tmp_path / "api.json"
    path.write_text(json.dumps(DOCUMENT))
    return path


def test_a_contract_of_a_frozen_version_can_be_given_to_another_process(spec: Path) -> None:
    contract = released(generate(spec, package="versioned"), "3.0").contract
    assert pickle.loads(pickle.dumps(contract)).names_lock == contract.names_lock


def made(spec: Path, lock: str) -> Generated:
    path = spec.with_name("names.lock")
    path.write_text(lock)
    return generate(spec, package="versioned", lock=path)


def test_without_an_entry_it_is_the_version_of_the_document(spec: Path) -> None:
    package = generate(spec, package="versioned")
    assert package.version == "2.1"
    assert '"package"' not in package.files["names.lock"]


def test_a_frozen_version_stays_whatever_the_document_says(spec: Path) -> None:
    lock = with_version(generate(spec, package="versioned").files["names.lock"], "1.4.0")
    package = made(spec, lock)
    assert package.version == "1.4.0"
    assert package.files["names.lock"] == lock
    spec.write_text(json.dumps({**DOCUMENT, "info": {"title": "t", "version": "9"}}))
    assert made(spec, lock).version == "1.4.0"


def test_a_released_package_is_what_its_own_lock_makes(spec: Path) -> None:
    first = generate(spec, package="versioned")
    second = released(first, "3.0.0")
    again = made(spec, second.files["names.lock"])
    assert again.files == second.files
    assert second.version == again.version == "3.0.0"
    assert second.contract.names_lock == again.contract.names_lock
    assert second.contract.release == again.contract.release
    third = released(second, "3.0.1")
    assert third.files == made(spec, third.files["names.lock"]).files


@pytest.mark.parametrize("version", ["", "v1", "1.0rc1", '1"\nname = "x', "1.2.3.4.5", "1.\u0662"])
def test_what_is_no_version_is_refused(version: str, spec: Path) -> None:
    package = generate(spec, package="versioned")
    with pytest.raises(UsageError, match="version"):
        released(package, version)
    with pytest.raises(UsageError, match="version"):
        made(spec, with_version(package.files["names.lock"], version))
