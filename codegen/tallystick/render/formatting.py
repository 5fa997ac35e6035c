"""Generated Python laid out by ruff: through its standard input, with no configuration but ours."""

from __future__ import annotations

import subprocess

from ruff import find_ruff_bin  # type: ignore[import-untyped]  # pyright: ignore[reportUnknownVariableType]

_STYLE = ("--isolated", "--line-length", "100")


def formatted(text: str, name: str) -> str:
    """A module with its imports sorted and its lines laid out.

    Args:
        text: the module.
        name: its file name, one of our own, never a text of the document.

    Raises:
        RuntimeError: ruff cannot read it, so a template of ours is wrong.
    """
    sort = ("check", "--select", "I,F401", "--fix", "--quiet", "--target-version", "py311")
    keep = ("--ignore", "F401") if name == "__init__.py" else ()
    text = _ruff(text, name, *sort, *keep)
    return _ruff(text, name, "format", "--quiet", "--target-version", "py311")


def _ruff(text: str, name: str, *arguments: str) -> str:
    verb, *rest = arguments
    done = subprocess.run(
        [find_ruff_bin(), verb, *rest, *_STYLE, "--stdin-filename", name, "-"],
        input=text.encode(),
        capture_output=True,
        check=False,
        timeout=60,
    )
    if done.returncode != 0:
        raise RuntimeError(f"ruff {verb} refuses {name}: {done.stderr.decode()[:2000]}")
    return done.stdout.decode()
