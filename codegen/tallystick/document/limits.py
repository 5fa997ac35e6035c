"""What a document may weigh, and the checks that need no parser."""

from __future__ import annotations

from tallystick.errors import DocumentError, Location

MAX_BYTES = 32 * 1024 * 1024
MAX_DEPTH = 200
MAX_NODES = 2_000_000
MAX_DIGITS = 1000
MAX_FILES = 2000
MAX_SCOPED = 2000


def refuse_depth(where: Location, pointer: str | None = None) -> DocumentError:
    """The error for a node nested too deep."""
    return DocumentError(
        f"nested deeper than {MAX_DEPTH} levels",
        where=where,
        pointer=shortened(pointer),
        hint="flatten it, or move parts to components",
    )


def refuse_nodes(where: Location | str) -> DocumentError:
    """The error for too many nodes, aliases counted as what they stand for."""
    return DocumentError(
        f"more than {MAX_NODES:,} nodes, aliases counted in full",
        where=where,
        hint="split the document",
    )


def refuse_scoped(where: Location, pointer: str) -> DocumentError:
    """The error for schemas that would be written too often, once for each dynamic scope."""
    return DocumentError(
        f"$dynamicRef gives the schemas more than {MAX_SCOPED:,} meanings",
        where=where,
        pointer=shortened(pointer),
        hint="let fewer schemas with one $dynamicAnchor refer to each other",
    )


def refuse_digits(where: Location | str) -> DocumentError:
    """The error for a number that is too long."""
    what = f"a number of more than {MAX_DIGITS} digits"
    return DocumentError(what, where=where, hint="write it as a string")


def refuse_not_finite(where: Location | str, text: str) -> DocumentError:
    """The error for a number that JSON cannot hold."""
    what = f"{text[:40]} is not a finite number"
    return DocumentError(what, where=where, hint="JSON has no infinity and no NaN")


def shortened(pointer: str | None, length: int = 200) -> str | None:
    """``pointer`` cut to ``length`` characters for a message."""
    if pointer is None or len(pointer) <= length:
        return pointer
    return pointer[: length - 1] + "…"
