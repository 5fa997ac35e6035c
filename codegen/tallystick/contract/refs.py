"""References followed inside the document, with the file position in every error."""

from __future__ import annotations

from collections.abc import Mapping

from tallystick.document import Document, Json, get, join, resolve
from tallystick.errors import DocumentError


def behind(document: Document, ref: Json, pointer: str, known: dict[str, str] | None = None) -> str:
    """The pointer of the node which the ``$ref`` of the object at ``pointer`` names.

    Args:
        document: the whole.
        ref: the value of the ``$ref``.
        pointer: where its object stands.
        known: as for ``document.resolve``.

    Raises:
        DocumentError: it leads nowhere, out of the document, or back to itself.
    """
    at = join(pointer, "$ref")
    try:
        return resolve(document.data, ref, at, known)
    except DocumentError as error:
        raise DocumentError(
            error.what, where=document.locate(at), pointer=at, hint=error.hint
        ) from None


def follow(
    document: Document, pointer: str, known: dict[str, str] | None = None
) -> tuple[Mapping[str, Json], str]:
    """The object at ``pointer`` and where it really stands, ``$ref`` followed.

    Args:
        document: the whole.
        pointer: where it is asked for.
        known: as for ``document.resolve``.

    Raises:
        DocumentError: as for ``behind``, or the node is no object.
    """
    node = get(document.data, pointer)
    while isinstance(node, dict) and "$ref" in node:
        pointer = behind(document, node["$ref"], pointer, known)
        node = get(document.data, pointer)
    if not isinstance(node, dict):
        raise DocumentError(
            "expected an object here", where=document.locate(pointer), pointer=pointer
        )
    return node, pointer
