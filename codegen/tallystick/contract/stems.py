"""The names of the classes of each resource, as one stem that all of them share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count

from tallystick.contract.records import Operation
from tallystick.names import RESERVED_RESOURCES, Names, pascal

_FORMS = ("{}Api", "Async{}Api", "{}Resource", "Async{}Resource")
_SCOPE = "classes"


def stems(operations: Iterable[Operation], names: Names) -> dict[tuple[str, ...], str]:
    """The stem of each resource, parents first, in document order.

    Call when every class of the document has its name: a resource yields to them.
    """
    places: dict[tuple[str, ...], None] = {}
    for operation in operations:
        parts = operation.resource
        places.update(dict.fromkeys(parts[:end] for end in range(1, len(parts) + 1)))
    return {place: _stem(place, names) for place in places}


def _stem(place: tuple[str, ...], names: Names) -> str:
    keys = {form: f"resource {'.'.join(place)} {form.format('')}" for form in _FORMS}

    def is_free(stem: str) -> bool:
        return all(
            names.is_free(key, form.format(stem), _SCOPE, RESERVED_RESOURCES)
            for form, key in keys.items()
        )

    frozen = names.frozen(_SCOPE).get(keys[_FORMS[0]], "")
    stem = next(filter(is_free, _wanted(place, frozen.removesuffix("Api"))))
    for form, key in keys.items():
        names.take(key, form.format(stem), _SCOPE)
    return stem


def _wanted(place: tuple[str, ...], frozen: str) -> Iterator[str]:
    if frozen:
        yield frozen
    plain = "".join(pascal(part) for part in place)
    yield plain
    yield from (f"{plain}{number}" for number in count(2))
