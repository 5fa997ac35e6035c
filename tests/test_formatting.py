"""Generated modules are laid out by ruff: one run for all, and nothing of where it runs counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tallystick.render.formatting import formatted


def test_imports_are_sorted_and_the_unused_left_out() -> None:
    text = "from typing import Any\nimport builtins\nimport os\n\nx : Any = builtins . len\n"
    assert formatted({"a.py": text, "b.py": "y  = 1\n"}) == {
        "a.py": "import builtins\nfrom typing import Any\n\nx: Any = builtins.len\n",
        "b.py": "y = 1\n",
    }


def test_what_a_package_hands_on_is_not_unused() -> None:
    text = "from .models import Pet\n"
    assert formatted({"__init__.py": text, "api.py": text}) == {"__init__.py": text, "api.py": ""}


def test_no_configuration_of_the_reader_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ruff.toml").write_text("line-length = 20\n")
    (tmp_path / "pydantic").mkdir()
    monkeypatch.chdir(tmp_path)
    text = "import pydantic\nimport starlette\n\nx = [pydantic, starlette, pydantic]\n"
    assert formatted({"a.py": text}) == {"a.py": text}
    assert not list(tmp_path.glob(".ruff*"))


def test_a_line_ends_as_it_did_and_text_is_any_unicode() -> None:
    text = '"""\u4e2d\U0001f600"""\n'
    assert formatted({"a.py": text}) == {"a.py": text}


def test_a_module_that_cannot_be_read_is_a_fault_of_ours() -> None:
    with pytest.raises(RuntimeError, match="ruff check refuses"):
        formatted({"a.py": "def (:\n"})
