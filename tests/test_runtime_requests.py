"""Requests built without I/O: targets, parameters, credentials."""

from __future__ import annotations

import copy
import pickle
import traceback
from contextlib import suppress
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import MISSING, TypeAdapter

from tallystick.runtime import requests
from tallystick.runtime.errors import ClientError, CredentialError, NotFound, UnsafeValue
from tallystick.runtime.operation import Kind, Operation, Parameter, Scheme
from tallystick.runtime.parameters import BadParameter, Parts, Unsupported, read, write
from tallystick.runtime.secret import Secret

BASE = "https://api.example/prefix"
CANARY = "canary-0123456789"


def parameter(name: str, location: Any, kind: Any = str, types: str = "string", **more: Any) -> Any:
    style = "form" if location in ("query", "cookie") else "simple"
    given: dict[str, Any] = {
        "style": style,
        "explode": style == "form",
        "types": frozenset(types.split()),
    } | more
    return Parameter(name, name, location, Kind(lambda: TypeAdapter(kind)), **given)


def operation(*parameters: Parameter, path: str = "/items/{id}") -> Operation[Any]:
    return Operation("GET", path, "#", ("items",), parameters)


ITEM = operation(parameter("id", "path", required=True))


@pytest.mark.parametrize(
    "value",
    [
        "a/b", "%2e%2e", "%2F", "?", "#", "?x=1", "\\", "..\\..", "\r\nX: y", "\n", "\0", "a b", "+",
        "\uff0e\uff0e", "/", "//host", "..;", "../..", ".../", " ", "%", "%zz", "é", "\U0001f600", "x" * 5000,
        "@", ":80", "https://evil.example/", "{id}", "\u202e", "a;b,c",
    ],
)  # fmt: skip
def test_a_path_value_stays_one_segment(value: str) -> None:
    request = requests.build(ITEM, {"id": value}, base=BASE)
    assert request.path.startswith("/items/")
    segment = request.path.removeprefix("/items/")
    assert unquote(segment, errors="strict") == value
    assert not set(segment) & set("/?#\\ \r\n\0")
    assert segment.isascii()
    assert request.wire()[0] == f"{BASE}{request.path}"


@pytest.mark.parametrize("value", ["", ".", ".."])
def test_what_would_reach_another_path_is_refused(value: str) -> None:
    with pytest.raises(UnsafeValue, match="`id`"):
        requests.build(ITEM, {"id": value}, base=BASE)


def test_a_segment_of_two_values_is_no_dots_either() -> None:
    both = operation(
        parameter("a", "path", required=True),
        parameter("b", "path", required=True),
        path="/x/{a}.{b}",
    )
    assert requests.build(both, {"a": "a", "b": "b"}, base=BASE).path == "/x/a.b"
    for one in (".", "..", ""):
        with pytest.raises(UnsafeValue):
            requests.build(both, {"a": one, "b": "b"}, base=BASE)


@pytest.mark.parametrize(
    "path", ["//evil.example/x", "https://evil.example/x", "@evil.example", "\\"]
)
def test_a_path_of_the_document_cannot_change_the_host(path: str) -> None:
    request = requests.build(operation(path=path), {}, base=BASE)
    assert request.wire()[0].startswith(f"{BASE}/")


@pytest.mark.parametrize("value", ["a\r\nX: y", "a\nb", "\0", "é", "\x7f", " a", "a ", "a\t"])
def test_a_header_value_that_no_field_can_hold_is_refused(value: str) -> None:
    with pytest.raises(UnsafeValue, match="`X-A`"):
        write(operation(parameter("X-A", "header")), {"X-A": value})


def test_a_cookie_value_cannot_add_a_cookie() -> None:
    request = requests.build(
        operation(parameter("c", "cookie"), path="/"), {"c": "a; b=1"}, base=BASE
    )
    assert request.wire()[1][-1] == ("Cookie", "c=a%3B%20b%3D1")


def test_absent_null_and_a_value_are_three_things_in_a_query() -> None:
    each = operation(parameter("q", "query", str | None, "string null"), path="/")

    def query(value: object) -> str:
        return requests.build(each, {"q": value}, base=BASE).wire()[0].removeprefix(BASE)

    assert [query(MISSING), query(None), query(""), query("x")] == [
        "/",
        "/?q=null",
        "/?q=",
        "/?q=x",
    ]
    with pytest.raises(UnsafeValue):
        query("null")


def test_an_empty_list_is_not_absent_so_it_is_refused() -> None:
    each = operation(
        parameter("q", "query", list[str], "array", items=frozenset({"string"})), path="/"
    )
    with pytest.raises(UnsafeValue, match="absent"):
        requests.build(each, {"q": []}, base=BASE)


def test_an_unsupported_style_is_told_and_not_guessed() -> None:
    each = operation(parameter("q", "query", style="tabDelimited"), path="/")
    with pytest.raises(Unsupported, match="tabDelimited"):
        requests.build(each, {"q": "x"}, base=BASE)
    assert issubclass(Unsupported, NotImplementedError)


@pytest.mark.parametrize("value", [1, True, None, "1", 1.5])
def test_a_value_of_another_type_is_refused(value: object) -> None:
    each = operation(parameter("q", "query", bytes, "string"), path="/")
    with pytest.raises(UnsafeValue):
        requests.build(each, {"q": value}, base=BASE)


_TEXT = st.text(max_size=6)
_SHAPES: list[tuple[Any, str, Any]] = [
    (str, "string", _TEXT),
    (int, "integer", st.integers()),
    (bool, "boolean", st.booleans()),
    (float, "number", st.floats(allow_nan=False, allow_infinity=False)),
    (str | None, "string null", _TEXT | st.none()),
    (int | None, "integer null", st.integers() | st.none()),
    (list[str], "array", st.lists(_TEXT, max_size=3)),
    (dict[str, str], "object", st.dictionaries(st.sampled_from(["a", "b"]), _TEXT)),
]


@given(data=st.data(), at=st.integers(0, len(_SHAPES) - 1), explode=st.booleans())
def test_what_is_written_is_read_back_or_refused(data: Any, at: int, explode: bool) -> None:
    kind, types, drawn = _SHAPES[at]
    text = frozenset({"string"})
    place = data.draw(st.sampled_from(["path", "query", "header", "cookie"]))
    each = parameter(
        "v", place, kind, types, explode=explode, items=text, members={"a": text, "b": text}
    )
    value = data.draw(drawn)
    try:
        parts = write(operation(each, path="/"), {"v": value})
    except UnsafeValue:
        return
    assert read(operation(each, path="/"), parts) == {"v": value}


@given(st.text("&=+%;, a?#\x00é", max_size=20))
def test_reading_any_query_ends_in_a_value_or_a_refusal(text: str) -> None:
    pairs = [(n, v) for n, _, v in (part.partition("=") for part in text.split("&"))]
    each = operation(
        parameter("a", "query", list[str], "array", items=frozenset({"string"})), path="/"
    )
    with suppress(BadParameter):  # such as %AA, which is not UTF-8
        read(each, Parts({}, pairs, {}, ()))


# --- base URL and credentials


@pytest.mark.parametrize(
    "url",
    [
        "", "x", "//host", "ftp://host", "https://", "https://user:pw@host", "https://user@host",
        "https://host?q", "https://host#f", "https://ho st", "https://host/a/../b", "https://h\n",
        "https://{region}.host", "https://host:port", "https://[::1", "https://é.example",
    ],
)  # fmt: skip
def test_a_base_url_that_is_none_is_refused_without_being_quoted(url: str) -> None:
    with pytest.raises(UnsafeValue) as caught:
        requests.base_url(url, secret=False, allow_insecure=True)
    assert "pw" not in str(caught.value)


def test_a_credential_does_not_travel_unencrypted_to_another_machine() -> None:
    with pytest.raises(UnsafeValue, match="allow_insecure"):
        requests.base_url("http://api.example", secret=True, allow_insecure=False)
    for url in ("http://localhost:1", "http://127.0.0.1", "http://[::1]:80", "https://api.example"):
        assert requests.base_url(url, secret=True, allow_insecure=False) == url
    assert requests.base_url("http://api.example/", secret=False, allow_insecure=False)
    assert requests.base_url("http://api.example", secret=True, allow_insecure=True)


@pytest.mark.parametrize(
    "value", ["", " k", "k ", "k\n", "k\r", "k\r\nX: y", "k\0", "ké", "k\u2028", "\tk", "k\x7f"]
)
def test_a_key_that_no_header_holds_is_refused_by_name_and_not_by_value(value: str) -> None:
    with pytest.raises(CredentialError) as caught:
        Secret(f"{CANARY}{value}" if value.strip() == value and value else value, "api_key")
    text = "".join(traceback.format_exception(caught.value))
    assert "`api_key`" in str(caught.value)
    assert CANARY not in text


def test_a_secret_shows_itself_nowhere() -> None:
    secret = Secret(CANARY, "api_key")
    shown = f"{secret} {secret!r} {secret:>40} {[secret]} " + str(secret)
    assert CANARY not in shown
    for spread in (pickle.dumps, copy.deepcopy):
        with pytest.raises(CredentialError):
            spread(secret)


def test_a_request_shows_no_credential() -> None:
    scheme = Scheme("k", "key", "KEY", "query", "key")
    request = requests.build(
        ITEM, {"id": "x"}, base=BASE, credentials=[requests.Credential(scheme, Secret(CANARY))]
    )
    assert CANARY not in repr(request)
    assert CANARY in request.wire()[0]


def test_a_missing_credential_names_what_to_set() -> None:
    choices = (("a",), ("b", "c"))
    needs: Operation[Any] = Operation("GET", "/", "#", ("x",), security=choices)
    schemes = {n: Scheme(n, f"{n}_key", f"{n.upper()}_KEY", "header", n) for n in "abc"}
    with pytest.raises(CredentialError, match="`a_key` or the environment variable A_KEY"):
        requests.choose(needs, schemes, {"b": Secret("x")})
    chosen = requests.choose(needs, schemes, {"b": Secret("x"), "c": Secret("y")})
    assert [each.scheme.name for each in chosen] == ["b", "c"]


# --- errors


def test_errors_can_be_hashed_pickled_and_copied() -> None:
    error = NotFound("gone", method="GET", path="/x", status=404, body=b"{}", request_id="r1")
    assert {error: 1}[error] == 1
    for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert (type(twin), twin.__dict__, str(twin)) == (NotFound, error.__dict__, str(error))


@given(st.text() | st.just("x" * 300_000) | st.just("\x1b" * 5000))
def test_the_text_of_an_error_is_short_and_printable(text: str) -> None:
    shown = str(ClientError(text, method="GET", path="/x"))
    assert len(shown) <= 2000
    assert shown.isprintable()
