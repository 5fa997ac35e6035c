"""The document judged without a server: what would be tried, what it leaves open, what decides it."""

from .fragment import overlay, target
from .questions import Question, questions
from .rehearsal import Rehearsal, Rehearsed, rehearse

__all__ = [
    "Question",
    "Rehearsal",
    "Rehearsed",
    "overlay",
    "questions",
    "rehearse",
    "target",
]
