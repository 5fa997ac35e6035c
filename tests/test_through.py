"""The laws through the generated client: they hold, and a client that lies is found."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tallystick.contract import Contract, build
from tallystick.document import load
from tallystick.errors import UsageError
from tallystick_contracts.exchange import Request
from tallystick_contracts.run import plan, run
from tallystick_contracts.sandbox import Server, sandbox
from tallystick_contracts.target import Target, at_url
from tallystick_contracts.through import ThroughClient, imported, through_client
from tallystick_contracts.verdicts import Law, Result

ROOT = Path(__file__).parent.parent
LAWS = (Law.DEFAULTS, Law.READS, Law.NULL)


@pytest.fixture(scope="module")
def contract() -> Contract:
    return build(load(ROOT / "spec/openapi.yaml", [ROOT / "spec/overlay.yaml"]))


@pytest.fixture
def target(contract: Contract) -> Iterator[Target]:
    with Server(sandbox(contract, key="right-key")) as server:
        made = at_url(contract, server.url, key="right-key")
        yield made
        made.close()


@pytest.fixture
def client(contract: Contract, target: Target) -> Iterator[ThroughClient]:
    package = imported(ROOT / "generated", "baseten_management")
    made = through_client(target, contract, package, target.name, "right-key", 60.0)
    yield made
    made.close()


def judged(contract: Contract, client: ThroughClient, verb: str) -> Result:
    operation = next(each for each in contract.operations if each.name == verb)
    cases = [
        case
        for case in plan(contract)
        if case.rule.law in LAWS and case.spot.subject.operation == operation.key
    ]
    return run(contract, client.target, cases=cases)


def test_the_laws_hold_through_the_client(contract: Contract, client: ThroughClient) -> None:
    result = judged(contract, client, "models.environments.create")
    assert result.holds
    assert client.called > result.requests / 2


def without_falsy(data: Any) -> Any:
    if isinstance(data, dict):
        return {k: without_falsy(v) for k, v in data.items() if v or v is None or k == "name"}
    return data


def test_a_client_that_takes_falsy_for_absent_is_found(
    contract: Contract, client: ThroughClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = imported(ROOT / "generated", "baseten_management")
    resource: Any = type(client.exchange._client.models.environments)
    honest = resource.create

    def create(self: Any, model_id: str, body: Any) -> Any:
        data = without_falsy(module.runtime.presence.to_json(body))
        return honest(self, model_id, type(body).model_validate(data, by_alias=True))

    monkeypatch.setattr(resource, "create", create)
    result = judged(contract, client, "models.environments.create")
    assert {each.law for each in result.broken} & set(LAWS)


def test_what_no_client_would_send_goes_raw(target: Target, client: ThroughClient) -> None:
    headers = (("Authorization", "Api-Key right-key"), ("Content-Type", "application/json"))
    path = "/v1/models/abcd1234/environments"
    answers = [
        client.exchange.send(Request("POST", path, headers, body))
        for body in (b'{"name": 1}', b'{"name": "a", "name": "b"}', b"{", b'{"nam": "a"}')
    ]
    assert [each.status for each in answers] == [400, 400, 400, 400]
    assert client.exchange.send(Request("GET", path, (), None)).status == 401
    assert client.called == 0


def test_a_package_of_which_only_the_root_was_imported_has_its_operations() -> None:
    folder, package = ROOT / "generated", "baseten_management"
    for name in [each for each in sys.modules if each.split(".")[0] == package]:
        del sys.modules[name]
    imported(folder, package)
    del sys.modules[f"{package}.operations"], sys.modules[package].operations
    assert imported(folder, package).operations.OPERATIONS


def test_a_package_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no package 'boxes' in"):
        imported(tmp_path, "boxes")
