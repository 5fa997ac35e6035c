"""Every rule by name, whoever tries it: the laws, every answer, Schemathesis, or Hypothesis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ..registry import CHECKS as OWN
from ..verdicts import Law
from .answers import PASSIVE
from .rule import REGISTERED


class By(StrEnum):
    """Who tries a rule."""

    LAWS = "laws"
    """A directed sequence of requests."""
    ANSWERS = "every answer"
    """Nobody: it is judged on every answer of a run."""
    SCHEMATHESIS = "Schemathesis"
    HYPOTHESIS = "Hypothesis"
    OWN = "own check"
    """The project that is tested."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A rule as it is listed, documented, and switched off."""

    name: str
    law: Law
    promise: str
    """One sentence."""
    by: By


SECRECY = Entry(
    "credentials_never_come_back",
    Law.CREDENTIALS,
    "No answer holds the credential that was sent.",
    By.ANSWERS,
)
ROUND_TRIP = Entry(
    "what_is_created_is_read_back",
    Law.READS,
    "What was created is read back as it was given.",
    By.HYPOTHESIS,
)


def _check(name: str, law: Law, promise: str) -> Entry:
    return Entry(name, law, promise, By.SCHEMATHESIS)


SCHEMATHESIS = (
    _check("not_a_server_error", Law.ANSWERS, "No request makes the server fail."),
    _check("content_type_conformance", Law.ANSWERS, "The declared media type is answered."),
    _check("response_headers_conformance", Law.ANSWERS, "The declared header fields are answered."),
    _check("response_schema_conformance", Law.ANSWERS, "An answer fits its declared schema."),
    _check("ignored_auth", Law.CREDENTIALS, "A request without a valid credential is refused."),
    _check("negative_data_rejection", Law.REFUSALS, "A body that its schema refuses is refused."),
    _check("missing_required_header", Law.REFUSALS, "A required header field is asked for."),
    _check("positive_data_acceptance", Law.PRESENCE, "A body that its schema admits is accepted."),
    _check("unsupported_method", Law.ROUTING, "A method that is not declared is refused."),
    _check("use_after_free", Law.READS, "What was deleted is gone."),
    _check("ensure_resource_availability", Law.READS, "What was created can be read."),
)
"""The checks of Schemathesis itself, in our words."""


def catalogue() -> Mapping[str, Entry]:
    """The rules of the suite by name, in the order of the laws; each once."""
    laws = [Entry(each.name, each.law, each.promise, By.LAWS) for each in REGISTERED]
    answers = [Entry(name, Law.ANSWERS, said, By.ANSWERS) for name, said in PASSIVE.items()]
    every = [*laws, *answers, SECRECY, *SCHEMATHESIS, ROUND_TRIP]
    order = list(Law)
    return {each.name: each for each in sorted(every, key=lambda each: order.index(each.law))}


def with_own() -> Mapping[str, Entry]:
    """The rules of the suite and the own checks of the project that were loaded."""
    own = {each.name: Entry(each.name, each.law, each.promise, By.OWN) for each in OWN.values()}
    return {**catalogue(), **own}
