"""Schemas made into their normal forms: references, ``allOf`` and unions followed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pydantic import MISSING

from tallystick.contract import Contract, Direction
from tallystick.document import Json, join

from .facets import (
    among,
    as_list,
    as_map,
    counts,
    empty,
    highest,
    is_schema,
    listed,
    lowest,
    matches,
    numbers,
    texts,
    type_of,
    types_of,
    within,
)
from .forms import TYPES, Form, Member, Node, Nodes, Plain, says_something
from .spelled import Spelled
from .ways import Ways, branches

_AS_WHOLE = (
    *("not", "if", "then", "else", "contains", "minContains", "maxContains", "dependentRequired"),
    *("dependentSchemas", "dependencies", "propertyNames", "unevaluatedItems"),
)
"""Keywords that no facet says: equal, or a search decides."""


class Forms:
    """The normal forms of the schemas of one contract, for one direction."""

    def __init__(self, contract: Contract, direction: Direction) -> None:
        self.contract = contract
        self.direction: Direction = direction
        self._known: dict[Nodes, tuple[Form, ...]] = {}
        self._ways = Ways(contract)
        self._spelled = Spelled(contract)
        self._exclusives: dict[tuple[str, str], bool] = {}
        self.plainest: dict[object, tuple[Json] | None] = {}
        """By schemas of both contracts, the plainest value that they admit, or none: kept for samples."""

    def of(self, nodes: Nodes) -> tuple[Form, ...]:
        """The forms of what all these schemas admit; none: no value is valid."""
        known = self._known.get(nodes)
        if known is None:
            self._known[nodes] = ()  # for a union that holds itself, while it is looked at
            known = self._known[nodes] = tuple(self._made(nodes))
        return known

    def behind(self, nodes: Nodes) -> Nodes:
        """The same schemas, where a mere reference is what it refers to."""
        return tuple(dict.fromkeys(self._behind(each) for each in nodes))

    def _behind(self, pointer: str) -> str:
        seen: set[str] = set()
        while pointer not in seen:
            seen.add(pointer)
            schema = self.contract.schemas[pointer]
            if schema.ref is None or not isinstance(schema.node, Mapping):
                break
            if says_something(schema.node):
                break
            pointer = schema.ref
        return pointer

    def possible(self, nodes: Nodes) -> bool:
        """Whether none of these is the schema ``false``, as far as that is written."""
        return all(self._ways.of(each) for each in nodes)

    def node(self, pointer: str) -> Node | bool:
        """The keywords of a schema."""
        return self.contract.schemas[pointer].node

    def says(self, member: Member, keyword: str) -> Json | MISSING:
        """What a keyword says of a member, where the member is described or behind its reference."""
        for place in member.described:
            here: str | None = place
            seen: set[str] = set()
            while here is not None and here not in seen:
                seen.add(here)
                schema = self.contract.schemas[here]
                if isinstance(schema.node, Mapping) and keyword in schema.node:
                    return schema.node[keyword]
                here = schema.ref if keyword == "default" else None
        return MISSING

    def default(self, member: Member) -> Json | MISSING:
        """What absent means."""
        return self.says(member, "default")

    # --- branches ----------------------------------------------------------------------------

    def _made(self, nodes: Nodes) -> Iterable[Form]:
        ways: list[Nodes] = [()]
        for pointer in nodes:
            ways = self._ways.crossed(pointer, ways, self._ways.of(pointer))
        seen: set[str] = set()
        for way in ways:
            said = repr([self.node(pointer) for pointer in way]) if len(ways) > 1 else ""
            if said not in seen:
                seen.add(said)
                yield from self._merged(way)

    # --- facets ------------------------------------------------------------------------------

    def _merged(self, way: Nodes) -> Iterable[Form]:
        plain: Plain = tuple((p, n) for p in way if isinstance(n := self.node(p), Mapping))
        types = types_of(plain)
        values = listed(plain)
        for kind in TYPES:
            if kind not in types and not (kind == "number" and "integer" in types):
                continue
            whole = kind == "number" and "number" not in types
            form = self._form(kind, plain, whole)
            if form is None:
                continue
            if values is None:
                yield form
                continue
            own = tuple(v for v in values if type_of(v) == kind and within(v, form))
            if own:
                every = kind == "null" or (kind == "boolean" and len(own) == 2)
                enum = None if every else own
                yield Form(kind, plain, enum, whole_keywords=form.whole_keywords)

    def _form(self, kind: str, plain: Plain, whole: bool) -> Form | None:
        rest = self._whole(kind, plain)
        if kind == "null":
            return Form(kind, plain, whole_keywords=rest)
        if kind == "boolean":
            return Form(kind, plain, whole_keywords=rest)
        if kind == "number":
            low, high = lowest(plain, whole), highest(plain, whole)
            if low and high and empty(low, high):
                return None
            multiples = tuple(
                sorted({m for m in numbers(plain, "multipleOf") if not (whole and m == 1)})
            )
            return Form(
                kind,
                plain,
                whole=whole,
                low=low,
                high=high,
                multiples=multiples,
                formats=texts(plain, "format"),
                whole_keywords=rest,
            )
        if kind == "string":
            least, most = counts(plain, "minLength", "maxLength")
            if most is not None and most < least:
                return None
            encodings = tuple(
                f"{keyword} {text}"
                for keyword in ("contentEncoding", "contentMediaType")
                for text in texts(plain, keyword)
            )
            return Form(
                kind,
                plain,
                least=least,
                most=most,
                patterns=texts(plain, "pattern"),
                formats=(*texts(plain, "format"), *encodings),
                whole_keywords=rest,
            )
        if kind == "array":
            return self._array(plain, rest)
        return self._object(plain, rest)

    def _array(self, plain: Plain, rest: frozenset[str]) -> Form | None:
        least, most = counts(plain, "minItems", "maxItems")
        length = max((len(as_list(node, "prefixItems")) for _, node in plain), default=0)
        prefix: list[Nodes] = []
        for index in range(length):
            prefix.append(
                tuple(
                    join(p, "prefixItems", index)
                    if index < len(as_list(n, "prefixItems"))
                    else join(p, "items")
                    for p, n in plain
                    if index < len(as_list(n, "prefixItems")) or is_schema(n.get("items"))
                )
            )
        items = tuple(join(p, "items") for p, n in plain if is_schema(n.get("items")))
        if not self.possible(items):
            most, items = length if most is None else min(most, length), ()
        for index, nodes in enumerate(prefix):
            if not self.possible(nodes):
                most = index if most is None else min(most, index)
                break
        if most is not None and most < least:
            return None
        unique = any(node.get("uniqueItems") is True for _, node in plain)
        return Form(
            "array",
            plain,
            least=least,
            most=most,
            unique=unique,
            prefix=tuple(prefix[:most]),
            items=items,
            whole_keywords=rest,
        )

    def _object(self, plain: Plain, rest: frozenset[str]) -> Form | None:
        least, most = counts(plain, "minProperties", "maxProperties")
        described: dict[str, list[str]] = {}
        for pointer, node in plain:
            for name in as_map(node, "properties"):
                described.setdefault(name, []).append(join(pointer, "properties", name))
        asked = {str(name) for _, node in plain for name in as_list(node, "required")}
        named = tuple(
            (pattern, (join(pointer, "patternProperties", pattern),))
            for pointer, node in plain
            for pattern in as_map(node, "patternProperties")
        )
        additional, closed = self._additional(plain)
        members: dict[str, Member] = {}
        for name in (*described, *sorted(asked - described.keys())):
            nodes = self._member(name, plain)
            places = tuple(described.get(name, ()))
            required = name in asked and not self._one_way(places)
            if nodes is None:
                if required:
                    return None
                if not closed:
                    members[name] = Member((), False, places, refused=True)
                continue
            members[name] = Member(nodes, required, places)
        if most is not None and most < max(least, sum(m.required for m in members.values())):
            return None
        return Form(
            "object",
            plain,
            least=least,
            most=most,
            members=members,
            named=named,
            additional=additional,
            closed=closed,
            whole_keywords=rest,
        )

    def _member(self, name: str, plain: Plain) -> Nodes | None:
        """What all these schemas ask of a member; None where one refuses it."""
        nodes: list[str] = []
        for pointer, node in plain:
            own = [join(pointer, "properties", name)] if name in as_map(node, "properties") else []
            own += [
                join(pointer, "patternProperties", pattern)
                for pattern in as_map(node, "patternProperties")
                if matches(pattern, name)
            ]
            if not own and "additionalProperties" in node:
                own = [join(pointer, "additionalProperties")]
            nodes += [each for each in own if self.node(each) is not True]
        if any(self.node(each) is False for each in nodes):
            return None
        return tuple(dict.fromkeys(nodes))

    def _additional(self, plain: Plain) -> tuple[Nodes, bool]:
        """What members have that nothing describes, and whether there may be none."""
        nodes: list[str] = []
        closed = False
        for pointer, node in plain:
            value = node.get("additionalProperties", True)
            if value is False or self.contract.schemas[pointer].closed:
                closed = True
            elif isinstance(value, Mapping) and value:
                nodes.append(join(pointer, "additionalProperties"))
        if not self.possible(tuple(nodes)):
            closed = True
        return (() if closed else tuple(nodes)), closed

    def _one_way(self, places: Iterable[str]) -> bool:
        """Whether it travels the other way only, so that nobody must give it here."""
        keyword = {"request": "readOnly", "response": "writeOnly"}.get(self.direction)
        nodes = (self.node(place) for place in places)
        return any(
            isinstance(node, Mapping) and keyword and node.get(keyword) is True for node in nodes
        )

    # --- what no facet says ------------------------------------------------------------------

    def _whole(self, kind: str, plain: Plain) -> frozenset[str]:
        found: set[str] = set()
        for pointer, node in plain:
            for keyword in _AS_WHOLE:
                if keyword in node and kind in _CONCERNS.get(keyword, TYPES):
                    found.add(f"{keyword} {self._spelled.of(join(pointer, keyword))}")
            if pointer in self._ways.beyond:
                found.add(f"many {self._spelled.of(pointer)}")
            if "oneOf" in node and self._exclusive(pointer, node, kind):
                found.add("exactly one")
            open_ended = not self.contract.schemas[pointer].closed
            if kind == "object" and "unevaluatedProperties" in node and open_ended:
                text = self._spelled.of(join(pointer, "unevaluatedProperties"))
                found.add(f"unevaluatedProperties {text}")
        return frozenset(found)

    def _exclusive(self, pointer: str, node: Node, kind: str) -> bool:
        """Whether ``oneOf`` says more than ``anyOf`` would of values of this type."""
        known = self._exclusives.get((pointer, kind))
        if known is None:
            places = branches(pointer, node, "oneOf")
            known = self._exclusives[pointer, kind] = self._overlap(places, kind)
        return known

    def _overlap(self, places: Sequence[str], kind: str) -> bool:
        """Whether two branches might admit the same value of this type."""
        each = [[f for f in self.of((p,)) if f.type == kind] for p in places]
        holders = [forms for forms in each if forms]
        return any(
            not self.apart(a, b)
            for index, one in enumerate(holders)
            for other in holders[index + 1 :]
            for a in one
            for b in other
        )

    def apart(self, one: Form, other: Form) -> bool:
        """Whether no value has both forms, as far as types and lists of values tell."""
        return _unlike(one, other) or any(
            member.required
            and name in other.members
            and other.members[name].required
            and self._differ(member, other.members[name])
            for name, member in one.members.items()
        )

    def _differ(self, one: Member, other: Member) -> bool:
        mine, theirs = self.of(one.nodes), self.of(other.nodes)
        return bool(mine and theirs) and all(_unlike(a, b) for a in mine for b in theirs)


def _unlike(one: Form, other: Form) -> bool:
    """Whether two forms are of different types, or list no value in common."""
    if one.type != other.type:
        return True
    listed = one.enum is not None and other.enum is not None
    return listed and not any(among(value, other.enum or ()) for value in one.enum or ())


_CONCERNS: dict[str, tuple[str, ...]] = {
    "contains": ("array",),
    "minContains": ("array",),
    "maxContains": ("array",),
    "unevaluatedItems": ("array",),
    "dependentRequired": ("object",),
    "dependentSchemas": ("object",),
    "dependencies": ("object",),
    "propertyNames": ("object",),
}
