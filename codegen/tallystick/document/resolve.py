"""References inside one document: where a ``$ref`` leads. Nothing is ever fetched."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import unquote_to_bytes

from tallystick.document.pointer import ROOT, Json, get, join, split
from tallystick.errors import DocumentError


def resolve(
    data: Mapping[str, Json], ref: Json, at_pointer: str, known: dict[str, str] | None = None
) -> str:
    """The pointer of the node that ``ref`` names, through references that lead on.

    Args:
        data: the whole document.
        ref: the value of a ``$ref``; ``#`` or ``#/...``, percent-encoded as a URI fragment.
        at_pointer: where the ``$ref`` stands, for messages.
        known: where the nodes of earlier calls ended, which this one adds to: whoever follows
            every reference of a document does not follow a long chain from each of its links.

    A target with no other member than ``$ref`` is followed; one with siblings is a schema of its
    own, and the answer.

    Raises:
        DocumentError: another file or host, an anchor, no such node, or a loop of references.
    """
    ends = {} if known is None else known
    if isinstance(ref, str) and ref in ends and "%" not in ref:
        return ends[ref]
    seen: dict[str, None] = {}
    while True:
        pointer, node = _found(data, ref, at_pointer)
        if pointer in seen:
            what = f"the reference {_shown(ref)} leads back to itself"
            raise DocumentError(what, pointer=at_pointer, hint="let it end at a definition")
        seen[pointer] = None
        leads_on = isinstance(node, dict) and isinstance(node.get("$ref"), str) and len(node) == 1
        if pointer in ends or not leads_on:
            end = ends.get(pointer, pointer)
            ends.update(dict.fromkeys(seen, end))
            return end
        assert isinstance(node, dict)
        ref, at_pointer = node["$ref"], join(pointer, "$ref")


def target(data: Mapping[str, Json], ref: Json, at_pointer: str) -> str:
    """The pointer that ``ref`` names, one step only; errors as for ``resolve``."""
    return _found(data, ref, at_pointer)[0]


def _found(data: Mapping[str, Json], ref: Json, at_pointer: str) -> tuple[str, Json]:
    """The pointer that ``ref`` names, and the node there."""
    if not isinstance(ref, str):
        raise DocumentError(f"a $ref that is no string: {_shown(ref)}", pointer=at_pointer)
    if not ref.startswith("#"):
        raise DocumentError(
            f"the reference {_shown(ref)} leaves the document",
            pointer=at_pointer,
            hint="bundle the document first: other files and hosts are never read",
        )
    pointer = _decoded(ref, at_pointer)
    try:
        node = get(data, pointer)
    except DocumentError as error:
        what = f"the reference {_shown(ref)} has no target: {error.what}"
        raise DocumentError(what, pointer=at_pointer, hint=error.hint) from None
    return join(ROOT, *split(pointer)), node


def _decoded(ref: str, at_pointer: str) -> str:
    """RFC 6901, section 6: the fragment is percent-decoded once, then read as a pointer."""
    try:
        return unquote_to_bytes(ref).decode()
    except UnicodeDecodeError:
        what = f"the reference {_shown(ref)} is not percent-encoded UTF-8"
        raise DocumentError(what, pointer=at_pointer) from None


def _shown(ref: Json) -> str:
    text = repr(ref)
    return text if len(text) <= 120 else text[:119] + "…"
