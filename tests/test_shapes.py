"""The shapes of types: unions that are flat, literals that are one, and their text."""

from __future__ import annotations

from tallystick.jinja import Code
from tallystick.models.shapes import (
    ANY,
    NULL,
    Bounded,
    Checked,
    Items,
    Mapping,
    Named,
    Scalar,
    Union,
    Values,
    named,
    union,
)
from tallystick.models.writing import Writer

TEXT = Scalar("str")
WHOLE = Scalar("Integer")


def test_a_union_is_flat_and_null_stands_last() -> None:
    assert union([NULL, union([TEXT, WHOLE]), TEXT]) == Union((TEXT, WHOLE, NULL))


def test_a_union_of_one_is_that_one_and_any_takes_up_the_others() -> None:
    assert union([TEXT, TEXT]) == TEXT
    assert union([TEXT, ANY]) == ANY
    assert union([]) == ANY


def test_literals_of_a_union_are_one() -> None:
    assert union([Values(("a",)), TEXT, Values(("b", "a", 1))]) == Union(
        (Values(("a", "b", 1)), TEXT)
    )


def test_true_and_one_are_never_in_one_literal() -> None:
    made = union([Values((1,)), Values((True,))])
    assert repr(made) == repr(Union((Values((1,)), Values((True,)))))


def test_named_schemas_are_found_at_any_depth() -> None:
    shape = Checked(Items(Bounded(Mapping(Union((Named("#/a"), Named("#/b")))), ())), "#/c")
    assert list(named(shape)) == ["#/a", "#/b"]


def test_an_expression_tells_the_names_that_it_uses() -> None:
    shape = union([Checked(Items(Named("#/a")), "#/'"), Bounded(WHOLE, (("le", 3), ("ge", 1)))])
    made = Writer({"#/a": Code("A")}).expression(shape)
    assert made.text == (
        'Annotated[list[A], Exactly("#/\'")] | Annotated[Integer, Field(ge=1, le=3)]'
    )
    assert made.names == {"A"}
    assert made.scalars == {"Integer"}
    assert made.typing == {"Annotated"}
    assert made.pydantic == {"Field"}
    assert made.exactly == {"Exactly"}


def test_a_reading_has_no_schema_beside_its_types() -> None:
    made = Writer({}, checks=False).expression(Checked(Items(TEXT), "#/c"))
    assert (made.text, made.exactly) == ("list[str]", frozenset())


def test_literals_say_what_tells_them_apart() -> None:
    def text(*values: str | int) -> str:
        return Writer({}).expression(Values(values)).text

    assert text("a'b", "1") == 'Literal["a\'b", "1"]'
    assert text(1, "1") == 'Annotated[Literal[1, "1"], Integral]'
    assert text(True) == "Annotated[Literal[True], Boolean]"
