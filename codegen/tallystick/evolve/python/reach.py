"""Which models of a generated package a caller makes, and which it is given."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import griffe

from .surface import Surface, path_of

_NAME = re.compile(r"[A-Za-z]\w*")
_BLOCK = re.compile(r"^(?:class |    (?=\w+: TypeAlias)|(?=\w+: TypeAlias))(\w+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Reach:
    """The names of the models that can stand in what is sent, and in what is read."""

    sent: frozenset[str]
    read: frozenset[str]

    def of(self, model: str) -> tuple[bool, bool]:
        """Whether it is sent, and whether it is read; one that no method names may be both."""
        sent, read = model in self.sent, model in self.read
        return (sent, read) if sent or read else (True, True)


def reach(surfaces: Iterable[Surface], texts: Iterable[str]) -> Reach:
    """The models that the methods of some clients lead to.

    Args:
        surfaces: of each edition.
        texts: of the modules with models, of every edition.
    """
    needs: dict[str, set[str]] = {}
    for text in texts:
        for name, named in _definitions(text):
            needs.setdefault(name, set()).update(named)
    sent: set[str] = set()
    read: set[str] = set()
    for each in surfaces:
        for method in each.objects().values():
            if isinstance(method, griffe.Function):
                asks, gives = sent, read
                if path_of(method).startswith("webhooks."):
                    asks, gives = read, sent
                asks.update(*(_names(one.annotation) for one in method.parameters))
                gives.update(_names(method.returns))
    return Reach(_below(sent, needs), _below(read, needs))


def _names(annotation: object) -> Iterator[str]:
    return (each[0] for each in _NAME.finditer("" if annotation is None else str(annotation)))


def _definitions(text: str) -> Iterator[tuple[str, set[str]]]:
    """Each class and alias, and every name in it outside of docstrings."""
    code = "".join(text.split('"""')[::2])
    found = list(_BLOCK.finditer(code))
    ends = [*(each.start() for each in found[1:]), len(code)]
    for each, end in zip(found, ends, strict=False):  # a module may define nothing
        yield each[1], set(_NAME.findall(code[each.start() : end]))


def _below(roots: set[str], needs: Mapping[str, set[str]]) -> frozenset[str]:
    found: set[str] = set()
    pending = [each for each in roots if each in needs]
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            pending += [each for each in needs[name] if each in needs and each not in found]
    return frozenset(found)
