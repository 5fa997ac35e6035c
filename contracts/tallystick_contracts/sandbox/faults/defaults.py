"""Faults around defaults: missed, wrong, or put over what was given."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pydantic import MISSING

from tallystick.contract import Contract
from tallystick.document import Json

from ...mirror import ITEM, Mirror
from ...verdicts import Law
from ..fault import Fault, Need
from ..records import Call
from ..world import World
from .edits import Install, bodies, created, other_value
from .places import Applies, Spot, some_mirror

_LAWS = frozenset({Law.DEFAULTS, Law.ANSWERS})
_KINDS: Mapping[type, str] = {int: "integer", bool: "boolean", str: "string"}
_FALSY = frozenset({Law.DEFAULTS, Law.PRESENCE, Law.READS, Law.UPDATES})
_GIVEN = frozenset({Law.DEFAULTS, Law.READS, Law.PRESENCE})


def _has_default(contract: Contract, mirror: Mirror) -> bool:
    return mirror.comparable and isinstance(mirror.default, bool | int | float | str)


def _unsaid(spot: Spot) -> bool:
    return spot.given is MISSING or spot.given is None


def _miss(world: World, mirror: Mirror, spot: Spot) -> None:
    """Null where the default should stand, or another value where null cannot be."""
    if _has_default(world.contract, mirror) and _unsaid(spot):
        nullable = world.contract.schema(mirror.response_pointer).nullable
        other = other_value(world, mirror.response_pointer, spot.holder[spot.name])
        spot.holder[spot.name] = None if nullable else other


def _wrong(world: World, mirror: Mirror, spot: Spot) -> None:
    if _has_default(world.contract, mirror) and _unsaid(spot):
        other = other_value(world, mirror.response_pointer, spot.holder[spot.name])
        spot.holder[spot.name] = spot.holder[spot.name] if other is None else other


def _over_value(world: World, mirror: Mirror, spot: Spot) -> None:
    if _has_default(world.contract, mirror) and not _unsaid(spot) and mirror.default is not MISSING:
        spot.holder[spot.name] = mirror.default


def _nested(contract: Contract, mirror: Mirror) -> bool:
    return _has_default(contract, mirror) and len(mirror.request) > 2 and ITEM not in mirror.request


def _in_item(contract: Contract, mirror: Mirror) -> bool:
    return _has_default(contract, mirror) and ITEM in mirror.request


def _ref_sibling(contract: Contract, mirror: Mirror) -> bool:
    node = contract.schema(mirror.response_pointer).node
    return (
        _has_default(contract, mirror)
        and isinstance(node, dict)
        and "$ref" in node
        and "default" in node
    )


def _miss_nested(world: World, mirror: Mirror, spot: Spot) -> None:
    if _nested(world.contract, mirror):
        _miss(world, mirror, spot)


def _miss_in_item(world: World, mirror: Mirror, spot: Spot) -> None:
    if _in_item(world.contract, mirror):
        _miss(world, mirror, spot)


def _miss_ref_sibling(world: World, mirror: Mirror, spot: Spot) -> None:
    if _ref_sibling(world.contract, mirror):
        _miss(world, mirror, spot)


def _miss_in_given(world: World, mirror: Mirror, spot: Spot) -> None:
    """The default is kept where the whole object is absent, and missed in an object given."""
    if len(mirror.request) > 1 and spot.given is MISSING and ITEM not in mirror.request:
        _wrong(world, mirror, spot)


def _absent(falsy: Json) -> Install:
    def edit(world: World, call: Call, value: Json) -> Json:
        if isinstance(value, list):
            return [edit(world, call, each) for each in value]
        if not isinstance(value, dict):
            return value
        told = {name: each for name, each in value.items() if not _same(each, falsy)}
        return {name: edit(world, call, each) for name, each in told.items()}

    return bodies(edit)


def _same(one: Json, other: Json) -> bool:
    return type(one) is type(other) and one == other


def _shows(falsy: Json) -> Applies:
    """Whether there is a place that takes the falsy value and shows something else when absent."""
    kind = "array" if isinstance(falsy, list) else _KINDS[type(falsy)]

    def takes(contract: Contract, mirror: Mirror) -> bool:
        core, shown = contract.core(mirror.request_pointer), contract.core(mirror.response_pointer)
        return kind in core.types and core.enum is None and kind in shown.types

    def differs(contract: Contract, mirror: Mirror) -> bool:
        told = mirror.default is not MISSING and not _same(mirror.default, falsy)
        return takes(contract, mirror) and told

    in_update = some_mirror(("update",), takes)
    in_create = some_mirror(("create",), differs)
    return Need(
        f"a member that admits {falsy!r} in a body, which a read shows and which means something else "
        "when absent",
        lambda contract: in_update(contract) or in_create(contract),
    )


def _fault(
    name: str, sentence: str, install: Install, applies: Applies, laws: frozenset[Law]
) -> Fault:
    return Fault(name, "defaults", sentence, laws, install, applies)


def _on_create(wanted: Callable[[Contract, Mirror], bool]) -> Applies:
    return some_mirror(("create",), wanted, "with a default")


def _in_object(contract: Contract, mirror: Mirror) -> bool:
    return _has_default(contract, mirror) and len(mirror.request) > 1 and ITEM not in mirror.request


FAULTS = (
    _fault(
        "default_missed",
        "A default is not applied: null or another value stands instead.",
        created(_miss),
        _on_create(_has_default),
        _LAWS,
    ),
    _fault(
        "default_wrong",
        "Another value than the default stands for absent.",
        created(_wrong),
        _on_create(_has_default),
        _LAWS,
    ),
    _fault(
        "nested_default_missed",
        "The default of a member two objects deep is not applied.",
        created(_miss_nested),
        _on_create(_nested),
        _LAWS,
    ),
    _fault(
        "item_default_missed",
        "The default of a member of an array's item is not applied.",
        created(_miss_in_item),
        _on_create(_in_item),
        _LAWS,
    ),
    _fault(
        "ref_default_missed",
        "A default beside a $ref is not applied.",
        created(_miss_ref_sibling),
        _on_create(_ref_sibling),
        _LAWS,
    ),
    _fault(
        "default_missed_in_given",
        "In an object that is given, absent members do not have their defaults.",
        created(_miss_in_given),
        _on_create(_in_object),
        _LAWS,
    ),
    _fault(
        "default_over_value",
        "A create puts the default over a value that was given.",
        created(_over_value),
        _on_create(_has_default),
        _GIVEN,
    ),
    _fault("zero_as_absent", "0 is taken for absent.", _absent(0), _shows(0), _FALSY),
    _fault("false_as_absent", "false is taken for absent.", _absent(False), _shows(False), _FALSY),
    _fault(
        "empty_text_as_absent",
        "An empty text is taken for absent.",
        _absent(""),
        _shows(""),
        _FALSY,
    ),
    _fault(
        "empty_list_as_absent",
        "An empty array is taken for absent.",
        _absent([]),
        _shows([]),
        _FALSY,
    ),
)
