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
    equality,
    histories,
    lasting,
    lists,
    misfits,
    names,
    null,
    parents,
    presence,
    queries,
    reads,
    refusals,
    replacing,
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
    replacing,
    unread,
    several,
    combinations,
    concurrency,
    equality,
    reads,
    parents,
    lists,
    lasting,
    histories,
    refusals,
    queries,
    bodies,
    misfits,
    credentials,
    routing,
    addresses,
    names,
)

RULES: tuple[Rule, ...] = tuple(sorted(REGISTERED, key=lambda each: list(Law).index(each.law)))

__all__ = ["FILES", "RULES", "Case", "Rule"]
