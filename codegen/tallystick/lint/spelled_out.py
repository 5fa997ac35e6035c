"""What a document means without saying it, said: so that every promise has a place of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import cast

from ..document import ROOT, Document, Json, copy_of, get, join
from ..document.schemas import children


def spelled_out(document: Document) -> Document:
    """``document`` with a schema for each parameter: any value, where it has none.

    A media type need not have one (OpenAPI 3.1.1, 4.8.14). A parameter must have it or a content
    (4.8.12.1), but what one of them leaves open is no reason to refuse the rest.
    """
    places = list(_unsaid(document))
    if not places:
        return document
    data = cast("dict[str, Json]", copy_of(document.data))
    for place in places:
        cast("dict[str, Json]", get(data, place))["schema"] = {}
    return replace(document, data=data)


def _unsaid(document: Document) -> Iterator[str]:
    """The parameters, and media types of parameters, that have no schema."""
    todo: list[tuple[str, str, Json]] = [("openapi", ROOT, dict(document.data))]
    while todo:
        kind, pointer, node = todo.pop()
        if not isinstance(node, dict) or kind == "schema":
            continue
        if kind == "parameter":
            if not node.keys() & {"$ref", "content", "schema"}:
                yield pointer
            yield from _without_schema(join(pointer, "content"), node.get("content"))
        else:
            todo += children(kind, pointer, node)


def _without_schema(pointer: str, content: Json) -> Iterator[str]:
    for name, media in content.items() if isinstance(content, dict) else ():
        if isinstance(media, dict) and "schema" not in media and "$ref" not in media:
            yield join(pointer, name)
