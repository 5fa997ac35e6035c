"""What a schema as a validator says about a value that has drifted: which of it may stand.

Exports: ``exactly_of``, ``keeps``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol, cast

from pydantic import ValidationError

from .drift import Path, Trail
from .presence import Model, members, present

if TYPE_CHECKING:
    import jsonschema_rs

__all__ = ["Exact", "exactly_of", "keeps"]


class Exact(Protocol):
    """``Exactly``, whose module is in those packages only that need it."""

    def problems(self, value: object) -> list[jsonschema_rs.ValidationError]:
        """What the schema says against a value."""
        ...

    def refusal(
        self, value: object, problems: list[jsonschema_rs.ValidationError]
    ) -> ValidationError:
        """The error that says so."""
        ...


_VALUES = frozenset({"enum", "const"})
_MEMBERS = frozenset({"additionalProperties", "unevaluatedProperties"})
_VARIANTS = frozenset({"anyOf", "oneOf"})


def keeps(error: jsonschema_rs.ValidationError, value: Any, trail: Trail) -> tuple[bool, Any]:
    """Whether what the error objects to may stand, and the value with that marked."""
    path: Path = tuple(error.instance_path)
    whole = (*trail.path, *path)
    keyword = error.kind.name
    if keyword in _MEMBERS:
        item = _get(value, path)
        held = dict(present(item)) if isinstance(item, Model) else item
        names = cast("list[str]", getattr(error.kind, "unexpected", []))
        return all(_member(trail, (*path, name), held.get(name)) for name in names), value
    if keyword not in _VALUES | _VARIANTS:
        return False, value
    if any(each[: len(whole)] == whole for each in trail.kept()):
        return True, value
    if "MultipleValid" in type(error.kind).__name__:
        return False, value
    kept = trail.keep("value" if keyword in _VALUES else "variant", _get(value, path), *path)
    return (False, value) if kept is None else (True, _put(value, path, kept))


def exactly_of(schema: Mapping[str, Any]) -> Exact | None:
    """The schema that a node of pydantic's core schema checks after the type, if it is one."""
    function = schema["function"]["function"]
    owner = getattr(function, "__self__", None)
    kind = schema["schema"].get("cls")
    if function.__name__ == "_as_a_whole" and kind is not None:
        owner = kind.__exactly__
    return cast("Exact", owner) if type(owner).__name__ == "Exactly" else None


def _member(trail: Trail, path: Path, value: object) -> bool:
    whole = (*trail.path, *path)
    return whole in trail.kept() or trail.member(value, *path)


def _get(value: Any, path: Path) -> Any:
    for part in path:
        value = dict(present(value))[str(part)] if isinstance(value, Model) else value[part]
    return value


def _put(value: Any, path: Path, item: object) -> Any:
    """``value`` with another item at ``path``; ``item`` itself where that is the whole."""
    if not path:
        return item
    holder, last = _get(value, path[:-1]), path[-1]
    if not isinstance(holder, Model):
        holder[last] = item
    elif (name := members(type(holder)).get(str(last))) is not None:
        vars(holder)[name] = item
    else:
        (holder.__pydantic_extra__ or {})[str(last)] = item
    return value
