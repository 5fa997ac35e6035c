"""What must hold, one file a law (updates and reads have two); ``RULES`` in the order of the laws."""

from ..verdicts import Law
from . import (
    addresses,
    answers,
    bodies,
    closedness,
    combinations,
    concurrency,
    credentials,
    defaults,
    histories,
    lists,
    null,
    parents,
    presence,
    reads,
    refusals,
    routing,
    several,
    types,
    unread,
    updates,
)
from .rule import REGISTERED, Case, Rule

FILES = (
    presence,
    null,
    defaults,
    closedness,
    types,
    answers,
    updates,
    unread,
    several,
    combinations,
    concurrency,
    reads,
    parents,
    lists,
    histories,
    refusals,
    bodies,
    credentials,
    routing,
    addresses,
)

RULES: tuple[Rule, ...] = tuple(sorted(REGISTERED, key=lambda each: list(Law).index(each.law)))

__all__ = ["FILES", "RULES", "Case", "Rule"]
