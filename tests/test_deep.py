"""The deep search: nothing on a correct server, the fault on a faulty one, and no way past the target."""

from __future__ import annotations

import dataclasses
import json
import socket
import time
from collections.abc import Iterable
from pathlib import Path

import pytest
import yaml
from schemathesis.checks import CHECKS

from tallystick.contract import Contract, build
from tallystick.document import Json, load
from tallystick.errors import UsageError
from tallystick_contracts.deep import Depth, deep
from tallystick_contracts.deep.setup import document_of
from tallystick_contracts.exchange import Answer, AsgiExchange, Request
from tallystick_contracts.safety import Guarded
from tallystick_contracts.sandbox import sandbox
from tallystick_contracts.target import Target, in_process
from tallystick_contracts.verdicts import Finding, Result, Standing, Verdict

KEY = "a-secret-key"
DOCUMENT = """
openapi: 3.1.0
info: {title: Shelves, version: "1"}
servers: [{url: "https://elsewhere.example/base"}]
security: [{Key: []}]
components:
  securitySchemes:
    Key: {type: apiKey, in: header, name: X-Key}
  schemas:
    Book:
      type: object
      required: [name, pages]
      properties:
        name: {type: string}
        pages: {type: integer}
        shelf: {anyOf: [{type: string}, {type: "null"}]}
    NewBook:
      type: object
      additionalProperties: false
      required: [name, pages]
      properties:
        name: {type: string}
        pages: {type: integer}
        shelf: {anyOf: [{type: string}, {type: "null"}]}
    Error:
      type: object
      required: [code, message]
      properties: {code: {type: string}, message: {type: string}}
paths:
  /rooms/{room_id}/books:
    parameters: [{name: room_id, in: path, required: true, schema: {type: string}}]
    post:
      requestBody:
        required: true
        content:
          application/json:
            schema: {$ref: "#/components/schemas/NewBook"}
            examples: {far: {externalValue: "http://elsewhere.example/example.json"}}
      responses:
        "200": {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/Book"}}}}
        4XX: {description: no, content: {application/json: {schema: {$ref: "#/components/schemas/Error"}}}}
  /rooms/{room_id}/books/{name}:
    parameters:
      - {name: room_id, in: path, required: true, schema: {type: string}}
      - {name: name, in: path, required: true, schema: {type: string}}
    get:
      responses:
        "200": {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/Book"}}}}
        4XX: {description: no, content: {application/json: {schema: {$ref: "#/components/schemas/Error"}}}}
"""


@pytest.fixture(scope="module")
def contract(tmp_path_factory: pytest.TempPathFactory) -> Contract:
    path = tmp_path_factory.mktemp("document") / "openapi.yaml"
    path.write_text(DOCUMENT)
    return build(load(path, []))


class Spy:
    """An exchange that notes what is sent, and may answer in the server's place."""

    def __init__(self, inner: AsgiExchange, pause: float = 0.0) -> None:
        self.inner, self.pause = inner, pause
        self.sent: list[Request] = []

    def send(self, request: Request) -> Answer:
        self.sent.append(request)
        time.sleep(self.pause)
        return self.changed(request, self.inner.send(request))

    def send_all(self, requests: Iterable[Request]) -> tuple[Answer, ...]:
        return tuple(map(self.send, requests))

    def close(self) -> None:
        self.inner.close()

    def changed(self, request: Request, answer: Answer) -> Answer:
        return answer


def target_with(
    contract: Contract, spy: type[Spy] = Spy, pause: float = 0.0, *faults: str
) -> Target:
    app = sandbox(contract, key=KEY, faults=faults)
    plain = in_process(contract, app, key=KEY)
    guarded = plain.exchange
    assert isinstance(guarded, Guarded)
    assert isinstance(guarded.inner, AsgiExchange)
    return dataclasses.replace(plain, exchange=spy(guarded.inner, pause))


def search(contract: Contract, target: Target, seed: int = 1, budget: float = 240.0) -> Depth:
    try:
        return deep(contract, target, seed=seed, budget=budget, examples=8)
    finally:
        target.close()


def broken(depth: Depth) -> dict[str, Verdict]:
    return {each.rule: each for each in depth.verdicts if each.standing is Standing.BROKEN}


def told(depth: Depth, rule: str) -> Finding:
    finding = broken(depth)[rule].finding
    assert finding is not None
    return finding


def sent(target: Target) -> list[Request]:
    assert isinstance(target.exchange, Spy)
    return target.exchange.sent


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nothing_is_found_on_a_correct_server(contract: Contract, seed: int) -> None:
    target = target_with(contract)
    depth = search(contract, target, seed)
    assert broken(depth) == {}
    assert depth.left_out == ()
    held = {each.rule for each in depth.verdicts if each.standing is Standing.HELD}
    assert {
        "bodies_fit_their_schema",
        "negative_data_rejection",
        "what_is_created_is_read_back",
    } <= held
    assert sum(depth.engines.values()) == len(sent(target)) == target.meter.requests > 100


def test_a_failure_of_the_server_is_found_with_the_request_that_shows_it(
    contract: Contract,
) -> None:
    depth = search(contract, target_with(contract, Spy, 0.0, "null_crashes"))
    finding = told(depth, "no_request_makes_the_server_fail")
    last = finding.steps[-1]
    assert last.answer.status >= 500 or last.answer.failure
    assert json.loads(last.request.body or b"")["shelf"] is None


def test_an_answer_of_the_wrong_type_is_found(contract: Contract) -> None:
    depth = search(contract, target_with(contract, Spy, 0.0, "number_as_text"))
    assert broken(depth)["bodies_fit_their_schema"].subject.member == "/pages"


def test_a_body_that_should_be_refused_is_found(contract: Contract) -> None:
    depth = search(contract, target_with(contract, Spy, 0.0, "required_not_checked"))
    assert "negative_data_rejection" in broken(depth)


def test_a_refused_null_is_found_since_samples_in_its_place_change_nothing(
    contract: Contract,
) -> None:
    depth = search(contract, target_with(contract, Spy, 0.0, "null_refused"))
    finding = told(depth, "positive_data_acceptance")
    assert json.loads(finding.steps[-1].request.body or b"")["shelf"] is None


class Forgetful(Spy):
    """Reads back half of the pages."""

    def changed(self, request: Request, answer: Answer) -> Answer:
        if request.method != "GET" or not answer.accepted:
            return answer
        value = json.loads(answer.body)
        value["pages"] = min(value["pages"], 100)
        return dataclasses.replace(answer, body=json.dumps(value).encode())


def test_what_is_not_read_back_is_shrunk_to_the_smallest_value_that_shows_it(
    contract: Contract,
) -> None:
    depth = search(contract, target_with(contract, Forgetful))
    finding = told(depth, "what_is_created_is_read_back")
    assert [step.request.method for step in finding.steps] == ["POST", "GET"]
    body = json.loads(finding.steps[0].request.body or b"")
    assert body["pages"] > 100
    assert body.get("shelf") is None
    assert "is read as 100" in finding.observation


class Strict(Spy):
    """Has a rule of its own that no document states."""

    def send(self, request: Request) -> Answer:
        if request.method == "POST" and not self._small(request.body or b""):
            self.sent.append(request)
            body = b'{"code": "invalid", "message": "at most 9 pages"}'
            return Answer(400, (("content-type", "application/json"),), body)
        return super().send(request)

    def _small(self, body: bytes) -> bool:
        try:
            return bool(-5 < json.loads(body)["pages"] < 10)
        except (ValueError, KeyError, TypeError):
            return True


def test_what_cannot_be_found_after_it_was_created_is_found(contract: Contract) -> None:
    depth = search(contract, target_with(contract, Spy, 0.0, "create_not_stored"))
    assert "cannot be found" in told(depth, "what_is_created_is_read_back").observation


def test_a_rule_of_the_business_is_no_fault(contract: Contract) -> None:
    depth = search(contract, target_with(contract, Strict))
    assert broken(depth) == {}
    reasons = {each.reason for each in depth.verdicts if each.rule == "positive_data_acceptance"}
    assert any("perhaps by a rule" in reason for reason in reasons)


class Leaky(Spy):
    """Sends the key back in a header field."""

    def changed(self, request: Request, answer: Answer) -> Answer:
        return dataclasses.replace(answer, headers=(*answer.headers, ("x-debug", f"key={KEY}")))


def test_a_credential_that_comes_back_is_found(contract: Contract) -> None:
    assert "credentials_never_come_back" in broken(search(contract, target_with(contract, Leaky)))


def test_undeclared_refusals_are_told_once_and_blame_nobody(tmp_path: Path) -> None:
    data = yaml.safe_load(DOCUMENT)
    for item in data["paths"].values():
        for operation in (item.get("post"), item.get("get")):
            if operation:
                del operation["responses"]["4XX"]
    path = tmp_path / "openapi.yaml"
    path.write_text(yaml.safe_dump(data))
    bare = build(load(path, []))
    depth = search(bare, target_with(bare))
    assert broken(depth) == {}
    reasons = [each for each in depth.verdicts if "The answer was 404" in each.reason]
    assert len(reasons) == len({each.subject.operation for each in reasons}) > 0


def test_the_same_seed_sends_the_same_requests(contract: Contract) -> None:
    first, second = target_with(contract), target_with(contract)
    search(contract, first, 5)
    search(contract, second, 5)
    assert sent(first) == sent(second)


def test_the_budget_is_kept(contract: Contract) -> None:
    target = target_with(contract, pause=0.05)
    depth = search(contract, target, budget=2.0)
    assert len(sent(target)) <= 2.0 / 0.05 + 8  # one after the other, and a few to clean up
    assert any("budget" in each for each in depth.left_out)
    assert broken(depth) == {}


def test_no_request_leaves_the_target(contract: Contract, monkeypatch: pytest.MonkeyPatch) -> None:
    reached: list[object] = []
    real = socket.socket.connect

    def connect(self: socket.socket, address: object) -> None:
        if self.family != socket.AF_UNIX:
            reached.append(address)
            raise OSError("no network in this test")
        real(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", connect)
    target = target_with(contract)
    search(contract, target)
    assert reached == []
    assert all(each.target.startswith("/") for each in sent(target))
    assert not any("elsewhere" in each.target for each in sent(target))


def test_names_sent_before_are_made_new_so_that_conflicts_hide_nothing(contract: Contract) -> None:
    target = target_with(contract)
    search(contract, target)
    bodies = [json.loads(each.body or b"null") for each in sent(target) if _is_json(each)]
    names = [each["name"] for each in bodies if isinstance(each, dict) and "name" in each]
    texts = [each for each in names if isinstance(each, str)]
    assert len(texts) - len(set(texts)) < len(texts) / 4


def _is_json(request: Request) -> bool:
    try:
        json.loads(request.body or b"")
    except ValueError:
        return False
    return True


def test_a_document_with_a_reference_out_of_it_is_not_handed_on(contract: Contract) -> None:
    data: dict[str, Json] = {
        **contract.document.data,
        "x-more": {"$ref": "http://elsewhere.example/x.json"},
    }
    led_out = dataclasses.replace(
        contract, document=dataclasses.replace(contract.document, data=data)
    )
    with pytest.raises(UsageError, match="leads out"):
        document_of(led_out)


def test_a_property_that_is_called_servers_stays(contract: Contract) -> None:
    schema: Json = {"type": "object", "properties": {"servers": {"type": "string"}}}
    data: dict[str, Json] = {**contract.document.data, "x-schema": schema}
    own = dataclasses.replace(contract, document=dataclasses.replace(contract.document, data=data))
    assert document_of(own)["x-schema"] == schema
    assert "servers" not in document_of(own)


def test_the_registry_of_schemathesis_is_as_before(contract: Contract) -> None:
    before = CHECKS.get_all_names()
    search(contract, target_with(contract), budget=3.0)
    assert CHECKS.get_all_names() == before


def test_a_search_is_added_to_a_result(contract: Contract) -> None:
    depth = Depth((), {"schemathesis": 3}, 1.5, ("the rest",))
    result = Result("t", "d", "u", 1, (), 10, 2.0, {"laws": 10})
    whole = depth.added_to(result)
    assert (whole.requests, whole.seconds, whole.left_out) == (13, 3.5, ("the rest",))
    assert whole.engines == {"laws": 10, "schemathesis": 3}
