"""What the names and types of parameters and members say of a list: its pages, orders, filters."""

from __future__ import annotations

import json

import pytest

from tallystick.contract import Contract, Operation, build
from tallystick.document import Json, parse
from tallystick.document.lift import lift
from tallystick_contracts.lists import query_of

ITEM: dict[str, Json] = {
    "type": "object",
    "required": ["id", "rank", "open", "kind", "made"],
    "properties": {
        "id": {"type": "string"},
        "rank": {"type": "integer"},
        "open": {"type": "boolean"},
        "kind": {"type": "string", "enum": ["a", "b"]},
        "made": {"type": ["string", "null"]},
        "note": {"type": "string"},
    },
}


def listing(parameters: dict[str, Json], **around: Json) -> tuple[Contract, Operation]:
    """A list with these query parameters, by name, and these members beside its items."""
    members: dict[str, Json] = {"items": {"type": "array", "items": ITEM}, **around}
    answer: Json = {"type": "object", "required": ["items"], "properties": members}
    asked: list[Json] = [{"name": n, "in": "query", "schema": s} for n, s in parameters.items()]
    content: Json = {"application/json": {"schema": answer}}
    responses: Json = {"200": {"description": "A list.", "content": content}}
    document: Json = {
        "openapi": "3.1.0",
        "info": {"title": "Things", "version": "1"},
        "paths": {"/things": {"get": {"parameters": asked, "responses": responses}}},
    }
    contract = build(lift(parse(json.dumps(document).encode(), "things.json")))
    return contract, contract.operations[0]


NUMBER: Json = {"type": "integer"}
TEXT: Json = {"type": "string"}
NEXT: Json = {"type": ["string", "null"]}


@pytest.mark.parametrize(
    ("parameters", "around", "found"),
    [
        ({"limit": NUMBER, "offset": NUMBER}, {}, ("limit", "offset", None, None)),
        ({"per_page": NUMBER, "page": NUMBER}, {}, ("per_page", None, "page", None)),
        (
            {"page[size]": NUMBER, "page[number]": NUMBER},
            {},
            ("page[size]", None, "page[number]", None),
        ),
        (
            {"pageSize": NUMBER, "pageToken": TEXT},
            {"nextPageToken": TEXT},
            ("pageSize", None, None, "pageToken"),
        ),
        (
            {"limit": NUMBER, "after": TEXT},
            {"meta": {"type": "object", "properties": {"next": NEXT}}},
            ("limit", None, None, "after"),
        ),
    ],
)
def test_what_leads_on(
    parameters: dict[str, Json], around: dict[str, Json], found: tuple[str | None, ...]
) -> None:
    way = query_of(*listing(parameters, **around)).paging
    named = (way.limit, way.offset, way.page, way.cursor)
    assert tuple(each and each.name for each in named) == found
    assert way.leads_on


@pytest.mark.parametrize(
    ("parameters", "around"),
    [
        ({"limit": NUMBER}, {}),  # nothing leads on
        ({"limit": NUMBER, "cursor": TEXT}, {}),  # no answer says what to send
        ({"limit": TEXT, "offset": TEXT}, {}),  # of another type
        ({"limits": NUMBER, "off_set_": TEXT}, {}),
    ],
)
def test_what_does_not(parameters: dict[str, Json], around: dict[str, Json]) -> None:
    assert not query_of(*listing(parameters, **around)).paging.leads_on


def test_a_total_may_stand_within_the_answer() -> None:
    within: Json = {"type": "object", "properties": {"totalCount": NUMBER}}
    assert query_of(*listing({}, pagination=within)).paging.total == ("pagination", "totalCount")
    assert query_of(*listing({}, total=NUMBER)).paging.total == ("total",)
    assert query_of(*listing({}, total=TEXT)).paging.total == ()


def test_words_of_a_sort_parameter() -> None:
    words: Json = ["id", "-rank", "rank:desc", "rank_asc", "best", "made", "note", "open"]
    found = query_of(*listing({"sort": {"type": "string", "enum": words}})).orders["sort"]
    told = {word: (order.member.name, order.descending) for word, order in found.items()}
    assert told == {
        "id": ("id", False),
        "-rank": ("rank", True),
        "rank:desc": ("rank", True),
        "rank_asc": ("rank", False),
    }


@pytest.mark.parametrize(
    ("name", "schema", "chosen"),
    [
        ("kind", {"type": "string", "enum": ["a"]}, True),
        ("kind", {"type": "string", "enum": ["a", "c"]}, False),
        ("open", {"type": "boolean"}, True),
        ("open", {"type": "boolean", "default": True}, False),  # it chooses unasked
        ("rank", NUMBER, True),
        ("id", TEXT, True),
        ("id", NUMBER, False),
        ("note", TEXT, False),  # not every item has one
        ("q", TEXT, False),
    ],
)
def test_filters(name: str, schema: Json, chosen: bool) -> None:
    assert (name in query_of(*listing({name: schema})).filters) is chosen
