"""Without published documents the tests that want them are skipped, and say so."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
USERS = [
    each.name
    for each in HERE.glob("test_*.py")
    if "corpora import" in (text := each.read_text(encoding="utf-8")) or "import corpora" in text
]


@pytest.mark.parametrize("named", [None, "/is/not/there"])
def test_without_a_corpus_every_file_can_be_collected(named: str | None) -> None:
    env = {name: value for name, value in os.environ.items() if name != "TALLYSTICK_CORPUS"}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--collect-only", "-p", "no:cacheprovider", *USERS],
        cwd=HERE,
        env=env | ({"TALLYSTICK_CORPUS": named} if named else {}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert len(USERS) > 10
    assert done.returncode == 0, done.stdout[-2000:]
