"""The faults, a module for each family."""

from bank.fault import FAULTS

from . import (
    answers,
    credentials,
    defaults,
    nullable_answers,
    nullable_requests,
    patch,
    routing,
    state,
    unseen,
    validation,
)

ALL = tuple(FAULTS.values())
"""Every fault, by family."""

__all__ = [
    "ALL",
    "answers",
    "credentials",
    "defaults",
    "nullable_answers",
    "nullable_requests",
    "patch",
    "routing",
    "state",
    "unseen",
    "validation",
]
