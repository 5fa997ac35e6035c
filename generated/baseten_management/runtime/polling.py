"""Waiting until an accepted update is visible: pure decisions; the session reads and sleeps."""

from __future__ import annotations

from collections.abc import Mapping

from .deadlines import Deadline
from .errors import WaitTimeout
from .json_text import Json, same
from .operation import Compared, Operation, Poll

_FIRST, _LONGEST = 0.1, 2.0


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

    def visible(self, poll: Poll, state: Json) -> bool:
        """Whether every compared member that was sent has its value in ``state``."""
        return all(_seen(each, self._sent, state) for each in poll.compared)

    def next_pause(self, state: object) -> float:
        """Seconds until the next read, growing.

        Raises:
            WaitTimeout: the deadline has passed.
        """
        if self._deadline.passed:
            raise WaitTimeout(
                "the update was accepted and is not visible in time; its last state is in `.state`",
                method=self._operation.method,
                path=self._operation.path,
                state=state,
            )
        pause = min(self._pause, max(self._deadline.left, 0.001))
        self._pause = min(self._pause * 1.6, _LONGEST)
        return pause


def budget(poll: Poll, wait: bool | float) -> float:
    """Seconds to wait: what the caller said, or with True what the document says."""
    return poll.budget if wait is True else float(wait)


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
