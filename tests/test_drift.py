"""Lenient reading: what the document does not know is kept, told with its place, and sent back."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import AfterValidator, Field, TypeAdapter, ValidationError

from tallystick.document import Json
from tallystick.runtime.drift import Trail
from tallystick.runtime.operation import Kind
from tallystick.runtime.presence import MISSING, Model, Reading, encode, present, reading, to_json
from tallystick.runtime.scalars import Boolean, Integer, Integral, Number
from tallystick.runtime.unknown import is_unknown


class Box(Model, extra="forbid"):
    size: Literal["s", "m"] | None | MISSING = MISSING
    count: Annotated[Integer | MISSING, Field(alias="the count")] = MISSING
    share: Number | MISSING = MISSING

    def effective(self) -> BoxEffective:
        return reading(BoxEffective, self)


class BoxEffective(Reading, extra="forbid"):
    defaults: ClassVar[Mapping[str, Any]] = {"size": "m"}
    size: Literal["s", "m"] | None
    count: Annotated[Integer | MISSING, Field(alias="the count")] = MISSING
    share: Number | MISSING = MISSING


class Cat(Model):
    kind: Literal["cat"]
    mood: Literal["good", "bad"] | MISSING = MISSING
    kitten: Cat | Dog | MISSING = MISSING


class Dog(Model):
    kind: Literal["dog", "wolf"]
    mood: Literal["good", "worse"] | MISSING = MISSING


class Left(Model, extra="forbid"):
    a: str
    b: str | MISSING = MISSING


class Right(Model, extra="forbid"):
    a: str
    c: str | MISSING = MISSING


class House(Model):
    box: Box | MISSING = MISSING
    pets: list[Cat | Dog] | MISSING = MISSING
    rooms: dict[str, list[House]] | MISSING = MISSING
    level: Annotated[Literal[1, 2], Integral] | MISSING = MISSING
    flag: Annotated[Literal[True], Boolean] | MISSING = MISSING
    side: Left | Right | MISSING = MISSING
    either: Integer | Literal["auto"] | MISSING = MISSING

    if not TYPE_CHECKING:
        __pydantic_extra__: dict[str, Literal["q"] | list[Literal["z"]]]

    def effective(self) -> HouseEffective:
        return reading(HouseEffective, self)


class HouseEffective(Reading):
    box: BoxEffective | MISSING = MISSING
    pets: list[Cat | Dog] | MISSING = MISSING
    rooms: dict[str, list[HouseEffective]] | MISSING = MISSING
    level: Annotated[Literal[1, 2], Integral] | MISSING = MISSING
    flag: Annotated[Literal[True], Boolean] | MISSING = MISSING
    side: Left | Right | MISSING = MISSING
    either: Integer | Literal["auto"] | MISSING = MISSING

    if not TYPE_CHECKING:
        __pydantic_extra__: dict[str, Literal["q"] | list[Literal["z"]]]


HOUSE: Kind[House] = Kind(lambda: TypeAdapter(House))


def drifted(value: Json, kind: Kind[Any] = HOUSE) -> tuple[Any, list[tuple[str, str]]]:
    """A value that strict reading refuses, read leniently, and what was found at which pointers."""
    with pytest.raises(ValidationError):
        kind.read(value)
    trail = Trail()
    made = kind.read(value, trail)
    assert to_json(made) == value
    return made, [(each.what, each.pointer) for each in trail.found]


CASES: dict[str, tuple[Json, list[tuple[str, str]]]] = {
    "enum": ({"box": {"size": "xl"}}, [("value", "/box/size")]),
    "integer enum": ({"level": 3}, [("value", "/level")]),
    "member of a closed object": ({"box": {"new": None}}, [("member", "/box/new")]),
    "several": (
        {"box": {"size": "xl", "a/b~": [1], "the count": 2}, "level": 9},
        [("value", "/box/size"), ("member", "/box/a~1b~0"), ("value", "/level")],
    ),
    "variant": ({"pets": [{"kind": "dog"}, {"kind": "cow", "x": 1}]}, [("variant", "/pets/1")]),
    "inside of a known variant": (
        {"pets": [{"kind": "cat", "mood": "worse"}, {"kind": "wolf", "mood": "bad"}]},
        [("value", "/pets/0/mood"), ("value", "/pets/1/mood")],
    ),
    "variant in a variant": (
        {"pets": [{"kind": "cat", "kitten": {"kind": "cat", "kitten": {"kind": "cow"}}}]},
        [("variant", "/pets/0/kitten/kitten")],
    ),
    "recursion": (
        {"rooms": {"a b": [{}, {"rooms": {"c": [{"level": 7}]}}]}},
        [("value", "/rooms/a b/1/rooms/c/0/level")],
    ),
    "typed members": (
        {"one": "x", "two": ["z", "y"], "three": "q"},
        [("value", "/one"), ("value", "/two/1")],
    ),
    "an unclear variant": ({"side": {"a": "", "b": "", "c": ""}}, [("variant", "/side")]),
    "a clear variant": ({"side": {"a": "", "b": "", "d": ""}}, [("member", "/side/d")]),
    "scalar union": ({"either": "manual"}, [("value", "/either")]),
    "variant of another type": ({"either": {"min": 1}}, [("variant", "/either")]),
}


@pytest.mark.parametrize(("value", "found"), CASES.values(), ids=CASES)
def test_what_has_drifted_is_kept_and_found(value: Json, found: list[tuple[str, str]]) -> None:
    assert sorted(drifted(value)[1]) == sorted(found)


@pytest.mark.parametrize("value", [each for each, _ in CASES.values()], ids=CASES)
def test_what_has_drifted_is_sent_back_by_every_way_of_copying(value: Json) -> None:
    made, _ = drifted(value)
    copies = [
        made,
        copy.copy(made),
        copy.deepcopy(made),
        made.model_copy(deep=True),
        pickle.loads(pickle.dumps(made)),
        House(**dict(made)),
    ]
    assert all(each == made and HOUSE.write(each) == value for each in copies)


@pytest.mark.parametrize("value", [each for each, _ in CASES.values()], ids=CASES)
def test_a_reading_keeps_what_has_drifted(value: Any) -> None:
    read = drifted(value)[0].effective()
    assert isinstance(read, HouseEffective)
    shown = _shown(read)
    if isinstance(shown.get("box"), dict):
        shown["box"] = {k: v for k, v in shown["box"].items() if k in value["box"]}
    assert shown == value


@pytest.mark.parametrize("value", [each for each, _ in CASES.values()], ids=CASES)
def test_the_same_data_of_the_caller_is_refused(value: Any) -> None:
    with pytest.raises(ValidationError):
        House.model_validate(value, by_alias=True, by_name=False)
    with pytest.raises(ValidationError):
        House(**value)


def test_known_parts_have_their_classes() -> None:
    made, _ = drifted({"pets": [{"kind": "cow"}, {"kind": "dog", "mood": "new"}], "box": {"x": 1}})
    cow, dog = made.pets
    assert is_unknown(cow)
    assert cow == {"kind": "cow"}
    assert type(dog) is Dog
    assert is_unknown(dog.mood)
    assert not is_unknown(dog.kind)
    assert type(made.box) is Box
    assert made.box.__pydantic_extra__ == {"x": 1}


@pytest.mark.parametrize(
    "value",
    [
        {"box": {"size": 3}},
        {"box": {"the count": "3"}},
        {"box": {"share": "1"}},
        {"level": "1"},
        {"level": True},
        {"flag": False},
        {"either": None},
        {"pets": [None]},
        {"pets": {}},
        {"pets": [{"kind": "cat", "mood": 1}]},
        {"pets": [{"kind": "cat", "kitten": {"kind": "dog", "mood": None}}]},
        {"rooms": {"a": [{"box": {"the count": 1.5}}]}},
    ],
)
def test_what_is_no_drift_is_refused_as_ever(value: Json) -> None:
    with pytest.raises(ValidationError) as strict:
        HOUSE.read(value)
    with pytest.raises(ValidationError) as kept:
        HOUSE.read(value, Trail())
    assert kept.value.errors(include_url=False) == strict.value.errors(include_url=False)


def test_another_member_can_be_assigned() -> None:
    value: Json = {"box": {"size": "xl", "new": [1], "the count": 1}, "level": 9}
    made, _ = drifted(value)
    made.box.count = 5
    made.pets = [Dog(kind="dog")]
    expected = {"box": {"size": "xl", "new": [1], "the count": 5}, "level": 9}
    assert HOUSE.write(made) == {**expected, "pets": [{"kind": "dog"}]}
    made.level = 1
    with pytest.raises(ValidationError):
        made.level = 4
    with pytest.raises(ValidationError):
        made.box.size = "xxl"
    with pytest.raises(ValidationError, match="no attribute"):
        made.box.other = 1
    assert made.box.__pydantic_extra__ == {"new": [1]}


def test_what_came_can_be_given_to_another_model() -> None:
    made, _ = drifted({"box": {"size": "xl"}, "pets": [{"kind": "cow"}], "level": 9})
    other = House(level=made.level, pets=[*made.pets, Dog(kind="dog")], box=Box(size=made.box.size))
    other.either = 3
    assert HOUSE.write(other) == {
        "box": {"size": "xl"},
        "pets": [{"kind": "cow"}, {"kind": "dog"}],
        "level": 9,
        "either": 3,
    }
    empty = Box()
    empty.size = made.box.size
    assert empty.model_dump(exclude_unset=True, warnings=False) == {"size": "xl"}


def test_a_mark_excuses_nothing_beside_it() -> None:
    made, _ = drifted({"box": {"size": "xl"}})
    with pytest.raises(ValidationError):
        House(box=Box(size=made.box.size), level=9)  # type: ignore[arg-type]
    made.__dict__["level"] = 9
    with pytest.raises(ValidationError):
        HOUSE.write(made)


def test_what_stands_at_the_root_is_kept() -> None:
    union: Kind[Any] = Kind(lambda: TypeAdapter(Cat | Dog))
    made, found = drifted({"kind": "cow"}, union)
    assert found == [("variant", "")]
    assert union.write(made) == {"kind": "cow"}
    several: Kind[Any] = Kind(lambda: TypeAdapter(list[Cat | Dog]))
    made, found = drifted([{"kind": "cow"}], several)
    assert found == [("variant", "/0")]
    assert several.write(made) == [{"kind": "cow"}]
    with pytest.raises(ValidationError):
        several.write([{"kind": "cow"}])


def test_numbers_keep_their_digits() -> None:
    text = b'[1.50000000000000000001,{"n":2.50000000000000000001}]'
    kind: Kind[Any] = Kind(lambda: TypeAdapter(list[Literal[1, 2] | Box]))
    made = kind.decode(text, Trail())
    assert is_unknown(made[0])
    assert type(made[1]) is Box
    assert encode(copy.deepcopy(made)) == text
    assert encode(kind.write(made)) == text


def test_a_variant_that_is_not_known_is_never_one_that_is() -> None:
    class Loose(Model):
        kind: Literal["loose"] | MISSING = MISSING
        name: str | MISSING = MISSING

    class Tight(Model):
        kind: Literal["tight"] | MISSING = MISSING
        name: str | MISSING = MISSING

    union: Kind[Any] = Kind(lambda: TypeAdapter(Loose | Tight))
    assert type(union.read({"kind": "tight", "name": ""})) is Tight
    made, _ = drifted({"kind": "new", "name": ""}, union)
    assert type(made) not in (Loose, Tight)


def test_a_class_behind_a_border_drifts_as_well() -> None:
    class Holder(Model):
        box: Any = None

    def border(value: object) -> object:
        return Box.model_validate(value, by_alias=True, by_name=False)

    schema = copy.deepcopy(Holder.__pydantic_core_schema__)
    found: Any = schema
    while "fields" not in found:
        found = found["schema"]
    function = {"type": "no-info", "function": border}
    found["fields"]["box"]["schema"] = {
        "type": "function-plain",
        "function": function,
        "metadata": {"tallystick_border": Box},
    }

    class Adapter:
        core_schema = schema

    from tallystick.runtime.lenient import lenient

    trail = Trail()
    made = lenient(Adapter()).read({"box": {"size": "xl"}}, trail)  # type: ignore[arg-type]
    assert type(made.box) is Box
    assert [each.pointer for each in trail.found] == ["/box/size"]


def test_a_validator_of_another_kind_stays_as_it_is() -> None:
    def at_least(bound: int, value: int) -> int:
        assert value >= bound
        return value

    class Bounded(Model):
        n: Annotated[Integer, AfterValidator(partial(at_least, 3))]
        s: Literal["a"]

    kind: Kind[Any] = Kind(lambda: TypeAdapter(Bounded))
    assert drifted({"n": 3, "s": "b"}, kind)[1] == [("value", "/s")]
    with pytest.raises(ValidationError):
        kind.read({"n": 2, "s": "b"}, Trail())


def test_unions_without_end_are_given_up() -> None:
    class One(Model):
        at: One | Two | MISSING = MISSING
        n: Literal[1] | MISSING = MISSING

    class Two(Model):
        at: One | Two | MISSING = MISSING
        n: Literal[1] | MISSING = MISSING

    One.model_rebuild(_types_namespace={"One": One, "Two": Two})
    Two.model_rebuild(_types_namespace={"One": One, "Two": Two})
    value: Json = {"n": "x"}
    for _ in range(12):
        value = {"at": value}
    kind: Kind[Any] = Kind(lambda: TypeAdapter(One | Two))
    with pytest.raises(ValidationError):
        kind.read(value, Trail())


def test_a_tag_keeps_deep_unions_quick() -> None:
    value: Json = {"kind": "cow"}
    for _ in range(12):
        value = {"kind": "cat", "mood": "odd", "kitten": value}
    trail = Trail()
    union: Kind[Any] = Kind(lambda: TypeAdapter(Cat | Dog))
    made = union.lenient.read(value, trail)
    assert to_json(made) == value
    assert len(trail.found) == 13
    assert trail.attempts == 0


@given(st.recursive(
    st.fixed_dictionaries({}, optional={
        "box": st.fixed_dictionaries({}, optional={
            "size": st.sampled_from(["s", "m", None, "xl", ""]),
            "the count": st.sampled_from([1, 2.0, -3]),
            "new": st.sampled_from([None, 1, {"a": []}]),
        }),
        "pets": st.lists(st.sampled_from([
            {"kind": "cat"}, {"kind": "dog", "mood": "x"}, {"kind": "cow"}, {},
            {"kind": "cat", "kitten": {"kind": "emu", "n": 1.5}},
        ]), max_size=3),
        "level": st.sampled_from([1, 2.0, 3]),
    }),
    lambda inner: st.fixed_dictionaries(
        {"rooms": st.dictionaries(st.text(max_size=3), st.lists(inner, max_size=2), max_size=2)}
    ),
    max_leaves=6,
))  # fmt: skip
def test_whatever_drifts_comes_back_unchanged(value: Any) -> None:
    trail = Trail()
    try:
        made = HOUSE.read(value, trail)
    except ValidationError:
        assert any(not isinstance(pet, dict) or not pet for pet in _pets(value))
        return
    assert HOUSE.write(made) == value
    try:
        HOUSE.read(value)
    except ValidationError:
        assert trail.found
    else:
        assert not trail.found
    for each in trail.found:
        assert _at(value, each.path) is not MISSING


def _shown(value: Any) -> Any:
    """A reading as JSON data, which ``to_json`` refuses to give."""
    if isinstance(value, Model):
        return {name: _shown(item) for name, item in present(value)}
    if isinstance(value, dict):
        return {name: _shown(item) for name, item in value.items()}
    return [_shown(item) for item in value] if isinstance(value, list) else value


def _pets(value: Any) -> list[Any]:
    rooms = [room for rooms in value.get("rooms", {}).values() for room in rooms]
    return [*value.get("pets", []), *(pet for room in rooms for pet in _pets(room))]


def _at(value: Any, path: tuple[str | int, ...]) -> Any:
    for part in path:
        value = value[part]
    return value
