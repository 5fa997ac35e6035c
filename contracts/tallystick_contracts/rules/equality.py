"""Where nothing can be read: the word "unchanged" tells whether an item is what it should be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from pydantic import MISSING

from tallystick.contract import Operation
from tallystick.document import Json

from ..probes.combining import GIVEN, body_of, rows
from ..probes.ground import Ground
from ..probes.lab import Lab
from ..probes.live import Live, NotReached
from ..probes.members import Member
from ..probes.places import ITEM, Path, at, same
from ..probes.states import FALSY, NULL
from ..probes.trials import resource_of
from ..verdicts import Law, Step, Subject
from .rule import Judgement, Spot, broken, held, not_reached, rule, said
from .updates import update_operations


def _unread(ground: Ground) -> Iterator[Spot]:
    for each in update_operations(ground):
        resource, outcome = ground.resource(each.operation), each.operation.outcome
        told = outcome is not None and outcome.unchanged
        if told and resource and resource.create and resource.retrieve is None:
            yield each


@dataclass(slots=True)
class _Bench:
    """One item that cannot be read, and what it should hold."""

    lab: Lab
    operation: Operation
    members: tuple[Member, ...]
    live: Live
    held: dict[Path, Json] = field(default_factory=dict[Path, Json])
    steps: list[Step] = field(default_factory=list[Step])

    def update(self, body: Json) -> str:
        """Send an update: ``unchanged``, ``accepted`` or ``refused``."""
        lab, operation = self.lab, self.operation
        step = lab.send(operation, lab.request(operation, self.live.path, body), self.live.steps)
        self.steps.append(step)
        if not step.answer.accepted:
            return "refused"
        outcome = lab.ground.outcome(operation)
        word = at(step.answer.content, (outcome.member,))
        return "unchanged" if word in outcome.unchanged else "accepted"

    def note(self, body: Json) -> bool:
        """Take in what an accepted update sets; whether that is a change."""
        changed = False
        for member in self.members:
            value = at(body, member.path)
            if value is not MISSING and value is not None:
                changed = changed or not same(self.held.get(member.path, MISSING), value)
                self.held[member.path] = value
        return changed

    def expected(self, *only: Path) -> Json:
        """The update that changes nothing if the item is what it should be."""
        body = self.lab.base(self.operation)
        for path, value in self.held.items():
            if not only or path in only:
                body = self.lab.ground.with_member(self.operation, body, path, value)
        return body


def _bench(lab: Lab, operation: Operation) -> _Bench:
    """A new item in which every member has been given a value.

    Raises:
        NotReached: no such update is accepted.
    """
    shape = lab.ground.shape(operation)
    every = shape.members if shape else ()
    kinds = {"object", "array"}
    members = tuple(
        each
        for each in every
        if ITEM not in each.path and not kinds & lab.ground.contract.core(each.pointer).types
    )
    bench = _Bench(lab, operation, members, lab.fresh(resource_of(lab, operation)))
    for member in members:
        values = lab.ground.states.values(member)
        telling = [e for e in values if not e.falsy] or list(values)
        telling.sort(key=lambda each: not each.promised)
        if telling and telling[0].value is not MISSING:
            bench.held[member.path] = telling[0].value
    if bench.update(bench.expected()) == "refused":
        raise NotReached("an update of all members is refused")
    return bench


@rule(
    Law.UPDATES,
    "Where nothing can be read, an update that sends what the item holds says unchanged.",
    _unread,
    apart=True,
)
def unchanged_tells_what_an_item_holds(lab: Lab, spot: Spot) -> Judgement:
    """Every member is given a value; then the rows of a covering array are sent, and after each the
    state that the contract promises, which must be called unchanged. Where it is not, the same is
    done on a new item and each member asked for by itself. Finds: lost updates, moved neighbours,
    null that resets, zero taken for absent, all without a read.
    """
    bench = _bench(lab, spot.operation)
    if bench.update(bench.expected()) != "unchanged":
        return broken(
            "The same update a second time changes nothing, and says so.",
            "It was answered as a change.",
            (*bench.live.steps, *bench.steps),
            rule="the_same_update_twice_changes_nothing",
        )
    alone = _each_alone(lab, spot, bench)
    if alone is not None:
        return alone
    for turn, row in enumerate(_rows(lab, spot.operation)):
        body = body_of(lab.ground, spot.operation, lab.base(spot.operation), row, turn=turn)
        before = dict(bench.held)
        said_so = bench.update(body)
        if said_so == "refused":
            continue
        changed = bench.note(body)
        if changed and said_so == "unchanged":
            return _told(lab, spot, body, before) or broken(
                f"An update with {said(body)} changes something, and does not say unchanged.",
                "It says unchanged.",
                (*bench.live.steps, bench.steps[0], *bench.steps[-2:]),
                rule="a_change_is_not_called_unchanged",
            )
        if bench.update(bench.expected()) != "unchanged":
            return _told(lab, spot, body, before) or not_reached("seen once, and not again")
    return held()


def _each_alone(lab: Lab, spot: Spot, bench: _Bench) -> Judgement | None:
    """Whether each member holds what the update of all gave it, and nothing moves when it is asked."""
    for member in bench.members:
        if member.path not in bench.held:
            continue
        if bench.update(bench.expected(member.path)) != "accepted":
            continue
        again = _bench(lab, spot.operation)
        again.update(again.expected(member.path))
        if again.update(again.expected()) == "unchanged":
            return _named(spot, member, again.expected(), again)
        return broken(
            f"An update of {member.place} alone leaves everything else as it was.",
            "An update of everything with the values that were there is answered as a change.",
            (*again.live.steps, *again.steps),
            rule="other_members_do_not_move",
            subject=Subject(spot.operation.key, member.pointer, member.place),
        )
    return None


def _rows(lab: Lab, operation: Operation) -> Iterator[dict[str, str]]:
    """Rows in which null stands only where it is declared to leave what there is."""
    shape = lab.ground.shape(operation)
    left = {e.place for e in (shape.members if shape else ()) if e.declared.null == "unchanged"}
    for row in rows(lab.ground, operation):
        kept = {name: level for name, level in row.items() if level != NULL or name in left}
        yield {name: level for name, level in kept.items() if _within(name, kept)}


def _within(name: str, kept: dict[str, str]) -> bool:
    """Whether the objects around a member are still given."""
    above = [name[:index] for index, each in enumerate(name) if each == "/" and index]
    return all(kept.get(each) == GIVEN for each in above)


def _told(lab: Lab, spot: Spot, body: Json, before: dict[Path, Json]) -> Judgement | None:
    """Which member is not what it should be, each asked for on the way to it on a new item."""
    members = _bench(lab, spot.operation).members
    for member in sorted(members, key=lambda each: _order(at(body, each.path))):
        bench = _bench(lab, spot.operation)
        bench.held.update(before)
        bench.update(bench.expected())
        bench.update(body)
        bench.note(body)
        if member.path not in bench.held:
            continue
        if bench.update(bench.expected(member.path)) == "accepted":
            return _named(spot, member, body, bench)
    return None


def _order(sent: Json | MISSING) -> int:
    """What was sent comes before what was not, null after values."""
    falsy = any(same(sent, each) for each in FALSY)
    return 3 if sent is MISSING else 2 if sent is None else int(falsy)


def _named(spot: Spot, member: Member, body: Json, bench: _Bench) -> Judgement:
    sent, wanted = at(body, member.path), bench.held[member.path]
    falsy = sent is not None and any(same(sent, each) for each in FALSY)
    name = "updates_take_effect" if sent is not MISSING else "other_members_do_not_move"
    name = (
        "null_follows_its_convention" if sent is None else "falsy_is_not_absent" if falsy else name
    )
    return broken(
        f"After the update with {said(body)} {member.place} is {said(wanted)}, so an update "
        "that sends just that says unchanged.",
        "It was answered as a change.",
        (*bench.live.steps, *bench.steps),
        rule=name,
        subject=Subject(spot.operation.key, member.pointer, member.place),
    )
