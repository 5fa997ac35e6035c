"""Numbers of more digits than a float holds come back as they came."""

from __future__ import annotations

import copy
import json
import pickle
from decimal import Decimal
from typing import Annotated

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import Field, ValidationError

from tallystick.runtime.digits import Digits, exact, rounded
from tallystick.runtime.json_text import Json, read, write
from tallystick.runtime.presence import MISSING, Model, decode, encode
from tallystick.runtime.scalars import Number

PI = "3.14159265358979323846264338327950288"


class Sample(Model):
    number: Number
    bounded: Annotated[Number, Field(le=4)] | None | MISSING = MISSING


@st.composite
def numbers(draw: st.DrawFn) -> str:
    """Numbers of JSON (RFC 8259, section 6) of any length."""
    digits = st.text("0123456789", min_size=1, max_size=25)
    whole = str(int(draw(digits)))
    fraction = draw(st.just("") | digits.map(lambda each: f".{each}"))
    exponent = draw(st.just("") | st.integers(-400, 250).map(lambda each: f"e{each}"))
    return draw(st.sampled_from(["", "-"])) + whole + fraction + exponent


@settings(deadline=None)  # a busy machine is no fault
@given(st.lists(numbers(), max_size=4))
def test_every_number_comes_back_with_its_value(texts: list[str]) -> None:
    data = f'{{"a":[{",".join(texts)}]}}'.encode()
    again = json.loads(write(read(data)), parse_float=Decimal, parse_int=Decimal)
    assert again["a"] == [Decimal(each) for each in texts]


@pytest.mark.parametrize("text", ["0.1", "1e23", "1.50", "-0.0", "123456789012345.6"])
def test_what_a_float_holds_is_a_float(text: str) -> None:
    assert type(exact(text)) is float


def test_a_long_number_is_a_float_that_knows_its_digits() -> None:
    sample = decode(Sample, f'{{"number": {PI}, "bounded": {PI}}}'.encode())
    assert isinstance(sample.number, Digits)
    assert sample.number == float(PI)
    assert Decimal(sample.number.text) == Decimal(PI)
    assert encode(sample) == f'{{"number":{PI},"bounded":{PI}}}'.encode()


def test_copies_and_pickles_keep_the_digits() -> None:
    sample = decode(Sample, f'{{"number": {PI}}}'.encode())
    for each in (copy.deepcopy(sample), copy.copy(sample), sample.effective()):
        assert encode(each) == encode(sample)
    assert pickle.loads(pickle.dumps(Digits(PI))).text == PI


def test_bounds_hold_for_it() -> None:
    with pytest.raises(ValidationError):
        decode(Sample, f'{{"number": 1, "bounded": 1{PI}}}'.encode())


def test_the_schema_beside_a_type_takes_it() -> None:
    assert rounded({"a": [Digits(PI), 1, None]}) == {"a": [float(PI), 1, None]}
    assert type(rounded(Digits(PI))) is float


def test_a_text_beside_it_is_left_as_it_is() -> None:
    value: Json = {"text": f'"{PI}"', "number": Digits(PI)}
    assert json.loads(write(value)) == {"text": f'"{PI}"', "number": float(PI)}
