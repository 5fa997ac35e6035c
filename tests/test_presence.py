"""Absent, null and a value: models of the runtime, their exact JSON, and their readings."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID as PlainUUID

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, TypeAdapter, ValidationError

from tallystick.runtime import json_text, moments
from tallystick.runtime.json_text import JsonError
from tallystick.runtime.moments import read_date, read_date_time, read_time, read_uuid
from tallystick.runtime.presence import (
    MISSING,
    Model,
    Reading,
    decode,
    encode,
    is_set,
    reading,
    to_json,
)
from tallystick.runtime.scalars import (
    UUID,
    Boolean,
    Date,
    DateTime,
    Integer,
    Integral,
    Json,
    Number,
    Time,
)


class Inner(Model):
    n: Integer | MISSING | None = MISSING
    at: DateTime | MISSING = MISSING

    def effective(self) -> InnerEffective:
        return reading(InnerEffective, self)


class InnerEffective(Reading):
    defaults: ClassVar[dict[str, Any]] = {"n": 5}
    n: Integer | None
    at: DateTime | MISSING = MISSING


class Outer(Model):
    class_: Annotated[Integer | MISSING, Field(alias="class")] = MISSING
    inner: Inner | MISSING | None = MISSING
    several: list[Inner] | MISSING = MISSING
    by_name: dict[str, Inner] | MISSING = MISSING
    anything: Json | MISSING = MISSING

    def effective(self) -> OuterEffective:
        return reading(OuterEffective, self)


class OuterEffective(Reading):
    defaults: ClassVar[dict[str, Any]] = {"inner": {}}
    class_: Annotated[Integer | MISSING, Field(alias="class")] = MISSING
    inner: InnerEffective | None
    several: list[InnerEffective] | MISSING = MISSING
    by_name: dict[str, InnerEffective] | MISSING = MISSING
    anything: Json | MISSING = MISSING


class Closed(Model, extra="forbid"):
    name: str


AWKWARD = (
    '{"class_":1,"class":2}',
    '{"class_":"unknown","model_dump":1,"effective":{"a":[1,2.0]},"self":null}',
    '{"__class__":2,"__dict__":{},"__pydantic_extra__":[],"model_config":0,"":1}',
    '{"inner":null,"several":[],"by_name":{}}',
    '{"inner":{"n":0,"at":"2016-12-31T23:59:60.1234567-00:00","é\\u0000":1e300}}',
    '{"several":[{},{"n":null}],"by_name":{"n":{"n":1}},"anything":null}',
)


@pytest.mark.parametrize("text", AWKWARD)
def test_what_was_decoded_is_encoded_unchanged(text: str) -> None:
    assert json.loads(encode(decode(Outer, text.encode()))) == json.loads(text)


COPIES: list[Callable[[Outer], Outer]] = [
    copy.copy,
    copy.deepcopy,
    lambda each: pickle.loads(pickle.dumps(each)),
    lambda each: Outer(**dict(each)),
    lambda each: each.model_copy(update={}),
    lambda each: Outer.model_validate_json(each.model_dump_json(), by_name=False),
]


@pytest.mark.parametrize("text", AWKWARD)
@pytest.mark.parametrize("duplicate", COPIES)
def test_every_kind_of_copy_keeps_presence(text: str, duplicate: Callable[[Outer], Outer]) -> None:
    model: Outer = decode(Outer, text.encode())
    assert duplicate(model) == model
    assert encode(duplicate(model)) == encode(model)


def test_a_copy_with_a_member_changed_changes_that_member_only() -> None:
    changed = Outer(inner=None).model_copy(update={"class_": 3})
    assert to_json(changed) == {"class": 3, "inner": None}
    assert to_json(changed.model_copy(update={"class_": MISSING})) == {"inner": None}


@pytest.mark.parametrize("value", [None, 0, False, "", []])
def test_null_and_falsy_values_are_set(value: object) -> None:
    assert is_set(value)
    assert not is_set(MISSING)


def test_the_sentinel_is_truthy_so_truth_must_not_be_asked() -> None:
    assert bool(MISSING)


def test_repr_shows_what_is_present() -> None:
    assert repr(Outer(inner=None)) == "Outer(inner=None)"


@pytest.mark.parametrize(
    "text",
    [
        '{"class":true}',
        '{"class":"1"}',
        '{"class":1.5}',
        '{"class":null}',
        '{"inner":{"n":"1"}}',
        '{"inner":{"at":"2020-01-01T00:00:00"}}',
        '{"inner":{"at":0}}',
        '{"several":null}',
        '{"several":{}}',
        '{"by_name":[]}',
    ],
)
def test_what_the_type_forbids_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        decode(Outer, text.encode())


@pytest.mark.parametrize(
    "text", ['{"x":NaN}', '{"x":-Infinity}', '{"x":1e400}', '{"a":1,"a":2}', "{"]
)
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(JsonError):
        decode(Outer, text.encode())


class Nameless(Model):
    value: Annotated[Integer | MISSING, Field(alias="")] = MISSING


def test_a_name_on_the_wire_may_be_empty() -> None:
    assert encode(decode(Nameless, b'{"":1,"value":2}')) == b'{"":1,"value":2}'
    assert encode(Nameless(value=1)) == b'{"":1}'


def test_a_closed_object_refuses_an_unknown_member() -> None:
    with pytest.raises(ValidationError, match="nmae"):
        decode(Closed, b'{"name":"a","nmae":"b"}')


def test_a_required_member_must_be_there() -> None:
    with pytest.raises(ValidationError, match="name"):
        decode(Closed, b"{}")


@pytest.mark.parametrize(
    "members",
    [
        {"several": [MISSING]},
        {"by_name": {"a": MISSING}},
        {"anything": [MISSING]},
        {"unknown": MISSING},
        {"unknown": {1, 2}},
        {"unknown": {1: 2}},
        {"unknown": float("nan")},
    ],
)
def test_a_model_holds_nothing_that_has_no_json(members: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Outer(**members)


def test_an_assignment_is_checked_and_can_take_a_member_away() -> None:
    model = Outer(class_=1)
    with pytest.raises(ValidationError):
        model.class_ = "1"  # type: ignore[assignment]
    model.class_ = MISSING
    assert to_json(model) == {}


@pytest.mark.parametrize("value", [[MISSING], {"a": MISSING}, float("inf")])
def test_the_encoder_refuses_what_slipped_in_later(value: object) -> None:
    with pytest.raises(ValueError, match=r"MISSING|inf"):
        encode(value)


@pytest.mark.parametrize("value", [{1, 2}, b"", object(), 1j])
def test_the_encoder_refuses_what_is_no_json(value: object) -> None:
    with pytest.raises(TypeError, match="is not JSON"):
        encode(value)


def test_a_reading_fills_defaults_at_every_depth() -> None:
    model = Outer(several=[Inner(), Inner(n=None)], by_name={"a": Inner(n=0)})
    read = model.effective()
    assert read.inner == InnerEffective(n=5)
    assert read.several == [InnerEffective(n=5), InnerEffective(n=None)]
    assert read.by_name == {"a": InnerEffective(n=0)}
    assert to_json(model) == {"several": [{}, {"n": None}], "by_name": {"a": {"n": 0}}}


def test_a_reading_keeps_an_explicit_null() -> None:
    assert Outer(inner=None).effective().inner is None


def test_a_reading_of_a_reading_is_itself() -> None:
    read = Outer().effective()
    assert read.effective() is read


@pytest.mark.parametrize("wrap", [lambda r: r, lambda r: [r], lambda r: {"a": r}])
def test_a_reading_is_never_sent(wrap: Callable[[Reading], object]) -> None:
    with pytest.raises(TypeError, match="is a reading"):
        encode(wrap(Inner().effective()))


def test_a_reading_does_not_change() -> None:
    read = Inner().effective()
    with pytest.raises(ValidationError, match="frozen"):
        read.n = 6


# --- scalars


def test_an_integral_float_is_an_integer() -> None:
    assert repr(decode(Integer, b"1.0")) == "1"
    assert repr(decode(Annotated[Literal[1, 2], Integral], b"2.0")) == "2"


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Integer, b"true"),
        (Integer, b'"1"'),
        (Number, b"true"),
        (Number, b'"1"'),
        (Annotated[Literal[1], Integral], b"true"),
        (Annotated[Literal[True], Boolean], b"1"),
        (bool, b"1"),
        (str, b"1"),
    ],
)
def test_a_scalar_is_not_coerced(kind: Any, text: bytes) -> None:
    with pytest.raises(ValidationError):
        decode(kind, text)


@pytest.mark.parametrize(
    "text", [b"1", b"1.5", b"123456789012345678901234567890", b"-0.0", b"1e22"]
)
def test_a_number_keeps_its_kind(text: bytes) -> None:
    assert repr(decode(Number, text)) == repr(json.loads(text))


_digits = st.integers(0, 99).map("{:02}".format)
_near = st.sampled_from(["00", "01", "12", "23", "24", "28", "29", "30", "31", "59", "60", "61"])
_pair = _digits | _near
_year = st.sampled_from(["0000", "0001", "1900", "2000", "2019", "2020", "9999"])
_day = st.builds("{}-{}-{}".format, _year, _pair, _pair)
_fraction = st.sampled_from(["", ".", ".5", ".123456789", ",5"])
_offset = st.sampled_from(["Z", "z", "", "+00:00", "-00:00", "+0000", "+23:59", "-24:00", "-08:00"])
_clock = st.builds("{}:{}:{}{}{}".format, _pair, _pair, _pair, _fraction, _offset)
_moment = st.builds("{}{}{}".format, _day, st.sampled_from("TtT _"), _clock)


def _says(form: str, text: str) -> bool:
    schema = {"type": "string", "format": form}
    return jsonschema_rs.validator_for(schema, validate_formats=True).is_valid(text)


def _reads(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True


@given(_moment)
def test_a_date_time_is_what_rfc_3339_says(text: str) -> None:
    assert _reads(read_date_time, text) == _says("date-time", text)


@given(_day | st.text(max_size=11))
def test_a_date_is_what_rfc_3339_says(text: str) -> None:
    assert _reads(read_date, text) == _says("date", text)


@given(_clock | st.text(max_size=11))
def test_a_time_is_what_rfc_3339_says(text: str) -> None:
    assert _reads(read_time, text) == _says("time", text)


@given(st.uuids().map(str) | st.uuids().map(lambda each: each.hex) | st.text("0aF-", max_size=36))
def test_a_uuid_is_what_its_format_says(text: str) -> None:
    assert _reads(read_uuid, text) == _says("uuid", text)


WRITTEN = [
    (DateTime, "2016-12-31t23:59:60.1234567-00:00"),
    (DateTime, "0000-02-29T00:00:00Z"),
    (DateTime, "9999-12-31T23:59:60Z"),
    (Date, "0000-01-01"),
    (Time, "23:59:60.25z"),
    (UUID, "2EB8AA08-AA98-11EA-B4AA-73B441D16380"),
]


@pytest.mark.parametrize(("kind", "text"), WRITTEN)
def test_text_that_came_is_sent_back_as_it_came(kind: Any, text: str) -> None:
    value = decode(kind, json.dumps(text).encode())
    for each in (value, copy.copy(value), copy.deepcopy(value), pickle.loads(pickle.dumps(value))):
        assert to_json(each) == text
        assert TypeAdapter(kind).dump_json(each) == json.dumps(text).encode()


def test_a_moment_that_came_is_a_moment() -> None:
    value = decode(DateTime, b'"2016-12-31T23:59:60Z"')
    assert value == datetime(2017, 1, 1, tzinfo=UTC)
    assert to_json(value + timedelta(hours=1)) == "2017-01-01T01:00:00Z"
    assert to_json(value.replace(year=2018)) == "2018-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        (DateTime, datetime(2020, 1, 2, 3, 4, 5, 600000, UTC), "2020-01-02T03:04:05.600000Z"),
        (
            DateTime,
            datetime(2020, 1, 2, tzinfo=timezone(timedelta(hours=-8))),
            "2020-01-02T00:00:00-08:00",
        ),
        (Date, date(2020, 1, 2), "2020-01-02"),
        (Time, time(1, 2, tzinfo=UTC), "01:02:00Z"),
        (UUID, PlainUUID(int=1), "00000000-0000-0000-0000-000000000001"),
    ],
)
def test_a_plain_value_is_sent_in_the_form_of_the_rfc(kind: Any, value: Any, text: str) -> None:
    assert to_json(TypeAdapter(kind).validate_python(value)) == text


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (DateTime, datetime(2020, 1, 2)),
        (DateTime, date(2020, 1, 2)),
        (DateTime, datetime(2020, 1, 2, tzinfo=timezone(timedelta(seconds=1)))),
        (Date, datetime(2020, 1, 2, tzinfo=UTC)),
        (Time, time(1, 2)),
        (UUID, 1),
    ],
)
def test_a_plain_value_that_says_less_or_more_is_refused(kind: Any, value: Any) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(value)


def test_a_naive_moment_is_refused_in_words() -> None:
    with pytest.raises(ValidationError, match="has no time zone"):
        Inner(at=datetime(2020, 1, 2))


# --- reading quickly


class Node(Model):
    """Members of every kind that decoding counts."""

    name: str
    alias: Annotated[str | MISSING, Field(alias="from")] = MISSING
    at: DateTime | MISSING = MISSING
    below: Node | list[Node] | MISSING = MISSING
    by: dict[str, Json] | MISSING = MISSING


@pytest.mark.parametrize(
    "text",
    [
        b'{"name": "a", "name": "b"}',
        b'{"name": "a", "name" : "b"}',
        b'{"name": "a", "na\\u006de": "b"}',
        b'{"name": "a", "x": 1, "x": 1}',
        b'{"name": ":", "x": {"y": 1, "y": 1}}',
        b'{"name": "\\":", "name": "a\\":"}',
        b'{"name": "a", "below": {"name": "a", "name": "b"}}',
        b'{"name": "a", "below": [{"name": "a"}, {"name": "b", "from": "", "from": ""}]}',
        b'{"name": "a", "by": {"x": [{"y": 1, "y": {}}]}}',
        b'{"name": "a", "by": {"x": 1}, "by": {}}',
        b'{"name": "a", "below": {"name": ":::", "from": ":::"}, "below": []}',
    ],
)
def test_a_key_that_stands_twice_is_refused_at_every_depth(text: bytes) -> None:
    with pytest.raises(JsonError, match="stands twice"):
        decode(Node, text)
    with pytest.raises(JsonError, match="stands twice"):
        json_text.read(text)


class Filled(Reading):
    """A reading: what is absent counts as a member that nobody wrote."""

    defaults: ClassVar[Mapping[str, Any]] = {"b": 1}

    a: Integer
    b: Integer


def test_a_key_that_stands_twice_does_not_hide_behind_a_default() -> None:
    with pytest.raises(JsonError, match="stands twice"):
        decode(Filled, b'{"a": 1, "a": 1}')


@pytest.mark.parametrize(
    "text",
    [
        b'{"name": ":x", "from": "\\":", "at": "2020-01-01T00:00:00Z", "x" : {"y":":"}}',
        b'{"name": "a", "below": [{"name": "b", "below": {"name": "c"}}], "by": {"x": [{}, {"z": 1}]}}',
        b'{"name": "a", "alias": "an unknown member with the name of a field", "from": "b"}',
    ],
)
def test_colons_and_quotes_in_strings_are_no_members(text: bytes) -> None:
    assert json.loads(encode(decode(Node, text))) == json.loads(text)


@pytest.mark.parametrize("text", [b"1e400", b"-1e400", b"[[1e400]]", b'{"a": {"b": 1e999}}'])
def test_a_number_that_no_float_holds_is_refused_at_every_depth(text: bytes) -> None:
    with pytest.raises(JsonError, match="too large"):
        json_text.read(text)
    with pytest.raises(JsonError, match="too large"):
        decode(Json, text)


@pytest.mark.parametrize("pair", [("[", "]"), ('{"a":', "}")])
def test_the_compiled_reader_goes_no_deeper_than_ours(pair: tuple[str, str]) -> None:
    opening, closing = pair
    deep = f"{opening * json_text.DEEPEST}1{closing * json_text.DEEPEST}".encode()
    deeper = f"{opening * (json_text.DEEPEST + 1)}1{closing * (json_text.DEEPEST + 1)}".encode()
    assert decode(Json, deep) == json_text.read(deep)
    with pytest.raises(JsonError, match="nested deeper"):
        json_text.read(deeper)
    with pytest.raises(JsonError, match="nested deeper"):
        decode(Json, deeper)


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers())
def test_numbers_are_read_as_python_reads_them(real: float, whole: int) -> None:
    text = json.dumps([real, whole]).encode()
    assert repr(json_text.read(text)) == repr([real, whole]) == repr(decode(list[Number], text))


@given(st.datetimes(timezones=st.timezones(no_cache=True)), st.integers(0, 9))
def test_a_common_moment_is_the_one_that_python_reads(moment: datetime, digits: int) -> None:
    offset = (moment.utcoffset() or timedelta()) // timedelta(minutes=1)
    sign, minutes = ("-", -offset) if offset < 0 else ("+", offset)
    fraction = f".{moment.microsecond:06}000"[: digits + 1] if digits else ""
    zone = f"{sign}{minutes // 60:02}:{minutes % 60:02}"
    text = f"{moment:%Y-%m-%dT%H:%M:%S}".zfill(19) + fraction + zone
    found = moments.read_date_time(text)
    micro = int(f"{fraction[1:7]:0<6}")
    assert found.replace(tzinfo=None) == moment.replace(tzinfo=None, fold=0, microsecond=micro)
    assert found.utcoffset() == timedelta(minutes=offset)
    assert (found.text, type(found)) == (text, moments.WrittenDateTime)


class Knot(Model):
    """It refers to a class that is not there yet."""

    loose_ends: Annotated[list[End], Field(alias="looseEnds")]


class End(Model):
    tied_to: Annotated[Knot | MISSING, Field(alias="tiedTo")] = MISSING


def test_classes_that_refer_to_each_other_keep_their_names_on_the_wire() -> None:
    text = b'{"looseEnds":[{"tiedTo":{"looseEnds":[]}}]}'
    assert encode(decode(Knot, text)) == text
