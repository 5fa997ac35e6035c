"""Values of schemas, the smallest first: what is shown as an example, and what a search tries."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice, product
from math import floor, prod

import rstr

from tallystick.document import Json

from .facets import among, matches, within
from .forms import TYPES, Form, Node, Nodes
from .normal import Forms

_DEEPEST = 12
"""So many levels of required members are filled; beyond stands a schema without an end."""
_FORMATS: dict[str, str] = {
    "date-time": "2020-01-01T00:00:00Z",
    "date": "2020-01-01",
    "time": "00:00:00Z",
    "duration": "P1D",
    "email": "a@example.com",
    "idn-email": "a@example.com",
    "hostname": "example.com",
    "idn-hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uri": "https://example.com/",
    "uri-reference": "/",
    "iri": "https://example.com/",
    "iri-reference": "/",
    "uri-template": "/{a}",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "json-pointer": "",
    "relative-json-pointer": "0",
    "regex": "a",
}
_TEXTS = ("", "a", "A", "0", "a b", "é", "-", "a" * 32, "2020-01-01T00:00:00Z", "a@example.com")
_NUMBERS = (0, 1, -1, 2, 0.5, -0.5, 10, 100, 1.25, -100, 2**31, 2**53 + 1, -(2**63), 1e300)


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
        yield from _numbers(forms)
    elif kind == "string":
        yield from _strings(forms)
    elif depth > _DEEPEST:
        return
    elif kind == "array":
        yield from _arrays(chosen, depth)
    else:
        yield from _objects(chosen, depth)


def _numbers(forms: list[Form]) -> Iterator[Json]:
    marks: list[int | float] = []
    for form in forms:
        for limit in (form.low, form.high):
            if limit is not None:
                marks += [limit.value, limit.value + 1, limit.value - 1]
                marks += [limit.value + 0.5, limit.value - 0.5]
        for step in form.multiples:
            low = form.low.value if form.low else 0
            marks += [
                step,
                2 * step,
                -step,
                step * (floor(low / step) + 1),
                step * floor(low / step),
            ]
    seen: list[Json] = []
    for value in (*_NUMBERS[:1], *sorted(marks, key=abs), *_NUMBERS[1:]):
        plain = int(value) if value == floor(value) and abs(value) < 1e15 else value
        fits = all(within(plain, f) and _multiple(plain, f) for f in forms)
        if fits and not among(plain, seen):
            seen.append(plain)
            yield plain


def _multiple(value: float, form: Form) -> bool:
    return all(abs(value / step - round(value / step)) < 1e-9 for step in form.multiples if step)


def _strings(forms: list[Form]) -> Iterator[Json]:
    seen: set[str] = set()
    for text in _texts(forms):
        if text not in seen and all(within(text, form) for form in forms):
            seen.add(text)
            yield text


def _texts(forms: list[Form]) -> Iterator[str]:
    least = max(form.least for form in forms)
    told = [text for form in forms for _, node in form.plain for text in _examples(node)]
    formats = [_FORMATS[name] for form in forms for name in form.formats if name in _FORMATS]
    yield from formats
    if formats:
        yield from told
        return
    yield from (*_TEXTS[:2], "a" * least)
    yield from ("a" * most for form in forms if (most := form.most) is not None and most <= 1000)
    yield from (*told, *_TEXTS)
    patterns = sorted({pattern for form in forms for pattern in form.patterns})
    if patterns:
        # Last, since drawing from a pattern takes longer than all before.
        yield from (text for pattern in patterns for text in texts_with(pattern))
    else:
        yield from ("a" * size for size in range(least, least + 6))


@cache
def texts_with(pattern: str) -> tuple[str, ...]:
    """Texts in which a pattern is found, the shortest first; none where it cannot be followed."""
    long = prod(int(each) for each in re.findall(r"\{(\d+)", pattern) if each != "0")
    if long > _LONGEST or _repeated(pattern) > _NESTED:
        return ()
    draw = rstr.Rstr(random.Random(0))
    try:
        texts = {draw.xeger(pattern) for _ in range(30)}
    except (re.error, KeyError, ValueError, OverflowError, RecursionError):
        return ()
    return tuple(sorted((t for t in texts if matches(pattern, t)), key=lambda t: (len(t), t)))


_LONGEST = 5000
"""A pattern that asks for more repetitions is not followed: a document may ask for any number."""
_NESTED = 1
"""Nor one in which more groups repeat within each other: each repeats up to a hundred times."""


def _repeated(pattern: str) -> int:
    """How many groups that repeat stand within each other."""
    plain = re.sub(r"\\.|\[(?:\\.|[^\]\\])*\]", "a", pattern)
    below = [0]
    for index, sign in enumerate(plain):
        if sign == "(":
            below.append(0)
        elif sign == ")" and len(below) > 1:
            repeats = plain[index + 1 : index + 2] in ("*", "+", "{")
            deepest = below.pop() + repeats
            below[-1] = max(below[-1], deepest)
    return max(below)


def _examples(node: Node) -> Iterator[str]:
    for keyword in ("examples", "example", "default"):
        held = node.get(keyword)
        for each in held if isinstance(held, list) else [held]:
            if isinstance(each, str):
                yield each


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


def item_nodes(form: Form, index: int) -> Nodes:
    """What the item at this index must fit."""
    return form.prefix[index] if index < len(form.prefix) else form.items


def member_nodes(form: Form, name: str) -> Nodes | None:
    """What the member of this name must fit; None where there may be none."""
    member = form.members.get(name)
    if member is not None:
        return None if member.refused else member.nodes
    named = tuple(each for pattern, nodes in form.named if matches(pattern, name) for each in nodes)
    if named:
        return named
    return None if form.closed else form.additional


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
    return first(sides, depth + 1)


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
