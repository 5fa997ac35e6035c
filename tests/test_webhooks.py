"""Webhooks and callbacks: what the API sends is read by exact models and answered as declared."""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tallystick.contract import build
from tallystick.document import load
from tallystick.generate import generate
from tallystick.output import write

ROOT = Path(__file__).parents[1]
SPEC = ROOT / "tests/generate/webhooks.yaml"
NAME = "webhooks_package"


class Both:
    """The generated package, its listener, and what that was sent."""

    def __init__(self, folder: Path) -> None:
        self.made = generate(SPEC, [], package=NAME)
        write(self.made.files, folder / NAME)
        sys.path.insert(0, str(folder / NAME))
        try:
            self.webhooks: Any = importlib.import_module(f"{NAME}.webhooks")
            self.models: Any = importlib.import_module(f"{NAME}.models")
            self.session: Any = importlib.import_module(f"{NAME}.runtime.session")
            self.transport: Any = importlib.import_module(f"{NAME}.runtime.transport")
            self.policy: Any = importlib.import_module(f"{NAME}.runtime.policy")
            self.errors: Any = importlib.import_module(f"{NAME}.runtime.errors")
        finally:
            sys.path.remove(str(folder / NAME))
        self.got: Any = ()
        self.answer: Any = None
        self.app: Any = self.webhooks.application(
            self, authenticate=lambda given: "api" if given.value.reveal() == "signed" else None
        )

    async def new_pet(self, body: Any, *, x_delivery: int) -> None:
        self.got = (body, x_delivery)

    def operations_(self) -> Any:
        return "all"

    async def on_data(self, body: Any) -> Any:
        self.got = (body,)
        return self.answer

    def on_data_2(self, *, why: Any = None) -> None:
        self.got = (why,)

    def send(self, operation: Any, given: dict[str, Any], *body: Any, key: str = "signed") -> Any:
        """The answer to a webhook, sent by the runtime of the client."""

        async def main() -> Any:
            schemes = self.webhooks.SCHEMES
            keys = self.session.secrets(schemes, {"signature": key})
            core = self.session.core("http://127.0.0.1:9", schemes, keys)
            driver = self.transport.AsyncDriver(
                httpx2.ASGITransport(self.app), self.policy.Timeout(), self.policy.Retries()
            )
            return await self.session.AsyncSession(core, driver).send(operation, given, *body)

        return asyncio.run(main())


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Both:
    return Both(tmp_path_factory.mktemp("webhooks"))


def test_the_contract_carries_them_apart_from_what_a_client_calls() -> None:
    contract = build(load(SPEC, []))
    assert [each.key for each in contract.operations] == ["POST /subscriptions"]
    assert [(each.incoming, each.key) for each in contract.incoming] == [
        ("webhook", "POST /new_pet"),
        ("webhook", "GET /operations_"),
        ("callback", "POST /on_data"),
        ("callback", "DELETE /on_data_2"),
    ]
    # What proves a client to the API does not prove the API to a client.
    assert [each.security for each in contract.incoming] == [(("signature",),), (), (), ()]


def test_a_payload_arrives_as_its_model_and_the_answer_goes_back(both: Both) -> None:
    body = both.models.NewPetRequest(name="a", tag=None)
    assert both.send(both.webhooks.NEW_PET, {"x_delivery": 7}, body) is None
    assert both.got == (body, 7)
    assert both.send(both.webhooks.OPERATIONS_, {}) == "all"
    both.answer = both.models.OnDataResponse(ok=True)
    payload = both.models.Webhooks(at=1)
    assert both.send(both.webhooks.ON_DATA, {}, payload) == both.answer
    assert both.got == (payload,)
    both.send(both.webhooks.ON_DATA_2, {"why": "end"})
    assert both.got == ("end",)


def test_a_sender_who_is_not_known_is_refused(both: Both) -> None:
    both.got = ()
    body = both.models.NewPetRequest(name="a")
    with pytest.raises(both.errors.Unauthorized):
        both.send(both.webhooks.NEW_PET, {"x_delivery": 7}, body, key="forged")
    assert both.got == ()
    with pytest.raises(ValueError, match="authenticate"):
        both.webhooks.application(both, authenticate=None)


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b'{"name":"a"}', {"X-Delivery": "1"}, 200),
        (b'{"name":"a","b":1}', {"X-Delivery": "1"}, 400),
        (b"{}", {"X-Delivery": "1"}, 400),
        (b'{"name":"a"}', {"X-Delivery": "one"}, 400),
        (b'{"name":"a"}', {}, 400),
    ],
)
def test_a_payload_is_read_strictly(
    both: Both, content: bytes, headers: dict[str, str], status: int
) -> None:
    async def main() -> int:
        transport = httpx2.ASGITransport(both.app)
        told = {"Content-Type": "application/json", "X-Signature": "signed", **headers}
        async with httpx2.AsyncClient(transport=transport, base_url="http://a") as client:
            return (await client.post("/new_pet", content=content, headers=told)).status_code

    assert asyncio.run(main()) == status


def test_their_schemas_are_counted_and_their_names_frozen(both: Both) -> None:
    ledger = json.loads(both.made.files["ledger.json"])
    at = [each["at"] for each in ledger["keywords"] if each["at"].startswith("#/webhooks/")]
    assert any(each.endswith("/schema/additionalProperties") for each in at)
    lock = json.loads(both.made.files["names.lock"])
    assert sorted(lock["webhooks"].values()) == ["new_pet", "on_data", "on_data_2", "operations_"]
    assert "webhooks.py" not in " ".join(
        generate(ROOT / "tests/generate/bodies.yaml", [], package="other").files
    )
