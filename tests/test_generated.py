"""``generated/`` is what the generator makes of ``spec/``, on any machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tallystick.generate import Generated, generate
from tallystick.output import check

ROOT = Path(__file__).parents[1]
SPEC, OVERLAY = ROOT / "spec/openapi.yaml", ROOT / "spec/overlay.yaml"
PACKAGE = "baseten_management"

_DIGEST = """
import hashlib, json, sys
from pathlib import Path
from tallystick.generate import generate
made = generate(Path(sys.argv[1]), [Path(sys.argv[2])], package=sys.argv[3])
print(hashlib.sha256(json.dumps(dict(made.files), sort_keys=True).encode()).hexdigest())
"""


@pytest.fixture(scope="module")
def made() -> Generated:
    lock = ROOT / "generated/names.lock"
    return generate(SPEC, [OVERLAY], package=PACKAGE, lock=lock)


def test_the_committed_package_is_what_the_generator_makes(made: Generated) -> None:
    stale = [each.path for each in check(made.files, ROOT / "generated")]
    assert stale == [], "run `tallystick generate`"


def test_the_frozen_names_are_those_of_a_first_run(made: Generated) -> None:
    afresh = generate(SPEC, [OVERLAY], package=PACKAGE)
    assert afresh.files == made.files


def test_the_order_of_hashes_changes_nothing() -> None:
    def digest(seed: str) -> str:
        arguments = [sys.executable, "-c", _DIGEST, str(SPEC), str(OVERLAY), PACKAGE]
        environment = os.environ | {"PYTHONHASHSEED": seed, "TZ": "Asia/Tokyo"}
        return subprocess.run(
            arguments, env=environment, capture_output=True, text=True, check=True
        ).stdout

    assert digest("1") == digest("4242")


def test_no_file_says_where_it_was_made(made: Generated) -> None:
    for text in made.files.values():
        assert str(ROOT) not in text
        assert str(Path.home()) not in text or str(Path.home()) == "/"


def test_the_ledger_is_json_with_every_keyword(made: Generated) -> None:
    book = json.loads(made.files["ledger.json"])
    assert len(book["keywords"]) == sum(book["totals"].values())


def test_the_package_is_clean_for_ruff() -> None:
    folder = ROOT / "generated" / PACKAGE
    for arguments in (["format", "--check"], ["check", "--select", "E4,E7,E9,F,I,B"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *arguments, str(folder)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout
