"""How the nodes of a lenient reader read: what pydantic calls in place of refusing.

Each takes a value, pydantic's own reader of the node, and the trail as the context of the reading.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, TypeAlias

from pydantic import ValidationError
from pydantic_core import PydanticCustomError, core_schema

from .drift import Trail
from .exact_drift import Exact, keeps
from .presence import Model
from .variants import Told, Try, certain, chosen, json_kind, named

__all__ = [
    "Handler",
    "Info",
    "below",
    "border",
    "branch",
    "exact",
    "item",
    "key",
    "literal",
    "member",
    "model",
    "strictly",
    "tagged",
    "union",
]  # fmt: skip

Info: TypeAlias = core_schema.ValidationInfo[Trail]
Handler: TypeAlias = core_schema.ValidatorFunctionWrapHandler

_UNKNOWN_TAG = ("unknown_variant", "union_tag_invalid")


def border(kind: type[Model]) -> Callable[[Any, Info], Any]:
    """Where a class of a large package has its own reader."""

    def read(value: Any, info: Info) -> Any:
        from .lenient import lenient_class

        return lenient_class(kind).read(value, info.context)

    return read


def literal(kinds: frozenset[str], value: object, handler: Handler, info: Info) -> object:
    """A value of an enum, or another of a JSON type that the enum has."""
    try:
        return handler(value)
    except ValidationError:
        kept = info.context.keep("value", value) if json_kind(value) in kinds else None
        if kept is None:
            raise
        return kept


def model(closed: bool, value: object, handler: Handler, info: Info) -> object:
    """An object of a class; one that is closed keeps what it does not declare."""
    trail = info.context
    with trail.below():
        made = handler(value)
    if closed and isinstance(made, Model) and made is not value:
        for name, item in (made.__pydantic_extra__ or {}).items():
            if not trail.member(item, name):
                raise PydanticCustomError("extra_forbidden", "Extra inputs are not permitted")
    return made


def below(value: object, handler: Handler, info: Info) -> object:
    """An array or mapping, of which the trail knows the place below."""
    with info.context.below():
        return handler(value)


def member(name: str, value: object, handler: Handler, info: Info) -> object:
    """A declared member."""
    info.context.path[-1] = name
    return handler(value)


def item(value: object, handler: Handler, info: Info) -> object:
    """The next item of an array."""
    at = info.context.path[-1]
    info.context.path[-1] = at + 1 if isinstance(at, int) else 0
    return handler(value)


def key(value: object, info: Info) -> str:
    """The name of a member that is not declared."""
    if not isinstance(value, str):
        raise PydanticCustomError("string_type", "Input should be a valid string")
    info.context.path[-1] = value
    return value


def union(value: object, handler: Handler, info: Info) -> object:
    """A value of the first branch that fits; else what ``variants.chosen`` says; else as it came."""
    trail = info.context
    tries: list[Try] = []
    trail.tries.append(tries)
    try:
        return handler(value)
    except ValidationError:
        best = chosen(tries)
        if best is not None:
            trail.found.extend(best.found)
            return best.made
        kept = None if named(tries) else trail.keep("variant", value)
        if kept is None:
            raise
        return kept
    finally:
        trail.tries.pop()


def strictly(signs: Sequence[Told], value: object, handler: Handler, info: Info) -> object:
    """A value of the union as it is, unless a tag says the branch, which is then read once only."""
    if certain(signs, value):
        raise PydanticCustomError("tried", "a union that need not be tried")
    return handler(value)


def branch(sign: Told, value: object, handler: Handler, info: Info) -> object:
    """Try a branch and note how it went; the union then goes on to the next one."""
    trail = info.context
    means = sign.means(value)
    attempt = Try(means)
    if means is not False:
        with trail.attempt(means is None) as found, suppress(ValidationError):
            attempt = Try(means, True, handler(value), found)
    trail.tries[-1].append(attempt)
    raise PydanticCustomError("tried", "a branch that was tried")


def tagged(value: object, handler: Handler, info: Info) -> object:
    """A value of the branch that its tag names; with another tag as it came."""
    try:
        return handler(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        strange = first["type"] in _UNKNOWN_TAG and not first["loc"]
        kept = info.context.keep("variant", value) if strange else None
        if kept is None:
            raise
        return kept


def exact(exactly: Exact, value: Any, info: Info) -> Any:
    """A value of which the schema itself may refuse no more than what drifts."""
    problems = exactly.problems(value)
    for each in problems:
        kept, value = keeps(each, value, info.context)
        if not kept:
            raise exactly.refusal(value, problems)
    return value
