"""What a rule is: a promise, where it applies, and a small function that judges one case."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from pydantic import MISSING

from tallystick.contract import Operation
from tallystick.document import Json, join

from ..exchange import Answer
from ..probes.ground import Ground
from ..probes.lab import Lab
from ..probes.members import Member, Owner
from ..probes.places import at, differences
from ..probes.places import shown as place_of
from ..probes.requests import encoded
from ..probes.states import State
from ..verdicts import Claim, Finding, Law, Standing, Step, Subject


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a rule is tried: an operation, and perhaps a member in a state or an object."""

    operation: Operation
    pointer: str
    """The clause of the document that promises it."""
    place: str = ""
    state: str = ""
    member: Member | None = None
    value: State | None = None
    owner: Owner | None = None
    order: int = 0
    """Its place among the cases of its place; the plainest comes first, since it is told."""

    @property
    def stated(self) -> tuple[Member, State]:
        """The member and its state, of a spot that has them."""
        if self.member is None or self.value is None:
            raise TypeError(f"{self.subject} is no member in a state")
        return self.member, self.value

    @property
    def subject(self) -> Subject:
        """As verdicts name it."""
        return Subject(self.operation.key, self.pointer, self.place, self.state)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a rule says of one case."""

    standing: Standing
    reason: str = ""
    finding: Finding | None = None
    rule: str = ""
    """The rule that is broken, where a sequence tried for one rule shows that another is."""
    subject: Subject | None = None
    """What it is broken on, where that is not the spot that was tried."""


Judge: TypeAlias = Callable[[Lab, Spot], Judgement]
Where: TypeAlias = Callable[[Ground], Iterable[Spot]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A promise of every contract, or of those that say so."""

    name: str
    law: Law
    promise: str
    """One sentence."""
    where: Where = field(repr=False)
    judge: Judge = field(repr=False)
    once: bool = False
    """Whether a fault uses itself up, so that it cannot be confirmed by trying again."""
    apart: bool = False
    """Whether its cases work on items of their own or only read, so that other cases may run at the
    same time; without it they run alone."""

    @property
    def how(self) -> str:
        """How it is tried, in a few sentences: the judge's own words."""
        return _told(self.judge)[0]

    @property
    def finds(self) -> str:
        """Faults of the kind that it finds, as an example."""
        return _told(self.judge)[1]


@dataclass(frozen=True, slots=True)
class Case:
    """A rule at one spot."""

    rule: Rule
    spot: Spot

    @property
    def label(self) -> str:
        """How progress names it."""
        return (
            f"{self.rule.law}: {self.rule.name} {self.spot.operation.key} {self.spot.place}".strip()
        )


def _told(judge: Judge) -> tuple[str, str]:
    """What the docstring of a judge says: how the rule is tried, and ``Finds: an example.``"""
    how, _, finds = " ".join((judge.__doc__ or "").split()).partition("Finds: ")
    return how.strip(), finds.strip()


REGISTERED: list[Rule] = []
"""Every rule of the files that were imported."""


def rule(
    law: Law, promise: str, where: Where, *, once: bool = False, apart: bool = False
) -> Callable[[Judge], Judge]:
    """Register a judging function as a rule; its name is the rule's.

    Args:
        law: under which law it stands.
        promise: what must hold, in one sentence.
        where: the spots of a contract at which it is tried.
        once: whether a fault uses itself up, so that trying again would not show it.
        apart: whether other cases may run at the same time.
    """

    def registered(judge: Judge) -> Judge:
        name = getattr(judge, "__name__", "rule")
        REGISTERED.append(Rule(name, law, promise, where, judge, once, apart))
        return judge

    return registered


# --- judgements --------------------------------------------------------------------------------


def held() -> Judgement:
    """The rule holds here."""
    return Judgement(Standing.HELD)


def broken(
    expectation: str,
    observation: str,
    steps: Iterable[Step],
    *claims: Claim,
    together: int = 0,
    rule: str = "",
    subject: Subject | None = None,
) -> Judgement:
    """The rule is broken: what was promised, what was seen, and the exchanges that show it.

    Args:
        expectation: what the contract promises, in one sentence.
        observation: what the server did, in one sentence.
        steps: the exchanges, the offending answer last.
        claims: the expectation as data (``rules/claims.py``), by which a finding is replayed;
            without any, a replay asks the rule itself again.
        together: how many of the steps were sent at the same time.
        rule: the rule that is broken, if it is not the one that was tried.
        subject: what it is broken on, if that is not the spot that was tried.
    """
    finding = Finding(expectation, observation, tuple(steps), claims, together)
    return Judgement(Standing.BROKEN, "", finding, rule, subject)


def not_applicable(reason: str) -> Judgement:
    """The contract promises nothing here."""
    return Judgement(Standing.NOT_APPLICABLE, reason)


def not_reached(reason: str) -> Judgement:
    """The rule could not be tried."""
    return Judgement(Standing.NOT_REACHED, reason)


# --- spots -------------------------------------------------------------------------------------


def at_states(
    ground: Ground, wanted: Callable[[Member, State], bool], *roles: str
) -> Iterator[Spot]:
    """Every member of every JSON body in every state that is wanted."""
    for shape in ground.bodied:
        if roles and ground.role(shape.operation) not in roles:
            continue
        for member in shape.members:
            for state in ground.states.of(member):
                if wanted(member, state):
                    yield spot(shape.operation, member, state)


def spot(operation: Operation, member: Member, state: State, *keyword: str) -> Spot:
    """The spot of a member in a state; ``keyword`` leads from its schema to the clause."""
    pointer = join(member.pointer, *keyword)
    return Spot(operation, pointer, member.place, state.name, member, state)


def names_item(ground: Ground, case: Spot) -> bool:
    """Whether a wrong value names a new item: taken once, it is taken the next time for a copy."""
    key, state = ground.key(case.operation), case.value
    named = key is not None and case.member is not None and case.member.path == (key.name,)
    return named and state is not None and not state.valid


def at_operations(
    ground: Ground, wanted: Callable[[Operation], bool], state: str = ""
) -> Iterator[Spot]:
    """Every operation that is wanted."""
    for operation in ground.contract.operations:
        if wanted(operation):
            yield Spot(operation, operation.pointer, state=state)


Having: TypeAlias = Literal["create", "retrieve", "update", "delete", "item", "key", "parents"]
"""What a resource may have."""


def at_resources(role: str, *having: Having, bodied: bool = False) -> Where:
    """Every operation in this role on a resource that has all of these.

    Args:
        role: what the operation does to the resource.
        having: the operations and members that the resource has.
        bodied: whether the operation must have a JSON body.
    """

    def where(ground: Ground) -> Iterator[Spot]:
        for each in at_operations(ground, lambda o: ground.role(o) == role):
            resource = ground.resource(each.operation)
            has_all = resource is not None and all(getattr(resource, name) for name in having)
            if has_all and (not bodied or ground.shape(each.operation) is not None):
                yield each

    return where


# --- words -------------------------------------------------------------------------------------


def said(value: Json | MISSING) -> str:
    """A value as a sentence quotes it."""
    if value is MISSING:
        return "nothing"

    text = encoded(value).decode("utf-8", "replace")
    return text if len(text) <= 120 else text[:117] + "..."


def said_apart(wanted: Json | MISSING, seen: Json | MISSING) -> tuple[str, str]:
    """Two values as sentences quote them: where they are cut before they differ, with that place."""
    one, other = said(wanted), said(seen)
    if one == other:
        for place in differences(wanted, seen):
            inner = (f"{place_of(place)} {said(at(value, place))}" for value in (wanted, seen))
            one, other = (
                f"{cut} with {told}" for cut, told in zip((one, other), inner, strict=True)
            )
            break
    return one, other


def answered(answer: Answer) -> str:
    """An answer as a sentence tells it."""
    return answer.failure or f"the answer was {answer.status}"
