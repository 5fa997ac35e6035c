"""Updates: what was sent becomes visible, nothing else moves, and the outcome is told truly."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import MISSING
from tallystick.contract import Operation
from tallystick.document import Json

from ..probes.ground import Ground, Shape
from ..probes.lab import Lab, Live, NotReached, content
from ..probes.members import Member
from ..probes.places import Path, at, differences, related, same
from ..probes.places import shown as place_of
from ..probes.states import INTEGRAL_FLOAT, State
from ..probes.trials import Trial, body_for, dress, names_item, tried, unshown, updated
from ..verdicts import Law
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


def _shape(lab: Lab, operation: Operation) -> Shape:
    shape = lab.ground.shape(operation)
    assert shape is not None
    return shape


@rule(
    Law.UPDATES,
    "What an update sends becomes visible, within the poll budget.",
    lambda ground: at_states(ground, _value, *_CHANGING),
)
def updates_take_effect(lab: Lab, spot: Spot) -> Judgement:
    return survives(lab, spot)


@rule(
    Law.UPDATES,
    "An update leaves every member that it does not send as it was, at every depth.",
    lambda ground: at_states(ground, lambda m, s: s.valid and s.name != INTEGRAL_FLOAT, "update"),
)
def other_members_do_not_move(lab: Lab, spot: Spot) -> Judgement:
    member, state = spot.member, spot.value
    assert member is not None
    assert state is not None
    trial = tried(lab, spot.operation, member, state)
    if not trial.answer.accepted:
        return not_applicable(f"it was not accepted: {answered(trial.answer)}")
    if trial.before is MISSING or trial.after is MISSING:
        return not_applicable("there is no read that shows it")
    own = [_response_path(_shape(lab, spot.operation), member.path)]
    return _frame(trial, spot.place, own if state.value is not MISSING else own[:0], own)


def _frame(trial: Trial, sent: str, allowed: list[Path], near: list[Path]) -> Judgement:
    for place in differences(trial.before, trial.after):
        if any(related(place, each) for each in allowed):
            continue
        if _appeared(trial, place, near):
            continue
        before, after = at(trial.before, place), at(trial.after, place)
        return broken(
            f"An update of {sent} alone leaves {place_of(place)} as it was, {said(before)}.",
            f"{place_of(place)} reads {said(after)} afterwards.",
            trial.steps,
        )
    return held()


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
    assert operation.outcome is not None
    return at(content(trial.answer), (operation.outcome.member,))


def _telling(ground: Ground, *roles: str) -> Iterator[Spot]:
    for each in at_states(ground, _value, *roles):
        if each.operation.outcome is not None and each.member is not None:
            yield each


@rule(
    Law.UPDATES,
    "An update that changes something does not say that nothing changed.",
    lambda ground: _telling(ground, "update"),
)
def a_change_is_not_called_unchanged(lab: Lab, spot: Spot) -> Judgement:
    member, state = spot.member, spot.value
    assert member is not None
    assert state is not None
    trial = tried(lab, spot.operation, member, state)
    outcome = spot.operation.outcome
    assert outcome is not None
    if not trial.answer.accepted:
        return not_applicable(f"it was not accepted: {answered(trial.answer)}")
    if trial.before is MISSING or same(trial.before, trial.after):
        return not_applicable("nothing changed")
    word = _word(trial, spot.operation)
    if word not in outcome.unchanged:
        return held()
    return broken(
        f"An update that changes {spot.place} says {' or '.join(outcome.accepted)}.",
        f"It said {said(word)}, and the item changed.",
        trial.steps,
    )


@rule(
    Law.UPDATES,
    "The same update a second time changes nothing, and says so.",
    lambda ground: (
        each
        for each in at_states(ground, _value, *_CHANGING)
        if each.member is not None and each.value is not None and each.value.name != INTEGRAL_FLOAT
    ),
)
def the_same_update_twice_changes_nothing(lab: Lab, spot: Spot) -> Judgement:
    member, state = spot.member, spot.value
    assert member is not None
    assert state is not None
    if names_item(lab, spot.operation, member):
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
    steps = (*first.steps[:-1], *second.steps[len(live.steps) :])
    return _nothing_moved(second, spot, steps)


def _nothing_moved(second: Trial, spot: Spot, steps: tuple) -> Judgement:  # type: ignore[type-arg]
    if not second.answer.accepted:
        return broken(
            f"The same update of {spot.place} twice is the same as once.",
            f"The second time {answered(second.answer)}.",
            steps,
        )
    moved = [] if second.before is MISSING else list(differences(second.before, second.after))
    if moved:
        before, after = at(second.before, moved[0]), at(second.after, moved[0])
        return broken(
            f"The same update of {spot.place} twice changes nothing the second time.",
            f"{place_of(moved[0])} was {said(before)} and reads {said(after)} afterwards.",
            steps,
        )
    return _says_unchanged(second, spot, steps)


def _says_unchanged(trial: Trial, spot: Spot, steps: tuple) -> Judgement:  # type: ignore[type-arg]
    outcome = spot.operation.outcome
    if outcome is None or not outcome.unchanged:
        return held()
    word = _word(trial, spot.operation)
    if word in outcome.unchanged or (trial.before is not MISSING and not trial.visible):
        return held()
    return broken(
        f"An update of {spot.place} with the value it has says {' or '.join(outcome.unchanged)}.",
        f"It said {said(word)}.",
        steps,
    )


def _updates(ground: Ground) -> Iterator[Spot]:
    return at_operations(
        ground, lambda each: ground.role(each) == "update" and ground.shape(each) is not None
    )


@rule(Law.UPDATES, "An update that sends nothing changes nothing, and says so.", _updates)
def an_empty_update_changes_nothing(lab: Lab, spot: Spot) -> Judgement:
    live = _fresh(lab, spot.operation)
    body = lab.base(spot.operation)
    if body != {}:
        return not_applicable("the body of this update has required members")
    trial = updated(lab, spot.operation, body, live)
    if trial.answer.refused:
        return not_applicable(f"an update without members is refused: {answered(trial.answer)}")
    return _nothing_moved(trial, spot, trial.steps)


# --- several -----------------------------------------------------------------------------------


def _fresh(lab: Lab, operation: Operation) -> Live:
    return dress(lab, operation)


def _choices(lab: Lab, operation: Operation) -> list[tuple[Member, list[State]]]:
    """Members that a read shows as they were sent, each with the values it may have."""
    shape = _shape(lab, operation)
    found: list[tuple[Member, list[State]]] = []
    for member in shape.members:
        mirror = shape.mirror(member.path)
        values = [
            each for each in lab.ground.states.values(member) if not each.falsy or each.promised
        ]
        if mirror is not None and mirror.comparable and len(values) > 1:
            found.append((member, values))
    return found


def _accepted_value(
    lab: Lab, operation: Operation, member: Member, values: list[State], unlike: Json | MISSING
) -> State | None:
    for state in values:
        if not same(state.value, unlike) and tried(lab, operation, member, state).answer.accepted:
            return state
    return None


def _pair(lab: Lab, operation: Operation, live: Live) -> list[tuple[Member, State]]:
    """Two members of the same object, or of different ones, with values that would be changes."""
    shape = _shape(lab, operation)
    found: list[tuple[Member, State]] = []
    for member, values in _choices(lab, operation):
        mirror = shape.mirror(member.path)
        current = at(live.shown, mirror.response) if mirror else MISSING
        state = _accepted_value(lab, operation, member, values, current)
        if state is not None:
            found.append((member, state))
    if len(found) < 2:
        raise NotReached("there are no two members whose change a read would show")
    return found


@rule(Law.UPDATES, "Two members in one update both take effect.", _updates)
def two_members_at_once_both_take_effect(lab: Lab, spot: Spot) -> Judgement:
    live = _fresh(lab, spot.operation)
    chosen = _pair(lab, spot.operation, live)
    for one, other in zip(chosen, chosen[1:], strict=False):
        body = body_for(lab, spot.operation, one[0], one[1].value)
        body = lab.ground.with_member(spot.operation, body, other[0].path, other[1].value)
        trial = updated(lab, spot.operation, body, live)
        if not trial.answer.accepted:
            continue
        for mirror, sent, there in unshown(lab, spot.operation, body, trial.after):
            return broken(
                f"Of two members sent together both become visible: {place_of(mirror.request)} "
                f"as {said(sent)}.",
                f"It reads {said(there)}.",
                trial.steps,
            )
    return held()


@rule(Law.UPDATES, "Updates of different members add up, however many there are.", _updates)
def updates_in_a_row_add_up(lab: Lab, spot: Spot) -> Judgement:
    live = _fresh(lab, spot.operation)
    steps = live.steps
    wanted: dict[Path, tuple[Member, Json]] = {}
    for member, state in _pair(lab, spot.operation, live)[:4]:
        trial = updated(
            lab, spot.operation, body_for(lab, spot.operation, member, state.value), live
        )
        steps = (*steps, trial.step)
        if not trial.answer.accepted:
            continue
        mirror = _shape(lab, spot.operation).mirror(member.path)
        assert mirror is not None
        assert state.value is not MISSING
        wanted[mirror.response] = member, state.value
        for path, (each, value) in wanted.items():
            if not same(at(live.shown, path), value):
                read = (live.last,) if live.last else ()
                return broken(
                    f"{each.place} was set to {said(value)} and no later update sent it.",
                    f"It reads {said(at(live.shown, path))}.",
                    (*steps, *read),
                )
    return held() if wanted else not_reached("no update was accepted")


@rule(Law.UPDATES, "A member can be changed again and again; the last value stands.", _updates)
def the_last_update_stands(lab: Lab, spot: Spot) -> Judgement:
    live = _fresh(lab, spot.operation)
    for member, values in _choices(lab, spot.operation):
        usable = [v for v in values if tried(lab, spot.operation, member, v).answer.accepted][:3]
        if len(usable) < 2:
            continue
        steps = live.steps
        for state in (usable * 3)[:4]:
            body = body_for(lab, spot.operation, member, state.value)
            trial = updated(lab, spot.operation, body, live)
            steps = (*steps, trial.step)
            wrong = unshown(lab, spot.operation, body, trial.after)
            if trial.answer.accepted and wrong:
                read = (live.last,) if live.last else ()
                return broken(
                    f"{member.place} was set to {said(state.value)} last, and reads so.",
                    f"It reads {said(wrong[0][2])}.",
                    (*steps, *read),
                )
        return held()
    return not_reached("no member takes two different values")


@rule(Law.UPDATES, "Updates of different members at the same time both take effect.", _updates)
def concurrent_updates_both_take_effect(lab: Lab, spot: Spot) -> Judgement:
    live = _fresh(lab, spot.operation)
    chosen = _pair(lab, spot.operation, live)[:6]
    bodies = [body_for(lab, spot.operation, member, state.value) for member, state in chosen]
    requests = [lab.request(spot.operation, live.path, body) for body in bodies]
    steps = lab.send_all(spot.operation, requests, live.steps)
    landed = [body for body, step in zip(bodies, steps, strict=True) if step.answer.accepted]
    if not landed:
        return not_reached("no concurrent update was accepted")

    def lost(shown: Json | MISSING) -> list:  # type: ignore[type-arg]
        return [each for body in landed for each in unshown(lab, spot.operation, body, shown)]

    read, visible = lab.read_until(live, spot.operation, lambda shown: not lost(shown))
    if visible or read is None:
        return held()
    mirror, sent, there = lost(live.shown)[0] if lost(live.shown) else (None, None, None)
    place = place_of(mirror.request) if mirror else ""
    return broken(
        f"{len(landed)} updates sent at the same time were accepted, {place} = {said(sent)} among them.",
        f"{place} reads {said(there)} afterwards.",
        (*live.steps, *steps, read),
    )
