"""The faults, a module for each family."""

from . import (
    answers,
    credentials,
    defaults,
    nullable_answers,
    nullable_requests,
    patch,
    routing,
    state,
    validation,
)

__all__ = [
    "answers",
    "credentials",
    "defaults",
    "nullable_answers",
    "nullable_requests",
    "patch",
    "routing",
    "state",
    "validation",
]
