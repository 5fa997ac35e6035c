"""Two signatures of one method compared, parameter by parameter."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping

import griffe

from ..records import Severity
from .records import PythonChange, PythonKind
from .surface import keywords_of
from .types import Meanings, difference
from .wording import effect, parameter, told

_TOLD = {
    griffe.BreakageKind.PARAMETER_REMOVED: "parameter removed",
    griffe.BreakageKind.PARAMETER_MOVED: "parameter moved",
    griffe.BreakageKind.PARAMETER_CHANGED_KIND: "parameter kind",
    griffe.BreakageKind.PARAMETER_CHANGED_DEFAULT: "parameter default",
    griffe.BreakageKind.PARAMETER_CHANGED_REQUIRED: "parameter required",
    griffe.BreakageKind.PARAMETER_ADDED_REQUIRED: "added breaking",
}


def signatures(
    path: str, old: griffe.Function, new: griffe.Function, meanings: Meanings
) -> Iterator[PythonChange]:
    """What changed for who calls a method.

    Args:
        path: where people reach it.
        meanings: of the names in both.
    """
    former, earlier = keywords_of(new), keywords_of(old)
    for was, now in former.items():
        if was not in earlier and _has(old, was):
            at = f"{path}({was})"
            text = told("renamed", at, now)
            yield PythonChange("deprecated", at, was, now, "compatible", text)
    for was in sorted(earlier.keys() - former.keys()):
        if not _has(new, was):
            at = f"{path}({was})"
            yield PythonChange("removed", at, was, None, "breaking", told("parameter removed", at))
    before = _present(old, former)
    yield from _broken(path, before, new)
    yield from _typed(path, before, new, meanings)
    yield from _added(path, before, new)
    yield from _returned(path, before, new, meanings)
    if _is_deprecated(new) and not _is_deprecated(old):
        yield PythonChange("deprecated", path, path, None, "compatible", told("operation", path))


def _has(method: griffe.Function, name: str) -> bool:
    return any(each.name == name for each in method.parameters)


def _present(old: griffe.Function, former: Mapping[str, str]) -> griffe.Function:
    """The method before, with its parameters by the names that they have now."""
    twin = copy.copy(old)
    parameters = [copy.copy(each) for each in old.parameters]
    for each in parameters:
        each.name = former.get(each.name, each.name)
    twin.parameters = griffe.Parameters(*parameters)
    return twin


def _broken(path: str, old: griffe.Function, new: griffe.Function) -> Iterator[PythonChange]:
    """What the library finds."""
    sides = [griffe.Module("side"), griffe.Module("side")]
    for side, method in zip(sides, (old, new), strict=True):
        side.set_member(new.name, copy.copy(method))
    for each in griffe.find_breaking_changes(*sides):
        what = _TOLD.get(each.kind)
        if what is None:
            continue
        one = each.old_value or each.new_value
        at = f"{path}({one.name})"
        before, after = (v and parameter(v) for v in (each.old_value, each.new_value))
        severity: Severity = "risky" if what == "parameter default" else "breaking"
        kind: PythonKind = "changed"
        if after is None or before is None:
            kind = "removed" if after is None else "added"
        yield PythonChange(kind, at, before, after, severity, told(what, at))


def _typed(
    path: str, old: griffe.Function, new: griffe.Function, meanings: Meanings
) -> Iterator[PythonChange]:
    listens = path.startswith("webhooks.")
    now = {each.name: each for each in new.parameters if each.name != "self"}
    for before in old.parameters:
        after = now.get(before.name)
        if after is None:
            continue
        found = difference(str(before.annotation), str(after.annotation), meanings)
        if found.relation != "same":
            at = f"{path}({after.name})"
            severity, text = effect(at, found, sent=not listens, read=listens)
            texts = parameter(before), parameter(after)
            yield PythonChange("changed", at, *texts, severity, text)


def _added(path: str, old: griffe.Function, new: griffe.Function) -> Iterator[PythonChange]:
    for each in new.parameters:
        if not each.required and not _has(old, each.name):
            at = f"{path}({each.name})"
            severity: Severity = "risky" if path.startswith("webhooks.") else "compatible"
            text = told("added compatible", at)
            yield PythonChange("added", at, None, parameter(each), severity, text)


def _returned(
    path: str, old: griffe.Function, new: griffe.Function, meanings: Meanings
) -> Iterator[PythonChange]:
    before, after = str(old.returns), str(new.returns)
    found = difference(before, after, meanings)
    if found.relation == "same" or path == "Client":
        return
    listens = path.startswith("webhooks.")
    severity, text = effect(f"the result of {path}", found, sent=listens, read=not listens)
    if before == "None":
        severity = "compatible"
    yield PythonChange("changed", path, f"-> {before}", f"-> {after}", severity, text)


def _is_deprecated(method: griffe.Function) -> bool:
    """Whether the document says so: then it is the last paragraph of the docstring."""
    return method.docstring is not None and method.docstring.value.endswith("\n\nDeprecated.")
