"""Several updates: at once, in a row, at the same time; none undoes another."""

from __future__ import annotations

from itertools import pairwise

from pydantic import MISSING

from tallystick.contract import Operation
from tallystick.document import Json

from ..probes.bodies import body_for
from ..probes.lab import Lab
from ..probes.live import Live, NotReached
from ..probes.members import Member
from ..probes.places import Path, at, same
from ..probes.places import shown as place_of
from ..probes.states import State
from ..probes.trials import dress, tried, updated
from ..probes.visible import Unshown, unshown
from ..verdicts import Law
from . import claims
from .control import WHEN, not_in_turn
from .rule import (
    Judgement,
    Spot,
    broken,
    held,
    not_applicable,
    not_reached,
    rule,
    said,
)
from .updates import others_moved, shape_of, update_operations


def _fresh(lab: Lab, operation: Operation) -> Live:
    return dress(lab, operation)


def _choices(lab: Lab, operation: Operation) -> list[tuple[Member, list[State]]]:
    """Members that a read shows as they were sent, each with the values it may have."""
    shape = shape_of(lab, operation)
    found: list[tuple[Member, list[State]]] = []
    for member in shape.members:
        mirror = shape.mirror(member.path)
        values = [
            each for each in lab.ground.states.values(member) if not each.falsy or each.promised
        ]
        # What an object needs is sent with each of its members, and one that is replaced takes
        # all of them with it.
        needed = member.declared.required and len(member.path) > 1
        apart = shape.whole(member.path) == member.path and not needed
        if mirror is not None and mirror.comparable and len(values) > 1 and apart:
            found.append((member, values))
    return found


def _accepted_value(
    lab: Lab, operation: Operation, member: Member, values: list[State], unlike: Json | MISSING
) -> State | None:
    for state in values:
        if not same(state.value, unlike) and tried(lab, operation, member, state).answer.accepted:
            return state
    return None


def _pair(lab: Lab, operation: Operation) -> tuple[Live, list[tuple[Member, State]]]:
    """An item, and members of it with values that would be changes, two at least."""
    live, shape, base = _fresh(lab, operation), shape_of(lab, operation), lab.base(operation)
    found: list[tuple[Member, State]] = []
    for member, values in _choices(lab, operation):
        if at(base, member.path) is not MISSING:
            continue  # every update sends it
        mirror = shape.mirror(member.path)
        current = at(live.shown, mirror.response) if mirror else MISSING
        state = _accepted_value(lab, operation, member, values, current)
        if state is not None:
            found.append((member, state))
    if len(found) < 2:
        raise NotReached("there are no two members whose change a read would show")
    # Of what there is one of, what was tried is what is there.
    return (_fresh(lab, operation) if live.resource.single else live), found


@rule(Law.UPDATES, "Two members in one update both take effect.", update_operations, apart=True)
def two_members_at_once_both_take_effect(lab: Lab, spot: Spot) -> Judgement:
    """Every two neighbours among the members that a read shows are changed by one update,
    and nothing else moves. Finds: a server that carries out the first member only.
    """
    live, chosen = _pair(lab, spot.operation)
    taken = 0
    for one, other in pairwise(chosen):
        body = body_for(lab, spot.operation, one[0], one[1].value)
        body = lab.ground.with_member(spot.operation, body, other[0].path, other[1].value)
        trial = updated(lab, spot.operation, body, live)
        if not trial.answer.accepted:
            continue
        taken += 1
        for mirror, sent, there in unshown(lab, spot.operation, body, trial.after):
            return broken(
                f"Of two members sent together both become visible: {place_of(mirror.request)} "
                f"as {said(sent)}.",
                f"It reads {said(there)}.",
                trial.steps,
                claims.shows(mirror, body),
            )
        moved = others_moved(lab, trial, f"{one[0].place} and {other[0].place} together")
        if moved is not None:
            return moved
    return held() if taken else not_reached("no update of two members was accepted")


@rule(
    Law.UPDATES,
    "Updates of different members add up, however many there are.",
    update_operations,
    apart=True,
)
def updates_in_a_row_add_up(lab: Lab, spot: Spot) -> Judgement:
    """Four members are changed one after the other; after each update all earlier ones still
    stand. Finds: an update that begins from the state at the creation.
    """
    live, chosen = _pair(lab, spot.operation)
    steps = live.steps
    wanted: dict[Path, tuple[Member, Json]] = {}
    for member, state in chosen[:4]:
        trial = updated(
            lab, spot.operation, body_for(lab, spot.operation, member, state.value), live
        )
        steps = (*steps, trial.step)
        if not trial.answer.accepted:
            continue
        mirror = shape_of(lab, spot.operation).mirror(member.path)
        if mirror is not None and state.value is not MISSING:
            wanted[mirror.response] = member, state.value
        for path, (each, value) in wanted.items():
            if not same(at(live.shown, path), value):
                read = (live.last,) if live.last else ()
                return broken(
                    f"{each.place} was set to {said(value)} and no later update sent it.",
                    f"It reads {said(at(live.shown, path))}.",
                    (*steps, *read),
                    claims.reads(path, value),
                )
    return held() if wanted else not_reached("no update was accepted")


@rule(
    Law.UPDATES,
    "A member can be changed again and again; the last value stands.",
    update_operations,
    apart=True,
)
def the_last_update_stands(lab: Lab, spot: Spot) -> Judgement:
    """One member is changed four times, back to an earlier value too; each time the last value
    is read. Finds: the third update that is lost.
    """
    live = _fresh(lab, spot.operation)
    for member, values in _choices(lab, spot.operation):
        usable = [v for v in values if tried(lab, spot.operation, member, v).answer.accepted][:3]
        if len(usable) < 2:
            continue
        steps, taken = live.steps, 0
        for state in (usable * 3)[:4]:
            body = body_for(lab, spot.operation, member, state.value)
            trial = updated(lab, spot.operation, body, live)
            steps = (*steps, trial.step)
            wrong = unshown(lab, spot.operation, body, trial.after)
            taken += trial.answer.accepted
            if trial.answer.accepted and wrong:
                read = (live.last,) if live.last else ()
                return broken(
                    f"{member.place} was set to {said(state.value)} last, and reads so.",
                    f"It reads {said(wrong[0][2])}.",
                    (*steps, *read),
                    claims.shows(wrong[0][0], body),
                )
        return held() if taken > 1 else not_reached("no second update was accepted")
    return not_reached("no member takes two different values")


@rule(
    Law.UPDATES,
    "Updates of different members at the same time both take effect.",
    update_operations,
)
@not_in_turn("updates_take_effect")
def concurrent_updates_both_take_effect(lab: Lab, spot: Spot) -> Judgement:
    """Six members of one item are changed by six updates at the same time; all of them are read
    afterwards. Finds: a state that is read and written without a lock.
    """
    live, chosen = _pair(lab, spot.operation)
    bodies = [body_for(lab, spot.operation, member, state.value) for member, state in chosen[:6]]
    requests = [lab.request(spot.operation, live.path, body) for body in bodies]
    steps = lab.send_all(spot.operation, requests, live.steps)
    landed = [body for body, step in zip(bodies, steps, strict=True) if step.answer.accepted]
    if not landed:
        return not_reached("no concurrent update was accepted")

    def lost(shown: Json | MISSING) -> list[Unshown]:
        return [each for body in landed for each in unshown(lab, spot.operation, body, shown)]

    read, visible = lab.read_until(live, spot.operation, lambda shown: not lost(shown))
    if read is None:
        return not_applicable("there is no read that would show it")
    if visible:
        return held()
    mirror, sent, there = lost(live.shown)[0] if lost(live.shown) else (None, None, None)
    place = place_of(mirror.request) if mirror else ""
    return broken(
        f"{len(landed)} updates sent {WHEN[lab.in_turn]} were accepted, {place} = {said(sent)} among them.",
        f"{place} reads {said(there)} afterwards.",
        (*live.steps, *steps, read),
        *(
            claims.shows(each[0], body)
            for body in landed
            for each in unshown(lab, spot.operation, body, live.shown)
        ),
        together=len(steps),
    )
