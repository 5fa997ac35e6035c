"""What a change of values is in words: one sentence, as a person would say it."""

from __future__ import annotations

import json
from collections.abc import Callable

from pydantic import MISSING

from tallystick.document import Json

from ..records import Spot
from .differences import Difference

_LONGEST = 80


def place(found: Difference, spot: Spot, at: tuple[str | int, ...]) -> str:
    """The value that a difference is about: ``settings.sizes[]``, or the whole body."""
    names = [*at, *((found.name,) if found.name is not None else ())]
    text = ""
    for each in names:
        if isinstance(each, int):
            text += "[]"
        elif each == "*" or each.startswith("/"):
            text += "[*]" if each == "*" else f"[{each}]"
        else:
            text += f".{each}" if text else each
    return f"`{text}`" if text else f"the {spot.part}"


def whereabouts(found: Difference, spot: Spot, at: tuple[str | int, ...]) -> str:
    """The operation, the part of it, and the place in its value."""
    what = place(found, spot, at).strip("`")
    own = () if what == f"the {spot.part}" else (what,)
    return ", ".join((spot.operation, spot.part, *own))


def sentence(found: Difference, spot: Spot, at: tuple[str | int, ...]) -> str:
    """What changed."""
    what = place(found, spot, at)
    if found.kind == "member-required":
        return _required(what, found, spot)
    return _SAYS[found.kind](what, found)


def _required(what: str, found: Difference, spot: Spot) -> str:
    member = found.old_form.members.get(found.name or "") if found.old_form else None
    came = member is None or not member.described
    must = "is always there" if spot.direction == "response" else "must be there"
    return f"{what} came, and {must}" if came else f"{what} {must} now"


def _value(value: Json | MISSING) -> str:
    if value is MISSING:
        return "nothing"
    text = json.dumps(value, ensure_ascii=False)
    return f"`{text if len(text) <= _LONGEST else text[: _LONGEST - 1] + '…'}`"


def _values(value: Json | MISSING) -> str:
    if not isinstance(value, list):
        return _value(value)
    shown = ", ".join(_value(each) for each in value[:6])
    return f"{shown} and {len(value) - 6} more" if len(value) > 6 else shown


def _keyword(pointer: str | None) -> str:
    last = (pointer or "").rpartition("/")[2]
    return last if last in _BOUNDS else ""


_BOUNDS = (
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength"),
    *("maxLength", "minItems", "maxItems", "minProperties", "maxProperties"),
)


def _bound(what: str, found: Difference) -> str:
    now, was = found.after, found.before
    had, has = _keyword(found.old), _keyword(found.new)
    if now is MISSING:
        return f"{what} has no `{had}` any more, it was {_value(was)}"
    before = "there was none"
    if was is not MISSING:
        before = f"it was {_value(was)}" if had in (has, "") else f"`{had}` was {_value(was)}"
    return f"`{has or had}` of {what} is {_value(now)} now, {before}"


def _text(kind: str) -> Callable[[str, Difference], str]:
    def says(what: str, found: Difference) -> str:
        now, was = found.after, found.before
        if now is MISSING:
            return f"{what} has no {kind} any more, it was {_value(was)}"
        if was is MISSING:
            return f"{what} must have the {kind} {_value(now)} now"
        return f"the {kind} of {what} is {_value(now)} now, it was {_value(was)}"

    return says


def _default(what: str, found: Difference) -> str:
    if found.before is MISSING:
        return f"absent means {_value(found.after)} for {what} now, and nothing was said of it"
    if found.after is MISSING:
        return f"absent meant {_value(found.before)} for {what}, and nothing is said of it now"
    return f"absent means {_value(found.after)} for {what} now, it meant {_value(found.before)}"


def _null_meaning(what: str, found: Difference) -> str:
    was = "undeclared" if found.before is MISSING else str(found.before)
    now = "undeclared" if found.after is MISSING else str(found.after)
    return f"what null does to {what} in an update is {now} now, it was {was}"


def _branch(found: Difference) -> str:
    """What tells a form of a union from the others."""
    form = found.new_form if found.kind == "branch-added" else found.old_form
    if form is None:
        return "of another form"
    own = form.own()
    titles = [node["title"] for _, node in own if isinstance(node.get("title"), str)]
    names = [p.rpartition("/")[2] for p, _ in own if p.startswith(_COMPONENTS) and not _inside(p)]
    members = [f"`{name}`" for name in list(form.members)[:4]]
    for name in (*titles[-1:], *names):
        return f"a `{name}`"
    return f"an object with {', '.join(members)}" if members else f"of another form ({form.type})"


_COMPONENTS = "#/components/schemas/"


def _inside(pointer: str) -> bool:
    return "/" in pointer.removeprefix(_COMPONENTS)


def _conditions(what: str, found: Difference) -> str:
    before = found.before if isinstance(found.before, dict) else {}
    after = found.after if isinstance(found.after, dict) else {}
    words = " and ".join(f"`{word}`" for word in dict.fromkeys((*before, *after)))
    if not words:
        return f"the conditions on {what} are others now"
    if not before:
        return f"{what} must keep {words} now"
    if not after:
        return f"{what} need not keep {words} any more"
    return f"{words} of {what} says another thing now"


_SAYS: dict[str, Callable[[str, Difference], str]] = {
    "null-admitted": lambda what, _: f"{what} may be null now",
    "null-refused": lambda what, _: f"{what} may be null no longer",
    "type-added": lambda what, found: f"{what} may be {_article(found.after)} now as well",
    "type-removed": lambda what, found: f"{what} may be {_article(found.before)} no longer",
    "type-changed": lambda what, found: (
        f"{what} is {_article(found.after)} now, it was {_article(found.before)}"
    ),
    "integer-to-number": lambda what, _: f"{what} may be any number now, it was an integer",
    "number-to-integer": lambda what, _: f"{what} must be an integer now, it was any number",
    "enum-value-added": lambda what, found: f"{what} may be {_value(found.after)} now",
    "enum-value-removed": lambda what, found: f"{what} may be {_value(found.before)} no longer",
    "enum-value-recased": lambda what, found: (
        f"{_value(found.before)} of {what} is written {_value(found.after)} now"
    ),
    "enum-opened": lambda what, found: (
        f"{what} may be anything now, it was {_values(found.before)}"
    ),
    "enum-closed": lambda what, found: f"{what} must be one of {_values(found.after)} now",
    "bound-narrowed": _bound,
    "bound-widened": _bound,
    "pattern-changed": _text("pattern"),
    "pattern-added": _text("pattern"),
    "pattern-removed": _text("pattern"),
    "format-changed": _text("format"),
    "format-added": _text("format"),
    "format-removed": _text("format"),
    "items-unique": lambda what, _: f"the items of {what} must differ now",
    "items-may-repeat": lambda what, _: f"the items of {what} may repeat now",
    "member-added": lambda what, _: f"{what} came, and may be left out",
    "member-admitted": lambda what, _: f"{what} came, and may be left out",
    "required-member-admitted": lambda what, _: f"{what} came, and must be there",
    "member-removed": lambda what, _: f"{what} is described no longer: it is accepted and ignored",
    "required-member-removed": lambda what, _: (
        f"{what} is described no longer, it was always there"
    ),
    "member-refused": lambda what, _: f"{what} is refused now",
    "required-member-refused": lambda what, _: f"{what} is refused now, it had to be there",
    "member-optional": lambda what, _: f"{what} may be left out now",
    "member-became-read-only": lambda what, _: f"{what} is read-only now: requests do not set it",
    "member-became-writable": lambda what, _: f"{what} is read-only no longer",
    "member-became-write-only": lambda what, _: f"{what} is write-only now: answers do not show it",
    "member-became-readable": lambda what, _: f"{what} is write-only no longer",
    "member-deprecated": lambda what, _: f"{what} is deprecated now",
    "member-undeprecated": lambda what, _: f"{what} is deprecated no longer",
    "object-opened": lambda what, _: f"{what} admits members now that nothing describes",
    "object-closed": lambda what, _: f"{what} refuses members now that nothing describes",
    "branch-added": lambda what, found: f"{what} may be {_branch(found)} now as well",
    "branch-removed": lambda what, found: f"{what} may be {_branch(found)} no longer",
    "schema-changed": _conditions,
    "default-changed": _default,
    "default-added": _default,
    "default-removed": _default,
    "default-documented": _default,
    "null-meaning-changed": _null_meaning,
}


def _article(value: Json | MISSING) -> str:
    word = "text" if value == "string" else "a list" if value == "array" else str(value)
    if word in ("text", "a list", "null"):
        return word
    return f"{'an' if word[0] in 'aeio' else 'a'} {word}"
