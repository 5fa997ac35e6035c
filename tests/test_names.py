"""Identifiers are valid, distinct, and stay as they are."""

import keyword
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.errors import UsageError
from tallystick.names import RESERVED_CLASSES, RESERVED_FIELDS, Names, pascal, read_lock, snake

anything = st.text(max_size=30)
document_names = st.lists(anything, unique=True, max_size=12)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("modelId", "model_id"),
        ("HTTPServer", "http_server"),
        ("x-request-id", "x_request_id"),
        ("2fa", "value_2fa"),
        ("", "value"),
        ("größe", "groe"),
        ("@type", "type"),
    ],
)
def test_a_name_becomes_snake_case(name: str, expected: str) -> None:
    assert snake(name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("EnvironmentV1", "EnvironmentV1"), ("pet-store.item", "PetStoreItem"), ("3d", "Value3d")],
)
def test_a_name_becomes_pascal_case(name: str, expected: str) -> None:
    assert pascal(name) == expected


@given(anything)
def test_every_text_becomes_an_identifier(name: str) -> None:
    assert snake(name).isidentifier()
    assert snake(name).isascii()
    assert pascal(name).isidentifier()


@given(document_names)
def test_names_in_one_scope_are_distinct_and_never_reserved(names: list[str]) -> None:
    allocator = Names()
    given_names = [allocator.give(n, snake(n), "fields", RESERVED_FIELDS) for n in names]
    folded = [name.casefold() for name in given_names]
    assert len(set(folded)) == len(names)
    assert not set(given_names) & RESERVED_FIELDS
    assert not any(keyword.iskeyword(name) for name in given_names)


@given(document_names, document_names, st.randoms(use_true_random=False))
def test_what_is_frozen_stays_whatever_comes_or_goes(
    old: list[str], new: list[str], random: Random
) -> None:
    first = Names()
    before = {n: first.give(n, pascal(n), "classes", RESERVED_CLASSES) for n in old}
    second = Names(read_lock(first.lock(), "names.lock"))
    mixed = [*dict.fromkeys([*old, *new])]
    random.shuffle(mixed)
    after = {n: second.give(n, pascal(n), "classes", RESERVED_CLASSES) for n in mixed}
    assert {n: after[n] for n in old} == before
    assert len(set(after.values())) == len(mixed)


def test_a_reserved_word_gets_an_underscore() -> None:
    assert Names().give("class", "class", "fields", RESERVED_FIELDS) == "class_"
    assert Names().give("model_dump", "model_dump", "fields", RESERVED_FIELDS) == "model_dump_"


@pytest.mark.parametrize("text", ["", "[]", "{", '{"a": 1}', '{"a": {"b": "not valid"}}'])
def test_a_broken_lock_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(UsageError, match=r"names.lock: not a lock of names"):
        read_lock(text, "names.lock")


def test_another_spelling_of_the_same_words_has_the_name_that_was_frozen() -> None:
    names = Names({"a": {"query pageSize": "size", "query +1": "value_1", "query x": "x"}})
    keys = ["query page_size", "query -1", "query x"]
    assert names.respell("a", keys) == {"query pageSize": "query page_size"}
    assert names.give("query page_size", "page_size", "a", RESERVED_FIELDS) == "size"
    assert names.give("query -1", "value_1", "a", RESERVED_FIELDS) == "value_1_2"
    assert names.give("query x", "x", "a", RESERVED_FIELDS) == "x"


def test_two_that_came_for_one_that_went_have_new_names() -> None:
    names = Names({"a": {"pageSize": "page_size"}})
    assert names.respell("a", ["page_size", "page-size"]) == {}
