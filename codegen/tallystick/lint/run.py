"""All lints on one document, and their findings as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..contract import Contract
from ..document import Document, has
from ..errors import printable
from .records import Finding, Judged, Lint
from .table import OF_CONTRACTS, OF_DOCUMENTS
from .versions import is_lifted

_LIFTED_EXAMPLE = "/examples/0"


def lint(document: Document, contract: Contract | None) -> tuple[Finding, ...]:
    """What all lints object to, in the order of the document's file, then of its overlays.

    Args:
        document: read, overlaid and lifted (``document.load``).
        contract: built from it; None if it cannot be, then only lints of documents are run.
    """
    found = set(_found(document, OF_DOCUMENTS, document))
    if contract is not None:
        found |= set(_found(document, OF_CONTRACTS, contract))
    return tuple(sorted(found, key=lambda each: _order(document, each)))


def lines(findings: Iterable[Finding]) -> Iterator[str]:
    """``file:line:col: severity id pointer: sentence; hint`` for each finding, safe to print."""
    for each in findings:
        place = f"{each.where}: {each.severity} {each.id} {each.pointer}"
        yield printable(f"{place}: {each.what}; {each.hint}")


def _found(document: Document, lints: Iterable[Lint[Judged]], judged: Judged) -> Iterator[Finding]:
    for each in lints:
        for spot in each.check(judged):
            pointer = _as_written(document, spot.pointer)
            where = document.locate(pointer)
            yield Finding(each.id, each.severity, where, pointer, spot.what, each.mend)


def _as_written(document: Document, pointer: str) -> str:
    """``pointer``, or where the lift to 3.1 took the node from: ``example`` of a schema."""
    owner, lifted, inside = pointer.partition(_LIFTED_EXAMPLE)
    if not lifted or not is_lifted(document) or has(document.vendored, pointer):
        return pointer
    written = f"{owner}/example{inside}"
    return written if has(document.vendored, written) else pointer


def _order(document: Document, each: Finding) -> tuple[bool, str, int, int, str, str, str]:
    where = each.where
    overlaid = where.file != document.name
    return overlaid, where.file, where.line, where.column, each.id, each.pointer, each.what
