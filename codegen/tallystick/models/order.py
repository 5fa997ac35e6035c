"""Definitions in the order in which Python must read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tallystick.models.records import Alias, Definition, ReadingClass


def in_dependency_order(definitions: Sequence[Definition]) -> tuple[Definition, ...]:
    """Each definition after those which it names; document order where that leaves a choice.

    Classes may refer to each other in a circle, since their annotations are read later. An alias
    is read at once, so it always follows what it names.
    """
    known: dict[str, Definition] = {each.name: each for each in definitions}
    below: dict[str, set[str]] = {each.name: _needs(each, known) for each in definitions}
    order = _after_their_needs([each.name for each in definitions], below)
    placed: dict[str, Definition] = {}
    waiting: list[Definition] = []
    for definition in (known[name] for name in order):
        waiting.append(definition)
        ready = True
        while ready:
            ready = False
            for each in list(waiting):
                if not _read_at_once(each) or below[each.name] <= placed.keys():
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


def _read_at_once(definition: Definition) -> bool:
    return isinstance(definition, Alias) and not definition.recursive


def _needs(definition: Definition, known: Mapping[str, Definition]) -> set[str]:
    used = {*definition.needs}
    if isinstance(definition, ReadingClass):
        used.add(definition.of)
    return {name for name in used if name in known and name != definition.name}
