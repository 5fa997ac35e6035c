"""Lists walked page by page, as far as their parameters say how."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from pydantic import MISSING

from tallystick.contract import Operation, Parameter
from tallystick.document import Json

from ..lists import Paging
from ..verdicts import Claim, Step
from .lab import Lab
from .live import NotReached
from .places import at
from .samples import bounds

More = Sequence[tuple[Parameter, Json]]

_LARGEST = 100
"""The limit that is asked for where the document says no maximum."""
_CUTS = 15
"""Pages into which a list is cut at most, to see how they add up."""
_PAUSE = 0.02
"""Seconds between two looks at a list that is to change."""
_PAGES = 30
"""Pages of a list that are read at most."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, and what was asked for."""

    step: Step
    items: list[Json]
    asked: Mapping[str, Json]
    """The parameters that say which page it is, by name."""
    size: int | None
    """How many items were asked for; None for the server's own choice."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list as far as it was read."""

    steps: tuple[Step, ...]
    items: list[Json]
    complete: bool
    """Whether nothing more is to come, as far as can be told."""

    def claims(self, *claims: Claim) -> tuple[Claim, ...]:
        """What is claimed of the last answer, if that is the whole list."""
        return claims if len(self.steps) == 1 else ()


def items_of(step: Step) -> list[Json] | None:
    """The list in an answer: the body itself, or its first member that is one."""
    value = step.answer.content
    if isinstance(value, dict):
        value = next((each for each in value.values() if isinstance(each, list)), MISSING)
    return value if isinstance(value, list) else None


def listing(
    lab: Lab,
    operation: Operation,
    parents: Mapping[str, Json],
    led_by: tuple[Step, ...] = (),
    more: More = (),
    *,
    until: Callable[[Listing], bool] | None = None,
    patience: float = 0.0,
) -> Listing:
    """A whole list: in one answer, or in the largest pages that there are.

    Args:
        lab: the bench.
        operation: the list.
        parents: whose items.
        led_by: the exchanges before, which a finding shows.
        more: parameters that choose or order.
        until: what is to be so in the end; without it the list is read once.
        patience: seconds in which that may come to be.

    Raises:
        NotReached: the list is not answered, or the answer holds none.
    """
    end = time.monotonic() + patience
    there = _listing(lab, operation, parents, led_by, more)
    while until is not None and not until(there) and time.monotonic() < end:
        time.sleep(_PAUSE)
        there = _listing(lab, operation, parents, led_by, more)
    return there


def _listing(
    lab: Lab,
    operation: Operation,
    parents: Mapping[str, Json],
    led_by: tuple[Step, ...],
    more: More,
) -> Listing:
    way = lab.ground.query(operation).paging
    size = largest(lab, way)
    pages = list(walk(lab, operation, parents, way, size, led_by=led_by, more=more))
    last = pages[-1]
    complete = _ends(way, last, size) if way.leads_on else not _seems_cut(operation, last)
    items = [each for page in pages for each in page.items]
    return Listing(tuple(page.step for page in pages), items, complete)


def walk(
    lab: Lab,
    operation: Operation,
    parents: Mapping[str, Json],
    way: Paging,
    size: int | None,
    *,
    most: int = _PAGES,
    led_by: tuple[Step, ...] = (),
    more: More = (),
) -> Iterator[Page]:
    """The pages of a list one by one, as long as there is more.

    Args:
        lab: the bench.
        operation: the list.
        parents: whose items.
        way: how the list is cut into pages.
        size: how many items on a page; the server's own choice when None.
        most: pages after which it ends.
        led_by: the exchanges before, which a finding shows.
        more: parameters that choose or order.

    Raises:
        NotReached: a page is not answered, or the answer holds no list.
    """
    asked: list[tuple[Parameter, Json]] = []
    if way.limit is not None and size is not None:
        asked.append((way.limit, size))
    seen, onward, number = 0, list[tuple[Parameter, Json]](), 0
    while number < most:
        every = [*more, *asked, *onward]
        request = lab.request(operation, parents, more=every)
        step = lab.send(operation, request, led_by)
        items = items_of(step)
        if not step.answer.accepted or items is None:
            if asked and not number and step.answer.refused:
                asked, size = [], None  # it has a limit of its own
                continue
            raise NotReached(f"the list answered {step.answer.status}, or holds no list")
        page = Page(step, items, {each.name: value for each, value in [*asked, *onward]}, size)
        yield page
        number, seen = number + 1, seen + len(items)
        if not way.leads_on or _ends(way, page, size):
            return
        onward = [_onward(way, page, seen, number)]


def small_pages(
    lab: Lab,
    operation: Operation,
    parents: Mapping[str, Json],
    whole: Listing,
    led_by: tuple[Step, ...] = (),
    more: More = (),
) -> list[Page]:
    """A list that was read whole, once more in small pages; none where it cannot be cut.

    Args:
        lab: the bench.
        operation: the list.
        parents: whose items.
        whole: the same list in the largest pages.
        led_by: the exchanges before, which a finding shows.
        more: parameters that choose or order.

    Raises:
        NotReached: a page is not answered, or the answer holds no list.
    """
    way = lab.ground.query(operation).paging
    if way.limit is None or not way.leads_on:
        return []
    low, high = bounds(lab.ground.samples.keywords(way.limit.schema))
    size = max(2, int(low or 1), ceil(len(whole.items) / _CUTS))
    if size >= len(whole.items) or (high is not None and size > high):
        return []
    return list(walk(lab, operation, parents, way, size, most=_CUTS + 3, led_by=led_by, more=more))


def _onward(way: Paging, page: Page, seen: int, number: int) -> tuple[Parameter, Json]:
    """What asks for the next page."""
    if way.cursor is not None and way.next:
        told = at(page.step.answer.content, way.next)
        return way.cursor, None if told is MISSING else told
    if way.offset is not None:
        return way.offset, seen
    assert way.page is not None, "a list that leads on has one of the three"
    return way.page, number + (0 if way.page.default == 0 else 1)


def _ends(way: Paging, page: Page, size: int | None) -> bool:
    """Whether nothing comes after a page."""
    if way.cursor is not None and way.next:
        return at(page.step.answer.content, way.next) in (MISSING, None, "")
    return not page.items or (size is not None and len(page.items) < size)


def largest(lab: Lab, way: Paging) -> int | None:
    """The greatest limit that may be asked for; None where there is no such parameter."""
    if way.limit is None:
        return None
    low, high = bounds(lab.ground.samples.keywords(way.limit.schema))
    if high is not None:
        return int(high)
    return max(_LARGEST, int(low or 0))


def _seems_cut(operation: Operation, page: Page) -> bool:
    """Whether a list seems to be cut into pages, though nothing says how."""
    body = page.step.answer.content
    beside = isinstance(body, dict) and len(body) > 1
    link = page.step.answer.header("link") is not None
    asked = any(each.location == "query" for each in operation.parameters)
    return beside or link or (asked and len(page.items) in (10, 20, 25, 50, 100))
