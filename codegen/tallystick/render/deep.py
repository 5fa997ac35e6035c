"""The levels of an object within objects, as the style ``deepObject`` writes them by name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tallystick.contract import JSON_TYPES, Contract
from tallystick.jinja import Code, literal

_MOST = 200
"""How many levels one parameter may have: shared schemas could make any number of them."""

NESTED = (
    "deepObject of nested objects is not defined: written as a[b][c]=1, as most servers read it"
)
ARRAYS = "deepObject has no text for an array: it raises UnsafeValue"
CUT = "an object below one of its own kind has no text: it raises UnsafeValue"


@dataclass(frozen=True, slots=True)
class Level:
    """An object: the JSON types of its members, and those members that are objects."""

    members: tuple[tuple[str, frozenset[str]], ...]
    items: frozenset[str] | None
    """Of the members that are not declared; None: the document does not say."""
    inner: tuple[tuple[str, Level], ...]
    rest: Level | None
    cut: bool = False
    """Whether a member is an object that is left out, because it stands below its own kind."""

    @property
    def nested(self) -> bool:
        """Whether there are objects in it."""
        return bool(self.inner) or self.rest is not None

    @property
    def code(self) -> Code:
        """The record of the runtime."""
        parts = [_display(f"{literal(name)}: {_set(types)}" for name, types in self.members)]
        if self.items is not None:
            parts.append(f"items={_set(self.items)}")
        if self.inner:
            shown = (f"{literal(name)}: {level.code}" for name, level in self.inner)
            parts.append(f"inner={_display(shown)}")
        if self.rest is not None:
            parts.append(f"rest={self.rest.code}")
        return Code(f"Deep({', '.join(parts)})")

    def leaves(self) -> Iterator[frozenset[str]]:
        """The JSON types at each place."""
        yield from (types for _, types in self.members)
        yield from () if self.items is None else (self.items,)
        for level in self._below():
            yield from level.leaves()

    def reasons(self) -> tuple[str, ...]:
        """What the specification leaves open for it, and what is done."""
        told = (
            (NESTED, self.nested),
            (ARRAYS, any("array" in each != JSON_TYPES for each in self.leaves())),
            (CUT, self._is_cut()),
        )
        return tuple(reason for reason, holds in told if holds)

    def _is_cut(self) -> bool:
        return self.cut or any(each._is_cut() for each in self._below())

    def _below(self) -> Iterator[Level]:
        yield from (level for _, level in self.inner)
        yield from () if self.rest is None else (self.rest,)


def levels(contract: Contract, *pointers: str) -> Level:
    """The levels of what stands at ``pointers``, taken together."""
    return _Levels(contract).of(pointers, frozenset())


class _Levels:
    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._left = _MOST

    def of(self, pointers: Sequence[str], above: frozenset[str]) -> Level:
        self._left -= 1
        members: dict[str, list[str]] = {}
        others: list[str] = []
        seen = set(above)
        for pointer in pointers:
            self._walk(pointer, members, others, seen)
        below = frozenset(seen)
        inner: dict[str, Level] = {}
        cut = False
        for name, found in members.items():
            if "object" in self._types(found):
                if self._may_open(found, below):
                    inner[name] = self.of(found, below)
                else:
                    cut = True
        rest: Level | None = None
        if others and "object" in self._types(others):
            rest = self.of(others, below) if self._may_open(others, below) else None
            cut = cut or rest is None
        return Level(
            members=tuple((name, self._types(found)) for name, found in members.items()),
            items=self._types(others) if others else None,
            inner=tuple(inner.items()),
            rest=rest,
            cut=cut,
        )

    def _walk(
        self, pointer: str, members: dict[str, list[str]], others: list[str], seen: set[str]
    ) -> None:
        schema = self._contract.target(pointer)
        if schema.pointer in seen:
            return
        seen.add(schema.pointer)
        for member in schema.properties:
            members.setdefault(member.name, []).append(member.pointer)
        others += [schema.additional] if isinstance(schema.additional, str) else []
        for branch in schema.branches:
            self._walk(branch, members, others, seen)

    def _may_open(self, pointers: Sequence[str], above: frozenset[str]) -> bool:
        ends = {self._contract.target(each).pointer for each in pointers}
        return self._left > 0 and not ends & above

    def _types(self, pointers: Sequence[str]) -> frozenset[str]:
        return frozenset[str]().union(*(self._contract.target(each).types for each in pointers))


def _display(items: Iterator[str]) -> str:
    return f"{{{', '.join(items)}}}"


def _set(types: frozenset[str]) -> Code:
    return Code(f"frozenset({literal(tuple(sorted(types)))})")
