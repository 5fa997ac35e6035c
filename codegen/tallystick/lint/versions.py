"""A document in the version of OpenAPI in which it was written."""

from __future__ import annotations

from collections.abc import Mapping

from ..document import Document, Json, lift
from ..errors import DocumentError


def is_lifted(document: Document) -> bool:
    """Whether the document was written as OpenAPI 3.0."""
    return str(document.vendored.get("openapi")).startswith("3.0.")


def in_own_version(document: Document) -> Mapping[str, Json]:
    """The data as written, where that is all there is; else the data overlaid and lifted.

    What an overlay made of a 3.0 document before the lift is not kept, so then 3.1 is the
    version to judge it by: a member that the overlay mended must not be found.
    """
    if not is_lifted(document):
        return document.data
    if document.unlifted is document.vendored:
        return document.vendored
    vendored = dict(document.vendored)
    try:
        lifted = lift(Document(document.name, vendored, document.locator, vendored))
    except DocumentError:
        return document.data
    return vendored if lifted.data == document.data else document.data
