"""Lints of examples: what readers copy must be valid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..contract import Contract, is_json
from ..document import Document, Json, get, join, resolve
from ..errors import DocumentError
from .judge import Case, refusals
from .records import Spot


def example_refused(contract: Contract) -> Iterator[Spot]:
    """Examples of schemas, media types and parameters which the schema refuses."""
    cases = [*_of_schemas(contract), *_of_owners(contract)]
    for refusal in refusals(contract, cases, one_way=True):
        yield Spot(refusal.pointer, f"the example is refused by its schema: {refusal.reason}")


def _of_schemas(contract: Contract) -> Iterator[Case]:
    for pointer, schema in contract.schemas.items():
        if not isinstance(schema.node, dict):
            continue
        if "example" in schema.node:
            yield Case(pointer, schema.node["example"], join(pointer, "example"))
        examples = schema.node.get("examples")
        for index, value in enumerate(examples if isinstance(examples, list) else ()):
            yield Case(pointer, value, join(pointer, "examples", index))


def _of_owners(contract: Contract) -> Iterator[Case]:
    """Of the objects that have a schema and examples beside it."""
    for pointer, schema in dict(_owners(contract)).items():
        node = get(contract.document.data, pointer)
        if not isinstance(node, dict):
            continue
        if "example" in node:
            yield Case(schema, node["example"], join(pointer, "example"))
        examples = node.get("examples")
        for name in examples if isinstance(examples, dict) else {}:
            at = join(pointer, "examples", name)
            for value, where in _value(contract.document, at):
                yield Case(schema, value, where)


def _owners(contract: Contract) -> Iterator[tuple[str, str]]:
    """Pointer and schema of each parameter, and of each media type that is JSON."""
    for operation in contract.operations:
        for parameter in operation.parameters:
            yield parameter.pointer, parameter.schema
        content = list(operation.body.content) if operation.body else []
        for response in operation.responses:
            content.extend(response.content)
        for media in content:
            if media.schema is not None and is_json(media.media_type):
                yield media.pointer, media.schema


def _value(document: Document, pointer: str) -> Iterator[tuple[Json, str]]:
    """The value of an Example Object, ``$ref`` followed; none if it is kept elsewhere."""
    node = get(document.data, pointer)
    if isinstance(node, Mapping) and "$ref" in node:
        try:
            pointer = resolve(document.data, node["$ref"], pointer)
        except DocumentError:
            return
        node = get(document.data, pointer)
    if isinstance(node, Mapping):
        for key in ("value", "dataValue"):
            if key in node:
                yield node[key], join(pointer, key)
