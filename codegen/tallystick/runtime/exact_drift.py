"""What a schema as a validator says about a value that has drifted: which of it may stand.

Exports: ``exactly_of``, ``keeps``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, cast

from pydantic import ValidationError

from .drift import Path, Trail
from .presence import Model, members, present
from .unknown import unknown

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
    above = max((len(each) for each in trail.kept() if whole[: len(each)] == each), default=-1)
    if 0 <= above < len(whole) or (above >= 0 and keyword in _VALUES | _MEMBERS | _VARIANTS):
        return True, value
    below = any(each[: len(whole)] == whole for each in trail.kept())
    if keyword in _MEMBERS:
        names = cast("list[str]", getattr(error.kind, "unexpected", []))
        return _members(names, path, value, trail, below)
    if below and keyword in _VARIANTS:
        return True, value
    if keyword not in _VALUES | _VARIANTS or "MultipleValid" in type(error.kind).__name__:
        return False, value
    kept = trail.keep("value" if keyword in _VALUES else "variant", _get(value, path), *path)
    return (False, value) if kept is None else (True, _put(value, path, kept))


def _members(
    names: Sequence[str], path: Path, value: Any, trail: Trail, below: bool
) -> tuple[bool, Any]:
    """The same of members that the schema of an object does not admit."""
    item = _get(value, path)
    held = dict(present(item)) if isinstance(item, Model) else item
    declared = members(type(item)).keys() if isinstance(item, Model) else ()
    strange = [name for name in names if name not in declared]
    # A branch that has drifted does not speak for its members any more.
    if len(strange) < len(names) and not below:
        return False, value
    for name in strange:
        if not _member(trail, (*path, name), held[name]):
            return False, value
        if (marked := unknown(held[name])) is not None:
            _put(value, (*path, name), marked)
    return True, value


def exactly_of(schema: Mapping[str, Any]) -> Exact | None:
    """The schema that a node of pydantic's core schema checks after the type, if it is one."""
    function = schema["function"]["function"]
    owner = getattr(function, "__self__", None)
    kind = schema["schema"].get("cls")
    if getattr(function, "__name__", "") == "_as_a_whole" and kind is not None:
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
