"""A key that the server does not take is one clear line, not a wall of refused requests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tallystick.contract import Contract, build
from tallystick.document import load
from tallystick.errors import UsageError
from tallystick_contracts.probes.admission import admitted
from tallystick_contracts.sandbox import sandbox
from tallystick_contracts.target import in_process

SPEC = Path(__file__).parents[1] / "spec"
KEY = "Right-Key-1"


@pytest.fixture(scope="module")
def contract() -> Contract:
    return build(load(SPEC / "openapi.yaml", [SPEC / "overlay.yaml"]))


def tried(contract: Contract, key: str | None, *faults: str) -> int:
    """The requests that it took."""
    target = in_process(contract, sandbox(contract, key=KEY, faults=faults), key=key)
    try:
        admitted(contract, target)
        made = target.ledger.outstanding() if target.ledger else ()
        assert not list(made)
    finally:
        target.close()
    return 1


def test_the_right_key_is_admitted_and_nothing_is_made(contract: Contract) -> None:
    assert tried(contract, KEY)


def test_a_wrong_key_is_told_as_refused(contract: Contract) -> None:
    with pytest.raises(UsageError, match=r"the key was refused: GET .* was answered 401") as told:
        tried(contract, "Wrong-Key-1")
    assert "Wrong-Key-1" not in str(told.value)
    assert "BASETEN_API_KEY" in str(told.value)


def test_no_key_is_told_as_asked_for(contract: Contract) -> None:
    with pytest.raises(UsageError, match="the server asks for a key"):
        tried(contract, None)


@pytest.mark.parametrize("fault", ["credential_not_needed", "reads_not_protected"])
def test_a_faulty_server_that_answers_is_judged(contract: Contract, fault: str) -> None:
    assert tried(contract, "Wrong-Key-1", fault)
