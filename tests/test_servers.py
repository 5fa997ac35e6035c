"""Where requests go: servers with variables, of the document, a path or an operation."""

from __future__ import annotations

import importlib
import inspect
import json
import sys
from typing import Any, Literal, get_args, get_type_hints

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.generate import generate
from tallystick.output import write
from tallystick.runtime.errors import UnsafeValue
from tallystick.runtime.servers import filled, relative

NAME = "servers_package"
DOCUMENT = """
openapi: 3.1.0
info: {title: t, version: "1"}
servers:
  - url: https://{region}.api.example.com/{base}
    description: Production.
    variables:
      region: {enum: [eu, us], default: eu}
      base: {default: v1}
  - {url: "/local/{from}", description: "The server beside the document, wherever that may be"}
  - {url: "https://host.example:{port}", variables: {port: {default: "8443"}}}
paths:
  /here: {get: {responses: {"204": {description: ""}}}}
  /path:
    servers: [{url: "https://path.example/{x}", variables: {x: {default: y}}}, {url: /other}]
    get: {responses: {"204": {description: ""}}}
    put: {servers: [{url: "/v2"}], responses: {"204": {description: ""}}}
    delete: {servers: [{url: "http://plain.example"}], responses: {"204": {description: ""}}}
    post: {servers: [{url: "https://{none}.example"}], responses: {"204": {description: ""}}}
"""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("servers")
    (folder / "s.yaml").write_text(DOCUMENT)
    made = generate(folder / "s.yaml", [], package=NAME)
    write(made.files, folder / NAME)
    sys.path.insert(0, str(folder / NAME))
    try:
        found: Any = importlib.import_module(NAME)
        found.servers = importlib.import_module(f"{NAME}.servers")
        found.ledger = made.files["ledger.json"]
        yield found
    finally:
        sys.path.remove(str(folder / NAME))


def sent(package: Any, **more: Any) -> list[str]:
    """The URLs of a call of each operation."""
    urls: list[str] = []

    def carry(request: httpx2.Request) -> httpx2.Response:
        urls.append(str(request.url))
        return httpx2.Response(204)

    with package.Client(transport=httpx2.MockTransport(carry), **more) as client:
        client.here.retrieve()
        client.path.retrieve()
        client.path.replace()
        client.path.delete()
        client.path.create()
    return urls


def test_a_request_goes_where_its_operation_is(package: Any) -> None:
    assert sent(package) == [
        "https://eu.api.example.com/v1/here",
        "https://path.example/y/path",
        "https://eu.api.example.com/v2/path",
        "https://eu.api.example.com/v1/path",
        "https://eu.api.example.com/v1/path",
    ]


def test_a_base_url_of_the_callers_own_stands_for_every_host(package: Any) -> None:
    assert sent(package, base_url="http://localhost:1/x") == [
        "http://localhost:1/x/here",
        "http://localhost:1/x/path",
        "http://localhost:1/v2/path",
        "http://localhost:1/x/path",
        "http://localhost:1/x/path",
    ]


def test_a_server_is_a_function_of_its_variables(package: Any) -> None:
    servers = package.servers
    assert servers.production() == "https://eu.api.example.com/v1"
    assert servers.production(region="us", base="v2/x") == "https://us.api.example.com/v2/x"
    assert servers.server("https://me.example/docs", from_="a") == "https://me.example/local/a"
    assert servers.host_example() == "https://host.example:8443"
    hints = get_type_hints(servers.production)
    assert get_args(hints["region"]) == ("eu", "us")
    assert hints["region"] == Literal["eu", "us"]
    assert inspect.signature(servers.server).parameters["from_"].default is inspect.Parameter.empty
    for wrong in ({"region": "asia"}, {"base": "x?y"}, {"base": "{region}"}):
        with pytest.raises(package.ClientError):
            servers.production(**wrong)
    assert sent(package, base_url=servers.production(region="us"))[0].startswith("https://us.api")


def test_what_cannot_be_called_there_stands_in_the_ledger(package: Any) -> None:
    found = {each["at"]: each["is"] for each in json.loads(package.ledger)["keywords"]}
    at = "#/paths/~1path/{}/servers".format
    assert [found[at(each)] for each in ("delete", "post", "get")] == [
        "ignored",
        "ignored",
        "approximated",
    ]
    assert found[at("put")] in ("represented", "enforced")


@given(st.text(max_size=6))
def test_a_value_never_changes_the_host_or_adds_a_query(value: str) -> None:
    try:
        url = filled("https://host.example/{a}/end", {"a": value})
    except UnsafeValue:
        return
    assert url == f"https://host.example/{value}/end"
    assert httpx2.URL(url).host == "host.example"
    assert httpx2.URL(url).query == b""


def test_a_reference_is_resolved_against_the_base() -> None:
    assert relative("https://a.example/v1", "/v2/") == "https://a.example/v2"
    assert relative("https://a.example/v1", "sub") == "https://a.example/v1/sub"
