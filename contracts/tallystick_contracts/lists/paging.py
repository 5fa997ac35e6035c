"""Pages of lists: how many items, where to begin, what leads on; recognised by the usual names.

OpenAPI has no word for pages. A parameter counts only if it has both a usual name and the type that
goes with it, and a list counts as paged only if something leads on from one page to the next.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from tallystick.contract import Contract, Operation, Parameter

_LIMITS = {
    *("limit", "pagesize", "perpage", "size", "count", "maxresults", "maxitems", "pagelimit"),
    *("first", "take", "top", "itemsperpage", "resultsperpage"),
}
_OFFSETS = {"offset", "skip", "start", "startindex", "from", "pageoffset"}
_PAGES = {"page", "pagenumber", "pageno", "pageindex"}
_CURSORS = {
    *("cursor", "pagetoken", "after", "startingafter", "nexttoken", "continuation", "marker"),
    *("continuationtoken", "pagecursor", "pageafter", "next"),
}
_NEXT = {
    *("next", "nextcursor", "nextpagetoken", "nexttoken", "cursor", "continuation", "marker"),
    *("continuationtoken", "nextmarker", "endcursor", "nextpage", "after"),
}
_TOTALS = {"total", "totalcount", "totalitems", "totalresults", "totalelements"}
_AROUND = {"meta", "metadata", "pagination", "paging", "page", "pageinfo", "links"}

Place = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paging:
    """How a list is cut into pages."""

    limit: Parameter | None
    """How many items at most."""
    offset: Parameter | None
    """How many items to leave out."""
    page: Parameter | None
    """Which page."""
    cursor: Parameter | None
    """Where to go on, as ``next`` of the page before says."""
    next: Place
    """Where a page says how to go on; empty where it does not."""
    total: Place
    """Where a page says how many items there are in all; empty where it does not."""

    @property
    def leads_on(self) -> bool:
        """Whether there is a way from one page to the next."""
        return bool(self.offset or self.page or (self.cursor and self.next))


def paging(contract: Contract, operation: Operation) -> Paging:
    """How the answer of an operation is cut into pages, as far as its names say."""

    def named(names: Collection[str], kind: str) -> Parameter | None:
        for each in operation.parameters:
            types = contract.core(each.schema).types - {"null"}
            if (
                each.location == "query"
                and _plain(each.name) in names
                and types == frozenset({kind})
            ):
                return each
        return None

    return Paging(
        limit=named(_LIMITS, "integer"),
        offset=named(_OFFSETS, "integer"),
        page=named(_PAGES, "integer"),
        cursor=named(_CURSORS, "string"),
        next=_member(contract, operation, _NEXT, "string"),
        total=_member(contract, operation, _TOTALS, "integer"),
    )


def cuts(parameter: Parameter) -> bool:
    """Whether a parameter has a usual name of one that cuts a list into pages."""
    return _plain(parameter.name) in _LIMITS | _OFFSETS | _PAGES | _CURSORS


def _member(contract: Contract, operation: Operation, names: Collection[str], kind: str) -> Place:
    media = operation.success.json if operation.success else None
    whole = contract.core(media.schema) if media and media.schema else None
    for each in whole.properties if whole else ():
        if _plain(each.name) in names and contract.core(each.pointer).types - {"null"} == frozenset(
            {kind}
        ):
            return (each.name,)
    for outer in whole.properties if whole else ():
        if _plain(outer.name) in _AROUND:
            for each in contract.core(outer.pointer).properties:
                types = contract.core(each.pointer).types - {"null"}
                if _plain(each.name) in names and types == frozenset({kind}):
                    return (outer.name, each.name)
    return ()


def _plain(name: str) -> str:
    """A name without what spellings differ in: ``page[size]`` is ``pageSize``."""
    return re.sub(r"[^a-z0-9]", "", name.lower())
