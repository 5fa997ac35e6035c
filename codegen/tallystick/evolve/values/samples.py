"""Values of schemas, the smallest first: what is shown as an example, and what a search tries."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product

from tallystick.document import Json

from .facets import among, item_nodes, member_nodes, within
from .forms import TYPES, Form, Nodes
from .normal import Forms
from .scalars import numbers, strings, texts_with

_DEEPEST = 12
"""So many levels of required members are filled; beyond stands a schema without an end."""


@dataclass(frozen=True, slots=True)
class Side:
    """What one contract admits: the schemas, or one of their forms."""

    forms: Forms
    nodes: Nodes = ()
    only: Form | None = None

    def all(self) -> tuple[Form, ...]:
        """Its forms."""
        return (self.only,) if self.only else self.forms.of(self.nodes)


Sides = tuple[Side, ...]
Chosen = tuple[tuple[Forms, Form], ...]
"""One form a side: all of them must hold."""


def values(sides: Sides, depth: int = 0) -> Iterator[Json]:
    """Values that all sides admit as far as their facets tell, the plainest first, without end."""
    chosen = product(*([(side.forms, form) for form in side.all()] for side in sides))
    fitting = [each for each in chosen if len({form.type for _, form in each}) == 1]
    fitting.sort(key=lambda each: TYPES.index(each[0][1].type))
    yield from in_turn([_of(each, depth) for each in fitting])


def first(sides: Sides, depth: int = 0) -> Json:
    """The plainest value.

    Raises:
        LookupError: none was found.
    """
    for value in values(sides, depth):
        return value
    raise LookupError


def in_turn(streams: Sequence[Iterator[Json]]) -> Iterator[Json]:
    """One value of each stream, then the next of each, until all are at their end."""
    while streams:
        left: list[Iterator[Json]] = []
        for stream in streams:
            for value in stream:
                yield value
                left.append(stream)
                break
        streams = left


def _of(chosen: Chosen, depth: int) -> Iterator[Json]:
    forms = [form for _, form in chosen]
    kind = forms[0].type
    lists = [form.enum for form in forms if form.enum is not None]
    if lists:
        for value in lists[0]:
            if all(among(value, other) for other in lists[1:]) and all(
                within(value, form) for form in forms
            ):
                yield value
    elif kind == "null":
        yield None
    elif kind == "boolean":
        yield from (False, True)
    elif kind == "number":
        yield from numbers(forms)
    elif kind == "string":
        yield from strings(forms)
    elif depth > _DEEPEST:
        return
    elif kind == "array":
        yield from _arrays(chosen, depth)
    else:
        yield from _objects(chosen, depth)


def _arrays(chosen: Chosen, depth: int) -> Iterator[Json]:
    forms = [form for _, form in chosen]
    least = max(form.least for form in forms)
    most = min((form.most for form in forms if form.most is not None), default=least + 3)
    unique = any(form.unique for form in forms)
    smallest = _items(chosen, least, unique, depth)
    if smallest is not None:
        yield smallest
    if least < most:
        for value in islice(values(_item(chosen, least), depth + 1), 20):
            if smallest is not None and not (unique and among(value, smallest)):
                yield [*smallest, value]
    for count in range(least + 2, most + 1):
        longer = _items(chosen, count, unique, depth) if count < least + 4 else None
        if longer is not None:
            yield longer


def _items(chosen: Chosen, count: int, unique: bool, depth: int) -> list[Json] | None:
    """A list of so many items; None where there are not so many values."""
    items: list[Json] = []
    for index in range(min(count, 2000)):
        for value in islice(values(_item(chosen, index), depth + 1), count + 1):
            if not (unique and among(value, items)):
                items.append(value)
                break
        else:
            return None
    return items


def _item(chosen: Chosen, index: int) -> Sides:
    return tuple(Side(forms, item_nodes(form, index)) for forms, form in chosen)


def _member(chosen: Chosen, name: str) -> Sides | None:
    sides: list[Side] = []
    for forms, form in chosen:
        nodes = member_nodes(form, name)
        if nodes is None:
            return None
        sides.append(Side(forms, nodes))
    return tuple(sides)


def extra_names(forms: Iterable[Form]) -> Iterator[str]:
    """Names that nothing describes, and those that patterns of names ask for."""
    described = {name for form in forms for name in form.members}
    patterns = [pattern for form in forms for pattern, _ in form.named]
    found = [text for pattern in patterns for text in texts_with(pattern)[:2]]
    for name in ("extra", *(f"extra{i}" for i in range(2, 60)), *found):
        if name not in described:
            yield name


def _objects(chosen: Chosen, depth: int) -> Iterator[Json]:
    forms = [form for _, form in chosen]
    required = dict.fromkeys(n for f in forms for n, m in f.members.items() if m.required)
    smallest: dict[str, Json] = {}
    try:
        for name in required:
            smallest[name] = _first_member(chosen, name, depth)
    except LookupError:
        return
    optional = [n for n in dict.fromkeys(n for f in forms for n in f.members) if n not in required]
    smallest |= _filled(chosen, smallest, [*optional, *islice(extra_names(forms), 40)], depth)
    if len(smallest) < max(form.least for form in forms):
        return
    yield smallest
    if depth > 3:
        return
    streams = [_with(chosen, smallest, name, depth) for name in (*optional, *required)]
    streams += [_with(chosen, smallest, name, depth) for name in islice(extra_names(forms), 2)]
    yield from in_turn(streams)
    yield from _mixed(chosen, smallest, optional, depth)


def _first_member(chosen: Chosen, name: str, depth: int) -> Json:
    sides = _member(chosen, name)
    if sides is None:
        raise LookupError
    # The same members are asked for in every object around them: each is made once.
    known = sides[0].forms.plainest
    key = (depth, *((id(side.forms), side.nodes) for side in sides))
    if key not in known:
        known[key] = next(((value,) for value in values(sides, depth + 1)), None)
    found = known[key]
    if found is None:
        raise LookupError
    return found[0]


def _filled(
    chosen: Chosen, held: dict[str, Json], names: Iterable[str], depth: int
) -> dict[str, Json]:
    """So many more members that there are enough."""
    least = max(form.least for _, form in chosen)
    more: dict[str, Json] = {}
    for name in names:
        if len(held) + len(more) >= least:
            break
        if name not in held and (sides := _member(chosen, name)) is not None:
            for value in values(sides, depth + 1):
                more[name] = value
                break
    return more


def _with(
    chosen: Chosen, smallest: dict[str, Json], name: str, depth: int
) -> Iterator[dict[str, Json]]:
    most = min((form.most for _, form in chosen if form.most is not None), default=None)
    sides = _member(chosen, name)
    if sides is None or (most is not None and name not in smallest and len(smallest) >= most):
        return
    for value in islice(values(sides, depth + 1), 12):
        yield {**smallest, name: value}


def _mixed(
    chosen: Chosen, smallest: dict[str, Json], optional: list[str], depth: int
) -> Iterator[dict[str, Json]]:
    """Some optional members at once, drawn always in the same way."""
    if not optional:
        return
    draw = random.Random(len(optional))
    pools: dict[str, list[Json]] = {}
    for _ in range(200):
        made = dict(smallest)
        for name in draw.sample(optional, draw.randint(1, min(len(optional), 6))):
            if name not in pools:
                sides = _member(chosen, name)
                pools[name] = list(islice(values(sides, depth + 1), 6)) if sides else []
            if pools[name]:
                made[name] = draw.choice(pools[name])
        yield made
