"""Two annotations compared: which values the one takes and the other does not."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal, TypeAlias

Relation: TypeAlias = Literal["same", "wider", "narrower", "limits", "other"]
"""limits: the same types, and another bound, length or pattern beside one of them."""

_ABOVE = {"Integer": "Number"}
"""By a type, the one that takes all of its values, too."""
_SILENT = frozenset({"Exactly", "Tagged", "Boolean", "Integral"})
"""What stands beside a type and is read by validators only."""


@dataclass(frozen=True, slots=True)
class Member:
    """One branch of a union."""

    text: str
    limits: str = ""
    above: str | None = None
    """The type that takes all of its values."""
    within: tuple[Member, ...] = ()
    """Of a list or a dict: the branches of what it holds."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What became of an annotation."""

    relation: Relation
    came: tuple[str, ...] = ()
    """The branches that nothing of the annotation before covers."""
    went: tuple[str, ...] = ()
    nested: bool = False
    """Whether it is of what a list or a dict holds: it runs, and checkers take no ``list[A]`` for
    ``list[A | B]``."""

    @property
    def only_literals(self) -> bool:
        """Whether all that came are single listed values."""
        return all(_is_literal(each) for each in self.came)


@dataclass(frozen=True, slots=True)
class Meanings:
    """What the names in annotations mean."""

    renamed: Mapping[str, str] = field(default_factory=dict[str, str])
    """Of classes that were renamed: by the name before, the one now."""
    before: Mapping[str, str] = field(default_factory=dict[str, str])
    """The aliases of the package before: by each, its expression."""
    after: Mapping[str, str] = field(default_factory=dict[str, str])
    """Those of the package now."""


PLAIN = Meanings()


def difference(old: str, new: str, meanings: Meanings = PLAIN) -> Difference:
    """How ``new`` differs from ``old``, branch by branch of the union.

    An alias is looked into only where the other annotation does not have it: what became of the
    alias itself is told of the alias.
    """
    if old == new:
        return Difference("same")
    before = _members(_renamed(old, meanings.renamed))
    return _compared(before, _members(new), meanings)


def aliases(modules: Iterable[str]) -> dict[str, str]:
    """The aliases that some modules define: by each, its expression.

    One that contains itself is left out: it could be looked into without end.
    """
    return {each[1]: each[2] for text in modules for each in _ALIAS.finditer(text)}


_ALIAS = re.compile(r"^(\w+): TypeAlias = (.*(?:\n[ )\]].*)*)", re.MULTILINE)
"""At the start of a line: what contains itself stands within ``if TYPE_CHECKING``."""


def _compared(
    before: tuple[Member, ...], after: tuple[Member, ...], meanings: Meanings
) -> Difference:
    came = tuple(each for each in after if not _covered(each, before))
    went = tuple(each for each in before if not _covered(each, after))
    wider = (_seen_through(before, went, meanings.before), after)
    wider = (wider[0], _seen_through(after, came, meanings.after))
    if wider != (before, after):
        return _compared(*wider, meanings)
    if len(came) == len(went) == 1 and came[0].within and _head(came[0]) == _head(went[0]):
        return replace(_compared(went[0].within, came[0].within, meanings), nested=True)
    if came or went:
        relation: Relation = "other" if came and went else "wider" if came else "narrower"
        return Difference(relation, tuple(e.text for e in came), tuple(e.text for e in went))
    limits = {each.limits for each in before} != {each.limits for each in after}
    return Difference("limits" if limits else "same")


def _seen_through(
    members: tuple[Member, ...], unlike: tuple[Member, ...], aliases: Mapping[str, str]
) -> tuple[Member, ...]:
    """The branches, with what their unlike ones are aliases of."""
    found: dict[Member, None] = {}
    for each in members:
        known = aliases.get(each.text) if each in unlike else None
        found |= dict.fromkeys((each,) if known is None else _members(known))
    return tuple(found)


def _head(member: Member) -> str:
    return member.text.partition("[")[0]


def _covered(member: Member, others: tuple[Member, ...]) -> bool:
    texts = {each.text for each in others}
    if member.text in texts or (member.text != "MISSING" and "Json" in texts):
        return True
    above = member.above
    while above is not None:
        if above in texts:
            return True
        above = _ABOVE.get(above)
    return False


def _renamed(text: str, names: Mapping[str, str]) -> str:
    if not any(each in text for each in names):
        return text
    tree = _parsed(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            node.id = names.get(node.id, node.id)
    return ast.unparse(tree)


def _parsed(text: str) -> ast.expr:
    """The expression; of a quoted one what the quotes hold."""
    body = ast.parse(text, mode="eval").body
    if isinstance(body, ast.Constant) and isinstance(body.value, str):
        return ast.parse(body.value, mode="eval").body
    return body


@lru_cache(maxsize=4096)
def _members(text: str) -> tuple[Member, ...]:
    return tuple(dict.fromkeys(_branches(_parsed(text), "")))


def _branches(node: ast.expr, limits: str) -> Iterator[Member]:
    pending = [node]
    while pending:
        match pending.pop():
            case ast.BinOp(left, ast.BitOr(), right):
                pending += [right, left]
            case ast.Subscript(ast.Name("Annotated"), ast.Tuple([of, *beside])):
                told = ", ".join(filter(None, (_limits(each) for each in beside)))
                yield from _branches(of, told or limits)
            case ast.Subscript(ast.Name("Literal"), held):
                values = held.elts if isinstance(held, ast.Tuple) else [held]
                yield from (Member(ast.unparse(each), limits, _kind(each)) for each in values)
            case ast.Subscript(ast.Name("list" | "dict" as head), held):
                yield _container(head, held, limits)
            case ast.Name(name):
                yield Member(name, limits, _ABOVE.get(name))
            case other:
                yield Member(ast.unparse(other), limits)


def _container(head: str, held: ast.expr, limits: str) -> Member:
    """A list, or a dict, whose keys are always ``str``."""
    of = held.elts[-1] if isinstance(held, ast.Tuple) else held
    within = tuple(dict.fromkeys(_branches(of, "")))
    key = "str, " if head == "dict" else ""
    text = f"{head}[{key}{' | '.join(sorted(each.text for each in within))}]"
    told = [limits, *(each.limits for each in within)]
    return Member(text, "; ".join(filter(None, told)), None, within)


def _limits(beside: ast.expr) -> str:
    """What a type is annotated with, without the name on the wire."""
    if isinstance(beside, ast.Name):
        return "" if beside.id in _SILENT else beside.id
    if not isinstance(beside, ast.Call) or not isinstance(beside.func, ast.Name):
        return ast.unparse(beside)
    if beside.func.id in _SILENT:
        return ""
    kept = [ast.unparse(each) for each in beside.keywords if each.arg != "alias"]
    return ", ".join(kept)


def _kind(node: ast.expr) -> str | None:
    match ast.literal_eval(node):
        case str():
            return "str"
        case bool():
            return "bool"
        case int():
            return "Integer"
        case _:
            return None


def _is_literal(text: str) -> bool:
    return text[:1] in "\"'-0123456789" or text in ("True", "False")
