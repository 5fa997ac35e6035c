"""The root of a generated package loads nothing; each name loads its own module when it is used."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import baseten_management

GENERATED = Path(baseten_management.__file__).parent.parent


def modules_after(statement: str) -> set[str]:
    """The modules that a new interpreter holds after a statement."""
    told = "import sys; print(chr(10).join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", f"{statement}\n{told}"],
        cwd=GENERATED,
        capture_output=True,
        check=True,
        text=True,
    )
    return set(done.stdout.split())


def test_the_root_loads_nothing() -> None:
    found = modules_after("import baseten_management")
    ours = {each for each in found if each.startswith("baseten_management")}
    assert ours == {
        "baseten_management",
        "baseten_management.runtime",
        "baseten_management.runtime.lazy",
    }
    assert not found & {"pydantic", "pydantic_core", "httpx2", "starlette"}


def test_a_name_loads_the_module_that_defines_it() -> None:
    found = modules_after("from baseten_management import Secret")
    assert "baseten_management.runtime.secret" in found
    assert not found & {"baseten_management.models", "baseten_management.client", "httpx2"}


def test_every_exported_name_is_there() -> None:
    for name in baseten_management.__all__:
        assert getattr(baseten_management, name) is getattr(baseten_management, name)
    assert set(dir(baseten_management)) == set(baseten_management.__all__)
    assert baseten_management.Client.__module__ == "baseten_management.client"
    assert baseten_management.models.__name__ == "baseten_management.models"


def test_everything_comes_with_a_star() -> None:
    assert "baseten_management.client" in modules_after("from baseten_management import *")


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="'baseten_management' has no attribute 'Clent'"):
        _ = getattr(baseten_management, "Clent")  # noqa: B009
