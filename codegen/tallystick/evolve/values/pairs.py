"""Pairs of schemas walked side by side: where their forms differ, and what stands below them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from pydantic import MISSING

from tallystick.contract import Direction
from tallystick.contract.notes import NULL

from .differences import (
    Difference,
    conditions,
    difference,
    enums,
    lengths,
    listing,
    numbers,
    of_defaults,
    rules,
    types,
    whole,
)
from .facets import item_nodes, member_nodes
from .forms import TYPES, Form, Member, Nodes
from .normal import Forms


@dataclass(frozen=True, slots=True)
class Step:
    """One level down: by the name of a member, or to an item."""

    token: str | int | None
    """The member or the index; None for a member that nothing describes."""
    old: Form
    new: Form


@dataclass(frozen=True, slots=True)
class Below:
    """A pair of schemas one step below another."""

    step: Step
    old: Nodes
    new: Nodes


Found = Difference | Below


class Pairs:
    """Compares the forms of two contracts in one direction."""

    def __init__(self, old: Forms, new: Forms, direction: Direction) -> None:
        self.old, self.new = old, new
        self._direction: Direction = direction

    def compare(self, old: Nodes, new: Nodes) -> Iterator[Found]:
        """How two schemas differ, and the pairs below them that have to be compared as well."""
        mine, theirs = self.old.of(old), self.new.of(new)
        gone: list[Form] = []
        come: list[Form] = []
        for kind in TYPES:
            before = [form for form in mine if form.type == kind]
            after = [form for form in theirs if form.type == kind]
            if before and after:
                yield from self._same_type(before, after)
            else:
                gone += before
                come += after
        old_at = _beside(mine, come) or _at(self.old.behind(old))
        new_at = _beside(theirs, gone) or _at(self.new.behind(new))
        yield from types(gone, come, old_at, new_at)

    def _same_type(self, before: list[Form], after: list[Form]) -> Iterator[Found]:
        listed = [form for form in before if form.enum is not None]
        listed_now = [form for form in after if form.enum is not None]
        if len(listed) == len(before) and len(listed_now) == len(after):
            yield from enums(before, after)
            return
        matched, gone, come = self._matched(before, after)
        for one, other in matched:
            yield from self._forms(one, other)
        for form in gone:
            own = form.own()
            place = own[0][0] if own else form.place()
            yield Difference("branch-removed", place, after[0].top(), MISSING, MISSING, form)
        for form in come:
            own = form.own()
            place = own[0][0] if own else form.place()
            yield Difference("branch-added", before[0].top(), place, MISSING, MISSING, None, form)

    def _matched(
        self, before: Sequence[Form], after: Sequence[Form]
    ) -> tuple[list[tuple[Form, Form]], list[Form], list[Form]]:
        """Forms of one type paired: those most alike; what is left went or came."""
        if len(before) == len(after) == 1:
            return [(before[0], after[0])], [], []
        alike = [
            (self._likeness(one, other), -abs(i - j), i, j)
            for i, one in enumerate(before)
            for j, other in enumerate(after)
        ]
        pairs: dict[int, int] = {}
        for score, _, i, j in sorted(alike, reverse=True):
            if score > _ALIKE and i not in pairs and j not in pairs.values():
                pairs[i] = j
        gone = [form for i, form in enumerate(before) if i not in pairs]
        come = [form for j, form in enumerate(after) if j not in pairs.values()]
        if len(gone) == len(come) == 1 and gone[0].type != "object":
            return [*((before[i], after[j]) for i, j in pairs.items()), (gone[0], come[0])], [], []
        return [(before[i], after[j]) for i, j in sorted(pairs.items())], gone, come

    def _likeness(self, one: Form, other: Form) -> float:
        """From 0, nothing in common, to 1, the same."""
        if self._same(one, other):
            return 1.0
        if one.type != "object":
            return 0.6 if [p for p, _ in one.plain] == [p for p, _ in other.plain] else 0.4
        tags = [
            _tag(self.old, one.members[name]) == _tag(self.new, other.members[name])
            for name in one.members
            if name in other.members
            and _tag(self.old, one.members[name])
            and _tag(self.new, other.members[name])
        ]
        if tags:
            return 0.95 if all(tags) else 0.0
        names, others = set(one.members), set(other.members)
        shared = len(names & others) / max(1, len(names | others))
        asked = {n for n in names if one.members[n].required}
        asked_now = {n for n in others if other.members[n].required}
        return 0.05 + 0.7 * shared + (0.2 if asked == asked_now else 0.0)

    def _same(self, one: Form, other: Form) -> bool:
        return [n for _, n in one.plain] == [n for _, n in other.plain]

    # --- one form against one ----------------------------------------------------------------

    def _forms(self, one: Form, other: Form) -> Iterator[Found]:
        if one.enum is not None or other.enum is not None:
            yield from listing(one, other)
        elif one.type == "number":
            yield from numbers(one, other)
        elif one.type == "string":
            yield from lengths(one, other, "minLength", "maxLength")
            yield from rules(one, other, "pattern")
            yield from rules(one, other, "format")
        elif one.type == "array":
            yield from self._arrays(one, other)
        elif one.type == "object":
            yield from self._objects(one, other)
        yield from whole(one, other)

    def _arrays(self, one: Form, other: Form) -> Iterator[Found]:
        yield from lengths(one, other, "minItems", "maxItems")
        if one.unique != other.unique:
            kind = "items-unique" if other.unique else "items-may-repeat"
            yield difference(kind, one, other, ("uniqueItems",), one.unique, other.unique)
        length = max(len(one.prefix), len(other.prefix))
        for index in range(length + 1):
            mine, theirs = item_nodes(one, index), item_nodes(other, index)
            full = any(form.most is not None and index >= form.most for form in (one, other))
            if (mine or theirs) and not full:
                yield Below(Step(index, one, other), mine, theirs)

    def _objects(self, one: Form, other: Form) -> Iterator[Found]:
        yield from lengths(one, other, "minProperties", "maxProperties")
        if one.closed != other.closed:
            kind = "object-closed" if other.closed else "object-opened"
            keywords = ("additionalProperties", "unevaluatedProperties")
            yield difference(kind, one, other, keywords, not one.closed, not other.closed)
        elif one.additional or other.additional:
            yield Below(Step(None, one, other), one.additional, other.additional)
        if [p for p, _ in one.named] != [p for p, _ in other.named]:
            yield conditions(one, other, ("patternProperties",))
        else:
            for (pattern, mine), (_, theirs) in zip(one.named, other.named, strict=True):
                yield Below(Step(f"/{pattern}/", one, other), mine, theirs)
        for name in dict.fromkeys((*one.members, *other.members)):
            yield from self._member(name, one, other)

    def _member(self, name: str, one: Form, other: Form) -> Iterator[Found]:
        mine, theirs = one.members.get(name), other.members.get(name)
        before, after = member_nodes(one, name), member_nodes(other, name)
        was, is_now = bool(mine and mine.required), bool(theirs and theirs.required)
        places = (_described(mine, one), _described(theirs, other))
        known, known_now = bool(mine and mine.described), bool(theirs and theirs.described)

        def told(kind: str) -> Difference:
            old, new = places
            return Difference(kind, old, new, MISSING, MISSING, one, other, name)

        if before is None and after is None:
            return
        if before is None:
            yield told("required-member-admitted" if is_now else "member-admitted")
        elif after is None:
            yield told("required-member-refused" if was else "member-refused")
        else:
            if was != is_now and known == known_now:
                yield told("member-required" if is_now else "member-optional")
            elif not known and known_now:
                yield told("member-required" if is_now and not was else "member-added")
            elif known and not known_now:
                yield told("required-member-removed" if was and not is_now else "member-removed")
            # What nothing describes and may be anything is told as a member that came or went.
            if known == known_now or (before if known_now else after):
                yield Below(Step(name, one, other), before, after)
            if known and known_now and mine and theirs:
                yield from self._said(mine, theirs, told)

    def _said(
        self, mine: Member, theirs: Member, told: Callable[[str], Difference]
    ) -> Iterator[Difference]:
        """What is said of a member beside its values: a default, null, which way it travels."""
        before, after = self.old.default(mine), self.new.default(theirs)
        kind = of_defaults(before, after)
        if kind and not (mine.required or theirs.required):
            yield replace(told(kind), before=before, after=after)
        for keyword, kinds in _FLAGS.items():
            was, is_now = self.old.says(mine, keyword), self.new.says(theirs, keyword)
            concerned = _CONCERNED.get(keyword, self._direction)
            if (was is True) != (is_now is True) and concerned == self._direction:
                yield told(kinds[is_now is not True])
        was, is_now = self.old.says(mine, NULL), self.new.says(theirs, NULL)
        if was != is_now and self._direction == "request":
            yield replace(told("null-meaning-changed"), before=was, after=is_now)


_FLAGS = {
    "readOnly": ("member-became-read-only", "member-became-writable"),
    "writeOnly": ("member-became-write-only", "member-became-readable"),
    "deprecated": ("member-deprecated", "member-undeprecated"),
}
_CONCERNED = {"readOnly": "request", "writeOnly": "response"}


_ALIKE = 0.3
"""Objects less alike than this are not the same branch of a union."""


def _beside(forms: Sequence[Form], others: Sequence[Form]) -> str | None:
    """Where the types of ``others`` would be said: in the branch in which they are, if it is there."""
    branches = [own[0][0] for form in others if (own := form.own())]
    known = {pointer for form in forms for pointer, _ in form.plain}
    if branches and branches[0] in known:
        return branches[0]
    return forms[0].beside() if forms else None


def _described(member: Member | None, form: Form) -> str | None:
    if member is None:
        return None
    return member.described[0] if member.described else form.place("required")


def _tag(forms: Forms, member: Member) -> str:
    """The listed texts of a required member, by which branches of a union are told apart."""
    if not member.required:
        return ""
    own = forms.of(member.nodes)
    listed = own[0].enum if len(own) == 1 else None
    return repr(listed[0]) if listed and len(listed) == 1 else ""


def _at(nodes: Nodes) -> str | None:
    return nodes[0] if nodes else None
