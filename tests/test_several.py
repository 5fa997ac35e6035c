"""Several media types for one body or answer, through both halves."""

from __future__ import annotations

import asyncio
import importlib
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx2
import pytest

from tallystick.generate import generate
from tallystick.output import write

ROOT = Path(__file__).parents[1]
NAME = "several_package"


class Both:
    def __init__(self, folder: Path) -> None:
        self.made = generate(ROOT / "tests/generate/several.yaml", [], package=NAME)
        write(self.made.files, folder / NAME)
        sys.path.insert(0, str(folder / NAME))
        try:
            self.package: Any = importlib.import_module(NAME)
            server: Any = importlib.import_module(f"{NAME}.server")
        finally:
            sys.path.remove(str(folder / NAME))
        self.got: tuple[Any, ...] = ()
        self.answer: Any = None
        pet = SimpleNamespace(create=self._called, replace=self._called)
        self.app: Any = server.application(SimpleNamespace(pet=pet))

    def _called(self, body: Any = "absent", *, content_type: str = "") -> Any:
        self.got = (body, content_type)
        return self.answer

    def call(self, verb: str, *args: Any, **named: Any) -> tuple[Any, httpx2.Request]:
        """The answer, and the request as it was sent."""
        sent: list[httpx2.Request] = []

        async def main() -> Any:
            inner = httpx2.ASGITransport(self.app)

            async def carry(request: httpx2.Request) -> httpx2.Response:
                sent.append(request)
                return await inner.handle_async_request(request)

            carrier = httpx2.MockTransport(carry)
            async with self.package.AsyncClient(
                base_url="http://127.0.0.1:9", transport=carrier
            ) as c:
                return await getattr(c.pet, verb)(*args, **named)

        self.got = ()
        return asyncio.run(main()), sent[0]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Both:
    return Both(tmp_path_factory.mktemp("several"))


FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("content_type", "content"),
    [
        (None, b'{"name":"a b"}'),
        ("application/json", b'{"name":"a b"}'),
        ("application/vnd.pet+json", b'{"name":"a b"}'),
        (FORM, b"name=a%20b"),
    ],
)
def test_one_value_travels_in_the_form_that_is_asked_for(
    both: Both, content_type: str | None, content: bytes
) -> None:
    pet = both.answer = both.package.models.Pet(name="a b")
    answer, sent = both.call("create", pet, content_type=content_type)
    assert (sent.read(), sent.headers["content-type"]) == (
        content,
        content_type or "application/json",
    )
    assert both.got == (pet, content_type or "application/json")
    assert answer == pet


def test_a_value_takes_the_first_form_that_fits_it(both: Both) -> None:
    both.answer = "text"
    answer, sent = both.call("create", "é")
    assert (both.got, answer) == (("é", "text/plain; charset=utf-8"), "text")
    answer, sent = both.call("create", b"\x89", content_type="image/png")
    assert both.got == (b"\x89", "image/png")
    assert sent.headers["accept"] == "application/json, text/plain, image/png"
    both.answer = None
    both.call("replace", both.package.models.Patch(name=None))
    assert both.got == (both.package.models.Patch(name=None), "application/merge-patch+json")
    both.call("replace")
    assert both.got == ("absent", "")


def test_an_answer_is_of_the_type_that_its_media_type_has(both: Both) -> None:
    pet = both.package.models.Pet(name="a")
    both.answer = both.package.Raw(b"\x89", "image/png")
    assert both.call("create", pet)[0] == both.answer


@pytest.mark.parametrize(
    ("body", "content_type"), [(5, None), ("text", FORM), (b"x", None), (b"x", "application/xml")]
)
def test_what_no_form_takes_is_refused_before_it_is_sent(
    both: Both, body: Any, content_type: str | None
) -> None:
    with pytest.raises(both.package.ClientError, match=r"body|content_type"):
        both.call("create", body, content_type=content_type)
    assert both.got == ()


def test_a_server_refuses_a_media_type_that_it_does_not_offer(both: Both) -> None:
    async def main() -> httpx2.Response:
        transport = httpx2.ASGITransport(both.app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://a") as client:
            return await client.post(
                "/pet", content=b"<a/>", headers={"Content-Type": "application/xml"}
            )

    answer = asyncio.run(main())
    assert answer.status_code == 415
    assert answer.headers["accept"].startswith("application/json, application/vnd.pet+json, ")


def test_what_is_not_used_stands_in_the_ledger(both: Both) -> None:
    ledger = both.made.files["ledger.json"]
    assert "~1pet/post/requestBody/content/application~1xml/content" in ledger
    assert "~1pet/post/responses/200/content/application~1xml/content" in ledger
    assert "x-www-form-urlencoded/content" not in ledger
