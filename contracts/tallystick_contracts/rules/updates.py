"""Updates: what was sent becomes visible, nothing else moves, and the outcome is told truly."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import MISSING

from tallystick.contract import Operation
from tallystick.document import Json

from ..probes.bodies import addressed, body_for, telling, unlike
from ..probes.ground import Ground, Shape
from ..probes.lab import Lab
from ..probes.live import Live, NotReached
from ..probes.members import Member
from ..probes.places import ITEM, Path, at, differences, leaves, related, same
from ..probes.places import shown as place_of
from ..probes.states import INTEGRAL_FLOAT, LARGE, State
from ..probes.trials import Trial, resource_of, tried, updated
from ..verdicts import Law, Standing, Step
from . import claims
from .defaults import survives
from .rule import (
    Judgement,
    Spot,
    answered,
    at_operations,
    at_states,
    broken,
    held,
    not_applicable,
    not_reached,
    rule,
    said,
)

_CHANGING = ("update", "replace")


def _value(member: Member, state: State) -> bool:
    return state.valid and state.value is not None and state.value is not MISSING


def shape_of(lab: Lab, operation: Operation) -> Shape:
    """The JSON body of an operation.

    Raises:
        NotReached: there is none.
    """
    shape = lab.ground.shape(operation)
    if shape is None:
        raise NotReached("the operation has no JSON body")
    return shape


@rule(
    Law.UPDATES,
    "What an update sends becomes visible, within the poll budget.",
    lambda ground: at_states(ground, _value, *_CHANGING),
    apart=True,
)
def updates_take_effect(lab: Lab, spot: Spot) -> Judgement:
    """One member is sent with a value that differs from what the item shows; a read shows it
    within the poll budget. Finds: an update that is acknowledged and lost.
    """
    return survives(lab, spot)


@rule(
    Law.UPDATES,
    "An update leaves every member that it does not send as it was, at every depth.",
    lambda ground: at_states(ground, lambda m, s: s.valid and s.name != INTEGRAL_FLOAT, "update"),
    apart=True,
)
def other_members_do_not_move(lab: Lab, spot: Spot) -> Judgement:
    """An item whose members all differ from their defaults is updated in one member; everything
    else reads as before. Finds: a nested object that is replaced by what was sent of it.
    """
    member, state = spot.stated
    trial = tried(lab, spot.operation, member, state)
    if not trial.answer.accepted:
        return not_applicable(f"it was not accepted: {answered(trial.answer)}")
    if trial.before is MISSING or trial.after is MISSING:
        return not_applicable("there is no read that shows it")
    shape = shape_of(lab, spot.operation)
    own = [_response_path(shape, shape.whole(member.path))]
    sent = state.value is not MISSING or at(trial.body, shape.whole(member.path)) is not MISSING
    if ITEM in own[0]:  # an array is sent whole: what its items do not say is not there any more
        own, sent = [own[0][: own[0].index(ITEM)]], True
    first = trial.primed
    if first is not None and first.before is not MISSING and first.after is not MISSING:
        moved = _frame(first, spot.place, [*own, *_said(shape, first.body)], own)
        if moved.standing is Standing.BROKEN:
            return moved
    beside = _said(shape, trial.body)
    allowed = [*own, *beside] if sent else beside
    return _frame(trial, spot.place if sent else "", allowed, own)


def others_moved(lab: Lab, trial: Trial, what: str) -> Judgement | None:
    """What an update moved that it did not send; None if nothing."""
    shape = shape_of(lab, trial.operation)
    if MISSING in (trial.before, trial.after):
        return None
    allowed = _said(shape, trial.body)
    place = _moved(trial, allowed, allowed)
    if place is None:
        return None
    return _told(trial, place, f"An update of {what}", rule="other_members_do_not_move")


def _said(shape: Shape, body: Json) -> list[Path]:
    """Where the answer shows what a body sends: values, and arrays, which are sent whole."""
    found: list[Path] = []
    for path, value in leaves(body):
        whole = path[: path.index(ITEM)] if ITEM in path else path
        replaced = shape.whole(whole)
        if whole and (not isinstance(value, dict) or len(replaced) < len(whole)):
            found.append(_response_path(shape, replaced))
    return found


def _frame(trial: Trial, sent: str, allowed: list[Path], near: list[Path]) -> Judgement:
    place = _moved(trial, allowed, near)
    return held() if place is None else _told(trial, place, _alone(sent, place))


def _moved(trial: Trial, allowed: list[Path], near: list[Path]) -> Path | None:
    """The first place that an update moved, beside those that it may move."""
    for place in differences(trial.before, trial.after):
        may = any(related(place, each) for each in allowed)
        if not may and not _appeared(trial, place, near):
            return place
    return None


def _told(trial: Trial, place: Path, update: str, rule: str = "") -> Judgement:
    before, after = at(trial.before, place), at(trial.after, place)
    return broken(
        f"{update} leaves {place_of(place)} as it was, {said(before)}.",
        f"{place_of(place)} reads {said(after)} afterwards.",
        trial.compared,
        claims.same(place, -3),
        rule=rule,
    )


def _alone(sent: str, moved: Path) -> str:
    """The update in words; what moved may stand within an object that was sent without it."""
    if not sent:
        return f"An update that does not send {place_of(moved)}"
    if place_of(moved).startswith(sent + "/"):
        return f"An update that sends {sent} without {place_of(moved)[len(sent) :]}"
    return f"An update of {sent} alone"


def _appeared(trial: Trial, place: Path, near: list[Path]) -> bool:
    """Whether a container on the way to what was sent came into being, with its defaults."""
    holds = any(each[: len(place)] == place for each in near)
    return holds and at(trial.before, place) in (MISSING, None)


def _response_path(shape: Shape, path: Path) -> Path:
    """Where the answer shows a member, or the nearest container of it that it shows."""
    for length in range(len(path), 0, -1):
        mirror = shape.mirror(path[:length])
        if mirror is not None:
            return (*mirror.response, *path[length:])
    return path


# --- the outcome -------------------------------------------------------------------------------


def _word(trial: Trial, operation: Operation) -> Json | MISSING:
    return at(trial.answer.content, (_member(operation),))


def _member(operation: Operation) -> str:
    return operation.outcome.member if operation.outcome else ""


def _telling(ground: Ground, *roles: str) -> Iterator[Spot]:
    for each in at_states(ground, _value, *roles):
        if each.operation.outcome is not None and each.member is not None:
            yield each


@rule(
    Law.UPDATES,
    "An update that changes something does not say that nothing changed.",
    lambda ground: _telling(ground, "update"),
    apart=True,
)
def a_change_is_not_called_unchanged(lab: Lab, spot: Spot) -> Judgement:
    """An update changes what a read shows; the word in its answer is not one that the overlay
    lists for unchanged. Finds: a comparison with the wrong state.
    """
    member, state = spot.stated
    trial = tried(lab, spot.operation, member, state)
    outcome = lab.ground.outcome(spot.operation)
    if not trial.answer.accepted:
        return not_applicable(f"it was not accepted: {answered(trial.answer)}")
    if trial.before is MISSING or same(trial.before, trial.after):
        return not_applicable("nothing changed")
    word = _word(trial, spot.operation)
    if word is MISSING:
        return not_reached("the answer does not say, which is judged with the answers")
    if word not in outcome.unchanged:
        return held()
    return broken(
        f"An update that changes {spot.place} says {' or '.join(outcome.accepted)}.",
        f"It said {said(word)}, and the item changed.",
        trial.asked,
        claims.reads_none_of((_member(spot.operation),), list(outcome.unchanged)),
    )


@rule(
    Law.UPDATES,
    "The same update a second time changes nothing, and says so.",
    lambda ground: (
        each
        for each in at_states(ground, _value, *_CHANGING)
        if each.member is not None
        and each.value is not None
        and each.value.name not in (INTEGRAL_FLOAT, LARGE)
    ),
    apart=True,
)
def the_same_update_twice_changes_nothing(lab: Lab, spot: Spot) -> Judgement:
    """The same update is sent twice; the second changes nothing, is accepted, and says so where
    the overlay has a word for it. Finds: an array that grows with every update.
    """
    member, state = spot.stated
    if lab.ground.names_item(spot.operation, member):
        return not_applicable("it is the name by which the item is addressed")
    first = tried(lab, spot.operation, member, state)
    if not first.answer.accepted or first.live is None:
        return not_applicable(f"it was not accepted: {answered(first.answer)}")
    live = first.live
    if not lab.is_fresh and not same(live.shown, first.after):
        restored = updated(lab, spot.operation, first.body, live)
        if not restored.answer.accepted:
            return not_reached(answered(restored.answer))
    second = updated(lab, spot.operation, first.body, live)
    return _nothing_moved(second, spot, first.asked)


def _nothing_moved(second: Trial, spot: Spot, led_by: tuple[Step, ...]) -> Judgement:
    steps = (*led_by, second.step)
    if not (second.answer.accepted or second.answer.refused):
        return not_reached(f"{answered(second.answer)}, which is judged with the answers")
    if not second.answer.accepted:
        return broken(
            f"{_again(spot)} is the same as once.",
            f"The second time {answered(second.answer)}.",
            steps,
            claims.accepted(),
        )
    moved = [] if second.before is MISSING else list(differences(second.before, second.after))
    if moved:
        before, after = at(second.before, moved[0]), at(second.after, moved[0])
        return broken(
            f"{_again(spot)} changes nothing{' the second time' * bool(spot.place)}.",
            f"{place_of(moved[0])} was {said(before)} and reads {said(after)} afterwards.",
            (*led_by, *second.compared[-3:]),
            claims.same(moved[0], -3),
        )
    return _says_unchanged(second, spot, steps)


def _again(spot: Spot) -> str:
    return f"The same update of {spot.place} twice" if spot.place else "An empty update"


def _says_unchanged(trial: Trial, spot: Spot, steps: tuple[Step, ...]) -> Judgement:
    outcome = spot.operation.outcome
    if outcome is None or not outcome.unchanged:
        if trial.before is MISSING:
            return not_applicable("no read and no word of the answer would show a change")
        return held()
    word = _word(trial, spot.operation)
    if word is MISSING:
        return not_reached("the answer does not say, which is judged with the answers")
    if word in outcome.unchanged or (trial.before is not MISSING and not trial.visible):
        return held()
    what = f"An update of {spot.place} with the value it has" if spot.place else "An empty update"
    return broken(
        f"{what} says {' or '.join(outcome.unchanged)}.",
        f"It said {said(word)}.",
        steps,
        claims.reads_one_of((_member(spot.operation),), list(outcome.unchanged)),
    )


def update_operations(ground: Ground) -> Iterator[Spot]:
    """Every update with a JSON body."""
    return at_operations(
        ground, lambda each: ground.role(each) == "update" and ground.shape(each) is not None
    )


@rule(
    Law.UPDATES,
    "An update that sends nothing changes nothing, and says so.",
    update_operations,
    apart=True,
)
def an_empty_update_changes_nothing(lab: Lab, spot: Spot) -> Judgement:
    """A plain new item is updated with values other than its own, and then with nothing. Finds: an
    empty body that resets an item, or one that is answered as a change.
    """
    body = lab.base(spot.operation)
    if body != {}:
        return not_applicable("the body of this update has required members")
    live = lab.fresh(resource_of(lab, spot.operation))
    first = updated(lab, spot.operation, telling(lab, spot.operation), live)
    trial = updated(lab, spot.operation, body, live)
    if trial.answer.refused:
        return not_applicable(f"an update without members is refused: {answered(trial.answer)}")
    return _nothing_moved(trial, spot, first.asked)


def _answering(ground: Ground) -> Iterator[Spot]:
    """Every update that answers with what a read shows, and says of no delay."""
    changing = at_operations(
        ground, lambda o: ground.role(o) in _CHANGING and ground.shape(o) is not None
    )
    for each in changing:
        read = ground.read_of(each.operation)
        own, there = (
            ground.answer_schema(each.operation),
            ground.answer_schema(read) if read else None,
        )
        alike = own and there and ground.contract.target(own) == ground.contract.target(there)
        if alike and each.operation.poll is None:
            yield each


@rule(Law.UPDATES, "The answer of an update shows the item as a read does.", _answering, apart=True)
def the_answer_of_an_update_is_the_item(lab: Lab, spot: Spot) -> Judgement:
    """An item is updated with new values, and then in one member; each answer is compared with the
    read that follows. Finds: an answer that shows the item as it was before, or only what was sent.
    """
    operation = spot.operation
    live = lab.fresh(resource_of(lab, operation))
    first = _as_the_read(lab, spot, live, telling(lab, operation))
    if first.standing is not Standing.HELD or lab.ground.role(operation) != "update":
        return first
    body = unlike(lab, operation, live.shown)
    shape = lab.ground.shape(operation)
    for member in shape.members if shape else ():
        value = at(body, member.path)
        mirror = shape.mirror(member.path) if shape else None
        if mirror is not None and mirror.comparable and value is not MISSING:
            small = _as_the_read(lab, spot, live, body_for(lab, operation, member, value))
            return small if small.finding else first
    return first


def _as_the_read(lab: Lab, spot: Spot, live: Live, values: Json) -> Judgement:
    """Whether the answer of one update shows what the next read does."""
    body = addressed(lab, spot.operation, values, live)
    trial = updated(lab, spot.operation, body, live)
    raw = told = trial.answer.content
    if not trial.answer.accepted or trial.after is MISSING or told is MISSING:
        return not_reached(answered(trial.answer))
    told = lab.ground.reading(lab.ground.answer_schema(spot.operation), told)
    told = lab.ground.steady(resource_of(lab, spot.operation), told)
    for place in differences(told, trial.after):
        silent = at(told, place) is None and at(raw, place) is MISSING
        if at(told, place) is not MISSING and not silent:
            return broken(
                f"The answer of the update shows {place_of(place)} as a read does.",
                f"It says {said(at(told, place))}, the read {said(at(trial.after, place))}.",
                trial.steps,
                claims.same(place, -2),
            )
    return held()
