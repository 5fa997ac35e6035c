"""Values that might show a difference: at the place of the difference, the plainest first.

What is yielded is a proposal; whether one contract admits it and the other does not, the validator
says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Literal, TypeAlias

from pydantic import MISSING

from tallystick.document import Json

from .differences import Difference
from .facets import among, member_nodes, type_of, within
from .forms import Form, Limit
from .normal import Forms
from .samples import Side, extra_names, first, in_turn, values
from .scalars import texts_with

Edition: TypeAlias = Literal["old", "new"]

_ODD: tuple[Json, ...] = (None, True, 0, "", "a", -1, 1.5, [], {}, [None], {"extra": None})
_TEXTS: tuple[str, ...] = ("", "a", "A", "0", " ", "a b", "é", "\n", "-", "_", ".", "/", "a" * 300)
_ITEMS = 2000
"""Lists and texts longer than this are not made."""


def proposals(
    difference: Difference, valid_in: Edition, forms: tuple[Forms, Forms], tries: int
) -> Iterator[Json]:
    """Values that the edition ``valid_in`` might admit and the other refuse."""
    mine = difference.old_form if valid_in == "old" else difference.new_form
    other = difference.new_form if valid_in == "old" else difference.old_form
    own = forms[0] if valid_in == "old" else forms[1]
    both = tuple(
        Side(each, only=form)
        for each, form in zip(forms, (difference.old_form, difference.new_form), strict=True)
        if form is not None
    )
    if mine is None:
        return
    make = _MAKERS.get(difference.kind, _any)
    yield from make(_Question(difference, valid_in, mine, other, own, both, tries))


class _Question:
    """What a proposal is made from."""

    __slots__ = ("both", "difference", "mine", "other", "own", "tries", "valid_in")

    def __init__(
        self, difference: Difference, valid_in: Edition, mine: Form, other: Form | None,
        own: Forms, both: tuple[Side, ...], tries: int,
    ) -> None:  # fmt: skip
        self.difference, self.valid_in, self.tries = difference, valid_in, tries
        self.mine, self.other, self.own, self.both = mine, other, own, both

    @property
    def side(self) -> Side:
        """The form of the edition that should admit the value."""
        return Side(self.own, only=self.mine)


def _any(question: _Question) -> Iterator[Json]:
    yield from islice(values((question.side,)), question.tries)


def _searched(question: _Question) -> Iterator[Json]:
    """What the conditions name, alone and as members, then values of all kinds."""
    held = [form for form in (question.mine, question.other) if form is not None]
    constants = list(_constants([dict(node) for form in held for _, node in form.plain]))
    yield from (each for each in constants if type_of(each) == question.mine.type)
    if question.mine.type == "object":
        names = {str(each) for each in constants if isinstance(each, str)}
        names |= {name for form in held for name in form.members} | set(_TEXTS[:8])
        pool = (*constants[:20], *_ODD)
        for base in islice(values((question.side,)), 6):
            if isinstance(base, dict):
                yield from ({**base, name: value} for name in sorted(names)[:40] for value in pool)
    if question.mine.type == "array":
        yield from ([each] for each in constants)
        yield from ([each, each] for each in constants)
    yield from islice(values((question.side,)), question.tries)


def overlapping(mine: Sequence[Form], other: Sequence[Form], own: Forms) -> Iterator[Json]:
    """Values of a union, with members that other branches describe set to what they refuse."""
    forms = [*mine, *other]
    nodes_of = (dict(node) for form in forms for _, node in form.plain)
    constants = list(islice((each for node in nodes_of for each in _constants(node)), 20))
    names = dict.fromkeys(name for form in forms for name in form.members)

    def of(form: Form) -> Iterator[Json]:
        for value in islice(values((Side(own, only=form),)), 12):
            yield value
            if isinstance(value, dict):
                for name in islice(names, 12):
                    nodes = member_nodes(form, name)
                    own_values = islice(values((Side(own, nodes),)), 8) if nodes else ()
                    yield from ({**value, name: held} for held in (*own_values, *_ODD, *constants))

    # In turn: of a large document, each union is tried only so often.
    yield from in_turn([of(form) for form in mine])


def _constants(schema: Json) -> Iterator[Json]:
    """The values, names and bounds that a schema and all in it mention."""
    if isinstance(schema, list):
        for each in schema:
            yield from _constants(each)
    elif isinstance(schema, dict):
        for keyword, held in schema.items():
            if keyword == "const":
                yield held
            elif keyword in ("enum", "required") and isinstance(held, list):
                yield from held
            elif isinstance(held, bool):
                continue
            elif isinstance(held, int | float):
                yield from (held, held - 1, held + 1)
                if keyword.endswith("Length") and held < 1000:
                    yield from ("a" * int(held), "a" * (int(held) + 1))
            elif keyword == "pattern" and isinstance(held, str):
                yield from texts_with(held)
            elif keyword == "patternProperties" and isinstance(held, dict):
                yield from (text for pattern in held for text in texts_with(pattern)[:3])
                yield from _constants(list(held.values()))
            elif keyword == "properties" and isinstance(held, dict):
                yield from held
                yield from _constants(list(held.values()))
            else:
                yield from _constants(held)


def _null(question: _Question) -> Iterator[Json]:
    yield None


def _listed(question: _Question) -> Iterator[Json]:
    difference = question.difference
    value = difference.before if question.valid_in == "old" else difference.after
    if value is not MISSING:
        yield value


def _unlisted(question: _Question) -> Iterator[Json]:
    yield from question.mine.enum or ()
    listed = (question.other.enum if question.other else None) or ()
    for value in islice(values((question.side,)), 100):
        if not among(value, listed):
            yield value


def _beyond(question: _Question) -> Iterator[Json]:
    """Numbers that one range has and the other has not; texts, lists, objects of such a size."""
    mine, other = question.mine, question.other
    if other is None:
        return
    if mine.type == "number":
        yield from _numbers(mine, other)
        return
    marks = {other.least - 1, mine.least}
    marks |= {other.most + 1} if other.most is not None else set()
    for size in sorted(size for size in marks if 0 <= size <= _ITEMS):
        if size < mine.least or (mine.most is not None and size > mine.most):
            continue
        sized = replace(mine, least=size, most=size)
        yield from islice(values((Side(question.own, only=sized),)), 8)
        if mine.type == "string":
            yield "a" * size


def _numbers(mine: Form, other: Form) -> Iterator[Json]:
    limits = [x for form in (other, mine) for x in (form.low, form.high) if x is not None]
    steps = [step for form in (mine, other) for step in form.multiples]
    marks: list[int | float] = [0, 1, 0.5, 1.5, -1]
    for limit in limits:
        marks += [limit.value, limit.value - 1, limit.value + 1]
        marks += [limit.value - 0.5, limit.value + 0.5]
    for step in steps:
        marks += [step, -step, 2 * step, 3 * step]
        marks += [limit.value + sign * step for limit in limits for sign in (1, -1)]
    for value in sorted(marks, key=lambda v: (abs(v), v)):
        plain = int(value) if float(value).is_integer() else value
        if within(plain, mine):
            yield plain


def _broken_numbers(question: _Question) -> Iterator[Json]:
    low = question.mine.low or Limit(0)
    for value in (0.5, 1.5, -0.5, low.value + 0.5, low.value + 0.25):
        if within(value, question.mine):
            yield value


def _texts(question: _Question) -> Iterator[Json]:
    yield from (text for text in _TEXTS if within(text, question.mine))
    yield from islice(values((question.side,)), question.tries)


def _twice(question: _Question) -> Iterator[Json]:
    sized = replace(question.mine, least=max(1, question.mine.least))
    for value in islice(values((Side(question.own, only=sized),)), 20):
        if isinstance(value, list) and value:
            yield [value[0], *value]


def _base(question: _Question, name: str) -> Iterator[dict[str, Json]]:
    """Objects without the member ``name``, good for both editions if there is such a one."""
    free = tuple(Side(side.forms, only=_without(side.only, name)) for side in question.both)
    mine = Side(question.own, only=_without(question.mine, name))
    for sides in (free, (mine,)):
        for value in islice(values(sides), 3):
            if isinstance(value, dict):
                yield {key: held for key, held in value.items() if key != name}


def _without(form: Form | None, name: str) -> Form | None:
    if form is None or name not in form.members:
        return form
    member = replace(form.members[name], required=False)
    return replace(form, members={**form.members, name: member})


def _absent(question: _Question) -> Iterator[Json]:
    yield from _base(question, str(question.difference.name))


def _present(question: _Question) -> Iterator[Json]:
    name = str(question.difference.name)
    nodes = member_nodes(question.mine, name)
    if nodes is None:
        return
    for base in _base(question, name):
        for value in islice(values((Side(question.own, nodes),)), 5):
            yield {**base, name: value}


def _either(question: _Question) -> Iterator[Json]:
    """With the member where an edition has it, without where it may be left out."""
    yield from _absent(question)
    yield from _present(question)


def _unfit(question: _Question) -> Iterator[Json]:
    """With a value of the member that only an edition admits which does not describe it."""
    name = str(question.difference.name)
    for base in islice(_base(question, name), 2):
        for value in _ODD:
            yield {**base, name: value}


def _extra(question: _Question) -> Iterator[Json]:
    forms = [side.only for side in question.both if side.only]
    for name in islice(extra_names(forms), 3):
        nodes = member_nodes(question.mine, name)
        if nodes is None:
            continue
        for base in islice(_base(question, name), 2):
            try:
                yield {**base, name: first((Side(question.own, nodes),))}
            except LookupError:
                continue


_MAKERS: dict[str, Callable[[_Question], Iterator[Json]]] = {
    "schema-changed": _searched,
    "null-admitted": _null,
    "null-refused": _null,
    "enum-value-added": _listed,
    "enum-value-removed": _listed,
    "enum-value-recased": _listed,
    "enum-opened": _unlisted,
    "enum-closed": _unlisted,
    "integer-to-number": _broken_numbers,
    "number-to-integer": _broken_numbers,
    "bound-narrowed": _beyond,
    "bound-widened": _beyond,
    "pattern-changed": _texts,
    "pattern-added": _texts,
    "pattern-removed": _texts,
    "format-changed": _texts,
    "format-added": _texts,
    "format-removed": _texts,
    "items-unique": _twice,
    "items-may-repeat": _twice,
    "member-required": _absent,
    "member-optional": _absent,
    "required-member-removed": _absent,
    "required-member-admitted": _either,
    "required-member-refused": _either,
    "member-admitted": _present,
    "member-refused": _present,
    "member-added": _unfit,
    "member-removed": _unfit,
    "object-opened": _extra,
    "object-closed": _extra,
}
