"""What of an item stands still as long as nobody updates it: what requests set, and its ids.

A contract says what a request sets. What the server alone fills in (a state, a count, a deployment)
may change at any time, and nothing promises otherwise. Of those members only required texts without
an enum are taken to stand still: ids, and the moment of creation. One whose name says that it
follows what happens (``updated_at``, ``status``, ``version``) is not.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from tallystick.contract import Contract, Property
from tallystick.document import Json

from .places import ITEM, Path

_FOLLOWS = re.compile(
    "updat|modif|chang|edit|last|seen|access|etag|version|revision|expir|stat(e|us)|phase|"
    "progress|messag|cursor|token|ur[li]$",
    re.IGNORECASE,
)


def steady(
    contract: Contract, pointer: str, value: Json, settable: Collection[Path], path: Path = ()
) -> Json:
    """``value`` without the members that may change by themselves.

    Args:
        contract: where the schemas stand.
        pointer: the schema of the value.
        value: an answer, or a part of it.
        settable: the places of the answer that requests set; ``*`` for every item of an array.
        path: the place of the value.
    """
    if path in settable and not _leads_on(path, settable):
        return value
    core = contract.core(pointer)
    if isinstance(value, list) and core.items is not None:
        here = (*path, ITEM)
        return [steady(contract, core.items, each, settable, here) for each in value]
    if not isinstance(value, dict) or not core.properties:
        return value
    kept: dict[str, Json] = {}
    for name, inner in value.items():
        member, here = core.property(name), (*path, name)
        if member is None:
            continue
        if here in settable or _leads_on(here, settable):
            kept[name] = steady(contract, member.pointer, inner, settable, here)
        elif _stands_still(contract, member):
            kept[name] = inner
    return kept


def _leads_on(path: Path, settable: Collection[Path]) -> bool:
    return path in _ways(settable if isinstance(settable, frozenset) else frozenset(settable))


@lru_cache(maxsize=64)
def _ways(settable: frozenset[Path]) -> frozenset[Path]:
    """Every place on the way to one that is set."""
    return frozenset(each[:size] for each in settable for size in range(len(each)))


def _stands_still(contract: Contract, member: Property) -> bool:
    core = contract.core(member.pointer)
    text = core.types == frozenset({"string"}) and core.enum is None
    sure = member.required and not contract.schema(member.pointer).nullable
    return text and sure and not _FOLLOWS.search(member.name)
