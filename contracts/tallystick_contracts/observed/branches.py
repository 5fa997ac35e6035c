"""Which branch of a union a value is: by its JSON type where that tells, else by a validator."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from urllib.parse import quote

import jsonschema_rs

from tallystick.contract import Contract, Direction, directed
from tallystick.document import Json

from .nodes import Fits
from .records import Way

_DIRECTION: dict[Way, Direction] = {"request": "request", "answer": "response"}


class Branches:
    """The branches of the unions of one contract; each validator is compiled on first use."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._registries: dict[Way, jsonschema_rs.Registry] = {}
        self._compiled: dict[tuple[Way, str], jsonschema_rs.Draft202012Validator] = {}

    def tests(self, pointers: Sequence[str], way: Way) -> list[Fits]:
        """For each branch of one union, whether a value is of it."""
        types = [self._types(each) for each in pointers]
        every = {word for each in types for word in each}
        alone = sum(len(each) for each in types) == len(every)
        if alone:
            return [partial(_of_type, each) for each in types]
        return [partial(self._fits, way, each) for each in pointers]

    def _types(self, pointer: str) -> frozenset[str]:
        found = self._contract.target(pointer).types - {"null"}
        return found - {"integer"} if "number" in found else found

    def _fits(self, way: Way, pointer: str, value: Json) -> bool:
        return self._validator(way, pointer).is_valid(value)

    def _validator(self, way: Way, pointer: str) -> jsonschema_rs.Draft202012Validator:
        found = self._compiled.get((way, pointer))
        if found is None:
            base = f"urn:tallystick:observed:{way}"
            if way not in self._registries:
                document = directed(self._contract, _DIRECTION[way])
                self._registries[way] = jsonschema_rs.Registry([(base, document)])
            found = jsonschema_rs.Draft202012Validator(
                {"$ref": f"{base}#{quote(pointer[1:], safe='/~')}"},
                registry=self._registries[way],
                offline=True,
            )
            self._compiled[way, pointer] = found
        return found


def _of_type(types: frozenset[str], value: Json) -> bool:
    if isinstance(value, bool):
        return "boolean" in types
    if isinstance(value, int | float):
        whole = isinstance(value, int) or value.is_integer()
        return "number" in types or (whole and "integer" in types)
    name = {str: "string", list: "array", dict: "object"}[type(value)] if value is not None else ""
    return name in types
