"""How two forms differ, facet by facet: each difference with its kind and its places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pydantic import MISSING

from tallystick.document import Json

from .facets import among, equal
from .forms import Form, Limit


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference between two schemas, at the value that they are for."""

    kind: str
    old: str | None
    new: str | None
    """Where it stands in each document."""
    before: Json | MISSING = MISSING
    after: Json | MISSING = MISSING
    old_form: Form | None = field(default=None, repr=False)
    new_form: Form | None = field(default=None, repr=False)
    """The forms that differ; None where one side has none."""
    name: str | None = None
    """The member that it is about."""


def types(
    gone: list[Form], come: list[Form], old_at: str | None, new_at: str | None
) -> Iterator[Difference]:
    went = [form for form in gone if form.type != "null"]
    came = [form for form in come if form.type != "null"]
    if len(went) == len(came) == 1:
        one, other = went[0], came[0]
        named = _named(one), _named(other)
        yield Difference("type-changed", one.typed(), other.typed(), *named, one, other)
        went, came = [], []
    for form in went:
        yield Difference("type-removed", form.typed(), new_at, _named(form), MISSING, form)
    for form in came:
        yield Difference("type-added", old_at, form.typed(), MISSING, _named(form), None, form)
    for form in gone:
        if form.type == "null":
            yield Difference("null-refused", form.typed(), new_at, None, MISSING, form)
    for form in come:
        if form.type == "null":
            yield Difference("null-admitted", old_at, form.typed(), MISSING, None, None, form)


def of_defaults(before: Json | MISSING, after: Json | MISSING) -> str | None:
    """The kind of change, if what absent means is another thing or is said no longer."""
    if before is MISSING or after is MISSING:
        if before is after:
            return None
        if before is None or after is None:
            return "default-documented"
        return "default-added" if before is MISSING else "default-removed"
    return None if equal(before, after) else "default-changed"


def _named(form: Form) -> str:
    return "integer" if form.whole else form.type


def difference(
    kind: str, one: Form, other: Form, keywords: tuple[str, ...],
    before: Json | MISSING = MISSING, after: Json | MISSING = MISSING,
) -> Difference:  # fmt: skip
    old, new = one.place(*keywords), other.place(*keywords)
    return Difference(kind, old, new, before, after, one, other)


def enums(before: list[Form], after: list[Form]) -> Iterator[Difference]:
    mine = [value for form in before for value in form.enum or ()]
    theirs = [value for form in after for value in form.enum or ()]
    gone = [value for value in mine if not among(value, theirs)]
    come = [value for value in theirs if not among(value, mine)]
    one, other = before[0], after[0]
    for value in list(gone):
        again = [v for v in come if _recased(value, v)]
        if again:
            gone.remove(value)
            come.remove(again[0])
            yield difference("enum-value-recased", one, other, _LISTS, value, again[0])
    for value in gone:
        yield difference("enum-value-removed", one, other, _LISTS, value)
    for value in come:
        yield difference("enum-value-added", one, other, _LISTS, MISSING, value)


_LISTS = ("enum", "const")


def _recased(one: Json, other: Json) -> bool:
    return isinstance(one, str) and isinstance(other, str) and one.casefold() == other.casefold()


def listing(one: Form, other: Form) -> Iterator[Difference]:
    if one.enum is not None and other.enum is not None:
        yield from enums([one], [other])
    elif other.enum is not None:
        yield difference("enum-closed", one, other, _LISTS, MISSING, list(other.enum))
    elif one.enum is not None:
        yield difference("enum-opened", one, other, _LISTS, list(one.enum))


def numbers(one: Form, other: Form) -> Iterator[Difference]:
    if one.whole != other.whole:
        kind = "number-to-integer" if other.whole else "integer-to-number"
        yield difference(kind, one, other, ("type",), _named(one), _named(other))
    lows = (one.low, other.low)
    if not _alike(*lows, whole=one.whole or other.whole):
        narrower = _tighter(lows[1], lows[0], 1)
        yield _bound(one, other, ("minimum", "exclusiveMinimum"), lows, narrower)
    highs = (one.high, other.high)
    if not _alike(*highs, whole=one.whole or other.whole):
        narrower = _tighter(highs[1], highs[0], -1)
        yield _bound(one, other, ("maximum", "exclusiveMaximum"), highs, narrower)
    if one.multiples != other.multiples:
        before, after = _one(one.multiples), _one(other.multiples)
        kind = "schema-changed"
        if not one.multiples or not other.multiples:
            kind = "bound-narrowed" if other.multiples else "bound-widened"
        elif len(one.multiples) == len(other.multiples) == 1:
            if other.multiples[0] % one.multiples[0] == 0:
                kind = "bound-narrowed"
            elif one.multiples[0] % other.multiples[0] == 0:
                kind = "bound-widened"
        yield difference(kind, one, other, ("multipleOf",), before, after)
    yield from rules(one, other, "format")


def _alike(one: Limit | None, other: Limit | None, *, whole: bool) -> bool:
    return one == other or (
        one is not None
        and other is not None
        and equal(one.value, other.value)
        and one.exclusive == other.exclusive
    )


def _tighter(one: Limit | None, other: Limit | None, sign: int) -> bool:
    """Whether the first limit admits less; ``sign``: 1 for lower ends, -1 for upper ones."""
    if one is None or other is None:
        return one is not None
    return (sign * one.value, one.exclusive) > (sign * other.value, other.exclusive)


def _bound(
    one: Form, other: Form, keywords: tuple[str, ...],
    limits: tuple[Limit | None, Limit | None], narrower: bool,
) -> Difference:  # fmt: skip
    before: Json | MISSING = MISSING if limits[0] is None else limits[0].value
    after: Json | MISSING = MISSING if limits[1] is None else limits[1].value
    kind = "bound-narrowed" if narrower else "bound-widened"
    return difference(kind, one, other, keywords, before, after)


def lengths(one: Form, other: Form, least: str, most: str) -> Iterator[Difference]:
    if one.least != other.least:
        kind = "bound-narrowed" if other.least > one.least else "bound-widened"
        yield difference(kind, one, other, (least,), one.least, other.least)
    if one.most != other.most:
        smaller = other.most is not None and (one.most is None or other.most < one.most)
        kind = "bound-narrowed" if smaller else "bound-widened"
        before = MISSING if one.most is None else one.most
        after = MISSING if other.most is None else other.most
        yield difference(kind, one, other, (most,), before, after)


def rules(one: Form, other: Form, keyword: str) -> Iterator[Difference]:
    """``pattern`` and ``format``: texts that say which values are valid."""
    mine, theirs = (
        form.patterns if keyword == "pattern" else form.formats for form in (one, other)
    )
    if mine == theirs:
        return
    gone, come = set(mine) - set(theirs), set(theirs) - set(mine)
    kind = "changed" if gone and come else "added" if come else "removed"
    before, after = _one(mine), _one(theirs)
    yield difference(f"{keyword}-{kind}", one, other, (keyword,), before, after)


def _one(values: Sequence[Json]) -> Json | MISSING:
    if not values:
        return MISSING
    return values[0] if len(values) == 1 else list(values)


def whole(one: Form, other: Form) -> Iterator[Difference]:
    gone = one.whole_keywords - other.whole_keywords
    come = other.whole_keywords - one.whole_keywords
    if gone or come:
        words = sorted({text.split(" ")[0] for text in (*gone, *come)})
        keywords = tuple(_KEYWORDS.get(word, word) for word in words)
        yield conditions(one, other, keywords)


_KEYWORDS = {"exactly": "oneOf", "many": "anyOf"}


def conditions(one: Form, other: Form, keywords: tuple[str, ...]) -> Difference:
    before, after = _under(one, keywords), _under(other, keywords)
    return difference("schema-changed", one, other, keywords, before, after)


def _under(form: Form, keywords: tuple[str, ...]) -> Json | MISSING:
    """What stands under these keywords."""
    held = {word: node[word] for _, node in form.plain for word in keywords if word in node}
    return dict(held) if held else MISSING
