"""Every style of the specification's table: the texts that it gives, and the way back."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import MISSING, TypeAdapter

from tallystick.contract import build
from tallystick.document import load
from tallystick.render.deep import levels
from tallystick.render.notes import notes
from tallystick.runtime import requests
from tallystick.runtime.deadlines import Deadline
from tallystick.runtime.errors import UnsafeValue
from tallystick.runtime.exchanges import on_wire
from tallystick.runtime.incoming import Received
from tallystick.runtime.operation import Deep, Kind, Operation, Parameter
from tallystick.runtime.parameters import BadParameter, Parts, read
from tallystick.runtime.paths import template
from tallystick.runtime.policy import Timeout

BASE = "https://api.example/prefix"
TEXT = frozenset({"string"})
ARRAY = ["blue", "black", "brown"]
OBJECT = {"R": 100, "G": 200, "B": 150}
NUMBERS = {name: frozenset({"integer"}) for name in "RGB"}


def parameter(
    location: Any, style: str, explode: bool, kind: Any, types: str, **more: Any
) -> Parameter:
    given: dict[str, Any] = {"items": TEXT, "types": frozenset(types.split())} | more
    return Parameter(
        "color",
        "color",
        location,
        Kind(lambda: TypeAdapter(kind)),
        style=style,
        explode=explode,
        **given,
    )


def operation(*parameters: Parameter) -> Operation[Any]:
    path = "/p/{color}" if parameters[0].location == "path" else "/p"
    return Operation("GET", path, "#", ("p",), parameters)


def built(each: Parameter, value: object) -> requests.Request:
    """The request with a value, which httpx2 sends as it stands."""
    request = requests.build(operation(each), {"color": value}, base=BASE)
    on_wire(request, Timeout(), Deadline(60.0, lambda: 0.0))
    return request


def text_of(each: Parameter, value: object) -> str:
    """The part of the request that the parameter is."""
    request = built(each, value)
    url, headers = request.wire()
    match each.location:
        case "path":
            return request.path.removeprefix("/p/")
        case "query":
            return url.removeprefix(f"{BASE}/p").removeprefix("?")
        case "header":
            return next((text for name, text in headers if name == "color"), "")
        case "cookie":
            return next((text for name, text in headers if name == "Cookie"), "")
        case "querystring":
            return url.partition("?")[2]


def received(request: requests.Request) -> Parts:
    """What a server reads from a request."""
    url, headers = request.wire()
    head = Received(
        "GET",
        request.path,
        url.partition("?")[2],
        {name.lower(): text for name, text in headers},
    )
    return head.parts(template("/p/{color}").match(request.path) or {})


def back(each: Parameter, request: requests.Request) -> object:
    return read(operation(each), received(request)).get("color", MISSING)


# OpenAPI 3.1.1, 4.8.12.6: style, explode, then empty, string, array, object; None where it is n/a.
TABLE: list[tuple[str, str, bool, str | None, str | None, str, str | None]] = [
    ("path", "matrix", False, ";color", ";color=blue", ";color=blue,black,brown",
     ";color=R,100,G,200,B,150"),
    ("path", "matrix", True, ";color", ";color=blue", ";color=blue;color=black;color=brown",
     ";R=100;G=200;B=150"),
    ("path", "label", False, None, ".blue", ".blue,black,brown", ".R,100,G,200,B,150"),
    ("path", "label", True, None, ".blue", ".blue.black.brown", ".R=100.G=200.B=150"),
    ("path", "simple", False, None, "blue", "blue,black,brown", "R,100,G,200,B,150"),
    ("path", "simple", True, None, "blue", "blue,black,brown", "R=100,G=200,B=150"),
    ("header", "simple", False, "", "blue", "blue,black,brown", "R,100,G,200,B,150"),
    ("header", "simple", True, "", "blue", "blue,black,brown", "R=100,G=200,B=150"),
    ("query", "form", False, "color=", "color=blue", "color=blue,black,brown",
     "color=R,100,G,200,B,150"),
    ("query", "form", True, "color=", "color=blue", "color=blue&color=black&color=brown",
     "R=100&G=200&B=150"),
    ("cookie", "form", False, "color=", "color=blue", "color=blue,black,brown",
     "color=R,100,G,200,B,150"),
    ("cookie", "form", True, "color=", "color=blue", "color=blue; color=black; color=brown",
     "R=100; G=200; B=150"),
    ("query", "spaceDelimited", False, None, None, "color=blue%20black%20brown",
     "color=R%20100%20G%20200%20B%20150"),
    ("query", "pipeDelimited", False, None, None, "color=blue%7Cblack%7Cbrown",
     "color=R%7C100%7CG%7C200%7CB%7C150"),
    ("query", "deepObject", True, None, None, "",
     "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150"),
]  # fmt: skip

ROWS = [
    (row[0], row[1], row[2], kind, types, value, text)
    for row in TABLE
    for kind, types, value, text in (
        (str, "string", "", row[3]),
        (str, "string", "blue", row[4]),
        (list[str], "array", ARRAY, row[5] or None),
        (dict[str, int], "object", OBJECT, row[6]),
    )
    if text is not None
]


@pytest.mark.parametrize(
    ("location", "style", "explode", "kind", "types", "value", "text"), ROWS
)  # fmt: skip
def test_the_examples_of_the_specification_are_written_so_and_read_back(
    location: str, style: str, explode: bool, kind: Any, types: str, value: object, text: str
) -> None:
    more = {"members": NUMBERS, "items": frozenset({"integer"})} if types == "object" else {}
    each = parameter(location, style, explode, kind, types, **more)
    assert text_of(each, value) == text
    assert back(each, built(each, value)) == value


STYLES = [
    *(("path", style) for style in ("simple", "label", "matrix")),
    *(("query", s) for s in ("form", "spaceDelimited", "pipeDelimited", "deepObject")),
    ("header", "simple"),
    ("cookie", "form"),
]
_WORDS = st.text(st.sampled_from("ab.,;=&|%+ [] #/?\"'é\x00") | st.characters(), max_size=5)
WORDS = _WORDS | st.sampled_from(["null", "true", "1", "a b", "a|b", "%20", "."])
INTEGER = frozenset({"integer"})
SHAPES: list[tuple[Any, str, Any, dict[str, Any]]] = [
    (str, "string", WORDS, {}),
    (int, "integer", st.integers(), {}),
    (bool, "boolean", st.booleans(), {}),
    (float, "number", st.floats(allow_nan=False, allow_infinity=False), {}),
    (str | None, "string null", WORDS | st.none(), {}),
    (bool | None, "boolean null", st.booleans() | st.none(), {}),
    (list[str], "array", st.lists(WORDS, max_size=3), {}),
    (list[int], "array", st.lists(st.integers(), max_size=3), {"items": INTEGER}),
    (list[int] | None, "array null", st.lists(st.integers()) | st.none(), {"items": INTEGER}),
    (list[str] | None, "array null", st.lists(WORDS, max_size=2) | st.none(), {}),
    (list[str | None], "array", st.lists(WORDS | st.none(), max_size=2),
     {"items": frozenset({"string", "null"})}),
    (list[str] | str, "array string", st.lists(WORDS, max_size=2) | WORDS, {}),
    (dict[str, str], "object", st.dictionaries(st.sampled_from("ab]"), WORDS),
     {"members": {"a": TEXT, "b": TEXT}}),
    (dict[str, str] | None, "object null", st.dictionaries(WORDS, WORDS, max_size=2) | st.none(),
     {"members": {"a": TEXT, "b": TEXT}}),
]  # fmt: skip


@pytest.mark.parametrize(("location", "style"), STYLES)
@settings(deadline=None)
@given(
    drawn=st.sampled_from(SHAPES).flatmap(lambda shape: st.tuples(st.just(shape), shape[2])),
    explode=st.booleans(),
    reserved=st.booleans(),
)
def test_what_a_server_reads_is_what_the_client_was_given_or_nothing_is_sent(
    location: str, style: str, drawn: Any, explode: bool, reserved: bool
) -> None:
    (kind, types, _, more), value = drawn
    each = parameter(location, style, explode, kind, types, allow_reserved=reserved, **more)
    try:
        request = built(each, value)
    except UnsafeValue:
        return
    found = back(each, request)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("location", "style", "explode", "kind", "types", "value", "told"),
    [
        ("path", "label", True, list[str], "array", ["a.b", "c"], "read back"),
        ("path", "label", False, list[str], "array", [], "is empty"),
        ("path", "matrix", True, list[str], "array", [], "is empty"),
        ("path", "label", True, str, "string", "", "another path"),
        ("query", "form", True, list[str], "array", [], "absent"),
        ("query", "form", False, list[str], "array", [""], "read back"),
        ("query", "spaceDelimited", False, list[str], "array", ["a b"], "read back"),
        ("query", "pipeDelimited", False, list[str], "array", ["a|b"], "read back"),
        ("query", "deepObject", True, dict[str, str], "object", {}, "absent"),
        ("query", "deepObject", True, dict[str, str], "object", {"a[b]": "x"}, "brackets"),
        ("query", "deepObject", True, dict[str, Any], "object", {"a": {"b": "x"}}, "nested"),
        ("query", "deepObject", True, str | dict[str, str], "object string", "x", "is no object"),
        ("query", "form", True, str | None, "string null", "null", "read back"),
        ("query", "form", True, dict[str, str], "object", {"q": "x"}, "absent"),
        ("header", "simple", False, list[str], "array", ["a,b"], "read back"),
        ("header", "simple", True, list[str], "array", ["a\r\nX: y"], "no header field"),
        ("cookie", "form", True, list[str], "array", [], "absent"),
        ("query", "form", True, int, "integer", 10**900, "too many digits"),
    ],
)
def test_what_cannot_be_told_apart_on_the_wire_is_refused(
    location: str, style: str, explode: bool, kind: Any, types: str, value: object, told: str
) -> None:
    with pytest.raises(UnsafeValue, match=told):
        built(parameter(location, style, explode, kind, types), value)


def test_reserved_characters_stay_where_the_document_allows_them_and_a_query_may_hold_them() -> (
    None
):
    each = parameter("query", "form", True, str, "string", allow_reserved=True)
    value = ":/?#[]@!$&'()*+,;= %"
    assert text_of(each, value) == "color=:/?%23%5B%5D@!$%26'()*%2B,;%3D%20%25"
    assert back(each, built(each, value)) == value
    joined = parameter("query", "form", False, list[str], "array", allow_reserved=True)
    assert text_of(joined, ["a,b", "c/d"]) == "color=a%2Cb,c/d"


def test_a_member_that_another_parameter_would_take_is_refused() -> None:
    one = parameter("query", "form", True, dict[str, int], "object", members=NUMBERS)
    other = Parameter("R", "r", "query", Kind(lambda: TypeAdapter(int)), style="form", explode=True)
    both = operation(one, other)
    assert requests.build(both, {"color": {"G": 1}}, base=BASE).query == (("G", "1"),)
    for given_values in ({"color": {"R": 1}}, {"r": 2}):
        with pytest.raises(UnsafeValue, match="cannot be told from the parameter"):
            requests.build(both, given_values, base=BASE)


@pytest.mark.parametrize(
    ("style", "query"),
    [
        ("pipeDelimited", "color=a|b%7cc"),
        ("spaceDelimited", "color=a+b%20c"),
        ("form", "color=%61,b,c"),
    ],
)
def test_other_spellings_of_the_same_query_are_read(style: str, query: str) -> None:
    each = parameter("query", style, False, list[str], "array")
    parts = Received("GET", "/p", query, {}).parts({})
    assert read(operation(each), parts) == {"color": ["a", "b", "c"]}


@pytest.mark.parametrize(
    ("location", "style", "text"),
    [
        ("path", "label", "blue"),
        ("path", "matrix", "blue"),
        ("path", "matrix", ";other=blue"),
        ("query", "deepObject", "color[a][b]=1"),
        ("query", "deepObject", "color[a=1"),
        ("query", "deepObject", "color[a]=1&color[a]=2"),
    ],
)
def test_a_text_of_another_style_is_a_bad_parameter(location: str, style: str, text: str) -> None:
    kind, types = (dict[str, str], "object") if style == "deepObject" else (str, "string")
    each = parameter(location, style, True, kind, types)
    parts = Received("GET", "/p", text if location == "query" else "", {}).parts({"color": text})
    with pytest.raises(BadParameter):
        read(operation(each), parts)


@pytest.mark.parametrize(("location", "style"), STYLES)
@given(text=st.text("color[RGB]=.,;|&%207C+é\x00", max_size=20), explode=st.booleans())
def test_reading_any_text_ends_in_a_value_or_a_refusal(
    location: str, style: str, text: str, explode: bool
) -> None:
    each = parameter(location, style, explode, Any, "array object string null", members=NUMBERS)
    headers = {"color": text, "cookie": text}
    parts = Received("GET", "/p", text, headers).parts({"color": text})
    with suppress(BadParameter):
        read(operation(each), parts)


DOCUMENT = """\
openapi: 3.1.0
info: {title: styles, version: '1'}
paths:
  /p/{id}:
    get:
      parameters:
        - {name: id, in: path, required: true, style: matrix, schema: {type: array, items: {type: integer}}}
        - {name: d, in: query, style: deepObject, explode: true, allowReserved: true,
           schema: {type: object, additionalProperties: {type: string}}}
        - {name: loose, in: query, style: deepObject, schema: {type: object}}
        - {name: deep, in: query, style: deepObject, explode: true, schema: {$ref: '#/components/schemas/Filter'}}
        - {name: odd, in: query, style: pipeDelimited, explode: true, schema: {type: array, items: {type: string}}}
        - {name: bad, in: query, style: matrix, schema: {type: string}}
        - {name: c, in: cookie, schema: {type: array, items: {type: string}}}
      responses: {'204': {description: none}}
components:
  schemas:
    Filter:
      type: object
      additionalProperties: false
      properties:
        made:
          anyOf:
            - {type: integer}
            - {type: object, properties: {gte: {type: integer}, tags: {type: array}}}
        both: {type: object, additionalProperties: {type: object, additionalProperties: {type: boolean}}}
        again: {$ref: '#/components/schemas/Filter'}
"""


def test_the_ledger_names_what_the_specification_leaves_open_and_no_more(tmp_path: Path) -> None:
    (tmp_path / "styles.yaml").write_text(DOCUMENT)
    contract = build(load(tmp_path / "styles.yaml", []))
    (each,) = contract.operations
    assert [p.name for p in each.parameters if p.allow_reserved] == ["d"]
    names = {p.pointer: p.name for p in each.parameters}
    found = [(names[n.pointer], n.keyword, n.standing) for n in notes(contract)]
    assert found == [
        ("loose", "style", "approximated"),
        ("loose", "schema", "approximated"),
        ("deep", "style", "approximated"),
        ("odd", "style", "approximated"),
        ("bad", "style", "ignored"),
        ("c", "style", "approximated"),
    ]
    reasons = {names[n.pointer]: n.reason for n in notes(contract)}
    for told in ("nested objects is not defined", "no text for an array", "below one of its own"):
        assert told in reasons["deep"]


def test_a_deep_object_of_the_document_has_its_levels(tmp_path: Path) -> None:
    (tmp_path / "styles.yaml").write_text(DOCUMENT)
    contract = build(load(tmp_path / "styles.yaml", []))
    (each,) = contract.operations
    pointer = next(p.schema for p in each.parameters if p.name == "deep")
    found = levels(contract, pointer)
    assert [name for name, _ in found.members] == ["made", "both", "again"]
    inner = dict(found.inner)
    assert list(inner) == ["made", "both"]
    assert dict(inner["made"].members)["gte"] == frozenset({"integer"})
    assert inner["both"].rest is not None
    assert inner["both"].rest.items == frozenset({"boolean"})
    made = eval(found.code, {"Deep": Deep})
    assert made.below("both").below("any").items == frozenset({"boolean"})
    assert made.below("again") is None


def test_levels_that_schemas_share_are_not_multiplied_without_end(tmp_path: Path) -> None:
    schemas = {
        f"L{n}": {
            "type": "object",
            "properties": {x: {"$ref": f"#/components/schemas/L{n + 1}"} for x in "abcd"},
        }
        for n in range(20)
    }
    schemas["L20"] = {"type": "object"}
    parameters = [
        {
            "name": "q",
            "in": "query",
            "style": "deepObject",
            "schema": {"$ref": "#/components/schemas/L0"},
        }
    ]
    data = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "components": {"schemas": schemas},
        "paths": {"/p": {"get": {"parameters": parameters, "responses": {"204": {}}}}},
    }
    (tmp_path / "api.json").write_text(json.dumps(data))
    contract = build(load(tmp_path / "api.json", []))
    assert len(levels(contract, "#/components/schemas/L0").code) < 100_000


NUMBER = frozenset({"integer"})
INNER = Deep({"gte": NUMBER, "note": frozenset({"string", "null"})})
DEEP = Deep(
    {"made": NUMBER | {"object"}, "x": frozenset({"object"})},
    items=frozenset({"object", "string"}),
    inner={"made": INNER, "x": Deep({"y": frozenset({"object"})}, inner={"y": INNER})},
    rest=INNER,
)
FULL: dict[str, Any] = {
    "made": {"gte": 1, "note": "a[b]=&"},
    "x": {"y": {"gte": -2, "note": None}},
    "other": {"gte": 3},
    "plain": "1",
}


def deep() -> Parameter:
    return parameter("query", "deepObject", True, dict[str, Any], "object", deep=DEEP)


def test_objects_in_a_deep_object_are_written_as_most_servers_read_them() -> None:
    text = "color[made][gte]=1&color[made][note]=a%5Bb%5D%3D%26&color[x][y][gte]=-2"
    text += "&color[x][y][note]=null&color[other][gte]=3&color[plain]=1"
    assert text_of(deep(), FULL) == text.replace("[", "%5B").replace("]", "%5D")
    assert back(deep(), built(deep(), FULL)) == FULL
    parts = Received("GET", "/p", text, {}).parts({})
    assert read(operation(deep()), parts) == {"color": FULL}
    assert back(deep(), built(deep(), {"made": 5})) == {"made": 5}


_DEEP_VALUES = st.fixed_dictionaries(
    {},
    optional={
        "made": st.integers() | st.fixed_dictionaries({"gte": st.integers()}),
        "x": st.fixed_dictionaries({"y": st.fixed_dictionaries({"note": WORDS | st.none()})}),
        "é": WORDS,
    },
).filter(bool)


@settings(deadline=None)
@given(value=_DEEP_VALUES)
def test_any_deep_object_comes_back_the_same_or_is_refused(value: dict[str, Any]) -> None:
    try:
        sent = built(deep(), value)
    except UnsafeValue:
        return
    assert back(deep(), sent) == value


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({"made": {}}, "absent"),
        ({"made": {}, "plain": "1"}, "read back"),
        ({"made": {"gte": {"a": 1}}}, "nested"),
        ({"made": {"gte": [1]}}, "nested"),
        ({"x": {"y]": {}}}, "brackets"),
    ],
)
def test_a_deep_object_without_a_text_is_refused(value: dict[str, Any], told: str) -> None:
    with pytest.raises(UnsafeValue, match=told):
        built(deep(), value)


@pytest.mark.parametrize(
    "text",
    [
        "color[made]=1&color[made][gte]=2",
        "color[made][gte]=2&color[made]=1",
        "color[made][gte][a]=1",
        "color[made][gte]=1&color[made][gte]=1",
        "color[made]gte]=1",
        "color[made][[gte]]=1",
        "color[]x=1",
    ],
)
def test_a_deep_object_that_contradicts_itself_is_a_bad_parameter(text: str) -> None:
    with pytest.raises(BadParameter):
        read(operation(deep()), Received("GET", "/p", text, {}).parts({}))
