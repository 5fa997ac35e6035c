"""Faults around null: in answers and in requests."""

from __future__ import annotations

from dataclasses import replace

from tallystick.contract import Contract, Property, Schema
from tallystick.document import Json

from ...mirror import Mirror
from ...verdicts import Law
from ..complete import Ground
from ..fault import Fault
from ..items import planned
from ..records import Call, Reply
from ..world import Behaviour, World
from .edits import created, first_shown, lenient, shown_members, strict, table, updates, walked
from .places import READS, WRITES, Spot, mirrored, some_answer, some_member, some_mirror, spots

_EMPTY: dict[str, Json] = {"string": "", "integer": 0, "number": 0, "boolean": False, "array": []}


def _nullable(contract: Contract, member: Property) -> bool:
    return contract.schema(member.pointer).nullable


def _drop_null(contract: Contract, member: Property, holder: dict[str, Json]) -> None:
    if member.required and holder[member.name] is None:
        del holder[member.name]


def _empty(contract: Contract, member: Property, holder: dict[str, Json]) -> None:
    kinds = sorted(contract.schema(member.pointer).types & _EMPTY.keys())
    if holder[member.name] is None and kinds:
        holder[member.name] = _EMPTY[kinds[0]]


def _word(contract: Contract, member: Property, holder: dict[str, Json]) -> None:
    if holder[member.name] is None:
        holder[member.name] = "null"


def _never_null(contract: Contract, member: Property, holder: dict[str, Json]) -> bool:
    if _nullable(contract, member):
        return False
    holder[member.name] = None
    return True


def _without_nulls(world: World, schema: Schema, value: Json, depth: int) -> Json:
    if not isinstance(value, dict):
        return value
    return {name: each for name, each in value.items() if each is not None}


def _drop_forbidden(world: World, schema: Schema, value: Json, depth: int) -> Json:
    """Null taken for absent where it is not admitted; a required member is made up."""
    if not isinstance(value, dict):
        return value
    kept = dict(value)
    for member in schema.properties:
        if kept.get(member.name, 0) is None and not _nullable(world.contract, member):
            del kept[member.name]
            if member.required:
                kept[member.name] = world.samples.value(member.pointer, "null", member.name)
    return kept


def _crash(correct: Behaviour) -> Behaviour:
    def answer(world: World, call: Call, reply: Reply) -> Reply:
        if call.plan and call.plan.body and reply.status < 300:
            value = call.value if isinstance(call.value, dict) else {}
            if walked(world, call.plan.body, value, _without_nulls) != value:
                return Reply(500, {"code": "INTERNAL_SERVER_ERROR", "message": "null"})
        return correct.answer(world, call, reply)

    # The answer step sees the call as it was read, for it is the last.
    return replace(correct, answer=answer)


def _null_spots(world: World, call: Call, item: dict[str, Json]) -> list[tuple[Mirror, Spot]]:
    """The places of an item where the update says null, outermost first."""
    every = mirrored(world.contract, planned(call))
    body = dict(table(call.value))
    return [
        (mirror, spot)
        for mirror in every
        for spot in spots(mirror, body, item)
        if spot.given is None
    ]


def _overwrite(
    world: World, call: Call, before: dict[str, Json], after: dict[str, Json]
) -> dict[str, Json]:
    for mirror, spot in _null_spots(world, call, after):
        if world.contract.schema(mirror.response_pointer).nullable:
            spot.holder[spot.name] = None
    return after


def _reset(
    world: World, call: Call, before: dict[str, Json], after: dict[str, Json]
) -> dict[str, Json]:
    for mirror, spot in _null_spots(world, call, after):
        if isinstance(mirror.default, bool | int | float | str):
            spot.holder[spot.name] = mirror.default
    return after


def _reset_group(
    world: World, call: Call, before: dict[str, Json], after: dict[str, Json]
) -> dict[str, Json]:
    plan = planned(call)
    fresh = world.shapes.complete({}, None, plan.stored or "", _ground(call)) if plan.stored else {}
    for mirror, spot in _null_spots(world, call, after):
        if isinstance(spot.holder[spot.name], dict) and len(mirror.response) == 1:
            spot.holder[spot.name] = fresh.get(spot.name)
    return after


def _spoil(
    world: World, call: Call, before: dict[str, Json], after: dict[str, Json]
) -> dict[str, Json]:
    return before if _null_spots(world, call, before) else after


def _keep_null(world: World, mirror: Mirror, spot: Spot) -> None:
    if spot.given is None and world.contract.schema(mirror.response_pointer).nullable:
        spot.holder[spot.name] = None


def _default_over_null(world: World, mirror: Mirror, spot: Spot) -> None:
    if spot.given is None and spot.holder[spot.name] is None:
        default = mirror.default
        spot.holder[spot.name] = (
            default if isinstance(default, bool | int | float | str) else spot.holder[spot.name]
        )


def _unchanged(contract: Contract, mirror: Mirror) -> bool:
    return _convention(contract, mirror) == "unchanged"


def _convention(contract: Contract, mirror: Mirror) -> str | None:
    owner = mirror.request_pointer.rpartition("/properties/")[0]
    schema = contract.schemas.get(owner)
    member = schema.property(mirror.request[-1]) if schema else None
    return member.null if member else None


def _null_kept(contract: Contract, mirror: Mirror) -> bool:
    """Whether null is sent in ``request`` and could be shown, while a default should be."""
    return (
        contract.schema(mirror.request_pointer).nullable
        and contract.schema(mirror.response_pointer).nullable
        and isinstance(mirror.default, bool | int | float | str)
    )


def _resets(contract: Contract, mirror: Mirror) -> bool:
    return _unchanged(contract, mirror) and isinstance(mirror.default, bool | int | float | str)


def _group(contract: Contract, mirror: Mirror) -> bool:
    core = contract.core(mirror.response_pointer)
    return _unchanged(contract, mirror) and len(mirror.response) == 1 and bool(core.properties)


def _ground(call: Call) -> Ground:
    return Ground(call.path)


_LEFT = "whose null means unchanged (x-tallystick-null)"

FAULTS = (
    Fault(
        "null_member_dropped",
        "null answers",
        "A required member that is null is left out of an answer.",
        frozenset({Law.ANSWERS, Law.PRESENCE, Law.NULL}),
        shown_members(_drop_null),
        some_answer(
            READS, lambda c, m: m.required and _nullable(c, m), "that is required and may be null"
        ),
    ),
    Fault(
        "null_where_not_admitted",
        "null answers",
        "A member that does not admit null is null in an answer.",
        frozenset({Law.ANSWERS, Law.NULL, Law.TYPES}),
        first_shown(_never_null),
        some_answer(READS, lambda c, m: not _nullable(c, m)),
    ),
    Fault(
        "null_as_empty",
        "null answers",
        "A null is answered as an empty text, a zero or false.",
        frozenset({Law.NULL, Law.DEFAULTS, Law.ANSWERS, Law.PRESENCE}),
        shown_members(_empty),
        some_mirror(
            ("create",), lambda c, m: m.default is None and m.comparable, "that is null when unset"
        ),
    ),
    Fault(
        "null_as_word",
        "null answers",
        "A null is answered as the text 'null'.",
        frozenset({Law.NULL, Law.ANSWERS, Law.TYPES, Law.PRESENCE}),
        shown_members(_word),
        some_answer(READS, _nullable, "that may be null"),
    ),
    Fault(
        "null_refused",
        "null requests",
        "Null is refused where the schema admits it.",
        frozenset({Law.NULL, Law.TYPES, Law.PRESENCE}),
        strict(_without_nulls),
        some_member(WRITES, _nullable, "that may be null"),
    ),
    Fault(
        "null_crashes",
        "null requests",
        "A null in a request ends in a 500.",
        frozenset({Law.NULL, Law.ANSWERS, Law.TYPES, Law.PRESENCE}),
        _crash,
        some_member(WRITES, _nullable, "that may be null"),
    ),
    Fault(
        "null_accepted",
        "null requests",
        "Null is accepted where the schema does not admit it.",
        frozenset({Law.NULL, Law.TYPES}),
        lenient(_drop_forbidden),
        some_member(WRITES, lambda c, m: not _nullable(c, m)),
    ),
    Fault(
        "null_overwrites",
        "null requests",
        "In an update null is stored over a value that it should leave.",
        frozenset({Law.NULL, Law.UPDATES}),
        updates(_overwrite),
        some_mirror(
            ("update",),
            lambda c, m: _unchanged(c, m) and c.schema(m.response_pointer).nullable,
            _LEFT,
        ),
    ),
    Fault(
        "null_resets",
        "null requests",
        "In an update null resets a member to its default.",
        frozenset({Law.NULL, Law.UPDATES}),
        updates(_reset),
        some_mirror(("update",), _resets, "with a default and " + _LEFT),
    ),
    Fault(
        "null_resets_group",
        "null requests",
        "In an update null for an object resets the whole object.",
        frozenset({Law.NULL, Law.UPDATES}),
        updates(_reset_group),
        some_mirror(("update",), _group, "with members of its own and " + _LEFT),
    ),
    Fault(
        "null_spoils_update",
        "null requests",
        "An update that holds a null anywhere is dropped, and still acknowledged.",
        frozenset({Law.NULL, Law.UPDATES}),
        updates(_spoil),
        some_mirror(("update",), _unchanged, _LEFT),
    ),
    Fault(
        "null_kept_on_create",
        "null requests",
        "A create stores null where null means absent and a default stands.",
        frozenset({Law.NULL, Law.DEFAULTS}),
        created(_keep_null),
        some_mirror(
            ("create",),
            lambda c, m: _null_kept(c, m) and _unchanged(c, m),
            "with a default and " + _LEFT,
        ),
    ),
    Fault(
        "default_over_null",
        "null requests",
        "A create puts the default over a null that was given as a value.",
        frozenset({Law.NULL, Law.DEFAULTS}),
        created(_default_over_null),
        some_mirror(
            ("create",),
            lambda c, m: _null_kept(c, m) and not _unchanged(c, m),
            "with a default that may be null",
        ),
    ),
)
