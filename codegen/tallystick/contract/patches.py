"""Merge patches: null in one takes a member away (RFC 7396), whatever else an update may mean by it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from tallystick.contract.reach import downward
from tallystick.contract.records import Media, Operation, Schema, is_merge_patch


def with_merge_patches(
    schemas: Mapping[str, Schema], operations: Iterable[Operation]
) -> Mapping[str, Schema]:
    """The schemas, null in those of merge patches only being ``cleared`` where no note says else.

    Args:
        schemas: all schemas by pointer.
        operations: all operations.
    """
    patches, others = set[str](), set[str]()
    for operation in operations:
        sent = operation.body.content if operation.body else ()
        for media in sent:
            (patches if is_merge_patch(media.media_type) else others).update(_schema(media))
        for response in operation.responses:
            others.update(pointer for each in response.content for pointer in _schema(each))
    only = downward(schemas, patches) - downward(schemas, others) if patches else set[str]()
    return {
        pointer: _patched(schemas, schema) if pointer in only else schema
        for pointer, schema in schemas.items()
    }


def _schema(media: Media) -> tuple[str, ...]:
    return (media.schema,) if media.schema else ()


def _patched(schemas: Mapping[str, Schema], schema: Schema) -> Schema:
    if not schema.properties:
        return schema
    return replace(
        schema,
        properties=tuple(
            replace(each, null="cleared")
            if each.null is None and schemas[each.pointer].nullable
            else each
            for each in schema.properties
        ),
    )
