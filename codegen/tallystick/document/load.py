"""What every command starts with: the document, its overlays applied, in OpenAPI 3.1 terms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from tallystick.document.bundle import bundle
from tallystick.document.lift import lift
from tallystick.document.read import read
from tallystick.document.record import Document
from tallystick.document.sources import Reach
from tallystick.errors import DocumentError

_SUPPORTED = re.compile(r"3\.[012]\.[0-9]+(?:-[0-9A-Za-z.-]+)?")


def load(
    spec: str | Path,
    overlays: Sequence[str | Path] = (),
    reach: Reach | None = None,
) -> Document:
    """Read ``spec`` and the files it refers to, apply ``overlays`` in order, lift 3.0 to 3.1.

    ``vendored`` of the result is the data as read.

    Args:
        reach: what references may reach; the document alone if not given.

    Raises:
        DocumentError: a file cannot be used, ``spec`` is no OpenAPI 3.0, 3.1 or 3.2, or one of
            its references leads out of the folder or nowhere.
    """
    return assembled(read(spec), (read(overlay) for overlay in overlays), reach)


def assembled(
    document: Document, overlays: Iterable[Document] = (), reach: Reach | None = None
) -> Document:
    """``document``, as read, with all that ``load`` does to it; errors as there."""
    document = check_openapi(document)
    bundled = False
    for overlay in overlays:
        # Imported here: most documents have none, and its JSONPath engine is slow to load.
        from tallystick.document.overlay import apply

        if not bundled:
            # An overlay may change what other files hold, and mend a reference.
            document, bundled = bundle(document, reach, lenient=True), True
        document = apply(document, overlay)
    return lift(bundle(check_openapi(document), reach))


def check_openapi(document: Document) -> Document:
    """``document``, which says that it is OpenAPI 3.0, 3.1 or 3.2.

    Raises:
        DocumentError: it says something else, or nothing.
    """
    version = document.data.get("openapi")
    if isinstance(version, str) and _SUPPORTED.fullmatch(version):
        return document
    if "swagger" in document.data:
        what, hint = "Swagger 2.0", "convert it to OpenAPI 3 first"
        raise DocumentError(what, where=document.locate("#/swagger"), hint=hint)
    what = "no 'openapi' member" if version is None else f"openapi: {str(version)[:40]!r}"
    hint = "3.0.x, 3.1.x and 3.2.x are read; the value is a string"
    raise DocumentError(what, where=document.locate("#/openapi"), pointer="#/openapi", hint=hint)
