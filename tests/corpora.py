"""The published documents that some tests run against: in the folder that TALLYSTICK_CORPUS names."""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path

import pytest

_NAMED = os.environ.get("TALLYSTICK_CORPUS", "")
CORPUS = Path(_NAMED) if _NAMED and Path(_NAMED).is_dir() else None
"""The folder; None where the variable is not set, or names none."""
MISSING = "TALLYSTICK_CORPUS names no corpus"
needs_corpus = pytest.mark.skipif(CORPUS is None, reason=MISSING)


def files(folder: str, pattern: str = "*") -> list[Path]:
    """The files of one folder of the corpus; none where there is no corpus."""
    found = (CORPUS / folder).glob(pattern) if CORPUS else ()
    return sorted(each for each in found if each.is_file())


def document(name: str) -> Path:
    """A document of the corpus; without a corpus the test is skipped."""
    if CORPUS is None:
        pytest.skip(MISSING)
    return CORPUS / "documents" / name


def editions(series: str) -> list[tuple[Path, Path]]:
    """The editions of one document: each with the next, and the first with the last."""
    found = files("history", f"{series}-*.json")
    ends = [(found[0], found[-1])] if found else []
    return [*pairwise(found), *ends]
