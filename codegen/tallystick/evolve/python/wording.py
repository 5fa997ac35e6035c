"""What is said of a change of a Python name, and whom it breaks."""

from __future__ import annotations

from collections.abc import Iterator

import griffe

from ..records import SEVERITIES, Severity
from .types import Difference

_TOLD = {
    "removed": "{0} is gone",
    "former gone": "{0} is gone: it is called {1}",
    "kind": "{0} is another kind of thing now",
    "renamed": "{0} is called {1} now; the old name works and warns",
    "default": "{0} has another value where the member is absent",
    "added compatible": "{0} is new",
    "added risky": "{0} is new: an implementation must have it",
    "added breaking": "{0} is new and must be given",
    "opened": "{0} takes members that nobody described",
    "closed": "{0} takes no members that nobody described",
    "operation": "{0} is deprecated",
    "parameter removed": "{0} is taken no longer",
    "parameter moved": "{0} stands at another position",
    "parameter kind": "{0} is given another way: by keyword, or by position",
    "parameter default": "{0} has another default: who leaves it out is hit",
    "parameter required": "{0} must be given now",
}


def told(what: str, name: str, now: str = "") -> str:
    """The sentence for one kind of change."""
    return _TOLD[what].format(name, now)


def effect(name: str, found: Difference, sent: bool, read: bool) -> tuple[Severity, str]:
    """Whom another annotation breaks, and the sentence that says what became of it.

    Args:
        sent: whether callers make such values.
        read: whether callers are given such values.
    """
    if found.relation == "limits":
        return "risky", f"{name} has other limits"
    severities: list[Severity] = ["risky" if found.nested else "compatible"]
    if sent and found.relation in ("narrower", "other"):
        severities.append("breaking")
    if read and found.relation in ("wider", "other"):
        lives = found.relation == "wider" and found.only_literals
        severities.append("risky" if lives else "breaking")
    return min(severities, key=SEVERITIES.index), f"{name} {_what(found, sent and not read)}"


def _what(found: Difference, made: bool) -> str:
    """What came and what went, in words where these are few."""
    came, went = (tuple(x for x in each if x != "MISSING") for each in (found.came, found.went))
    said: list[str] = []
    if len(came) == len(went) == 1:
        said.append("is of another type now")
    else:
        said += [f"may be {_listed(came)} now"] if came else []
        said += [f"is {_listed(went)} no longer"] if went else []
    may, must = _PRESENCE[made]
    said += [may] if "MISSING" in found.came else []
    said += [must] if "MISSING" in found.went else []
    return f"holds what {' and '.join(said)}" if found.nested else " and ".join(said)


_PRESENCE = {
    False: ("may be absent now", "is always there now"),
    True: ("may be left out now", "must be given now"),
}
"""By whether callers only make it."""


def _listed(branches: tuple[str, ...]) -> str:
    more = [f"{len(branches) - 4} more"] if len(branches) > 4 else []
    return ", ".join([*branches[:4], *more])


def shown(each: griffe.Object) -> str:
    """Its text: a signature, an annotation, the value of an alias, the methods of a resource."""
    if isinstance(each, griffe.Function):
        return signature(each)
    if isinstance(each, griffe.Attribute):
        is_alias = str(each.annotation) == "TypeAlias"
        return "" if each.annotation is None else str(each.value if is_alias else each.annotation)
    if each.path.split(".")[1] == "models":
        return f"class {each.name}"
    return ", ".join(_methods(each, ""))


def _methods(parent: griffe.Object, before: str) -> Iterator[str]:
    """What can be called of a resource and of those below it."""
    for name, each in parent.members.items():
        if isinstance(each, griffe.Function):
            yield f"{before}{name}"
        elif isinstance(each, griffe.Class):
            yield from _methods(each, f"{before}{name}.")


def signature(method: griffe.Function) -> str:
    """A method as it is called: its parameters without ``self``, and what it gives."""
    parts: list[str] = []
    for each in method.parameters:
        if each.kind is griffe.ParameterKind.keyword_only and "*" not in parts:
            parts.append("*")
        if each.name != "self":
            parts.append(parameter(each))
    gives = "" if method.name == "Client" else f" -> {method.returns}"
    return f"({', '.join(parts)}){gives}"


def parameter(each: griffe.Parameter) -> str:
    """A parameter as it stands in a signature."""
    default = "" if each.default is None else f" = {each.default}"
    return f"{each.name}: {each.annotation}{default}"
