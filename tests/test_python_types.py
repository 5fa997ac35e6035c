"""Two annotations compared: wider, narrower, other limits, or another type."""

from __future__ import annotations

import pytest

from tallystick.evolve.python.types import Meanings, Relation, aliases, difference


@pytest.mark.parametrize(
    ("old", "new", "relation"),
    [
        ("str | None", "None | str", "same"),
        ("str", "str | None", "wider"),
        ("str | None", "str", "narrower"),
        ("str | MISSING", "str", "narrower"),
        ("str", "Integer", "other"),
        ("Integer", "Number", "wider"),
        ("Number", "Integer", "narrower"),
        ("str | None", "Json", "wider"),
        ("Json | MISSING", "Json", "narrower"),
        ("Literal['a', 'b']", "Literal['b', 'a']", "same"),
        ("Literal['a']", "Literal['a', 'b']", "wider"),
        ("Literal['a']", "str", "wider"),
        ("Annotated[Literal[1], Integral]", "Integer", "wider"),
        ("Annotated[Literal[True], Boolean]", "bool", "wider"),
        ("Literal['a']", "Literal['b']", "other"),
        ("Annotated[str, Field(max_length=2)]", "Annotated[str, Field(max_length=3)]", "limits"),
        ("Annotated[str, Field(alias='a-b')]", "Annotated[str, Field(alias='a_b')]", "same"),
        ("Annotated[A, Exactly('#/a')]", "Annotated[A, Exactly('#/b')]", "same"),
        ("Annotated[A | B, Tagged('t', {'a': 'A'})]", "A | B", "same"),
        ("list[Annotated[A, Exactly('#/a')]]", "list[Annotated[A, Exactly('#/b')]]", "same"),
        ("list[A]", "list[A | B]", "wider"),
        ("dict[str, A | None] | None", "dict[str, A] | None", "narrower"),
        ("list[A]", "dict[str, A]", "other"),
        ("list[list[str]]", "list[list[Integer]]", "other"),
        ("'list[R] | None'", "list[R]", "narrower"),
    ],
)
def test_how_one_differs_from_the_other(old: str, new: str, relation: Relation) -> None:
    assert difference(old, new).relation == relation


def test_what_was_renamed_is_the_same() -> None:
    names = Meanings(renamed={"Pet": "Animal"})
    assert difference("list[Pet] | None", "list[Animal] | None", names).relation == "same"
    assert difference("Literal['Pet']", "Literal['Animal']", names).relation == "other"
    assert difference("Petty", "Animal", names).relation == "other"


def test_what_came_and_what_went_are_named() -> None:
    found = difference("str | Integer", "str | None | Literal[2]")
    assert (found.came, found.went) == (("None",), ("Integer",))
    assert difference("Literal[1]", "Literal[1, -2, 'x']").only_literals
    assert not difference("Literal[1]", "Literal[1] | None").only_literals
    assert difference("list[A]", "list[A | B]").nested


MODULE = """\
State: TypeAlias = Literal["a", "b"]
\"\"\"Doc.\"\"\"


Many: TypeAlias = (
    State
    | None
)
if TYPE_CHECKING:
    Tree: TypeAlias = "list[Tree] | None"
"""


def test_an_alias_is_looked_into_where_the_other_side_does_not_have_it() -> None:
    known = aliases([MODULE])
    assert known == {"State": 'Literal["a", "b"]', "Many": "(\n    State\n    | None\n)"}
    meanings = Meanings(before={"Name": "str"}, after=known)
    assert difference("str", "State", meanings).relation == "narrower"
    assert difference("Literal['a']", "Many", meanings).came == ("'b'", "None")
    assert difference("Name", "State", meanings).relation == "narrower"
    both = Meanings(before={"State": "Literal['a']"}, after=known)
    assert difference("State", "State | None", both).came == ("None",)
    assert difference("list[str]", "list[State]", meanings).relation == "narrower"
