"""The ways to call one method of a client: in pieces or not, by present or former keywords."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product

from tallystick.jinja import Code
from tallystick.render.records import Overload

SWITCH = (
    Code("as_stream: Literal[False] = False"),
    Code("as_stream: Literal[True]"),
    Code("as_stream: bool = False"),
)


@dataclass(frozen=True, slots=True)
class Argument:
    """A parameter as an argument."""

    name: Code
    annotation: Code
    required: bool
    always: bool = False
    """Whether it must be given even if it is not required."""

    @property
    def text(self) -> str:
        """As it stands in a signature."""
        annotation = self.annotation if self.required else f"{self.annotation} | MISSING"
        return f"{self.name}: {annotation}{'' if self.required or self.always else ' = MISSING'}"


@dataclass(frozen=True, slots=True)
class Call:
    """The arguments of a method after ``self``."""

    path: tuple[Argument, ...]
    body: tuple[Code, ...]
    named: tuple[Argument, ...]
    more: tuple[Code, ...]

    def signature(self, *more: Code) -> Code:
        """As it stands between parentheses, with more arguments behind."""
        named = [*(each.text for each in self.named), *self.more, *more]
        before = [*(each.text for each in self.path), *self.body]
        return Code(", ".join(["self", *before, *(["*", *named] if named else [])]))


@dataclass(frozen=True, slots=True)
class Pieces:
    """What is offered for an answer of bytes: ``SWITCH`` as one class spells it."""

    without: Code
    wanted: Code
    either: Code
    stream: Code
    """The type of such an answer."""


def whole(call: Call, result: Code, pieces: Pieces | None) -> Overload:
    """The one signature behind all ways, by present names."""
    if pieces is None:
        return Overload(call.signature(), result, "")
    return Overload(call.signature(pieces.either), Code(f"{result} | {pieces.stream}"), "")


def ways(
    call: Call, result: Code, pieces: Pieces | None, former: Mapping[str, str]
) -> tuple[Overload, ...]:
    """Every way to call it, the best first; none where there is only one.

    Args:
        former: by the keyword before, the one now.
    """
    if pieces is None and not former:
        return ()
    found: list[Overload] = []
    for each, told in _calls(call, former):
        if pieces is None:
            found.append(Overload(each.signature(), result, told))
        else:
            found.append(Overload(each.signature(pieces.without), result, told))
            found.append(Overload(each.signature(pieces.wanted), pieces.stream, told))
    return tuple(found)


def _calls(call: Call, former: Mapping[str, str]) -> Iterator[tuple[Call, str]]:
    """The call by present names, then each by former ones with what is told of it."""
    paths = [(call.path, ()), *_paths(call.path, former)]
    named = [(call.named, ()), *_named(call.named, former)]
    for (path, old), (keywords, olds) in product(paths, named):
        told = "; ".join(f"`{each}` was renamed: use `{former[each]}`" for each in (*old, *olds))
        yield replace(call, path=path, named=keywords), told


_Way = tuple[tuple[Argument, ...], tuple[str, ...]]


def _paths(path: tuple[Argument, ...], former: Mapping[str, str]) -> Iterator[_Way]:
    """The path parameters by what all of them were called, one edition of the document after another.

    They are positional, so that none of them can have a default.
    """
    names = {each.name: [old for old, now in former.items() if now == each.name] for each in path}
    for edition in range(max((len(each) for each in names.values()), default=0)):
        olds = {now: old[min(edition, len(old) - 1)] for now, old in names.items() if old}
        yield (
            tuple(replace(each, name=Code(olds.get(each.name, each.name))) for each in path),
            tuple(olds.values()),
        )


def _named(named: tuple[Argument, ...], former: Mapping[str, str]) -> Iterator[_Way]:
    """For each former keyword the call that has it; others may be given by any of their names."""
    present = {str(each.name): each for each in named}
    keywords = {old: now for old, now in former.items() if now in present}
    for old, now in keywords.items():
        arguments: list[Argument] = []
        for name, each in present.items():
            olds = [key for key, value in keywords.items() if value == name]
            if name == now:
                arguments.append(replace(each, name=Code(old), always=True))
            elif olds:
                spelled = [Code(name), *(Code(key) for key in olds)]
                arguments += [replace(each, name=one, required=False) for one in spelled]
            else:
                arguments.append(each)
        yield tuple(arguments), (old,)
