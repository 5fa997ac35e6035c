"""The server under test: its credentials, its secrets, its guard."""

from __future__ import annotations

from pathlib import Path

import pytest

from tallystick.contract import Contract, build
from tallystick.document import load
from tallystick.errors import UsageError
from tallystick_contracts.target import Meter, at_url, presented

DOCUMENT = """
openapi: 3.1.0
info: {title: shelves, version: '1'}
paths: {}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key, x-tallystick-prefix: 'Key ', x-tallystick-env: SHELF_KEY}
    query: {type: apiKey, in: query, name: k}
    cookie: {type: apiKey, in: cookie, name: c}
    bearer: {type: http, scheme: bearer}
"""


@pytest.fixture
def contract(tmp_path: Path) -> Contract:
    path = tmp_path / "openapi.yaml"
    path.write_text(DOCUMENT)
    return build(load(path, []))


URL = "http://127.0.0.1:9"


def test_a_key_gets_the_prefix_of_each_scheme(contract: Contract) -> None:
    target = at_url(contract, URL, key="abcd")
    assert target.credentials == {
        "key": "Key abcd", "query": "abcd", "cookie": "abcd", "bearer": "Bearer abcd",
    }  # fmt: skip


def test_a_header_line_of_a_scheme_is_its_credential_and_others_are_sent_along(
    contract: Contract,
) -> None:
    target = at_url(contract, URL, headers=["x-key: Key abcd", "X-Trace: 7"])
    assert target.credentials == {"key": "Key abcd"}
    assert target.headers == (("X-Trace", "7"),)


def test_each_scheme_is_presented_where_it_belongs(contract: Contract) -> None:
    values = at_url(contract, URL, key="abcd").credentials
    fields, query = presented(contract, [("key", "query", "cookie")], values)
    assert fields == (("X-Key", "Key abcd"), ("Cookie", "c=abcd"))
    assert query == (("k", "abcd"),)


def test_the_first_alternative_for_which_there_is_a_credential_is_taken(contract: Contract) -> None:
    fields, _ = presented(contract, [("key",), ("bearer",)], {"bearer": "Bearer abcd"})
    assert fields == (("Authorization", "Bearer abcd"),)


def test_secrets_are_masked_by_their_value(contract: Contract) -> None:
    target = at_url(contract, URL, key="s3cret")
    assert target.mask("it was Key s3cret, tokens 5") == "it was Key $SHELF_KEY, tokens 5" or (
        "s3cret" not in target.mask("it was Key s3cret")
    )
    assert "s3cret" not in repr(target)


@pytest.mark.parametrize("key", ["", "abc\n", "a\rb", "schlüssel", " abc"])
def test_a_key_that_no_header_may_hold_is_refused_without_being_quoted(
    contract: Contract, key: str
) -> None:
    with pytest.raises(UsageError) as caught:
        at_url(contract, URL, key=key)
    assert "abc" not in str(caught.value)


@pytest.mark.parametrize("line", ["no colon", "Na me: x", "Name:", ": x"])
def test_a_header_line_must_be_one(contract: Contract, line: str) -> None:
    with pytest.raises(UsageError, match="Name: value"):
        at_url(contract, URL, headers=[line])


@pytest.mark.parametrize("url", ["http://localhost:1", "http://127.9.9.9:1", "http://[::1]:1"])
def test_this_machine_may_be_tested(contract: Contract, url: str) -> None:
    at_url(contract, url).close()


@pytest.mark.parametrize(
    "url", ["https://api.example.com", "http://127.0.0.1.example.com", "http://10.0.0.1"]
)
def test_another_host_must_be_named(contract: Contract, url: str) -> None:
    with pytest.raises(UsageError, match="--allow-host"):
        at_url(contract, url)


def test_a_named_host_may_be_tested(contract: Contract) -> None:
    at_url(contract, "https://api.example.com", allow_hosts=["API.example.com"]).close()


def test_a_meter_knows_what_is_left_of_its_budget() -> None:
    assert Meter().left == float("inf")
    assert 0 < Meter(5.0).left <= 5.0
    assert Meter(-1.0).left < 0
