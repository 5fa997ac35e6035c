"""An Idempotency-Key names one request: each create, of every engine, has one of its own."""

from __future__ import annotations

import json
from typing import Any

from tallystick.contract import build
from tallystick.document import parse
from tallystick.document.lift import lift
from tallystick_contracts.deep.fresh import FreshNames
from tallystick_contracts.exchange import Request
from tallystick_contracts.probes.ground import ground
from tallystick_contracts.run import plan, run
from tallystick_contracts.target import in_process

DOCUMENT = """
openapi: 3.1.0
info: {title: Orders, version: '1'}
paths:
  /orders:
    post:
      parameters: [{name: Idempotency-Key, in: header, required: true, schema: {type: string}}]
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [sku]
              properties: {sku: {type: string}, count: {type: integer, default: 1}}
      responses: {'201': {$ref: '#/components/responses/Order'}, '400': {description: no}, '422': {description: no}}
  /orders/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get:
      responses: {'200': {$ref: '#/components/responses/Order'}, '404': {description: no}}
components:
  responses:
    Order:
      description: The order.
      content:
        application/json:
          schema:
            type: object
            required: [id, sku, count]
            properties: {id: {type: integer}, sku: {type: string}, count: {type: integer}}
"""


class Orders:
    """A server that answers a key again as it did before, and refuses it for another body."""

    def __init__(self) -> None:
        self.orders: list[dict[str, Any]] = []
        self.answered: dict[bytes, tuple[bytes, dict[str, Any]]] = {}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        status, value = self.answer(scope, (await receive())["body"])
        fields = [(b"content-type", b"application/json")] if value else []
        await send({"type": "http.response.start", "status": status, "headers": fields})
        await send(
            {"type": "http.response.body", "body": json.dumps(value).encode() if value else b""}
        )

    def answer(self, scope: Any, body: bytes) -> tuple[int, Any]:
        key = dict(scope["headers"]).get(b"idempotency-key")
        if scope["method"] == "GET":
            number = scope["path"].rpartition("/")[2]
            found = [each for each in self.orders if str(each["id"]) == number]
            return (200, found[0]) if found else (404, None)
        if key is None:
            return 400, None
        if key in self.answered:
            sent, value = self.answered[key]
            return (201, value) if sent == body else (422, None)
        try:
            given = json.loads(body)
            made = {"id": len(self.orders) + 1, "count": 1, **given}
        except (ValueError, TypeError):
            return 400, None
        self.orders.append(made)
        self.answered[key] = body, made
        return 201, made


def test_every_create_of_the_rules_has_a_key_of_its_own() -> None:
    contract = build(lift(parse(DOCUMENT, "orders.yaml")))
    rules = {
        "created_values_can_be_read_back",
        "explicit_values_beat_defaults",
        "absent_means_default",
    }
    target = in_process(contract, Orders(), poll_budget=0.1)
    result = run(contract, target, cases=[c for c in plan(contract) if c.rule.name in rules])
    target.close()
    told = {(each.rule, each.standing.value) for each in result.verdicts if each.rule in rules}
    assert told == {(each, "held") for each in rules}


def test_so_has_every_request_of_a_search() -> None:
    contract = build(lift(parse(DOCUMENT, "orders.yaml")))
    names = FreshNames(ground(contract, 1))
    request = Request("POST", "/orders", (("Idempotency-Key", "0"),), b'{"sku": "a"}')
    sent = [dict(names.request(request).headers)["Idempotency-Key"] for _ in range(3)]
    assert len(set(sent)) == 3
