"""Several security schemes, with `or` between alternatives and `and` within one, through both halves."""

from __future__ import annotations

import asyncio
import importlib
import itertools
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx2
import pytest

from tallystick.generate import generate
from tallystick.output import write

NAME = "security_package"
SCHEMES = {
    "header": {"type": "apiKey", "in": "header", "name": "X-Key"},
    "query": {"type": "apiKey", "in": "query", "name": "key"},
    "bearer": {"type": "http", "scheme": "bearer"},
    "oauth": {"type": "oauth2", "flows": {}},
    "odd": {"type": "http", "scheme": "Odd"},
    "cert": {"type": "mutualTLS"},
}
WAYS: list[list[str]] = [[], ["header"], ["query"], ["header", "query"], ["query", "bearer"], ["cert"]]  # fmt: skip
CHOICES = [*itertools.permutations(WAYS, 2), *([each] for each in WAYS), (["bearer", "oauth"],)]
KEYS = ("header", "query", "bearer")
GIVEN = [each for size in range(4) for each in itertools.combinations(KEYS, size)]


def document() -> dict[str, Any]:
    paths: dict[str, Any] = {
        f"/at{index}": {
            "get": {
                "security": [{name: [] for name in each} for each in choice],
                "responses": {"204": {"description": ""}},
            }
        }
        for index, choice in enumerate(CHOICES)
    }
    info = {"title": "t", "version": "1"}
    return {"openapi": "3.1.0", "info": info, "paths": paths, "components": {"securitySchemes": SCHEMES}}  # fmt: skip


class Both:
    def __init__(self, folder: Path) -> None:
        (folder / "s.json").write_text(json.dumps(document()))
        self.made = generate(folder / "s.json", [], package=NAME)
        write(self.made.files, folder / NAME)
        sys.path.insert(0, str(folder / NAME))
        try:
            self.package: Any = importlib.import_module(NAME)
            self.errors: Any = importlib.import_module(f"{NAME}.runtime.errors")
            server: Any = importlib.import_module(f"{NAME}.server")
            serving: Any = importlib.import_module(f"{NAME}.runtime.serving")
        finally:
            sys.path.remove(str(folder / NAME))
        self.seen: list[str] = []
        self.caller: object = None
        self.accepted: frozenset[str] = frozenset()

        def answer() -> None:
            self.caller = serving.principal()

        def authenticate(credential: Any) -> str | None:
            self.seen.append(credential.scheme)
            right = credential.value.reveal() == f"secret-{credential.scheme}"
            return credential.scheme if right and credential.scheme in self.accepted else None

        root = SimpleNamespace()
        for each in importlib.import_module(f"{NAME}.operations").OPERATIONS:
            setattr(root, each.place[0], SimpleNamespace(retrieve=answer))
        self.app: Any = server.application(root, authenticate=authenticate)

    def call(
        self, index: int, given: Sequence[str], certificate: str | None = None
    ) -> httpx2.Request:
        """The request as it was sent; raises what the client raises."""
        sent: list[httpx2.Request] = []

        async def app(scope: Any, receive: Any, send: Any) -> None:
            tls = {"tls": {"client_cert_name": certificate}} if certificate else {}
            await self.app({**scope, "extensions": tls}, receive, send)

        async def main() -> None:
            inner = httpx2.ASGITransport(app)

            async def carry(request: httpx2.Request) -> httpx2.Response:
                sent.append(request)
                return await inner.handle_async_request(request)

            keys = {name: f"secret-{name}" for name in given}
            client = self.package.AsyncClient(
                base_url="http://127.0.0.1:9", transport=httpx2.MockTransport(carry), **keys
            )
            async with client:
                await getattr(client, f"at{index}").retrieve()

        self.caller = "nobody was called"
        asyncio.run(main())
        return sent[0]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Both:
    return Both(tmp_path_factory.mktemp("security"))


def carried(request: httpx2.Request) -> set[str]:
    found = {
        "header": request.headers.get("x-key") == "secret-header",
        "query": request.url.params.get("key") == "secret-query",
        "bearer": request.headers.get("authorization") == "Bearer secret-bearer",
    }
    return {name for name, there in found.items() if there}


def chosen(choice: Iterable[Sequence[str]], given: Sequence[str]) -> set[str] | None:
    """What must be sent: the first alternative that is complete; one that needs nothing, last."""
    complete = [set(each) - {"cert"} for each in choice if set(each) - {"cert"} <= set(given)]
    return next((each for each in complete if each), complete[0] if complete else None)


@pytest.mark.parametrize("given", GIVEN, ids="-".join)
def test_the_first_complete_alternative_is_sent_whole_and_suffices(
    both: Both, given: Sequence[str]
) -> None:
    both.accepted = frozenset(SCHEMES)
    for index, choice in enumerate(CHOICES[:-1]):
        wanted = chosen(choice, given)
        if wanted is None:
            with pytest.raises(both.errors.CredentialError):
                both.call(index, given)
            continue
        assert carried(both.call(index, given, certificate="secret-cert")) == wanted, choice
        known: set[object] = {"cert", *wanted} if wanted else {"cert", None}
        assert both.caller in known


def test_every_credential_of_an_alternative_must_be_accepted(both: Both) -> None:
    index = CHOICES.index([["header", "query"]])
    both.accepted = frozenset({"header"})
    with pytest.raises(both.errors.Unauthorized):
        both.call(index, ["header", "query"])
    assert both.caller == "nobody was called"


def test_who_is_not_known_may_still_be_anonymous(both: Both) -> None:
    both.accepted = frozenset()
    both.call(CHOICES.index(([], ["header"])), ["header"])
    assert both.caller is None


def test_a_certificate_counts_where_the_server_is_told_of_one(both: Both) -> None:
    both.accepted = frozenset({"cert"})
    index = CHOICES.index([["cert"]])
    with pytest.raises(both.errors.Unauthorized):
        both.call(index, [])
    both.call(index, [], certificate="secret-cert")
    assert both.caller == "cert"


def test_two_schemes_in_one_place_are_not_sent_and_stand_in_the_ledger(both: Both) -> None:
    with pytest.raises(both.errors.CredentialError):
        both.package.Client(base_url="http://127.0.0.1:9", bearer="a", oauth="b").__getattribute__(
            f"at{len(CHOICES) - 1}"
        ).retrieve()
    ledger = both.made.files["ledger.json"]
    assert f"~1at{len(CHOICES) - 1}/get/security" in ledger
    assert "#/components/securitySchemes/cert/type" in ledger
