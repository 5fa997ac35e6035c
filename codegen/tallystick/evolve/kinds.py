"""Every kind of change, by name: what it is, and whom it breaks in which direction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from .records import Direction, Reader, Severity

Effect: TypeAlias = Literal["narrowed", "widened", "changed", "means", "noted"]
"""narrowed: fewer values are valid. widened: more. changed: some went, some came. means: the same
values, read otherwise. noted: nothing that travels."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of change."""

    name: str
    effect: Effect
    says: str
    """One sentence for the list of kinds."""
    tolerant: bool = False
    """Whether a hand-written client lives with more values in an answer: it reads what it knows."""


def severities(kind: Kind, direction: Direction) -> Mapping[Reader, Severity]:
    """Whom a change of this kind breaks, if it stands where values travel in this direction."""
    narrowed = kind.effect in ("narrowed", "changed")
    widened = kind.effect in ("widened", "changed")
    asked, told = direction != "response", direction != "request"
    if kind.effect == "means":
        return dict.fromkeys(("typed client", "hand-written client", "server"), "risky")
    client: Severity = "breaking" if (narrowed and asked) or (widened and told) else "compatible"
    server: Severity = "breaking" if (widened and asked) or (narrowed and told) else "compatible"
    by_hand: Severity = client
    if kind.tolerant and not (narrowed and asked) and client == "breaking":
        by_hand = "risky"
    return {"typed client": client, "hand-written client": by_hand, "server": server}


_ALL: tuple[Kind, ...] = (
    # --- values: what stands at one place of a body, a parameter or a header -----------------
    Kind("null-admitted", "widened", "null is a value now"),
    Kind("null-refused", "narrowed", "null is no value any more"),
    Kind("type-added", "widened", "values of one more JSON type are valid"),
    Kind("type-removed", "narrowed", "values of a JSON type are refused now"),
    Kind("type-changed", "changed", "values of one JSON type gave way to those of another"),
    Kind("integer-to-number", "widened", "an integer became any number"),
    Kind("number-to-integer", "narrowed", "any number became an integer"),
    Kind("enum-value-added", "widened", "one more value is listed", tolerant=True),
    Kind("enum-value-removed", "narrowed", "a listed value went"),
    Kind("enum-value-recased", "changed", "a listed value is written in another case"),
    Kind("enum-opened", "widened", "the list of values went, any value is valid", tolerant=True),
    Kind("enum-closed", "narrowed", "only listed values are valid now"),
    Kind("bound-narrowed", "narrowed", "a bound of a number, text, list or object is narrower"),
    Kind("bound-widened", "widened", "such a bound is wider", tolerant=True),
    Kind("pattern-changed", "changed", "a pattern is another"),
    Kind("pattern-added", "narrowed", "a pattern is asked for"),
    Kind("pattern-removed", "widened", "a pattern is asked for no longer", tolerant=True),
    Kind("format-changed", "changed", "a format is another"),
    Kind("format-added", "narrowed", "a format is asked for"),
    Kind("format-removed", "widened", "a format is asked for no longer", tolerant=True),
    Kind("items-unique", "narrowed", "the items of a list must differ now"),
    Kind("items-may-repeat", "widened", "the items of a list may repeat", tolerant=True),
    Kind("member-added", "narrowed", "an optional member is described where anything was admitted"),
    Kind("member-admitted", "widened", "an optional member of a closed object came", tolerant=True),
    Kind("member-removed", "widened", "a member is described no longer, and still admitted"),
    Kind("member-refused", "narrowed", "a member of a closed object went"),
    Kind("member-required", "narrowed", "a member must be there"),
    Kind("member-optional", "widened", "a member may be absent"),
    Kind("member-moved", "changed", "a member stands at another level"),
    Kind("object-opened", "widened", "members that nobody described are admitted", tolerant=True),
    Kind("object-closed", "narrowed", "members that nobody described are refused"),
    Kind("branch-added", "widened", "one more form of a union is valid"),
    Kind("branch-removed", "narrowed", "a form of a union is refused now"),
    Kind("schema-narrowed", "narrowed", "a condition that no keyword above names admits less"),
    Kind("schema-widened", "widened", "a condition that no keyword above names admits more"),
    Kind("schema-changed", "changed", "a condition that no keyword above names is another"),
    Kind("default-changed", "means", "absent means another value: who omits it is hit"),
    Kind("null-meaning-changed", "means", "what null does in an update is another thing"),
)

KINDS: Mapping[str, Kind] = {kind.name: kind for kind in _ALL}
