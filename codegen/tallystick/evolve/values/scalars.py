"""Numbers and texts that forms admit, the plainest first; texts are drawn from patterns by rstr."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from functools import cache
from math import floor, prod

import rstr

from tallystick.document import Json

from .facets import among, matches, within
from .forms import Form, Node

_FORMATS: dict[str, str] = {
    "date-time": "2020-01-01T00:00:00Z",
    "date": "2020-01-01",
    "time": "00:00:00Z",
    "duration": "P1D",
    "email": "a@example.com",
    "idn-email": "a@example.com",
    "hostname": "example.com",
    "idn-hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uri": "https://example.com/",
    "uri-reference": "/",
    "iri": "https://example.com/",
    "iri-reference": "/",
    "uri-template": "/{a}",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "json-pointer": "",
    "relative-json-pointer": "0",
    "regex": "a",
}
_TEXTS = ("", "a", "A", "0", "a b", "é", "-", "a" * 32, "2020-01-01T00:00:00Z", "a@example.com")
_NUMBERS = (0, 1, -1, 2, 0.5, -0.5, 10, 100, 1.25, -100, 2**31, 2**53 + 1, -(2**63), 1e300)


def numbers(forms: list[Form]) -> Iterator[Json]:
    marks: list[int | float] = []
    for form in forms:
        for limit in (form.low, form.high):
            if limit is not None:
                marks += [limit.value, limit.value + 1, limit.value - 1]
                marks += [limit.value + 0.5, limit.value - 0.5]
        for step in form.multiples:
            low = form.low.value if form.low else 0
            marks += [
                step,
                2 * step,
                -step,
                step * (floor(low / step) + 1),
                step * floor(low / step),
            ]
    seen: list[Json] = []
    for value in (*_NUMBERS[:1], *sorted(marks, key=abs), *_NUMBERS[1:]):
        plain = int(value) if value == floor(value) and abs(value) < 1e15 else value
        fits = all(within(plain, f) and _multiple(plain, f) for f in forms)
        if fits and not among(plain, seen):
            seen.append(plain)
            yield plain


def _multiple(value: float, form: Form) -> bool:
    return all(abs(value / step - round(value / step)) < 1e-9 for step in form.multiples if step)


def strings(forms: list[Form]) -> Iterator[Json]:
    seen: set[str] = set()
    for text in _texts(forms):
        if text not in seen and all(within(text, form) for form in forms):
            seen.add(text)
            yield text


def _texts(forms: list[Form]) -> Iterator[str]:
    least = max(form.least for form in forms)
    told = [text for form in forms for _, node in form.plain for text in _examples(node)]
    formats = [_FORMATS[name] for form in forms for name in form.formats if name in _FORMATS]
    yield from formats
    if formats:
        yield from told
        return
    yield from (*_TEXTS[:2], "a" * least)
    yield from ("a" * most for form in forms if (most := form.most) is not None and most <= 1000)
    yield from (*told, *_TEXTS)
    patterns = sorted({pattern for form in forms for pattern in form.patterns})
    if patterns:
        # Last, since drawing from a pattern takes longer than all before.
        yield from (text for pattern in patterns for text in texts_with(pattern))
    else:
        yield from ("a" * size for size in range(least, least + 6))


@cache
def texts_with(pattern: str) -> tuple[str, ...]:
    """Texts in which a pattern is found, the shortest first; none where it cannot be followed."""
    long = prod(int(each) for each in re.findall(r"\{(\d+)", pattern) if each != "0")
    if long > _LONGEST or _repeated(pattern) > _NESTED:
        return ()
    draw = rstr.Rstr(random.Random(0))
    try:
        texts = {draw.xeger(pattern) for _ in range(30)}
    except (re.error, KeyError, ValueError, OverflowError, RecursionError):
        return ()
    return tuple(sorted((t for t in texts if matches(pattern, t)), key=lambda t: (len(t), t)))


_LONGEST = 5000
"""A pattern that asks for more repetitions is not followed: a document may ask for any number."""
_NESTED = 1
"""Nor one in which more groups repeat within each other: each repeats up to a hundred times."""


def _repeated(pattern: str) -> int:
    """How many groups that repeat stand within each other."""
    plain = re.sub(r"\\.|\[(?:\\.|[^\]\\])*\]", "a", pattern)
    below = [0]
    for index, sign in enumerate(plain):
        if sign == "(":
            below.append(0)
        elif sign == ")" and len(below) > 1:
            repeats = plain[index + 1 : index + 2] in ("*", "+", "{")
            deepest = below.pop() + repeats
            below[-1] = max(below[-1], deepest)
    return max(below)


def _examples(node: Node) -> Iterator[str]:
    for keyword in ("examples", "example", "default"):
        held = node.get(keyword)
        for each in held if isinstance(held, list) else [held]:
            if isinstance(each, str):
                yield each
