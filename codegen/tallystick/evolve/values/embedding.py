"""One direction of two contracts: which values tell them apart, and the bodies around such values."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Literal, TypeAlias

from tallystick.document import Json

from .facets import item_nodes, matches
from .forms import Nodes
from .pairs import Pairs, Step
from .readings import Readings
from .samples import Side, extra_names, first, values
from .witnesses import Edition

OneWay: TypeAlias = Literal["request", "response"]


class Way:
    """Both contracts as one direction reads them."""

    def __init__(self, old: Readings, new: Readings, direction: OneWay) -> None:
        self._oracles = old.oracle(direction), new.oracle(direction)
        self.forms = old.forms(direction), new.forms(direction)
        self.pairs = Pairs(*self.forms, direction)
        self._bases: dict[tuple[int, str], tuple[Step, Json]] = {}

    def overlapping(self, old: Nodes, new: Nodes) -> bool:
        """Whether a side has several forms of one type, so that comparing form by form may miss one."""
        sides = (self.forms[0].of(old), self.forms[1].of(new))
        several = any(len({form.type for form in side}) < len(side) for side in sides)
        return several and all(sides)

    def tells_apart(self, old: Nodes, new: Nodes, value: Json, valid_in: Edition) -> bool:
        """Whether a value is valid in this edition and in the other is not."""
        mine, theirs = self._oracles
        if valid_in == "new":
            mine, theirs, old, new = theirs, mine, new, old
        return mine.all_fit(old, value) and not theirs.all_fit(new, value)

    def embedded(
        self, value: Json, steps: tuple[Step, ...], valid_in: Edition
    ) -> tuple[Json, tuple[str | int, ...]] | None:
        """The whole body around a value, and the way to the value in it; None if none is made."""
        whole: Json = value
        at: tuple[str | int, ...] = ()
        for step in reversed(steps):
            made = self._around(whole, step, valid_in)
            if made is None:
                return None
            whole, token = made
            at = (token, *at)
        return whole, at

    def _around(self, value: Json, step: Step, valid_in: Edition) -> tuple[Json, str | int] | None:
        base = self._base(step, valid_in)
        if isinstance(base, dict):
            token = step.token
            if not isinstance(token, str) or token.startswith("/"):
                token = next(self._free(step), "extra")
            return {**base, token: value}, token
        if isinstance(base, list):
            index = step.token if isinstance(step.token, int) else 0
            return [*base[:index], value, *base[index + 1 :]], index
        return None

    def _free(self, step: Step) -> Iterator[str]:
        pattern = step.token
        names = extra_names((step.old, step.new))
        if not isinstance(pattern, str):
            return names
        return (name for name in islice(names, 100) if matches(pattern.strip("/"), name))

    def _base(self, step: Step, valid_in: Edition) -> Json:
        """The plainest object or list in which the step can be made, good for both if possible."""
        known = self._bases.get((id(step), valid_in))
        if known is None:
            known = self._bases[id(step), valid_in] = (step, self._plainest(step, valid_in))
        return known[1]

    def _plainest(self, step: Step, valid_in: Edition) -> Json:
        both = tuple(
            Side(f, only=form) for f, form in zip(self.forms, (step.old, step.new), strict=True)
        )
        one = both[:1] if valid_in == "old" else both[1:]
        for sides in (both, one):
            try:
                base = first(sides)
            except LookupError:
                continue
            if isinstance(base, list) and isinstance(step.token, int):
                base = [*base, *self._more(sides, len(base), step.token)]
            return base
        return {} if step.old.type == "object" else []

    def _more(self, sides: tuple[Side, ...], start: int, end: int) -> Iterator[Json]:
        for index in range(start, end):
            below = tuple(Side(s.forms, item_nodes(s.only, index)) for s in sides if s.only)
            yield next(values(below), None)
