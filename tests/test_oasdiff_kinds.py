"""Every rule of oasdiff is a kind of change here, or it is said why it is none."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

from tallystick.evolve import KINDS

FAMILIES: list[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("oasdiff_kinds.toml").read_text("utf-8")
)["family"]


def test_every_family_has_kinds_or_a_reason() -> None:
    for family in FAMILIES:
        assert family["rules"]
        assert family.get("kinds") or family.get("because"), family["rules"]


def test_the_kinds_of_the_families_exist() -> None:
    named = {kind for family in FAMILIES for kind in family.get("kinds", [])}
    assert named - set(KINDS) == set()


def test_no_rule_stands_in_two_families_and_all_of_them_are_there() -> None:
    counts = Counter(rule for family in FAMILIES for rule in family["rules"])
    assert [rule for rule, count in counts.items() if count > 1] == []
    assert len(counts) == 516
