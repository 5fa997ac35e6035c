"""The version of a generated package, from the one before and what is to be released."""

from __future__ import annotations

from .verdict import Level


def next_version(current: str, level: Level) -> str:
    """The version that comes after ``current``: of three numbers, unless nothing is released.

    From 1.0.0 on as Semantic Versioning 2.0.0 has it. Below, where that promises nothing (clause
    4), a major change counts the second number up and every other the third, so that ``~=0.4.0``
    takes what breaks nothing. A version never comes to 1.0.0 by itself.

    Args:
        current: a release of one to four numbers; a number that is not there is 0, the fourth is
            left out.
        level: what is to be released.
    """
    if level == "none":
        return current
    numbers = [*(int(each) for each in current.split(".")), 0, 0][:3]
    at = ("major", "minor", "patch").index(level)
    if numbers[0] == 0:
        at = 1 if level == "major" else 2
    raised = [*numbers[:at], numbers[at] + 1, 0, 0][:3]
    return ".".join(str(each) for each in raised)
