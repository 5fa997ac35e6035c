"""Definitions in the order in which Python must read them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from tallystick.jinja import Code
from tallystick.models.records import Alias, Definition, ModelClass


def in_dependency_order(definitions: Sequence[Definition]) -> tuple[Definition, ...]:
    """Each definition after those which it names; document order where that leaves a choice.

    Classes may refer to each other in a circle, since their annotations are read later. An alias
    is read at once, so it always follows what it names.
    """
    known: dict[str, Definition] = {each.name: each for each in definitions}
    below: dict[str, set[str]] = {each.name: _named(each, known) for each in definitions}
    order = _after_their_needs([each.name for each in definitions], below)
    placed: dict[str, Definition] = {}
    waiting: list[Definition] = []
    for definition in (known[name] for name in order):
        waiting.append(definition)
        ready = True
        while ready:
            ready = False
            for each in list(waiting):
                if not isinstance(each, Alias) or below[each.name] <= placed.keys():
                    placed[each.name] = each
                    waiting.remove(each)
                    ready = True
    return (*placed.values(), *waiting)


def _after_their_needs(names: Sequence[str], below: Mapping[str, set[str]]) -> list[str]:
    """Depth first, without recursion: a document may nest deeper than Python."""
    place = {name: index for index, name in enumerate(names)}
    order: dict[str, None] = {}
    seen: set[str] = set()
    for root in names:
        stack = (
            [(root, iter(sorted(below[root], key=place.__getitem__)))] if root not in seen else []
        )
        seen.add(root)
        while stack:
            name, needs = stack[-1]
            following = next((each for each in needs if each not in seen), None)
            if following is None:
                order[name] = None
                stack.pop()
            else:
                seen.add(following)
                stack.append((following, iter(sorted(below[following], key=place.__getitem__))))
    return list(order)


def _named(definition: Definition, known: Mapping[str, Definition]) -> set[str]:
    used = {name for text in written_in(definition) for name in names_in(text)}
    return {name for name in used if name in known and name != definition.name}


@cache
def names_in(annotation: Code) -> frozenset[str]:
    """The names in an annotation."""
    tree = ast.parse(annotation, mode="eval")
    return frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))


def written_in(definition: Definition) -> Iterator[Code]:
    """The type expressions of a definition, and the name of what it reads."""
    if isinstance(definition, Alias):
        yield definition.annotation
        return
    yield from (member.annotation for member in definition.fields)
    if definition.extra is not None:
        yield definition.extra
    if not isinstance(definition, ModelClass):
        yield definition.of
