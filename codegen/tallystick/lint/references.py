"""Lints of references: what stands beside a ``$ref``."""

from __future__ import annotations

from collections.abc import Iterator

from ..document import Document, has, schemas
from .records import Spot
from .versions import is_lifted


def ref_siblings_30(document: Document) -> Iterator[Spot]:
    """``$ref`` with siblings in a 3.0 document, which ignores them (OpenAPI 3.0.4, 4.7.23)."""
    if not is_lifted(document):
        return
    for pointer, schema in schemas(document.vendored):
        siblings = [key for key in schema if key != "$ref"]
        # A node that an overlay removed or put there itself is not the vendored one any more.
        is_kept = document.locate(pointer).file == document.name and has(document.data, pointer)
        if siblings and "$ref" in schema and is_kept:
            listed = ", ".join(map(repr, siblings))
            yield Spot(pointer, f"OpenAPI 3.0 ignores {listed} beside $ref")
