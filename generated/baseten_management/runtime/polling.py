"""Waiting until an accepted update is visible: pure decisions; the session reads and sleeps."""

from __future__ import annotations

import math
from collections.abc import Generator, Mapping
from contextlib import contextmanager

from .deadlines import Deadline
from .errors import TimeoutError, UnsafeValue, WaitTimeout
from .json_text import Json, same
from .operation import Compared, Operation, Poll

_FIRST, _LONGEST = 0.1, 2.0
_GRACE = 0.05
"""Seconds left at which a read that was cut off was cut off by the deadline."""


class Watch:
    """Whether what an update sent can be read, and when to look again.

    Args:
        operation: the update.
        sent: its body as JSON.
        deadline: when to give up.
    """

    def __init__(self, operation: Operation[object], sent: Json, deadline: Deadline) -> None:
        self._operation = operation
        self._sent = sent
        self._deadline = deadline
        self._pause = _FIRST
        self._state: object = None

    def visible(self, poll: Poll, state: object, reading: Json) -> bool:
        """Whether every compared member that was sent has its value in what was read.

        Args:
            state: what was read, which an error is to show.
            reading: the same as JSON, with its defaults.
        """
        self._state = state
        return all(_seen(each, self._sent, reading) for each in poll.compared)

    @contextmanager
    def in_time(self) -> Generator[None]:
        """A read under the deadline: one that is cut off by it means that time is up."""
        try:
            yield
        except TimeoutError:
            if self._deadline.left > _GRACE:
                raise
            raise self._late() from None

    def next_pause(self) -> float:
        """Seconds until the next read, growing.

        Raises:
            WaitTimeout: the deadline has passed.
        """
        if self._deadline.passed:
            raise self._late()
        pause = min(self._pause, max(self._deadline.left, 0.001))
        self._pause = min(self._pause * 1.6, _LONGEST)
        return pause

    def _late(self) -> WaitTimeout:
        return WaitTimeout(
            "the update was accepted and is not visible in time; its last state is in `.state`",
            method=self._operation.method,
            path=self._operation.path,
            state=self._state,
        )


def budget(poll: Poll | None, wait: object) -> float | None:
    """Seconds to wait: what the caller said, or with True what the document says; None not to.

    Raises:
        UnsafeValue: ``wait`` is neither True or False nor a number of seconds above zero.
    """
    if wait is False or poll is None:
        return None
    if wait is True:
        return poll.budget
    seconds = wait if isinstance(wait, int | float) else math.nan
    if not (0 < seconds < math.inf):
        raise UnsafeValue("`wait` must be True, or a number of seconds above zero")
    return float(seconds)


def arguments(
    operation: Operation[object], poll: Poll, given: Mapping[str, object]
) -> dict[str, object]:
    """The arguments of the read: those of the update which have the same name on the wire."""
    values = {each.name: given[each.argument] for each in operation.parameters
              if each.argument in given and each.location == "path"}  # fmt: skip
    return {
        each.argument: values[each.name] for each in poll.read.parameters if each.name in values
    }


class _Absent:
    """No such member."""


_ABSENT = _Absent()


def _seen(compared: Compared, sent: Json, state: Json) -> bool:
    wanted = _get(sent, compared.path)
    if isinstance(wanted, _Absent):
        return True
    found = _get(state, compared.path)
    if wanted is None:
        return compared.null != "cleared" or found is None or isinstance(found, _Absent)
    if compared.nested:
        return True
    return not isinstance(found, _Absent) and _within(wanted, found)


def _get(value: Json, path: tuple[str, ...]) -> Json | _Absent:
    for name in path:
        if not isinstance(value, dict) or name not in value:
            return _ABSENT
        value = value[name]
    return value


def _within(sent: Json, state: Json) -> bool:
    """Whether ``state`` says what was sent; it may have further members."""
    if isinstance(sent, dict) and isinstance(state, dict):
        return all(name in state and _within(sent[name], state[name]) for name in sent)
    if isinstance(sent, list) and isinstance(state, list):
        return len(sent) == len(state) and all(map(_within, sent, state))
    return same(sent, state)
